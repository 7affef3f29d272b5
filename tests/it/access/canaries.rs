//! A word of its own in every place that a client must not see: notes, drafts, what stands behind a wall, what is the firm's own
//! or another client's. Each word says who ought to see it and where, and from which clients it is kept.
//!
//! Before each word stands `canary`: so a search can look for it without the searcher ever writing the word itself.

use std::collections::BTreeSet;

use entity::ids::{CompanyId, PolicyId};
use reqwest::multipart::Form;
use serde_json::json;

use crate::{
    announcements, knowledge,
    matters::desk,
    policies::support as policies,
    support::{Answer, Browser, Installation, World},
    tickets,
};

/// Client users of each access level, of another client, of another MSP, and a member of a mission.
pub const CLIENTS: [&str; 6] = ["ben", "cleo", "dora", "gus", "finn", "joy"];

/// A word that some may not see.
pub struct Canary {
    pub word: String,
    /// Who ought to see it, and at which address: without that it would prove nothing.
    pub keeper: &'static str,
    pub address: String,
    pub kept_from: Vec<&'static str>,
}

/// A word beside the canaries that these clients do see: so it is known that the search comes there at all.
pub struct Shown {
    pub word: String,
    pub to: &'static [&'static str],
}

pub struct Planted<'a> {
    one: &'a Installation,
    world: &'a World,
    mira: Browser,
    tom: Browser,
    ada: Browser,
    pub canaries: Vec<Canary>,
    pub shown: Vec<Shown>,
    /// What was made: ids of things at addresses with this part, as `/tickets/`.
    pub things: BTreeSet<(&'static str, String)>,
}

/// The id in an address.
fn id_in(address: &str) -> String {
    address.split(['/', '?', '#']).find(|part| part.len() == 36).unwrap_or_else(|| panic!("no id in {address}")).to_owned()
}

impl<'a> Planted<'a> {
    pub async fn everywhere(one: &'a Installation, world: &'a World) -> Self {
        let (mira, tom, ada) = (one.browser("mira").await, one.browser("tom").await, one.browser("ada").await);
        let mut planted = Self { one, world, mira, tom, ada, canaries: Vec::new(), shown: Vec::new(), things: BTreeSet::new() };
        planted.in_tickets().await;
        planted.in_announcements().await;
        planted.in_articles().await;
        planted.in_agreements().await;
        planted.in_matters().await;
        planted.in_the_vault().await;
        planted.in_retainers().await;
        planted.in_the_firms_own().await;
        planted.in_another_client().await;
        planted.in_the_story();
        planted
    }

    /// Kept from every client.
    fn secret(&mut self, word: &str, keeper: &'static str, address: &str) {
        self.kept(word, keeper, address, &CLIENTS);
    }

