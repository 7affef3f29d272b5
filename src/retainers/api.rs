//! `/api/v1/retainers` and `/api/v1/time_entries`: the same readings as the pages.

use actix_web::{HttpResponse, web::Query};
use entity::ids::RetainerId;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{
    MeterCard, RetainerViewer, Seats,
    meter::iso,
    pages::hours::Filter,
    queries::{self, HoursLine, WantedHours},
};
use crate::{
    platform::{
        Error, Leaf,
        leaf::{self, query, word},
        web::{
            Answer, Ask,
            paging::{PAGE_SIZE, PageQuery},
        },
    },
    programs::{May, ReadRetainers},
};

fn told(card: &MeterCard) -> Value {
    json!({
        "id": card.id,
        "tenant_id": card.tenant,
        "with": card.with,
        "status": card.status,
        "monthly_fee": card.terms.fee,
        "currency": card.terms.currency,
        "included_minutes": card.terms.included_minutes,
        "overage_rate": card.terms.overage_rate,
        "rolls_over": card.terms.rolls_over,
        "starts_on": iso(card.terms.starts_on),
        "billing_day": card.terms.billing_day,
        "meter": {
            "from": iso(card.meter.month.first),
            "to": iso(card.meter.month.last),
            "used_minutes": card.meter.used,
            "included_minutes": card.meter.included,
            "carried_minutes": card.bill.carried,
            "left_minutes": card.meter.left,
            "overage_minutes": card.meter.over,
            "overage_cost": card.meter.over_cost,
            "forecast_minutes": card.meter.forecast,
        },
    })
}

pub async fn retainers(ask: Ask<Seats>, paging: Query<PageQuery>) -> Answer {
    let platform = ask.platform();
    let tx = platform.read(ask.who.caller.reach()).await?;
    let (cards, total) = queries::list(&tx, platform.clock.now(), &ask.who, None, paging.offset()).await?;
    let items: Vec<Value> = cards.iter().map(told).collect();
    Ok(HttpResponse::Ok().json(json!({ "items": items, "total": total, "page": paging.number(), "page_size": PAGE_SIZE })))
}

/// `?retainer=ID&from=&to=&matter=&page=`
#[derive(Deserialize)]
pub struct Which {
    #[serde(default)]
    retainer: String,
    #[serde(flatten)]
    filter: Filter,
}

fn entry(line: &HoursLine) -> Value {
    json!({
        "id": line.id,
        "retainer_id": line.retainer,
        "date": line.iso(),
        "attorney": line.attorney_name,
        "minutes": line.minutes,
        "matter_id": line.matter.as_ref().map(|(id, _)| id),
        "matter": line.matter.as_ref().map(|(_, title)| title),
        "description": line.description,
        "written_off": line.written_off,
        "settled": line.settled,
    })
}

pub async fn time_entries(ask: Ask<Seats>, which: Query<Which>) -> Answer {
    let platform = ask.platform();
    let caller = &ask.who.caller;
    let tx = platform.read(caller.reach()).await?;
    let retainer = match which.retainer.as_str() {
        "" => None,
        text => {
            let id: RetainerId = text.parse().map_err(|_| Error::NotFound)?;
            Some(RetainerViewer::of(&tx, std::sync::Arc::clone(caller), id).await?.retainer.id)
        }
    };
    let paging = PageQuery { page: which.filter.page.clone() };
    let wanted = WantedHours { tenants: Some(ask.who.tenants.clone()), ..which.filter.wanted(retainer) };
    let (rows, total, minutes) = queries::hours(&platform, &tx, caller, &wanted, paging.offset(), PAGE_SIZE).await?;
    let items: Vec<Value> = rows.iter().map(entry).collect();
    Ok(HttpResponse::Ok().json(
        json!({ "items": items, "total": total, "counted_minutes": minutes, "page": paging.number(), "page_size": PAGE_SIZE }),
    ))
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Of {
    status: String,
    retainer: String,
}

/// The terms, for a program of the MSP's.
pub async fn retainers_by_key(ask: Ask<May<ReadRetainers>>) -> Answer {
    let (leaf, of) = (Leaf::of(&ask.request)?, query::<Of>(&ask.request)?);
    let status = word("status", &of.status, "Give offered, active, paused or cancelled.")?;
    let tx = ask.platform().read(ask.who.reach()).await?;
    let (rows, next) = queries::retainers_leaf(&tx, ask.who.tenant, status, &leaf).await?;
    let item = |row: &entity::retainers::retainer::Model| {
        json!({ "id": row.id, "tenant_id": row.tenant_id, "with": row.attorney_name, "status": row.status, "monthly_fee": row.fee,
                "currency": row.currency, "included_minutes": row.included_minutes, "overage_rate": row.overage_rate,
                "rolls_over": row.rolls_over, "starts_on": row.starts_on, "billing_day": row.billing_day })
    };
    Ok(leaf::answer(rows.iter().map(item).collect(), next))
}

/// Minutes and days; what was done is privileged.
pub async fn time_entries_by_key(ask: Ask<May<ReadRetainers>>) -> Answer {
    let (leaf, of) = (Leaf::of(&ask.request)?, query::<Of>(&ask.request)?);
    let retainer = word("retainer", &of.retainer, "Give a retainer's id.")?;
    let tx = ask.platform().read(ask.who.reach()).await?;
    let (rows, next) = queries::hours_leaf(&tx, ask.who.tenant, retainer, &leaf).await?;
    let item = |row: &entity::retainers::time_entry::Model| {
        json!({ "id": row.id, "retainer_id": row.retainer_id, "date": row.worked_on, "attorney": row.attorney_name,
                "minutes": row.minutes, "matter_id": row.matter_id, "written_off": row.written_off,
                "settled": row.settled_at.is_some() })
    };
    Ok(leaf::answer(rows.iter().map(item).collect(), next))
}
