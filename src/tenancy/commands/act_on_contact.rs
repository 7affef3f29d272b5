//! The buttons beside a contact, alike at Admin → Clients and on the client's Team page.

use entity::tenancy::contact;

use super::invite_contact::{deactivate_contact, invite_contact, reactivate_contact, unlock_contact};
use crate::{
    platform::{Error, Result, Work},
    tenancy::caller::Keeper,
};

/// Does what the address names, and says it. An unknown word is not there.
pub async fn act_on_contact(work: &mut Work, keeper: impl Into<Keeper>, contact: &contact::Model, verb: &str) -> Result<String> {
    Ok(match verb {
        "invite" => {
            invite_contact(work, keeper, contact.id).await?;
            format!("The invitation is on its way to {}. Links sent earlier do not work any more.", contact.email)
        }
        "deactivate" => {
            deactivate_contact(work, keeper, contact.id).await?;
            format!("{} cannot sign in any more; open sessions were ended.", contact.name)
        }
        "reactivate" => {
            reactivate_contact(work, keeper, contact.id).await?;
            format!("{} can come in again.", contact.name)
        }
        "unlock" => {
            unlock_contact(work, keeper, contact.id).await?;
            format!("The lock of {} is lifted.", contact.name)
        }
        _ => return Err(Error::NotFound),
    })
}
