//! From open to closed, and back.

use entity::{
    matters::{Urgency, matter},
    wall::Walled,
};
use serde_json::json;

use super::desk;
use crate::support::Installation;

#[actix_web::test]
async fn a_matter_goes_from_open_to_closed_and_can_be_reopened() {
    let one = Installation::new().await;
    let mut tom = one.browser("tom").await;
    let mut ada = one.browser("ada").await;
    let mut cleo = one.browser("cleo").await;
    let matter = desk::open(&one, &mut tom, &[]).await;
    tom.get(&matter).await.expect(200).shows("Disputed invoice 4711").shows("Acme refuses to pay").shows("Waits for an attorney");
    // Ada finds it unclaimed on top of her list and in her bell, and claims it.
    ada.get("/legal/matters").await.expect(200).shows("Disputed invoice 4711").shows("Unclaimed");
    ada.get("/legal/notifications").await.expect(200).shows("Tom Okafor opened a matter");
    ada.get(&matter).await.expect(200).shows("Claim this matter").shows("You are not part of this conversation yet");
    ada.post(&format!("{matter}/claim"), &[]).await.expect(303);
    ada.get(&matter).await.expect(200).shows("Ada Whitfield claimed the matter").shows("Responsible: Ada Whitfield");
    // Tom puts Cleo on it: she reads the conversation in the portal.
    desk::put_on(&one, &mut tom, &matter, "cleo").await;
    let portal = matter.replace("/legal/matters/", "/portal/messages/");
    cleo.get("/portal/messages").await.expect(200).shows("Disputed invoice 4711");
    cleo.get(&portal).await.expect(200).shows("Ada Whitfield claimed the matter").hides("Acme refuses to pay");
    // Resolved by Ada, closed by Tom, re-opened, resolved and closed again.
    for _ in 0..2 {
        ada.post(&format!("{matter}/resolve"), &[]).await.expect(303);
        tom.get(&matter).await.expect(200).shows("Resolved");
        tom.post(&format!("{matter}/close"), &[]).await.expect(303);
        tom.get(&matter).await.expect(200).shows("Closed");
        tom.post(&format!("{matter}/reopen"), &[]).await.expect(303);
        ada.get(&matter).await.expect(200).shows("In progress").shows("re-opened the matter");
    }
    tom.get(&format!("{matter}/activity"))
        .await
        .expect(200)
        .shows("claimed it")
        .shows("put Cleo Vance on it")
        .shows("marked it resolved");
    tom.get("/legal/notifications").await.expect(200).shows("Ada Whitfield took the matter");
}

#[actix_web::test]
async fn a_step_that_does_not_follow_is_refused_with_the_next_step() {
    let one = Installation::new().await;
    let mut tom = one.browser("tom").await;
    let mut ada = one.browser("ada").await;
    let matter = desk::open(&one, &mut tom, &[]).await;
    tom.post(&format!("{matter}/close"), &[]).await.expect(409).shows("not resolved yet");
    ada.post(&format!("{matter}/claim"), &[]).await.expect(303);
    let mut sam = one.browser("sam").await;
    let again = sam.post_json(&format!("{matter}/claim"), &json!({})).await.expect(409);
    assert_eq!(again.code(), "already_claimed");
    sam.get(&matter).await.expect(200).shows("You are not part of this conversation yet");
}

