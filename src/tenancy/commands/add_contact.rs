//! A person at a client company, and what they may see there.

use entity::{
    ids::{CompanyId, ContactId},
    tenancy::{AccessLevel, contact},
};
use sea_orm::{ActiveModelTrait, Set};

use crate::{
    audit, identity,
    platform::{Error, FieldErrors, Result, Work},
    tenancy::{caller::TenantAdmin, queries},
};

#[derive(Clone, Debug)]
pub struct AddContact {
    pub name: String,
    pub email: String,
    pub title: String,
    pub access: AccessLevel,
}

pub async fn add_contact(work: &mut Work, admin: &TenantAdmin, company: CompanyId, input: AddContact) -> Result<ContactId> {
    let company = queries::company_in(work.read(), company).await?.ok_or(Error::NotFound)?;
    let mut errors = wrong_words(&input.name, &input.title);
    let email = identity::parse_email(&input.email);
    match &email {
        None => errors.add("email", "That is no e-mail address; it looks like name@company.com."),
        Some(email) => {
            if queries::contact_by_email(work.read(), company.id, email).await?.is_some() {
                errors.add("email", "A contact of this company has this address already.");
            }
        }
    }
    errors.check()?;
    let id: ContactId = work.id();
    contact::ActiveModel {
        id: Set(id),
        tenant_id: Set(admin.tenant),
        company_id: Set(company.id),
        name: Set(input.name.trim().to_owned()),
        email: Set(email.unwrap_or_default()),
        title: Set(input.title.trim().to_owned()),
        access: Set(input.access),
        account_id: Set(None),
        created_at: Set(work.now()),
    }
    .insert(work.write())
    .await?;
    let line =
        audit::Line::new("contact.added", format!("contact:{id}")).tenant(admin.tenant).with("company", company.id.to_string());
    audit::record(work, line.with("access", input.access.word())).await?;
    Ok(id)
}

/// Name, title and access level; a change of access ends the person's sessions, so that it holds at once everywhere.
pub async fn change_contact(
    work: &mut Work,
    admin: &TenantAdmin,
    id: ContactId,
    name: &str,
    title: &str,
    access: AccessLevel,
) -> Result<()> {
    let contact = queries::contact_in(work.read(), id).await?.ok_or(Error::NotFound)?;
    wrong_words(name, title).check()?;
    contact::ActiveModel {
        id: Set(id),
        name: Set(name.trim().to_owned()),
        title: Set(title.trim().to_owned()),
        access: Set(access),
        ..Default::default()
    }
    .update(work.write())
    .await?;
    if access != contact.access
        && let Some(account) = contact.account_id
    {
        identity::end_sessions_of(work, account, None).await?;
    }
    let action = if access == contact.access { "contact.changed" } else { "role.changed" };
    let line = audit::Line::new(action, format!("contact:{id}")).tenant(admin.tenant);
    audit::record(work, line.with("from", contact.access.word()).with("to", access.word())).await
}

fn wrong_words(name: &str, title: &str) -> FieldErrors {
    let mut errors = FieldErrors::default();
    if name.trim().is_empty() || name.chars().count() > 120 || name.chars().any(char::is_control) {
        errors.add("name", "Give the person's name, up to 120 characters.");
    }
    if title.chars().count() > 120 || title.chars().any(char::is_control) {
        errors.add("title", "Keep the title within 120 characters.");
    }
    errors
}
