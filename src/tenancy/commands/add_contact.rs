//! A person at a client company, and what they may see there.

use entity::{
    identity::AccountStatus,
    ids::{CompanyId, ContactId},
    tenancy::{AccessLevel, company, contact},
};
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, QueryFilter, Set, sea_query::Expr};

use crate::{
    audit, identity,
    platform::{Error, FieldErrors, Refusal, Result, Work},
    tenancy::{caller::Keeper, queries},
};

#[derive(Clone, Debug)]
pub struct AddContact {
    pub name: String,
    pub email: String,
    pub title: String,
    pub access: AccessLevel,
}

pub async fn add_contact(work: &mut Work, keeper: impl Into<Keeper>, company: CompanyId, input: AddContact) -> Result<ContactId> {
    let keeper = keeper.into();
    let company = queries::company_in(work.read(), company).await?.ok_or(Error::NotFound)?;
    if keeper.within.is_some_and(|(own, _)| own != company.id) {
        return Err(Error::NotFound);
    }
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
        tenant_id: Set(keeper.tenant),
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
        audit::Line::new("contact.added", format!("contact:{id}")).tenant(keeper.tenant).with("company", company.id.to_string());
    audit::record(work, line.with("access", input.access.word())).await?;
    Ok(id)
}

/// Name, title and access level; a change of access ends the person's sessions, so that it holds at once everywhere.
pub async fn change_contact(
    work: &mut Work,
    keeper: impl Into<Keeper>,
    id: ContactId,
    name: &str,
    title: &str,
    access: AccessLevel,
) -> Result<()> {
    let keeper = keeper.into();
    let contact = kept_contact(work, &keeper, id).await?;
    wrong_words(name, title).check()?;
    if access != contact.access {
        may_change(work, &keeper, &contact).await?;
    }
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
    let line = audit::Line::new(action, format!("contact:{id}")).tenant(keeper.tenant);
    audit::record(work, line.with("from", contact.access.word()).with("to", access.word())).await
}

/// The contact, if this keeper looks after them; else they are not there.
pub(super) async fn kept_contact(work: &Work, keeper: &Keeper, id: ContactId) -> Result<contact::Model> {
    let contact = queries::contact_in(work.read(), id).await?;
    contact.filter(|row| keeper.within.is_none_or(|(own, _)| own == row.company_id)).ok_or(Error::NotFound)
}

/// Before access is changed or taken away: among a company's own admins nobody does that to themselves, so that one always stays.
pub(super) async fn may_change(work: &Work, keeper: &Keeper, target: &contact::Model) -> Result<()> {
    let Some((company, me)) = keeper.within else { return Ok(()) };
    // Two admins who do it to each other at once do it one after the other: the row is held until the work ends.
    company::Entity::update_many()
        .col_expr(company::Column::Name, Expr::col(company::Column::Name))
        .filter(company::Column::Id.eq(company))
        .exec(work.write())
        .await?;
    let contacts = queries::contacts_of(work.read(), company).await?;
    let admins: Vec<_> = contacts.into_iter().filter(|row| row.access == AccessLevel::CompanyAdmin).collect();
    let accounts = identity::accounts(work.read(), admins.iter().filter_map(|row| row.account_id)).await?;
    let can_sign_in = |row: &contact::Model| {
        row.account_id.and_then(|id| accounts.get(&id)).is_some_and(|account| account.status == AccountStatus::Active)
    };
    let mut able = admins.iter().filter(|row| can_sign_in(row));
    if !able.clone().any(|row| row.id == me) {
        return Err(Error::SignedOut);
    }
    if target.id != me {
        return Ok(());
    }
    Err(if able.any(|row| row.id != me) {
        Refusal::new("own_access", "Nobody changes their own access.", "Ask another admin of your company to do it.").into()
    } else {
        Refusal::new(
            "last_admin",
            "You are the only admin of your company.",
            "Make somebody else an admin first; they can change yours.",
        )
        .into()
    })
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
