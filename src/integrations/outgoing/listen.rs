//! Hears what is told and puts what may be known outside into the feed, inside the transaction that told it.

use std::{future::Future, pin::Pin};

use super::{commands::append::append, event};
use crate::{
    platform::{Result, Told, Work},
    pushed,
};

pub fn listen<'a>(work: &'a mut Work, told: &'a Told) -> Pin<Box<dyn Future<Output = Result<()>> + Send + 'a>> {
    Box::pin(async move {
        let Some(tenant) = told.tenant else { return Ok(()) };
        let mut data = told.data.clone();
        // Who pushed a document knows it by a name of their own.
        if let Some(id) = data["source"].as_str().and_then(pushed::id_of) {
            data["external_id"] = pushed::external_id(work.read(), id).await?.into();
        }
        match event::told(&told.name, &data) {
            Some(data) => append(work, tenant, (told.id, told.at), &told.name, &data, None).await.map(drop),
            None => Ok(()),
        }
    })
}
