//! Another tenant's thing and a thing that never was answer alike, and so does another client's.

use std::collections::BTreeSet;

use crate::{
    app::crawl::{ends, route_table},
    support::{Answer, Browser, Installation, World},
};

/// Status and words of an answer, without what differs from request to request.
fn said(answer: &Answer) -> (u16, String, String) {
    let location = answer.location().to_owned();
    let mut text = answer.text.clone();
    if let Some(id) = answer.headers.get("x-request-id").and_then(|v| v.to_str().ok()) {
        text = text.replace(id, "REQUEST");
    }
    if let Some(csp) = answer.headers.get("content-security-policy").and_then(|v| v.to_str().ok())
        && let Some((_, rest)) = csp.split_once("'nonce-")
        && let Some((nonce, _)) = rest.split_once('\'')
    {
        text = text.replace(nonce, "NONCE");
    }
    (answer.status, location, text)
}

async fn ask(browser: &mut Browser, method: &str, path: &str) -> Answer {
    let method = reqwest::Method::from_bytes(method.as_bytes()).expect("a method");
    let mut request = browser.request(method.clone(), path).header("accept", "text/html");
    if method != reqwest::Method::GET {
        request = request.form::<[(&str, &str)]>(&[]);
    }
    browser.send(request).await
}

/// Every id in the path as one that was never given.
fn unknown(path: &str, real: &BTreeSet<String>) -> String {
    path.split('/')
        .map(|part| if real.contains(part) { uuid::Uuid::now_v7().to_string() } else { part.to_owned() })
        .collect::<Vec<_>>()
        .join("/")
}

#[actix_web::test]
async fn another_tenants_thing_answers_like_one_that_never_was() {
    let one = Installation::new().await;
    let world = World::create(&one).await;
    let (mut checked, mut told) = (0, Vec::new());
    for key in ["eve", "finn", "joy", "olga"] {
        let is_operator = key == "olga";
        let mut browser = one.browser(key).await;
        for (method, pattern) in route_table().await {
            let (path, concerns) = world.address(&pattern);
            // Tenants and attorneys as such are the operator's own business; what is in a tenant is not.
            if !concerns || !ends(&pattern) || (is_operator && pattern.starts_with("/operator")) {
                continue;
            }
            let real: BTreeSet<String> = path.split('/').filter(|part| part.len() == 36).map(str::to_owned).collect();
            let there = ask(&mut browser, &method, &path).await;
            let nowhere_path = unknown(&path, &real);
            let nowhere = ask(&mut browser, &method, &nowhere_path).await;
            let (mut a, mut b) = (said(&there), said(&nowhere));
            for (at, part) in path.split('/').enumerate().filter(|(_, part)| real.contains(*part)) {
                let other = nowhere_path.split('/').nth(at).expect("as many parts");
                (a.1, a.2) = (a.1.replace(part, "ID"), a.2.replace(part, "ID"));
                (b.1, b.2) = (b.1.replace(other, "ID"), b.2.replace(other, "ID"));
            }
            checked += 1;
            if a != b {
                told.push(format!("{key} {method} {pattern}: {} and {} for nothing", a.0, b.0));
            }
        }
    }
    assert!(checked > 40, "only {checked} addresses have ids");
    assert!(told.is_empty(), "these tell whether a thing of another tenant exists:\n{}", told.join("\n"));
}

#[actix_web::test]
async fn another_client_of_the_same_msp_is_not_there() {
    let one = Installation::new().await;
    let world = World::create(&one).await;
    let mut gus = one.browser("gus").await;
    for (method, pattern) in route_table().await {
        let (path, concerns) = world.address(&pattern);
        // What the MSP offers, it offers to all its clients.
        let for_all = pattern == "/portal/catalog/{service}" || pattern.starts_with("/portal/help/articles/");
        if concerns && !for_all {
            let answer = ask(&mut gus, &method, &path).await;
            let words = answer.text.chars().take(200).collect::<String>();
            assert!(matches!(answer.status, 403 | 404), "Gus of Bluefin got {} from {method} {path}: {words}", answer.status);
        }
    }
    for id in [world.story.client_review, world.story.published, world.story.superseded] {
        gus.get(&format!("/portal/documents/{id}/sign")).await.expect(404);
    }
    for id in world.story.documents.iter().chain(&world.story.attachments) {
        gus.get(&format!("/portal/files/{id}/download")).await.expect(404);
    }
}
