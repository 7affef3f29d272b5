//! `/legal/matters`: what this person may know of, filtered and sorted by the address.

use actix_web::web::Query;
use askama::Template;
use entity::{
    ids::CompanyId,
    matters::{MatterKind, MatterStatus, Urgency},
};
use serde::Deserialize;

use crate::{
    matters::{
        MatterLine, MatterOpener,
        queries::{self, Sort, Wanted},
    },
    platform::web::{Answer, Ask, Frame, Pager, page, paging::PageQuery},
    tenancy::caller::Firm,
};

#[derive(Clone, Debug, Default, Deserialize)]
pub struct Filter {
    #[serde(default)]
    pub q: String,
    #[serde(default)]
    pub status: String,
    #[serde(default, rename = "type")]
    pub kind: String,
    #[serde(default)]
    pub urgency: String,
    #[serde(default)]
    pub client: String,
    #[serde(default)]
    pub sort: String,
    #[serde(default)]
    pub page: Option<String>,
}

impl Filter {
    pub fn wanted(&self) -> Wanted {
        Wanted {
            text: self.q.chars().take(200).collect(),
            status: self.status.parse().ok(),
            kind: self.kind.parse().ok(),
            urgency: self.urgency.parse().ok(),
            company: self.client.parse::<CompanyId>().ok(),
            sort: Sort::parse(&self.sort),
            offset: self.pages().offset(),
        }
    }

    pub fn pages(&self) -> PageQuery {
        PageQuery { page: self.page.clone() }
    }

    fn is_filtered(&self) -> bool {
        [&self.q, &self.status, &self.kind, &self.urgency, &self.client].iter().any(|text| !text.is_empty())
    }

    /// The address of this list without its page.
    fn address(&self) -> String {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        let pairs = [
            ("q", &self.q),
            ("status", &self.status),
            ("type", &self.kind),
            ("urgency", &self.urgency),
            ("client", &self.client),
            ("sort", &self.sort),
        ];
        for (name, value) in pairs {
            if !value.is_empty() {
                query.append_pair(name, value);
            }
        }
        format!("/legal/matters?{}", query.finish())
    }
}

#[derive(Template)]
#[template(path = "matters/list.html")]
struct ListPage {
    frame: Frame,
    filter: Filter,
    rows: Vec<MatterLine>,
    pager: Pager,
    filtered: bool,
    may_open: bool,
    /// An attorney sees what waits for one.
    attorney: bool,
    statuses: Vec<(&'static str, &'static str)>,
    kinds: Vec<(&'static str, &'static str)>,
    urgencies: Vec<(&'static str, &'static str)>,
    clients: Vec<(CompanyId, String)>,
    sorts: Vec<(&'static str, &'static str)>,
}

pub async fn list(ask: Ask<Firm>, filter: Query<Filter>) -> Answer {
    let filter = filter.into_inner();
    let caller = &ask.who.caller;
    let tx = ask.platform().read(caller.reach()).await?;
    let clients = queries::clients(&tx, caller).await?;
    let (rows, total) = queries::list(&tx, caller, &filter.wanted(), &clients).await?;
    page(&ListPage {
        frame: ask.frame(),
        pager: Pager::new(filter.pages().number(), total, &filter.address()),
        filtered: filter.is_filtered(),
        may_open: MatterOpener::may(caller),
        attorney: caller.is_attorney(),
        statuses: MatterStatus::ALL.iter().map(|word| (word.word(), word.label())).collect(),
        kinds: MatterKind::ALL.iter().map(|word| (word.word(), word.label())).collect(),
        urgencies: Urgency::ALL.iter().map(|word| (word.word(), word.label())).collect(),
        sorts: Sort::ALL[1..].to_vec(),
        filter,
        rows,
        clients,
    })
}
