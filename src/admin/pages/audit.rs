//! The audit log: a tenant's for its owner and admins, the installation's for the operator. Reading it is itself recorded
//! when it leaves the house (export) and when it is verified.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use entity::{Reach, audit::entry};
use serde::Deserialize;

use crate::{
    audit::{self, Line, Search},
    platform::{
        Result, Work, text,
        web::{Answer, Ask, Frame, Pager, answer::disposition, page, paging::PAGE_SIZE, see_other},
    },
    tenancy::caller::{Operator, TenantAdmin},
};

const INSTALLATION: &str = "installation";

/// How many lines one export holds.
const EXPORT_LIMIT: u64 = 100_000;

#[derive(Template)]
#[template(path = "admin/audit.html")]
struct AuditPage {
    frame: Frame,
    rows: Vec<entry::Model>,
    pager: Pager,
    search: Search,
    base: &'static str,
    query: String,
}

/// What the line itself calls its object, and where that stands for those who read a tenant's log. Only what every reader of the
/// log may open is a link.
fn named(row: &entry::Model) -> (Option<String>, Option<String>) {
    let detail: serde_json::Value = serde_json::from_str(&row.detail).unwrap_or_default();
    let word = |name: &str| detail.get(name).and_then(|word| word.as_str()).filter(|word| !word.is_empty());
    let mut words: Vec<&str> = ["title", "name"].into_iter().filter_map(word).take(1).collect();
    words.extend(["client", "company"].into_iter().filter_map(word).find(|word| word.parse::<uuid::Uuid>().is_err()));
    let name = (!words.is_empty()).then(|| words.join(" · "));
    let href = match row.object.split_once(':') {
        _ if row.chain == INSTALLATION || row.result == "denied" => None,
        Some((_, id)) if id.parse::<uuid::Uuid>().is_err() => None,
        Some(("policy", id)) => Some(format!("/legal/policies/{id}")),
        Some(("settlement", id)) => Some(format!("/legal/payouts/{id}")),
        _ => None,
    };
    (name, href)
}

#[derive(Deserialize)]
pub struct Query {
    #[serde(flatten)]
    search: Search,
    #[serde(default)]
    page: Option<String>,
    /// `csv` or `jsonl`
    #[serde(default)]
    format: String,
}

pub async fn tenant(ask: Ask<TenantAdmin>, query: web::Query<Query>) -> Answer {
    let chain = ask.who.tenant.to_string();
    show(&ask.request, ask.frame(), &chain, "/admin/audit", ask.who.caller.reach(), query.into_inner()).await
}

pub async fn installation(ask: Ask<Operator>, query: web::Query<Query>) -> Answer {
    show(&ask.request, ask.frame(), INSTALLATION, "/operator/audit", ask.who.caller.reach(), query.into_inner()).await
}

async fn show(request: &HttpRequest, frame: Frame, chain: &str, base: &'static str, reach: Reach, query: Query) -> Answer {
    let number = crate::platform::web::paging::PageQuery { page: query.page }.number();
    let tx = crate::platform::web::platform(request).read(reach).await?;
    let (rows, total) = audit::page(&tx, chain, &query.search, (number - 1) * PAGE_SIZE, PAGE_SIZE).await?;
    let filters = filters(&query.search);
    let path = if filters.is_empty() { base.to_owned() } else { format!("{base}?{filters}") };
    page(&AuditPage { frame, rows, pager: Pager::new(number, total, &path), search: query.search, base, query: filters })
}

fn filters(search: &Search) -> String {
    let mut pairs = url::form_urlencoded::Serializer::new(String::new());
    for (name, value) in [
        ("actor", &search.actor),
        ("action", &search.action),
        ("object", &search.object),
        ("from", &search.from),
        ("to", &search.to),
    ] {
        if !value.is_empty() {
            pairs.append_pair(name, value);
        }
    }
    pairs.finish()
}

pub async fn tenant_export(ask: Ask<TenantAdmin>, query: web::Query<Query>) -> Answer {
    let mut work = ask.work(ask.who.caller.reach()).await?;
    let line = Line::new("audit.exported", format!("tenant:{}", ask.who.tenant)).tenant(ask.who.tenant);
    let answer = export(&mut work, &ask.who.tenant.to_string(), &query, line).await?;
    work.commit().await?;
    Ok(answer)
}

