//! Runs every health check that can be run on this installation.

use std::os::unix::fs::PermissionsExt;

use entity::{
    Moment, Reach,
    ids::TenantId,
    platform::job::{self, JobStatus},
    wall::Unwalled,
};
use sea_orm::{ColumnTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect};

use super::{health::Finding, hub};
use crate::{
    audit, payments,
    platform::{Platform, Result, Tx, delivery, mail::Mailer, web::paging::PAGE_SIZE},
    tenancy, vault,
};

/// Every check of the installation and of all its tenants; those that need a database say so themselves where it does not answer.
pub async fn findings(platform: &Platform) -> Vec<Finding> {
    let mut found = vec![keyring(platform), public_url(platform), bulk_reads(platform), anchors(platform), blobs(platform).await];
    found.extend(payments(platform).await);
    // Where the database does not answer, its own line says so.
    found.extend(programs(platform, None).await.unwrap_or_default());
    match stored(platform).await {
        Ok(more) => found.extend(more),
        Err(error) => found.push(Finding::failing(
            "database",
            format!("The database does not answer: {error}"),
            "everybody",
            "Look at DATABASE_URL, the database server and the disk.",
        )),
    }
    found
}

/// What concerns one MSP: its own affairs, and the programs its portal depends on.
pub async fn tenant_findings(platform: &Platform, tenant: TenantId) -> Result<Vec<Finding>> {
    let mut found = programs(platform, Some(tenant)).await?;
    found.retain(|finding| finding.tenant.is_none_or(|of| of == tenant));
    let tx =
        platform.read(Reach::Everything("a tenant's health looks at the rows of its people, which belong to no tenant")).await?;
    if let Some(tenant) = tenancy::tenant(&tx, tenant).await? {
        found.extend(super::tenants::findings(platform, &tx, &tenant).await?);
    }
    Ok(found)
}

/// Mail, the Hub and other programs, as an MSP's admin may know them too.
async fn programs(platform: &Platform, of: Option<TenantId>) -> Result<Vec<Finding>> {
    let mut found = vec![hub::secrets(platform)];
    {
        let tx = platform.read(Reach::Everything("mails belong to no tenant")).await?;
        found.extend(mail(platform, &tx).await?);
    }
    found.extend(super::remotes::findings(platform, of).await?);
    found.push(super::model::finding(platform).await?);
    found.extend(super::portals::findings(platform, of).await?);
    Ok(found)
}

fn keyring(platform: &Platform) -> Finding {
    let path = &platform.config.keyring_file;
    match std::fs::metadata(path).map(|meta| meta.permissions().mode() & 0o777) {
        Ok(mode) if mode & 0o077 == 0 => Finding::ok("keyring", "The keyring is readable by its owner alone."),
        Ok(mode) => Finding::failing(
            "keyring",
            format!("KEYRING_FILE can be read by others (mode {mode:o})."),
            "every document and message",
            format!("Run: chmod 600 {}", path.display()),
        ),
        Err(error) => Finding::failing(
            "keyring",
            format!("KEYRING_FILE cannot be read: {error}."),
            "every document and message",
            "Put the keyring back from your backup.",
        ),
    }
}

fn public_url(platform: &Platform) -> Finding {
    if platform.config.secure_cookies() {
        Finding::ok("public_url", "People reach this installation over https; cookies are Secure.")
    } else {
        Finding::warning(
            "public_url",
            "PUBLIC_URL is plain http on this machine: nobody else can sign in safely.",
            "everybody but you",
            "Put a TLS proxy in front and set PUBLIC_URL to its https address.",
        )
    }
}

/// The sender, and what became of the last mails.
async fn mail(platform: &Platform, tx: &Tx) -> Result<Vec<Finding>> {
    let hits = "everybody who is invited, asked to sign or told anything";
    if matches!(platform.mailer, Mailer::Outbox { .. }) {
        return Ok(vec![Finding::warning(
            "mail",
            "No SMTP_URL: mail is written to DATA_DIR/outbox and reaches nobody.",
            hits,
            "Set SMTP_URL and SES_FROM_ADDRESS.",
        )]);
    }
    let mut found = vec![match delivery::trouble(tx, platform.clock.now()).await? {
        None => Finding::ok("mail", "Mail goes out by SMTP."),
        Some((since, cause, answer)) => {
            let what = format!("{}: “{answer}”.", cause.label());
            Finding::failing("mail", what, hits, delivery::fix(cause)).since(since)
        }
    }];
    found.push(if platform.config.mail_events_key.is_some() {
        Finding::ok("mail_events", "Amazon SNS may bring news of mails: delivered, bounced, called spam.")
    } else {
        Finding::warning(
            "mail_events",
            "No MAIL_EVENTS_KEY: a mail that comes back after the mail server took it is not noticed.",
            "whoever waits for an answer to it",
            "Set MAIL_EVENTS_KEY and let Amazon SES tell PUBLIC_URL/webhooks/mail (docs/operations.md).",
        )
    });
    Ok(found)
}

