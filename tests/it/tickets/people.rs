//! Contacts of the PSA's with portal access: one person is one account, whichever way they come; what is not clear waits for an admin.

use std::sync::Arc;

use entity::{
    identity::{AccountStatus, account},
    integrations::psa_person,
    tenancy::{AccessLevel, contact},
    wall::{Unwalled, Walled},
};
use sea_orm::{ColumnTrait, PaginatorTrait, QueryFilter};
use serde_json::{Value, json};

use super::{
    psa::{Psa, contract, holds},
    sync::{beside, compare, tell},
};
use crate::{
    identity::invite::contact_of,
    policies::support as policies,
    support::{Answer, Browser, Installation},
};

const PAGE: &str = "/admin/integrations/psa";
const GOOD: &str = "violet trams climb slowly uphill";

/// A contact as the PSA has it: id, version, company, e-mail, may come in.
fn person(id: &str, version: i64, company: &str, email: &str, comes: bool) -> Value {
    json!({ "id": id, "version": version, "tenant": "harbor", "company_id": company, "name": "Hugo Lind", "email": email,
            "portal_access": comes })
}

fn at_level(mut person: Value, level: &str) -> Value {
    person["access_level"] = json!(level);
    person
}

async fn told(one: &Installation, person: &Value) -> Answer {
    holds(&contract(), "PortalContact", person);
    let answer = tell(one, "/api/psa/contacts", &json!({ "contact": person })).await;
    if answer.status == 200 {
        holds(&contract(), "ContactTaken", &answer.json());
    }
    answer
}

/// `taken`, `known` or `waits`.
async fn result(one: &Installation, person: &Value) -> String {
    told(one, person).await.expect(200).json()["result"].as_str().expect("a word").to_owned()
}

/// What the list says from now on.
fn list(psa: &Psa, people: &[Value]) {
    psa.state.lock().people = people.to_vec();
}

async fn status(one: &Installation, email: &str) -> Option<AccountStatus> {
    let tx = one.tx().await;
    let rows = account::Entity::rows().filter(account::Column::Email.eq(email)).all(&tx).await.expect("read");
    assert!(rows.len() <= 1, "one person is one account");
    rows.first().map(|row| row.status)
}

async fn contacts(one: &Installation, email: &str) -> Vec<contact::Model> {
    let tx = one.tx().await;
    contact::Entity::within(tx.reach()).filter(contact::Column::Email.eq(email)).all(&tx).await.expect("read")
}

/// The address behind a button beside this id.
fn button(page: &str, id: &str, verdict: &str) -> String {
    let row = page.split("<tr>").find(|row| row.contains(&format!("· {id}</small>"))).unwrap_or_else(|| panic!("{id} waits"));
    let end = format!("/{verdict}\"");
    let address = row.split("action=\"").find(|rest| rest.contains(&end)).unwrap_or_else(|| panic!("{verdict} in {row}"));
    address.split('"').next().expect("an address").to_owned()
}

async fn press(mira: &mut Browser, id: &str, verdict: &str) {
    let page = mira.get(PAGE).await.expect(200).text;
    mira.post(&button(&page, id, verdict), &[]).await.expect(303);
}

/// Takes the invitation of the newest mail.
async fn accept(one: &Installation, email: &str) -> Browser {
    one.run_jobs().await;
    let link = one.newest_link(email);
    let mut browser = one.stranger();
    browser.post(&link, &[("name", "Hugo Lind"), ("password", GOOD)]).await.expect(303);
    browser.get("/portal/dashboard").await.expect(200);
    browser
}

const HUGO: &str = "hugo@acmedental.example";

