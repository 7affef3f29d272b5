//! The log as CSV, and a month's bill as LEDES 1998B, as far as this person may read it; who took it stands in the audit log.

use std::collections::HashMap;

use actix_web::{HttpResponse, http::header, web::Query};
use entity::{ids::AccountId, tenancy::AttorneyRole};

use super::hours::Filter;
use crate::{
    audit,
    platform::{
        Error, Refusal, Result, text,
        web::{Answer, Ask, answer::disposition},
    },
    retainers::{
        Month, RetainerViewer, bill_of,
        ledes::{self, Invoice, Timekeeper, Worked},
        meter,
        queries::{self, HoursLine, WantedHours},
    },
    tenancy,
};

/// More entries than a retainer has in years.
const LIMIT: u64 = 100_000;

pub async fn csv(ask: Ask<RetainerViewer>, filter: Query<Filter>) -> Answer {
    let view = &ask.who;
    let platform = ask.platform();
    let tx = platform.read(view.caller.reach()).await?;
    let (rows, _, _) = queries::hours(&platform, &tx, &view.caller, &filter.wanted(Some(view.retainer.id)), 0, LIMIT).await?;
    drop(tx);
    let mut work = ask.work(view.caller.reach()).await?;
    let line = audit::Line::new("hours.exported", format!("retainer:{}", view.retainer.id))
        .tenant(view.retainer.tenant_id)
        .with("entries", rows.len());
    audit::record(&mut work, line).await?;
    work.commit().await?;
    Ok(HttpResponse::Ok()
        .content_type("text/csv; charset=utf-8")
        .insert_header((header::CONTENT_DISPOSITION, disposition("attachment", "hours.csv")))
        .body(written(&rows)?))
}

fn written(rows: &[HoursLine]) -> Result<Vec<u8>> {
    let mut csv = csv::Writer::from_writer(Vec::new());
    let fail = |error: csv::Error| anyhow::anyhow!("csv: {error}");
    csv.write_record(["date", "attorney", "matter", "description", "minutes", "hours", "written_off", "settled"]).map_err(fail)?;
    for row in rows {
        let matter = row.matter.as_ref().map_or("", |(_, title)| title.as_str());
        let description = row.description.as_deref().unwrap_or("(a matter you do not take part in)");
        csv.write_record([
            row.iso().as_str(),
            &harmless(&row.attorney_name),
            &harmless(matter),
            &harmless(description),
            &row.minutes.to_string(),
            &row.hours(),
            if row.written_off { "yes" } else { "no" },
            if row.settled { "yes" } else { "no" },
        ])
        .map_err(fail)?;
    }
    Ok(csv.into_inner().map_err(|error| anyhow::anyhow!("csv: {error}"))?)
}

/// The bill of the month in which the first day of the filter lies, or of the one that runs.
pub async fn ledes(ask: Ask<RetainerViewer>, filter: Query<Filter>) -> Answer {
    let (view, platform) = (&ask.who, ask.platform());
    let row = &view.retainer;
    if row.accepted_at.is_none() {
        return Err(Refusal::new(
            "not_accepted",
            "This retainer never ran, so there is nothing to bill.",
            "There is a bill once its offer was accepted.",
        )
        .into());
    }
    let tx = platform.read(view.caller.reach()).await?;
    let tenant = tenancy::tenant(&tx, row.tenant_id).await?.ok_or(Error::NotFound)?;
    let day = meter::day(filter.from.trim()).unwrap_or_else(|| meter::day_in(&tenant.zone, platform.clock.now()));
    let month = Month::containing(day, row.billing_day);
    let billed = bill_of(&tx, row, &tenant.zone, month).await?;
    let wanted = WantedHours { retainer: Some(row.id), from: Some(month.first), to: Some(month.last), ..WantedHours::default() };
    let (mut rows, _, _) = queries::hours(&platform, &tx, &view.caller, &wanted, 0, LIMIT).await?;
    rows.retain(|line| !line.written_off);
    rows.reverse();
    let roles = tenancy::roles_ever(&tx, row.tenant_id).await?;
    let classes: HashMap<AccountId, &str> = roles.into_iter().map(|(id, role)| (id, class(role))).collect();
    drop(tx);
    let keeper = |id: AccountId, name| Timekeeper { id: id.0, name, class: classes.get(&id).copied().unwrap_or("OT") };
    let worked: Vec<Worked> = rows
        .iter()
        .map(|line| Worked {
            day: line.worked_on,
            minutes: line.minutes,
            description: line.description.as_deref().unwrap_or("(a matter you do not take part in)"),
            matter: line.matter.as_ref().map(|(id, _)| id.0),
            by: keeper(line.attorney, &line.attorney_name),
        })
        .collect();
    let invoice = Invoice {
        number: format!("{}-{}", meter::iso(month.first).get(..7).unwrap_or_default(), ledes::short(row.id.0)),
        client: &tenant.slug,
        firm: ledes::short(row.attorney_id.0),
        attorney: keeper(row.attorney_id, &row.attorney_name),
        description: format!("Retainer, {} to {}", meter::day_words(month.first), meter::day_words(month.last)),
    };
    let text = ledes::write(&invoice, &billed.terms, &billed.bill, &worked);
    let wrong = ledes::check(&text);
    if !wrong.is_empty() {
        return Err(Error::internal(anyhow::anyhow!("a LEDES file that is not one: {}", wrong.join(" "))));
    }
    let mut work = ask.work(view.caller.reach()).await?;
    let line = audit::Line::new("bill.exported", format!("retainer:{}", row.id))
        .tenant(row.tenant_id)
        .with("month", meter::iso(month.first))
        .with("total", billed.bill.total());
    audit::record(&mut work, line).await?;
    work.commit().await?;
    let name = format!("{}.ledes.txt", invoice.number);
    Ok(HttpResponse::Ok()
        .content_type("text/plain; charset=us-ascii")
        .insert_header((header::CONTENT_DISPOSITION, disposition("attachment", &name)))
        .body(text))
}

/// LEDES' words for what somebody is.
fn class(role: AttorneyRole) -> &'static str {
    match role {
        AttorneyRole::Primary => "PT",
        AttorneyRole::Associate => "AS",
        AttorneyRole::OfCounsel | AttorneyRole::OutsideCounsel => "OC",
        AttorneyRole::Paralegal => "LA",
    }
}

/// Text that a spreadsheet would take for a formula is kept as text.
fn harmless(text: &str) -> String {
    let text = text::contained(text);
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{text}") } else { text.into_owned() }
}
