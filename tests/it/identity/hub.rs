//! Links of the Hub, signed by PyJWT: each good one once, each bad one with its own words, and one person one account.

use std::collections::BTreeSet;

use entity::{
    Moment,
    audit::entry,
    identity::{SsoFace, account, session},
    tenancy::{AccessLevel, StaffRole, contact, staff},
    wall::{Unwalled, Walled},
};
use one_legal::identity::ticket;
use proptest::prelude::*;
use sea_orm::{ColumnTrait, PaginatorTrait, QueryFilter};
use serde_json::{Value, json};

use super::invite::contact_of;
use crate::{
    causes,
    policies::support as policies,
    support::{Answer, Browser, Installation, python::tickets},
};

pub const SECRET: &str = "the-hub-and-the-portal-share-this-one";
const OLD_SECRET: &str = "the-secret-that-is-being-replaced-now";
const STAFF_SECRET: &str = "and-this-one-is-for-the-staff-of-msps";
pub const CLIENT: &str = "/api/auth/client-hub-sso";
const STAFF: &str = "/api/auth/hub-sso";

async fn hub() -> Installation {
    let both = format!("{OLD_SECRET}, {SECRET}");
    Installation::with(&[("LOGIN_RATE", "10000"), ("PORTAL_CLIENT_SSO_SECRET", &both), ("PORTAL_SSO_SECRET", STAFF_SECRET)]).await
}

fn now(one: &Installation) -> i64 {
    one.platform.clock.now().seconds()
}

/// What the Hub says of a client of Acme.
pub fn client(one: &Installation, email: &str, jti: &str) -> Value {
    json!({
        "sub": format!("hub-{email}"), "email": email, "name": "Hugo Lind", "tenant_id": one.cast.harbor.to_string(),
        "tenant_slug": "harbor", "client_id": one.cast.acme.to_string(), "access_level": "company",
        "psa_contact_id": format!("psa-{email}"), "org_type": "msp", "context": "client_portal",
        "iat": now(one), "exp": now(one) + 70, "jti": jti,
    })
}

fn staff(one: &Installation, email: &str, jti: &str) -> Value {
    json!({
        "sub": format!("hub-{email}"), "email": email, "firstName": "Wes", "lastName": "Ito",
        "tenantId": one.cast.harbor.to_string(), "tenantSlug": "harbor", "orgRole": "member",
        "entitlements": ["crm", "legal"], "iat": now(one), "exp": now(one) + 60, "jti": jti,
    })
}

fn with(mut claims: Value, name: &str, value: Value) -> Value {
    claims[name] = value;
    claims
}

fn without(mut claims: Value, name: &str) -> Value {
    claims.as_object_mut().expect("claims").remove(name);
    claims
}

pub fn signed(claims: &Value, secret: &str) -> String {
    tickets(&[json!({ "claims": claims, "secret": secret })]).remove(0)
}

async fn post(browser: &mut Browser, door: &str, token: &str) -> Answer {
    browser.post(door, &[("token", token)]).await
}

/// The code a program is told.
async fn code(one: &Installation, door: &str, token: &str) -> String {
    one.stranger().get_json(&format!("{door}?token={token}")).await.code()
}