#[actix_web::test]
async fn who_gets_access_in_the_psa_is_invited_comes_in_and_is_shut_out_when_it_ends() {
    let (one, psa) = beside().await;
    list(&psa, &[at_level(person("P1", 1, "acme", HUGO, true), "company")]);
    compare(&one).await;
    let letters = one.letters_to(HUGO);
    assert_eq!(letters.len(), 1);
    assert!(letters[0].text.contains("Harbor IT") && !letters[0].text.contains("PSA"), "in the MSP's name: {}", letters[0].text);
    compare(&one).await;
    assert_eq!(one.letters_to(HUGO).len(), 1, "the same again invites nobody again");
    assert_eq!(contacts(&one, HUGO).await[0].access, AccessLevel::Company);
    let mut hugo = accept(&one, HUGO).await;
    // Another level over there; open sessions end, so that it holds at once.
    assert_eq!(result(&one, &at_level(person("P1", 2, "acme", HUGO, true), "own")).await, "taken");
    assert_eq!(contacts(&one, HUGO).await[0].access, AccessLevel::Own);
    hugo.get_json("/portal/profile").await.expect(401);
    let login = [("email", HUGO), ("password", GOOD)];
    hugo.post("/portal/login?tenant=harbor", &login).await.expect(303);
    // Taken away: at once, on the open session, at the door, and by every way there is.
    assert_eq!(result(&one, &person("P1", 3, "acme", HUGO, false)).await, "taken");
    hugo.get_json("/portal/profile").await.expect(401);
    for path in ["/portal/dashboard", "/portal/tickets", "/portal/documents", "/portal/messages"] {
        hugo.get_json(path).await.expect(401);
    }
    one.stranger().post("/portal/login?tenant=harbor", &login).await.expect(422).shows("Invalid credentials");
    // An older word that comes late says nothing.
    assert_eq!(result(&one, &person("P1", 1, "acme", HUGO, true)).await, "known");
    assert_eq!(status(&one, HUGO).await, Some(AccountStatus::Deactivated));
    // Given again: open again.
    assert_eq!(result(&one, &person("P1", 4, "acme", HUGO, true)).await, "taken");
    one.stranger().post("/portal/login?tenant=harbor", &login).await.expect(303);
    // Somebody here decides otherwise, and that stands until the PSA says something new.
    let contact = contact_of(&one, HUGO).await;
    let mut mira = one.browser("mira").await;
    mira.post(&format!("/admin/contacts/{contact}/deactivate"), &[]).await.expect(303);
    list(&psa, &[person("P1", 4, "acme", HUGO, true)]);
    compare(&one).await;
    assert_eq!(status(&one, HUGO).await, Some(AccountStatus::Deactivated));
    mira.get("/admin/audit").await.expect(200).shows("The PSA").shows("contact.known_to_psa");
}

/// The comparison takes one after the other, and the last of them is told of in the middle of it.
#[actix_web::test]
async fn who_is_shut_out_while_the_list_is_taken_is_not_let_in_by_it() {
    let (one, psa) = beside().await;
    let named = |nth: usize| {
        let mut person = person(&format!("P{nth}"), 1, "acme", &format!("crew{nth}@acmedental.example"), true);
        person["name"] = json!(format!("Crew {nth:02}"));
        person
    };
    let mut last = named(99);
    let mut crew: Vec<Value> = (0..60).map(named).collect();
    crew.push(last.clone());
    list(&psa, &crew);
    (last["version"], last["portal_access"]) = (json!(2), json!(false));
    let shut_out = async {
        while contacts(&one, "crew0@acmedental.example").await.is_empty() {
            tokio::time::sleep(std::time::Duration::from_millis(1)).await;
        }
        assert_eq!(result(&one, &last).await, "taken");
        assert!(contacts(&one, "crew59@acmedental.example").await.is_empty(), "the comparison goes on");
    };
    tokio::join!(compare(&one), shut_out);
    assert_eq!(status(&one, "crew59@acmedental.example").await, Some(AccountStatus::Invited));
    assert_eq!(status(&one, "crew99@acmedental.example").await, None);
    assert!(one.letters_to("crew99@acmedental.example").is_empty());
    let tx = one.tx().await;
    let row = psa_person::Entity::within(tx.reach()).filter(psa_person::Column::Theirs.eq("P99")).one(&tx).await.expect("read");
    let row = row.expect("they are known");
    assert_eq!((row.portal_access, row.granted, row.version), (false, None, 2), "the newer word stands");
}

