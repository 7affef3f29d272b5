//! A company's admins look after its people, and nobody else's.

use entity::{
    tenancy::{AccessLevel, contact},
    wall::Walled,
};
use sea_orm::{ColumnTrait, QueryFilter};

use crate::{identity::invite::contact_of, support::Installation};

const GOOD: &str = "violet trams climb slowly uphill";

async fn level(one: &Installation, email: &str) -> AccessLevel {
    let tx = one.tx().await;
    let row = contact::Entity::within(tx.reach()).filter(contact::Column::Email.eq(email)).one(&tx).await;
    row.expect("read").expect("a contact").access
}

#[actix_web::test]
async fn dora_invites_resends_shuts_out_and_lets_in_people_of_her_company() {
    let one = Installation::with(&[("LOGIN_RATE", "1000")]).await;
    let mut dora = one.browser("dora").await;
    dora.get("/portal/dashboard").await.expect(200).shows("/portal/team");
    let page = dora.get("/portal/team").await.expect(200).shows("Ben Marsh").shows("cleo@acmedental.example");
    page.shows("You").hides("Gus Hale").hides("Finn Dahl");
    let fields = [("name", "Hugo Lind"), ("email", "nonsense"), ("title", "Bookkeeper"), ("access", "own")];
    dora.post("/portal/team", &fields).await.expect(422).shows("no e-mail address").shows("value=\"Hugo Lind\"");
    let fields = [("name", "Hugo Lind"), ("email", "hugo@acmedental.example"), ("title", "Bookkeeper"), ("access", "own")];
    dora.post("/portal/team", &fields).await.expect(303);
    dora.post("/portal/team", &fields).await.expect(422).shows("has this address already");
    one.run_jobs().await;
    let first = one.newest_link("hugo@acmedental.example");
    one.stranger().get(&first).await.expect(200).shows("Dora Kim");
    dora.get("/portal/team").await.expect(200).shows("Invited, has not accepted yet");
    let hugo = contact_of(&one, "hugo@acmedental.example").await;
    one.platform.clock.advance(1_000);
    dora.post(&format!("/portal/team/{hugo}/invite"), &[]).await.expect(303);
    one.run_jobs().await;
    one.stranger().get(&first).await.expect(410);
    let mut browser = one.stranger();
    let second = one.newest_link("hugo@acmedental.example");
    browser.post(&second, &[("name", "Hugo Lind"), ("password", GOOD)]).await.expect(303);
    browser.get("/portal/team").await.expect(403);
    // Another level ends the session, so that it holds at once; then they see what it gives.
    dora.post(&format!("/portal/team/{hugo}"), &[("name", "Hugo Lind"), ("access", "company_admin")]).await.expect(303);
    browser.get_json("/portal/profile").await.expect(401);
    let door = [("email", "hugo@acmedental.example"), ("password", GOOD)];
    browser.post("/portal/login?tenant=harbor", &door).await.expect(303);
    browser.get("/portal/team").await.expect(200);
    dora.post(&format!("/portal/team/{hugo}"), &[("name", ""), ("access", "own")]).await.expect(422).shows("person&#39;s name");
    dora.post(&format!("/portal/team/{hugo}"), &[("name", "Hugo"), ("access", "all")]).await.expect(422);
    dora.post(&format!("/portal/team/{hugo}/deactivate"), &[]).await.expect(303);
    browser.get_json("/portal/profile").await.expect(401);
    one.stranger().post("/portal/login?tenant=harbor", &door).await.expect(422).shows("Invalid credentials");
    dora.get("/portal/team").await.expect(200).shows("Deactivated: cannot sign in");
    dora.post(&format!("/portal/team/{hugo}/reactivate"), &[]).await.expect(303);
    one.stranger().post("/portal/login?tenant=harbor", &door).await.expect(303);
    dora.post(&format!("/portal/team/{hugo}/promote"), &[]).await.expect(404);
}

#[actix_web::test]
async fn never_outside_her_own_company() {
    let one = Installation::with(&[("LOGIN_RATE", "1000")]).await;
    let mut dora = one.browser("dora").await;
    for other in ["gus", "finn"] {
        let id = one.cast.person(other).contact.expect("a contact");
        dora.post(&format!("/portal/team/{id}"), &[("name", "X"), ("access", "own")]).await.expect(404);
        for verb in ["invite", "deactivate", "reactivate", "unlock"] {
            dora.post(&format!("/portal/team/{id}/{verb}"), &[]).await.expect(404);
        }
    }
    // A field for another company is no way there.
    let bluefin = one.cast.bluefin.to_string();
    let fields = [
        ("name", "Hugo"),
        ("email", "hugo@acmedental.example"),
        ("access", "own"),
        ("company", &bluefin),
        ("company_id", &bluefin),
    ];
    dora.post("/portal/team", &fields).await.expect(303);
    one.browser("gus").await.get("/portal/team").await.expect(200).hides("hugo@acmedental.example");
    assert_eq!(level(&one, "gus@bluefin.example").await, AccessLevel::CompanyAdmin);
    for key in ["ben", "cleo"] {
        one.browser(key).await.get("/portal/team").await.expect(403).shows("admin of your company");
        one.browser(key).await.get("/portal/dashboard").await.expect(200).hides("/portal/team");
    }
    for key in ["mira", "ada", "olga", "joy"] {
        one.browser(key).await.get("/portal/team").await.expect(404);
    }
}