/// `serve` writes one every hour while anything happens; the log grows slower where nobody works.
fn anchors(platform: &Platform) -> Finding {
    let hits = "the proof that nobody cut the end of the audit log off";
    let Some(path) = platform.config.audit_anchor.as_ref() else {
        return Finding::warning(
            "anchor",
            "No AUDIT_ANCHOR: a database put back to an earlier state of itself is not noticed.",
            hits,
            "Set AUDIT_ANCHOR to a file outside DATA_DIR, best on another machine.",
        );
    };
    match audit::last_anchored(platform) {
        Ok(Some(at)) => Finding::ok("anchor", format!("The audit log was last anchored in {} on {}.", path.display(), at.words())),
        Ok(None) => Finding::failing(
            "anchor",
            format!("{} holds no anchor of the audit log.", path.display()),
            hits,
            "Was it emptied? Look who may write it. `serve` writes the next one when it starts.",
        ),
        Err(error) => {
            Finding::failing("anchor", format!("AUDIT_ANCHOR cannot be read: {error}"), hits, "Look at its folder and rights.")
        }
    }
}

/// A limit that nobody reaches reports nobody.
fn bulk_reads(platform: &Platform) -> Finding {
    let (limit, minutes) = (platform.config.bulk_read_limit, vault::WINDOW_MINUTES);
    let what = format!("Whoever opens {limit} documents within {minutes} minutes is reported to the MSP's owner and admins.");
    if limit <= 1_000 {
        return Finding::ok("bulk_reads", what);
    }
    Finding::warning("bulk_reads", what, "every client's documents, if a password is copied", "Set BULK_READ_LIMIT to 50 or so.")
}

async fn blobs(platform: &Platform) -> Finding {
    match platform.blobs.writable().await {
        Ok(()) => Finding::ok("blobs", "The document store takes and gives."),
        Err(error) => Finding::failing(
            "blobs",
            format!("The document store does not take what is put there: {error}"),
            "uploads and signed documents",
            "Look at STORAGE_URL, its disk space and its permissions.",
        ),
    }
}

/// Stripe: its key, its webhooks, our books against its, and what waits for the operator.
async fn payments(platform: &Platform) -> Vec<Finding> {
    let hits = "retainer payouts";
    let seen = match payments::health(platform).await {
        Ok(seen) => seen,
        // The database's own line says why.
        Err(_) => return Vec::new(),
    };
    let mut found = vec![match &seen.answer {
        None => {
            let fix = "Set STRIPE_SECRET_KEY and STRIPE_WEBHOOK_SECRET, or leave it: retainers then run without payouts.";
            return vec![Finding::warning(
                "stripe",
                "Payments are not set up: months are billed and nothing is charged.",
                hits,
                fix,
            )];
        }
        Some(Ok(())) if seen.live => Finding::ok("stripe", "Stripe takes the key; it moves real money."),
        Some(Ok(())) => Finding::ok("stripe", "Stripe takes the key, in test mode: no money is moved."),
        Some(Err(error)) => Finding::failing(
            "stripe",
            format!("Stripe does not take our calls: {error}"),
            hits,
            "Look at STRIPE_SECRET_KEY (was it rolled at Stripe?) and the way out to api.stripe.com.",
        ),
    }];
    let now = platform.clock.now();
    found.push(match (seen.waiting_since, seen.last_webhook) {
        (Some(since), _) if now.since(since) > 15 * Moment::MINUTE => Finding::failing(
            "webhooks",
            format!("{} webhooks of Stripe's are not worked off.", seen.waiting),
            "how soon payouts show what happened",
            "Look at Operator → Webhooks and Operator → Jobs.",
        )
        .since(since),
        (_, Some(last)) => Finding::ok("webhooks", format!("The last webhook of Stripe's came on {}.", last.words())),
        (_, None) => Finding::warning(
            "webhooks",
            "No webhook of Stripe's has come yet: what happens there is found out by the nightly comparison alone.",
            "how soon payouts show what happened",
            "Make an endpoint for PUBLIC_URL/webhooks/stripe at Stripe, for your account and for connected accounts.",
        ),
    });
    found.push(match seen.reconciled {
        Some((at, 0)) if now.since(at) < 26 * Moment::HOUR => Finding::ok("reconciliation", "Our books and Stripe agree."),
        Some((at, 0)) => Finding::warning(
            "reconciliation",
            format!("Our books were last compared with Stripe on {}.", at.words()),
            hits,
            "Run `one-legal reconcile`; `serve` does it every night at 03:00 UTC.",
        ),
        Some((at, differences)) => Finding::failing(
            "reconciliation",
            format!("Our books and Stripe differ in {differences} places."),
            hits,
            "Operator → Payouts names each; look at it at Stripe.",
        )
        .since(at),
        None => Finding::warning(
            "reconciliation",
            "Our books were never compared with Stripe.",
            hits,
            "Run `one-legal reconcile`; `serve` does it every night at 03:00 UTC.",
        ),
    });
    if let Some(since) = seen.operators_turn_since {
        let what = format!("{} payouts wait for the operator.", seen.operators_turn);
        found.push(Finding::warning("payouts", what, hits, "Look at Operator → Payouts.").since(since));
    }
    found
}

