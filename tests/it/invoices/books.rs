//! What Books tells and is asked: taken once, the newest stays, and what goes wrong is named to the admin.

use entity::{
    Moment,
    invoices::{InvoiceStatus, invoice},
    platform::sync,
    wall::Walled,
};
use migration::{Migrator, MigratorTrait};
use one_legal::{
    admin,
    invoices::{
        invoice::{Incoming, Line},
        jobs,
    },
};
use sea_orm::{ColumnTrait, QueryFilter};
use serde_json::json;

use super::standin::{Books, KEY, Mood};
use crate::support::{Browser, Installation};

pub fn bill(number: &str, client: &str, version: i64) -> Incoming {
    Incoming {
        id: format!("inv-{number}"),
        client_id: client.to_owned(),
        client_name: "Acme Dental".to_owned(),
        number: number.to_owned(),
        status: InvoiceStatus::Sent,
        currency: "USD".to_owned(),
        issued_on: "2026-02-27".to_owned(),
        due_on: Some("2026-03-27".to_owned()),
        total: 123_450,
        balance: 123_450,
        tax: 0,
        lines: vec![Line {
            description: "Managed services".to_owned(),
            quantity: "1".to_owned(),
            unit_price: None,
            amount: 123_450,
        }],
        note: String::new(),
        version,
    }
}

/// Mira says that this client at Books is Acme.
pub async fn map_first(one: &Installation, mira: &mut Browser) {
    let page = mira.get("/admin/integrations/books").await.expect(200);
    let at = page.text.find("/admin/integrations/books/clients/").expect("a client to map");
    let action = page.text[at..].split('"').next().expect("an address").to_owned();
    mira.post(&action, &[("company", &one.cast.acme.to_string())]).await.expect(303);
}

#[actix_web::test]
async fn invoices_come_page_by_page_and_then_only_what_changed() {
    let books = Books::start();
    let one = Installation::with(&books.settings()).await;
    for number in ["1", "2", "3"] {
        books.put(bill(number, "c-1", 1));
    }
    jobs::sync_due(&one.platform).await.expect("a look");
    let asked: Vec<String> = books.asked().into_iter().filter(|query| query.contains("tenant=harbor")).collect();
    assert_eq!(asked, ["tenant=harbor", "tenant=harbor&cursor=2"]);
    let mut mira = one.browser("mira").await;
    mira.get("/admin/integrations/books").await.expect(200).shows("Acme Dental").shows("3 invoices");
    map_first(&one, &mut mira).await;
    let mut cleo = one.browser("cleo").await;
    cleo.get("/portal/invoices").await.expect(200).shows("$3,703.50").shows("As of");
    // Nothing is asked twice within six hours; afterwards from the mark on.
    jobs::sync_due(&one.platform).await.expect("not yet");
    assert_eq!(books.asked(), Vec::<String>::new());
    let paid = Incoming { status: InvoiceStatus::Paid, balance: 0, ..bill("2", "c-1", 2) };
    books.put(paid);
    one.platform.clock.advance(6 * Moment::HOUR);
    jobs::sync_due(&one.platform).await.expect("a look");
    assert!(books.asked().contains(&"tenant=harbor&since=3".to_owned()));
    cleo.get("/portal/invoices").await.expect(200).shows("$2,469.00").shows("Paid");
}

/// Whatever Books calls it: with nothing left to pay it is not late, in the list as in its filters.
#[actix_web::test]
async fn an_invoice_with_nothing_left_to_pay_is_never_overdue() {
    let books = Books::start();
    let one = Installation::with(&books.settings()).await;
    let settled = |number: &str, status| Incoming { status, balance: 0, ..bill(number, "c-1", 1) };
    books.put(settled("settled-late", InvoiceStatus::Overdue));
    books.put(settled("settled-sent", InvoiceStatus::Sent));
    books.put(bill("owed", "c-1", 1));
    one.platform.clock.advance(60 * Moment::DAY);
    jobs::sync_due(&one.platform).await.expect("a look");
    map_first(&one, &mut one.browser("mira").await).await;
    let mut cleo = one.browser("cleo").await;
    let late = cleo.get("/portal/invoices?status=overdue").await.expect(200).shows(">owed</a>").hides("settled");
    let sent = cleo.get("/portal/invoices?status=sent").await.expect(200).shows(">settled-late</a>").shows(">settled-sent</a>");
    let sent = sent.hides(">owed</a>");
    let badge = |page: &crate::support::Answer| page.text.matches("status-tone-red").count();
    assert_eq!((badge(&late), badge(&sent)), (1, 0), "the list calls them what the filter does");
}

