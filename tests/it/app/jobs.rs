//! How jobs share a process: what hangs holds up its own kind alone, and what breaks is tried again.

use std::{
    net::TcpListener,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use entity::{
    Moment, Reach, Unwalled,
    platform::job::{self, JobStatus},
};
use one_legal::platform::{Actor, Job, Jobs, Outcome, Platform, Result};
use sea_orm::{ColumnTrait, QueryFilter};
use serde::{Deserialize, Serialize};

use crate::support::Installation;

/// Takes every connection and never says a word; counts them.
fn silent() -> (String, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let url = format!("http://{}/hook", listener.local_addr().expect("its address"));
    let taken = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&taken);
    std::thread::spawn(move || {
        let mut kept = Vec::new();
        for connection in listener.incoming() {
            kept.push(connection);
            count.fetch_add(1, Ordering::SeqCst);
        }
    });
    (url, taken)
}

async fn until(what: &str, mut is: impl FnMut() -> bool) {
    for _ in 0..4_000 {
        if is() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    panic!("it did not come to pass: {what}");
}

#[actix_web::test]
async fn a_webhook_that_hangs_holds_up_no_mail_and_no_other_webhook() {
    let one = Installation::with(&[("HOOKS_TO_LOOPBACK", "true")]).await;
    let mut mira = one.browser("mira").await;
    let mut counts = Vec::new();
    for name in ["First", "Second"] {
        let (url, taken) = silent();
        let page = mira.post("/admin/integrations/hooks", &[("name", name), ("url", &url), ("which", "all")]).await.expect(201);
        let at = page.text.find("/admin/integrations/hooks/").expect("an address");
        let address = page.text[at..].split('"').next().expect("an address").trim_end_matches("/test").trim_end_matches("/pause");
        for _ in 0..3 {
            mira.post(&format!("{address}/test"), &[]).await.expect(303);
        }
        counts.push(taken);
    }
    let finn = one.cast.person("finn").email.clone();
    one.stranger().post("/portal/forgot?tenant=pine", &[("email", &finn)]).await;
    let jobs = tokio::spawn(Jobs::run_forever(Arc::clone(&one.platform)));
    until("each webhook is called", || counts.iter().all(|count| count.load(Ordering::SeqCst) > 0)).await;
    until("the mail of another MSP's client goes out", || !one.letters_to(&finn).is_empty()).await;
    let calls: Vec<usize> = counts.iter().map(|count| count.load(Ordering::SeqCst)).collect();
    assert_eq!(calls, [1, 1], "an address is called once at a time, and none of the calls has been given up yet");
    jobs.abort();
}

/// Panics the first time.
#[derive(Serialize, Deserialize)]
struct Brittle;

impl Job for Brittle {
    const KIND: &'static str = "brittle";

    async fn run(self, _platform: &Arc<Platform>, attempt: i32) -> Result<Outcome> {
        assert!(attempt > 1, "the first attempt breaks");
        Ok(Outcome::Done)
    }
}

#[actix_web::test]
async fn a_job_that_breaks_in_the_middle_is_tried_again_and_stops_no_other() {
    let one = Installation::new().await;
    let clock = one.platform.clock.clone();
    let jobs = Jobs::default().with::<Brittle>();
    let platform = Platform::open(one.platform.config.clone(), clock, jobs, &[]).await.expect("a second process");
    let mut work = platform.work(Actor::program("test"), Reach::Everything("a test")).await.expect("a unit of work");
    work.enqueue(&Brittle).await.expect("enqueued");
    work.counts_as_audited("a test");
    work.commit().await.expect("committed");
    assert_eq!(Jobs::run_due(&platform).await.expect("run"), 1);
    let stands = async || {
        let tx = platform.read(Reach::Everything("a test")).await.expect("a view");
        job::Entity::rows().filter(job::Column::Kind.eq("brittle")).one(&tx).await.expect("read").expect("the job")
    };
    let row = stands().await;
    assert_eq!(row.status, JobStatus::Queued);
    assert!(row.last_error.expect("why").contains("broke off"));
    one.platform.clock.advance(Moment::MINUTE);
    assert_eq!(Jobs::run_due(&platform).await.expect("run"), 1);
    assert_eq!(stands().await.status, JobStatus::Done);
}
