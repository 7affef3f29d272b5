//! A month's money, as the two who move it see it: Ada sets up her account, Mira adds a card, hours are logged, the clock is moved
//! to the billing day, and both read the same charge, transfer and payout.

use serde_json::json;
use time::{Duration, OffsetDateTime};

use crate::{
    chrome::Chrome,
    person::Person,
    till::{self, sign_in},
};

#[tokio::test(flavor = "multi_thread")]
async fn a_month_is_charged_transferred_and_paid_out_before_both_sides_eyes() {
    let now = OffsetDateTime::now_utc();
    let (product, mut clocks) = till::open().await;
    let chrome = Chrome::start().await;
    let ada = Person::new("Ada", chrome.browser().await, &product.url);
    let mira = Person::new("Mira", chrome.browser().await, &product.url);

    sign_in(&product, &ada, "ada").await;
    till::sets_up_payouts(&ada).await;
    sign_in(&product, &mira, "mira").await;
    till::adds_card(&mira, "4242424242424242").await;

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
        amounts.push(person.words_of(".payout-moved .num").await);
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