#[actix_web::test]
async fn a_scanner_may_look_first_and_the_button_lets_in_once() {
    let one = hub().await;
    let token = signed(&client(&one, "hugo@acmedental.example", "j1"), SECRET);
    let address = format!("{CLIENT}?token={token}");
    for _ in 0..3 {
        let seen = one.stranger().get(&address).await.expect(200).shows("Hugo Lind").shows("Harbor IT Client Portal");
        assert_eq!(seen.headers["referrer-policy"], "no-referrer");
        assert_eq!(seen.headers["cache-control"], "no-store");
        assert!(!seen.headers.contains_key("set-cookie"), "looking opens nothing");
    }
    let mut hugo = one.stranger();
    hugo.get(&address).await.expect(200);
    let answer = post(&mut hugo, CLIENT, &token).await.expect(303);
    assert_eq!(answer.location(), "/portal/dashboard");
    assert_eq!(answer.headers["referrer-policy"], "no-referrer");
    assert_eq!(answer.headers["cache-control"], "no-store");
    hugo.get("/portal/dashboard").await.expect(200).shows("Hugo");
    hugo.get("/portal/profile").await.expect(200).shows("hugo@acmedental.example");
    // Again: by the button, by the address, by a program, from the browser that used it and from another.
    let used =
        post(&mut one.stranger(), CLIENT, &token).await.expect(410).shows("This link has been used").shows("Mail me a fresh link");
    causes::named("P2.2", &used.text);
    hugo.get(&address).await.expect(410).shows("This link has been used");
    assert_eq!(code(&one, CLIENT, &token).await, "sso_used");
    // A day later the number is still known, though nobody would believe the link anyway.
    one.platform.clock.advance(86_400_000);
    let again = signed(&with(client(&one, "hugo@acmedental.example", "j1"), "name", json!("Hugo")), SECRET);
    assert_eq!(code(&one, CLIENT, &again).await, "sso_used");
    // The token itself is written down nowhere.
    let tx = one.tx().await;
    let signature = token.rsplit('.').next().expect("a signature");
    for row in entry::Entity::rows().all(&tx).await.expect("the log") {
        assert!(!format!("{row:?}").contains(signature), "{row:?}");
    }
}

#[actix_web::test]
async fn of_a_hundred_who_use_one_link_at_once_one_comes_in() {
    let one = hub().await;
    let token = signed(&client(&one, "hugo@acmedental.example", "crowd"), SECRET);
    let posts = (0..100).map(|_| {
        let (mut browser, token) = (one.stranger(), token.clone());
        async move { post(&mut browser, CLIENT, &token).await.status }
    });
    let statuses = futures_util::future::join_all(posts).await;
    assert_eq!(statuses.iter().filter(|status| **status == 303).count(), 1, "{statuses:?}");
    assert_eq!(statuses.iter().filter(|status| **status == 410).count(), 99, "{statuses:?}");
    let tx = one.tx().await;
    let hugo = account::Entity::rows().filter(account::Column::Email.eq("hugo@acmedental.example")).all(&tx).await.expect("read");
    assert_eq!(hugo.len(), 1);
    let sessions = session::Entity::rows().filter(session::Column::AccountId.eq(hugo[0].id)).count(&tx).await.expect("read");
    assert_eq!(sessions, 1);
}

