//! A client's contact keeps the address its account signs in with: what is sent to the contact reaches the person.

use entity::{identity::account, tenancy::contact};
use sea_orm::{ActiveModelTrait, Set};

use crate::{
    audit,
    platform::{Refusal, Result, Work},
    tenancy::queries,
};

/// In the transaction that changed the account's e-mail.
pub async fn follow_email(work: &mut Work, account: &account::Model) -> Result<()> {
    let Some(row) = queries::contact_of_account(work.read(), account.id).await? else { return Ok(()) };
    let other = queries::contact_by_email(work.read(), row.company_id, &account.email).await?;
    if other.is_some_and(|other| other.id != row.id) {
        return Err(Refusal::new(
            "email_taken",
            "Another contact of your company has this address.",
            "Ask your provider to remove that contact, or use another address.",
        )
        .into());
    }
    contact::ActiveModel { id: Set(row.id), email: Set(account.email.clone()), ..Default::default() }.update(work.write()).await?;
    let line = audit::Line::new("contact.email_changed", format!("contact:{}", row.id)).tenant(row.tenant_id);
    audit::record(work, line.with("to", account.email.as_str())).await
}
