//! Webhooks, heard by a program in another language: signed, tried again for days, sent once more by hand, and never sent inside.

use std::{
    collections::BTreeSet,
    io::{BufRead, BufReader, Write},
    path::Path,
    process::{Child, ChildStdin, Command, Stdio},
    sync::mpsc::{self, Receiver as Lines},
    time::Duration,
};

use entity::{
    Moment, Reach,
    integrations::{DeliveryStatus, delivery},
    wall::Walled,
};
use one_legal::platform::{Actor, outside};
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, Set};
use serde_json::{Value, json};

use super::program::{Program, found};
use crate::support::{Browser, Installation};

/// `tests/python/receiver.py`.
struct Receiver {
    child: Child,
    input: ChildStdin,
    lines: Lines<String>,
    port: u16,
}

impl Receiver {
    fn start() -> Self {
        let mut child = Command::new("python3")
            .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/python/receiver.py"))
            .env("PYTHONDONTWRITEBYTECODE", "1")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("python3 is needed: ./check installs it");
        let (tell, lines) = mpsc::channel();
        let output = BufReader::new(child.stdout.take().expect("its output"));
        std::thread::spawn(move || output.lines().map_while(Result::ok).try_for_each(|line| tell.send(line)));
        let input = child.stdin.take().expect("its input");
        let mut receiver = Self { child, input, lines, port: 0 };
        receiver.port = receiver.line().parse().expect("a port");
        receiver
    }

    fn line(&self) -> String {
        self.lines.recv_timeout(Duration::from_secs(20)).expect("the receiver says something")
    }

    fn say(&mut self, word: &str) {
        writeln!(self.input, "{word}").expect("written");
        self.input.flush().expect("flushed");
        self.line();
    }

    /// The next delivery it heard.
    fn heard(&self) -> Value {
        serde_json::from_str(&self.line()).expect("JSON")
    }

    fn is_quiet(&self) -> bool {
        self.lines.try_recv().is_err()
    }
}

