//! What people of one MSP do in the model test: each act a request or two as their browser sends them, chosen by numbers that were
//! thrown before. Which of their things it concerns is counted among their own, so the same script means the same beside others
//! and alone.

use std::collections::{BTreeMap, BTreeSet};

use reqwest::{
    Method,
    multipart::{Form, Part},
};
use serde_json::json;
use uuid::Uuid;

use super::same::{Labels, links};
use crate::support::{Answer, Browser, Installation};

pub struct Side {
    pub slug: &'static str,
    pub admin: &'static str,
    pub worker: &'static str,
    pub clients: &'static [&'static str],
}

pub const SIDES: [Side; 2] = [
    Side { slug: "harbor", admin: "mira", worker: "tom", clients: &["cleo", "ben", "gus"] },
    Side { slug: "pine", admin: "eve", worker: "eve", clients: &["finn"] },
];

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Act {
    OpenTicket,
    WriteOnTicket,
    AnswerTicket,
    ChangeTicket,
    OfferService,
    AskForService,
    OpenMatter,
    SayInMatter,
    PutOnMatter,
    TakeOffMatter,
    Announce,
    Withdraw,
    ReadNews,
    WriteArticle,
    ChangeArticle,
    RateArticle,
    AskPerson,
    ClaimQuestion,
    AddCompany,
    RenameCompany,
    InviteContact,
    ChangeContact,
    StopContact,
    Upload,
    ReadBell,
    Look,
    /// With an id of the other MSP's in the address, or in a field.
    Trespass,
}

/// In an order in which each can be done once those before it are.
pub const ACTS: [Act; 27] = [
    Act::OpenTicket,
    Act::WriteOnTicket,
    Act::AnswerTicket,
    Act::ChangeTicket,
    Act::OfferService,
    Act::AskForService,
    Act::OpenMatter,
    Act::SayInMatter,
    Act::PutOnMatter,
    Act::TakeOffMatter,
    Act::Announce,
    Act::ReadNews,
    Act::Withdraw,
    Act::WriteArticle,
    Act::ChangeArticle,
    Act::RateArticle,
    Act::AskPerson,
    Act::ClaimQuestion,
    Act::AddCompany,
    Act::RenameCompany,
    Act::InviteContact,
    Act::ChangeContact,
    Act::StopContact,
    Act::Upload,
    Act::ReadBell,
    Act::Look,
    Act::Trespass,
];

/// One step of the script.
#[derive(Clone, Debug)]
pub struct Step {
    pub nr: usize,
    pub side: usize,
    pub act: Act,
    pub thrown: [usize; 4],
}

/// Ids by what they are of, in the order they were made.
pub type Things = BTreeMap<&'static str, Vec<String>>;

/// The people of one MSP at one server, and what they came across.
pub struct Team<'a> {
    pub side: &'static Side,
    one: &'a Installation,
    people: BTreeMap<&'static str, Browser>,
    pub things: Things,
    pub labels: Labels,
    pub log: Vec<String>,
    /// What was not only tried but done.
    pub done: BTreeSet<Act>,
    /// How often an id of the other's was tried.
    pub trespassed: usize,
}

/// Names that both MSPs use: nobody's is taken because another has it.
const NAMES: [&str; 5] = ["Cedar Law", "Delta Co", "Echo Bakery", "Fox Dental", "Gale & Sons"];

pub enum Body<'a> {
    None,
    Form(&'a [(&'a str, &'a str)]),
    Files(Form),
    Json(serde_json::Value),
}

impl<'a> Team<'a> {
    pub async fn of(one: &'a Installation, side: &'static Side) -> Self {
        let mut team = Self {
            side,
            one,
            people: BTreeMap::new(),
            things: Things::new(),
            labels: Labels::of(one),
            log: Vec::new(),
            done: BTreeSet::new(),
            trespassed: 0,
        };
        team.sign_in().await;
        let first = if side.slug == "harbor" { one.cast.acme } else { one.cast.fir };
        team.things.insert("company", vec![first.to_string()]);
        let account = one.cast.person(side.clients[0]).account;
        team.things.insert("account", vec![account.to_string()]);
        team
    }

    /// Everybody signs in anew: sessions end by themselves.
    pub async fn sign_in(&mut self) {
        for key in [self.side.admin, self.side.worker].iter().chain(self.side.clients) {
            self.people.insert(key, self.one.browser(key).await);
        }
    }

