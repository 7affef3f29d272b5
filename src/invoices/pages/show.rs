//! `/portal/invoices/{invoice}`: its lines and sums, and the same as a PDF.

use actix_web::{HttpResponse, http::header};
use askama::Template;
use serde_json::json;

use super::list::{Age, age};
use crate::{
    audit,
    invoices::{
        ReadableInvoice,
        invoice::{Detail, Line},
        queries::InvoiceLine,
    },
    platform::{
        Error, Result, money, typeset,
        web::{Answer, Ask, Frame, answer::disposition, page},
    },
    retainers::day_in,
    tenancy,
};

#[derive(Template)]
#[template(path = "invoices/show.html")]
struct ShowPage {
    frame: Frame,
    invoice: InvoiceLine,
    detail: Detail,
    msp: String,
    age: Age,
}

impl ShowPage {
    fn amount(&self, minor: &i64) -> String {
        money::words(*minor, &self.invoice.currency)
    }

    fn price(&self, line: &Line) -> String {
        line.unit_price.map(|price| money::words(price, &self.invoice.currency)).unwrap_or_default()
    }
}

pub async fn show(ask: Ask<ReadableInvoice>) -> Answer {
    let platform = ask.platform();
    let client = &ask.who.reader.client;
    let tx = platform.read(client.caller.reach()).await?;
    let tenant = tenancy::tenant(&tx, client.tenant).await?.ok_or(Error::NotFound)?;
    page(&ShowPage {
        frame: ask.frame(),
        invoice: InvoiceLine::of(&ask.who.invoice, day_in(&tenant.zone, platform.clock.now())),
        detail: serde_json::from_str(&ask.who.invoice.detail)?,
        msp: tenant.name,
        age: age(&tx, client).await?,
    })
}

pub async fn pdf(ask: Ask<ReadableInvoice>) -> Answer {
    let platform = ask.platform();
    let now = platform.clock.now();
    let client = &ask.who.reader.client;
    let tx = platform.read(client.caller.reach()).await?;
    let tenant = tenancy::tenant(&tx, client.tenant).await?.ok_or(Error::NotFound)?;
    let company = tenancy::company_in(&tx, client.company).await?.map_or_else(String::new, |company| company.legal_name);
    drop(tx);
    let invoice = InvoiceLine::of(&ask.who.invoice, day_in(&tenant.zone, now));
    let detail: Detail = serde_json::from_str(&ask.who.invoice.detail)?;
    let of = |minor: i64| money::words(minor, &invoice.currency);
    let lines: Vec<_> = detail
        .lines
        .iter()
        .map(|line| json!([line.description, line.quantity, line.unit_price.map(of).unwrap_or_default(), of(line.amount)]))
        .collect();
    let data = json!({
        "msp": tenant.name,
        "company": company,
        "number": invoice.number,
        "status": invoice.status.label(),
        "issued": invoice.issued_on,
        "due": invoice.due_on.clone().unwrap_or_default(),
        "lines": lines,
        "tax": if detail.tax == 0 { String::new() } else { of(detail.tax) },
        "total": invoice.total_words(),
        "balance": invoice.balance_words(),
        "note": detail.note,
        "made": now.day_words(),
    });
    recorded(&ask).await?;
    let template = ("invoice.typ", include_str!("invoice.typ"));
    let name = format!("invoice-{}", invoice.number);
    let ident = name.clone();
    let set = actix_web::web::block(move || typeset::pdf(template, data, &ident, now)).await;
    let bytes = set.map_err(|error| anyhow::anyhow!("typesetting: {error}"))??;
    Ok(HttpResponse::Ok()
        .content_type("application/pdf")
        .insert_header((header::CONTENT_DISPOSITION, disposition("attachment", &format!("{name}.pdf"))))
        .body(bytes))
}

async fn recorded(ask: &Ask<ReadableInvoice>) -> Result<()> {
    let client = &ask.who.reader.client;
    let mut work = ask.work(client.caller.reach()).await?;
    let line = audit::Line::new("invoice.downloaded", format!("invoice:{}", ask.who.invoice.id)).tenant(client.tenant);
    audit::record(&mut work, line).await?;
    work.commit().await
}
