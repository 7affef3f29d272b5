//! The wall around a matter: who does not take part gets no word, no count, no name of it; who is taken out is out at once.

use serde_json::json;

use super::desk;
use crate::{
    access::matrix::is_open,
    app::crawl::{ends, route_table},
    support::{Browser, Installation},
};

const CANARIES: [&str; 4] = ["Canary-title-9f2", "canary-description-9f2", "canary-message-9f2", "canary-file-9f2"];

/// Every address on which something of the matter might show.
fn addresses(matter: &str, conversation: &str) -> Vec<String> {
    let id = matter.rsplit('/').next().expect("an id");
    let mut found: Vec<String> =
        ["", "/documents", "/hours", "/activity", "/people", "/edit"].iter().map(|tab| format!("{matter}{tab}")).collect();
    found.push(format!("/portal/messages/{id}"));
    found.push(format!("/conversations/{conversation}"));
    found.push(format!("/api/v1/conversations/{conversation}/events?after=0&limit=100"));
    found
}

/// Every page and list that this person may open and that is about no one thing.
async fn lists(who: &str) -> Vec<String> {
    let table = route_table().await.into_iter().filter(|(method, pattern)| {
        method == "GET" && !pattern.contains('{') && ends(pattern) && is_open(method, pattern, who) && !pattern.contains("docs")
    });
    table.flat_map(|(_, pattern)| [pattern.clone(), format!("{pattern}?q=canary")]).collect()
}

async fn sees_nothing(who: &str, browser: &mut Browser, matter: &str, conversation: &str) {
    for address in addresses(matter, conversation) {
        let answer = browser.get(&address).await;
        assert_eq!(answer.status, 404, "{who} at {address}");
        for canary in CANARIES {
            assert!(!answer.text.contains(canary), "{who} at {address} reads {canary}");
        }
    }
    for address in lists(who).await {
        let answer = browser.get(&address).await;
        for canary in CANARIES {
            assert!(!answer.text.contains(canary), "{who} at {address} reads {canary}");
        }
        assert!(!answer.text.contains(matter), "{who} at {address} finds the address");
    }
    for step in ["claim", "join", "resolve", "close", "reopen", "people", "people/remove", "edit", "timer", "hours"] {
        let answer = browser.post(&format!("{matter}/{step}"), &[]).await;
        assert_eq!(answer.status, 404, "{who} posts {step}");
    }
}

#[actix_web::test]
async fn who_does_not_take_part_gets_nothing_of_a_matter() {
    let one = Installation::new().await;
    let mut tom = one.browser("tom").await;
    let mut ada = one.browser("ada").await;
    let fields = [("title", CANARIES[0]), ("description", CANARIES[1])];
    let form = desk::form(&one, &fields).part("files", desk::file("canary-file-9f2.pdf", desk::pdf("canary-file-9f2")));
    let matter = desk::send(&mut tom, "/legal/matters/new", form).await.expect(303).location().to_owned();
    ada.post(&format!("{matter}/claim"), &[]).await.expect(303);
    desk::put_on(&one, &mut tom, &matter, "cleo").await;
    let list = tom.get_json("/api/v1/matters").await.expect(200).json();
    let conversation = list["items"][0]["conversation_id"].as_str().expect("a conversation").to_owned();
    let message = json!({ "client_id": "0193e5a0-0000-7000-8000-000000000001", "body": CANARIES[2] });
    tom.post_json(&format!("/api/v1/conversations/{conversation}/messages"), &message).await.expect(201);
    tom.get(&matter).await.expect(200).shows(CANARIES[2]);
    one.run_jobs().await;
    // The owner of the MSP, a viewer, outside counsel, other people of the client, another client, another MSP, the operator.
    for key in ["mira", "vik", "nils", "ben", "dora", "gus", "eve", "finn", "joy", "olga"] {
        let mut browser = one.browser(key).await;
        sees_nothing(key, &mut browser, &matter, &conversation).await;
        let email = &one.cast.person(key).email;
        let mails = one.mails();
        assert!(
            !mails.iter().any(|mail| mail.contains(email.as_str()) && CANARIES.iter().any(|canary| mail.contains(canary))),
            "mail to {key}"
        );
    }
    // The same as an id that does not exist.
    let mut eve = one.browser("eve").await;
    let unknown = "/legal/matters/0193e5a0-0000-7000-8000-00000000dead";
    let (real, random) = (eve.get_json(&matter).await.expect(404).json(), eve.get_json(unknown).await.expect(404).json());
    assert_eq!((&real["code"], &real["detail"], &real["title"]), (&random["code"], &random["detail"], &random["title"]));
    // An associate sees that it is there and what was asked, not what was said or filed, until she joins.
    let mut sam = one.browser("sam").await;
    sam.get(&matter).await.expect(200).shows(CANARIES[1]).hides(CANARIES[2]);
    sam.get(&format!("{matter}/documents")).await.expect(200).hides(CANARIES[3]);
    sam.get(&format!("/conversations/{conversation}")).await.expect(404);
    sam.post(&format!("{matter}/join"), &[]).await.expect(303);
    sam.get(&matter).await.expect(200).shows(CANARIES[2]);
    sam.get(&format!("{matter}/documents")).await.expect(200).shows(CANARIES[3]);
}

