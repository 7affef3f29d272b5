//! The log on screen: for the tenant's owner and admins their own, for the operator the installation's.

use entity::Moment;
use one_legal::audit::Line;

use super::{five_lines, forge, record, rows};
use crate::support::Installation;

async fn some_history(one: &Installation) {
    record(one, one.cast.harbor, "Mira Castellan", Line::new("policy.approved", "policy:alpha")).await;
    one.platform.clock.advance(2 * Moment::DAY);
    record(one, one.cast.harbor, "Ada Whitfield", Line::new("document.viewed", "document:beta")).await;
    record(one, one.cast.pine, "Eve Lindqvist", Line::new("policy.approved", "policy:gamma")).await;
}

#[actix_web::test]
async fn everybody_sees_exactly_their_own_log() {
    let one = Installation::new().await;
    some_history(&one).await;
    one.browser("mira")
        .await
        .get("/admin/audit")
        .await
        .expect(200)
        .shows("policy:alpha")
        .shows("document:beta")
        .shows("Looked at a document")
        .hides("policy:gamma");
    one.browser("eve")
        .await
        .get("/admin/audit")
        .await
        .expect(200)
        .shows("policy:gamma")
        .hides("policy:alpha")
        .hides("document:beta");
    for key in ["tom", "vik"] {
        one.browser(key).await.get("/admin/audit").await.expect(403).hides("policy:alpha");
        one.browser(key).await.get("/admin/audit/export").await.expect(403).hides("policy:alpha");
        one.browser(key).await.post("/admin/audit/verify", &[]).await.expect(403);
    }
    for key in ["ada", "sam", "ben", "dora", "olga", "joy"] {
        one.browser(key).await.get("/admin/audit").await.expect(404);
        one.browser(key).await.get("/admin/audit/export").await.expect(404);
        one.browser(key).await.post("/admin/audit/verify", &[]).await.expect(404);
    }
    one.stranger().get("/admin/audit").await.expect(303);
    one.browser("olga").await.get("/operator/audit").await.expect(200).shows("cast.created").hides("policy:alpha");
    for key in ["mira", "tom", "ada", "ben", "eve"] {
        one.browser(key).await.get("/operator/audit").await.expect(404);
        one.browser(key).await.get("/operator/audit/export").await.expect(404);
    }
}

#[actix_web::test]
async fn the_log_is_filtered_by_its_address() {
    let one = Installation::new().await;
    some_history(&one).await;
    let mut mira = one.browser("mira").await;
    let only_alpha = ["?actor=Mira", "?action=policy.", "?object=policy:alpha", "?to=2026-03-02", "?from=2026-03-01&to=2026-03-03"];
    for query in only_alpha {
        mira.get(&format!("/admin/audit{query}")).await.expect(200).shows("policy:alpha").hides("document:beta");
    }
    for query in ["?actor=Ada", "?action=document.", "?from=2026-03-03", "?from=2026-03-04&to=2026-03-04"] {
        mira.get(&format!("/admin/audit{query}")).await.expect(200).shows("document:beta").hides("policy:alpha");
    }
    mira.get("/admin/audit?actor=Nobody").await.expect(200).shows("Nothing in the log matches").shows("Clear the filters");
    // Signs that mean something to LIKE are themselves here, and nonsense days filter nothing.
    mira.get("/admin/audit?action=%25").await.expect(200).hides("policy:alpha");
    mira.get("/admin/audit?from=yesterday&to=2026-13-45").await.expect(200).shows("policy:alpha");
}

#[actix_web::test]
async fn the_log_leaves_the_house_as_csv_and_json_lines_and_that_is_recorded() {
    let one = Installation::new().await;
    some_history(&one).await;
    record(&one, one.cast.harbor, "=HYPERLINK(\"http://evil\")", Line::new("policy.approved", "policy:delta")).await;
    let mut mira = one.browser("mira").await;
    let csv = mira.get("/admin/audit/export?format=csv&action=policy.").await.expect(200);
    assert!(csv.headers["content-disposition"].to_str().expect("text").starts_with("attachment; filename=\"audit.csv\""));
    let mut reader = csv::Reader::from_reader(csv.text.as_bytes());
    let records: Vec<csv::StringRecord> = reader.records().map(|r| r.expect("a record")).collect();
    assert_eq!(records.len(), 2, "the filter holds for the export");
    assert!(records.iter().any(|r| &r[4] == "policy:alpha"));
    assert!(records.iter().any(|r| r[2].starts_with("'=HYPERLINK")), "no cell is a formula");
    let lines = mira.get("/admin/audit/export?format=jsonl").await.expect(200);
    let lines: Vec<serde_json::Value> = lines.text.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    let stored = rows(&one, &one.cast.harbor.to_string()).await;
    assert!(lines.iter().all(|line| stored.iter().any(|row| row.hash == line["hash"].as_str().unwrap_or_default())));
    mira.get("/admin/audit?action=audit.exported").await.expect(200).shows("audit.exported");
}

#[actix_web::test]
async fn one_button_verifies_the_chain_and_says_where_it_breaks() {
    let one = Installation::new().await;
    let chain = five_lines(&one).await;
    let mut mira = one.browser("mira").await;
    mira.post("/admin/audit/verify", &[]).await.expect(303);
    mira.get("/admin/audit").await.expect(200).shows("nothing was changed, moved or removed");
    forge(&one, &format!("UPDATE audit_entry SET actor = 'Nobody' WHERE chain = '{chain}' AND seq = 2")).await;
    mira.post("/admin/audit/verify", &[]).await.expect(303);
    mira.get("/admin/audit").await.expect(200).shows("The chain breaks at row 2");
    mira.get("/admin/audit?action=audit.verified").await.expect(200).shows("denied");
}

#[actix_web::test]
async fn a_name_in_the_log_is_text_and_nothing_else() {
    let one = Installation::new().await;
    record(&one, one.cast.harbor, "<script>alert(1)</script>", Line::new("policy.approved", "policy:\"><blink>")).await;
    let page = one.browser("mira").await.get("/admin/audit").await.expect(200).hides("<script>alert").hides("<blink>");
    let html = scraper::Html::parse_document(&page.text);
    let text: String = html.root_element().text().collect();
    assert!(text.contains("<script>alert(1)</script>") && text.contains("policy:\"><blink>"));
}
