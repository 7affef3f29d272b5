//! Times of pages and sign-in on this machine: a full database, the real binary as a child, a client on loopback.
//!
//! `cargo build --release && cargo run --release --example bench`
//!
//! Prints server time (the `server-timing` header) p50 and p99 of the list pages with 1,000 policies, 5,000 documents and a matter
//! of 2,000 messages; logins a second; memory idle and after the run.

use std::{
    net::TcpListener,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::Arc,
    time::{Duration, Instant},
};

use entity::{
    Moment, Reach,
    identity::SessionStage,
    ids::{DocumentId, DocumentVersionId, MatterId, PolicyId},
    matters::{MatterKind, Urgency},
    policies::{Acknowledgement, PolicyStatus, SignerChoice, policy, template},
    vault::{Category, DocumentStatus, document, grant},
    wall::Walled,
};
use one_legal::{
    app::{cast, cast::Cast, jobs, start},
    identity,
    matters::{self, Claimant, MatterOpener, MatterView, OpenMatter},
    messaging::{self, Participant},
    platform::{Actor, Clock, Config, Platform, config::Source, random},
    tenancy::{self, Caller},
    vault,
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, Set};

const POLICIES: usize = 1_000;
const DOCUMENTS: usize = 5_000;
const MESSAGES: usize = 2_000;
const REQUESTS: usize = 300;
/// Messages handed to the writer at once.
const BATCH: usize = 250;

type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

#[actix_web::main]
async fn main() -> Outcome<()> {
    let folder = tempfile::tempdir()?;
    let address = TcpListener::bind("127.0.0.1:0")?.local_addr()?.to_string();
    let settings = [("BIND", address.clone()), ("DATA_DIR", folder.path().display().to_string())];
    let config = Config::load(&Source::from_pairs(settings)).map_err(|e| e.to_string())?;
    let started = Instant::now();
    let platform = start::open(config, Clock::system()).await?;
    let _ = jobs::table();
    let cast = cast::create(&platform).await?;
    let matter = fill(&platform, &cast).await?;
    let mira = session(&platform, &cast, "mira").await?;
    let ada = session(&platform, &cast, "ada").await?;
    platform.db.close().await;
    println!(
        "filled in {:.1} s: {POLICIES} policies, {DOCUMENTS} documents, {MESSAGES} messages\n",
        started.elapsed().as_secs_f64()
    );

    let (server, ready) = serve(folder.path(), &address).await?;
    println!("ready after {} ms; memory idle {:.1} MiB\n", ready.as_millis(), rss(server.0.id()));
    let url = format!("http://{address}");
    println!("{:<42} {:>9} {:>9} {:>9}   (server time, ms)", "page", "p50", "p99", "kB");
    for (name, path, cookie) in [
        ("dashboard of the MSP's owner", "/legal/dashboard".to_owned(), &mira),
        ("dashboard of the attorney", "/legal/dashboard".to_owned(), &ada),
        ("policies, first of 1,000", "/legal/policies".to_owned(), &mira),
        ("policies, page 15", "/legal/policies?page=15".to_owned(), &mira),
        ("compliance, 1,000 policies", "/legal/compliance".to_owned(), &mira),
        ("vault, first of 5,000", "/legal/vault".to_owned(), &mira),
        ("vault, searched", "/legal/vault?q=report+4711".to_owned(), &mira),
        ("matters", "/legal/matters".to_owned(), &ada),
        ("matter of 2,000 messages", format!("/legal/matters/{matter}"), &ada),
        ("health check", "/healthz".to_owned(), &mira),
    ] {
        page(&url, name, &path, cookie).await?;
    }
    logins(&url, &cast).await?;
    println!("\nmemory after the run {:.1} MiB", rss(server.0.id()));
    Ok(())
}

/// A child that dies with us.
struct Server(Child);

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// The release binary beside this example.
fn binary() -> Outcome<PathBuf> {
    let mut path = std::env::current_exe()?;
    path.pop();
    if path.ends_with("examples") {
        path.pop();
    }
    Ok(path.join("one-legal"))
}