/// Harbor IT is in Chicago.
#[actix_web::test]
async fn an_invoice_is_overdue_when_its_day_has_ended_where_the_msp_is() {
    let books = Books::start();
    let one = Installation::with(&books.settings()).await;
    books.put(bill("B-27", "c-1", 1));
    jobs::sync_due(&one.platform).await.expect("a look");
    map_first(&one, &mut one.browser("mira").await).await;
    // 28 March, 3:00 UTC: the evening of the 27th there.
    one.platform.clock.advance(25 * Moment::DAY + 17 * Moment::HOUR);
    let mut cleo = one.browser("cleo").await;
    cleo.get("/portal/invoices?status=overdue").await.expect(200).hides(">B-27</a>");
    cleo.get("/portal/invoices?status=sent").await.expect(200).shows(">B-27</a>");
    cleo.get("/portal/dashboard").await.expect(200).hides("B-27");
    one.platform.clock.advance(6 * Moment::HOUR);
    let mut cleo = one.browser("cleo").await;
    cleo.get("/portal/invoices?status=overdue").await.expect(200).shows(">B-27</a>");
    cleo.get("/portal/dashboard").await.expect(200).shows("B-27");
}

#[actix_web::test]
async fn what_is_told_twice_late_or_out_of_order_changes_nothing_that_is_newer() {
    let one = Installation::with(&[("BOOKS_API_URL", "http://127.0.0.1:9"), ("BOOKS_SERVICE_KEY", KEY)]).await;
    let mut books = one.stranger();
    let new = Incoming { status: InvoiceStatus::Paid, balance: 0, ..bill("1", "c-1", 7) };
    for (told, taken) in [(bill("1", "c-1", 3), 1), (new.clone(), 1), (bill("1", "c-1", 5), 0), (new, 0)] {
        let request = books
            .request(reqwest::Method::POST, "/api/books/invoices")
            .header("x-integration-key", KEY)
            .json(&json!({ "tenant": "harbor", "invoices": [told] }));
        assert_eq!(books.send(request).await.expect(200).json()["taken"], taken);
    }
    let mut mira = one.browser("mira").await;
    map_first(&one, &mut mira).await;
    let mut cleo = one.browser("cleo").await;
    cleo.get("/portal/invoices?status=paid").await.expect(200).shows(">1</a>");
    cleo.get("/portal/invoices?status=sent").await.expect(200).shows("No invoice fits");
}

#[actix_web::test]
async fn only_books_may_tell_and_what_is_wrong_is_named_and_not_taken() {
    let one = Installation::with(&[("BOOKS_API_URL", "http://127.0.0.1:9"), ("BOOKS_SERVICE_KEY", KEY)]).await;
    let off = Installation::new().await;
    let mut stranger = one.stranger();
    let good = json!({ "tenant": "harbor", "invoices": [bill("1", "c-1", 1)] });
    for key in ["", "books-key-books-key-books-key-01"] {
        let request = stranger.request(reqwest::Method::POST, "/api/books/invoices").header("x-integration-key", key).json(&good);
        assert_eq!(stranger.send(request).await.expect(401).code(), "bad_integration_key");
    }
    // Where no key is set nobody holds it, not even with an empty one.
    let mut nobody = off.stranger();
    let request = nobody.request(reqwest::Method::POST, "/api/books/invoices").header("x-integration-key", "").json(&good);
    nobody.send(request).await.expect(401);
    for (name, value) in [
        ("currency", json!("DOLLARS")),
        ("issued_on", json!("yesterday")),
        ("total", json!(i64::MAX)),
        ("number", json!(" ")),
        ("status", json!("lost")),
    ] {
        let mut bad = serde_json::to_value(bill("2", "c-1", 1)).expect("JSON");
        bad[name] = value;
        let told = json!({ "tenant": "harbor", "invoices": [bill("1", "c-1", 1), bad] });
        let request = stranger.request(reqwest::Method::POST, "/api/books/invoices").header("x-integration-key", KEY).json(&told);
        stranger.send(request).await.expect(422);
    }
    let elsewhere = json!({ "tenant": "nowhere", "invoices": [] });
    let request = stranger.request(reqwest::Method::POST, "/api/books/invoices").header("x-integration-key", KEY).json(&elsewhere);
    stranger.send(request).await.expect(422);
    let mut mira = one.browser("mira").await;
    mira.get("/admin/integrations/books").await.expect(200).shows("told of no client yet");
}

