//! What people write is inert wherever it comes out: SVG, ends of scripts, bidi overrides, NUL and other control characters, in the
//! page, the push, the mail, the bell, the exports and the signed PDF (`platform::text`).

use one_legal::audit::Line;
use reqwest::Method;
use serde_json::{Value, json};

use super::socket::{Socket, client_id, conversation};
use crate::{
    app::crawl::{NO_ID, address, ends, route_table},
    audit::{record, rows},
    notifications::{parts, tell},
    support::Installation,
};

/// Everything at once; the NUL has its own tests.
const NASTY: &str = "<svg/onload=alert(1)></script><script>alert(2)</script>\u{202e}gpj.exe\u{1}\u{7f}\u{85}\u{b} \u{2067}open";

/// Nothing turns the text, nothing unseen is in it, and nothing of it is markup.
#[track_caller]
fn inert(place: &str, text: &str) {
    let bad = |c: &char| matches!(c, '\u{202d}' | '\u{202e}') || (c.is_control() && !matches!(c, '\t' | '\n' | '\r'));
    assert_eq!(text.chars().find(bad), None, "{place}: {text:?}");
    let count = |sign: char| text.matches(sign).count();
    assert_eq!(count('\u{2067}'), count('\u{2069}'), "{place}: what is opened is closed: {text:?}");
}

#[track_caller]
fn inert_html(place: &str, html: &str) {
    inert(place, html);
    for tag in ["<svg/", "</script><script>alert", "<script>alert"] {
        assert!(!html.contains(tag), "{place} holds {tag}");
    }
}

#[actix_web::test]
async fn a_message_is_inert_in_the_page_the_push_and_the_replay() {
    let one = Installation::new().await;
    let id = conversation(&one, &["ada", "cleo"]).await;
    let mut cleo = Socket::as_person(&one, "cleo").await;
    cleo.subscribe(id, None).await;
    let mut browser = one.browser("ada").await;
    let mut ada = Socket::of(&one, &browser).await;
    let path = format!("/api/v1/conversations/{id}/messages");
    ada.sent(id, NASTY).await;
    browser.post_json(&path, &json!({ "client_id": client_id(), "body": NASTY })).await.expect(201);
    let form = reqwest::multipart::Form::new().text("client_id", client_id().to_string()).text("body", NASTY);
    let by_form = browser.request(Method::POST, &format!("/conversations/{id}/messages")).header("accept", "text/html");
    browser.send(by_form.multipart(form)).await.expect(303);
    for way in ["socket", "program", "form"] {
        let heard = cleo.next_message().await;
        let (body, html) = (heard["body"].as_str().expect("text"), heard["body_html"].as_str().expect("HTML"));
        assert!(body.starts_with("<svg/onload=alert(1)></script>") && body.contains("gpj.exe"), "{way}: words stay: {body:?}");
        inert(way, body);
        inert_html(way, html);
    }
    let replay = browser.get_json(&format!("/api/v1/conversations/{id}/events?after=2")).await.expect(200).json();
    for event in replay["events"].as_array().expect("events") {
        inert("the replay", event["body"].as_str().expect("text"));
    }
    let page = browser.get(&format!("/conversations/{id}")).await.expect(200);
    inert_html("the page", &page.text);
    assert_eq!(page.text.matches("gpj.exe").count() % 3, 0, "all three are there");
    let found = browser.get(&format!("/conversations/{id}?q=gpj")).await.expect(200).shows("gpj");
    inert_html("the search", &found.text);
}

