//! What payments can do.
pub mod advance;
pub mod approve;
pub mod ask_reconciliation;
pub mod confirm;
pub mod look;
pub mod look_again;
pub mod mail_statements;
pub mod open_account;
pub mod open_dashboard;
pub mod post;
pub mod receive_webhook;
pub mod reconcile;
pub mod refresh_payee;
pub mod refresh_payer;
pub mod remove_method;
pub mod replay_webhook;
pub mod schedule;
pub mod set_up_method;
pub mod try_again;
pub mod waive;
pub mod work_webhooks;

use entity::{
    payments::{happening, settlement},
    wall::Walled,
};
use sea_orm::{ActiveModelTrait, ColumnTrait, PaginatorTrait, QueryFilter, Set};

pub use post::post;

use crate::platform::{Error, Refusal, Result, Work};

/// A line of a settlement's history, which both sides read.
async fn note(work: &mut Work, row: &settlement::Model, words: &str, reference: &str) -> Result<()> {
    let before = happening::Entity::within(work.read().reach())
        .filter(happening::Column::SettlementId.eq(row.id))
        .count(work.read())
        .await?;
    happening::ActiveModel {
        id: Set(work.id()),
        tenant_id: Set(row.tenant_id),
        settlement_id: Set(row.id),
        number: Set(i32::try_from(before).unwrap_or(i32::MAX).saturating_add(1)),
        at: Set(work.now()),
        actor_name: Set(work.actor().name.clone()),
        words: Set(words.to_owned()),
        reference: Set(reference.to_owned()),
    }
    .insert(work.write())
    .await?;
    Ok(())
}

fn changed_meanwhile() -> Error {
    Refusal::new("changed_meanwhile", "This payout has just moved on.", "Open it again and look.").into()
}