async fn health(one: &Installation, check: &str) -> Vec<(String, String)> {
    admin::findings(&one.platform)
        .await
        .into_iter()
        .filter(|found| found.check == check)
        .map(|found| (found.what, found.fix))
        .collect()
}

#[actix_web::test]
async fn each_bad_day_of_books_is_named_to_the_admin_and_the_client_keeps_the_last_good_page() {
    let books = Books::start();
    let one = Installation::with(&books.settings()).await;
    books.put(bill("B-7", "c-1", 1));
    jobs::sync_due(&one.platform).await.expect("a look");
    let mut mira = one.browser("mira").await;
    map_first(&one, &mut mira).await;
    assert_eq!(health(&one, "books").await, [("Books answers.".to_owned(), String::new())]);
    for (mood, named) in
        [(Mood::Garbage, "not in its contract"), (Mood::Slow, "did not answer in time"), (Mood::Down, "it failed with 503")]
    {
        books.feels(mood);
        one.platform.clock.advance(6 * Moment::HOUR + Moment::MINUTE);
        let mut mira = one.browser("mira").await;
        jobs::sync_due(&one.platform).await.expect("a look");
        mira.get("/admin/integrations/books").await.expect(200).shows(named);
        let (what, fix) = health(&one, "books").await.remove(0);
        assert!(what.contains(named) && !fix.is_empty(), "{what}");
        let mut cleo = one.browser("cleo").await;
        cleo.get("/portal/invoices")
            .await
            .expect(200)
            .shows("B-7")
            .shows("cannot be reached at the moment")
            .shows("as of")
            .hides(named);
    }
    let late = health(&one, "books_sync").await;
    assert!(late.iter().any(|(what, _)| what.contains("Harbor IT's invoices were last taken")), "{late:?}");
    // It is back: asked again ten minutes later, and all is well.
    books.feels(Mood::Well);
    one.platform.clock.advance(10 * Moment::MINUTE);
    jobs::sync_due(&one.platform).await.expect("a look");
    assert_eq!(health(&one, "books").await, [("Books answers.".to_owned(), String::new())]);
    assert_eq!(health(&one, "books_sync").await, []);
    let mut cleo = one.browser("cleo").await;
    cleo.get("/portal/invoices").await.expect(200).hides("cannot be reached");
}

#[actix_web::test]
async fn one_invoice_that_cannot_be_taken_is_named_and_holds_up_no_other() {
    let books = Books::start();
    let one = Installation::with(&books.settings()).await;
    let line = bill("1", "c-1", 1).lines.remove(0);
    let endless = Incoming { lines: vec![line; 501], ..bill("2", "c-1", 1) };
    for invoice in [bill("1", "c-1", 1), endless, Incoming { note: "By\0 post".to_owned(), ..bill("3", "c-1", 1) }] {
        books.put(invoice);
    }
    for number in 4..8 {
        books.put(bill(&number.to_string(), "c-1", 1));
    }
    let mut mira = one.browser("mira").await;
    for _ in 0..2 {
        jobs::sync_due(&one.platform).await.expect("a look");
        mira.get("/admin/integrations/books").await.expect(200).shows("6 invoices");
        let named = health(&one, "books_untaken").await;
        assert!(named.len() == 1 && named[0].0.contains("invoice inv-2: it has more than 500 lines"), "{named:?}");
        assert_eq!(health(&one, "books_sync").await, []);
        assert!(books.asked().contains(&"tenant=harbor".to_owned()), "it is asked for until it is taken");
        one.platform.clock.advance(6 * Moment::HOUR);
        mira = one.browser("mira").await;
    }
    map_first(&one, &mut mira).await;
    let mut cleo = one.browser("cleo").await;
    cleo.get("/portal/invoices").await.expect(200).shows(">7</a>").hides("cannot be reached");
    let tx = one.tx().await;
    let rows = invoice::Entity::within(tx.reach()).all(&tx).await.expect("read");
    assert!(rows.iter().any(|row| row.detail.contains("By post")), "what is no text is left out");
    drop(tx);
    // It is put right there; Books tells each invoice as it is.
    books.forget("inv-2");
    books.put(bill("2", "c-1", 2));
    jobs::sync_due(&one.platform).await.expect("a look");
    assert_eq!(health(&one, "books_untaken").await, []);
    cleo.get("/portal/invoices").await.expect(200).shows(">2</a>");
}

