//! `/admin/integrations/books`: whether Books answers, when its invoices were last taken, and whose its clients are.

use actix_web::HttpRequest;
use askama::Template;
use entity::{
    Moment,
    ids::{BooksClientId, CompanyId},
    platform::remote,
};
use serde::Deserialize;

use crate::{
    invoices::{
        jobs::SyncInvoices,
        map_client,
        queries::{self, Unmapped},
    },
    platform::{
        Error, Result,
        remote::seen,
        web::{Answer, Ask, Form, Frame, page, path_id, see_other},
    },
    tenancy::{self, caller::TenantAdmin},
};

/// A client at Books and the company it is, or looks like.
struct ClientRow {
    id: BooksClientId,
    name: String,
    client_ref: String,
    company: String,
    mapped_by: String,
    /// Invoices that nobody sees yet.
    waiting: u64,
}

#[derive(Template)]
#[template(path = "invoices/books.html")]
struct BooksPage {
    frame: Frame,
    tab: &'static str,
    /// The settings that are missing.
    missing: Vec<&'static str>,
    answers: Option<remote::Model>,
    taken_at: Option<Moment>,
    problem: String,
    runs: bool,
    open: Vec<ClientRow>,
    mapped: Vec<ClientRow>,
    companies: Vec<(String, String)>,
}

pub async fn show(ask: Ask<TenantAdmin>) -> Answer {
    let platform = ask.platform();
    let service = &platform.config.books;
    let mut missing = Vec::new();
    if service.url.is_none() {
        missing.push(service.url_setting);
    }
    if service.key.is_none() {
        missing.push(service.key_setting);
    }
    let answers = seen(&platform, service.name).await?;
    let tx = platform.read(ask.who.caller.reach()).await?;
    let companies: Vec<(String, String)> =
        tenancy::companies(&tx, ask.who.tenant).await?.into_iter().map(|company| (company.id.to_string(), company.name)).collect();
    // The name says who it most likely is; the admin says whether that is so.
    let like = |name: &str| {
        let wanted = name.trim().to_lowercase();
        companies.iter().find(|(_, name)| name.to_lowercase() == wanted).map(|(id, _)| id.clone()).unwrap_or_default()
    };
    let open: Vec<Unmapped> = queries::unmapped(&tx, ask.who.tenant).await?;
    let open = open
        .into_iter()
        .map(|found| ClientRow {
            id: found.row.id,
            company: like(&found.row.name),
            name: found.row.name,
            client_ref: found.row.client_ref,
            mapped_by: String::new(),
            waiting: found.invoices,
        })
        .collect();
    let mapped = queries::mapped(&tx, ask.who.tenant)
        .await?
        .into_iter()
        .filter_map(|row| {
            let company = row.company_id?.to_string();
            Some(ClientRow {
                id: row.id,
                name: row.name,
                client_ref: row.client_ref,
                company,
                mapped_by: row.mapped_by,
                waiting: 0,
            })
        })
        .collect();
    let state = queries::sync_of(&tx, ask.who.tenant).await?;
    page(&BooksPage {
        frame: ask.frame(),
        tab: "books",
        missing,
        answers,
        taken_at: state.as_ref().and_then(|row| row.taken_at),
        runs: state.as_ref().is_some_and(|row| row.runs),
        problem: state.map(|row| row.problem).unwrap_or_default(),
        open,
        mapped,
        companies,
    })
}

pub async fn sync(ask: Ask<TenantAdmin>) -> Answer {
    let mut work = ask.work(ask.who.caller.reach()).await?;
    work.enqueue(&SyncInvoices { tenant: ask.who.tenant }).await?;
    let line = crate::audit::Line::new("invoices.sync_asked", format!("tenant:{}", ask.who.tenant)).tenant(ask.who.tenant);
    crate::audit::record(&mut work, line).await?;
    work.commit().await?;
    see_other("/admin/integrations/books").toast("Books is asked now; reload in a moment.").answer()
}

#[derive(Deserialize)]
pub struct Mapping {
    /// Empty: nobody here.
    #[serde(default)]
    company: String,
}

fn client(request: &HttpRequest) -> Result<BooksClientId> {
    path_id(request, "client")
}

pub async fn map(ask: Ask<TenantAdmin, Form<Mapping>>) -> Answer {
    let Form(mapping) = &ask.body;
    let company = match mapping.company.trim() {
        "" => None,
        id => Some(id.parse::<CompanyId>().map_err(|_| Error::NotFound)?),
    };
    let mut work = ask.work(ask.who.caller.reach()).await?;
    let row = map_client(&mut work, &ask.who, client(&ask.request)?, company).await?;
    work.commit().await?;
    let said = match company {
        Some(_) => format!("{}: its invoices are shown to that client now.", row.name),
        None => format!("{} is nobody here: its invoices are shown to no client.", row.name),
    };
    see_other("/admin/integrations/books").toast(said).answer()
}
