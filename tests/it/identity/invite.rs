//! Invitations: a GET shows, only the button consumes; once, for seven days.

use super::factor::{codes_on, secret_on};
use crate::support::Installation;

const DAY: i64 = 86_400_000;
const GOOD: &str = "violet trams climb slowly uphill";

async fn invite_zoe(one: &Installation) -> String {
    let mut mira = one.browser("mira").await;
    let fields = [("name", "Zoe Park"), ("email", "Zoe@Harbor.example"), ("role", "member")];
    mira.post("/admin/staff", &fields).await.expect(303);
    one.run_jobs().await;
    one.newest_link("zoe@harbor.example")
}

async fn invite_contact(one: &Installation, email: &str) -> String {
    let mut mira = one.browser("mira").await;
    let path = format!("/admin/clients/{}/contacts", one.cast.acme);
    let fields = [("name", "Hugo Lind"), ("email", email), ("title", "Bookkeeper"), ("access", "company"), ("invite", "true")];
    mira.post(&path, &fields).await.expect(303);
    one.run_jobs().await;
    one.newest_link(email)
}

#[actix_web::test]
async fn an_attorney_takes_the_invitation_sets_password_and_app_and_keeps_recovery_codes() {
    let one = Installation::with(&[("LOGIN_RATE", "1000")]).await;
    let mut olga = one.browser("olga").await;
    olga.post("/operator/attorneys", &[("name", "Nora Vale"), ("email", "nora@vale.example")]).await.expect(303);
    let page = olga.get("/operator/attorneys").await.expect(200).shows("Nora Vale").shows("Invited, has not accepted yet");
    assert!(page.text.contains("Harbor IT: Primary attorney"), "Ada's engagement is shown");
    one.run_jobs().await;
    let link = one.newest_link("nora@vale.example");
    assert!(link.starts_with("/invite/"), "{link}");
    let mut nora = one.stranger();
    // A mail scanner may look as often as it likes.
    for _ in 0..3 {
        one.stranger().get(&link).await.expect(200).shows("nora@vale.example").shows("new-password");
    }
    nora.post(&link, &[("name", "Nora Vale"), ("password", GOOD)]).await.expect(303);
    let set_up = nora.get("/login/setup").await.expect(200).shows("The One Legal").shows("<svg").shows("one-time-code");
    assert!(set_up.text.contains("otpauth://totp/The%20One%20Legal"), "the label");
    // The set-up session opens nothing else, and the password alone signs nobody in.
    nora.get_json("/legal/profile").await.expect(401);
    nora.get_json("/login/totp").await.expect(401);
    one.stranger()
        .post("/login", &[("email", "nora@vale.example"), ("password", GOOD)])
        .await
        .expect(422)
        .shows("Invalid credentials");
    nora.post("/login/setup", &[("code", "000000")]).await.expect(422).shows("That code is not right");
    let secret = secret_on(&set_up.text);
    let code = one_legal::identity::totp::code_of_base32(&secret, one.platform.clock.now()).expect("a code");
    let done = nora.post("/login/setup", &[("code", &code)]).await.expect(200).shows("Keep these recovery codes");
    assert_eq!(codes_on(&done.text).len(), 10);
    nora.get("/legal/profile").await.expect(200).shows("Nora Vale");
    // The enrolment code is dead, the link too.
    let mut again = one.stranger();
    again.post("/login", &[("email", "nora@vale.example"), ("password", GOOD)]).await.expect(303);
    again.post("/login/totp", &[("code", &code)]).await.expect(422).shows("used before");
    one.stranger().get(&link).await.expect(410).shows("Already used");
    one.stranger().post(&link, &[("name", "X"), ("password", GOOD)]).await.expect(410);
}

#[actix_web::test]
async fn a_client_registers_and_is_signed_in_at_once() {
    let one = Installation::with(&[("LOGIN_RATE", "1000")]).await;
    let link = invite_contact(&one, "hugo@acmedental.example").await;
    assert!(link.starts_with("/portal/register?invite="), "{link}");
    let mut hugo = one.stranger();
    hugo.get(&link).await.expect(200).shows("Harbor IT Client Portal").shows("hugo@acmedental.example").shows("Mira Castellan");
    let answer = hugo
        .post(&format!("{link}&next=x"), &[("name", "Hugo Lind"), ("password", GOOD), ("next", "/portal/profile")])
        .await
        .expect(303);
    assert_eq!(answer.location(), "/portal/profile");
    hugo.get("/portal/profile").await.expect(200).shows("Hugo Lind");
    one.stranger().post(&link, &[("name", "Thief"), ("password", GOOD)]).await.expect(410).shows("Already used");
    one.stranger()
        .post("/portal/login?tenant=harbor", &[("email", "hugo@acmedental.example"), ("password", GOOD)])
        .await
        .expect(303);
    // A portal's invitation is none at the firm's door.
    let token = link.rsplit('=').next().expect("a token");
    one.stranger().get(&format!("/invite/{token}")).await.expect(410);
}

