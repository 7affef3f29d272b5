//! Admin → Documents: what is assigned to which client, whether they see it already, and for whom it waits.

use std::collections::HashMap;

use actix_web::web::Query;
use askama::Template;
use entity::ids::{CompanyId, EnvelopeId};
use serde::Deserialize;

use crate::{
    platform::web::{Answer, Ask, Frame, Pager, page, paging::PageQuery},
    policies::{self, PolicyFacts},
    signing,
    tenancy::{self, caller::TenantAdmin},
};

struct Row {
    facts: PolicyFacts,
    company: String,
    /// Who has not signed yet.
    missing: Vec<String>,
}

#[derive(Template)]
#[template(path = "admin/documents.html")]
struct DocumentsPage {
    frame: Frame,
    tab: &'static str,
    rows: Vec<Row>,
    companies: Vec<(CompanyId, String)>,
    company: String,
    pager: Pager,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct DocumentsQuery {
    company: String,
}

pub async fn list(ask: Ask<TenantAdmin>) -> Answer {
    let query = Query::<DocumentsQuery>::from_query(ask.request.query_string()).map(Query::into_inner).unwrap_or_default();
    let number = Query::<PageQuery>::from_query(ask.request.query_string()).map(Query::into_inner).unwrap_or_default();
    let tx = ask.platform().read(ask.who.caller.reach()).await?;
    let companies: Vec<(CompanyId, String)> =
        tenancy::companies(&tx, ask.who.tenant).await?.into_iter().map(|company| (company.id, company.name)).collect();
    // Another tenant's company is nobody's here: everything is shown.
    let company = companies.iter().find(|(id, _)| id.to_string() == query.company).map(|(id, _)| *id);
    let (found, total) = policies::assigned(&tx, ask.who.tenant, company, number.offset()).await?;
    let envelopes: Vec<EnvelopeId> = found.iter().filter_map(|facts| facts.envelope).collect();
    let mut missing: HashMap<EnvelopeId, Vec<String>> = HashMap::new();
    for (envelope, name, at) in signing::signatures_of(&tx, &envelopes).await? {
        if at.is_none() {
            missing.entry(envelope).or_default().push(name);
        }
    }
    let names: HashMap<CompanyId, &str> = companies.iter().map(|(id, name)| (*id, name.as_str())).collect();
    let rows = found
        .into_iter()
        .map(|facts| Row {
            company: names.get(&facts.company).copied().unwrap_or_default().to_owned(),
            missing: facts.envelope.and_then(|id| missing.remove(&id)).unwrap_or_default(),
            facts,
        })
        .collect();
    let path = company.map_or_else(|| "/admin/documents".to_owned(), |id| format!("/admin/documents?company={id}"));
    page(&DocumentsPage {
        frame: ask.frame(),
        tab: "documents",
        rows,
        company: company.map(|id| id.to_string()).unwrap_or_default(),
        companies,
        pager: Pager::new(number.number(), total, &path),
    })
}
