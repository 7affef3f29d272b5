//! A month's money, as the two who move it see it: Ada sets up her account, Mira adds a card, hours are logged, the clock is moved
//! to the billing day, and both read the same charge, transfer and payout.

use std::path::{Path, PathBuf};

use serde_json::json;
use stripe_stand_in::{Endpoint, Options, Scope, StandIn};
use time::{Duration, OffsetDateTime};

use crate::{chrome::Chrome, person::Person, product::Product};

const SECRET: &str = "whsec_browser_0123456789";

/// The server's clock and Stripe's, moved together.
struct Clocks {
    file: PathBuf,
    stripe: StandIn,
    days: i64,
}

impl Clocks {
    fn pass(&mut self, days: i64) {
        self.days += days;
        std::fs::write(&self.file, format!("+{}d", self.days)).expect("the clock's file");
        let now = OffsetDateTime::now_utc() + Duration::days(self.days);
        self.stripe.set_clock(now.unix_timestamp());
    }
}

/// Debian's libfaketime, which `./check` installs.
fn faketime() -> String {
    let found = std::fs::read_dir("/usr/lib").expect("/usr/lib").filter_map(Result::ok).find_map(|folder| {
        let library = folder.path().join("faketime/libfaketimeMT.so.1");
        library.exists().then(|| library.display().to_string())
    });
    found.expect("faketime is installed")
}

fn settings(file: &Path, stripe: &StandIn) -> Vec<(String, String)> {
    [
        ("LD_PRELOAD", faketime()),
        ("FAKETIME_TIMESTAMP_FILE", file.display().to_string()),
        ("FAKETIME_NO_CACHE", "1".to_owned()),
        ("FAKETIME_DONT_FAKE_MONOTONIC", "1".to_owned()),
        ("STRIPE_SECRET_KEY", stripe.secret_key.clone()),
        ("STRIPE_WEBHOOK_SECRET", SECRET.to_owned()),
        ("STRIPE_API_BASE", stripe.url.clone()),
    ]
    .map(|(name, value)| (name.to_owned(), value))
    .to_vec()
}