#[actix_web::test]
async fn an_invitation_expires_after_seven_days_with_the_reason_and_what_to_do_and_resending_kills_the_old() {
    let one = Installation::with(&[("LOGIN_RATE", "1000")]).await;
    let first = invite_contact(&one, "hugo@acmedental.example").await;
    one.platform.clock.advance(7 * DAY - 1_000);
    one.stranger().get(&first).await.expect(200);
    one.platform.clock.advance(2_000);
    one.stranger().get(&first).await.expect(410).shows("Expired").shows("Ask Mira Castellan");
    one.stranger().post(&first, &[("name", "Hugo"), ("password", GOOD)]).await.expect(410);
    let mut mira = one.browser("mira").await;
    let page =
        mira.get(&format!("/admin/clients/{}", one.cast.acme)).await.expect(200).shows("never accepted, and the link has expired");
    let at = page.text.find("/admin/contacts/").expect("a form");
    let _ = at;
    let resend = page
        .text
        .split('"')
        .find(|text| text.starts_with("/admin/contacts/") && text.ends_with("/invite"))
        .expect("a button")
        .to_owned();
    mira.post(&resend, &[]).await.expect(303);
    one.run_jobs().await;
    let second = one.newest_link("hugo@acmedental.example");
    assert_ne!(first, second);
    one.stranger().get(&first).await.expect(410).shows("Replaced");
    one.stranger().post(&second, &[("name", "Hugo Lind"), ("password", GOOD)]).await.expect(303);
    mira.post(&resend, &[]).await.expect(409);
    one.stranger().get("/portal/register?invite=nonsense").await.expect(410).shows("Link not found");
}

#[actix_web::test]
async fn of_two_who_accept_one_invitation_at_once_one_is_signed_in() {
    let one = Installation::with(&[("LOGIN_RATE", "1000")]).await;
    let link = invite_contact(&one, "hugo@acmedental.example").await;
    let posts = (0..4).map(|_| {
        let (mut browser, link) = (one.stranger(), link.clone());
        async move { browser.post(&link, &[("name", "Hugo Lind"), ("password", GOOD)]).await.status }
    });
    let statuses = futures_util::future::join_all(posts).await;
    assert_eq!(statuses.iter().filter(|status| **status == 303).count(), 1, "{statuses:?}");
}

#[actix_web::test]
async fn weak_common_and_own_words_are_refused_as_a_password_and_the_form_comes_back() {
    let one = Installation::with(&[("LOGIN_RATE", "1000")]).await;
    let link = invite_zoe(&one).await;
    let long = "é".repeat(129);
    for (bad, words) in [
        ("short", "at least 12 characters"),
        ("password1234", "attackers try first"),
        ("zoe-park-zoe-park", "made of your name"),
        ("harbor-it-harbor", "made of your name"),
        ("theonelegal2026", "made of your name"),
        ("aaaaaaaaaaaaaaaa", "attackers try first"),
        (long.as_str(), "at most 128"),
    ] {
        let answer = one.stranger().post(&link, &[("name", "Zoe Park"), ("password", bad)]).await.expect(422);
        assert!(answer.text.contains(words), "{bad}: {}", answer.text);
        assert!(answer.text.contains("value=\"Zoe Park\""), "what was typed is shown again");
        assert!(!answer.text.contains(&format!("value=\"{bad}\"")), "the password is not");
    }
    one.stranger().post(&link, &[("name", "  "), ("password", GOOD)]).await.expect(422).shows("Give your name");
    one.stranger().post(&link, &[("name", "Zoe Park"), ("password", GOOD)]).await.expect(303);
}

