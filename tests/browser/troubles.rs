//! The four troubles of a payout, as both sides read them: a debit that comes back after the transfer, a dispute won and one lost,
//! an account restricted between charge and transfer, a bank account that has been closed.

use serde_json::{Value, json};
use time::{Duration, OffsetDateTime};

use crate::{
    chrome::Chrome,
    person::Person,
    product::Product,
    till::{self, Clocks, sign_in},
};

struct Stage {
    product: Product,
    clocks: Clocks,
    chrome: Chrome,
    mira: Person,
    ada: Person,
    /// Ada's account at Stripe.
    account: String,
}

impl Stage {
    async fn days(&mut self, days: i64) {
        for _ in 0..days {
            self.clocks.pass(1);
            self.clocks.stripe.settled().await;
        }
    }

    async fn sign_in_again(&self) {
        sign_in(&self.product, &self.mira, "mira").await;
        sign_in(&self.product, &self.ada, "ada").await;
    }

    fn at_stripe(&self, path: &str, body: Value) -> Value {
        self.clocks.stripe.admin("POST", path, body).expect("the stand-in does it")
    }

    /// The latest charge of this payout at Stripe.
    fn charge(&self, payout: &str) -> String {
        let id = payout.rsplit('/').next().expect("an id");
        let money = self.clocks.stripe.money();
        let charges = money["charges"].as_array().expect("charges").iter();
        let all = charges.filter(|charge| charge["metadata"]["settlement"] == id && charge["status"] == "succeeded");
        let last = all.max_by_key(|charge| charge["created"].as_i64()).expect("a charge");
        last["id"].as_str().expect("an id").to_owned()
    }

    async fn is_transferred(&self, payout: &str, times: usize) {
        self.ada
            .until("the transfer", || async {
                self.ada.open(payout).await;
                self.ada.text().await.matches("Transferred to the attorney").count() >= times
            })
            .await;
    }

    /// Ada's account at Stripe receives something else, which lies there.
    fn earns(&self, amount: i64) {
        let call = |path: &str, form: &str| {
            let reply = self.clocks.stripe.call("POST", path, form);
            assert!(reply.status < 300, "{path}: {} {}", reply.status, reply.body);
        };
        call(&format!("/v1/accounts/{}", self.account), "settings[payouts][schedule][interval]=manual");
        self.at_stripe("fund", json!({ "amount": amount, "currency": "usd" }));
        call("/v1/transfers", &format!("amount={}&currency=usd&destination={}", amount / 2, self.account));
    }

    /// Both read this on the payout's page, and each of them their own words; so it is photographed.
    async fn both_read(&self, name: &str, payout: &str, both: &[&str], msp: &[&str], attorney: &[&str]) {
        for (person, own) in [(&self.mira, msp), (&self.ada, attorney)] {
            person
                .until(both[0], || async {
                    person.open(payout).await;
                    person.text().await.contains(both[0])
                })
                .await;
            for words in both.iter().chain(own) {
                person.sees(words).await;
            }
            person.photographed(&self.chrome, &format!("{name}-payout")).await;
            person.open("/legal/payouts").await;
            person.photographed(&self.chrome, &format!("{name}-history")).await;
        }
    }
}

