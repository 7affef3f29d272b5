//! Why there is no client to choose: each cause in words, and what to do about it.

use entity::ids::TenantId;

use super::queries;
use crate::platform::{Platform, Result, Tx, remote::CallError};

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Emptiness {
    NotConnected,
    /// One of the two settings is missing.
    Half(&'static str),
    KeyRefused,
    /// It does not answer, or what it says cannot be read: why, in a sentence.
    Away(String),
    NotYet,
    NoCompanies,
    /// So many wait for an admin to say who they are.
    Undecided(usize),
}

impl Emptiness {
    pub async fn of(platform: &Platform, tx: &Tx, tenant: TenantId) -> Result<Self> {
        let crm = &platform.config.crm;
        if crm.is_off() {
            return Ok(Self::NotConnected);
        }
        if crm.url.is_none() || crm.key.is_none() {
            return Ok(Self::Half(if crm.url.is_none() { crm.url_setting } else { crm.key_setting }));
        }
        let waiting = queries::waiting(tx, tenant).await?.len();
        if waiting > 0 {
            return Ok(Self::Undecided(waiting));
        }
        Ok(match queries::sync_of(tx, tenant).await? {
            None => Self::NotYet,
            Some(row) if row.problem == CallError::KeyRefused.to_string() => Self::KeyRefused,
            Some(row) if !row.problem.is_empty() => Self::Away(row.problem),
            Some(row) if row.taken_at.is_none() => Self::NotYet,
            Some(_) => Self::NoCompanies,
        })
    }

    /// What is so, and what comes next.
    pub fn words(&self) -> String {
        match self {
            Self::NotConnected => "No CRM is connected, and no client was entered by hand.".to_owned(),
            Self::Half(setting) => {
                format!("The CRM is not asked for them: {setting} is not set. Whoever runs this installation sets it.")
            }
            Self::KeyRefused => "The CRM refuses our key, so it tells us no clients. Whoever runs this installation sets \
                                 CRM_INTEGRATION_KEY to the same key here and in the CRM."
                .to_owned(),
            Self::Away(why) => {
                format!("The CRM was asked for them, and {why}. It is asked again every ten minutes.")
            }
            Self::NotYet => "The clients of your CRM have not been taken yet. That happens every quarter of an hour; you can also \
                             look now, and reload this page in a moment."
                .to_owned(),
            Self::NoCompanies => {
                "Your CRM has no companies. Add them there under Companies, then look again; or enter a client here by hand."
                    .to_owned()
            }
            Self::Undecided(1) => "Your CRM has told of one company, and an owner or admin has to say who it is here.".to_owned(),
            Self::Undecided(count) => {
                format!("Your CRM has told of {count} companies, and an owner or admin has to say who they are here.")
            }
        }
    }

    /// The same for who does not look after clients.
    pub fn words_for_others(&self) -> String {
        format!("{} An owner or admin of the MSP can also add clients by hand, under Admin, Clients.", self.words())
    }

    pub fn is_undecided(&self) -> bool {
        matches!(self, Self::Undecided(_))
    }

    /// Where the CRM is asked once more; empty where that does not help.
    pub fn look(&self) -> &'static str {
        match self {
            Self::Away(_) | Self::NotYet | Self::NoCompanies | Self::KeyRefused => "/legal/clients/look",
            Self::NotConnected | Self::Half(_) | Self::Undecided(_) => "",
        }
    }
}