#[actix_web::test]
async fn every_link_that_is_not_good_says_why() {
    let one = hub().await;
    let at = now(&one);
    let good = || client(&one, "hugo@acmedental.example", "t");
    let aged = |seconds: i64| with(with(good(), "iat", json!(at - seconds)), "exp", json!(at - seconds + 70));
    let plain = |claims: Value| json!({ "claims": claims, "secret": SECRET });
    let header = |name: &str, value: Value| json!({ "claims": good(), "secret": SECRET, "headers": { name: value } });
    let cases: Vec<(&str, Value, &str)> = vec![
        ("new", plain(good()), ""),
        ("the secret that is being replaced", json!({ "claims": good(), "secret": OLD_SECRET }), ""),
        ("69 s old", plain(aged(69)), ""),
        ("70 s old", plain(aged(70)), ""),
        ("71 s old", plain(aged(71)), "sso_expired"),
        ("an hour old", plain(aged(3_600)), "sso_expired"),
        ("71 s old by iat, alive by exp", plain(with(good(), "iat", json!(at - 71))), "sso_too_long"),
        ("dead by exp", plain(with(with(good(), "iat", json!(at - 30)), "exp", json!(at - 1))), "sso_expired"),
        ("an hour's life", plain(with(good(), "exp", json!(at + 3_600))), "sso_too_long"),
        ("5 s ahead", plain(aged(-5)), ""),
        ("6 s ahead", plain(aged(-6)), "sso_from_future"),
        ("not before later", plain(with(good(), "nbf", json!(at + 30))), "sso_from_future"),
        ("no iat", plain(without(good(), "iat")), "sso_bad_claims"),
        ("no exp", plain(without(good(), "exp")), "sso_bad_claims"),
        ("iat in words", plain(with(good(), "iat", json!("now"))), "sso_bad_claims"),
        ("no jti", plain(without(good(), "jti")), "sso_bad_claims"),
        ("no sub", plain(without(good(), "sub")), "sso_bad_claims"),
        ("no e-mail", plain(with(good(), "email", json!("hugo"))), "sso_bad_claims"),
        ("no tenant", plain(without(without(good(), "tenant_id"), "tenant_slug")), "sso_bad_claims"),
        ("another secret", json!({ "claims": good(), "secret": "a-secret-that-nobody-here-has-heard-of" }), "sso_bad_signature"),
        ("the secret of staff", json!({ "claims": good(), "secret": STAFF_SECRET }), "sso_bad_signature"),
        ("HS384", json!({ "claims": good(), "secret": SECRET, "alg": "HS384" }), "sso_bad_signature"),
        ("HS512", json!({ "claims": good(), "secret": SECRET, "alg": "HS512" }), "sso_bad_signature"),
        ("none", json!({ "claims": good(), "secret": SECRET, "alg": "none" }), "sso_bad_signature"),
        ("kid", header("kid", json!("1")), "sso_bad_signature"),
        ("jwk", header("jwk", json!({ "kty": "oct", "k": "AAAA" })), "sso_bad_signature"),
        ("jku", header("jku", json!("https://evil.example/keys")), "sso_bad_signature"),
        ("crit", header("crit", json!(["x"])), "sso_bad_signature"),
        ("another type", header("typ", json!("at+jwt")), "sso_bad_signature"),
        ("staff's context", plain(with(good(), "context", json!("staff_portal"))), "sso_bad_context"),
        ("no context", plain(without(good(), "context")), "sso_bad_context"),
        ("another audience", plain(with(good(), "aud", json!("books"))), "sso_bad_context"),
        ("our audience", plain(with(good(), "aud", json!(["books", "portal"]))), ""),
        ("an unknown tenant", plain(with(without(good(), "tenant_id"), "tenant_slug", json!("nobody"))), "sso_unknown_tenant"),
        ("two tenants", plain(with(good(), "tenant_slug", json!("pine"))), "sso_unknown_tenant"),
    ];
    let made = tickets(&cases.iter().map(|(_, case, _)| case.clone()).collect::<Vec<_>>());
    for ((what, _, expected), token) in cases.iter().zip(&made) {
        let address = format!("{CLIENT}?token={token}");
        let program = one.stranger().get_json(&address).await;
        if expected.is_empty() {
            assert_eq!(program.status, 200, "{what}: {}", program.text);
            continue;
        }
        assert_eq!(program.code(), *expected, "{what}");
        assert!((400..500).contains(&program.status), "{what}: {}", program.status);
        let problem = program.json();
        assert!(problem["next_step"].as_str().is_some_and(|step| step.len() > 20), "{what}: {problem}");
        let page = one.stranger().get(&address).await;
        assert_eq!(page.status, program.status, "{what}");
        assert_eq!(page.headers["referrer-policy"], "no-referrer", "{what}");
        let reason = problem["detail"].as_str().expect("a reason").split('\'').next().expect("words").to_owned();
        assert!(page.text.contains(&reason), "{what}: {}", page.text);
        let posted = post(&mut one.stranger(), CLIENT, token).await;
        assert_eq!(posted.status, program.status, "{what}: the button says the same");
        match *what {
            "71 s old" => causes::named("P2.1", &page.text),
            "another secret" => causes::named("P2.3", &page.text),
            _ => {}
        }
    }
    // What only the button finds out.
    for (what, claims, expected) in [
        ("an unknown company", with(good(), "client_id", json!("C-404")), "sso_unknown_company"),
        ("another tenant's company", with(good(), "client_id", json!(one.cast.fir.to_string())), "sso_unknown_company"),
        ("an unheard-of access level", with(good(), "access_level", json!("everything")), "sso_bad_claims"),
        ("a mission link", with(good(), "org_type", json!("mission")), "sso_bad_context"),
        ("somebody of another company", with(good(), "email", json!("gus@bluefin.example")), "sso_other_place"),
    ] {
        let mut browser = one.stranger();
        let token = signed(&claims, SECRET);
        let request =
            browser.request(reqwest::Method::POST, CLIENT).header("accept", "application/json").form(&[("token", &token)]);
        assert_eq!(browser.send(request).await.code(), expected, "{what}");
        assert!(browser.cookie("session").is_none(), "{what}");
    }
    for nonsense in ["", "a", "a.b.c", "....", &"x".repeat(9_000)] {
        assert_eq!(code(&one, CLIENT, nonsense).await, "sso_bad_signature");
    }
    // Nobody came in, and nobody was made.
    let tx = one.tx().await;
    let made = account::Entity::rows().filter(account::Column::Email.eq("hugo@acmedental.example")).count(&tx).await.expect("read");
    assert_eq!(made, 0);
}

