//! What happened is written down, cannot be changed unnoticed, and nothing happens without it.

mod anchor;
mod append_only;
mod cli;
mod needed;
mod pages;
mod verify;

use entity::{Reach, audit::entry, ids::TenantId, wall::Unwalled};
use one_legal::{
    audit::{self, Line},
    platform::Actor,
};
use sea_orm::{ColumnTrait, ConnectionTrait, DbBackend, QueryFilter, QueryOrder};

use crate::support::Installation;

/// Writes a line in somebody's name.
pub async fn record(one: &Installation, tenant: TenantId, who: &str, line: Line) {
    let actor = Actor { name: who.to_owned(), ..Actor::default() };
    let mut work = one.platform.work(actor, Reach::Tenants(vec![tenant])).await.expect("a unit of work");
    audit::record(&mut work, line.tenant(tenant)).await.expect("recorded");
    work.commit().await.expect("committed");
}

/// Five lines in Harbor's chain beside what the cast left there.
pub async fn five_lines(one: &Installation) -> String {
    for n in 1..=5 {
        record(one, one.cast.harbor, "Mira Castellan", Line::new("policy.approved", format!("policy:{n}"))).await;
    }
    one.cast.harbor.to_string()
}

/// The rows of a chain, in order.
pub async fn rows(one: &Installation, chain: &str) -> Vec<entry::Model> {
    let tx = one.tx().await;
    let rows = entry::Entity::rows().filter(entry::Column::Chain.eq(chain)).order_by_asc(entry::Column::Seq).all(&tx).await;
    rows.expect("the chain")
}

/// SQL past the program, as somebody with the database password would send it.
pub async fn by_hand(one: &Installation, sql: &str) -> Result<(), sea_orm::DbErr> {
    one.platform.db.whole().execute_unprepared(sql).await.map(drop)
}

/// Takes the triggers away first, as a determined forger would.
pub async fn forge(one: &Installation, sql: &str) {
    let unlock = match one.platform.db.backend() {
        DbBackend::Postgres => "DROP TRIGGER IF EXISTS audit_entry_append_only ON audit_entry",
        _ => "DROP TRIGGER IF EXISTS audit_entry_no_update; DROP TRIGGER IF EXISTS audit_entry_no_delete",
    };
    by_hand(one, unlock).await.expect("the lock is off");
    by_hand(one, sql).await.expect("forged");
}
