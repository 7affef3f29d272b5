//! A contact comes to the portal: invited, again, shut out, let in.

use entity::{
    identity::{AccountKind, AccountStatus},
    ids::{AccountId, ContactId},
    tenancy::contact,
};
use sea_orm::{ActiveModelTrait, Set};

use super::add_contact::{kept_contact, may_change};
use crate::{
    identity::{self, Invite, portal_realm},
    platform::{Error, Refusal, Result, Work},
    tenancy::{caller::Keeper, look::look, queries},
};

/// The address is another company's, of the same MSP.
const TAKEN: &str = "email_taken";
/// The same, as a company's admin hears it.
pub const NOT_INVITABLE: &str = "cannot_be_invited";

/// Mails the invitation; again where it was not accepted, and the old link dies.
pub async fn invite_contact(work: &mut Work, keeper: impl Into<Keeper>, id: ContactId) -> Result<()> {
    let keeper = keeper.into();
    let contact = kept_contact(work, &keeper, id).await?;
    let invited = invitation(work, &contact, None, true).await;
    // Who the MSP's other clients are is nothing that a company's admin may find out by inviting.
    if keeper.within.is_some() && matches!(&invited, Err(Error::Refused(refusal)) if refusal.code == TAKEN) {
        return Err(Refusal::new(NOT_INVITABLE, "This address cannot be invited.", "Use another one, or ask your provider.").into());
    }
    match invited? {
        Some(_) => Ok(()),
        None => Err(Refusal::new(
            "not_invited",
            "This person signs in already, or was deactivated.",
            "Reload the page to see the status.",
        )
        .into()),
    }
}

/// The address by which a contact who has never come in takes the invitation, without a mail of its own: for a mail that
/// tells more. None where the person signs in already or was shut out.
pub async fn invitation_link(work: &mut Work, contact: &contact::Model, inviter: &str) -> Result<Option<String>> {
    invitation(work, contact, Some(inviter), false).await
}

async fn invitation(work: &mut Work, contact: &contact::Model, inviter: Option<&str>, letter: bool) -> Result<Option<String>> {
    let tenant = queries::tenant(work.read(), contact.tenant_id).await?.ok_or(Error::NotFound)?;
    let realm = portal_realm(contact.tenant_id);
    let existing = identity::account_by_email(work.read(), &realm, &contact.email).await?;
    if let Some(account) = &existing {
        let other = queries::contact_of_account(work.read(), account.id).await?;
        if other.is_some_and(|other| other.id != contact.id) {
            return Err(Refusal::new(
                TAKEN,
                "This address signs in to the portal for another company already.",
                "Use another address for this person.",
            )
            .into());
        }
        if account.status != AccountStatus::Invited {
            return Ok(None);
        }
    }
    // A program invites in the MSP's name: its own means nothing to the invited.
    let inviter = match (inviter, work.actor().account) {
        (Some(name), _) => name.to_owned(),
        (None, Some(_)) => work.actor().name.clone(),
        (None, None) => tenant.name.clone(),
    };
    let look = look(&tenant);
    let place = look.name.clone();
    let invite = Invite {
        realm,
        email: contact.email.clone(),
        name: contact.name.clone(),
        kind: AccountKind::Client,
        tenant: Some(contact.tenant_id),
        look,
        place,
        inviter,
        letter,
        discreet: false,
    };
    let invited = identity::invite(work, invite).await?;
    if contact.account_id != Some(invited.account) {
        contact::ActiveModel { id: Set(contact.id), account_id: Set(Some(invited.account)), ..Default::default() }
            .update(work.write())
            .await?;
    }
    Ok(invited.link)
}

fn account_of(contact: &contact::Model) -> Result<AccountId> {
    contact
        .account_id
        .ok_or_else(|| Refusal::new("no_account", "This contact was never invited to the portal.", "Invite them first.").into())
}

pub async fn deactivate_contact(work: &mut Work, keeper: impl Into<Keeper>, id: ContactId) -> Result<()> {
    let keeper = keeper.into();
    let contact = kept_contact(work, &keeper, id).await?;
    may_change(work, &keeper, &contact).await?;
    identity::deactivate(work, account_of(&contact)?).await
}

/// Who never accepted is invited anew.
pub async fn reactivate_contact(work: &mut Work, keeper: impl Into<Keeper>, id: ContactId) -> Result<()> {
    let keeper = keeper.into();
    let contact = kept_contact(work, &keeper, id).await?;
    if !identity::reactivate(work, account_of(&contact)?).await? {
        invite_contact(work, keeper, id).await?;
    }
    Ok(())
}

pub async fn unlock_contact(work: &mut Work, keeper: impl Into<Keeper>, id: ContactId) -> Result<()> {
    let contact = kept_contact(work, &keeper.into(), id).await?;
    identity::unlock(work, account_of(&contact)?).await
}
