//! Doors of another's things, tried in the model test with every kind of id.

use reqwest::{
    Method,
    multipart::{Form, Part},
};
use uuid::Uuid;

use super::acts::{Body, Step, Team, Things};

type Door = (&'static str, &'static str, &'static str, &'static [(&'static str, &'static str)]);

/// What it is of, whose browser tries, how, where, and with which fields (`ID` is the other's).
const DOORS: &[Door] = &[
    ("ticket", "client", "GET /portal/tickets/ID", &[]),
    ("ticket", "client", "FILES /portal/tickets/ID", &[("body", "mine now"), ("key", "k")]),
    ("ticket", "worker", "GET /legal/tickets/ID", &[]),
    ("ticket", "worker", "FILES /legal/tickets/ID", &[("body", "mine now"), ("key", "k")]),
    ("ticket", "worker", "POST /legal/tickets/ID/change", &[("subject", "mine now"), ("status", "closed")]),
    ("ticket", "worker", "POST /legal/tickets/ID/matter", &[]),
    ("ticket", "admin", "GET /api/v1/tickets/ID", &[]),
    ("service", "client", "FILES /portal/catalog/ID", &[("subject", "mine now"), ("key", "k")]),
    ("service", "admin", "POST /admin/catalog/ID", &[("name", "mine now"), ("category", "access"), ("priority", "low")]),
    ("matter", "worker", "GET /legal/matters/ID", &[]),
    ("matter", "worker", "POST /legal/matters/ID/join", &[]),
    ("matter", "client", "GET /portal/messages/ID", &[]),
    ("conversation", "worker", "GET /api/v1/conversations/ID/events?after=0", &[]),
    ("conversation", "client", "POST /conversations/ID/messages", &[("body", "mine now")]),
    ("announcement", "admin", "POST /admin/announcements/ID/withdraw", &[]),
    ("announcement", "admin", "POST /admin/announcements/ID/delete", &[]),
    (
        "announcement",
        "admin",
        "POST /admin/announcements/ID/edit",
        &[("title", "mine now"), ("body", "b"), ("whom", "all"), ("when", "now")],
    ),
    ("announcement", "client", "GET /portal/announcements/ID", &[]),
    ("announcement", "client", "POST /portal/announcements/ID/read", &[]),
    (
        "article",
        "admin",
        "POST /admin/knowledge/ID",
        &[("title", "mine now"), ("summary", "s"), ("body", "b"), ("category", "other"), ("published", "true")],
    ),
    ("article", "client", "GET /portal/help/articles/ID", &[]),
    ("article", "client", "POST /portal/help/articles/ID/rate", &[("helpful", "yes")]),
    ("question", "worker", "POST /legal/help/ID/claim", &[]),
    ("question", "client", "POST /portal/help/ID/close", &[]),
    ("company", "admin", "GET /admin/clients/ID", &[]),
    ("company", "admin", "POST /admin/clients/ID", &[("name", "mine now"), ("legal_name", "mine now")]),
    (
        "company",
        "admin",
        "POST /admin/clients/ID/contacts",
        &[("name", "Mine Now"), ("email", "mine@now.example"), ("access", "own"), ("invite", "true")],
    ),
    ("contact", "admin", "POST /admin/contacts/ID", &[("name", "Mine Now"), ("title", "t"), ("access", "company_admin")]),
    ("contact", "admin", "POST /admin/contacts/ID/deactivate", &[]),
    ("document", "worker", "GET /legal/vault/ID", &[]),
    ("document", "worker", "GET /legal/vault/ID/download", &[]),
    ("document", "client", "GET /portal/files/ID/download", &[]),
    // In a field of a form of one's own.
    (
        "company",
        "admin",
        "POST /admin/announcements/new",
        &[("title", "for yours"), ("body", "b"), ("whom", "chosen"), ("companies", "ID"), ("when", "now")],
    ),
    (
        "company",
        "worker",
        "FILES /legal/matters/new",
        &[("title", "of yours"), ("type", "general"), ("urgency", "low"), ("description", "d"), ("company", "ID"), ("key", "k")],
    ),
    ("company", "worker", "FILES /legal/vault/upload", &[("category", "contracts"), ("client", "ID"), ("audience", "company")]),
    ("account", "worker", "POST /legal/matters/OWN/people", &[("account", "ID")]),
    ("account", "worker", "POST /legal/tickets/OWN/change", &[("assignee", "ID")]),
];

impl Team<'_> {
    /// With an id of the other's where there is one, else with one that was never given: both are to answer alike.
    pub async fn trespass(&mut self, step: &Step, others: Option<&Things>) {
        let [a, b, c, _] = step.thrown;
        let (kind, who, door, fields) = DOORS[a % DOORS.len()];
        let real =
            others.and_then(|things| things.get(kind)).filter(|list| !list.is_empty()).map(|list| list[b % list.len()].clone());
        self.trespassed += usize::from(real.is_some());
        let id = real.unwrap_or_else(|| Uuid::now_v7().to_string());
        let (method, path) = door.split_once(' ').expect("a method and a path");
        let own = if path.contains("matters/OWN") { "matter" } else { "ticket" };
        let Some(mine) = (if path.contains("OWN") { self.own(own, c) } else { Some(String::new()) }) else { return };
        let path = path.replace("OWN", &mine).replace("ID", &id);
        let fields: Vec<(&str, &str)> =
            fields.iter().map(|(name, text)| (*name, if *text == "ID" { &*id } else { *text })).collect();
        let who = match who {
            "admin" => self.side.admin,
            "worker" => self.side.worker,
            _ => self.side.clients[c % self.side.clients.len()],
        };
        let answer = match method {
            "GET" => self.ask(who, Method::GET, &path, Body::None).await,
            "POST" => self.ask(who, Method::POST, &path, Body::Form(&fields)).await,
            _ => {
                let mut form =
                    fields.iter().fold(Form::new(), |form, (name, text)| form.text((*name).to_owned(), (*text).to_owned()));
                if path.contains("upload") {
                    form = form.part("file", Part::bytes(b"mine now\n".to_vec()).file_name("mine.txt"));
                }
                self.ask(who, Method::POST, &path, Body::Files(form)).await
            }
        };
        let title = format!("step {} Trespass: {who} {method} {path}", step.nr).replace(&id, "OTHER");
        assert!(answer.status >= 400, "{title} was let in: {}", answer.status);
        let said = self.labels.said_without(&answer, &id);
        self.log.push(format!("{}\n{said}", self.labels.plain(&title)));
    }
}