async fn serve(folder: &Path, address: &str) -> Outcome<(Server, Duration)> {
    let started = Instant::now();
    let child = Command::new(binary()?)
        .args(["serve", "--bind", address, "--data-dir"])
        .arg(folder)
        .env("RUST_LOG", "warn")
        .env("LOGIN_RATE", "100000")
        .stdout(Stdio::null())
        .spawn()?;
    let server = Server(child);
    let client = reqwest::Client::builder().no_proxy().build()?;
    while !client.get(format!("http://{address}/readyz")).send().await.is_ok_and(|a| a.status() == 200) {
        if started.elapsed() > Duration::from_secs(30) {
            return Err("the server is not ready within 30 s; was it built with --release?".into());
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    Ok((server, started.elapsed()))
}

/// Resident memory of a process, MiB.
fn rss(pid: u32) -> f64 {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap_or("");
    line.split_whitespace().nth(1).and_then(|kb| kb.parse::<f64>().ok()).unwrap_or(0.0) / 1024.0
}

async fn session(platform: &Arc<Platform>, cast: &Cast, key: &str) -> Outcome<String> {
    let mut work = platform.work(Actor::program("bench"), Reach::Everything("bench")).await?;
    let account = cast.person(key).account;
    let open = identity::OpenSession { account, stage: SessionStage::Full, method: "password+totp" };
    let (_, token) = identity::open_session(&mut work, open).await?;
    work.counts_as_audited("bench");
    work.commit().await?;
    Ok(format!("session={token}"))
}

async fn page(url: &str, name: &str, path: &str, cookie: &str) -> Outcome<()> {
    let client = reqwest::Client::builder().no_proxy().build()?;
    let mut times = Vec::with_capacity(REQUESTS);
    let mut size = 0;
    for _ in 0..REQUESTS {
        let answer = client.get(format!("{url}{path}")).header("cookie", cookie).header("accept", "text/html").send().await?;
        if answer.status() != 200 {
            println!("{name:<42} answered {}", answer.status());
            return Ok(());
        }
        let timing = answer.headers().get("server-timing").and_then(|v| v.to_str().ok()).unwrap_or("").to_owned();
        times.push(timing.rsplit('=').next().and_then(|ms| ms.parse::<f64>().ok()).unwrap_or(f64::NAN));
        size = answer.bytes().await?.len();
    }
    times.sort_by(f64::total_cmp);
    let at = |share: f64| times[((times.len() - 1) as f64 * share) as usize];
    println!("{name:<42} {:>9.2} {:>9.2} {:>9.1}", at(0.5), at(0.99), size as f64 / 1024.0);
    Ok(())
}

/// Right passwords of clients, eight at once: argon2 is the bound.
async fn logins(url: &str, cast: &Cast) -> Outcome<()> {
    let until = Instant::now() + Duration::from_secs(6);
    let mut tasks = Vec::new();
    for person in ["ben", "cleo", "dora", "gus"].iter().cycle().take(8) {
        let email = cast.person(person).email.clone();
        let url = url.to_owned();
        tasks.push(actix_web::rt::spawn(async move {
            let client = reqwest::Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none()).build().ok()?;
            let mut count = 0_u32;
            while Instant::now() < until {
                let answer = client
                    .post(format!("{url}/portal/login?tenant=harbor"))
                    .header("origin", &url)
                    .header("accept", "text/html")
                    .form(&[("email", email.as_str()), ("password", cast::PASSWORD), ("tenant", "harbor")])
                    .send()
                    .await
                    .ok()?;
                if answer.status() != 303 {
                    eprintln!("a login answered {}", answer.status());
                    return Some(count);
                }
                count += 1;
            }
            Some(count)
        }));
    }
    let mut total = 0;
    for task in tasks {
        total += task.await?.unwrap_or(0);
    }
    println!("\nlogins {:.0}/s (8 at once, argon2id 19 MiB t=2)", f64::from(total) / 6.0);
    Ok(())
}

/// Lists as long as an MSP of some years has them.
async fn fill(platform: &Arc<Platform>, cast: &Cast) -> Outcome<MatterId> {
    let mut work = platform.work(Actor::program("bench"), Reach::Everything("bench")).await?;
    let reach = Reach::Tenants(vec![cast.harbor]);
    let template = template::Entity::within(&reach)
        .filter(template::Column::Slug.eq("msa"))
        .one(work.read())
        .await?
        .ok_or("the cast has the default templates")?;
    let version = entity::policies::template_version::Entity::within(&reach)
        .filter(entity::policies::template_version::Column::TemplateId.eq(template.id))
        .one(work.read())
        .await?
        .ok_or("a template has a version")?;
    let key = vault::new_data_key(&mut work, cast.harbor, "bench").await?;
    let mira = cast.person("mira");
    let statuses = [PolicyStatus::Draft, PolicyStatus::InternalReview, PolicyStatus::ClientReview, PolicyStatus::Published];
    let now = work.now();
    let mut policies = Vec::new();
    for n in 0..POLICIES {
        let at = now.plus(-(n as i64) * Moment::HOUR);
        policies.push(policy::ActiveModel {
            id: Set(PolicyId(random::id(at))),
            tenant_id: Set(cast.harbor),
            company_id: Set(if n % 3 == 0 { cast.bluefin } else { cast.acme }),
            template_id: Set(template.id),
            template_version_id: Set(version.id),
            title: Set(format!("Master Services Agreement {n}")),
            category: Set(template.category),
            version: Set(1),
            status: Set(statuses[n % statuses.len()]),
            effective_on: Set("2026-03-02".to_owned()),
            expires_on: Set(None),
            acknowledgement: Set(Acknowledgement::Required),
            signers: Set(SignerChoice::All),
            sequential: Set(false),
            deadline_on: Set(None),
            reminder_days: Set(None),
            scroll_to_end: Set(true),
            automatic: Set(false),
            direct_to_client: Set(false),
            wizard_page: Set(4),
            data_key_id: Set(key),
            draft: Set(vec![0; 600]),
            rendered: Set(None),
            text_sha256: Set(None),
            envelope_id: Set(None),
            supersedes_id: Set(None),
            copies_to: Set(String::new()),
            notice_id: Set(None),
            created_by: Set(mira.account),
            created_by_name: Set(mira.name.to_owned()),
            created_at: Set(at),
            updated_at: Set(at),
            submitted_at: Set(Some(at)),
            sent_back_at: Set(None),
            approved_at: Set(None),
            approved_by_name: Set(None),
            sent_at: Set(Some(at)),
            signed_at: Set(None),
            published_at: Set(None),
            ended_at: Set(None),
            reason: Set(None),
        });
    }
    for chunk in policies.chunks(200) {
        policy::Entity::insert_many(chunk.to_vec()).exec_without_returning(work.write()).await?;
    }
    let (mut documents, mut grants) = (Vec::new(), Vec::new());
    for n in 0..DOCUMENTS {
        let at = now.plus(-(n as i64) * Moment::MINUTE);
        let id = DocumentId(random::id(at));
        documents.push(document::ActiveModel {
            id: Set(id),
            tenant_id: Set(cast.harbor),
            company_id: Set(Some(if n % 3 == 0 { cast.bluefin } else { cast.acme })),
            category: Set(Category::Contracts),
            owner: Set("vault".to_owned()),
            title: Set(format!("Report {n}")),
            status: Set(DocumentStatus::Current),
            version_id: Set(DocumentVersionId(random::id(at))),
            version: Set(1),
            file_name: Set(format!("report-{n}.pdf")),
            media_type: Set("application/pdf".to_owned()),
            size: Set(123_456),
            sha256: Set("0".repeat(64)),
            created_by: Set(Some(mira.account)),
            created_by_name: Set(mira.name.to_owned()),
            created_at: Set(at),
            updated_at: Set(at),
            waiting_since: Set(None),
        });
        grants.push(grant::ActiveModel {
            id: Set(random::id(at).into()),
            tenant_id: Set(cast.harbor),
            document_id: Set(id),
            audience: Set("staff".to_owned()),
            created_at: Set(at),
        });
    }
    for chunk in documents.chunks(500) {
        document::Entity::insert_many(chunk.to_vec()).exec_without_returning(work.write()).await?;
    }
    for chunk in grants.chunks(1_000) {
        grant::Entity::insert_many(chunk.to_vec()).exec_without_returning(work.write()).await?;
    }
    work.counts_as_audited("bench");
    work.commit().await?;
    matter(platform, cast).await
}

/// A matter that Tom opened and Ada took, with its messages.
async fn matter(platform: &Arc<Platform>, cast: &Cast) -> Outcome<MatterId> {
    let (tom, ada) = (caller(platform, cast, "tom").await?, caller(platform, cast, "ada").await?);
    let actor = |caller: &Caller| Actor { account: Some(caller.account), name: caller.name.clone(), ..Actor::program("bench") };
    let mut work = platform.work(actor(&tom), tom.reach()).await?;
    let input = OpenMatter {
        id: work.id(),
        tenant: cast.harbor,
        company: Some(cast.acme),
        title: "A long conversation".to_owned(),
        kind: MatterKind::General,
        urgency: Urgency::Normal,
        description: "Two thousand messages.".to_owned(),
        key: random::token(),
    };
    let (id, _) = matters::open(&mut work, &MatterOpener::of(Arc::clone(&tom))?, input).await?;
    work.commit().await?;
    let mut work = platform.work(actor(&ada), ada.reach()).await?;
    let view = MatterView::of(work.read(), Arc::clone(&ada), id).await?;
    let conversation = view.matter.conversation_id;
    matters::claim(&mut work, &Claimant::of(view)?).await?;
    work.commit().await?;
    let people = [Participant::of(platform, &tom, conversation).await?, Participant::of(platform, &ada, conversation).await?];
    let words = "The agreement asks for approval in writing; the ticket of that Sunday is in writing, is it not?";
    for from in (0..MESSAGES).step_by(BATCH) {
        let batch: Vec<_> = (from..MESSAGES.min(from + BATCH)).map(|n| (&people[n % 2], format!("{n}: {words}"))).collect();
        messaging::post_all(platform, &batch).await?;
    }
    Ok(id)
}

/// A person as the session middleware would know them.
async fn caller(platform: &Arc<Platform>, cast: &Cast, key: &str) -> Outcome<Arc<Caller>> {
    let token = session(platform, cast, key).await?;
    let tx = platform.read(Reach::Everything("bench")).await?;
    let token = token.trim_start_matches("session=");
    let signed_in = identity::signed_in(platform, &tx, token).await?.ok_or("a session just opened is live")?;
    let caller = tenancy::caller_of(&tx, &signed_in.account, &signed_in.session).await?.ok_or("the cast has seats")?;
    Ok(Arc::new(caller))
}