#[actix_web::test]
async fn outside_counsel_comes_in_only_when_put_on() {
    let one = Installation::new().await;
    let mut tom = one.browser("tom").await;
    let mut nils = one.browser("nils").await;
    let matter = desk::open(&one, &mut tom, &[]).await;
    nils.get(&matter).await.expect(404);
    desk::put_on(&one, &mut tom, &matter, "nils").await;
    nils.get(&matter).await.expect(200).shows("Disputed invoice 4711");
    nils.get("/legal/matters").await.expect(200).shows("Disputed invoice 4711");
    nils.get(&format!("{matter}/hours")).await.expect(403);
}

#[actix_web::test]
async fn a_person_taken_out_is_out_at_once() {
    let one = Installation::new().await;
    let mut tom = one.browser("tom").await;
    let mut mira = one.browser("mira").await;
    let mut cleo = one.browser("cleo").await;
    let form = desk::form(&one, &[]).part("files", desk::file("invoice.pdf", desk::pdf("4711")));
    let matter = desk::send(&mut tom, "/legal/matters/new", form).await.expect(303).location().to_owned();
    desk::put_on(&one, &mut tom, &matter, "mira").await;
    desk::put_on(&one, &mut tom, &matter, "cleo").await;
    let page = mira.get(&format!("{matter}/documents")).await.expect(200).shows("invoice.pdf");
    let document = page.text.split("/legal/vault/").nth(1).and_then(|rest| rest.get(..36)).expect("a document").to_owned();
    mira.get(&format!("/legal/vault/{document}")).await.expect(200);
    let portal = matter.replace("/legal/matters/", "/portal/messages/");
    cleo.get(&portal).await.expect(200).shows("invoice.pdf");
    desk::take_off(&one, &mut tom, &matter, "mira").await;
    desk::take_off(&one, &mut tom, &matter, "cleo").await;
    for address in [
        matter.clone(),
        format!("{matter}/documents"),
        format!("/legal/vault/{document}"),
        format!("/legal/vault/{document}/download"),
    ] {
        mira.get(&address).await.expect(404);
    }
    mira.get("/legal/matters").await.expect(200).hides("Disputed invoice 4711");
    cleo.get(&portal).await.expect(404);
    cleo.get("/portal/messages").await.expect(200).hides("Disputed invoice 4711");
    cleo.get(&format!("/portal/files/{document}/download")).await.expect(404);
    // Who comes back reads everything again.
    desk::put_on(&one, &mut tom, &matter, "mira").await;
    mira.get(&format!("/legal/vault/{document}")).await.expect(200);
}

#[actix_web::test]
async fn only_people_of_the_tenant_and_of_the_matters_client_can_be_put_on() {
    let one = Installation::new().await;
    let mut tom = one.browser("tom").await;
    let matter = desk::open(&one, &mut tom, &[]).await;
    tom.get(&format!("{matter}/people"))
        .await
        .expect(200)
        .shows("Cleo Vance")
        .shows("Mira Castellan")
        .hides("Gus Hale")
        .hides("Eve Lindqvist");
    for key in ["gus", "eve", "finn", "olga", "joy"] {
        let account = one.cast.person(key).account.to_string();
        tom.post(&format!("{matter}/people"), &[("account", &account)]).await.expect(422);
    }
    tom.post(&format!("{matter}/people"), &[("account", "nonsense")]).await.expect(422);
}

#[actix_web::test]
async fn the_responsible_attorney_and_the_last_one_stay() {
    let one = Installation::new().await;
    let mut tom = one.browser("tom").await;
    let mut ada = one.browser("ada").await;
    let matter = desk::open(&one, &mut tom, &[]).await;
    let (me, her) = (one.cast.person("tom").account.to_string(), one.cast.person("ada").account.to_string());
    tom.post(&format!("{matter}/people/remove"), &[("account", &me)]).await.expect(409).shows("Somebody has to remain");
    ada.post(&format!("{matter}/claim"), &[]).await.expect(303);
    tom.post(&format!("{matter}/people/remove"), &[("account", &her)]).await.expect(409).shows("cannot leave it");
    // Tom goes; from then on the matter is not there for him.
    tom.post(&format!("{matter}/people/remove"), &[("account", &me)]).await.expect(303);
    tom.get(&matter).await.expect(404);
    tom.post(&format!("{matter}/people/remove"), &[("account", &her)]).await.expect(404);
}
