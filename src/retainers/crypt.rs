//! Sealing what was done: descriptions of hours are privileged and never stand in clear in the database.

use entity::{ids::TimeEntryId, retainers::time_entry};

use crate::platform::{Platform, Result};

const PURPOSE: &str = "time-entry";

pub fn seal(platform: &Platform, id: TimeEntryId, text: &str) -> Vec<u8> {
    platform.keyring.seal(PURPOSE, id.0.as_bytes(), text.as_bytes())
}

pub fn open(platform: &Platform, row: &time_entry::Model) -> Result<String> {
    let plain = platform.keyring.open_sealed(PURPOSE, row.id.0.as_bytes(), &row.description)?;
    Ok(String::from_utf8_lossy(&plain).into_owned())
}
