//! Statements and the year's totals: every posting once, sums that add up, and each side reads its own.

use entity::{
    Reach,
    payments::Step,
    platform::job::{self, JobStatus},
    wall::Unwalled,
};
use one_legal::{
    payments::jobs::MailStatements,
    platform::{Actor, money},
};
use sea_orm::{ColumnTrait, PaginatorTrait, QueryFilter};

use super::till::{DAY, Till};
use crate::support::Browser;

/// The rows of a CSV file, by the names of its head.
fn rows(text: &str) -> Vec<std::collections::BTreeMap<String, String>> {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    reader.deserialize().map(|row| row.expect("a row")).collect()
}

fn minor(text: &str) -> i64 {
    text.replace('.', "").parse().expect("a figure")
}

/// Opening balance, every change and closing balance of a month.
async fn sums(browser: &mut Browser, month: &str) -> (i64, Vec<(String, i64, i64)>, i64) {
    let text = browser.get(&format!("/legal/statements.csv?month={month}")).await.expect(200).text;
    let rows = rows(&text);
    let Some((first, rest)) = rows.split_first() else { return (0, Vec::new(), 0) };
    let (last, between) = rest.split_last().expect("a closing balance");
    assert_eq!((first["what"].as_str(), last["what"].as_str()), ("Opening balance", "Closing balance"));
    let moved = between.iter().map(|row| (row["what"].clone(), minor(&row["change"]), minor(&row["balance"]))).collect::<Vec<_>>();
    (minor(&first["balance"]), moved, minor(&last["balance"]))
}

#[actix_web::test]
async fn a_statement_adds_up_month_after_month_for_both_sides() {
    let till = Till::open().await;
    let first = till.bill(150_000).await;
    till.until(first, &[Step::Paid], 12).await;
    till.pass(30 * DAY).await;
    let second = till.bill_of("retainer:test", "2026-03-01", 162_500).await;
    let mut total = 0;
    for (key, owes) in [("mira", "Charged"), ("ada", "Transferred to the attorney")] {
        let mut browser = till.one.browser(key).await;
        let mut balance = 0;
        for month in ["2026-02", "2026-03", "2026-04"] {
            let (opening, moved, closing) = sums(&mut browser, month).await;
            assert_eq!(opening, balance, "{key} {month}: it opens as the month before closed");
            for (what, change, after) in &moved {
                balance += change;
                assert_eq!(*after, balance, "{key} {month}: {what}");
                total += change;
            }
            assert_eq!(closing, balance, "{key} {month}");
            if month == "2026-03" {
                assert!(moved.iter().any(|(what, change, _)| what == owes && *change == -150_000), "{key}: {moved:?}");
            }
        }
        assert_eq!(balance, 162_500, "{key}: the second month is open");
    }
    assert_eq!(total, 2 * 162_500);
    let open = money::words(162_500, "USD");
    let mut mira = till.one.browser("mira").await;
    let page = mira.get("/legal/statements?month=2026-04").await.expect(200);
    page.shows("Statement, April 2026").shows(&open).shows(&format!("/legal/payouts/{second}")).shows("Owed by the MSP");
    till.one
        .browser("ada")
        .await
        .get("/legal/statements?month=2026-04")
        .await
        .expect(200)
        .shows("Owed to the attorney")
        .shows(&open);
    mira.get("/legal/statements?month=2026-04&retainer=retainer%3Aother").await.expect(200).hides(&open);
    mira.get("/legal/statements?month=nonsense&with=nonsense").await.expect(200);
    let mut eve = till.one.browser("eve").await;
    eve.get("/legal/statements?month=2026-04").await.expect(200).shows("Nothing moved").hides(&open);
    assert_eq!(sums(&mut eve, "2026-04").await, (0, Vec::new(), 0));
    for key in ["sam", "lou", "ben", "olga"] {
        till.one.browser(key).await.get("/legal/statements").await.expect(404);
    }
}

#[actix_web::test]
async fn a_statement_is_a_pdf_too() {
    let till = Till::open().await;
    let id = till.bill(150_000).await;
    till.until(id, &[Step::Paid], 12).await;
    let answer = till.one.browser("ada").await.get("/legal/statements.pdf?month=2026-03").await.expect(200);
    assert_eq!(answer.headers["content-type"], "application/pdf");
    assert!(answer.text.starts_with("%PDF-"));
    assert!(answer.headers["content-disposition"].to_str().expect("text").contains("statement-2026-03.pdf"));
}