/// How far Books was read is known after the upgrade too.
#[actix_web::test]
async fn what_was_read_of_books_before_an_upgrade_is_not_asked_for_again() {
    let books = Books::start();
    let one = Installation::with(&books.settings()).await;
    books.put(bill("1", "c-1", 1));
    jobs::sync_due(&one.platform).await.expect("a look");
    let migrations = Migrator::migrations();
    let at = migrations.iter().position(|migration| migration.name() == "platform_007_untaken").expect("it is there");
    let since = u32::try_from(migrations.len() - at).expect("few");
    Migrator::down(one.platform.db.whole(), Some(since)).await.expect("down");
    Migrator::up(one.platform.db.whole(), None).await.expect("up");
    let tx = one.tx().await;
    let rows = sync::Entity::within(tx.reach()).filter(sync::Column::TenantId.eq(one.cast.harbor)).all(&tx).await.expect("read");
    assert_eq!(rows.iter().map(|row| (row.mark.as_str(), row.untaken.as_str())).collect::<Vec<_>>(), [("1", "")]);
}

#[actix_web::test]
async fn a_missing_setting_and_a_wrong_key_are_told_apart() {
    let books = Books::start();
    let off = Installation::new().await;
    assert!(health(&off, "books").await[0].0.contains("Books is not connected"));
    let half = Installation::with(&[("BOOKS_API_URL", &books.url)]).await;
    assert_eq!(health(&half, "books").await[0].1, "Set BOOKS_SERVICE_KEY.");
    let mut mira = half.browser("mira").await;
    mira.get("/admin/integrations/books").await.expect(200).shows("BOOKS_SERVICE_KEY").hides("Ask Books Now");
    let wrong =
        Installation::with(&[("BOOKS_API_URL", &books.url), ("BOOKS_SERVICE_KEY", "another-key-another-key-another-1")]).await;
    jobs::sync_due(&wrong.platform).await.expect("a look");
    let (what, fix) = health(&wrong, "books").await.remove(0);
    assert!(what.contains("refused our key") && fix.contains("BOOKS_SERVICE_KEY"), "{what} {fix}");
}

#[actix_web::test]
async fn a_client_that_is_nobody_here_is_named_with_its_invoices_and_can_be_placed_and_taken_away_again() {
    let books = Books::start();
    let one = Installation::with(&books.settings()).await;
    books.put(Incoming { client_name: "Acme Dental Lab".to_owned(), ..bill("B-8", "c-2", 1) });
    jobs::sync_due(&one.platform).await.expect("a look");
    let (what, fix) = health(&one, "books_clients").await.remove(0);
    assert!(what.contains("Acme Dental Lab") && fix.contains("Admin → Books"), "{what} {fix}");
    let mut cleo = one.browser("cleo").await;
    cleo.get("/portal/invoices").await.expect(200).shows("No invoices yet");
    let mut mira = one.browser("mira").await;
    map_first(&one, &mut mira).await;
    cleo.get("/portal/invoices").await.expect(200).shows("B-8");
    assert_eq!(health(&one, "books_clients").await, []);
    // The next of that client goes the same way; and nobody sees them once it is nobody again.
    books.put(bill("B-9", "c-2", 1));
    one.platform.clock.advance(6 * Moment::HOUR);
    jobs::sync_due(&one.platform).await.expect("a look");
    let mut cleo = one.browser("cleo").await;
    cleo.get("/portal/invoices").await.expect(200).shows("B-9");
    one.run_jobs().await;
    assert!(one.mails().iter().any(|mail| mail.contains("B-9")), "those who see all of the company are told");
    let mut mira = one.browser("mira").await;
    let page = mira.get("/admin/integrations/books").await.expect(200);
    let at = page.text.find("/admin/integrations/books/clients/").expect("the client");
    let action = page.text[at..].split('"').next().expect("an address").to_owned();
    mira.post(&action, &[("company", "")]).await.expect(303);
    cleo.get("/portal/invoices").await.expect(200).shows("No invoices yet");
    // Another tenant's company is not there.
    mira.post(&action, &[("company", &one.cast.fir.to_string())]).await.expect(404);
}