#[actix_web::test]
async fn who_was_invited_by_mail_and_is_later_known_to_the_psa_still_finds_what_was_issued_to_them() {
    let (one, psa) = beside().await;
    let mut mira = one.browser("mira").await;
    let people = format!("/admin/clients/{}/contacts", one.cast.acme);
    let fields = [("name", "Hugo Lind"), ("email", HUGO), ("access", "own"), ("invite", "true")];
    mira.post(&people, &fields).await.expect(303);
    one.run_jobs().await;
    one.platform.clock.advance(60_000);
    let policy = policies::draft(&one, &mut mira, one.cast.acme, "msa").await;
    policies::fill_in(&mut mira, policy).await;
    policies::choose_contacts(&mut mira, policy, &[contact_of(&one, HUGO).await]).await;
    mira.post(&format!("/legal/policies/{policy}/submit"), &[("from", "wizard"), ("note", "")]).await.expect(303);
    policies::press(&mut one.browser("ada").await, policy, "approve").await.expect(303);
    policies::press(&mut mira, policy, "send").await.expect(303);
    one.run_jobs().await;
    let letters = one.letters_to(HUGO).len();
    list(&psa, &[person("P1", 1, "acme", " HUGO@AcmeDental.example ", true)]);
    compare(&one).await;
    assert_eq!(one.letters_to(HUGO).len(), letters, "invited already");
    let mut hugo = accept(&one, HUGO).await;
    hugo.get("/portal/documents").await.expect(200).shows(&format!("/portal/documents/{policy}/sign"));
    // Another address in the PSA, the same number: the same person.
    assert_eq!(result(&one, &person("P1", 2, "acme", "h.lind@acmedental.example", true)).await, "taken");
    assert_eq!(contacts(&one, "h.lind@acmedental.example").await.len(), 0, "nobody was made twice");
    hugo.get(&format!("/portal/documents/{policy}/sign")).await.expect(200);
    assert_eq!(contacts(&one, HUGO).await.len(), 1);
}

#[actix_web::test]
async fn shuffled_and_repeated_words_end_where_the_last_one_says() {
    let (one, _psa) = beside().await;
    let words: Vec<Value> = (1..=8).map(|version| person("P1", version, "acme", HUGO, version % 2 == 1 || version == 8)).collect();
    for nth in [2_usize, 0, 7, 3, 7, 1, 5, 6, 0, 4, 7, 2] {
        told(&one, &words[nth]).await.expect(200);
    }
    assert_eq!(contacts(&one, HUGO).await.len(), 1);
    assert_ne!(status(&one, HUGO).await, Some(AccountStatus::Deactivated), "the last word lets in");
    told(&one, &person("P1", 9, "acme", HUGO, false)).await.expect(200);
    // Many at once, of one person and of several.
    let news: Vec<Value> =
        (0..12).map(|nth| person(&format!("Q{}", nth % 3), 1, "acme", &format!("q{}@acme.example", nth % 3), true)).collect();
    let answers = futures_util::future::join_all(news.iter().map(|word| told(&one, word))).await;
    answers.into_iter().for_each(|answer| drop(answer.expect(200)));
    one.run_jobs().await;
    for nth in 0..3 {
        let email = format!("q{nth}@acme.example");
        assert_eq!(contacts(&one, &email).await.len(), 1);
        assert_eq!(one.letters_to(&email).len(), 1);
    }
    assert_eq!(status(&one, HUGO).await, Some(AccountStatus::Deactivated));
}

#[actix_web::test]
async fn an_admin_of_a_company_made_by_hand_is_not_touched_before_somebody_here_says_so() {
    let (one, psa) = beside().await;
    let dora = "dora@acmedental.example";
    list(&psa, &[at_level(person("P1", 1, "acme", dora, true), "company")]);
    compare(&one).await;
    assert_eq!(contacts(&one, dora).await[0].access, AccessLevel::CompanyAdmin, "made an admin here");
    let mut mira = one.browser("mira").await;
    mira.get(PAGE).await.expect(200).shows("made Hugo Lind an admin of their company; the PSA says “company”");
    assert!(super::bell(&one, "mira").await.iter().any(|line| line.contains("waits for your word")));
    press(&mut mira, "P1", "keep").await;
    mira.get(PAGE).await.expect(200).hides("your word is needed");
    // Taken away over there.
    let mut open = one.browser("dora").await;
    assert_eq!(result(&one, &person("P1", 2, "acme", dora, false)).await, "waits");
    open.get("/portal/team").await.expect(200);
    let words = one_legal::admin::findings(&one.platform).await;
    let finding = words.iter().find(|finding| finding.check == "psa_people").expect("a finding");
    assert!(finding.what.contains("the first: Hugo Lind"), "{}", finding.what);
    let page = mira.get(PAGE).await.expect(200).shows("takes Hugo Lind&#39;s portal access away").text;
    let (yes, no) = (button(&page, "P1", "obey"), button(&page, "P1", "keep"));
    // Nobody else says it: a technician, a client, another MSP.
    for (key, expected) in [("tom", 403), ("vik", 403), ("dora", 404), ("ada", 404), ("eve", 404)] {
        assert_eq!(one.browser(key).await.post(&yes, &[]).await.status, expected, "{key}");
    }
    mira.post(&no, &[]).await.expect(303);
    open.get("/portal/team").await.expect(200);
    mira.post(&yes, &[]).await.expect(409).shows("decided already");
    // And once more, and now it is said.
    told(&one, &person("P1", 3, "acme", dora, true)).await.expect(200);
    assert_eq!(result(&one, &person("P1", 4, "acme", dora, false)).await, "waits");
    press(&mut mira, "P1", "obey").await;
    open.get_json("/portal/team").await.expect(401);
    assert_eq!(status(&one, dora).await, Some(AccountStatus::Deactivated));
}

