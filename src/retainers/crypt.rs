//! Sealing what was done: descriptions of hours are privileged and never stand in clear in the database.

use entity::{
    ids::{ProposalId, TimeEntryId},
    retainers::{proposal, time_entry},
};

use crate::platform::{Platform, Result};

const PURPOSE: &str = "time-entry";
const PROPOSED: &str = "time-proposal";

pub fn seal(platform: &Platform, id: TimeEntryId, text: &str) -> Vec<u8> {
    platform.keyring.seal(PURPOSE, id.0.as_bytes(), text.as_bytes())
}

pub fn open(platform: &Platform, row: &time_entry::Model) -> Result<String> {
    let plain = platform.keyring.open_sealed(PURPOSE, row.id.0.as_bytes(), &row.description)?;
    Ok(String::from_utf8_lossy(&plain).into_owned())
}

pub fn seal_subject(platform: &Platform, id: ProposalId, text: &str) -> Vec<u8> {
    platform.keyring.seal(PROPOSED, id.0.as_bytes(), text.as_bytes())
}

pub fn open_subject(platform: &Platform, row: &proposal::Model) -> Result<String> {
    let plain = platform.keyring.open_sealed(PROPOSED, row.id.0.as_bytes(), &row.subject)?;
    Ok(String::from_utf8_lossy(&plain).into_owned())
}