#[actix_web::test]
async fn without_a_secret_or_with_a_short_one_the_page_says_that_it_is_not_set_up() {
    let short = "thirty-one bytes are one too few";
    for secret in [None, Some(&short[..31]), Some(" , ")] {
        let settings: Vec<(&str, &str)> = secret.map(|secret| vec![("PORTAL_CLIENT_SSO_SECRET", secret)]).unwrap_or_default();
        let one = Installation::with(&settings).await;
        let token = signed(&client(&one, "hugo@acmedental.example", "x"), secret.unwrap_or(SECRET));
        let page = one.stranger().get(&format!("{CLIENT}?token={token}")).await.expect(409).shows("Client SSO not configured");
        causes::named("P2.4", &page.shows("PORTAL_CLIENT_SSO_SECRET").text);
        assert_eq!(code(&one, CLIENT, &token).await, "sso_not_configured");
        assert_eq!(code(&one, STAFF, &token).await, "sso_not_configured");
        post(&mut one.stranger(), CLIENT, &token).await.expect(409);
        let health = one.browser("olga").await.get_json("/operator/health").await.expect(200).json();
        let secrets = health.as_array().expect("findings").iter().find(|f| f["check"] == "sso_secrets").expect("a line").clone();
        let shorter = secret == Some(&short[..31]);
        assert_eq!(secrets["state"], if shorter { "failing" } else { "warning" }, "{secrets}");
        assert!(secrets["what"].as_str().expect("words").contains("PORTAL_CLIENT_SSO_SECRET"), "{secrets}");
    }
}