#[actix_web::test]
async fn whoever_is_twice_in_the_psa_waits_where_the_two_do_not_say_the_same() {
    let (one, psa) = beside().await;
    list(&psa, &[person("P1", 1, "acme", HUGO, true), person("P2", 1, "acme", HUGO, true)]);
    compare(&one).await;
    assert_eq!(one.letters_to(HUGO).len(), 1, "one person, one invitation");
    let mut mira = one.browser("mira").await;
    mira.get(PAGE).await.expect(200).shows("Some people are in the PSA twice").hides("your word is needed");
    list(&psa, &[person("P1", 1, "acme", HUGO, true), person("P2", 2, "acme", HUGO, false)]);
    compare(&one).await;
    assert_ne!(status(&one, HUGO).await, Some(AccountStatus::Deactivated), "nobody is shut out by half a word");
    mira.get(PAGE).await.expect(200).shows("says two things");
    press(&mut mira, "P2", "follow").await;
    assert_eq!(status(&one, HUGO).await, Some(AccountStatus::Deactivated));
    compare(&one).await;
    assert_eq!(status(&one, HUGO).await, Some(AccountStatus::Deactivated), "and the other does not open it again");
    mira.get(PAGE).await.expect(200).hides("your word is needed");
}

#[actix_web::test]
async fn one_address_at_two_companies_comes_in_where_an_admin_says() {
    let (one, psa) = beside().await;
    let both = "both@lind.example";
    list(&psa, &[person("P1", 1, "acme", both, true), person("P2", 1, "blue", both, true), person("P3", 1, "lost", HUGO, true)]);
    compare(&one).await;
    assert_eq!(contacts(&one, both).await.len(), 0, "nobody guesses");
    let mut mira = one.browser("mira").await;
    let page = mira.get(PAGE).await.expect(200);
    page.shows("at two companies").shows("is no client here yet");
    press(&mut mira, "P2", "follow").await;
    one.run_jobs().await;
    let found = contacts(&one, both).await;
    assert_eq!(found.iter().map(|row| row.company_id).collect::<Vec<_>>(), [one.cast.bluefin]);
    assert_eq!(one.letters_to(both).len(), 1);
    mira.get(PAGE).await.expect(200).shows("Left out").hides("at two companies");
    // Listened to again, the address is somebody else's by now.
    let page = mira.get(PAGE).await.expect(200).text;
    mira.post(&button(&page, "P1", "heed"), &[]).await.expect(303);
    mira.get(PAGE).await.expect(200).shows("signs in here for somebody else already");
    press(&mut mira, "P1", "leave").await;
    // Somebody who signs in for Acme is not moved to Bluefin by what the PSA says.
    told(&one, &person("P4", 1, "blue", "cleo@acmedental.example", true))
        .await
        .expect(200)
        .shows("signs in here for somebody else");
    let cleo = contacts(&one, "cleo@acmedental.example").await;
    assert_eq!(cleo.iter().map(|row| row.company_id).collect::<Vec<_>>(), [one.cast.acme]);
    // Once the company is matched, its people come by themselves.
    let page = mira.get(PAGE).await.expect(200).text;
    let row = page.split("<tr>").find(|row| row.contains("Lost &#38; Found") && row.contains("name=\"match-")).expect("a row");
    let field = format!("match-{}", row.split("name=\"match-").nth(1).and_then(|rest| rest.get(..36)).expect("an id"));
    mira.post(PAGE, &[(field.as_str(), one.cast.acme.to_string().as_str())]).await.expect(303);
    one.run_jobs().await;
    assert_eq!(contacts(&one, HUGO).await.len(), 1);
}