    fn kept(&mut self, word: &str, keeper: &'static str, address: &str, kept_from: &[&'static str]) {
        let (word, address) = (word.to_owned(), address.to_owned());
        self.canaries.push(Canary { word, keeper, address, kept_from: kept_from.to_vec() });
    }

    fn shows(&mut self, word: &str, to: &'static [&'static str]) {
        self.shown.push(Shown { word: word.to_owned(), to });
    }

    fn made(&mut self, parts: &[&'static str], answer: &Answer) -> String {
        let id = id_in(answer.location());
        self.things.extend(parts.iter().map(|part| (*part, id.clone())));
        id
    }

    async fn in_tickets(&mut self) {
        for (key, subject) in [("ben", "bens-ticket"), ("cleo", "cleos-ticket")] {
            let mut client = self.one.browser(key).await;
            let id = tickets::open(&mut client, &format!("canary {subject}")).await;
            let firm = format!("/legal/tickets/{id}");
            let note = format!("note-on-{subject}");
            let words = format!("canary {note}");
            let fields = [("body", words.as_str()), ("internal", "true"), ("key", &note)];
            tickets::send(&mut self.tom, &firm, &fields).await.expect(303);
            let fields = [("body", "shown-answer"), ("key", "shown-answer")];
            tickets::send(&mut self.tom, &firm, &fields).await.expect(303);
            self.secret(&note, "mira", &firm);
            // A lawyer is asked about it; the client need not know.
            let matter = self.tom.post(&format!("{firm}/matter"), &[]).await.expect(303);
            self.made(&["/matters/", "/portal/messages/"], &matter);
            self.things.insert(("/tickets/", id));
            if key == "cleo" {
                self.kept(subject, "tom", &firm, &["ben", "gus", "finn", "joy"]);
            } else {
                self.kept(subject, "tom", &firm, &["gus", "finn", "joy"]);
            }
        }
        self.shows("shown-answer", &["ben", "cleo", "dora"]);
        let service = [("name", "canary service-not-offered"), ("category", "access"), ("priority", "low"), ("description", "D")];
        self.mira.post("/admin/catalog/new", &service).await.expect(303);
        self.secret("service-not-offered", "mira", "/admin/catalog");
    }

    async fn in_announcements(&mut self) {
        let bluefin = self.one.cast.bluefin.to_string();
        let to_come = [("when", "at"), ("publish_at", "2027-04-01T09:00")];
        for (word, more) in [
            ("news-begun", &[("when", "draft")][..]),
            ("news-to-come", &to_come),
            ("news-withdrawn", &[]),
            ("news-of-bluefin", &[("whom", "chosen"), ("companies", &bluefin), ("by_mail", "true")]),
            ("shown-news", &[("by_mail", "true")]),
        ] {
            let body = format!("canary {word}-inside");
            let mut fields = vec![("body", body.as_str())];
            fields.extend(more);
            let made = announcements::write(&mut self.mira, &format!("canary {word}"), &fields).await.expect(303);
            let address = format!("/admin/announcements/{}", self.made(&["/announcements/"], &made));
            if word == "news-withdrawn" {
                self.mira.post(&format!("{address}/withdraw"), &[]).await.expect(303);
            }
            let inside = format!("{word}-inside");
            match word {
                "shown-news" => self.shows(&inside, &["ben", "cleo", "dora", "gus"]),
                "news-of-bluefin" => {
                    self.kept(word, "mira", &address, &["ben", "cleo", "dora", "finn", "joy"]);
                    self.shows(&inside, &["gus"]);
                }
                _ => {
                    self.secret(word, "mira", "/admin/announcements");
                    self.secret(&inside, "mira", &address);
                }
            }
        }
    }

    async fn in_articles(&mut self) {
        for word in ["article-begun", "article-taken-back", "shown-article"] {
            let (title, body, tags) = (format!("canary {word}"), format!("canary {word}-body"), format!("canary, {word}-tag"));
            let begun = if word == "article-begun" { "" } else { "true" };
            let more = [("tags", tags.as_str()), ("published", begun)];
            knowledge::write(&mut self.mira, &title, &body, &more).await.expect(303);
            let list = self.mira.get(&format!("/admin/knowledge?q={word}")).await.expect(200);
            let address = knowledge::address(&list, "/admin/knowledge/0");
            self.things.insert(("/help/articles/", id_in(&address)));
            if word == "article-taken-back" {
                let fields = [("title", title.as_str()), ("summary", "S"), ("body", &body), ("category", "other"), ("tags", &tags)];
                self.mira.post(&address, &fields).await.expect(303);
            }
            if word == "shown-article" {
                self.shows("shown-article-body", &["ben", "cleo", "dora", "gus"]);
            } else {
                self.secret(word, "mira", "/admin/knowledge");
                self.secret(&format!("{word}-body"), "mira", &address);
                self.secret(&format!("{word}-tag"), "mira", &address);
            }
        }
    }

    /// A draft of Acme's with this title.
    async fn agreement(&mut self, title: &str, client_name: &str) -> PolicyId {
        let (template, company) = (policies::template(self.one, "nda").await, self.one.cast.acme.to_string());
        let fields = [
            ("company", company.as_str()),
            ("template", &template),
            ("title", title),
            ("effective", "2026-06-01"),
            ("expiry", "2027-06-01"),
        ];
        let made = self.mira.post("/legal/policies/new", &fields).await.expect(303);
        let id = policies::policy_of(made.location());
        self.things.extend([("/policies/", id.to_string()), ("/portal/documents/", id.to_string())]);
        policies::fill_in(&mut self.mira, id).await;
        let named = [("v.client_name", client_name), ("go", "next")];
        self.mira.post(&format!("/legal/policies/{id}/wizard/2"), &named).await.expect(303);
        policies::choose(self.one, &mut self.mira, id, &["cleo", "dora"]).await;
        id
    }

    async fn in_agreements(&mut self) {
        // One with the attorney, sent back: nothing of it is the client's yet.
        let id = self.agreement("canary agreement-sent-back", "canary value-sent-back").await;
        let at = format!("/legal/policies/{id}");
        self.mira.post(&format!("{at}/submit"), &[("note", "canary note-to-the-attorney")]).await.expect(303);
        let remark = [("anchor", ""), ("answers", ""), ("words", "canary remark-sent-back")];
        self.ada.post(&format!("{at}/comments"), &remark).await.expect(303);
        self.ada.post(&format!("{at}/send-back"), &[("note", "canary note-of-sending-back")]).await.expect(303);
        self.secret("agreement-sent-back", "ada", &at);
        self.secret("value-sent-back", "mira", &at);
        for word in ["note-to-the-attorney", "remark-sent-back", "note-of-sending-back"] {
            self.secret(word, "mira", &format!("{at}?tab=review"));
        }
        // One that the client signs: the text is theirs, what was said about it is not.
        let id = self.agreement("shown-agreement", "shown-value").await;
        let at = format!("/legal/policies/{id}");
        self.mira.post(&format!("{at}/submit"), &[("note", "canary note-before-signing")]).await.expect(303);
        let remark = [("anchor", ""), ("answers", ""), ("words", "canary remark-before-signing")];
        let made = self.ada.post(&format!("{at}/comments"), &remark).await.expect(303);
        let remark = made.location().split("#c-").nth(1).expect("the remark").to_owned();
        self.ada.post(&format!("{at}/comments/{remark}/resolve"), &[("resolved", "true")]).await.expect(303);
        policies::press(&mut self.ada, id, "approve").await.expect(303);
        policies::press(&mut self.mira, id, "send").await.expect(303);
        for word in ["note-before-signing", "remark-before-signing"] {
            self.secret(word, "ada", &format!("{at}?tab=review"));
        }
        self.shows("shown-agreement", &["cleo", "dora"]);
        self.shows("shown-value", &["cleo", "dora"]);
        self.kept("shown-agreement", "mira", &at, &["ben", "gus", "finn", "joy"]);
        // One that was before the client and is no more: why is the firm's own.
        let id = self.agreement("an agreement that ends", "Acme Dental LLC").await;
        self.mira.post(&format!("/legal/policies/{id}/submit"), &[]).await.expect(303);
        policies::press(&mut self.ada, id, "approve").await.expect(303);
        policies::press(&mut self.mira, id, "send").await.expect(303);
        let reason = [("reason", "canary reason-of-the-end")];
        self.mira.post(&format!("/legal/policies/{id}/cancel"), &reason).await.expect(303);
        self.secret("reason-of-the-end", "mira", &format!("/legal/policies/{id}"));
        let fields = [("title", "canary template-begun"), ("category", "general"), ("summary", "canary template-summary")];
        let made = self.ada.post("/legal/policies/templates/new", &fields).await.expect(303);
        self.made(&["/templates/"], &made);
        self.secret("template-begun", "ada", "/legal/policies/templates");
        self.secret("template-summary", "ada", "/legal/policies/templates");
    }

    async fn in_matters(&mut self) {
        for word in ["matter-among-us", "matter-with-cleo"] {
            let (title, description) = (format!("canary {word}"), format!("canary {word}-description"));
            let name = format!("{word}-file.pdf");
            let content = format!("canary {word}-content");
            let form = desk::form(self.one, &[("title", &title), ("description", &description), ("key", word)])
                .part("files", desk::file(&name, desk::pdf(&content)));
            let made = desk::send(&mut self.tom, "/legal/matters/new", form).await.expect(303);
            let at = format!("/legal/matters/{}", self.made(&["/matters/", "/portal/messages/"], &made));
            self.ada.post(&format!("{at}/claim"), &[]).await.expect(303);
            let list = self.tom.get_json("/api/v1/matters").await.expect(200).json();
            let row = list["items"].as_array().expect("matters").iter().find(|row| row["title"] == title.as_str());
            let conversation = row.expect("the matter")["conversation_id"].as_str().expect("a conversation").to_owned();
            let body = format!("canary {word}-message");
            let message = json!({ "client_id": uuid::Uuid::now_v7(), "body": body });
            self.tom.post_json(&format!("/api/v1/conversations/{conversation}/messages"), &message).await.expect(201);
            self.things.insert(("/conversations/", conversation));
            let hours = format!("canary {word}-hours");
            let fields = [("time", "1.5"), ("worked_on", "2026-05-02"), ("description", hours.as_str())];
            self.ada.post(&format!("{at}/hours"), &fields).await.expect(303);
            self.secret(&format!("{word}-hours"), "tom", &format!("{at}/hours"));
            let mut outside = CLIENTS.to_vec();
            if word == "matter-with-cleo" {
                desk::put_on(self.one, &mut self.tom, &at, "cleo").await;
                outside.retain(|key| *key != "cleo");
                self.shows("matter-with-cleo-message", &["cleo"]);
            }
            let documents = self.tom.get(&format!("{at}/documents")).await.expect(200);
            let file = id_in(&knowledge::address(&documents, "/legal/vault/0"));
            self.things.extend([("/documents/", file.clone()), ("/portal/files/", file.clone()), ("/vault/", file.clone())]);
            self.kept(&name, "ada", &format!("{at}/documents"), &outside);
            self.kept(&format!("{word}-content"), "ada", &format!("/legal/vault/{file}/download"), &outside);
            for part in ["", "-description", "-message"] {
                self.kept(&format!("{word}{part}"), "ada", &at, &outside);
            }
        }
    }

    async fn in_the_vault(&mut self) {
        let (acme, bluefin) = (self.one.cast.acme.to_string(), self.one.cast.bluefin.to_string());
        for (word, company, audience) in [
            ("paper-of-staff", &acme, "staff"),
            ("paper-of-attorneys", &acme, "attorneys"),
            ("paper-of-bluefin", &bluefin, "company"),
            ("shown-paper", &acme, "company"),
        ] {
            let name = format!("{word}-file.txt");
            let form = Form::new()
                .text("category", "correspondence")
                .text("client", company.clone())
                .text("title", format!("canary {word}"))
                .text("audience", "staff")
                .text("audience", audience)
                .part("file", desk::file(&name, format!("canary {word}-content\n").into_bytes()));
            let made = desk::send(&mut self.mira, "/legal/vault/upload", form).await.expect(303);
            let id = self.made(&["/documents/", "/portal/files/", "/vault/"], &made);
            let content = format!("{word}-content");
            let kept_from: &[&str] = match word {
                "shown-paper" => {
                    self.shows("shown-paper-content", &["cleo", "dora"]);
                    self.shows("shown-paper-file.txt", &["cleo", "dora"]);
                    &["gus", "finn", "joy"]
                }
                "paper-of-bluefin" => &["ben", "cleo", "dora", "finn", "joy"],
                _ => &CLIENTS,
            };
            self.kept(word, "mira", "/legal/vault", kept_from);
            self.kept(&name, "mira", &format!("/legal/vault/{id}"), kept_from);
            self.kept(&content, "mira", &format!("/legal/vault/{id}/download"), kept_from);
        }
    }

    async fn in_retainers(&mut self) {
        let running = format!("/legal/retainers/{}", self.world.story.retainer);
        let hours = [("worked_on", "2026-05-01"), ("time", "2h"), ("description", "canary hours-of-the-retainer")];
        self.ada.post(&format!("{running}/hours"), &hours).await.expect(303);
        self.secret("hours-of-the-retainer", "mira", &format!("{running}/hours"));
        let terms = [("fee", "7,654.32"), ("included", "10"), ("rate", "250"), ("starts_on", "2026-06-01"), ("billing_day", "1")];
        let made = self.ada.post("/legal/retainers/new", &terms).await.expect(303);
        let at = format!("/legal/retainers/{}", self.made(&["/retainers/"], &made));
        self.secret("7,654.32", "ada", &at);
    }

    /// What only those who run the MSP and the installation see.
    async fn in_the_firms_own(&mut self) {
        let key = [("name", "canary name-of-a-key"), ("days", "90"), ("scopes", "clients:read")];
        self.mira.post("/admin/api-keys", &key).await.expect(201);
        self.secret("name-of-a-key", "mira", "/admin/api-keys");
        let hook = [("name", "canary name-of-a-hook"), ("url", "https://example.com/address-of-a-hook"), ("which", "all")];
        let page = self.mira.post("/admin/integrations/hooks", &hook).await.expect(201);
        // Nothing is to be sent there.
        let hook = id_in(&knowledge::address(&page, "/admin/integrations/hooks/0"));
        self.mira.post(&format!("/admin/integrations/hooks/{hook}/pause"), &[]).await.expect(303);
        self.secret("name-of-a-hook", "mira", "/admin/integrations/hooks");
        self.secret("address-of-a-hook", "mira", "/admin/integrations/hooks");
        self.mira.post("/admin/domains", &[("host", "domain-of-ours.example.net")]).await.expect(303);
        self.secret("domain-of-ours", "mira", "/admin/domains");
        let seat = [("name", "Canary Colleague-to-come"), ("email", "colleague-to-come@harbor.example"), ("role", "viewer")];
        self.mira.post("/admin/staff", &seat).await.expect(303);
        self.secret("Colleague-to-come", "mira", "/admin/staff");
        self.secret("colleague-to-come@harbor.example", "mira", "/admin/staff");
        let mut olga = self.one.browser("olga").await;
        let lost = [("email", "tom@harbor.example"), ("verified", "canary how-tom-was-known, called back")];
        olga.post("/operator/resets", &lost).await.expect(303);
        self.secret("how-tom-was-known", "mira", "/admin/resets");
        let attorney = [("name", "Canary Attorney-to-come"), ("email", "attorney-to-come@vale.example")];
        olga.post("/operator/attorneys", &attorney).await.expect(303);
        self.secret("Attorney-to-come", "olga", "/operator/attorneys");
    }

    /// Another client of the same MSP, of whom not even the name is known.
    async fn in_another_client(&mut self) {
        let fields = [("name", "Canary Company-next-door"), ("legal_name", "Canary Legal-next-door LLP")];
        let made = self.mira.post("/admin/clients/new", &fields).await.expect(303);
        let at = made.location().to_owned();
        let company: CompanyId = self.made(&["/clients/", "/compliance/"], &made).parse().expect("an id");
        let fields =
            [("name", "Canary Company-next-door"), ("legal_name", "Canary Legal-next-door LLP"), ("number", "N-next-door")];
        self.mira.post(&at, &fields).await.expect(303);
        let person = [
            ("name", "Canary Person-next-door"),
            ("email", "mail-next-door@canary.example"),
            ("title", "Canary Title-next-door"),
            ("access", "own"),
            ("invite", "true"),
        ];
        self.mira.post(&format!("{at}/contacts"), &person).await.expect(303);
        for word in ["Company-next-door", "Legal-next-door", "N-next-door", "Person-next-door", "mail-next-door", "Title-next-door"]
        {
            self.secret(word, "mira", &at);
        }
        let company = company.to_string();
        let form = desk::form(self.one, &[("company", &company), ("title", "canary matter-next-door"), ("key", "next-door")]);
        let made = desk::send(&mut self.tom, "/legal/matters/new", form).await.expect(303);
        self.made(&["/matters/", "/portal/messages/"], &made);
        self.secret("matter-next-door", "tom", "/legal/matters");
        let chosen = [("whom", "chosen"), ("companies", company.as_str()), ("by_mail", "true")];
        let made = announcements::write(&mut self.mira, "canary news-next-door", &chosen).await.expect(303);
        self.made(&["/announcements/"], &made);
        self.secret("news-next-door", "mira", "/admin/announcements");
    }

    /// What the story of the demo holds already.
    fn in_the_story(&mut self) {
        let story = self.world.story.clone();
        let acmes = ["ben", "cleo", "dora", "finn", "joy"];
        self.secret("Acme Dental Lab LLC", "mira", "/admin/integrations/books");
        self.secret("nora@cedarclinic.example", "mira", "/admin/integrations/psa");
        self.secret("Ransom note", "mira", "/legal/matters");
        self.secret("A word on this year&#39;s phishing wave", "mira", "/admin/announcements");
        self.secret("Brightview sent a technician", "tom", &format!("/legal/policies/{}", story.cancelled));
        self.secret("Keep fourteen, or say which", "mira", &format!("/legal/policies/{}?tab=review", story.sent_back));
        self.secret("Conversation with Tom and Cleo about", "ada", &format!("/legal/matters/{}/hours", story.matter));
        self.kept("Bluefin Freight", "mira", "/admin/clients", &acmes);
        self.kept("Gus Hale", "mira", &format!("/admin/clients/{}", self.one.cast.bluefin), &acmes);
        self.kept("gus@bluefin.example", "mira", &format!("/admin/clients/{}", self.one.cast.bluefin), &acmes);
        self.kept("Acme Dental", "mira", "/admin/clients", &["gus", "finn", "joy"]);
        self.kept("Dispatch loses the network", "tom", "/legal/tickets", &acmes);
        let talk = format!("/legal/help/{}", story.help);
        self.kept("scanner stopped sending", "tom", &talk, &["ben", "dora", "gus", "finn", "joy"]);
        // A draft as well: it says that it is one, and may still change.
        for invoice in ["B-1090", "B-1102"] {
            self.kept(invoice, "cleo", "/portal/invoices", &["ben", "gus", "finn", "joy"]);
        }
        self.kept("Cleo Vance", "mira", &format!("/admin/clients/{}", self.one.cast.acme), &["gus", "finn", "joy"]);
    }
}