#[actix_web::test]
async fn who_was_invited_by_mail_first_and_came_by_the_hub_later_finds_what_was_issued_to_them() {
    let one = hub().await;
    let mut mira = one.browser("mira").await;
    let people = format!("/admin/clients/{}/contacts", one.cast.acme);
    let fields = [("name", "Hugo Lind"), ("email", "hugo@acmedental.example"), ("access", "own"), ("invite", "true")];
    mira.post(&people, &fields).await.expect(303);
    one.run_jobs().await;
    let invitation = one.newest_link("hugo@acmedental.example");
    let contact = contact_of(&one, "hugo@acmedental.example").await;
    let policy = policies::draft(&one, &mut mira, one.cast.acme, "msa").await;
    policies::fill_in(&mut mira, policy).await;
    let contact_field = contact.to_string();
    let fields = [
        ("acknowledgement", "required"),
        ("signers", "specific"),
        ("order", "any"),
        ("deadline", ""),
        ("reminder", "3"),
        ("go", "next"),
        ("contact", contact_field.as_str()),
    ];
    mira.post(&format!("/legal/policies/{policy}/wizard/3"), &fields).await.expect(303);
    mira.post(&format!("/legal/policies/{policy}/submit"), &[("from", "wizard"), ("note", "")]).await.expect(303);
    policies::press(&mut one.browser("ada").await, policy, "approve").await.expect(303);
    policies::press(&mut mira, policy, "send").await.expect(303);
    // Never accepted; the Hub spells the address its own way and knows them by its own number.
    let mut hugo = one.stranger();
    let claims = with(client(&one, " HUGO@AcmeDental.example ", "h1"), "sub", json!("4711"));
    post(&mut hugo, CLIENT, &signed(&claims, SECRET)).await.expect(303);
    hugo.get("/portal/documents").await.expect(200).shows(&format!("/portal/documents/{policy}/sign"));
    hugo.get(&format!("/portal/documents/{policy}/sign")).await.expect(200);
    // One contact, one account; the invitation that was not taken is dead.
    let tx = one.tx().await;
    let contacts = contact::Entity::within(tx.reach()).filter(contact::Column::Email.eq("hugo@acmedental.example")).all(&tx).await;
    let contacts = contacts.expect("read");
    assert_eq!(contacts.iter().map(|row| row.id).collect::<Vec<_>>(), [contact]);
    assert_eq!(contacts[0].access, AccessLevel::Company, "the level the Hub claims");
    let accounts = account::Entity::rows().filter(account::Column::Email.eq("hugo@acmedental.example")).count(&tx).await;
    assert_eq!(accounts.expect("read"), 1);
    drop(tx);
    one.stranger().get(&invitation).await.expect(410);
    // Another address in the Hub, the same number there: the same person here.
    let claims = with(client(&one, "h.lind@acmedental.example", "h2"), "sub", json!("4711"));
    let mut again = one.stranger();
    post(&mut again, CLIENT, &signed(&claims, SECRET)).await.expect(303);
    again.get(&format!("/portal/documents/{policy}/sign")).await.expect(200);
    // And by the PSA's number.
    let claims = with(client(&one, "lind@acmedental.example", "h3"), "psa_contact_id", json!("psa- HUGO@AcmeDental.example"));
    let claims = with(claims, "sub", json!("4712"));
    let mut third = one.stranger();
    post(&mut third, CLIENT, &signed(&claims, SECRET)).await.expect(303);
    third.get(&format!("/portal/documents/{policy}/sign")).await.expect(200);
    let tx = one.tx().await;
    let hugos = contact::Entity::within(tx.reach()).filter(contact::Column::Name.eq("Hugo Lind")).count(&tx).await.expect("read");
    assert_eq!(hugos, 1, "nobody was made twice");
    causes::impossible("P5.4");
}

#[actix_web::test]
async fn a_company_is_known_by_the_number_its_msp_entered() {
    let one = hub().await;
    let mut mira = one.browser("mira").await;
    let acme = format!("/admin/clients/{}", one.cast.acme);
    let fields = [("name", "Acme Dental"), ("legal_name", "Acme Dental LLC"), ("number", "C-1001")];
    mira.post(&acme, &fields).await.expect(303);
    mira.get(&acme).await.expect(200).shows("value=\"C-1001\"");
    let bluefin = format!("/admin/clients/{}", one.cast.bluefin);
    let taken = [("name", "Bluefin Freight"), ("legal_name", "Bluefin Freight Inc."), ("number", "C-1001")];
    mira.post(&bluefin, &taken).await.expect(422).shows("has this number").shows("value=\"C-1001\"");
    let token = signed(&with(client(&one, "hugo@acmedental.example", "c1"), "client_id", json!("C-1001")), SECRET);
    post(&mut one.stranger(), CLIENT, &token).await.expect(303);
    mira.get(&acme).await.expect(200).shows("hugo@acmedental.example").shows("Last came by a link of the Hub");
    mira.post(&acme, &[("name", "Acme Dental"), ("legal_name", "Acme Dental LLC"), ("number", "")]).await.expect(303);
    let token = signed(&with(client(&one, "hugo@acmedental.example", "c2"), "client_id", json!("C-1001")), SECRET);
    post(&mut one.stranger(), CLIENT, &token).await.expect(400).shows("a company that this portal does not know");
}

