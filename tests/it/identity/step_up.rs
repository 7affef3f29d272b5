//! What would hurt at a screen that was left open needs password and code of the last five minutes; what was typed is kept.

use crate::{
    policies::support as policies,
    support::{Browser, Installation},
};

const PASSWORD: &str = "harbor-lights-over-quiet-water";
const LATER: i64 = 301_000;

fn next_on(page: &str) -> String {
    let at = page.find("name=\"next\" value=\"").expect("a way back") + "name=\"next\" value=\"".len();
    page[at..].split('"').next().expect("a path").to_owned()
}

async fn from(browser: &mut Browser, page: &str, path: &str) -> crate::support::Answer {
    let request = browser.request(reqwest::Method::POST, path).header("accept", "text/html");
    let request = request.header("referer", format!("http://here{page}")).form::<[(&str, &str)]>(&[]);
    browser.send(request).await
}

#[actix_web::test]
async fn a_role_changes_only_with_a_fresh_proof_and_the_form_is_kept() {
    let one = Installation::with(&[("LOGIN_RATE", "1000")]).await;
    let mut mira = one.browser("mira").await;
    let page = mira.get("/admin/staff").await.expect(200).text;
    let toms = page.split("/admin/staff/").filter_map(|rest| rest.split("/role\"").next().filter(|id| id.len() == 36)).next();
    let role = format!("/admin/staff/{}/role", toms.expect("a seat"));
    mira.post(&role, &[("role", "viewer")]).await.expect(303);
    one.platform.clock.advance(LATER);
    let asked = mira.post(&role, &[("role", "admin")]).await.expect(409).shows("Is it you?").shows("one-time-code");
    let kept = next_on(&asked.text);
    assert!(kept.starts_with("/legal/kept/"), "{kept}");
    let fields = [("role", "admin")];
    let program = mira.request(reqwest::Method::POST, &role).header("accept", "application/json").form(&fields);
    assert_eq!(mira.send(program).await.expect(409).code(), "proof_needed");
    let wrong = [("current_password", "not this one"), ("code", "000000"), ("next", kept.as_str())];
    mira.post("/legal/prove", &wrong).await.expect(422).shows("not your current password").shows(&kept);
    let code = one.code("mira");
    let right = [("current_password", PASSWORD), ("code", code.as_str()), ("next", kept.as_str())];
    assert_eq!(mira.post("/legal/prove", &right).await.expect(303).location(), format!("{kept}?now"));
    // Straight from the proof it goes on by itself; opened later it waits for its button, and shows what was chosen in words.
    mira.get(&format!("{kept}?now")).await.expect(200).shows("data-send-now");
    mira.get(&kept)
        .await
        .expect(200)
        .shows(&format!("action=\"{role}\""))
        .shows("value=\"admin\"")
        .shows("<b>Admin</b>")
        .hides("data-send-now");
    mira.post(&role, &fields).await.expect(303);
    mira.get("/admin/staff").await.expect(200).shows("<option value=\"admin\" selected>");
    // A button without words leads back to where it stands, and never elsewhere.
    one.platform.clock.advance(LATER);
    let verb = role.replace("/role", "/deactivate");
    let asked = from(&mut mira, "/admin/staff?page=2", &verb).await.expect(409);
    assert_eq!(next_on(&asked.text), "/admin/staff?page=2");
    let asked = from(&mut mira, "//evil.example/", &verb).await.expect(409);
    assert_eq!(next_on(&asked.text), "");
    // Who may not is told so before anything is asked; another tenant sees nothing at all.
    let mut vik = one.browser("vik").await;
    let mut eve = one.browser("eve").await;
    one.platform.clock.advance(LATER);
    vik.post(&role, &fields).await.expect(403);
    eve.post(&role, &fields).await.expect(409);
    one.stranger().post(&role, &fields).await.expect(401);
}

#[actix_web::test]
async fn payment_method_and_payout_account_need_a_fresh_proof() {
    let one = Installation::new().await;
    let (mut mira, mut ada) = (one.browser("mira").await, one.browser("ada").await);
    one.platform.clock.advance(LATER);
    mira.post("/legal/billing/set-up", &[]).await.expect(409).shows("Is it you?");
    mira.post("/legal/billing/remove", &[]).await.expect(409).shows("Is it you?");
    ada.post("/legal/profile/payouts", &[]).await.expect(409).shows("Is it you?");
    ada.post("/legal/profile/payouts/stripe", &[]).await.expect(409).shows("Is it you?");
    let mut dora = one.browser("dora").await;
    let cleo = one.cast.person("cleo").contact.expect("a contact");
    one.platform.clock.advance(LATER);
    let fields = [("name", "Cleo Vance"), ("access", "company_admin")];
    dora.post(&format!("/portal/team/{cleo}"), &fields).await.expect(409).shows("Is it you?").hides("one-time-code");
}

