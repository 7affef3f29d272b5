//! The filters of both lists, in the address.

use entity::ids::CompanyId;
use serde::Deserialize;

use crate::{
    platform::web::paging::PageQuery,
    tenancy::Caller,
    tickets::queries::{Assignee, Sort, Statuses, Wanted},
};

#[derive(Clone, Debug, Default, Deserialize)]
pub struct Filter {
    #[serde(default)]
    pub q: String,
    #[serde(default)]
    pub status: String,
    #[serde(default)]
    pub priority: String,
    #[serde(default)]
    pub category: String,
    #[serde(default)]
    pub client: String,
    #[serde(default)]
    pub assignee: String,
    #[serde(default)]
    pub sort: String,
    #[serde(default)]
    pub page: Option<String>,
}

impl Filter {
    pub fn wanted(&self, caller: &Caller) -> Wanted {
        Wanted {
            text: self.q.chars().take(200).collect(),
            status: Statuses::parse(&self.status),
            priority: self.priority.parse().ok(),
            category: self.category.parse().ok(),
            company: self.client.parse::<CompanyId>().ok(),
            assignee: match self.assignee.as_str() {
                "nobody" => Some(Assignee::Nobody),
                "me" => Some(Assignee::Account(caller.account)),
                other => other.parse().ok().map(Assignee::Account),
            },
            sort: Sort::parse(&self.sort),
            offset: self.pages().offset(),
        }
    }

    pub fn pages(&self) -> PageQuery {
        PageQuery { page: self.page.clone() }
    }

    pub fn is_filtered(&self) -> bool {
        [&self.q, &self.status, &self.priority, &self.category, &self.client, &self.assignee].iter().any(|text| !text.is_empty())
    }

    /// The address of this list without its page.
    pub fn address(&self, base: &str) -> String {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        for (name, value) in [
            ("q", &self.q),
            ("status", &self.status),
            ("priority", &self.priority),
            ("category", &self.category),
            ("client", &self.client),
            ("assignee", &self.assignee),
            ("sort", &self.sort),
        ] {
            if !value.is_empty() {
                query.append_pair(name, value);
            }
        }
        format!("{base}?{}", query.finish())
    }
}

/// The statuses a list can be narrowed to.
pub fn statuses() -> Vec<(&'static str, &'static str)> {
    let mut all = vec![("live", "Not done yet")];
    all.extend(crate::tickets::ticket::statuses());
    all
}
