//! Gathers what waits for one person, by few queries.

use entity::{ids::CompanyId, matters::MatterStatus};

use super::todo::{self, Todo};
use crate::{
    compliance::{self, Requirement, Score},
    knowledge,
    matters::{self, MatterLine},
    payments,
    platform::{Result, Tx},
    policies,
    retainers::{self, MeterCard},
    tenancy::{self, Caller, Seat},
    tickets,
};

/// Lines of each kind on the first screen; the lists have the rest.
const LINES: u64 = 8;

/// A policy that runs out within 90 days.
pub struct Expiring {
    pub requirement: Requirement,
    pub company: String,
    pub days: i64,
}

/// The three steps of a new MSP, and which are done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Steps {
    pub clients: bool,
    pub drafted: bool,
    pub sent: bool,
}

pub struct Waiting {
    pub todo: Vec<Todo>,
    /// Policies that wait for this person.
    pub policies: u64,
    pub matters: matters::Counts,
    pub recent: Vec<MatterLine>,
    /// Messages of matters in progress that this person has not read.
    pub unread: u64,
    pub cards: Vec<MeterCard>,
    pub overall: Score,
    pub expiring: Vec<Expiring>,
    pub steps: Option<Steps>,
}

/// `policies`: how many wait, as the navigation has counted already.
pub async fn waiting(tx: &Tx, caller: &Caller, till: payments::Till, policies: u64) -> Result<Waiting> {
    let now = till.now;
    let list = policies::waiting_list(tx, caller, LINES).await?;
    let recent = matters::recent(tx, caller, 2 * LINES).await?;
    let cards = retainers::meter_cards(tx, now, caller).await?;
    let mut required = Vec::new();
    for tenant in compliance::tenants(caller) {
        required.extend(compliance::of_tenant(tx, tenant).await?);
    }
    let mut expiring: Vec<(&Requirement, i64)> = required
        .iter()
        .filter_map(|requirement| Some((requirement, requirement.days_left(now.date()).filter(|days| *days <= 90)?)))
        .collect();
    expiring.sort_by_key(|(_, days)| *days);
    expiring.truncate(5);
    let companies = list.iter().map(|facts| facts.company).chain(expiring.iter().map(|(requirement, _)| requirement.company));
    let names = tenancy::company_names(tx, companies).await?;
    let name = |id: CompanyId| names.get(&id).cloned().unwrap_or_default();
    let late = required.iter().filter(|requirement| !requirement.is_signed() && requirement.days_waiting(now) > 7).count();

    let mut todo: Vec<Todo> = cards.iter().filter(|card| card.to_accept).map(todo::retainer).collect();
    todo.extend(cards.iter().filter(|card| card.change_to_accept().is_some()).map(todo::new_terms));
    let payouts = payments::waiting_for(tx, caller, till).await?;
    todo.extend(payouts.iter().filter_map(todo::payout).take(LINES as usize));
    // A retainer that runs, or a payout that waits, wants an account to be paid to.
    let earns = cards.iter().any(MeterCard::is_running) && caller.is_attorney();
    if earns && payouts.is_empty() && payments::account_is_due(tx, caller.account).await? {
        todo.push(todo::payout_account());
    }
    todo.extend(knowledge::waiting_for_staff(tx, caller, LINES).await?.iter().map(todo::help));
    let open = tickets::waiting_for_staff(tx, caller, LINES).await?;
    let clients = tenancy::company_names(tx, open.iter().map(|row| row.company_id)).await?;
    todo.extend(open.iter().map(|row| todo::ticket(row, clients.get(&row.company_id).map_or("", String::as_str))));
    todo.extend(recent.iter().filter_map(|line| todo::matter(line, caller)).take(LINES as usize));
    todo.extend(list.iter().map(|facts| todo::policy(facts, &name(facts.company))));
    if compliance::tenants(caller).into_iter().any(|tenant| policies::may_remind(caller, tenant)) {
        todo.extend(todo::unsigned(late));
    }
    todo.extend(todo::proposals(retainers::waiting_proposals(tx, caller).await?));
    let pressing = |pace: &str| ["is-late", "is-soon"].iter().position(|word| *word == pace).unwrap_or(2);
    todo.sort_by_key(|item| pressing(item.pace));

    Ok(Waiting {
        todo,
        policies,
        matters: matters::counts(tx, caller).await?,
        unread: recent.iter().filter(|line| line.status == MatterStatus::InProgress).map(|line| line.unread).sum(),
        steps: if required.is_empty() { steps(tx, caller).await? } else { None },
        expiring: expiring
            .into_iter()
            .map(|(requirement, days)| Expiring { company: name(requirement.company), requirement: requirement.clone(), days })
            .collect(),
        overall: Score::of(&required),
        recent: recent.into_iter().take(5).collect(),
        cards,
    })
}

/// Only staff of an MSP that has not sent anything yet are led by the hand.
async fn steps(tx: &Tx, caller: &Caller) -> Result<Option<Steps>> {
    let Seat::Staff { tenant, .. } = caller.seat else { return Ok(None) };
    let (policies, sent) = policies::begun(tx, tenant).await?;
    if sent > 0 {
        return Ok(None);
    }
    let clients = !tenancy::companies(tx, tenant).await?.is_empty();
    Ok(Some(Steps { clients, drafted: policies > 0, sent: false }))
}
