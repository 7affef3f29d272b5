//! `/admin/integrations/psa`: how the connection does, and what matches what.

use askama::Template;
use entity::{
    ids::{PsaMatchId, PsaPersonId},
    integrations::{MatchKind, psa_match, psa_person},
    platform::remote as seen,
    tickets::TicketStatus,
};

use super::{
    commands::{
        compare_now::compare_now,
        decide::decide,
        matching::{Said, match_them},
    },
    person::{self, Verdict},
    queries::{self, TenantHealth},
};
use crate::{
    platform::{
        Error, Result, remote,
        web::{Answer, Ask, Fields, Frame, page, path_id, see_other},
    },
    tenancy::{self, caller::TenantAdmin},
};

/// One of theirs with its choice.
struct Line {
    row: psa_match::Model,
    chosen: String,
    /// Another of theirs is the same of ours.
    twin: bool,
}

/// Somebody who waits for a word.
struct Waiting {
    row: psa_person::Model,
    company: String,
    why: String,
    verdicts: &'static [(Verdict, &'static str)],
}

#[derive(Template)]
#[template(path = "integrations/psa.html")]
struct PsaPage {
    frame: Frame,
    tab: &'static str,
    url_set: bool,
    key_set: bool,
    seen: Option<seen::Model>,
    health: TenantHealth,
    statuses: Vec<Line>,
    companies: Vec<Line>,
    contacts: Vec<Line>,
    twins: usize,
    waiting: Vec<Waiting>,
    left_out: Vec<psa_person::Model>,
    /// Who came in by the PSA.
    let_in: usize,
    our_statuses: Vec<(String, String)>,
    our_companies: Vec<(String, String)>,
    our_contacts: Vec<(String, String)>,
    endpoint: String,
}

fn lines(rows: Vec<psa_match::Model>) -> Vec<Line> {
    let owners: Vec<Option<String>> = rows.iter().map(|row| row.ours.clone()).collect();
    rows.into_iter()
        .map(|row| Line {
            twin: row.ours.is_some() && owners.iter().filter(|other| **other == row.ours).count() > 1,
            chosen: row.ours.clone().unwrap_or_default(),
            row,
        })
        .collect()
}

pub async fn show(ask: Ask<TenantAdmin>) -> Answer {
    let platform = ask.platform();
    let tenant = ask.who.tenant;
    let seen = remote::seen(&platform, platform.config.psa.name).await?;
    let tx = platform.read(ask.who.caller.reach()).await?;
    let our_companies: Vec<(String, String)> =
        tenancy::companies(&tx, tenant).await?.into_iter().map(|row| (row.id.to_string(), row.name)).collect();
    let mut our_contacts: Vec<(String, String)> = tenancy::contacts_in(&tx, tenant)
        .await?
        .into_iter()
        .map(|row| (row.id.to_string(), format!("{} <{}>", row.name, row.email)))
        .collect();
    our_contacts.sort_by(|a, b| a.1.cmp(&b.1));
    let matches = queries::matches(&tx, tenant, MatchKind::Contact).await?;
    let people = queries::people(&tx, tenant).await?;
    let is_out = |row: &psa_person::Model| matches.iter().any(|line| line.theirs == row.theirs && line.said && line.ours.is_none());
    let left_out: Vec<_> = people.iter().filter(|row| row.portal_access && is_out(row)).cloned().collect();
    let companies = lines(queries::matches(&tx, tenant, MatchKind::Company).await?);
    let waiting = people.iter().filter(|row| row.waits.is_some()).map(|row| Waiting {
        company: companies
            .iter()
            .find(|line| line.row.theirs == row.company_theirs)
            .map_or_else(|| row.company_theirs.clone(), |line| line.row.label.clone()),
        why: person::why(row),
        verdicts: person::verdicts(row),
        row: row.clone(),
    });
    let waiting = waiting.collect();
    let let_in = people.iter().filter(|row| row.granted == Some(true)).count();
    let contacts = lines(matches);
    page(&PsaPage {
        frame: ask.frame(),
        tab: "psa",
        url_set: platform.config.psa.url.is_some(),
        key_set: platform.config.psa.key.is_some(),
        seen,
        health: queries::of_tenant(&tx, tenant, String::new()).await?,
        statuses: lines(queries::matches(&tx, tenant, MatchKind::Status).await?),
        companies,
        waiting,
        left_out,
        let_in,
        twins: contacts.iter().filter(|line| line.twin).count(),
        contacts,
        our_statuses: TicketStatus::ALL.iter().map(|word| (word.word().to_owned(), word.label().to_owned())).collect(),
        our_companies,
        our_contacts,
        endpoint: platform.config.link("/api/psa/tickets"),
    })
}

/// `match-ID` = what it is here; `preferred` = those we name when we write.
fn said(fields: &Fields) -> Result<Vec<Said>> {
    let mut out = Vec::new();
    for (name, value) in &fields.0 {
        let Some(id) = name.strip_prefix("match-").and_then(|id| id.parse::<PsaMatchId>().ok()) else { continue };
        out.push(Said {
            id,
            ours: (!value.is_empty()).then(|| value.clone()),
            preferred: fields.all("preferred").any(|preferred| preferred == id.to_string()),
        });
    }
    Ok(out)
}

pub async fn save(ask: Ask<TenantAdmin, Fields>) -> Answer {
    let said = said(&ask.body)?;
    let mut work = ask.work(ask.who.caller.reach()).await?;
    match_them(&mut work, &ask.who, &said).await?;
    work.commit().await?;
    see_other("/admin/integrations/psa").toast("Saved; everything is compared anew").answer()
}

pub async fn compare(ask: Ask<TenantAdmin>) -> Answer {
    let mut work = ask.work(ask.who.caller.reach()).await?;
    compare_now(&mut work, &ask.who).await?;
    work.commit().await?;
    see_other("/admin/integrations/psa").toast("It is compared now; reload this page in a moment").answer()
}

/// What an admin says of somebody who waits.
pub async fn decide_person(ask: Ask<TenantAdmin>) -> Answer {
    let id: PsaPersonId = path_id(&ask.request, "person")?;
    let verdict = ask.request.match_info().get("verdict").and_then(Verdict::of).ok_or(Error::NotFound)?;
    let mut work = ask.work(ask.who.caller.reach()).await?;
    let row = decide(&mut work, &ask.who, id, verdict).await?;
    work.commit().await?;
    let said = match row.waits {
        None => format!("Done for {}.", row.name),
        Some(_) => format!("{} waits still: {}", row.name, person::why(&row)),
    };
    see_other("/admin/integrations/psa#people").toast(said).answer()
}