impl Drop for Receiver {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The webhook's page, and its secret.
async fn hook(mira: &mut Browser, url: &str, events: &[&str]) -> (String, String) {
    let mut fields = vec![("name", "Robot"), ("url", url), ("which", if events.is_empty() { "all" } else { "some" })];
    fields.extend(events.iter().map(|event| ("events", *event)));
    let page = mira.post("/admin/integrations/hooks", &fields).await.expect(201);
    let secret = found(&page.text, "olw_").expect("the secret is on the page");
    let at = page.text.find("/admin/integrations/hooks/").expect("an address");
    let address = page.text[at..].split('"').next().expect("an address");
    (address.trim_end_matches("/test").trim_end_matches("/pause").to_owned(), secret)
}

async fn open_ticket(program: &mut Program, one: &Installation, subject: &str) {
    let wish = json!({ "company_id": one.cast.acme, "subject": subject, "description": "A secret body" });
    program.post("/api/v1/tickets", None, &wish).await.expect(201);
}

#[actix_web::test]
async fn what_happens_is_heard_signed_by_a_program_in_another_language() {
    let one = Installation::with(&[("HOOKS_TO_LOOPBACK", "true")]).await;
    let mut receiver = Receiver::start();
    let mut mira = one.browser("mira").await;
    let url = format!("http://127.0.0.1:{}/hook", receiver.port);
    let (address, secret) = hook(&mut mira, &url, &["ticket.opened"]).await;
    receiver.say(&secret);
    mira.get(&address).await.expect(200).hides(&secret).shows("No deliveries");
    let mut program = Program::of(&one, "mira", &["tickets:write", "events:read"]).await;
    open_ticket(&mut program, &one, "Printer on fire").await;
    one.run_jobs().await;
    let line = receiver.heard();
    assert_eq!((line["verified"].clone(), line["tampered"].clone()), (json!(true), json!(false)), "{line}");
    assert_eq!(line["header"], "ticket.opened");
    assert_eq!(line["event"]["data"]["subject"], "Printer on fire");
    assert!(!line.to_string().contains("A secret body") && line["cookie"].is_null());
    let fed = program.get("/api/v1/feed?type=ticket.opened").await.expect(200).json();
    assert_eq!(fed["items"][0], line["event"], "the feed and the webhook say the same");
    mira.get(&address).await.expect(200).shows("Delivered").shows("204");
    // What it does not want to hear, it does not hear; what is another MSP's neither.
    let mut eve = Program::of(&one, "eve", &["clients:write", "tickets:write"]).await;
    let pines = eve.post("/api/v1/clients", None, &json!({ "name": "Spruce" })).await.expect(201).json()["id"].clone();
    let wish = json!({ "company_id": pines, "subject": "Theirs", "description": "x" });
    eve.post("/api/v1/tickets", None, &wish).await.expect(201);
    one.run_jobs().await;
    assert!(receiver.is_quiet());
    mira.post(&format!("{address}/test"), &[]).await.expect(303);
    one.run_jobs().await;
    assert_eq!(receiver.heard()["header"], "hook.tested");
}

#[actix_web::test]
async fn a_program_that_is_away_hears_later_and_after_days_an_admin_is_told() {
    let one = Installation::with(&[("HOOKS_TO_LOOPBACK", "true")]).await;
    let mut receiver = Receiver::start();
    let mut mira = one.browser("mira").await;
    let url = format!("http://127.0.0.1:{}/hook", receiver.port);
    let (address, secret) = hook(&mut mira, &url, &["ticket.opened"]).await;
    receiver.say(&secret);
    receiver.say("fail");
    let mut program = Program::of(&one, "mira", &["tickets:write"]).await;
    open_ticket(&mut program, &one, "First").await;
    one.run_jobs().await;
    let first = receiver.heard();
    one.run_jobs().await;
    assert!(receiver.is_quiet(), "it is left alone for a minute");
    mira.get(&address).await.expect(200).shows("Nothing was taken since").shows("it answered 503");
    one.platform.clock.advance(61 * Moment::SECOND);
    receiver.say("ok");
    one.run_jobs().await;
    let second = receiver.heard();
    assert_eq!(first["delivery"], second["delivery"]);
    assert_eq!(first["event"], second["event"]);
    mira.get(&address).await.expect(200).hides("Nothing was taken since").shows("2 tries");
    // A redirect is no answer, and is not followed.
    receiver.say("away");
    open_ticket(&mut program, &one, "Second").await;
    one.run_jobs().await;
    receiver.heard();
    mira.get(&address).await.expect(200).shows("302");
    receiver.say("fail");
    let mut tries = 1;
    for _ in 0..20 {
        one.platform.clock.advance(36 * Moment::HOUR);
        one.run_jobs().await;
        while receiver.lines.try_recv().is_ok() {
            tries += 1;
        }
    }
    assert_eq!(tries, 10, "one try and nine more");
    let mut mira = one.browser("mira").await;
    let page = mira.get(&address).await.expect(200).shows("Given up").shows("Paused.");
    mira.get("/legal/notifications").await.expect(200).shows("The webhook of Robot is paused");
    let findings = one_legal::admin::findings(&one.platform).await;
    assert!(findings.iter().any(|finding| finding.check == "webhook" && finding.what.contains("Robot")));
    // What happens meanwhile waits, and goes out when it goes on; what was given up is sent again by hand.
    let mut program = Program::of(&one, "mira", &["tickets:write"]).await;
    open_ticket(&mut program, &one, "Third").await;
    one.run_jobs().await;
    assert!(receiver.is_quiet());
    receiver.say("ok");
    mira.post(&format!("{address}/resume"), &[]).await.expect(303);
    one.run_jobs().await;
    assert_eq!(receiver.heard()["event"]["data"]["subject"], "Third");
    mira.get("/admin/integrations").await.expect(200).shows("given up: 1").shows("Send what was given up");
    mira.post("/admin/integrations/own/again", &[]).await.expect(303);
    one.run_jobs().await;
    assert_eq!(receiver.heard()["event"]["data"]["subject"], "Second");
    mira.get("/admin/integrations").await.expect(200).hides("given up: 1");
    let at = page.text.find("/deliveries/").map(|at| page.text[at..].split('"').next().expect("an address").to_owned());
    mira.post(&format!("{address}{}", at.expect("a button to send again")), &[]).await.expect(303);
    one.run_jobs().await;
    assert_eq!(receiver.heard()["event"]["data"]["subject"], "Second");
}

/// How many deliveries wait.
async fn waiting(one: &Installation) -> u64 {
    let tx = one.tx().await;
    let rows = delivery::Entity::within(tx.reach()).filter(delivery::Column::Status.eq(DeliveryStatus::Waiting));
    rows.count(&tx).await.expect("counted")
}

/// So many more deliveries of the event that one is there of, as a long pause leaves them: nobody is to try them.
async fn left_by_a_pause(one: &Installation, many: usize) {
    let tx = one.tx().await;
    let first = delivery::Entity::within(tx.reach()).one(&tx).await.expect("read").expect("a delivery");
    drop(tx);
    let mut work = one.platform.work(Actor::program("test"), Reach::Tenants(vec![one.cast.harbor])).await.expect("a work");
    let rows: Vec<delivery::ActiveModel> = (0..many)
        .map(|_| delivery::ActiveModel {
            id: Set(work.id()),
            status: Set(DeliveryStatus::Waiting),
            next_at: Set(None),
            ..first.clone().into()
        })
        .collect();
    for rows in rows.chunks(200) {
        delivery::Entity::insert_many(rows.to_vec()).exec_without_returning(work.write()).await.expect("rows");
    }
    work.counts_as_audited("a test");
    work.commit().await.expect("committed");
}

#[actix_web::test]
async fn everything_that_waited_for_a_paused_address_goes_out_when_it_goes_on() {
    let one = Installation::with(&[("HOOKS_TO_LOOPBACK", "true")]).await;
    let mut receiver = Receiver::start();
    let mut mira = one.browser("mira").await;
    let url = format!("http://127.0.0.1:{}/hook", receiver.port);
    let (address, secret) = hook(&mut mira, &url, &["ticket.opened"]).await;
    receiver.say(&secret);
    mira.post(&format!("{address}/pause"), &[]).await.expect(303);
    let mut program = Program::of(&one, "mira", &["tickets:write"]).await;
    open_ticket(&mut program, &one, "While it is paused").await;
    one.run_jobs().await;
    assert!(receiver.is_quiet());
    left_by_a_pause(&one, 1_050).await;
    assert_eq!(waiting(&one).await, 1_051);
    mira.get(&address).await.expect(200).hides("Send again");
    mira.post(&format!("{address}/resume"), &[]).await.expect(303);
    one.run_jobs().await;
    assert_eq!(waiting(&one).await, 0);
    let heard: BTreeSet<String> = (0..1_051).map(|_| receiver.heard()["delivery"].to_string()).collect();
    assert_eq!((heard.len(), receiver.is_quiet()), (1_051, true), "each once");
    // What nobody tries, for whatever cause, is sent by hand; what is on its way is not.
    left_by_a_pause(&one, 1).await;
    let page = mira.get(&format!("{address}?status=waiting")).await.expect(200).text;
    let at = page.find("/deliveries/").expect("a button to send it");
    let again = format!("{address}{}", page[at..].split('"').next().expect("an address"));
    mira.post(&again, &[]).await.expect(303);
    mira.post(&again, &[]).await.expect(409);
    one.run_jobs().await;
    assert!(receiver.heard()["verified"] == true && receiver.is_quiet());
}

#[actix_web::test]
async fn nothing_inside_our_own_network_is_ever_spoken_to() {
    let one = Installation::new().await;
    let mut mira = one.browser("mira").await;
    for url in [
        "http://example.com/hook",
        "https://127.0.0.1/hook",
        "https://127.1/hook",
        "https://2130706433/hook",
        "https://localhost/hook",
        "https://10.0.0.8/hook",
        "https://192.168.1.1/hook",
        "https://169.254.169.254/latest/meta-data/",
        "https://[::1]/hook",
        "https://[fd00::1]/hook",
        "https://[::ffff:10.0.0.1]/hook",
        "https://metadata.google.internal/",
        "https://user:password@example.com/",
        "ftp://example.com/",
        "file:///etc/passwd",
        "nothing",
    ] {
        let fields = [("name", "Robot"), ("url", url), ("which", "all")];
        mira.post("/admin/integrations/hooks", &fields).await.expect(422).shows("Robot");
    }
    let fields = [("name", "Robot"), ("url", "https://example.com/hook"), ("which", "all")];
    mira.post("/admin/integrations/hooks", &fields).await.expect(201);
    // A name that leads inside, whatever it is called: /etc/hosts has one on every machine.
    let hosts = std::fs::read_to_string("/etc/hosts").unwrap_or_default();
    let mut inside: Vec<&str> = hosts
        .lines()
        .filter(|line| line.starts_with("127.") || line.starts_with("::1") || line.starts_with("10.") || line.starts_with("172."))
        .flat_map(|line| line.split_whitespace().skip(1))
        .filter(|name| *name != "localhost" && !name.contains("localhost"))
        .collect();
    inside.truncate(2);
    for name in inside {
        let heard = outside::post(&one.platform.config, &format!("https://{name}/hook"), &[], "{}".to_owned()).await;
        assert!(heard.expect_err("it is not spoken to").contains("inside a network"), "{name}");
    }
    let narrow = Installation::with(&[("HOOKS_HOSTS", "example.com")]).await;
    let config = &narrow.platform.config;
    assert!(outside::checked(config, "https://hooks.example.com/a").is_ok());
    assert!(outside::checked(config, "https://example.com/a").is_ok());
    for other in ["https://example.org/a", "https://notexample.com/a", "https://1.1.1.1/a"] {
        assert!(outside::checked(config, other).is_err(), "{other}");
    }
}

#[actix_web::test]
async fn the_feed_has_no_gap_and_no_double_whoever_writes_at_once() {
    let one = Installation::new().await;
    let mut program = Program::of(&one, "mira", &["tickets:write", "events:read"]).await;
    let token = program.token.clone();
    let many = (0..30).map(|n| {
        let (mut writer, acme) = (Program::with(&one, &token), one.cast.acme);
        async move {
            let wish = json!({ "company_id": acme, "subject": format!("No. {n}"), "description": "x" });
            writer.post("/api/v1/tickets", None, &wish).await.expect(201);
        }
    });
    futures_util::future::join_all(many).await;
    let items = program.get("/api/v1/feed?limit=200").await.expect(200).json();
    let seqs: Vec<i64> =
        items["items"].as_array().expect("items").iter().map(|item| item["seq"].as_i64().expect("a number")).collect();
    assert_eq!(seqs, (1..=30).collect::<Vec<_>>());
    let rest = program.get("/api/v1/feed?after=30").await.expect(200).json();
    assert_eq!((rest["items"].as_array().map(Vec::len), rest["next"].as_str()), (Some(0), Some("30")));
}
