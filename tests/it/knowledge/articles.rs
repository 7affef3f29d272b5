//! Articles: kept by admins, found by clients in their own words, drafts by nobody.

use super::{address, write};
use crate::support::Installation;

const PRINTER: &str = "## Steps\n\n1. Open every door of the **printer**.\n2. Take the paper out.";

#[actix_web::test]
async fn what_is_published_is_found_in_other_forms_of_its_words_and_with_a_slip_in_them() {
    let one = Installation::new().await;
    let mut mira = one.browser("mira").await;
    write(&mut mira, "The printer does not print", PRINTER, &[("tags", "toner, paper jam")]).await.expect(303);
    write(&mut mira, "Change your password", "Press the three keys.", &[("category", "access")]).await.expect(303);
    let mut ben = one.browser("ben").await;
    for question in ["my printers wont print", "toner", "PRINTING", "paper jammed?", "prnter", "how do I change the toner"] {
        let page = ben.get(&format!("/portal/help?q={}", question.replace(' ', "+"))).await.expect(200);
        page.shows("The printer does not print").shows("Did this help?");
    }
    ben.get("/portal/help?q=pasword").await.expect(200).shows("Change your password").shows("this is what comes nearest");
    // What it is about is marked, and a ticket takes along what was typed and what it is about.
    let page = ben.get("/portal/help?q=printer+doors+open").await.expect(200);
    page.shows("<mark>").shows("category=hardware").shows("subject=printer+doors+open");
    let ticket = ben.get("/portal/tickets/new?subject=printer+doors&description=printer+doors+open&category=hardware").await;
    ticket.expect(200).shows("value=\"printer doors\"").shows("printer doors open").shows("value=\"hardware\" selected");
    let nothing = ben.get("/portal/help?q=holiday+allowance").await.expect(200);
    nothing.shows("Nothing is written about that yet").shows("Talk to a person").shows("Open a ticket");
    for strange in ["%25%25%25", "''';--", "%F0%9F%96%A8", "a", "the+of+is", "%00"] {
        assert!(ben.get(&format!("/portal/help?q={strange}")).await.status < 500);
    }
    ben.get("/portal/help").await.expect(200).shows("What helped others");
}

#[actix_web::test]
async fn thumbs_and_views_count_each_person_once() {
    let one = Installation::new().await;
    let mut mira = one.browser("mira").await;
    write(&mut mira, "The printer does not print", PRINTER, &[]).await.expect(303);
    let mut ben = one.browser("ben").await;
    let article = address(&ben.get("/portal/help?q=printer").await, "/portal/help/articles/");
    let article = article.trim_end_matches("/rate").to_owned();
    let page = ben.get(&article).await.expect(200);
    page.shows("<h2>Steps</h2>").shows("Did this help?");
    for _ in 0..3 {
        ben.post_json(&format!("{article}/seen"), &serde_json::json!({})).await.expect(204);
        ben.post(&format!("{article}/rate"), &[("helpful", "yes")]).await.expect(303);
    }
    let mut gus = one.browser("gus").await;
    gus.post_json(&format!("{article}/seen"), &serde_json::json!({})).await.expect(204);
    // Without script the answer leads back, to our own pages alone.
    let said = gus.post(&format!("{article}/rate"), &[("helpful", "no"), ("back", "/portal/help?q=printer")]).await.expect(303);
    assert_eq!(said.location(), "/portal/help?q=printer");
    let away = gus.post(&format!("{article}/rate"), &[("helpful", "no"), ("back", "//evil.example")]).await.expect(303);
    assert_eq!(away.location(), article);
    gus.post(&format!("{article}/rate"), &[("helpful", "perhaps")]).await.expect(422);
    let counts = |page: &str| {
        let row = page.split("data-label=\"Read\"").nth(1).expect("the row").to_owned();
        let number = |text: &str| text.split(['>', '<']).nth(1).expect("a number").trim().to_owned();
        let rest: Vec<String> = row.split("data-label=").skip(1).take(2).map(number).collect();
        [number(&row), rest[0].clone(), rest[1].clone()]
    };
    assert_eq!(counts(&mira.get("/admin/knowledge").await.expect(200).text), ["2", "1", "1"]);
    // Gus thinks again.
    gus.post(&format!("{article}/rate"), &[("helpful", "yes")]).await.expect(303);
    assert_eq!(counts(&mira.get("/admin/knowledge").await.expect(200).text), ["2", "2", "0"]);
}

#[actix_web::test]
async fn drafts_and_other_msps_articles_reach_no_client() {
    const CANARY: &str = "Canaryprinter";
    let one = Installation::new().await;
    let mut mira = one.browser("mira").await;
    write(&mut mira, CANARY, CANARY, &[("published", "")]).await.expect(303);
    let draft = address(&mira.get("/admin/knowledge").await.expect(200).shows(CANARY), "/admin/knowledge/0");
    let mut eve = one.browser("eve").await;
    write(&mut eve, &format!("{CANARY} of Pine"), CANARY, &[]).await.expect(303);
    for key in ["ben", "cleo", "dora", "gus"] {
        let mut browser = one.browser(key).await;
        for page in [format!("/portal/help?q={CANARY}"), "/portal/help".to_owned()] {
            let text = browser.get(&page).await.expect(200).text;
            assert_eq!(
                text.matches(&CANARY.to_lowercase()).count() + text.matches(&format!("{CANARY}<")).count(),
                0,
                "{key} {page}"
            );
        }
        browser.get(&draft.replace("/admin/knowledge/", "/portal/help/articles/")).await.expect(404);
    }
    one.browser("finn").await.get(&format!("/portal/help?q={CANARY}")).await.expect(200).shows("of Pine");
    // Taken off again it is gone.
    mira.post(&draft, &[("title", CANARY), ("summary", "S"), ("body", "B"), ("category", "other"), ("published", "true")])
        .await
        .expect(303);
    one.browser("ben").await.get(&format!("/portal/help?q={CANARY}")).await.expect(200).shows("Did this help?");
    mira.post(&draft, &[("title", CANARY), ("summary", "S"), ("body", "B"), ("category", "other")]).await.expect(303);
    one.browser("ben").await.get(&format!("/portal/help?q={CANARY}")).await.expect(200).hides("Did this help?");
    for (key, status) in [("tom", 403), ("vik", 403), ("ada", 404), ("cleo", 404), ("eve", 404)] {
        one.browser(key).await.get(&draft).await.expect(status);
    }
}

#[actix_web::test]
async fn the_form_of_an_article_says_what_is_wrong_keeps_what_was_typed_and_shows_a_preview() {
    let one = Installation::new().await;
    let mut mira = one.browser("mira").await;
    let wrong = write(&mut mira, "", "Kept text", &[("category", ""), ("summary", "")]).await.expect(422);
    wrong.shows("Give it a title").shows("Choose what it is about").shows("Say in a sentence").shows("Kept text");
    let preview = write(&mut mira, "T", "# Big\n\n<script>alert(1)</script>", &[("preview", "1")]).await.expect(200);
    preview.shows("<h3>Big</h3>").shows("Preview, not saved").hides("<script>alert");
    mira.get("/admin/knowledge").await.expect(200).shows("No articles yet");
    write(&mut mira, "Only begun", "", &[("published", ""), ("summary", "")]).await.expect(303);
    mira.get("/admin/knowledge?q=begun&status=draft").await.expect(200).shows("Only begun");
    mira.get("/admin/knowledge?q=elsewhere").await.expect(200).shows("No article fits");
}
