//! `/legal/vault`: everything the caller may read.

use std::collections::HashMap;

use actix_web::web::Query;
use askama::Template;
use entity::{ids::CompanyId, vault::DocumentStatus};
use serde::Deserialize;

use crate::{
    platform::{
        Result,
        web::{
            Answer, Ask, Frame, Pager, page,
            paging::{PAGE_SIZE, PageQuery},
        },
    },
    tenancy::caller::Firm,
    vault::{
        Category, DocumentRow,
        access::may_add,
        kind, queries,
        search::{Search, Sort, day},
    },
};

#[derive(Clone, Debug, Default, Deserialize)]
pub struct Asked {
    #[serde(default)]
    pub q: String,
    #[serde(default)]
    pub category: String,
    #[serde(default)]
    pub client: String,
    #[serde(default, rename = "type")]
    pub kind: String,
    #[serde(default)]
    pub status: String,
    #[serde(default)]
    pub from: String,
    #[serde(default)]
    pub until: String,
    #[serde(default)]
    pub sort: String,
}

impl Asked {
    pub fn search(&self) -> Search {
        Search {
            text: self.q.chars().take(200).collect(),
            category: self.category.parse().ok(),
            company: self.client.parse().ok(),
            kind: kind::media_type_of(&self.kind).map(|_| self.kind.clone()),
            status: self.status.parse().ok(),
            from: day(&self.from),
            until: day(&self.until),
            sort: Sort::of(&self.sort),
        }
    }

    /// The address of this list with its filters, the category replaced where one is given.
    pub fn address(&self, base: &str, category: Option<&str>) -> String {
        let mut address = url::form_urlencoded::Serializer::new(String::new());
        let category = category.unwrap_or(&self.category);
        for (name, value) in [
            ("q", self.q.as_str()),
            ("category", category),
            ("client", &self.client),
            ("type", &self.kind),
            ("status", &self.status),
            ("from", &self.from),
            ("until", &self.until),
            ("sort", &self.sort),
        ] {
            if !value.is_empty() {
                address.append_pair(name, value);
            }
        }
        let query = address.finish();
        if query.is_empty() { base.to_owned() } else { format!("{base}?{query}") }
    }

    fn narrows(&self) -> bool {
        !(self.q.is_empty()
            && self.category.is_empty()
            && self.client.is_empty()
            && self.kind.is_empty()
            && self.status.is_empty()
            && self.from.is_empty()
            && self.until.is_empty())
    }
}

/// A tab: label, address, chosen, count.
pub struct Tab {
    pub label: &'static str,
    pub href: String,
    pub active: bool,
    pub count: u64,
}

pub struct Row {
    pub document: DocumentRow,
    pub client: String,
}

#[derive(Template)]
#[template(path = "vault/list.html")]
struct ListPage {
    frame: Frame,
    asked: Asked,
    tabs: Vec<Tab>,
    rows: Vec<Row>,
    pager: Pager,
    clients: Vec<(String, String)>,
    kinds: Vec<(&'static str, &'static str)>,
    statuses: Vec<(&'static str, &'static str)>,
    sorts: [(&'static str, &'static str); 3],
    may_add: bool,
    narrows: bool,
}

pub async fn list(ask: Ask<Firm>, asked: Query<Asked>, number: Query<PageQuery>) -> Answer {
    let (platform, caller, asked) = (ask.platform(), &ask.who.caller, asked.into_inner());
    let search = asked.search();
    let tx = platform.read(caller.reach()).await?;
    let (rows, total) = queries::search(&tx, caller, &search, number.offset(), PAGE_SIZE).await?;
    let clients = queries::clients_in(&tx, caller).await?;
    let tabs = tabs(&asked, "/legal/vault", queries::counts(&tx, caller, &search).await?);
    drop(tx);
    let may_add = match caller.reach() {
        entity::Reach::Tenants(tenants) => tenants.iter().any(|tenant| may_add(caller, *tenant)),
        entity::Reach::Everything(_) => false,
    };
    let mut frame = ask.frame();
    frame.banner = super::banner(&platform).await.or(frame.banner);
    page(&ListPage {
        frame,
        tabs,
        rows: name_clients(rows, &clients),
        pager: Pager::new(number.number(), total, &asked.address("/legal/vault", None)),
        clients: clients.into_iter().map(|(id, name)| (id.to_string(), name)).collect(),
        kinds: kind::choices(),
        statuses: DocumentStatus::ALL.iter().map(|status| (status.word(), status.label())).collect(),
        sorts: Sort::CHOICES,
        may_add,
        narrows: asked.narrows(),
        asked,
    })
}

pub fn tabs(asked: &Asked, base: &str, counts: Vec<(Category, u64)>) -> Vec<Tab> {
    let all = counts.iter().map(|(_, many)| many).sum();
    let chosen = asked.category.parse::<Category>().ok();
    let mut tabs = vec![Tab { label: "All", href: asked.address(base, Some("")), active: chosen.is_none(), count: all }];
    tabs.extend(counts.into_iter().map(|(category, count)| Tab {
        label: category.label(),
        href: asked.address(base, Some(category.word())),
        active: chosen == Some(category),
        count,
    }));
    tabs
}

pub fn name_clients(rows: Vec<DocumentRow>, clients: &[(CompanyId, String)]) -> Vec<Row> {
    let names: HashMap<CompanyId, &String> = clients.iter().map(|(id, name)| (*id, name)).collect();
    rows.into_iter()
        .map(|document| {
            let client = document.company.and_then(|id| names.get(&id).map(|name| (*name).clone())).unwrap_or_default();
            Row { document, client }
        })
        .collect()
}

/// The client's name of one document.
pub async fn client_name(tx: &crate::platform::Tx, document: &DocumentRow) -> Result<String> {
    match document.company {
        None => Ok(String::new()),
        Some(id) => Ok(crate::tenancy::company_in(tx, id).await?.map(|company| company.name).unwrap_or_default()),
    }
}
