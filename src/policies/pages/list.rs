//! The list of client policies: what waits for the reader first.

use std::collections::HashMap;

use actix_web::web::Query;
use askama::Template;
use entity::{
    ids::CompanyId,
    policies::{Category, PolicyStatus},
};
use serde::Deserialize;

use super::{clients, short_day, with_filters};
use crate::{
    platform::web::{Answer, Ask, Frame, Pager, page, paging::PageQuery},
    policies::{
        access::{standing, whole_tenants},
        policy::Verb,
        queries::{self, Filter, Listed, Sort},
    },
    tenancy::caller::Firm,
};

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct ListQuery {
    q: String,
    status: String,
    company: String,
    category: String,
    waiting: String,
    sort: String,
    page: Option<String>,
}

impl ListQuery {
    pub(in crate::policies) fn filter(&self) -> Filter {
        Filter {
            status: self.status.parse().ok(),
            company: self.company.parse().ok(),
            category: self.category.parse().ok(),
            waiting: self.waiting == "me",
            words: self.q.chars().filter(|c| !c.is_control()).take(100).collect::<String>().trim().to_owned(),
            sort: match self.sort.as_str() {
                "updated" => Sort::Updated,
                "title" => Sort::Title,
                "effective" => Sort::Effective,
                "expiry" => Sort::Expiry,
                _ => Sort::Next,
            },
        }
    }

    pub(in crate::policies) fn paging(&self) -> PageQuery {
        PageQuery { page: self.page.clone() }
    }

    fn path(&self) -> String {
        let filters = [
            ("q", self.q.as_str()),
            ("status", &self.status),
            ("company", &self.company),
            ("category", &self.category),
            ("waiting", &self.waiting),
            ("sort", &self.sort),
        ];
        with_filters("/legal/policies", &filters)
    }

    fn is_bare(&self) -> bool {
        self.path() == "/legal/policies"
    }
}

struct Row {
    policy: Listed,
    client: String,
    effective: String,
    expiry: String,
    hint: &'static str,
}

#[derive(Template)]
#[template(path = "policies/list.html")]
struct ListPage {
    frame: Frame,
    query: ListQuery,
    rows: Vec<Row>,
    pager: Pager,
    statuses: Vec<(&'static str, &'static str)>,
    categories: Vec<(&'static str, &'static str)>,
    companies: Vec<(CompanyId, String)>,
    sorts: [(&'static str, &'static str); 4],
    waiting: u64,
    may_draft: bool,
    sees_templates: bool,
    bare: bool,
}

/// What is next, in two words under the status.
fn hint(row: &Listed) -> &'static str {
    match row.status {
        PolicyStatus::Draft if row.sent_back_at.is_some() => "Sent back",
        PolicyStatus::InternalReview if row.approved_at.is_some() => "Approved, to be sent",
        _ => "",
    }
}

pub async fn list(ask: Ask<Firm>, query: Query<ListQuery>) -> Answer {
    let caller = &ask.who.caller;
    let query = query.into_inner();
    let tx = ask.platform().read(caller.reach()).await?;
    let (listed, total) = queries::list(&tx, caller, &query.filter(), query.paging().offset()).await?;
    let tenants = whole_tenants(caller);
    let companies = clients(&tx, &tenants).await?;
    let mut names: HashMap<CompanyId, String> = companies.iter().cloned().collect();
    for row in &listed {
        if !names.contains_key(&row.company_id)
            && let Some(company) = crate::tenancy::company_in(&tx, row.company_id).await?
        {
            names.insert(company.id, company.name);
        }
    }
    let rows = listed
        .into_iter()
        .map(|policy| Row {
            client: names.get(&policy.company_id).cloned().unwrap_or_default(),
            effective: short_day(&policy.effective_on),
            expiry: policy.expires_on.as_deref().map(short_day).unwrap_or_default(),
            hint: hint(&policy),
            policy,
        })
        .collect();
    page(&ListPage {
        frame: ask.frame(),
        rows,
        pager: Pager::new(query.paging().number(), total, &query.path()),
        statuses: PolicyStatus::ALL.iter().map(|status| (status.word(), status.label())).collect(),
        categories: Category::ALL.iter().map(|category| (category.word(), category.label())).collect(),
        companies,
        sorts: [("updated", "Last changed"), ("title", "Title"), ("effective", "Effective date"), ("expiry", "Expiry date")],
        waiting: queries::waiting_for(&tx, caller).ask(&tx).await?,
        may_draft: tenants.iter().any(|tenant| standing(caller, *tenant).is_some_and(|standing| Verb::Edit.open_to(standing))),
        sees_templates: !tenants.is_empty(),
        bare: query.is_bare(),
        query,
    })
}
