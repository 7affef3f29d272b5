//! A policy of Acme Dental's that was sent for signature, for the tests of this folder.

use entity::{
    Moment, Reach, Walled,
    ids::{EnvelopeId, PolicyId},
    policies::{PolicyStatus, policy, template},
    signing::signature,
};
use one_legal::{
    platform::{Actor, Work},
    signing::{self, CONSENT, EnvelopeView, NewEnvelope},
    vault,
};
use sea_orm::{ActiveModelTrait, ColumnTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, Set};
use serde_json::{Value, json};

use crate::support::{Answer, Browser, Installation};

pub const REACH: Reach = Reach::Everything("a test prepares");

/// How it is sent.
#[derive(Clone)]
pub struct Terms {
    pub signers: &'static [&'static str],
    pub sequential: bool,
    pub scroll_to_end: bool,
    pub deadline: Option<Moment>,
    pub reminders_days: Option<i32>,
}

pub const TERMS: Terms =
    Terms { signers: &["cleo", "dora"], sequential: false, scroll_to_end: true, deadline: None, reminders_days: None };

/// A policy with the client, and its envelope.
pub struct Paper {
    pub policy: PolicyId,
    pub envelope: EnvelopeId,
    pub sha256: String,
}

/// A text of three parts with markers to look for.
pub fn text() -> String {
    let filler = "The parties agree that this sentence fills the page. ".repeat(40);
    ["Scope", "Fees", "Ending"].map(|name| format!("<section><h2>{name}</h2><p>Clause on {name}. {filler}</p></section>")).concat()
}

pub async fn send(one: &Installation, terms: &Terms) -> Paper {
    let mut work = one.platform.work(Actor::program("test"), REACH).await.expect("a unit of work");
    let policy: PolicyId = work.id();
    write_policy(one, &mut work, policy).await;
    let envelope = send_again(one, &mut work, policy, terms, &text(), 1).await;
    work.commit().await.expect("committed");
    let view = view(one, envelope).await;
    Paper { policy, envelope, sha256: view.sha256 }
}

/// Sends the policy's text (once more) and puts it before the client.
pub async fn send_again(
    one: &Installation,
    work: &mut Work,
    policy: PolicyId,
    terms: &Terms,
    text: &str,
    version: i32,
) -> EnvelopeId {
    let new = NewEnvelope {
        tenant: one.cast.harbor,
        company: one.cast.acme,
        title: "Master Services Agreement".to_owned(),
        issuer: "Harbor IT".to_owned(),
        text_html: text.to_owned(),
        source: format!("policy:{policy}"),
        version,
        signers: terms.signers.iter().map(|key| one.cast.person(key).contact.expect("a contact")).collect(),
        sequential: terms.sequential,
        deadline: terms.deadline,
        scroll_to_end: terms.scroll_to_end,
        reminders_days: terms.reminders_days,
    };
    let envelope = signing::send(work, new).await.expect("sent");
    let change = policy::ActiveModel {
        id: Set(policy),
        envelope_id: Set(Some(envelope)),
        status: Set(PolicyStatus::ClientReview),
        ..Default::default()
    };
    change.update(work.write()).await.expect("the policy is with the client");
    envelope
}

async fn write_policy(one: &Installation, work: &mut Work, id: PolicyId) {
    let template = template::Entity::within(&REACH)
        .filter(template::Column::TenantId.eq(one.cast.harbor))
        .filter(template::Column::PublishedVersionId.is_not_null())
        .order_by_asc(template::Column::Id)
        .limit(1)
        .one(work.read())
        .await
        .expect("read")
        .expect("a default template");
    let key = vault::new_data_key(work, one.cast.harbor, &format!("policy:{id}")).await.expect("a key");
    let now = work.now();
    policy::ActiveModel {
        id: Set(id),
        tenant_id: Set(one.cast.harbor),
        company_id: Set(one.cast.acme),
        template_id: Set(template.id),
        template_version_id: Set(template.published_version_id.expect("published")),
        title: Set("Master Services Agreement".to_owned()),
        category: Set(template.category),
        version: Set(1),
        status: Set(PolicyStatus::Draft),
        effective_on: Set("2026-03-02".to_owned()),
        acknowledgement: Set(entity::policies::Acknowledgement::Required),
        signers: Set(entity::policies::SignerChoice::Specific),
        sequential: Set(false),
        scroll_to_end: Set(true),
        automatic: Set(false),
        direct_to_client: Set(false),
        wizard_page: Set(4),
        data_key_id: Set(key),
        draft: Set(Vec::new()),
        created_by: Set(one.cast.person("mira").account),
        created_by_name: Set("Mira Castellan".to_owned()),
        created_at: Set(now),
        updated_at: Set(now),
        sent_at: Set(Some(now)),
        ..Default::default()
    }
    .insert(work.write())
    .await
    .expect("a policy");
    work.counts_as_audited("a test prepares");
}

pub async fn view(one: &Installation, envelope: EnvelopeId) -> EnvelopeView {
    signing::envelope(&one.tx().await, envelope).await.expect("read").expect("the envelope")
}

pub async fn policy_status(one: &Installation, id: PolicyId) -> PolicyStatus {
    let found = policy::Entity::within(&REACH).filter(policy::Column::Id.eq(id)).one(&one.tx().await).await;
    found.expect("read").expect("the policy").status
}

pub async fn signatures(one: &Installation, envelope: EnvelopeId) -> u64 {
    signature::Entity::within(&REACH)
        .filter(signature::Column::EnvelopeId.eq(envelope))
        .count(&one.tx().await)
        .await
        .expect("counted")
}

impl Paper {
    pub fn sign_page(&self) -> String {
        format!("/portal/documents/{}/sign", self.policy)
    }

    pub fn at(&self, step: &str) -> String {
        format!("/portal/documents/{}/{step}", self.policy)
    }

    /// As the reading script reports it.
    pub async fn report(&self, browser: &mut Browser, furthest: i32) -> Answer {
        let body = json!({ "document_sha256": self.sha256, "furthest": furthest, "parts": { "1": 30, "2": 12 } });
        browser.post_json(&self.at("reading"), &body).await
    }

    pub fn declaration(&self, name: &str) -> Value {
        json!({ "policy_id": self.policy, "typed_name": name, "title": "Office Manager", "consent": true, "consent_version": CONSENT.version })
    }

    pub async fn acknowledge(&self, browser: &mut Browser, name: &str) -> Answer {
        browser.post_json("/portal/signing/acknowledge", &self.declaration(name)).await
    }

    /// Opens, reads to the end and signs.
    pub async fn read_and_sign(&self, browser: &mut Browser, name: &str) -> Answer {
        browser.get(&self.sign_page()).await.expect(200).shows("Clause on Ending.");
        self.report(browser, 1_000).await.expect(200);
        self.acknowledge(browser, name).await
    }
}
