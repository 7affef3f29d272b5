//! Invites a person: the account, and the link by mail. Again: a fresh link, and the old one dies.

use entity::{
    Moment,
    identity::{AccountKind, AccountStatus, LinkPurpose, account},
    ids::{AccountId, TenantId},
};
use sea_orm::{ActiveModelTrait, Set};

use super::{make_link::make_link, sign_in::line};
use crate::{
    audit,
    identity::{email, letters, queries},
    platform::{Error, Refusal, Result, Work, web::FrameLook},
};

pub const INVITE_LIFE: i64 = 7 * Moment::DAY;

pub struct Invite {
    /// [`crate::identity::FIRM`] or [`crate::identity::portal_realm`].
    pub realm: String,
    pub email: String,
    pub name: String,
    pub kind: AccountKind,
    pub tenant: Option<TenantId>,
    /// The mail's look.
    pub look: FrameLook,
    /// Where they are invited to: `Harbor IT`, `Harbor IT Client Portal`.
    pub place: String,
    /// `Mira Castellan`
    pub inviter: String,
    /// Mail the invitation; if not, the caller puts the link into a mail of its own.
    pub letter: bool,
    /// Who invites is not to learn that the address signs in elsewhere; only the person at it is told.
    pub discreet: bool,
}

/// The invited account and the link's path (seen here once; the mail carries it too).
pub struct Invited {
    pub account: AccountId,
    /// None where the person has an active account of the same kind already: nothing to accept.
    pub link: Option<String>,
}

/// Makes the account if there is none of that e-mail in the realm. An account of another kind or tenant is refused.
pub async fn invite(work: &mut Work, input: Invite) -> Result<Invited> {
    let Some(email) = email::parse(&input.email) else {
        return Err(Error::invalid("email", "That is no e-mail address; it looks like name@company.com."));
    };
    let name = input.name.trim();
    if name.is_empty() || name.chars().count() > 120 {
        return Err(Error::invalid("name", "Give the person's name, up to 120 characters."));
    }
    let mut realm = input.realm.clone();
    let mut existing = queries::account_by_email(work.read(), &realm, &email).await?;
    let of_others = |account: &account::Model| account.kind != input.kind || account.tenant_id != input.tenant;
    if let (true, Some(tenant)) = (input.discreet, input.tenant) {
        let elsewhere = email::elsewhere_realm(tenant);
        // Invited before, they keep their seat, also where the address has become free.
        let before = queries::account_by_email(work.read(), &elsewhere, &email).await?;
        if before.is_some() || existing.as_ref().is_some_and(of_others) {
            (realm, existing) = (elsewhere, before);
        }
    }
    let account = match existing {
        Some(account) if of_others(&account) => {
            return Err(Refusal::new(
                "email_taken",
                "This e-mail address cannot be invited here: it signs in to The One Legal in another place already.",
                "Use another address of that person, or ask the operator.",
            )
            .into());
        }
        Some(account) if account.status == AccountStatus::Active => return Ok(Invited { account: account.id, link: None }),
        Some(account) => account,
        None => {
            account::ActiveModel {
                id: Set(work.id()),
                realm: Set(realm),
                email: Set(email.clone()),
                name: Set(name.to_owned()),
                kind: Set(input.kind),
                status: Set(AccountStatus::Invited),
                tenant_id: Set(input.tenant),
                password_hash: Set(None),
                totp_secret: Set(None),
                totp_step: Set(0),
                created_at: Set(work.now()),
                last_login_at: Set(None),
            }
            .insert(work.write())
            .await?
        }
    };
    if account.status == AccountStatus::Deactivated {
        account::ActiveModel { id: Set(account.id), status: Set(AccountStatus::Invited), ..Default::default() }
            .update(work.write())
            .await?;
    }
    let link = send(work, &account, &input.look, &input.place, &input.inviter, input.letter).await?;
    Ok(Invited { account: account.id, link: Some(link) })
}

/// A fresh link for somebody who has not accepted yet.
pub async fn resend_invite(work: &mut Work, account: AccountId, look: &FrameLook, place: &str, inviter: &str) -> Result<String> {
    let account = queries::account(work.read(), account).await?.ok_or(Error::NotFound)?;
    if account.status != AccountStatus::Invited {
        return Err(Refusal::new(
            "not_invited",
            "This person has accepted already, or was deactivated.",
            "Reload the page to see the status.",
        )
        .into());
    }
    send(work, &account, look, place, inviter, true).await
}

async fn send(
    work: &mut Work,
    account: &account::Model,
    look: &FrameLook,
    place: &str,
    inviter: &str,
    letter: bool,
) -> Result<String> {
    let asked_by = format!("{inviter} ({place})");
    let token = make_link(work, account.id, LinkPurpose::Invite, INVITE_LIFE, &asked_by).await?;
    let account = &at_home(work, account).await?;
    let portal = email::realm_tenant(&account.realm).is_some();
    let path = if portal { format!("/portal/register?invite={token}") } else { format!("/invite/{token}") };
    audit::record(work, line("invite.sent", Some(account), &account.realm).with("kind", account.kind.word())).await?;
    if letter {
        let link = work.platform().config.link_at(look.host.as_deref(), &path);
        match is_elsewhere(account) {
            true => letters::invited_elsewhere(work, account, look, place, inviter).await?,
            false => letters::invitation(work, account, look, place, inviter, &link).await?,
        }
    }
    Ok(path)
}

fn is_elsewhere(account: &account::Model) -> bool {
    account.tenant_id.is_some_and(|tenant| account.realm == email::elsewhere_realm(tenant))
}

/// Whose address signed in elsewhere, and does not any more, is invited like anybody.
async fn at_home(work: &mut Work, account: &account::Model) -> Result<account::Model> {
    if !is_elsewhere(account) || queries::account_by_email(work.read(), email::FIRM, &account.email).await?.is_some() {
        return Ok(account.clone());
    }
    let home = account::ActiveModel { id: Set(account.id), realm: Set(email::FIRM.to_owned()), ..Default::default() };
    Ok(home.update(work.write()).await?)
}
