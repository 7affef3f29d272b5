//! Tells both sides the sums of a month that has ended, with the way to the statement; a month in which nothing moved and nothing
//! is open is silent.

use std::{collections::BTreeMap, sync::Arc};

use entity::{
    Reach,
    ids::{AccountId, TenantId},
    payments::statement_month,
};
use sea_orm::{EntityTrait, Set, sea_query::OnConflict};

use crate::{
    payments::{
        calendar::Calendar,
        events,
        jobs::MailStatements,
        queries,
        statement::{Moved, Side, Statement, statements},
    },
    platform::{Actor, Platform, Result, Work, money},
    tenancy,
};

pub async fn mail_statements(platform: &Arc<Platform>, job: &MailStatements) -> Result<()> {
    let Some(month) = Calendar::parse(&job.month) else { return Ok(()) };
    let mut work = platform.work(Actor::program("monthly statements"), Reach::Tenants(vec![job.tenant])).await?;
    let Some(tenant) = tenancy::tenant(work.read(), job.tenant).await? else { return Ok(()) };
    let (from, until) = (month.starts(&tenant.zone), month.ends(&tenant.zone));
    let all = queries::moved_in(work.read(), job.tenant, until).await?;
    let told = statements(Side::Msp, &all, from, until);
    if !told.is_empty() {
        let sums = sums(Side::Msp, &told);
        let event = events::StatementOfMsp { tenant: job.tenant, month: month.words(), word: month.word(), sums };
        work.tell(&event)?;
    }
    let mut of_attorneys: BTreeMap<AccountId, Vec<Moved>> = BTreeMap::new();
    for one in all {
        of_attorneys.entry(one.payee).or_default().push(one);
    }
    for (attorney, moved) in of_attorneys {
        let told = statements(Side::Attorney, &moved, from, until);
        if !told.is_empty() {
            let sums = sums(Side::Attorney, &told);
            let (words, word) = (month.words(), month.word());
            work.tell(&events::StatementOfAttorney { tenant: job.tenant, attorney, month: words, word, sums })?;
        }
    }
    await_month(&mut work, job.tenant, &tenant.zone, month.next()).await?;
    work.counts_as_audited("what is told stands in the bell");
    work.commit().await
}

/// The month's statement is told when it has ended. Whoever writes the row has the job: two first settlements of a tenant at the
/// same instant, or a job that runs twice, begin one chain of months.
pub(super) async fn await_month(work: &mut Work, tenant: TenantId, zone: &str, month: Calendar) -> Result<()> {
    let row = statement_month::ActiveModel { tenant_id: Set(tenant), month: Set(month.word()), begun_at: Set(work.now()) };
    let once = OnConflict::columns([statement_month::Column::TenantId, statement_month::Column::Month]).do_nothing().to_owned();
    if statement_month::Entity::insert(row).on_conflict(once).exec_without_returning(work.write()).await? == 0 {
        return Ok(());
    }
    let at = month.ends(zone).plus(MailStatements::AFTER);
    work.enqueue_at(&MailStatements { tenant, month: month.word() }, at).await
}

/// `billed $3,000.00, passed on $3,000.00, open $0.00`; one after the other where there are several currencies.
fn sums(side: Side, all: &[Statement]) -> String {
    let of = |one: &Statement| {
        let words = |minor| money::words(minor, &one.currency);
        let open = match side {
            Side::Msp => "you owe",
            Side::Attorney => "you are owed",
        };
        format!(
            "billed {}, passed on {}, {open} {} at its end",
            words(one.totals.billed),
            words(one.totals.passed_on),
            words(one.closing)
        )
    };
    all.iter().map(of).collect::<Vec<_>>().join("; ")
}
