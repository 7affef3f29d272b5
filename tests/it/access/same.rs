//! What an MSP's people see, written so that two servers can be compared: ids become numbers in the order they are met, what is
//! thrown anew for each page goes.

use std::collections::BTreeMap;

use sea_orm::{ConnectionTrait, DbBackend, Statement};

use super::acts::{Side, Team};
use crate::{
    support::{Answer, Installation},
    tenancy::wall::tables_with_a_tenant,
};

const FIRM: &[&str] = &[
    "/legal/dashboard",
    "/legal/tickets",
    "/legal/tickets?status=resolved",
    "/legal/help",
    "/legal/matters",
    "/legal/policies",
    "/legal/compliance",
    "/legal/vault",
    "/legal/vault?q=paper",
    "/legal/notifications",
    "/api/v1/matters",
    "/api/v1/documents",
    "/api/v1/notifications",
];

const ADMIN: &[&str] = &[
    "/legal/dashboard",
    "/legal/tickets",
    "/legal/help",
    "/legal/matters",
    "/legal/vault",
    "/legal/compliance",
    "/legal/notifications",
    "/admin",
    "/admin/clients",
    "/admin/staff",
    "/admin/announcements",
    "/admin/knowledge",
    "/admin/knowledge?q=toner",
    "/admin/catalog",
    "/admin/documents",
    "/admin/audit",
    "/admin/audit/export",
    "/api/v1/audit",
    "/api/v1/clients",
    "/api/v1/tickets",
    "/api/v1/matters",
    "/api/v1/documents",
    "/api/v1/policies",
    "/api/v1/feed",
    "/api/v1/notifications",
];

const CLIENT: &[&str] = &[
    "/portal/dashboard",
    "/portal/tickets",
    "/portal/catalog",
    "/portal/announcements",
    "/portal/documents",
    "/portal/files",
    "/portal/messages",
    "/portal/help",
    "/portal/help?q=toner",
    "/portal/team",
    "/portal/notifications",
    "/api/v1/documents",
    "/api/v1/notifications",
];

/// Where this person looks.
pub fn pages(side: &Side, who: &str) -> &'static [&'static str] {
    match who {
        who if who == side.admin => ADMIN,
        who if side.clients.contains(&who) => CLIENT,
        _ => FIRM,
    }
}

/// Where the links of a page lead to things.
pub fn links(answer: &Answer) -> Vec<String> {
    let parts = answer.text.split("href=\"").skip(1).filter_map(|rest| rest.split(['"', '#']).next());
    let things = parts.filter(|link| link.starts_with('/') && link.split(['/', '?']).any(|part| part.len() == 36));
    let mut found: Vec<String> = things.map(|link| link.replace("&amp;", "&").replace("&#38;", "&")).collect();
    found.dedup();
    found
}

/// A token, and no long word: some have no digit.
fn is_thrown(word: &str) -> bool {
    let any = |is: fn(&char) -> bool| word.chars().any(|c| is(&c));
    any(char::is_ascii_digit) || any(char::is_ascii_uppercase) && any(char::is_ascii_lowercase)
}

/// The ids met so far, numbered.
pub struct Labels {
    url: String,
    known: BTreeMap<String, usize>,
}

impl Labels {
    pub fn of(one: &Installation) -> Self {
        Self { url: one.url.clone(), known: BTreeMap::new() }
    }

    /// The text with numbers for ids and without long random words.
    pub fn plain(&mut self, text: &str) -> String {
        let text = text.replace(&self.url, "URL").replace(self.url.trim_start_matches("http://"), "URL");
        let mut out = String::with_capacity(text.len());
        let mut word = String::new();
        for c in text.chars().chain(['\n']) {
            if c.is_ascii_alphanumeric() || matches!(c, '-' | '_') {
                word.push(c);
                continue;
            }
            if word.len() == 36 && word.parse::<uuid::Uuid>().is_ok() {
                let next = self.known.len();
                let number = *self.known.entry(std::mem::take(&mut word)).or_insert(next);
                out.push_str(&format!("#{number}"));
            } else if word.len() >= 20 && is_thrown(&word) {
                out.push_str("RANDOM");
            } else {
                out.push_str(&word);
            }
            word.clear();
            out.push(c);
        }
        out
    }

    pub fn said(&mut self, answer: &Answer) -> String {
        self.said_without(answer, "no such id")
    }

    /// Status, where it leads and what it says; this id as `OTHER`.
    pub fn said_without(&mut self, answer: &Answer, id: &str) -> String {
        let mut text = answer.text.replace(id, "OTHER");
        if let Some(request) = answer.headers.get("x-request-id").and_then(|value| value.to_str().ok()) {
            text = text.replace(request, "REQUEST");
        }
        let location = self.plain(&answer.location().replace(id, "OTHER"));
        format!("{} {}\n{}", answer.status, location.trim(), self.plain(&text))
    }
}

impl Team<'_> {
    /// Everything each of them sees in the end: their lists, what these lead to, and the mails.
    pub async fn look_at_everything(&mut self, one: &Installation) {
        for who in self.keys() {
            let mut lead = Vec::new();
            for path in pages(self.side, who) {
                for link in self.look(who, path).await {
                    if !lead.contains(&link) {
                        lead.push(link);
                    }
                }
            }
            for path in lead {
                self.look(who, &path).await;
            }
            self.letters(one, &one.cast.person(who).email, "");
        }
        // To whom both write: each MSP's own mails.
        let name = if self.side.slug == "harbor" { "Harbor IT" } else { "Pine MSP" };
        for n in 0..6 {
            self.letters(one, &format!("person{n}@shared.example"), name);
        }
        self.rows(one).await;
    }

    fn letters(&mut self, one: &Installation, email: &str, of: &str) {
        let mut said: Vec<String> = Vec::new();
        for letter in one.letters_to(email).iter().filter(|letter| letter.text.contains(of)) {
            // Mails of one moment have no order, and so their ids are no numbers here.
            let mut labels = Labels::of(one);
            said.push(labels.plain(&format!("{} {}\n{}\n{}", letter.from, letter.subject, letter.text, letter.html)));
        }
        said.sort();
        self.log.push(format!("mails to {email}\n{}", said.join("\n")));
    }

    /// How many rows of each table are theirs.
    async fn rows(&mut self, one: &Installation) {
        let tenant = if self.side.slug == "harbor" { one.cast.harbor } else { one.cast.pine };
        let tx = one.tx().await;
        let backend = tx.get_database_backend();
        let mark = if backend == DbBackend::Postgres { "$1" } else { "?" };
        let mut counts = Vec::new();
        for table in tables_with_a_tenant(&tx).await {
            let sql = format!("SELECT COUNT(*) AS n FROM {table} WHERE tenant_id = {mark}");
            let counted = tx.query_one_raw(Statement::from_sql_and_values(backend, sql, [tenant.into()])).await.expect("a count");
            let n: i64 = counted.expect("a row").try_get("", "n").expect("a number");
            counts.push(format!("{table}: {n}"));
        }
        self.log.push(format!("rows\n{}", counts.join("\n")));
    }
}
