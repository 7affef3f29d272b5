//! Hears that a ticket changed here, inside the transaction that told it, and has it delivered.

use std::{future::Future, pin::Pin};

use super::jobs::PushTicket;
use crate::{
    platform::{Event, Result, Told, Work},
    tickets::events::TicketChanged,
};

pub fn listen<'a>(work: &'a mut Work, told: &'a Told) -> Pin<Box<dyn Future<Output = Result<()>> + Send + 'a>> {
    Box::pin(async move {
        if told.name != TicketChanged::NAME || work.platform().config.psa.is_off() {
            return Ok(());
        }
        let changed: TicketChanged = serde_json::from_value(told.data.clone())?;
        work.enqueue(&PushTicket { tenant: changed.tenant, ticket: changed.ticket }).await
    })
}
