//! Keeps what the PSA says of a contact and the portal. An older word than the one that is known says nothing.

use entity::{
    ids::{PsaPersonId, TenantId},
    integrations::psa_person,
    tenancy::AccessLevel,
};
use sea_orm::{
    ColumnTrait, EntityTrait, QueryFilter, Set,
    sea_query::{Expr, OnConflict},
};

use crate::{
    integrations::psa::wire::{Person, is_id},
    platform::{Error, Result, Work},
};

/// What cannot be kept, by field. A level that is not known is refused rather than read as another.
pub fn check(theirs: &Person) -> Result<()> {
    if !is_id(&theirs.id) || !is_id(&theirs.company_id) {
        return Err(Error::invalid("id", "Ids have 1 to 200 characters."));
    }
    if theirs.email.chars().count() > 254 {
        return Err(Error::invalid("email", "An e-mail address has up to 254 characters."));
    }
    if theirs.version < 0 {
        return Err(Error::invalid("version", "Versions begin at 0 and grow."));
    }
    match theirs.access_level.as_deref() {
        Some(word) if !word.is_empty() && word.parse::<AccessLevel>().is_err() => {
            Err(Error::invalid("access_level", "Levels are own, company and company_admin."))
        }
        _ => Ok(()),
    }
}

/// False where something newer is known. The row is held until the work ends, so that two words of one person come one after
/// the other.
pub async fn note_person(work: &mut Work, tenant: TenantId, theirs: &Person, portal_access: bool) -> Result<bool> {
    let name: String = theirs.name.trim().chars().filter(|c| !c.is_control()).take(120).collect();
    let level = theirs.access_level.clone().unwrap_or_default();
    let first = psa_person::ActiveModel {
        id: Set(work.id::<PsaPersonId>()),
        tenant_id: Set(tenant),
        theirs: Set(theirs.id.clone()),
        company_theirs: Set(theirs.company_id.clone()),
        name: Set(name.clone()),
        email: Set(theirs.email.clone()),
        portal_access: Set(portal_access),
        access_level: Set(level.clone()),
        version: Set(theirs.version),
        contact_id: Set(None),
        granted: Set(None),
        followed_level: Set(String::new()),
        waits: Set(None),
        waits_since: Set(None),
        seen_at: Set(work.now()),
    };
    psa_person::Entity::insert(first)
        .on_conflict(OnConflict::columns([psa_person::Column::TenantId, psa_person::Column::Theirs]).do_nothing().to_owned())
        .exec_without_returning(work.write())
        .await?;
    let now = work.now();
    let kept = psa_person::Entity::update_many()
        .col_expr(psa_person::Column::CompanyTheirs, Expr::value(theirs.company_id.as_str()))
        .col_expr(psa_person::Column::Name, Expr::value(name))
        .col_expr(psa_person::Column::Email, Expr::value(theirs.email.as_str()))
        .col_expr(psa_person::Column::PortalAccess, Expr::value(portal_access))
        .col_expr(psa_person::Column::AccessLevel, Expr::value(level))
        .col_expr(psa_person::Column::Version, Expr::value(theirs.version))
        .col_expr(psa_person::Column::SeenAt, Expr::value(now.0))
        .filter(psa_person::Column::TenantId.eq(tenant))
        .filter(psa_person::Column::Theirs.eq(theirs.id.as_str()))
        .filter(psa_person::Column::Version.lte(theirs.version))
        .exec(work.write())
        .await?
        .rows_affected;
    Ok(kept == 1)
}