#[actix_web::test]
async fn who_may_do_what_with_a_matter() {
    let one = Installation::new().await;
    let mut tom = one.browser("tom").await;
    let mut ada = one.browser("ada").await;
    let mut vik = one.browser("vik").await;
    let mut lou = one.browser("lou").await;
    let mut nils = one.browser("nils").await;
    let matter = desk::open(&one, &mut tom, &[]).await;
    // Viewers read; they open nothing.
    vik.get("/legal/matters/new").await.expect(403);
    desk::send(&mut vik, "/legal/matters/new", desk::form(&one, &[])).await.expect(403);
    nils.get("/legal/matters/new").await.expect(403);
    // A paralegal sees every matter, may join, but not claim.
    lou.get(&matter).await.expect(200).hides("Claim this matter");
    lou.post(&format!("{matter}/claim"), &[]).await.expect(403);
    lou.post(&format!("{matter}/join"), &[]).await.expect(303);
    lou.get(&matter).await.expect(200).shows("Lou Bennett joined");
    // Tom is not an attorney; Ada has not joined, so she cannot resolve yet.
    tom.post(&format!("{matter}/claim"), &[]).await.expect(403);
    tom.post(&format!("{matter}/join"), &[]).await.expect(403);
    ada.post(&format!("{matter}/resolve"), &[]).await.expect(403);
    ada.post(&format!("{matter}/claim"), &[]).await.expect(303);
    // Put on it, Vik and Nils read it and change nothing.
    for (key, browser) in [("vik", &mut vik), ("nils", &mut nils)] {
        desk::put_on(&one, &mut tom, &matter, key).await;
        browser.get(&matter).await.expect(200).shows("claimed the matter");
        for step in ["resolve", "close", "reopen", "claim"] {
            browser.post(&format!("{matter}/{step}"), &[]).await.expect(403);
        }
        let account = one.cast.person("mira").account.to_string();
        browser.post(&format!("{matter}/people"), &[("account", &account)]).await.expect(403);
        browser.post(&format!("{matter}/edit"), &[("title", "x"), ("urgency", "normal")]).await.expect(403);
        let files = reqwest::multipart::Form::new().part("files", desk::file("a.pdf", desk::pdf("a")));
        desk::send(browser, &format!("{matter}/documents"), files).await.expect(403);
    }
}

#[actix_web::test]
async fn a_wrong_form_shows_what_was_typed_and_every_error_beside_its_field() {
    let one = Installation::new().await;
    let mut tom = one.browser("tom").await;
    let wrong = [("title", " "), ("type", "nonsense"), ("company", ""), ("urgency", ""), ("description", "What I typed stays")];
    let answer = desk::send(&mut tom, "/legal/matters/new", desk::form(&one, &wrong)).await.expect(422);
    answer
        .shows("Give the matter a title.")
        .shows("Choose what it is about.")
        .shows("Choose how urgent it is.")
        .shows("What I typed stays");
    let no_client = desk::send(&mut tom, "/legal/matters/new", desk::form(&one, &[("company", "")])).await.expect(422);
    no_client.shows("only a general matter may be without one");
    let other = one.cast.fir.to_string();
    desk::send(&mut tom, "/legal/matters/new", desk::form(&one, &[("company", &other)]))
        .await
        .expect(422)
        .shows("one of the clients in the list");
    desk::open(&one, &mut tom, &[("company", ""), ("type", "general")]).await;
    assert_eq!(tom.get_json("/api/v1/matters").await.expect(200).json()["total"], 1);
}

#[actix_web::test]
async fn the_same_form_sent_twice_opens_one_matter() {
    let one = Installation::new().await;
    let mut tom = one.browser("tom").await;
    let key = [("key", "a-key-of-this-page")];
    let first = desk::open(&one, &mut tom, &key).await;
    let second = desk::open(&one, &mut tom, &key).await;
    assert_eq!(first, second);
    let body = json!({ "title": "By program", "type": "general", "description": "…" });
    let mut ids = Vec::new();
    for status in [201, 200] {
        let request = tom.request(reqwest::Method::POST, "/api/v1/matters").header("idempotency-key", "k1").json(&body);
        ids.push(tom.send(request).await.expect(status).json()["id"].clone());
    }
    assert_eq!(ids[0], ids[1]);
    assert_eq!(tom.get_json("/api/v1/matters").await.expect(200).json()["total"], 2);
}

