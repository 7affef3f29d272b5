//! What Harbor IT billed its clients, as Books would have told it: paid months, one that is open, one that is late, a draft;
//! and a client at Books whom nobody has placed yet.

use entity::{
    ids::{BooksClientId, CompanyId, InvoiceId},
    invoices::{InvoiceStatus, client, invoice},
    wall::Walled,
};
use sea_orm::{ColumnTrait, QueryFilter};

use super::stage::Stage;
use crate::{
    invoices::{
        self,
        invoice::{Incoming, Line},
    },
    platform::{Actor, Error, Result},
    tenancy::caller::TenantAdmin,
};

/// Acme's open invoice, and the client nobody has placed.
pub async fn fill(stage: &Stage<'_>) -> Result<(InvoiceId, BooksClientId)> {
    let acme = [
        bill(stage, "B-1041", InvoiceStatus::Paid, -58, "Managed services, Standard tier", 385_000),
        bill(stage, "B-1067", InvoiceStatus::Overdue, -34, "Managed services, Standard tier", 385_000),
        bill(stage, "B-1090", InvoiceStatus::Sent, -4, "Managed services, Premier tier", 485_000),
        bill(stage, "B-1102", InvoiceStatus::Draft, 0, "Replacement of two access points", 91_800),
    ];
    let bluefin = [bill(stage, "B-1091", InvoiceStatus::Sent, -4, "Managed services, Standard tier", 612_500)];
    let stranger = [bill(stage, "B-1088", InvoiceStatus::Sent, -6, "Migration of the mail system", 240_000)];
    take(stage, "acct-2207", "Acme Dental", &acme).await?;
    take(stage, "acct-2231", "Bluefin Freight", &bluefin).await?;
    take(stage, "acct-2290", "Acme Dental Lab LLC", &stranger).await?;
    map(stage, "acct-2207", stage.cast.acme).await?;
    map(stage, "acct-2231", stage.cast.bluefin).await?;
    let tx = stage.platform.read(stage.caller("mira").reach()).await?;
    let open = invoice::Entity::within(tx.reach()).filter(invoice::Column::Number.eq("B-1090")).one(&tx).await?;
    let open = open.ok_or(Error::NotFound)?.id;
    drop(tx);
    Ok((open, found(stage, "acct-2290").await?))
}

fn bill(stage: &Stage<'_>, number: &str, status: InvoiceStatus, issued: i64, what: &str, amount: i64) -> Incoming {
    let paid = matches!(status, InvoiceStatus::Paid | InvoiceStatus::Void);
    let backup = 12_500;
    Incoming {
        id: format!("inv-{number}"),
        client_id: String::new(),
        client_name: String::new(),
        number: number.to_owned(),
        status,
        currency: "USD".to_owned(),
        issued_on: stage.day(issued),
        due_on: Some(stage.day(issued + 30)),
        total: amount + backup,
        balance: if paid { 0 } else { amount + backup },
        tax: 0,
        lines: vec![
            Line { description: what.to_owned(), quantity: "1".to_owned(), unit_price: Some(amount), amount },
            Line {
                description: "Off-site backup, 1 TB".to_owned(),
                quantity: "2.5".to_owned(),
                unit_price: Some(5_000),
                amount: backup,
            },
        ],
        note: "Thank you for your business. Please name the invoice's number when you pay.".to_owned(),
        version: 1,
    }
}

async fn take(stage: &Stage<'_>, client: &str, name: &str, bills: &[Incoming]) -> Result<()> {
    let bills: Vec<Incoming> =
        bills.iter().map(|one| Incoming { client_id: client.to_owned(), client_name: name.to_owned(), ..one.clone() }).collect();
    let reach = entity::Reach::Tenants(vec![stage.cast.harbor]);
    let mut work = stage.platform.work(Actor::program("Books"), reach).await?;
    invoices::take(&mut work, stage.cast.harbor, &bills).await?;
    work.commit().await
}

async fn found(stage: &Stage<'_>, client: &str) -> Result<BooksClientId> {
    let tx = stage.platform.read(stage.caller("mira").reach()).await?;
    let row = client::Entity::within(tx.reach()).filter(client::Column::ClientRef.eq(client)).one(&tx).await?;
    Ok(row.ok_or(Error::NotFound)?.id)
}

async fn map(stage: &Stage<'_>, client: &str, company: CompanyId) -> Result<()> {
    let id = found(stage, client).await?;
    let admin = TenantAdmin::of(stage.caller("mira"))?;
    let mut work = stage.work("mira").await?;
    invoices::map_client(&mut work, &admin, id, Some(company)).await?;
    work.commit().await
}