async fn sign_in(product: &Product, person: &Person, key: &str) {
    let people = product.people();
    let found = people["people"]
        .as_array()
        .expect("people")
        .iter()
        .find(|one| one["email"].as_str().is_some_and(|email| email.starts_with(&format!("{key}@")) || email.contains(key)));
    let found = found.expect("somebody of the cast").clone();
    let word = |field: &str| found[field].as_str().unwrap_or_default().to_owned();
    person.driver.delete_all_cookies().await.expect("a fresh browser");
    let (status, code) = product.run(&["demo", "--totp", &word("email")]);
    assert_eq!(status, 0, "{code}");
    person.signs_in(&word("email"), &word("password"), code.trim()).await;
    person.is_at("/legal/dashboard").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_month_is_charged_transferred_and_paid_out_before_both_sides_eyes() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("clock");
    std::fs::write(&file, "+0d").expect("the clock's file");
    let now = OffsetDateTime::now_utc();
    let stripe = StandIn::start(Options { standing_at: Some(now.unix_timestamp()), ..Options::default() }).expect("Stripe");
    let product = Product::start_with("demo", |url| {
        let endpoint = Endpoint { url: format!("{url}/webhooks/stripe"), secrets: vec![SECRET.to_owned()], scope: Scope::All };
        stripe.add_endpoint(&endpoint);
        settings(&file, &stripe)
    })
    .await;
    let mut clocks = Clocks { file, stripe, days: 0 };
    let chrome = Chrome::start().await;
    let ada = Person::new("Ada", chrome.browser().await, &product.url);
    let mira = Person::new("Mira", chrome.browser().await, &product.url);

    // Ada sets up her account at Stripe's own page and is back by herself.
    sign_in(&product, &ada, "ada").await;
    ada.open("/legal/profile/payouts").await;
    ada.press("Set Up Payouts").await;
    ada.element("#first-name").await;
    ada.fill("[id='first-name']", "Ada").await;
    ada.fill("[id='last-name']", "Lovelace").await;
    ada.fill("[id='account-number']", "000123456789").await;
    ada.press_css("#submit").await;
    ada.is_at("/legal/profile/payouts").await;
    ada.sees("All is set up").await;
    ada.sees("6789").await;

    // Mira adds a card.
    sign_in(&product, &mira, "mira").await;
    mira.open("/legal/billing").await;
    mira.press("Add Payment Method").await;
    mira.element("#card-number").await;
    mira.fill("[id='card-number']", "4242424242424242").await;
    mira.press_css("#submit").await;
    mira.is_at("/legal/billing").await;
    mira.sees("•••• 4242").await;

    // Ada logs an hour and a half on the retainer.
    ada.open("/legal/retainers?status=active").await;
    ada.press_css("a[href^='/legal/retainers/']:not([href$='/new'])").await;
    ada.until("the retainer", || async { ada.path().await.len() > "/legal/retainers/".len() + 30 }).await;
    let retainer = ada.path().await;
    let retainer = retainer.split(['?', '#']).next().expect("an address").trim_end_matches('/').to_owned();
    let retainer: String = retainer.split('/').take(4).collect::<Vec<_>>().join("/");
    ada.open(&format!("{retainer}/hours")).await;
    ada.fill("aside [name='time']", "1.5").await;
    ada.fill("aside [name='description']", "Went through the schedules once more").await;
    ada.press_css("aside form.card button[type=submit]").await;
    ada.sees("Went through the schedules once more").await;

    // The first of the next month has come, everywhere on earth.
    let first = now.date().replace_day(1).expect("a first") + Duration::days(32);
    let first = first.replace_day(1).expect("a first");
    clocks.pass((first - now.date()).whole_days() + 1);
    sign_in(&product, &mira, "mira").await;
    let period = |person: &Person| {
        let month = format!("1 {}", &now.month().to_string()[..3]);
        let driver = person.driver.clone();
        async move {
            let script = "const row=[...document.querySelectorAll('main a')].find(a=>a.getAttribute('href').startsWith('/legal/payouts/')&&\
                          (a.closest('tr')||a).innerText.includes(arguments[0]));return row?row.getAttribute('href'):null;";
            let found = driver.execute(script, vec![json!(month)]).await.ok()?;
            found.json().as_str().map(str::to_owned)
        }
    };
    mira.until("the month in the Payout History", || async {
        mira.open("/legal/payouts").await;
        period(&mira).await.is_some()
    })
    .await;
    let payout = period(&mira).await.expect("the payout's address");
    mira.until("the transfer", || async {
        mira.open(&payout).await;
        mira.text().await.contains("tr_")
    })
    .await;
    for _ in 0..3 {
        clocks.pass(2);
        clocks.stripe.settled().await;
    }
    sign_in(&product, &mira, "mira").await;
    sign_in(&product, &ada, "ada").await;
    let mut amounts = Vec::new();
    for person in [&mira, &ada] {
        person
            .until("the payout at the bank", || async {
                person.open(&payout).await;
                person.text().await.contains("The payout has reached the bank")
            })
            .await;
        let text = person.text().await;
        for name in ["ch_", "tr_", "po_"] {
            assert!(text.contains(name), "{} sees no {name}: {text}", person.name);
        }
        amounts.push(person.words_of(".sum-row .num").await);
    }
    assert_eq!(amounts[0], amounts[1], "both read the same");
    assert_eq!(amounts[0].len(), 2);
    assert_eq!(amounts[0][0], amounts[0][1], "what was charged is what was passed on");

    // The statement of the month adds up: nothing is owed any more, and nothing is held.
    for person in [&mira, &ada] {
        person.open("/legal/statements").await;
        person.sees(&amounts[0][0]).await;
    }
    drop(clocks);
    ada.leaves().await;
    mira.leaves().await;
}