#[actix_web::test]
async fn the_list_filters_sorts_and_pages_by_its_address() {
    let one = Installation::new().await;
    let mut tom = one.browser("tom").await;
    let mut ada = one.browser("ada").await;
    let bluefin = one.cast.bluefin.to_string();
    desk::open(&one, &mut tom, &[("title", "Alpha"), ("urgency", "normal")]).await;
    one.platform.clock.advance(60_000);
    let beta = desk::open(&one, &mut tom, &[("title", "Beta 100%"), ("urgency", "urgent"), ("company", &bluefin)]).await;
    one.platform.clock.advance(60_000);
    desk::open(&one, &mut tom, &[("title", "Gamma"), ("type", "general"), ("company", "")]).await;
    one.platform.clock.advance(60_000);
    ada.post(&format!("{beta}/claim"), &[]).await.expect(303);
    let titles = |answer: crate::support::Answer| -> Vec<String> {
        let json = answer.expect(200).json();
        json["items"].as_array().expect("items").iter().map(|item| item["title"].as_str().unwrap_or_default().to_owned()).collect()
    };
    assert_eq!(titles(ada.get_json("/api/v1/matters").await), ["Gamma", "Alpha", "Beta 100%"], "unclaimed first, urgent on top");
    for (query, expected) in [
        ("sort=title", vec!["Alpha", "Beta 100%", "Gamma"]),
        ("sort=urgency", vec!["Beta 100%", "Gamma", "Alpha"]),
        ("sort=opened", vec!["Gamma", "Beta 100%", "Alpha"]),
        ("sort=updated", vec!["Beta 100%", "Gamma", "Alpha"]),
        ("status=in_progress", vec!["Beta 100%"]),
        ("type=general", vec!["Gamma"]),
        ("urgency=urgent", vec!["Beta 100%"]),
        ("q=100%25", vec!["Beta 100%"]),
        ("q=aLPH", vec!["Alpha"]),
        ("q=_", vec![]),
        ("status=nonsense", vec!["Gamma", "Alpha", "Beta 100%"]),
        ("page=99999999999999999999", vec!["Gamma", "Alpha", "Beta 100%"]),
        ("page=2", vec![]),
    ] {
        let mut found = titles(ada.get_json(&format!("/api/v1/matters?{query}")).await);
        found.truncate(3);
        assert_eq!(found, expected, "{query}");
        // A page past the end of the list leads to its last one.
        let status = if query == "page=2" { 303 } else { 200 };
        ada.get(&format!("/legal/matters?{query}")).await.expect(status);
    }
    assert_eq!(titles(ada.get_json(&format!("/api/v1/matters?client={bluefin}")).await), ["Beta 100%"]);
}

#[actix_web::test]
async fn title_and_urgency_are_changed_by_those_who_take_part() {
    let one = Installation::new().await;
    let mut tom = one.browser("tom").await;
    let matter = desk::open(&one, &mut tom, &[]).await;
    tom.post(&format!("{matter}/edit"), &[("title", " "), ("urgency", "urgent")])
        .await
        .expect(422)
        .shows("Give the matter a title");
    tom.post(&format!("{matter}/edit"), &[("title", "Invoice 4712"), ("urgency", "urgent")]).await.expect(303);
    tom.get(&matter).await.expect(200).shows("Invoice 4712").shows("Urgent").shows("set the urgency to urgent");
}

#[actix_web::test]
async fn extra_fields_change_nothing() {
    let one = Installation::new().await;
    let mut tom = one.browser("tom").await;
    let pine = one.cast.pine.to_string();
    let eve = one.cast.person("eve").account.to_string();
    let extra = [
        ("tenant", pine.as_str()),
        ("tenant_id", pine.as_str()),
        ("status", "closed"),
        ("claimed_by", eve.as_str()),
        ("opened_by", eve.as_str()),
        ("id", "00000000-0000-0000-0000-000000000001"),
        ("conversation_id", "x"),
        ("claimed_by_name", "Eve"),
        ("closed_at", "1"),
    ];
    let address = desk::open(&one, &mut tom, &extra).await;
    let body = json!({ "title": "T", "type": "general", "description": "d", "status": "closed", "tenant_id": pine, "claimed_by": eve,
                       "opened_by": eve, "id": "00000000-0000-0000-0000-000000000001", "urgency": "normal" });
    tom.post_json("/api/v1/matters", &body).await.expect(201);
    let form = [
        ("title", "T2"),
        ("urgency", "normal"),
        ("status", "closed"),
        ("tenant_id", pine.as_str()),
        ("claimed_by", eve.as_str()),
        ("company_id", pine.as_str()),
    ];
    tom.post(&format!("{address}/edit"), &form).await.expect(303);
    let tx = one.tx().await;
    for row in sea_orm::QuerySelect::limit(matter::Entity::within(tx.reach()), 10).all(&tx).await.expect("rows") {
        assert_eq!((row.tenant_id, row.claimed_by), (one.cast.harbor, None));
        assert_eq!((row.status.word(), row.opened_by), ("open", one.cast.person("tom").account));
        assert_ne!(row.id.to_string(), "00000000-0000-0000-0000-000000000001");
        assert_eq!(row.urgency, Urgency::Normal);
    }
}