#[actix_web::test]
async fn a_shut_account_stays_shut_and_its_admin_reads_what_became_of_a_link() {
    let one = hub().await;
    let mut mira = one.browser("mira").await;
    let acme = format!("/admin/clients/{}", one.cast.acme);
    let cleo = one.cast.person("cleo").contact.expect("a contact");
    mira.post(&format!("/admin/contacts/{cleo}/deactivate"), &[]).await.expect(303);
    let token = signed(&client(&one, "cleo@acmedental.example", "s1"), SECRET);
    let mut browser = one.stranger();
    post(&mut browser, CLIENT, &token).await.expect(403).shows("Your account is deactivated").shows("reactivate");
    assert!(browser.cookie("session").is_none());
    mira.get(&acme).await.expect(200).shows("Last link of the Hub refused: Your account was deactivated");
    mira.post(&format!("/admin/contacts/{cleo}/reactivate"), &[]).await.expect(303);
    // The number was not used up by a try that let nobody in.
    one.platform.clock.advance(1_000);
    post(&mut browser, CLIENT, &token).await.expect(303);
    mira.get(&acme).await.expect(200).shows("Last came by a link of the Hub");
    // Too late: the person is led to a fresh link by mail, by one button.
    one.platform.clock.advance(1_000);
    let token = signed(&client(&one, "cleo@acmedental.example", "s2"), SECRET);
    one.platform.clock.advance(71_000);
    let late = one.stranger().get(&format!("{CLIENT}?token={token}")).await.expect(410);
    let late = late.shows("This link is too old").shows("70 seconds").shows("It goes to cleo@acmedental.example");
    assert!(late.text.contains("action=\"/portal/link?tenant=harbor\""), "one button");
    mira.get(&acme).await.expect(200).shows("Last link of the Hub refused: A link of the Hub works for 70 seconds");
    let mut cleo = one.stranger();
    cleo.post("/portal/link?tenant=harbor", &[("email", "cleo@acmedental.example")]).await.expect(200).shows("mailbox");
    one.run_jobs().await;
    let fresh = one.newest_link("cleo@acmedental.example");
    cleo.post(&fresh, &[]).await.expect(303);
    cleo.get("/portal/dashboard").await.expect(200);
    // The operator reads the same at health, and a wrong secret as what it is.
    let mut olga = one.browser("olga").await;
    olga.get("/operator/health").await.expect(200).shows("Clients: the last link of the Hub was refused: older than 70 seconds");
    one.platform.clock.advance(1_000);
    let wrong = signed(&client(&one, "cleo@acmedental.example", "s3"), "a-secret-that-nobody-here-has-heard-of");
    one.stranger().get(&format!("{CLIENT}?token={wrong}")).await.expect(400).shows("the secret on both sides");
    olga.get("/operator/health").await.expect(200).shows("Compare PORTAL_CLIENT_SSO_SECRET with the Hub");
}

#[actix_web::test]
async fn the_hubs_access_level_counts_when_it_changes_there_and_a_change_made_here_stands_till_then() {
    let one = hub().await;
    let mut n = 0;
    let mut come = async |level: &str| {
        n += 1;
        let claims = with(client(&one, "ben@acmedental.example", &format!("l{n}")), "access_level", json!(level));
        let mut browser = one.stranger();
        post(&mut browser, CLIENT, &signed(&claims, SECRET)).await.expect(303);
        browser
    };
    let level = async || {
        let tx = one.tx().await;
        let row = contact::Entity::within(tx.reach()).filter(contact::Column::Email.eq("ben@acmedental.example")).one(&tx).await;
        row.expect("read").expect("Ben").access
    };
    let mut first = come("company").await;
    assert_eq!(level().await, AccessLevel::Company);
    let mut mira = one.browser("mira").await;
    let ben = one.cast.person("ben").contact.expect("a contact");
    mira.post(&format!("/admin/contacts/{ben}"), &[("name", "Ben Marsh"), ("access", "own")]).await.expect(303);
    come("company").await;
    assert_eq!(level().await, AccessLevel::Own, "the same claim again is no change over there");
    first.get_json("/portal/profile").await.expect(401);
    let mut second = come("company").await;
    come("company_admin").await;
    assert_eq!(level().await, AccessLevel::CompanyAdmin);
    second.get_json("/portal/profile").await.expect(401);
    come("").await;
    assert_eq!(level().await, AccessLevel::CompanyAdmin, "a link that says nothing changes nothing");
}

