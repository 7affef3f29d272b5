//! Hears what changes a client's figures, inside the transaction that told it, and has the CRM told.

use std::{future::Future, pin::Pin};

use entity::ids::CompanyId;

use super::jobs::TellCrm;
use crate::{
    crm,
    platform::{Result, Told, Work},
};

/// Policies in force, signatures and matters: everything that [`super::figures`] counts.
const KINDS: [&str; 3] = ["policy.", "envelope.", "matter."];

pub fn listen<'a>(work: &'a mut Work, told: &'a Told) -> Pin<Box<dyn Future<Output = Result<()>> + Send + 'a>> {
    Box::pin(async move {
        let service = &work.platform().config.crm;
        if service.url.is_none() || service.key.is_none() || !KINDS.iter().any(|kind| told.name.starts_with(kind)) {
            return Ok(());
        }
        let Some(tenant) = told.tenant else { return Ok(()) };
        // Each slice calls the client by its own word.
        let named = ["company_id", "company"].into_iter().find_map(|field| told.data[field].as_str()?.parse::<CompanyId>().ok());
        match named {
            Some(company) if crm::note_change(work, company).await? => work.enqueue(&TellCrm { tenant, company }).await,
            _ => Ok(()),
        }
    })
}
