//! Claims a ticket for delivering it: one process and one job at a time, so that its revisions keep their order.

use std::sync::Arc;

use entity::{
    Moment, Reach,
    ids::{TenantId, TicketId},
    integrations::psa_claim,
};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, QueryFilter, Set,
    sea_query::{Expr, OnConflict},
};

use crate::platform::{Actor, Platform, Result, random};

/// A delivery is far shorter; a claim of a process that died is free again afterwards.
const LIFE: i64 = 2 * Moment::MINUTE;

/// The claim's token; none where somebody else has it.
pub async fn claim(platform: &Arc<Platform>, tenant: TenantId, ticket: TicketId) -> Result<Option<String>> {
    let mut work = platform.work(Actor::program("psa"), Reach::Tenants(vec![tenant])).await?;
    let (now, token) = (work.now(), random::token());
    let first =
        psa_claim::ActiveModel { ticket_id: Set(ticket), tenant_id: Set(tenant), token: Set(String::new()), until: Set(Moment(0)) };
    psa_claim::Entity::insert(first)
        .on_conflict(OnConflict::column(psa_claim::Column::TicketId).do_nothing().to_owned())
        .exec_without_returning(work.write())
        .await?;
    let taken = psa_claim::Entity::update_many()
        .col_expr(psa_claim::Column::Token, Expr::value(token.clone()))
        .col_expr(psa_claim::Column::Until, Expr::value(now.plus(LIFE).0))
        .filter(psa_claim::Column::TicketId.eq(ticket))
        .filter(Condition::any().add(psa_claim::Column::Token.eq("")).add(psa_claim::Column::Until.lt(now)))
        .exec(work.write())
        .await?
        .rows_affected;
    work.counts_as_audited("a claim is a clock");
    work.commit().await?;
    Ok((taken == 1).then_some(token))
}

pub async fn release(platform: &Arc<Platform>, tenant: TenantId, ticket: TicketId, token: &str) -> Result<()> {
    let mut work = platform.work(Actor::program("psa"), Reach::Tenants(vec![tenant])).await?;
    psa_claim::Entity::update_many()
        .col_expr(psa_claim::Column::Token, Expr::value(""))
        .filter(psa_claim::Column::TicketId.eq(ticket))
        .filter(psa_claim::Column::Token.eq(token))
        .exec(work.write())
        .await?;
    work.counts_as_audited("a claim is a clock");
    work.commit().await
}