#[actix_web::test]
async fn a_password_of_any_unicode_is_neither_trimmed_nor_cut_and_read_the_same_each_time() {
    let one = Installation::with(&[("LOGIN_RATE", "1000")]).await;
    // A decomposed letter, and spaces at both ends.
    let typed = format!(" Cafe\u{301} großer Wal {} ", "tiefblau ".repeat(11));
    assert!(typed.chars().count() <= 128);
    let link = invite_contact(&one, "hugo@acmedental.example").await;
    one.stranger().post(&link, &[("name", "Hugo Lind"), ("password", &typed)]).await.expect(303);
    let composed = typed.replace("e\u{301}", "é");
    let door = "/portal/login?tenant=harbor";
    let enter = |password: String| {
        let mut browser = one.stranger();
        async move { browser.post(door, &[("email", "hugo@acmedental.example"), ("password", &password)]).await.status }
    };
    assert_eq!(enter(composed.clone()).await, 303);
    assert_eq!(enter(composed.trim().to_owned()).await, 422);
    assert_eq!(enter(composed[..composed.len() - 2].to_owned()).await, 422);
    assert_eq!(enter(composed).await, 303);
}

#[actix_web::test]
async fn an_invited_or_deactivated_person_signs_in_by_no_path() {
    let one = Installation::with(&[("LOGIN_RATE", "1000")]).await;
    let link = invite_contact(&one, "hugo@acmedental.example").await;
    one.stranger().post(&link, &[("name", "Hugo Lind"), ("password", GOOD)]).await.expect(303);
    let mut mira = one.browser("mira").await;
    let acme = format!("/admin/clients/{}", one.cast.acme);
    let contact = contact_of(&one, "hugo@acmedental.example").await;
    let mut hugo = one.stranger();
    let fields = [("email", "hugo@acmedental.example"), ("password", GOOD)];
    hugo.post("/portal/login?tenant=harbor", &fields).await.expect(303);
    hugo.post("/portal/forgot?tenant=harbor", &[("email", "hugo@acmedental.example")]).await.expect(200);
    one.run_jobs().await;
    let reset = one.newest_link("hugo@acmedental.example");
    mira.post(&format!("/admin/contacts/{contact}/deactivate"), &[]).await.expect(303);
    mira.get(&acme).await.expect(200).shows("Deactivated: cannot sign in");
    // At once, on the open session, at the door, and by the reset link sent before.
    hugo.get_json("/portal/profile").await.expect(401);
    one.stranger().post("/portal/login?tenant=harbor", &fields).await.expect(422).shows("Invalid credentials");
    one.stranger().get(&reset).await.expect(410);
    one.stranger().post(&reset, &[("password", "another long good password here")]).await.expect(410);
    let mails = one.mails().len();
    one.stranger().post("/portal/forgot?tenant=harbor", &[("email", "hugo@acmedental.example")]).await.expect(200);
    one.run_jobs().await;
    assert_eq!(one.mails().len(), mails, "no mail to somebody who was shut out");
    mira.post(&format!("/admin/contacts/{contact}/reactivate"), &[]).await.expect(303);
    one.stranger().post("/portal/login?tenant=harbor", &fields).await.expect(303);
}

pub async fn contact_of(one: &Installation, email: &str) -> entity::ids::ContactId {
    use entity::{tenancy::contact, wall::Walled};
    use sea_orm::{ColumnTrait, QueryFilter};
    let tx = one.tx().await;
    contact::Entity::within(tx.reach())
        .filter(contact::Column::Email.eq(email))
        .one(&tx)
        .await
        .expect("read")
        .expect("a contact")
        .id
}

#[actix_web::test]
async fn the_first_operator_is_made_on_the_command_line_and_sets_up_by_the_printed_link() {
    let one = Installation::with(&[("LOGIN_RATE", "1000")]).await;
    let link = one_legal::app::operator::create(&one.platform, "otto@one.example").await.expect("a link");
    let path = link.strip_prefix(&one.url).expect("our address").to_owned();
    let mut otto = one.stranger();
    otto.post(&path, &[("name", "Otto Brand"), ("password", GOOD)]).await.expect(303);
    let secret = secret_on(&otto.get("/login/setup").await.expect(200).text);
    let code = one_legal::identity::totp::code_of_base32(&secret, one.platform.clock.now()).expect("a code");
    otto.post("/login/setup", &[("code", &code)]).await.expect(200);
    otto.get("/operator").await.expect(200).shows("Harbor IT");
    assert!(one_legal::app::operator::create(&one.platform, "otto@one.example").await.is_err(), "there already");
    one_legal::app::operator::reset_mfa(&one.platform, "ada@whitfield.example", "Video call, passport seen")
        .await
        .expect("started");
    otto.get("/operator/resets").await.expect(200).shows("Ada Whitfield").shows("command operator reset-mfa");
}
