//! Watches how much one person reads: many documents in a short time is reported, once a window.
//!
//! A copied password opens every document its owner may open; what it cannot do is stay unseen.

use entity::{Moment, ids::TenantId};

use crate::{
    audit,
    platform::{Result, Work},
    vault::events::BulkRead,
};

/// The window, in minutes; a report is made at most once in it.
pub const WINDOW_MINUTES: i64 = 10;

const OPENINGS: &[&str] = &["document.viewed", "document.downloaded"];
const REPORTED: &str = "account.read_in_bulk";

/// After an opening was recorded, in its own transaction: the line holds the chain's lock, so two openings at once make one report.
pub async fn watch(work: &mut Work, tenant: TenantId) -> Result<()> {
    let Some(account) = work.actor().account else { return Ok(()) };
    let limit = work.platform().config.bulk_read_limit;
    let since = work.now().plus(-WINDOW_MINUTES * Moment::MINUTE);
    let documents = audit::acted_on(work.read(), account, OPENINGS, since).await?;
    let object = format!("account:{account}");
    if documents < limit || audit::recorded_since(work.read(), &tenant.to_string(), REPORTED, &object, since).await? {
        return Ok(());
    }
    let line = audit::Line::new(REPORTED, object).tenant(tenant);
    audit::record(work, line.with("documents", documents).with("minutes", WINDOW_MINUTES)).await?;
    let name = work.actor().name.clone();
    let search = url::form_urlencoded::byte_serialize(name.as_bytes()).collect();
    let told = BulkRead { tenant, account, documents, minutes: WINDOW_MINUTES, search };
    // In nobody's name: the person themselves is told as well.
    work.tell_of(None, &name, &told)
}