#[actix_web::test]
async fn an_address_of_another_company_cannot_be_invited_and_the_form_keeps_what_was_typed_without_saying_whose_it_is() {
    let one = Installation::new().await;
    let mut dora = one.browser("dora").await;
    let fields = [("name", "Gus Hale"), ("email", "gus@bluefin.example"), ("title", "Driver"), ("access", "company")];
    dora.post("/portal/team", &fields)
        .await
        .expect(422)
        .shows("This address cannot be invited. Use another one, or ask your provider.")
        .shows("value=\"Gus Hale\"")
        .shows("value=\"gus@bluefin.example\"")
        .shows("value=\"Driver\"")
        .shows("value=\"company\" selected")
        .hides("another company");
    dora.get("/portal/team").await.expect(200).hides("gus@bluefin.example");
}

#[actix_web::test]
async fn the_link_of_somebody_who_was_shut_out_says_that_the_invitation_was_withdrawn_and_whom_to_ask() {
    let one = Installation::with(&[("LOGIN_RATE", "1000")]).await;
    let mut dora = one.browser("dora").await;
    let fields = [("name", "Hugo Lind"), ("email", "hugo@acmedental.example"), ("access", "own")];
    dora.post("/portal/team", &fields).await.expect(303);
    one.run_jobs().await;
    let link = one.newest_link("hugo@acmedental.example");
    let hugo = contact_of(&one, "hugo@acmedental.example").await;
    dora.post(&format!("/portal/team/{hugo}/deactivate"), &[]).await.expect(303);
    one.stranger()
        .get(&link)
        .await
        .expect(410)
        .shows("This invitation was withdrawn.")
        .shows("Ask Dora Kim")
        .hides("newer invitation")
        .shows("/portal/login?tenant=harbor");
}

#[actix_web::test]
async fn a_company_admin_reads_levels_moments_and_mails_in_her_own_words() {
    let one = Installation::new().await;
    one.sign_in(&mut one.stranger(), "cleo").await.expect(303);
    let mut dora = one.browser("dora").await;
    dora.get("/portal/profile").await.expect(200).shows("Company admin").hides("Client admin");
    dora.post("/portal/team", &[("name", "Hugo Lind"), ("email", "hugo@acmedental.example"), ("access", "own")]).await.expect(303);
    one.run_jobs().await;
    // Without a mail server the letter lies in the outbox: why is nothing that a client could mend.
    dora.get("/portal/team")
        .await
        .expect(200)
        .shows("The last mail could not be delivered.")
        .hides("mail server")
        .shows("The link works until <time datetime=")
        .shows("Last signed in <time datetime=");
    let mira = one.browser("mira").await.get(&format!("/admin/clients/{}", one.cast.acme)).await.expect(200);
    mira.shows("No mail server is set");
}

#[actix_web::test]
async fn the_last_admin_of_a_company_stays_one() {
    let one = Installation::with(&[("LOGIN_RATE", "1000")]).await;
    let mut dora = one.browser("dora").await;
    let id = |key: &str| one.cast.person(key).contact.expect("a contact");
    let (me, cleo) = (id("dora"), id("cleo"));
    let down = [("name", "Dora Kim"), ("title", "Managing Partner"), ("access", "own")];
    dora.post(&format!("/portal/team/{me}"), &down).await.expect(409).shows("only admin of your company");
    dora.post(&format!("/portal/team/{me}/deactivate"), &[]).await.expect(409).shows("only admin of your company");
    let same = [("name", "Dora M. Kim"), ("title", "Partner"), ("access", "company_admin")];
    dora.post(&format!("/portal/team/{me}"), &same).await.expect(303);
    // With a second admin: not oneself, but each the other; both at once leave one.
    dora.post(&format!("/portal/team/{cleo}"), &[("name", "Cleo Vance"), ("access", "company_admin")]).await.expect(303);
    dora.post(&format!("/portal/team/{me}"), &down).await.expect(409).shows("Nobody changes their own access");
    let mut cleos = one.browser("cleo").await;
    let (a, b) = (format!("/portal/team/{cleo}/deactivate"), format!("/portal/team/{me}/deactivate"));
    let (first, second) = futures_util::join!(dora.post(&a, &[]), cleos.post(&b, &[]));
    let done = [first.status, second.status].iter().filter(|status| **status == 303).count();
    assert_eq!(done, 1, "{} {}", first.status, second.status);
    let mut left = 0;
    for key in ["dora", "cleo"] {
        let tx = one.tx().await;
        let account = one_legal::identity::account(&tx, one.cast.person(key).account).await.expect("read").expect("an account");
        left += usize::from(account.status == entity::identity::AccountStatus::Active);
    }
    assert_eq!(left, 1);
}
