//! One list of everything that waits for a person: what they owe and what they were told stand in it beside documents and tickets.

use one_legal::invoices::jobs;

use crate::{
    announcements::write,
    invoices::{
        books::{bill, map_first},
        standin::Books,
    },
    support::{Answer, Browser, Installation},
};

/// What stands in the list, up to its end.
async fn list(browser: &mut Browser) -> String {
    let Answer { text, .. } = browser.get("/portal/dashboard").await.expect(200);
    let from = text.find("id=\"todo\"").expect("the list");
    let length = text[from..].find("</section>").expect("its end");
    text[from..from + length].to_owned()
}

#[actix_web::test]
async fn overdue_invoices_wait_for_those_who_see_the_companys_and_unread_announcements_for_everybody() {
    let books = Books::start();
    let one = Installation::with(&books.settings()).await;
    let mut mira = one.browser("mira").await;
    let people: [Browser; 4] =
        [one.browser("ben").await, one.browser("cleo").await, one.browser("dora").await, one.browser("gus").await];
    let [mut ben, mut cleo, mut dora, mut gus] = people;
    assert!(list(&mut gus).await.contains("Nothing waits for you"));
    for (number, due, balance) in [
        ("B-3", "2026-02-27", 123_450),
        ("B-1", "2026-01-31", 123_450),
        ("B-2", "2026-02-10", 50_000),
        ("B-4", "2026-03-01", 123_450),
        ("B-today", "2026-03-02", 123_450),
        ("B-nothing", "2026-01-02", 0),
    ] {
        let mut one = bill(number, "c-1", 1);
        one.due_on = Some(due.to_owned());
        one.balance = balance;
        books.put(one);
    }
    jobs::sync_due(&one.platform).await.expect("a look");
    assert!(!list(&mut cleo).await.contains("B-1"), "nobody's yet");
    map_first(&one, &mut mira).await;
    for who in [&mut cleo, &mut dora] {
        let shown = list(who).await;
        assert!(shown.contains("Waiting for you"));
        let at = |number: &str| shown.find(&format!("Invoice {number}: "));
        assert!(at("B-1") < at("B-2") && at("B-2") < at("B-3") && at("B-1").is_some(), "the oldest first: {shown}");
        assert!(
            shown.contains("Invoice B-2: $500.00") && shown.contains("of $1,234.50") && shown.contains("was due 10 Feb 2026"),
            "{shown}"
        );
        assert!(shown.contains("1 more overdue invoice<") && shown.contains("/portal/invoices?status=overdue"), "{shown}");
        assert!(!shown.contains("B-today") && !shown.contains("B-nothing"), "{shown}");
    }
    for who in [&mut ben, &mut gus] {
        let shown = list(who).await;
        assert!(!shown.contains("Invoice") && !shown.contains("overdue"), "{shown}");
    }
    // Four announcements: three lines and one for the rest, until each is read.
    for title in ["First", "Second", "Third", "Fourth"] {
        write(&mut mira, title, &[]).await.expect(303);
        one.platform.clock.advance(1_000);
    }
    let shown = list(&mut gus).await;
    assert!(shown.contains("Waiting for you") && shown.contains("Fourth") && !shown.contains("First"), "{shown}");
    assert!(shown.contains("1 more unread announcement<"), "{shown}");
    for _ in 0..4 {
        let shown = list(&mut gus).await;
        let at = shown.find("/portal/announcements/").expect("an announcement");
        let action = shown[at..].split('"').next().expect("its address").to_owned();
        gus.post(&action, &[]).await.expect(303);
    }
    assert!(list(&mut gus).await.contains("Nothing waits for you"));
    assert!(list(&mut ben).await.contains("Fourth"), "each reads for themselves");
    // What is paid waits no longer.
    for number in ["B-1", "B-2", "B-3", "B-4"] {
        let mut paid = bill(number, "c-1", 2);
        (paid.status, paid.balance) = (entity::invoices::InvoiceStatus::Paid, 0);
        books.put(paid);
    }
    one.platform.clock.advance(7 * 3_600_000);
    jobs::sync_due(&one.platform).await.expect("a look");
    let mut cleo = one.browser("cleo").await;
    assert!(!list(&mut cleo).await.contains("Invoice"));
}
