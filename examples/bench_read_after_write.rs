//! Read after write (F33): Cleo signs, and at once the vault's list, the client's score and the owner's bell are read. The first
//! read must be right, every time.
//!
//! `cargo run --release --example bench_read_after_write [rounds]` (10,000 where none are given)
//!
//! The product serves in this process over a fresh SQLite database in a temporary folder; everything measured goes through its
//! handlers on loopback. Ends with 1 where a first read was wrong, and says which.

mod support;

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use entity::{
    Moment, Reach, Walled,
    ids::PolicyId,
    policies::{Acknowledgement, PolicyStatus, SignerChoice, policy, template},
};
use one_legal::{
    app::{cast::Cast, start},
    platform::{Actor, Platform},
    signing::{self, CONSENT, NewEnvelope},
    vault,
};
use reqwest::{Client, Method, RequestBuilder};
use sea_orm::{ActiveModelTrait, ColumnTrait, QueryFilter, Set};
use serde_json::{Value, json};
use support::at;

type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

const REACH: Reach = Reach::Everything("benchmark");

#[actix_web::main]
async fn main() -> Outcome<()> {
    let rounds: usize = std::env::args().nth(1).and_then(|word| word.parse().ok()).unwrap_or(10_000);
    let folder = tempfile::tempdir()?;
    let port = support::free_port();
    let (platform, cast) = support::installed(support::settings(folder.path(), port, &[])).await?;
    let serving = Arc::clone(&platform);
    std::thread::spawn(move || actix_web::rt::System::new().block_on(start::serve(serving)));

    let url = format!("http://127.0.0.1:{port}");
    let client = Client::builder().no_proxy().build()?;
    let one = Bench {
        cleo: session(&platform, &cast, "cleo").await?,
        mira: session(&platform, &cast, "mira").await?,
        platform,
        cast,
        client,
        url,
    };
    let waiting = Instant::now();
    while !one.client.get(format!("{}/readyz", one.url)).send().await.is_ok_and(|answer| answer.status() == 200) {
        if waiting.elapsed() > Duration::from_secs(30) {
            return Err("the server is not ready within 30 s".into());
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }

    let (started, mut wrong, mut times) = (Instant::now(), 0_usize, Vec::with_capacity(rounds));
    for round in 1..=rounds {
        let paper = one.paper(round).await?;
        one.sign(&paper).await?;
        let signed = Instant::now();
        let found = one.first_reads(&paper).await?;
        times.push(signed.elapsed().as_secs_f64() * 1_000.0);
        for what in found {
            wrong += 1;
            println!("round {round}: {what}");
        }
        one.put_away(&paper).await?;
        if round % 1_000 == 0 {
            println!("{round} rounds in {:.0} s, {wrong} wrong first reads", started.elapsed().as_secs_f64());
        }
    }
    println!(
        "{}: {rounds} rounds, {} first reads, {wrong} wrong; the three reads together p50 {:.1} ms, p99 {:.1} ms",
        if wrong == 0 { "PASS" } else { "FAIL" },
        rounds * 3,
        at(&mut times, 0.5),
        at(&mut times, 0.99)
    );
    std::process::exit(i32::from(wrong > 0))
}

struct Bench {
    platform: Arc<Platform>,
    cast: Cast,
    client: Client,
    url: String,
    cleo: String,
    mira: String,
}

/// A policy before Cleo, to be signed.
struct Paper {
    policy: PolicyId,
    title: String,
    sha256: String,
}

impl Bench {
    fn ask(&self, method: Method, path: &str, cookie: &str) -> RequestBuilder {
        let request = self.client.request(method, format!("{}{path}", self.url)).header("cookie", cookie);
        request.header("origin", &self.url).header("sec-fetch-site", "same-origin")
    }

    async fn json(&self, path: &str) -> Outcome<Value> {
        let answer = self.ask(Method::GET, path, &self.mira).header("accept", "application/json").send().await?;
        if answer.status() != 200 {
            return Err(format!("{path} answered {}", answer.status()).into());
        }
        Ok(answer.json().await?)
    }

    /// Everything before the signature is put there directly: it is not what is measured.
    async fn paper(&self, round: usize) -> Outcome<Paper> {
        let (harbor, acme) = (self.cast.harbor, self.cast.acme);
        let title = format!("Master Services Agreement {round:06}");
        let mut work = self.platform.work(Actor::program("benchmark"), REACH).await?;
        let template = template::Entity::within(&REACH)
            .filter(template::Column::TenantId.eq(harbor))
            .filter(template::Column::PublishedVersionId.is_not_null())
            .one(work.read())
            .await?
            .ok_or("the cast has templates")?;
        let id: PolicyId = work.id();
        let key = vault::new_data_key(&mut work, harbor, &format!("policy:{id}")).await?;
        let now = work.now();
        let mut row = policy::ActiveModel {
            id: Set(id),
            tenant_id: Set(harbor),
            company_id: Set(acme),
            template_id: Set(template.id),
            template_version_id: Set(template.published_version_id.ok_or("published")?),
            title: Set(title.clone()),
            category: Set(template.category),
            version: Set(1),
            status: Set(PolicyStatus::ClientReview),
            effective_on: Set("2026-03-02".to_owned()),
            acknowledgement: Set(Acknowledgement::Required),
            signers: Set(SignerChoice::Specific),
            sequential: Set(false),
            scroll_to_end: Set(true),
            automatic: Set(false),
            direct_to_client: Set(false),
            wizard_page: Set(4),
            data_key_id: Set(key),
            draft: Set(Vec::new()),
            created_by: Set(self.cast.person("mira").account),
            created_by_name: Set("Mira Castellan".to_owned()),
            created_at: Set(now),
            updated_at: Set(now),
            sent_at: Set(Some(now)),
            ..Default::default()
        };
        row.clone().insert(work.write()).await?;
        let new = NewEnvelope {
            tenant: harbor,
            company: acme,
            title: title.clone(),
            issuer: "Harbor IT".to_owned(),
            text_html: format!("<section><h2>Scope</h2><p>Agreement number {round}.</p></section>"),
            source: format!("policy:{id}"),
            version: 1,
            signers: vec![self.cast.person("cleo").contact.ok_or("Cleo is a contact")?],
            sequential: false,
            deadline: Some(now.plus(30 * Moment::DAY)),
            scroll_to_end: true,
            reminders_days: None,
        };
        let envelope = signing::send(&mut work, new).await?;
        row = policy::ActiveModel { id: Set(id), envelope_id: Set(Some(envelope)), ..Default::default() };
        row.update(work.write()).await?;
        work.counts_as_audited("benchmark");
        work.commit().await?;
        let tx = self.platform.read(REACH).await?;
        let sha256 = signing::envelope(&tx, envelope).await?.ok_or("just sent")?.sha256;
        Ok(Paper { policy: id, title, sha256 })
    }

    async fn sign(&self, paper: &Paper) -> Outcome<()> {
        let page = format!("/portal/documents/{}", paper.policy);
        let opened = self.ask(Method::GET, &format!("{page}/sign"), &self.cleo).header("accept", "text/html").send().await?;
        let _ = opened.text().await?;
        let read = json!({ "document_sha256": paper.sha256, "furthest": 1_000, "parts": { "1": 30 } });
        self.ask(Method::POST, &format!("{page}/reading"), &self.cleo).json(&read).send().await?.error_for_status()?;
        let declared = json!({ "policy_id": paper.policy, "typed_name": "Cleo Vance", "title": "Office Manager", "consent": true,
            "consent_version": CONSENT.version });
        let answer = self.ask(Method::POST, "/portal/signing/acknowledge", &self.cleo).json(&declared).send().await?;
        if answer.status() != 201 {
            return Err(format!("signing answered {}: {}", answer.status(), answer.text().await?).into());
        }
        Ok(())
    }

    /// What of the first reads was not right.
    async fn first_reads(&self, paper: &Paper) -> Outcome<Vec<String>> {
        let mut wrong = Vec::new();
        let vault = self.json("/api/v1/documents").await?.to_string();
        if !vault.contains(&paper.title) {
            wrong.push(format!("“{}” is not in the vault's list", paper.title));
        }
        let score = self.json(&format!("/api/v1/compliance/{}", self.cast.acme)).await?;
        if score["score"] != 100 || !score["signed"].to_string().contains(&paper.policy.to_string()) {
            wrong.push(format!("the score does not know of it: {score}"));
        }
        let bell = self.json("/api/v1/notifications").await?;
        let words = format!("Cleo Vance signed “{}”", paper.title);
        if !bell["notifications"].as_array().is_some_and(|lines| {
            lines.iter().take(5).any(|line| line["words"].as_str().is_some_and(|text| text.starts_with(&words)))
        }) {
            wrong.push("the bell does not tell of it".to_owned());
        }
        Ok(wrong)
    }

    /// Out of the score, so that the last round is as long as the first.
    async fn put_away(&self, paper: &Paper) -> Outcome<()> {
        let mut work = self.platform.work(Actor::program("benchmark"), REACH).await?;
        let row = policy::ActiveModel { id: Set(paper.policy), status: Set(PolicyStatus::Archived), ..Default::default() };
        row.update(work.write()).await?;
        work.counts_as_audited("benchmark");
        Ok(work.commit().await?)
    }
}

async fn session(platform: &Arc<Platform>, cast: &Cast, key: &str) -> Outcome<String> {
    let person = cast.person(key);
    let method = if person.portal { "password" } else { "password+totp" };
    let mut work = support::work(platform).await?;
    let cookie = support::cookie(&mut work, person.account, method).await?;
    work.counts_as_audited("benchmark");
    work.commit().await?;
    Ok(cookie)
}
