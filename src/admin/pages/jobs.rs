//! Jobs that wait and jobs that gave up, with the reason and a way to try again.

use actix_web::web;
use askama::Template;
use entity::{
    Moment, Reach,
    ids::{JobId, TenantId},
    platform::job::{self, JobStatus},
};
use serde::Deserialize;

use super::super::{commands, queries};
use crate::{
    platform::{
        Platform, Result,
        web::{Answer, Ask, Frame, Pager, page, paging::PageQuery, path_id, see_other},
    },
    tenancy::{self, caller::Operator},
};

#[derive(Template)]
#[template(path = "admin/jobs.html")]
struct JobsPage {
    frame: Frame,
    /// `gave_up` or `waiting`
    tab: &'static str,
    /// Each with the tenant it is for, where it is for one.
    rows: Vec<(job::Model, Option<String>)>,
    pager: Pager,
    gave_up: u64,
    waiting: u64,
    now: Moment,
}

#[derive(Deserialize)]
pub struct Query {
    #[serde(default)]
    tab: String,
    #[serde(flatten)]
    page: PageQuery,
}

pub async fn list(ask: Ask<Operator>, query: web::Query<Query>) -> Answer {
    let platform = ask.platform();
    let tx = platform.read(ask.who.caller.reach()).await?;
    let (gave_up, waiting) = queries::job_counts(&tx).await?;
    let tab = match query.tab.as_str() {
        "waiting" => "waiting",
        "gave_up" => "gave_up",
        _ if gave_up == 0 => "waiting",
        _ => "gave_up",
    };
    let rows = queries::jobs(&tx, tab == "gave_up", query.page.offset()).await?;
    let rows = with_tenants(&platform, rows).await?;
    let total = if tab == "gave_up" { gave_up } else { waiting };
    let pager = Pager::new(query.page.number(), total, &format!("/operator/jobs?tab={tab}"));
    page(&JobsPage { frame: ask.frame(), tab, rows, pager, gave_up, waiting, now: platform.clock.now() })
}

/// Whose jobs they are: two of a kind differ in it.
async fn with_tenants(platform: &Platform, rows: Vec<job::Model>) -> Result<Vec<(job::Model, Option<String>)>> {
    let ids: Vec<Option<TenantId>> = rows.iter().map(|row| tenant_of(platform, row)).collect();
    let tx = platform.read(Reach::Everything("the operator sees whose jobs wait")).await?;
    let tenants = tenancy::tenants_among(&tx, ids.iter().flatten().copied()).await?;
    let name = |id: TenantId| tenants.get(&id).map(|tenant| tenant.name.clone());
    Ok(rows.into_iter().zip(ids).map(|(row, id)| (row, id.and_then(name))).collect())
}

fn tenant_of(platform: &Platform, row: &job::Model) -> Option<TenantId> {
    let payload = platform.keyring.open_sealed("job", row.id.0.as_bytes(), &row.payload).ok()?;
    let payload: serde_json::Value = serde_json::from_slice(&payload).ok()?;
    payload.get("tenant")?.as_str()?.parse().ok()
}

pub async fn retry(ask: Ask<Operator>) -> Answer {
    let id: JobId = path_id(&ask.request, "id")?;
    let mut work = ask.work(ask.who.caller.reach()).await?;
    let kind = commands::retry_job::retry_job(&mut work, id).await?;
    work.commit().await?;
    see_other("/operator/jobs").toast(format!("The job {kind} is tried again now.")).answer()
}

/// What a kind of job does, for people.
fn does(kind: &str) -> &str {
    match kind {
        "mail" => "Sends a mail",
        "mail_later" => "Mails a message that was not read",
        "seal_envelope" => "Seals a signed document into the vault",
        "remind_signers" => "Reminds who has not signed",
        "advance_settlement" => "Takes a payout on to its next step",
        "work_webhooks" => "Works off what Stripe told",
        "mail_statements" => "Mails the month's statements",
        "bill_retainer" => "Bills a retainer's month",
        "reconcile_now" => "Compares the books with Stripe's",
        "lay_out_notice" => "Lays out a document for reading",
        "send_reset" => "Mails the way to a new password",
        "send_sign_in_link" => "Mails a link into the portal",
        "sync_invoices" => "Takes invoices from Books",
        "sync_clients" => "Takes clients from the CRM",
        "tell_crm" => "Tells the CRM what happened",
        "tell_waiting_to_crm" => "Tells the CRM what waited for it",
        "publish_announcement" => "Publishes an announcement",
        "push_ticket" => "Sends a ticket to the PSA",
        "compare_psa" => "Compares the tickets with the PSA's",
        "deliver_event" => "Sends a webhook to a program",
        other => other,
    }
}

/// Whether it should have run by now.
fn is_late(job: &job::Model, now: Moment) -> bool {
    job.status == JobStatus::Queued && now.since(job.run_at) > 5 * Moment::MINUTE
}