#[actix_web::test]
async fn clients_prove_themselves_before_they_sign_where_the_tenant_asks() {
    let one = Installation::with(&[("LOGIN_RATE", "1000")]).await;
    let id = policies::sent(&one, "msa").await;
    let sign = format!("/portal/documents/{id}/sign");
    let mut dora = one.browser("dora").await;
    dora.get(&sign).await.expect(200);
    let mut mira = one.browser("mira").await;
    mira.get("/admin/sign-in").await.expect(200).shows("Before a signature").hides("value=\"true\" checked");
    mira.post("/admin/sign-in", &[("sign_proof", "true")]).await.expect(303);
    mira.get("/admin/sign-in").await.expect(200).shows("value=\"true\" checked");
    one.platform.clock.advance(LATER);
    let fields = [("typed_name", "Dora Kim"), ("title", "Partner"), ("consent", "true")];
    let asked = dora.post(&sign, &fields).await.expect(409).shows("Is it you?");
    let kept = next_on(&asked.text);
    assert!(kept.starts_with("/portal/kept/"), "{kept}");
    let body = serde_json::json!({ "policy_id": id, "typed_name": "Dora Kim", "title": "Partner", "consent": true });
    assert_eq!(dora.post_json("/portal/signing/acknowledge", &body).await.expect(409).code(), "proof_needed");
    let right = [("current_password", PASSWORD), ("next", kept.as_str())];
    dora.post("/portal/prove", &right).await.expect(303);
    // A signature never goes on by itself.
    dora.get(&format!("{kept}?now"))
        .await
        .expect(200)
        .shows("value=\"Dora Kim\"")
        .shows(&format!("action=\"{sign}\""))
        .hides("data-send-now");
    dora.get("/portal/dashboard").await.expect(200).shows("is not saved yet").hides("your session had ended");
    // From here on it is the signature's own rules again.
    dora.post(&sign, &fields).await.expect(409).shows("read").hides("Is it you?");
    mira.post("/admin/sign-in", &[]).await.expect(409);
    let code = one.code("mira");
    mira.post("/legal/prove", &[("current_password", PASSWORD), ("code", &code)]).await.expect(303);
    mira.post("/admin/sign-in", &[]).await.expect(303);
    one.platform.clock.advance(LATER);
    dora.post(&sign, &fields).await.expect(409).hides("Is it you?");
}

#[actix_web::test]
async fn who_has_no_password_comes_in_afresh_instead() {
    let one = Installation::with(&[("LOGIN_RATE", "1000")]).await;
    let mut dora = one.browser("dora").await;
    let fields = [("name", "Hugo Lind"), ("email", "hugo@acmedental.example"), ("access", "company_admin")];
    dora.post("/portal/team", &fields).await.expect(303);
    // The Hub vouched for Hugo: an account without a password.
    let reach = entity::Reach::Everything("a test");
    let mut work = one.platform.work(one_legal::platform::Actor::program("test"), reach).await.expect("a work");
    let vouched = one_legal::identity::Vouched {
        realm: one_legal::identity::portal_realm(one.cast.harbor),
        email: "hugo@acmedental.example".to_owned(),
        name: "Hugo Lind".to_owned(),
        kind: entity::identity::AccountKind::Client,
        tenant: one.cast.harbor,
    };
    one_legal::identity::vouch(&mut work, vouched).await.expect("vouched").expect("no fault");
    work.commit().await.expect("committed");
    let enter = async || {
        one.stranger().post("/portal/link?tenant=harbor", &[("email", "hugo@acmedental.example")]).await.expect(200);
        one.run_jobs().await;
        let mut hugo = one.stranger();
        hugo.post(&one.newest_link("hugo@acmedental.example"), &[]).await.expect(303);
        hugo
    };
    let mut hugo = enter().await;
    hugo.get("/portal/profile").await.expect(200).shows("have no password here").shows("/portal/forgot?tenant=harbor");
    let cleo = one.cast.person("cleo").contact.expect("a contact");
    let change = format!("/portal/team/{cleo}");
    let fields = [("name", "Cleo Vance"), ("access", "own")];
    hugo.post(&change, &fields).await.expect(303);
    one.platform.clock.advance(LATER);
    let asked = hugo.post(&change, &fields).await.expect(409).shows("Send me a link").hides("current_password");
    assert!(next_on(&asked.text).starts_with("/portal/kept/"));
    let mut hugo = enter().await;
    hugo.post(&change, &fields).await.expect(303);
    // It is no proof for a new password or another address.
    hugo.post("/portal/profile/email", &[("email", "new@acmedental.example")]).await.expect(422);
}
