//! What every step of a policy does: read it again inside the transaction, ask the rule, write the row and the line.

use entity::{
    policies::{PolicyStatus, policy},
    wall::Walled,
};
use sea_orm::{ActiveModelTrait, ColumnTrait, QueryFilter, QuerySelect, Set};

use crate::{
    audit,
    platform::{Error, Refusal, Result, Work},
    policies::{
        access::{Reader, state},
        policy::{Verb, source, step},
        queries::{self, Opened},
    },
};

/// The row as it stands now, locked, and where the verb leads from there.
pub async fn take(work: &Work, reader: &Reader, verb: Verb) -> Result<(policy::Model, PolicyStatus)> {
    let found = policy::Entity::within(work.read().reach())
        .filter(policy::Column::Id.eq(reader.id()))
        .lock_exclusive()
        .one(work.read())
        .await?;
    let row = found.ok_or(Error::NotFound)?;
    let next = step(state(&row), verb)?;
    Ok((row, next))
}

/// Writes the changed row.
pub async fn save(work: &mut Work, mut change: policy::ActiveModel) -> Result<policy::Model> {
    change.updated_at = Set(work.now());
    Ok(change.update(work.write()).await?)
}

/// One line of the audit log about a policy.
pub fn line(action: &'static str, row: &policy::Model) -> audit::Line {
    audit::Line::new(action, source(row.id)).tenant(row.tenant_id)
}

/// The policy with what it is made of.
pub async fn open(work: &Work, row: &policy::Model) -> Result<Opened> {
    queries::open(work.platform(), work.read(), row).await
}

/// Refuses a draft in which something required is missing, naming the page that asks for it.
pub async fn complete(work: &Work, row: &policy::Model, opened: &Opened) -> Result<()> {
    let missing = opened.draft.check(&opened.content, &opened.tenant.currency);
    if !missing.is_empty() {
        let count = missing.0.len();
        let words = if count == 1 { "1 value is".to_owned() } else { format!("{count} values are") };
        return Err(Refusal::new(
            "incomplete",
            format!("{words} missing or wrong on page 2."),
            "Go to page 2 and fill in the marked fields.",
        )
        .into());
    }
    if row.acknowledgement == entity::policies::Acknowledgement::Required && queries::signers(work.read(), row).await?.is_empty() {
        return Err(Refusal::new(
            "no_signers",
            "Nobody is asked to sign it.",
            "Choose contacts on page 3; new contacts are added under Admin → Clients.",
        )
        .into());
    }
    Ok(())
}