async fn stored(platform: &Platform) -> Result<Vec<Finding>> {
    let mut found = vec![Finding::ok("database", "The database answers.")];
    let now = platform.clock.now();
    let tx = platform.read(Reach::Everything("health looks at the whole installation")).await?;
    let gave_up = job::Entity::rows()
        .filter(job::Column::Status.eq(JobStatus::GaveUp))
        .order_by_asc(job::Column::FinishedAt)
        .all(&tx)
        .await?;
    found.push(match gave_up.first() {
        None => Finding::ok("jobs", "No job has given up."),
        Some(first) => Finding::failing(
            "jobs",
            format!(
                "{} jobs gave up; the first: {} ({}).",
                gave_up.len(),
                first.kind,
                first.last_error.as_deref().unwrap_or("no reason kept")
            ),
            "whoever waits for what they do, e.g. a mail",
            "Mend the cause and retry them at Operator → Jobs.",
        )
        .since(first.finished_at.unwrap_or(first.created_at)),
    });
    let late = job::Entity::rows()
        .filter(job::Column::Status.eq(JobStatus::Queued))
        .filter(job::Column::RunAt.lt(now.plus(-5 * Moment::MINUTE)))
        .count(&tx)
        .await?;
    found.push(if late == 0 {
        Finding::ok("queue", "No job is late.")
    } else {
        Finding::warning(
            "queue",
            format!("{late} jobs are more than 5 minutes late."),
            "mail and sealed documents",
            "Is `serve` running? Look at its log.",
        )
    });
    found.extend(hub::links(platform, &tx, None).await?);
    found.push(hub::invitations(platform, &tx, None).await?);
    for tenant in tenancy::every_or(&tx, None).await? {
        // What is well with each of many tenants is no news.
        found.extend(super::tenants::findings(platform, &tx, &tenant).await?.into_iter().filter(|finding| !finding.is_ok()));
    }
    drop(tx);
    found.push(match audit::verify(platform, None).await? {
        Ok(ok) => Finding::ok("audit", format!("{} audit entries in {} chains verified.", ok.entries, ok.chains)),
        Err(broken) => Finding::failing(
            "audit",
            format!("The audit chain {} breaks at row {}: {}.", broken.chain, broken.seq, broken.what),
            "the proof of everything recorded after it",
            "Keep the database as it is, and compare with a backup.",
        ),
    });
    Ok(found)
}

/// How many jobs gave up, and how many wait or run.
pub async fn job_counts(tx: &Tx) -> Result<(u64, u64)> {
    let gave_up = job::Entity::rows().filter(job::Column::Status.eq(JobStatus::GaveUp)).count(tx).await?;
    let waiting = job::Entity::rows().filter(job::Column::Status.is_in([JobStatus::Queued, JobStatus::Running])).count(tx).await?;
    Ok((gave_up, waiting))
}

/// A page of the jobs that gave up, the last first, or of those that wait, the next first.
pub async fn jobs(tx: &Tx, gave_up: bool, offset: u64) -> Result<Vec<job::Model>> {
    let rows = if gave_up {
        job::Entity::rows().filter(job::Column::Status.eq(JobStatus::GaveUp)).order_by_desc(job::Column::FinishedAt)
    } else {
        job::Entity::rows()
            .filter(job::Column::Status.is_in([JobStatus::Queued, JobStatus::Running]))
            .order_by_asc(job::Column::RunAt)
    };
    Ok(rows.order_by_asc(job::Column::Id).offset(offset).limit(PAGE_SIZE).all(tx).await?)
}