#[actix_web::test]
async fn staff_come_by_their_own_secret_with_the_hubs_role() {
    let one = hub().await;
    let mut wes = one.stranger();
    let token = signed(&staff(&one, "wes@harbor.example", "w1"), STAFF_SECRET);
    wes.get(&format!("{STAFF}?token={token}")).await.expect(200).shows("Wes Ito").shows("Harbor IT");
    assert_eq!(post(&mut wes, STAFF, &token).await.expect(303).location(), "/legal/dashboard");
    wes.get("/legal/dashboard").await.expect(200);
    wes.get("/admin").await.expect(403);
    assert_eq!(code(&one, STAFF, &token).await, "sso_used");
    let seat = async |email: &str| {
        let tx = one.tx().await;
        let account = account::Entity::rows().filter(account::Column::Email.eq(email)).one(&tx).await.expect("read")?;
        let seat = staff::Entity::within(tx.reach()).filter(staff::Column::AccountId.eq(account.id)).one(&tx).await.expect("read");
        seat.map(|seat| seat.role)
    };
    assert_eq!(seat("wes@harbor.example").await, Some(StaffRole::Member));
    let token = signed(&with(staff(&one, "wes@harbor.example", "w2"), "orgRole", json!("admin")), STAFF_SECRET);
    let mut again = one.stranger();
    post(&mut again, STAFF, &token).await.expect(303);
    again.get("/admin").await.expect(200);
    wes.get_json("/legal/profile").await.expect(401);
    // Whoever has an app here is asked for its code all the same.
    let token = signed(&with(staff(&one, "mira@harbor.example", "w3"), "orgRole", json!("viewer")), STAFF_SECRET);
    let mut mira = one.stranger();
    assert_eq!(post(&mut mira, STAFF, &token).await.expect(303).location(), "/login/totp");
    mira.get_json("/legal/profile").await.expect(401);
    mira.post("/login/totp", &[("code", &one.code("mira"))]).await.expect(303);
    mira.get("/admin").await.expect(200);
    assert_eq!(seat("mira@harbor.example").await, Some(StaffRole::Owner), "the last owner stays one");
    let cases = [
        (
            "60 s and more",
            with(with(staff(&one, "x@harbor.example", "b1"), "iat", json!(now(&one) - 61)), "exp", json!(now(&one) - 1)),
            "sso_expired",
        ),
        ("a client's life", with(staff(&one, "x@harbor.example", "b2"), "exp", json!(now(&one) + 70)), "sso_too_long"),
        ("a client's context", with(staff(&one, "x@harbor.example", "b3"), "context", json!("client_portal")), "sso_bad_context"),
        ("no plan", with(staff(&one, "x@harbor.example", "b4"), "entitlements", json!(["crm"])), "sso_not_entitled"),
        ("an unheard-of role", with(staff(&one, "x@harbor.example", "b5"), "orgRole", json!("god")), "sso_bad_claims"),
        ("an attorney", staff(&one, "ada@whitfield.example", "b6"), "sso_other_place"),
        ("an operator", staff(&one, "olga@one.example", "b7"), "sso_other_place"),
        ("staff of another tenant", staff(&one, "eve@pine.example", "b8"), "sso_other_place"),
    ];
    let made: Vec<Value> = cases.iter().map(|(_, claims, _)| json!({ "claims": claims, "secret": STAFF_SECRET })).collect();
    for ((what, _, expected), token) in cases.into_iter().zip(tickets(&made)) {
        let mut browser = one.stranger();
        let request = browser.request(reqwest::Method::POST, STAFF).header("accept", "application/json").form(&[("token", &token)]);
        assert_eq!(browser.send(request).await.code(), expected, "{what}");
        assert!(browser.cookie("session").is_none(), "{what}");
    }
    assert_eq!(code(&one, STAFF, &signed(&staff(&one, "x@harbor.example", "b9"), SECRET)).await, "sso_bad_signature");
}

#[actix_web::test]
async fn a_member_of_a_mission_comes_by_the_hub_too() {
    let one = hub().await;
    let claims = json!({
        "sub": "m-1", "email": "luz@grace.example", "name": "Luz Ortiz", "tenant_id": one.cast.grace.to_string(),
        "tenant_slug": "grace", "org_type": "mission", "context": "client_portal", "iat": now(&one), "exp": now(&one) + 70,
        "jti": "m1",
    });
    let mut luz = one.stranger();
    assert_eq!(post(&mut luz, CLIENT, &signed(&claims, SECRET)).await.expect(303).location(), "/portal/dashboard");
    luz.get("/portal/mission/dashboard").await.expect(200).shows("Hello Luz");
}

