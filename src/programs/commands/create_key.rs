//! Makes a key; it is answered here once, and never again. The same form sent again, by a reload or a second click, makes none.

use entity::{Moment, ids::ApiKeyId, programs::key};
use sea_orm::{EntityTrait, Set, sea_query::OnConflict};

use crate::{
    audit,
    platform::{FieldErrors, Result, Work, random, secret},
    programs::key::{LIVES, PREFIX, SCOPES, scopes_of},
    tenancy::caller::TenantAdmin,
};

#[derive(Clone, Debug, Default)]
pub struct NewKey {
    pub name: String,
    /// Words of [`SCOPES`].
    pub scopes: Vec<String>,
    /// One of [`LIVES`].
    pub days: String,
    /// The form's own word for this making; empty where nothing is sent twice.
    pub key: String,
}

/// The key's id, and the key; none where this form has made it before.
pub async fn create_key(work: &mut Work, admin: &TenantAdmin, input: &NewKey) -> Result<Option<(ApiKeyId, String)>> {
    let mut errors = FieldErrors::default();
    let name = input.name.trim();
    if name.is_empty() || name.chars().count() > 80 || name.chars().any(char::is_control) {
        errors.add("name", "Name the program that uses it, up to 80 characters.");
    }
    let scopes = scopes_of(&input.scopes.join(" "));
    if scopes.is_empty() || input.scopes.iter().any(|word| !SCOPES.iter().any(|(known, ..)| known == word)) {
        errors.add("scopes", "Choose what it may do; at least one.");
    }
    let days = LIVES.iter().find(|(days, _)| *days == input.days).and_then(|(days, _)| days.parse::<i64>().ok());
    if days.is_none() {
        errors.add("days", "Choose how long it lives.");
    }
    errors.check()?;
    let now = work.now();
    let expires_at = now.plus(days.unwrap_or_default() * Moment::DAY);
    let token = format!("{PREFIX}{}", random::token());
    let id = id_of(admin, &input.key).unwrap_or_else(|| work.id());
    let scopes = scopes.into_iter().collect::<Vec<_>>().join(" ");
    let row = key::ActiveModel {
        id: Set(id),
        tenant_id: Set(admin.tenant),
        name: Set(name.to_owned()),
        key_hash: Set(secret::token_hash(&token)),
        hint: Set(token.chars().take(PREFIX.len() + 4).collect()),
        scopes: Set(scopes.clone()),
        created_by: Set(admin.caller.account),
        created_by_name: Set(admin.caller.name.clone()),
        created_at: Set(now),
        expires_at: Set(expires_at),
        last_used_at: Set(None),
        revoked_at: Set(None),
        revoked_by_name: Set(None),
    };
    let once = OnConflict::column(key::Column::Id).do_nothing().to_owned();
    if key::Entity::insert(row).on_conflict(once).exec_without_returning(work.write()).await? == 0 {
        return Ok(None);
    }
    let line = audit::Line::new("api_key.created", format!("api_key:{id}"))
        .tenant(admin.tenant)
        .with("name", name)
        .with("scopes", scopes)
        .with("expires_at", expires_at.rfc3339());
    audit::record(work, line).await?;
    Ok(Some((id, token)))
}

/// The same for the same person and the same form, so that the table itself keeps the second key out.
fn id_of(admin: &TenantAdmin, word: &str) -> Option<ApiKeyId> {
    if word.is_empty() {
        return None;
    }
    let hash = secret::sha256_hex(format!("{}:{}:{word}", admin.tenant, admin.caller.account).as_bytes());
    hash.get(..32)?.parse().ok()
}