pub async fn installation_export(ask: Ask<Operator>, query: web::Query<Query>) -> Answer {
    let mut work = ask.work(ask.who.caller.reach()).await?;
    let answer = export(&mut work, INSTALLATION, &query, Line::new("audit.exported", INSTALLATION)).await?;
    work.commit().await?;
    Ok(answer)
}

async fn export(work: &mut Work, chain: &str, query: &Query, line: Line) -> Result<HttpResponse> {
    let (rows, _) = audit::page(work.read(), chain, &query.search, 0, EXPORT_LIMIT).await?;
    audit::record(work, line.with("rows", rows.len())).await?;
    let (kind, name, body) = if query.format == "jsonl" {
        ("application/jsonl", "audit.jsonl", json_lines(&rows)?)
    } else {
        ("text/csv; charset=utf-8", "audit.csv", csv(&rows)?)
    };
    Ok(HttpResponse::Ok().content_type(kind).insert_header(("Content-Disposition", disposition("attachment", name))).body(body))
}

fn json_lines(rows: &[entry::Model]) -> Result<Vec<u8>> {
    let mut out = Vec::new();
    for row in rows {
        let detail: serde_json::Value = serde_json::from_str(&row.detail)?;
        let line = serde_json::json!({
            "seq": row.seq, "at": row.at.rfc3339(), "actor_id": row.actor_id, "actor": row.actor, "action": row.action,
            "object": row.object, "result": row.result, "ip": row.ip, "request_id": row.request_id, "detail": detail, "hash": row.hash,
        });
        out.extend_from_slice(text::inert_json(&line).as_bytes());
        out.push(b'\n');
    }
    Ok(out)
}

fn csv(rows: &[entry::Model]) -> Result<Vec<u8>> {
    let mut out = csv::Writer::from_writer(Vec::new());
    let write = |out: &mut csv::Writer<Vec<u8>>, record: &[&str]| out.write_record(record).map_err(|e| anyhow::anyhow!(e));
    write(&mut out, &["seq", "at", "actor", "action", "object", "result", "ip", "request_id", "detail", "hash"])?;
    for row in rows {
        let (seq, at) = (row.seq.to_string(), row.at.rfc3339());
        let (ip, request) = (row.ip.as_deref().unwrap_or(""), row.request_id.as_deref().unwrap_or(""));
        let (actor, object, detail) = (cell(&row.actor), cell(&row.object), cell(&row.detail));
        write(&mut out, &[&seq, &at, &actor, &row.action, &object, &row.result, ip, request, &detail, &row.hash])?;
    }
    Ok(out.into_inner().map_err(|e| anyhow::anyhow!("csv: {e}"))?)
}

/// A cell that a spreadsheet would take for a formula is quoted as text.
fn cell(text: &str) -> String {
    let text = text::contained(text);
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{text}") } else { text.into_owned() }
}

pub async fn tenant_verify(ask: Ask<TenantAdmin>) -> Answer {
    let line = Line::new("audit.verified", format!("tenant:{}", ask.who.tenant)).tenant(ask.who.tenant);
    let chain = ask.who.tenant.to_string();
    verify(ask.work(ask.who.caller.reach()).await?, &chain, line, "/admin/audit").await
}

pub async fn installation_verify(ask: Ask<Operator>) -> Answer {
    verify(ask.work(ask.who.caller.reach()).await?, INSTALLATION, Line::new("audit.verified", INSTALLATION), "/operator/audit")
        .await
}

async fn verify(mut work: Work, chain: &str, line: Line, back: &str) -> Answer {
    let platform = std::sync::Arc::clone(work.platform());
    let found = audit::verify(&platform, Some(chain)).await?;
    let (line, toast) = match &found {
        Ok(ok) => (
            line.with("entries", ok.entries),
            Ok(format!("All {} entries verified: nothing was changed, moved or removed.", ok.entries)),
        ),
        Err(broken) => (
            line.with("broken_at", broken.seq).denied(),
            Err(format!("The chain breaks at row {}: {}. Tell the operator at once.", broken.seq, broken.what)),
        ),
    };
    audit::record(&mut work, line).await?;
    work.commit().await?;
    match toast {
        Ok(words) => see_other(back).toast(words).answer(),
        Err(words) => see_other(back).warn(words).answer(),
    }
}
