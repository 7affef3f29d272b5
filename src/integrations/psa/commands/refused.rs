//! Keeps the tickets of the PSA's that cannot be taken, and considers each again at every comparison until it is taken: the mark of
//! how far the PSA was read goes past them.

use std::{collections::BTreeSet, sync::Arc};

use entity::{Moment, Reach, ids::TenantId, integrations::psa_refused};
use sea_orm::{
    ColumnTrait, EntityTrait, QueryFilter, Set,
    sea_query::{Expr, ExprTrait, IntoCondition, OnConflict},
};

use super::take::{NAME, UNMATCHED, take};
use crate::{
    integrations::psa::{
        queries,
        wire::{Ticket, is_id},
    },
    platform::{Actor, Error, Platform, Result, Work, secret::sha256_hex, text},
};

/// Characters of an id that people read.
const SHOWN: usize = 60;

/// The tickets of a tenant that are kept.
pub struct Refused<'a> {
    platform: &'a Arc<Platform>,
    tenant: TenantId,
    keys: BTreeSet<String>,
}

impl<'a> Refused<'a> {
    pub async fn of(platform: &'a Arc<Platform>, tenant: TenantId) -> Result<Self> {
        let tx = platform.read(Reach::Tenants(vec![tenant])).await?;
        let keys = queries::refused(&tx, tenant).await?.into_iter().map(|row| row.theirs).collect();
        Ok(Self { platform, tenant, keys })
    }

    /// Takes it, or keeps it with the reason why not. An error is one of the whole database, and none of this ticket.
    pub async fn take(&mut self, theirs: &Ticket) -> Result<()> {
        let key = key(&theirs.id);
        match self.tried(theirs).await? {
            Some(why) => {
                self.keep(&key, theirs, why).await?;
                self.keys.insert(key);
            }
            None if self.keys.remove(&key) => {
                self.forget(psa_refused::Column::Theirs.eq(key)).await?;
            }
            None => {}
        }
        Ok(())
    }

    /// Those that are kept, as the PSA told them last.
    pub async fn take_again(&mut self) -> Result<()> {
        for key in self.keys.clone() {
            let tx = self.platform.read(Reach::Tenants(vec![self.tenant])).await?;
            let row = queries::refused_ticket(&tx, self.tenant, &key).await?;
            drop(tx);
            let Some(row) = row else { continue };
            // What an older version of this program kept, and this one cannot read, stays named until the PSA tells it again.
            let Ok(ticket) = serde_json::from_str(&row.ticket) else { continue };
            match self.tried(&ticket).await? {
                Some(why) if why == row.why => {}
                Some(why) => self.note(&key, why).await?,
                None => {
                    // What the PSA has told of it meanwhile is another word than this.
                    self.forget(psa_refused::Column::Theirs.eq(key.as_str()).and(psa_refused::Column::Ticket.eq(row.ticket)))
                        .await?;
                    self.keys.remove(&key);
                }
            }
        }
        Ok(())
    }

    /// Everything was read from the beginning, and these were not there any more.
    pub async fn forget_unseen(&self, since: Moment) -> Result<()> {
        self.forget(psa_refused::Column::SeenAt.lt(since)).await
    }

    /// Why it is not taken. One of a company that nobody has matched is listed with that company, and everything is read anew once
    /// it is matched.
    async fn tried(&self, theirs: &Ticket) -> Result<Option<String>> {
        let error = match take(self.platform, self.tenant, theirs).await {
            Ok(_) => return Ok(None),
            Err(error) if error.is_away() => return Err(error),
            Err(error) if error.code() == UNMATCHED => return Ok(None),
            Err(error) => error,
        };
        let id: String = text::line(&theirs.id).chars().take(SHOWN).collect();
        if let Error::Internal(_) = error {
            tracing::error!(%error, tenant = %self.tenant, ticket = id, "a ticket of the PSA's cannot be kept");
        }
        Ok(Some(format!("{id}: {}", error.reason())))
    }

    async fn work(&self) -> Result<Work> {
        self.platform.work(Actor::program(NAME), Reach::Tenants(vec![self.tenant])).await
    }

    async fn keep(&self, key: &str, theirs: &Ticket, why: String) -> Result<()> {
        let mut work = self.work().await?;
        let now = work.now();
        let row = psa_refused::ActiveModel {
            tenant_id: Set(self.tenant),
            theirs: Set(key.to_owned()),
            ticket: Set(serde_json::to_string(theirs)?),
            why: Set(why),
            refused_at: Set(now),
            seen_at: Set(now),
        };
        let newer = [psa_refused::Column::Ticket, psa_refused::Column::Why, psa_refused::Column::SeenAt];
        let known = [psa_refused::Column::TenantId, psa_refused::Column::Theirs];
        psa_refused::Entity::insert(row)
            .on_conflict(OnConflict::columns(known).update_columns(newer).to_owned())
            .exec_without_returning(work.write())
            .await?;
        work.counts_as_audited("what could not be taken is no deed");
        work.commit().await
    }

    async fn note(&self, key: &str, why: String) -> Result<()> {
        let mut work = self.work().await?;
        psa_refused::Entity::update_many()
            .col_expr(psa_refused::Column::Why, Expr::value(why))
            .filter(psa_refused::Column::TenantId.eq(self.tenant))
            .filter(psa_refused::Column::Theirs.eq(key))
            .exec(work.write())
            .await?;
        work.counts_as_audited("what could not be taken is no deed");
        work.commit().await
    }

    async fn forget(&self, which: impl IntoCondition) -> Result<()> {
        let mut work = self.work().await?;
        let rows = psa_refused::Entity::delete_many().filter(psa_refused::Column::TenantId.eq(self.tenant));
        rows.filter(which.into_condition()).exec(work.write()).await?;
        work.counts_as_audited("what was taken has its own lines");
        work.commit().await
    }
}

fn key(id: &str) -> String {
    if is_id(id) { id.to_owned() } else { sha256_hex(id.as_bytes()) }
}