#[actix_web::test]
async fn the_command_makes_a_link_that_lets_in() {
    use clap::Parser;
    use one_legal::app::sso_link::{SsoLink, make};
    #[derive(Parser)]
    struct Line {
        #[command(flatten)]
        link: SsoLink,
    }
    let one = hub().await;
    let run = async |words: &[&str]| {
        let line = Line::try_parse_from([&["sso-link"], words].concat()).unwrap_or_else(|e| panic!("{e}"));
        make(&one.platform, &line.link).await.expect("it runs")
    };
    let address = run(&["--tenant", "harbor", "--company", "acme dental", "--email", "hugo@acmedental.example"]).await;
    let path = address.expect("a link").strip_prefix(&one.url).expect("ours").to_owned();
    let mut hugo = one.stranger();
    hugo.get(&path).await.expect(200).shows("hugo@acmedental.example");
    post(&mut hugo, CLIENT, path.split('=').nth(1).expect("a token")).await.expect(303);
    hugo.get("/portal/profile").await.expect(200);
    let old = run(&["--tenant", "harbor", "--company", "Acme Dental", "--email", "hugo@acmedental.example", "--age", "71"]).await;
    let old = old.expect("a link").strip_prefix(&one.url).expect("ours").to_owned();
    one.stranger().get(&old).await.expect(410).shows("too old");
    let staff = run(&["--tenant", "harbor", "--email", "wes@harbor.example", "--staff", "--role", "admin"]).await.expect("a link");
    let path = staff.strip_prefix(&one.url).expect("ours").to_owned();
    post(&mut one.stranger(), STAFF, path.split('=').nth(1).expect("a token")).await.expect(303);
    assert!(run(&["--tenant", "harbor", "--email", "x@y.example"]).await.is_err(), "no company");
    assert!(run(&["--tenant", "nobody", "--email", "x@y.example"]).await.is_err(), "no tenant");
}

proptest! {
    #[test]
    fn any_byte_changed_is_refused(at in 0..2_000_usize, to in 0..=127_u8) {
        let config = one_legal::platform::Config::load(&one_legal::platform::config::Source::from_pairs([(
            "PORTAL_CLIENT_SSO_SECRET", SECRET,
        )])).expect("settings");
        let now = Moment(1_772_445_600_000);
        let good = ticket::Ticket {
            face: SsoFace::Client, sub: "4711".to_owned(), email: "hugo@acmedental.example".to_owned(), name: "Hugo".to_owned(),
            tenant_id: String::new(), tenant_slug: "harbor".to_owned(), company: "C-1".to_owned(), access_level: "own".to_owned(),
            psa_contact: String::new(), org_type: String::new(), org_role: String::new(), entitlements: None, jti: "j".to_owned(),
        };
        let token = ticket::sign(SECRET, &good, now.seconds()).expect("signed");
        prop_assert_eq!(ticket::read(&config, SsoFace::Client, &token, now).expect("believed"), good);
        let mut bytes = token.clone().into_bytes();
        let place = at % bytes.len();
        let was = std::mem::replace(&mut bytes[place], to);
        let changed = String::from_utf8(bytes).expect("ASCII");
        prop_assert_eq!(ticket::read(&config, SsoFace::Client, &changed, now).is_ok(), was == to, "{}", changed);
    }
}

#[test]
fn each_fault_has_its_own_code_and_words_for_both_faces() {
    let codes: BTreeSet<&str> = ticket::Fault::ALL.iter().map(|fault| fault.code()).collect();
    assert_eq!(codes.len(), ticket::Fault::ALL.len());
    for fault in ticket::Fault::ALL {
        assert_eq!(ticket::Fault::of_code(fault.code()), Some(fault));
        for face in [SsoFace::Client, SsoFace::Staff] {
            assert!(fault.title(face).len() > 8 && fault.reason(face).len() > 20 && fault.next_step(face).len() > 20, "{fault:?}");
        }
    }
}