#[actix_web::test]
async fn whoever_is_missing_in_the_list_is_asked_about_and_whoever_was_never_let_in_is_not_shut_out() {
    let (one, psa) = beside().await;
    // Ben came by mail; that the PSA gives him no access takes none away.
    list(&psa, &[person("P1", 1, "acme", HUGO, true), person("P2", 1, "acme", "ben@acmedental.example", false)]);
    compare(&one).await;
    assert_eq!(status(&one, "ben@acmedental.example").await, Some(AccountStatus::Active));
    one.platform.clock.advance(300_000);
    list(&psa, &[person("P2", 1, "acme", "ben@acmedental.example", false)]);
    compare(&one).await;
    assert_eq!(status(&one, HUGO).await, Some(AccountStatus::Invited), "a list that came short shuts nobody out");
    let mut mira = one.browser("mira").await;
    mira.get(PAGE).await.expect(200).shows("which does not have them any more");
    press(&mut mira, "P1", "obey").await;
    assert_eq!(status(&one, HUGO).await, Some(AccountStatus::Deactivated));
    compare(&one).await;
    mira.get(PAGE).await.expect(200).hides("your word is needed");
    // Deactivated here by hand, and then given access over there: somebody is asked.
    let ben = contact_of(&one, "ben@acmedental.example").await;
    mira.post(&format!("/admin/contacts/{ben}/deactivate"), &[]).await.expect(303);
    assert_eq!(result(&one, &person("P2", 2, "acme", "ben@acmedental.example", true)).await, "waits");
    mira.get(PAGE).await.expect(200).shows("somebody here deactivated them");
    press(&mut mira, "P2", "obey").await;
    assert_ne!(status(&one, "ben@acmedental.example").await, Some(AccountStatus::Deactivated));
}

#[actix_web::test]
async fn nonsense_about_a_contact_is_refused_and_another_msp_is_never_touched() {
    let (one, psa): (_, Arc<Psa>) = beside().await;
    let good = person("P1", 1, "acme", HUGO, true);
    let with = |field: &str, value: Value| {
        let mut contact = good.clone();
        contact[field] = value;
        json!({ "contact": contact })
    };
    for (body, status, code) in [
        (json!({}), 422, "invalid"),
        (with("portal_access", Value::Null), 422, "invalid"),
        (with("portal_access", json!("yes")), 422, "invalid"),
        (with("access_level", json!("root")), 422, "invalid"),
        (with("version", json!(-1)), 422, "invalid"),
        (with("id", json!("")), 422, "invalid"),
        (with("email", json!("x".repeat(300))), 422, "invalid"),
        (with("tenant", json!("nobody")), 404, "unknown_tenant"),
        (with("tenant", json!("grace")), 404, "unknown_tenant"),
    ] {
        let answer = tell(&one, "/api/psa/contacts", &body).await.expect(status);
        holds(&contract(), "Problem", &answer.json());
        assert_eq!(answer.code(), code);
    }
    let request = reqwest::Client::new().post(format!("{}/api/psa/contacts", one.url)).header("x-integration-key", "wrong");
    one.stranger().send(request.json(&json!({ "contact": good }))).await.expect(401);
    let tx = one.tx().await;
    assert_eq!(psa_person::Entity::within(tx.reach()).count(&tx).await.expect("read"), 0);
    drop(tx);
    told(&one, &person("P1", 1, "acme", "no address", true)).await.expect(200).shows("no e-mail address");
    // The same number and the same address at another MSP: nobody of Harbor's.
    let mut theirs = person("P1", 5, "acme", "cleo@acmedental.example", false);
    theirs["tenant"] = json!("pine");
    told(&one, &theirs).await.expect(200);
    assert_eq!(status(&one, "cleo@acmedental.example").await, Some(AccountStatus::Active));
    one.browser("eve").await.get(PAGE).await.expect(200).hides("Hugo Lind");
    assert!(psa.state.lock().heard.is_empty(), "what is said of people goes back to nobody");
}
