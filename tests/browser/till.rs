//! The real binary beside a stand-in of Stripe, both on a clock that is moved: what the tests of money begin with.

use std::path::{Path, PathBuf};

use stripe_stand_in::{Endpoint, Options, Scope, StandIn};
use time::{Duration, OffsetDateTime};

use crate::{person::Person, product::Product};

const SECRET: &str = "whsec_browser_0123456789";

/// The server's clock and Stripe's, moved together.
pub struct Clocks {
    file: PathBuf,
    pub stripe: StandIn,
    days: i64,
    _folder: tempfile::TempDir,
}

impl Clocks {
    /// So many days go by, here and there.
    pub fn pass(&mut self, days: i64) {
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

/// Signed in afresh: sessions do not outlive the days that pass.
pub async fn sign_in(product: &Product, person: &Person, key: &str) {
    let people = product.people();
    let found = people["people"]
        .as_array()
        .expect("people")
        .iter()
        .find(|one| one["email"].as_str().is_some_and(|email| email.starts_with(&format!("{key}@")) || email.contains(key)));
    let found = found.expect("somebody of the cast").clone();
    let word = |field: &str| found[field].as_str().unwrap_or_default().to_owned();
    person.driver.delete_all_cookies().await.expect("a fresh browser");
    person.gives_password(&word("email"), &word("password")).await;
    let (status, code) = product.run(&["demo", "--totp", &word("email")]);
    assert_eq!(status, 0, "{code}");
    person.gives_code(code.trim()).await;
    person.is_at("/legal/dashboard").await;
}

/// The demo, with payments set up and nobody's account or card yet.
pub async fn open() -> (Product, Clocks) {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("clock");
    std::fs::write(&file, "+0d").expect("the clock's file");
    let now = OffsetDateTime::now_utc().unix_timestamp();
    let stripe = StandIn::start(Options { standing_at: Some(now), ..Options::default() }).expect("Stripe");
    let product = Product::start_with("demo", |url| {
        let endpoint = Endpoint { url: format!("{url}/webhooks/stripe"), secrets: vec![SECRET.to_owned()], scope: Scope::All };
        stripe.add_endpoint(&endpoint);
        settings(&file, &stripe)
    })
    .await;
    (product, Clocks { file, stripe, days: 0, _folder: folder })
}

/// The attorney's account, set up at Stripe's own page, which leads back by itself.
pub async fn sets_up_payouts(ada: &Person) {
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
}

/// The MSP's card.
pub async fn adds_card(mira: &Person, number: &str) {
    mira.open("/legal/billing").await;
    mira.press("Add Payment Method").await;
    mira.element("#card-number").await;
    mira.fill("[id='card-number']", number).await;
    mira.press_css("#submit").await;
    mira.is_at("/legal/billing").await;
    mira.sees(&format!("•••• {}", &number[number.len() - 4..])).await;
}

/// The MSP's bank account.
pub async fn adds_bank_account(mira: &Person, number: &str) {
    mira.open("/legal/billing").await;
    mira.press_css("form[action='/legal/billing/set-up'] button").await;
    mira.element("#account-number").await;
    mira.fill("[id='account-number']", number).await;
    mira.press_css("#submit-bank").await;
    mira.is_at("/legal/billing").await;
    mira.sees(&format!("•••• {}", &number[number.len() - 4..])).await;
}