/// The payouts in the Payout History, latest first.
async fn payouts(person: &Person) -> Vec<String> {
    person.open("/legal/payouts").await;
    let script = "return [...document.querySelectorAll('table.payouts a.row-link')].map(a=>a.getAttribute('href'));";
    let found = person.driver.execute(script, vec![]).await.expect("the history");
    found.json().as_array().into_iter().flatten().filter_map(|href| href.as_str().map(str::to_owned)).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_goes_wrong_with_a_payout_both_sides_read_what_happened_and_whose_turn_it_is() {
    let (product, mut clocks) = till::open().await;
    let chrome = Chrome::start().await;
    let ada = Person::new("Ada", chrome.browser().await, &product.url);
    let mira = Person::new("Mira", chrome.browser().await, &product.url);
    // Until the third month after this one there are four months to settle; nothing is charged before Ada has an account.
    let now = OffsetDateTime::now_utc();
    let later = now.date().replace_day(1).expect("a first") + Duration::days(95);
    let later = later.replace_day(1).expect("a first");
    clocks.pass((later - now.date()).whole_days() + 1);
    sign_in(&product, &mira, "mira").await;
    sign_in(&product, &ada, "ada").await;
    mira.until("four months in the Payout History", || async { payouts(&mira).await.len() >= 4 }).await;
    let months = payouts(&mira).await;
    let [closed, lost, won] = [&months[0], &months[1], &months[2]];
    till::adds_card(&mira, "4242424242424242").await;
    till::sets_up_payouts(&ada).await;
    let money = clocks.stripe.money();
    let account = money["accounts"][0]["id"].as_str().expect("Ada's account").to_owned();
    let mut stage = Stage { product, clocks, chrome, mira, ada, account };
    for payout in [closed, lost, won] {
        stage.is_transferred(payout, 1).await;
    }

    // The holder of the card disputes two of the charges: the bank decides one for the holder and one against.
    let mut disputes = Vec::new();
    for payout in [lost, won] {
        let dispute = stage.at_stripe(&format!("charge/{}/dispute", stage.charge(payout)), json!({}));
        disputes.push(dispute["id"].as_str().expect("an id").to_owned());
    }
    stage
        .both_read(
            "1-disputed",
            won,
            &[
                "is disputed with the bank",
                "nswer the dispute at Stripe before its deadline",
                "the MSP has its bank withdraw it",
                "Withheld from the platform",
            ],
            &["The platform's operator"],
            &["The platform's operator"],
        )
        .await;
    stage.at_stripe(&format!("dispute/{}/lose", disputes[0]), json!({}));
    stage.at_stripe(&format!("dispute/{}/win", disputes[1]), json!({}));
    stage
        .both_read(
            "2-lost",
            lost,
            &[
                "The dispute was lost: the bank gave the money back to the MSP",
                "Given back to the MSP",
                "Taken back from the attorney",
            ],
            &["It is your turn", "Charge Again"],
            &["Whose turn: The MSP.", "nothing is charged by itself", "Waive"],
        )
        .await;
    stage
        .both_read(
            "3-won",
            won,
            &["Dispute won", "Nobody has to do anything", "Stripe pays it out to the bank by itself"],
            &[],
            &[],
        )
        .await;

    // Ada's bank account has been closed: what Stripe pays out comes back, and goes to the next one.
    stage.at_stripe(&format!("account/{}/close_bank", stage.account), json!({}));
    stage.days(4).await;
    stage.sign_in_again().await;
    stage
        .both_read(
            "4-closed",
            closed,
            &["the bank account has been closed"],
            &["Whose turn: The attorney.", "The MSP has paid and is not charged again"],
            &["It is your turn", "Change Bank Account"],
        )
        .await;
    stage.at_stripe(&format!("account/{}/change_bank", stage.account), json!({ "account_number": "000123456789" }));
    stage.days(3).await;
    stage.sign_in_again().await;
    stage.both_read("5-paid", won, &["The money has reached the attorney's bank"], &[], &[]).await;

    // The lost one is charged again, to a bank account; Stripe restricts Ada's account while the debit is on its way.
    till::adds_bank_account(&stage.mira, "000123456789").await;
    stage.mira.open(lost).await;
    stage.mira.press("Charge Again").await;
    stage.both_read("6-debit", lost, &["The bank debit is on its way", "Nobody has to do anything"], &[], &[]).await;
    let restrict = format!("account/{}/restrict", stage.account);
    stage.at_stripe(&restrict, json!({ "reason": "requirements.past_due" }));
    stage.days(5).await;
    stage.sign_in_again().await;
    stage
        .both_read(
            "7-restricted",
            lost,
            &["it cannot receive money until what Stripe asks for is given", "To be passed on to the attorney"],
            &["Whose turn: The attorney.", "then it goes on by itself"],
            &["It is your turn", "Finish Payout Set-up"],
        )
        .await;
    stage.at_stripe(&format!("account/{}/unrestrict", stage.account), json!({}));
    stage.is_transferred(lost, 2).await;
    stage.days(3).await;
    stage.sign_in_again().await;
    stage.both_read("8-again", lost, &["The money has reached the attorney's bank"], &[], &[]).await;

    // The bank returns the debit when the money is long at Ada's bank; what she earns next covers it.
    stage.at_stripe(&format!("charge/{}/return", stage.charge(lost)), json!({}));
    stage
        .both_read(
            "9-reversal",
            lost,
            &["does not hold enough now", "Still to come back from the attorney"],
            &["Whose turn: The attorney.", "it is tried again every day"],
            &["It is your turn", "Open Stripe"],
        )
        .await;
    stage.earns(1_000_000);
    stage.days(2).await;
    stage.sign_in_again().await;
    stage
        .both_read(
            "10-returned",
            lost,
            &["The bank returned the debit after it had succeeded", "Taken back from the attorney"],
            &["It is your turn", "Charge Again"],
            &["Whose turn: The MSP.", "nothing is charged by itself"],
        )
        .await;
    let Stage { ada, mira, .. } = stage;
    ada.leaves().await;
    mira.leaves().await;
}
