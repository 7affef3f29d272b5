//! The compliance dashboard of the firm, and one client's reasons.

use std::collections::BTreeSet;

use askama::Template;
use entity::{
    Moment,
    ids::{CompanyId, TenantId},
};
use time::Date;

use super::{
    queries,
    score::{Requirement, Score},
};
use crate::{
    platform::{
        Error, Result, Tx,
        web::{Answer, Ask, Frame, page, path_id},
    },
    policies::{self, Drafter, PolicyFacts},
    tenancy::{self, Caller, Seat, caller::Firm},
};

/// One client's line of the dashboard.
struct Client {
    id: CompanyId,
    name: String,
    score: Score,
    /// Distinct people still missing.
    missing: usize,
    /// A cell for each column of the matrix: `Signed`, `Pending`, `–`.
    cells: Vec<(&'static str, &'static str)>,
}

/// A policy somebody should look at.
struct Alert {
    requirement: Requirement,
    company: String,
    days: i64,
}

#[derive(Template)]
#[template(path = "compliance/overview.html")]
struct OverviewPage {
    frame: Frame,
    clients: Vec<Client>,
    columns: Vec<String>,
    unsigned: Vec<Alert>,
    expiring: Vec<Alert>,
    overall: Score,
    /// Adds clients.
    manages: bool,
    /// Reminds those who have not signed.
    reminds: bool,
}

/// The tenants whose clients' compliance this person sees: staff their own, attorneys those they see all policies of.
pub fn tenants(caller: &Caller) -> Vec<TenantId> {
    use entity::tenancy::AttorneyRole::{Associate, Paralegal, Primary};
    match &caller.seat {
        Seat::Staff { tenant, .. } => vec![*tenant],
        Seat::Attorney { engagements } => engagements
            .iter()
            .filter(|(_, role)| matches!(role, Primary | Associate | Paralegal))
            .map(|(tenant, _)| *tenant)
            .collect(),
        _ => Vec::new(),
    }
}

pub async fn overview(ask: Ask<Firm>) -> Answer {
    let platform = ask.platform();
    let now = platform.clock.now();
    let tx = platform.read(ask.who.caller.reach()).await?;
    let mut clients = Vec::new();
    let mut all = Vec::new();
    for tenant in tenants(&ask.who.caller) {
        for company in tenancy::companies(&tx, tenant).await? {
            clients.push((company.id, company.name));
        }
        all.extend(queries::of_tenant(&tx, tenant).await?);
    }
    let columns: Vec<String> = all.iter().map(|r| r.category.clone()).collect::<BTreeSet<_>>().into_iter().collect();
    let name = |id: CompanyId| clients.iter().find(|(other, _)| *other == id).map_or_else(String::new, |(_, name)| name.clone());
    let alert =
        |requirement: &Requirement, days| Alert { requirement: requirement.clone(), company: name(requirement.company), days };
    let mut unsigned: Vec<Alert> =
        all.iter().filter(|r| !r.is_signed() && r.days_waiting(now) > 7).map(|r| alert(r, r.days_waiting(now))).collect();
    unsigned.sort_by_key(|alert| -alert.days);
    let mut expiring: Vec<Alert> =
        all.iter().filter_map(|r| r.days_left(now.date()).filter(|days| *days <= 90).map(|days| alert(r, days))).collect();
    expiring.sort_by_key(|alert| alert.days);
    let overall = Score::of(&all);
    let clients = clients.iter().map(|(id, name)| client(*id, name, &all, &columns)).collect();
    let manages = ask.who.caller.home_tenant().is_some_and(|tenant| ask.who.caller.manages(tenant));
    let reminds = tenants(&ask.who.caller).into_iter().any(|tenant| policies::may_remind(&ask.who.caller, tenant));
    page(&OverviewPage { frame: ask.frame(), clients, columns, unsigned, expiring, overall, manages, reminds })
}

fn client(id: CompanyId, name: &str, all: &[Requirement], columns: &[String]) -> Client {
    let mine: Vec<&Requirement> = all.iter().filter(|r| r.company == id).collect();
    let cells = columns.iter().map(|column| cell(&mine, column)).collect();
    let missing = mine.iter().flat_map(|r| r.missing()).collect::<BTreeSet<_>>().len();
    Client { id, name: name.to_owned(), score: Score::of(mine), missing, cells }
}

fn cell(mine: &[&Requirement], column: &str) -> (&'static str, &'static str) {
    let of_type: Vec<_> = mine.iter().filter(|r| r.category == column).collect();
    match of_type.is_empty() {
        true => ("Not assigned", "grey"),
        false if of_type.iter().all(|r| r.is_signed()) => ("Signed", "green"),
        false => ("Pending", "amber"),
    }
}

#[derive(Template)]
#[template(path = "compliance/company.html")]
struct CompanyPage {
    frame: Frame,
    name: String,
    score: Score,
    requirements: Vec<Requirement>,
    /// What does not count, and why.
    left_out: Vec<(PolicyFacts, String)>,
    may_draft: bool,
    now: Moment,
    /// The day it is where the MSP is.
    today: Date,
}

pub async fn company(ask: Ask<Firm>) -> Answer {
    let id: CompanyId = path_id(&ask.request, "company")?;
    let platform = ask.platform();
    let tx = platform.read(ask.who.caller.reach()).await?;
    let (tenant, company) = company_seen(&tx, &ask.who.caller, id).await?;
    let now = platform.clock.now();
    let zone = tenancy::tenant(&tx, tenant).await?.map(|tenant| tenant.zone).unwrap_or_default();
    let today = policies::today(&zone, now);
    let requirements = queries::of_company(&tx, id).await?;
    let score = Score::of(&requirements);
    let policies = policies::of_company(&tx, id).await?;
    let left_out = policies.iter().filter_map(|facts| Some((facts.clone(), facts.left_out(&policies, today)?))).collect();
    let may_draft = Drafter::may(&ask.who.caller);
    page(&CompanyPage { frame: ask.frame(), name: company, score, requirements, left_out, may_draft, now, today })
}

/// The client's tenant and name, for those who see the compliance of its tenant.
async fn company_seen(tx: &Tx, caller: &Caller, id: CompanyId) -> Result<(TenantId, String)> {
    let company = tenancy::company_in(tx, id).await?.ok_or(Error::NotFound)?;
    if tenants(caller).contains(&company.tenant_id) { Ok((company.tenant_id, company.name)) } else { Err(Error::NotFound) }
}