    pub fn keys(&self) -> Vec<&'static str> {
        self.people.keys().copied().collect()
    }

    /// Sends it and writes down what came back.
    pub async fn ask(&mut self, who: &'static str, method: Method, path: &str, body: Body<'_>) -> Answer {
        let browser = self.people.get_mut(who).expect("somebody of this MSP");
        let is_json = path.starts_with("/api/") || matches!(body, Body::Json(_));
        let accept = if is_json { "application/json" } else { "text/html" };
        let request = browser.request(method.clone(), path).header("accept", accept);
        let request = match body {
            Body::None => request,
            Body::Form(fields) => request.form(fields),
            Body::Files(form) => request.multipart(form),
            Body::Json(value) => request.json(&value),
        };
        let answer = browser.send(request).await;
        assert!(answer.status < 500, "{who} {method} {path}: {} {}", answer.status, answer.text);
        answer
    }

    fn write_step(&mut self, step: &Step, deed: &str, answer: &Answer) {
        if answer.status < 400 {
            self.done.insert(step.act);
        }
        self.write_down(&format!("step {} {:?}: {deed}", step.nr, step.act), answer);
    }

    fn write_down(&mut self, title: &str, answer: &Answer) {
        let said = self.labels.said(answer);
        self.log.push(format!("{}\n{said}", self.labels.plain(title)));
    }

    async fn post(&mut self, step: &Step, who: &'static str, path: &str, fields: &[(&str, &str)]) -> Answer {
        let answer = self.ask(who, Method::POST, path, Body::Form(fields)).await;
        self.write_step(step, &format!("{who} posts {path}"), &answer);
        answer
    }

    /// The same as a form with files, which some doors want.
    async fn send(&mut self, step: &Step, who: &'static str, path: &str, fields: &[(&str, &str)], file: Option<Part>) -> Answer {
        let mut form = Form::new();
        for (name, text) in fields {
            form = form.text((*name).to_owned(), (*text).to_owned());
        }
        if let Some(file) = file {
            form = form.part("file", file);
        }
        let answer = self.ask(who, Method::POST, path, Body::Files(form)).await;
        self.write_step(step, &format!("{who} sends {path}"), &answer);
        answer
    }

    pub async fn look(&mut self, who: &'static str, path: &str) -> Vec<String> {
        let answer = self.ask(who, Method::GET, path, Body::None).await;
        self.write_down(&format!("{who} looks at {path}"), &answer);
        links(&answer)
    }

    /// One of their own things of this kind.
    pub fn own(&self, kind: &'static str, thrown: usize) -> Option<String> {
        let list = self.things.get(kind)?;
        list.get(thrown % list.len().max(1)).cloned()
    }

    /// Where it led to something new, that is theirs from now on.
    fn keep(&mut self, kind: &'static str, answer: &Answer) -> Option<String> {
        let led = (answer.status == 303).then(|| answer.location().to_owned())?;
        let id = led.split(['/', '?', '#']).find(|part| part.parse::<Uuid>().is_ok())?.to_owned();
        let list = self.things.entry(kind).or_default();
        if !list.contains(&id) {
            list.push(id.clone());
        }
        Some(id)
    }

    /// The newest id on a page after this part, where a form does not lead to what it made.
    async fn find(&mut self, kind: &'static str, path: &str, part: &str) {
        let admin = self.side.admin;
        let page = self.ask(admin, Method::GET, path, Body::None).await;
        let found = page.text.split(part).skip(1).filter_map(|rest| rest.get(..36)).filter(|id| id.parse::<Uuid>().is_ok());
        let list = self.things.entry(kind).or_default();
        for id in found.map(str::to_owned) {
            if !list.contains(&id) {
                list.push(id);
            }
        }
    }

    pub async fn act(&mut self, step: &Step, others: Option<&Things>) {
        let [a, b, c, d] = step.thrown;
        let (admin, worker) = (self.side.admin, self.side.worker);
        let client = self.side.clients[a % self.side.clients.len()];
        let words = format!("{} {}", self.side.slug, step.nr);
        let key = format!("key-{}", step.nr);
        let name = NAMES[b % NAMES.len()];
        match step.act {
            Act::OpenTicket => {
                let urgency = ["low", "normal", "high", "urgent"][b % 4];
                let fields = [("subject", words.as_str()), ("category", "hardware"), ("priority", urgency), ("description", name)];
                let fields = [&fields[..], &[("key", &key)]].concat();
                let answer = self.send(step, client, "/portal/tickets/new", &fields, None).await;
                self.keep("ticket", &answer);
            }
            Act::WriteOnTicket => {
                let Some(id) = self.own("ticket", b) else { return };
                let fields = [("body", words.as_str()), ("key", &key)];
                self.send(step, client, &format!("/portal/tickets/{id}"), &fields, None).await;
            }
            Act::AnswerTicket => {
                let Some(id) = self.own("ticket", b) else { return };
                let (note, then) = (["", "true"][c % 2], ["", "waiting_on_client", "resolved"][d % 3]);
                let fields = [("body", words.as_str()), ("internal", note), ("then", then), ("key", &key)];
                self.send(step, worker, &format!("/legal/tickets/{id}"), &fields, None).await;
            }
            Act::ChangeTicket => {
                let Some(id) = self.own("ticket", b) else { return };
                let status = ["open", "in_progress", "waiting_on_vendor", "resolved", "closed"][c % 5];
                let fields = [("subject", words.as_str()), ("status", status), ("priority", ["low", "high"][d % 2])];
                self.post(step, worker, &format!("/legal/tickets/{id}/change"), &fields).await;
            }
            Act::OfferService => {
                let fields = [("name", words.as_str()), ("description", name), ("category", "access"), ("priority", "normal")];
                let fields = [&fields[..], &[("offered", ["true", ""][c % 2])]].concat();
                self.post(step, admin, "/admin/catalog/new", &fields).await;
                self.find("service", "/admin/catalog", "/admin/catalog/").await;
            }
            Act::AskForService => {
                let Some(id) = self.own("service", b) else { return };
                let fields = [("subject", words.as_str()), ("key", &key)];
                let answer = self.send(step, client, &format!("/portal/catalog/{id}"), &fields, None).await;
                self.keep("ticket", &answer);
            }
            Act::OpenMatter => {
                let company = self.own("company", b).expect("there is one");
                let fields = [("title", words.as_str()), ("type", "general"), ("urgency", "high"), ("description", name)];
                let fields = [&fields[..], &[("company", company.as_str()), ("key", &key)]].concat();
                let answer = self.send(step, worker, "/legal/matters/new", &fields, None).await;
                let Some(id) = self.keep("matter", &answer) else { return };
                let list = self.ask(worker, Method::GET, "/api/v1/matters", Body::None).await.json();
                let row = list["items"].as_array().and_then(|rows| rows.iter().find(|row| row["id"] == id.as_str()));
                let conversation = row.and_then(|row| row["conversation_id"].as_str()).expect("its conversation").to_owned();
                self.things.entry("conversation").or_default().push(conversation);
            }
            Act::SayInMatter => {
                let Some(id) = self.own("conversation", b) else { return };
                let who = [worker, client][c % 2];
                let message = json!({ "client_id": Uuid::from_u128(step.nr as u128 + 1), "body": words });
                let path = format!("/api/v1/conversations/{id}/messages");
                let answer = self.ask(who, Method::POST, &path, Body::Json(message)).await;
                self.write_step(step, &format!("{who} posts {path}"), &answer);
            }
            Act::PutOnMatter | Act::TakeOffMatter => {
                let Some(id) = self.own("matter", b) else { return };
                let account = self.one.cast.person(client).account.to_string();
                let verb = if step.act == Act::PutOnMatter { "people" } else { "people/remove" };
                self.post(step, worker, &format!("/legal/matters/{id}/{verb}"), &[("account", &account)]).await;
            }
            Act::Announce => {
                let company = self.own("company", b).expect("there is one");
                let fields = [("title", words.as_str()), ("body", name), ("whom", ["all", "chosen"][c % 2])];
                let more =
                    [("companies", company.as_str()), ("when", ["now", "now", "draft"][d % 3]), ("by_mail", ["", "true"][a % 2])];
                let answer = self.post(step, admin, "/admin/announcements/new", &[&fields[..], &more].concat()).await;
                self.keep("announcement", &answer);
            }
            Act::Withdraw => {
                let Some(id) = self.own("announcement", b) else { return };
                self.post(step, admin, &format!("/admin/announcements/{id}/withdraw"), &[]).await;
            }
            Act::ReadNews => {
                let Some(id) = self.own("announcement", b) else { return };
                self.post(step, client, &format!("/portal/announcements/{id}/read"), &[]).await;
            }
            Act::WriteArticle | Act::ChangeArticle => {
                let fields = [("title", words.as_str()), ("summary", name), ("body", "Turn it **off**."), ("category", "hardware")];
                let fields = [&fields[..], &[("published", ["true", ""][c % 2]), ("tags", "toner, paper")]].concat();
                let path = match step.act {
                    Act::WriteArticle => "/admin/knowledge/new".to_owned(),
                    _ => match self.own("article", b) {
                        Some(id) => format!("/admin/knowledge/{id}"),
                        None => return,
                    },
                };
                self.post(step, admin, &path, &fields).await;
                self.find("article", "/admin/knowledge", "/admin/knowledge/").await;
            }
            Act::RateArticle => {
                let Some(id) = self.own("article", b) else { return };
                let path = format!("/portal/help/articles/{id}/rate");
                self.post(step, client, &path, &[("helpful", ["yes", "no"][c % 2])]).await;
            }
            Act::AskPerson => {
                let answer = self.post(step, client, "/portal/help", &[("q", &words), ("key", &key)]).await;
                self.keep("question", &answer);
            }
            Act::ClaimQuestion => {
                let Some(id) = self.own("question", b) else { return };
                let verb = ["claim", "close"][c % 2];
                self.post(step, worker, &format!("/legal/help/{id}/{verb}"), &[("resolution", "answered")]).await;
            }
            Act::AddCompany => {
                let answer = self.post(step, admin, "/admin/clients/new", &[("name", name), ("legal_name", &words)]).await;
                self.keep("company", &answer);
            }
            Act::RenameCompany => {
                let id = self.own("company", c).expect("there is one");
                let fields = [("name", name), ("legal_name", words.as_str())];
                self.post(step, admin, &format!("/admin/clients/{id}"), &fields).await;
            }
            Act::InviteContact => {
                let id = self.own("company", c).expect("there is one");
                let email = format!("person{}@shared.example", d % 6);
                let fields = [("name", words.as_str()), ("email", &email), ("title", name), ("access", "own"), ("invite", "true")];
                let path = format!("/admin/clients/{id}");
                self.post(step, admin, &format!("{path}/contacts"), &fields).await;
                self.find("contact", &path, "/admin/contacts/").await;
                // Whom the sessions of the script are of stays as they are.
                let cast: Vec<String> =
                    self.one.cast.people.iter().filter_map(|person| person.contact).map(|id| id.to_string()).collect();
                self.things.entry("contact").or_default().retain(|id| !cast.contains(id));
            }
            Act::ChangeContact => {
                let Some(id) = self.own("contact", b) else { return };
                let fields = [("name", words.as_str()), ("title", name), ("access", ["own", "company", "company_admin"][c % 3])];
                self.post(step, admin, &format!("/admin/contacts/{id}"), &fields).await;
            }
            Act::StopContact => {
                let Some(id) = self.own("contact", b) else { return };
                let verb = ["deactivate", "reactivate", "invite"][c % 3];
                self.post(step, admin, &format!("/admin/contacts/{id}/{verb}"), &[]).await;
            }
            Act::Upload => {
                let company = self.own("company", b).expect("there is one");
                let file = Part::bytes(format!("{words}\n").into_bytes()).file_name(format!("paper-{}.txt", step.nr));
                let fields = [("category", "contracts"), ("client", company.as_str()), ("title", &words)];
                let fields = [&fields[..], &[("audience", "staff"), ("audience", ["attorneys", "company"][c % 2])]].concat();
                let answer = self.send(step, worker, "/legal/vault/upload", &fields, Some(file)).await;
                self.keep("document", &answer);
            }
            Act::ReadBell => {
                let (who, path) = [(worker, "/legal/notifications"), (client, "/portal/notifications")][b % 2];
                self.post(step, who, path, &[]).await;
            }
            Act::Look => {
                let keys = self.keys();
                let who = keys[b % keys.len()];
                let pages = super::same::pages(self.side, who);
                self.look(who, pages[c % pages.len()]).await;
            }
            Act::Trespass => self.trespass(step, others).await,
        }
    }
}