#[actix_web::test]
async fn a_nul_is_refused_at_every_door_and_nothing_breaks() {
    let one = Installation::new().await;
    let id = conversation(&one, &["ada", "cleo"]).await;
    let mut browser = one.browser("ada").await;
    let path = format!("/api/v1/conversations/{id}/messages");
    let refused = browser.post_json(&path, &json!({ "client_id": client_id(), "body": "a\0b" })).await.expect(422);
    assert!(refused.text.contains("NUL"), "{}", refused.text);
    let mut socket = Socket::of(&one, &browser).await;
    let mine = socket.send(id, "a\0b").await;
    let nack = socket.next_of("nack").await;
    assert_eq!((nack["code"].as_str(), nack["client_id"].as_str()), (Some("no_text"), Some(mine.to_string().as_str())));
    let form = reqwest::multipart::Form::new().text("client_id", client_id().to_string()).text("body", "a\0b");
    let by_form = browser.request(Method::POST, &format!("/conversations/{id}/messages")).header("accept", "text/html");
    browser.send(by_form.multipart(form)).await.expect(422);
    socket.sent(id, "still here").await;

    let mut mira = one.browser("mira").await;
    for (method, pattern) in route_table().await {
        if method == "GET" && ends(&pattern) && !pattern.starts_with("/static") {
            let path = format!("{}?q=a%00b&page=1", address(&pattern, NO_ID));
            mira.get(&path).await.expect(400);
        }
        if method != "GET" && !pattern.ends_with("logout") && !pattern.contains("end-others") {
            let request = mira.request(method.parse().expect("a method"), &address(&pattern, NO_ID)).header("accept", "text/html");
            let names = ["name", "title", "email", "body", "q", "mail", "description", "text"];
            let answer = mira.send(request.form(&names.map(|name| (name, "x\0y")))).await;
            // An address that takes no body does not look at one.
            assert!(answer.status < 500, "{method} {pattern}: {} {}", answer.status, answer.text);
        }
    }
    mira.post("/legal/profile/name", &[("name", "Mira\0 Castellan")]).await.expect(422).shows("NUL");
    mira.post("/admin/clients/new", &[("name", "Acme\0")]).await.expect(422).shows("NUL");
}

#[actix_web::test]
async fn a_name_cannot_turn_the_line_it_stands_in() {
    let one = Installation::new().await;
    let mut mira = one.browser("mira").await;
    mira.post("/legal/profile/name", &[("name", "Mira \u{202e}nalletsaC\u{2067}")]).await.expect(303);
    let page = mira.get("/legal/profile").await.expect(200).shows("Mira nalletsaC");
    inert_html("the profile", &page.text);
}

#[actix_web::test]
async fn what_stands_in_the_log_is_inert_in_every_export_and_on_screen() {
    let one = Installation::new().await;
    // As an older release, or a program beside ours, may have written it.
    record(&one, one.cast.harbor, NASTY, Line::new("policy.approved", "policy:1").with("title", NASTY)).await;
    let mut mira = one.browser("mira").await;
    inert_html("the screen", &mira.get("/admin/audit").await.expect(200).text);
    let csv = mira.get("/admin/audit/export?format=csv").await.expect(200).text;
    inert("CSV", &csv);
    let lines = csv::Reader::from_reader(csv.as_bytes()).records().filter_map(Result::ok).count();
    let jsonl = mira.get("/admin/audit/export?format=jsonl&action=policy.approved").await.expect(200).text;
    inert("JSON lines", &jsonl);
    assert!(jsonl.is_ascii() || !jsonl.contains('\u{2067}'), "marks stand as escapes");
    let line: Value = serde_json::from_str(jsonl.lines().next().expect("a line")).expect("JSON");
    assert_eq!(line["actor"], NASTY, "a program reads the very value that the hash is over");
    assert!(lines >= 1 && rows(&one, &one.cast.harbor.to_string()).await.iter().any(|row| row.actor == NASTY));
    assert!(one_legal::audit::verify(&one.platform, None).await.expect("it runs").is_ok());
}

#[actix_web::test]
async fn a_title_is_inert_in_the_bell_and_in_the_mail() {
    let one = Installation::new().await;
    let data = json!({ "policy": "P", "title": NASTY, "company": NASTY, "drafter": one.cast.person("tom").account });
    tell(&one, one.cast.harbor, "policy.approved", Some("ada"), data).await;
    one.run_jobs().await;
    let mut tom = one.browser("tom").await;
    inert_html("the bell", &tom.get("/legal/notifications").await.expect(200).text);
    let list = tom.get_json("/api/v1/notifications").await.expect(200).json();
    inert("the bell's JSON", list["notifications"][0]["words"].as_str().expect("words"));
    let mails: Vec<String> = one.mails().into_iter().filter(|mail| mail.contains(&one.cast.person("tom").email)).collect();
    assert_eq!(mails.len(), 1);
    for (kind, text) in parts(&mails[0]) {
        if kind.starts_with("text/html") { inert_html("the mail", &text) } else { inert("the mail's text", &text) }
    }
    let subject = &one.letters_to(&one.cast.person("tom").email)[0].subject;
    inert("the subject", subject);
    assert!(subject.contains("gpj.exe"), "{subject}");
}