#[actix_web::test]
async fn a_year_is_counted_by_the_day_of_the_transfer() {
    let till = Till::open().await;
    let id = till.bill(150_000).await;
    till.until(id, &[Step::Paid], 12).await;
    till.bill_of("retainer:test", "2026-03-01", 162_500).await;
    let mut mira = till.one.browser("mira").await;
    let found = rows(&mira.get("/legal/payouts/1099.csv?year=2026").await.expect(200).text);
    assert_eq!(found.len(), 1, "{found:?}");
    let row = &found[0];
    assert_eq!((row["name"].as_str(), row["email"].as_str()), ("Ada Whitfield", "ada@whitfield.example"));
    assert_eq!((minor(&row["total"]), row["payouts"].as_str()), (150_000, "1"));
    assert!(rows(&mira.get("/legal/payouts/1099.csv?year=2025").await.expect(200).text).is_empty());
    mira.get("/legal/payouts/year?year=2026").await.expect(200).shows("ada@whitfield.example").shows("1099.csv?year=2026");
    let mut ada = till.one.browser("ada").await;
    ada.get("/legal/payouts/year?year=2026").await.expect(200).shows("Harbor IT").shows(&money::words(150_000, "USD"));
    ada.get("/legal/payouts/year?year=nonsense").await.expect(200).shows("Earned in 2026");
    ada.get("/legal/payouts/1099.csv").await.expect(404);
    let mut tom = till.one.browser("tom").await;
    tom.get("/legal/payouts/1099.csv").await.expect(403);
    tom.get("/legal/payouts/year?year=2026").await.expect(200).hides("1099.csv");
    till.one.browser("eve").await.get("/legal/payouts/year?year=2026").await.expect(200).hides("Ada Whitfield");
}

#[actix_web::test]
async fn when_a_month_ends_both_sides_are_mailed_its_sums() {
    let till = Till::open().await;
    let id = till.bill(150_000).await;
    till.until(id, &[Step::Paid], 12).await;
    till.pass(31 * DAY).await;
    for key in ["mira", "ada"] {
        let told: Vec<_> = till
            .one
            .letters_to(&till.one.cast.person(key).email)
            .into_iter()
            .filter(|letter| letter.text.contains("Your statement for March 2026"))
            .collect();
        assert_eq!(told.len(), 1, "{key}");
        assert!(told[0].text.contains(&money::words(150_000, "USD")), "{}", told[0].text);
        assert!(told[0].text.contains("/legal/statements?month=2026-03"), "{}", told[0].text);
    }
    // The next month is silent: nothing moved, and nothing is open.
    till.pass(31 * DAY).await;
    let letters = till.one.letters_to(&till.one.cast.person("ada").email);
    assert!(!letters.iter().any(|letter| letter.text.contains("Your statement for April 2026")));
}

/// How many months' statements wait to be told.
async fn waiting(till: &Till) -> u64 {
    let tx = till.one.tx().await;
    let of_kind = job::Entity::rows().filter(job::Column::Kind.eq("mail_statements"));
    of_kind.filter(job::Column::Status.eq(JobStatus::Queued)).count(&tx).await.expect("a count")
}

#[actix_web::test]
async fn two_first_settlements_at_the_same_instant_begin_one_chain_of_mails() {
    let till = Till::open().await;
    let (one, other) =
        tokio::join!(till.bill_of("retainer:one", "2026-02-01", 150_000), till.bill_of("retainer:other", "2026-02-01", 120_000));
    assert_eq!(waiting(&till).await, 1);
    till.until(one, &[Step::Paid], 12).await;
    till.until(other, &[Step::Paid], 12).await;
    // A chain that was begun twice by an earlier version ends in the month in which it meets the other.
    let mut work = till.platform().work(Actor::program("test"), Reach::Tenants(vec![till.harbor()])).await.expect("a work");
    let at = work.now();
    work.enqueue_at(&MailStatements { tenant: till.harbor(), month: "2026-02".to_owned() }, at).await.expect("enqueued");
    work.counts_as_audited("a test");
    work.commit().await.expect("committed");
    till.quiet().await;
    assert_eq!(waiting(&till).await, 1);
    for _ in 0..3 {
        till.pass(31 * DAY).await;
        assert_eq!(waiting(&till).await, 1);
    }
    let letters = till.one.letters_to(&till.one.cast.person("ada").email);
    assert_eq!(letters.iter().filter(|letter| letter.text.contains("Your statement for March 2026")).count(), 1);
}
