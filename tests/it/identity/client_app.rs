//! A client's authenticator app, of their own will: set up in the profile, asked for by every way in, turned off, lost.

use one_legal::identity::totp;

use super::factor::codes_on;
use crate::support::{Browser, Installation};

const PASSWORD: &str = "harbor-lights-over-quiet-water";
const PROFILE: &str = "/portal/profile";

fn between<'a>(page: &'a str, before: &str, after: &str) -> &'a str {
    let at = page.find(before).unwrap_or_else(|| panic!("no {before} in {page}")) + before.len();
    page[at..].split(after).next().expect("a piece")
}

/// Cleo, signed in, with an app: its secret and her recovery codes.
async fn set_up(one: &Installation) -> (Browser, String, Vec<String>) {
    let mut cleo = one.stranger();
    one.sign_in(&mut cleo, "cleo").await.expect(303);
    cleo.get(PROFILE).await.expect(200).shows("Set up an authenticator app").hides("Turn the app off");
    let page = cleo.post(&format!("{PROFILE}/authenticator"), &[]).await.expect(200).shows("<svg").shows("Set up your app");
    let secret = between(&page.text, "<code>", "</code>").replace(' ', "");
    let sealed = between(&page.text, "name=\"sealed\" value=\"", "\"").to_owned();
    let confirm = format!("{PROFILE}/authenticator/confirm");
    cleo.post(&confirm, &[("sealed", &sealed), ("code", "000000")]).await.expect(422).shows("<svg");
    let code = totp::code_of_base32(&secret, one.platform.clock.now()).expect("a code");
    let done = cleo.post(&confirm, &[("sealed", &sealed), ("code", &code)]).await.expect(200).shows("Keep these recovery codes");
    let codes = codes_on(&done.text);
    assert_eq!(codes.len(), 10);
    cleo.get(PROFILE).await.expect(200).shows("Turn the app off").shows("10 of 10 recovery codes");
    one.next_code();
    (cleo, secret, codes)
}

#[actix_web::test]
async fn every_way_in_asks_for_the_code_once_it_is_set_up() {
    let one = Installation::with(&[("LOGIN_RATE", "1000")]).await;
    let mut other = one.browser("cleo").await;
    let (_, secret, codes) = set_up(&one).await;
    other.get_json(PROFILE).await.expect(401);
    let code = || totp::code_of_base32(&secret, one.platform.clock.now()).expect("a code");
    // By password, at the portal's own door and in its look.
    let mut door = one.stranger();
    let fields = [("email", "cleo@acmedental.example"), ("password", PASSWORD), ("next", "/portal/documents")];
    let first = door.post("/portal/login?tenant=harbor", &fields).await.expect(303);
    assert_eq!(first.location(), "/portal/login/totp?next=%2Fportal%2Fdocuments");
    door.get(first.location()).await.expect(200).shows("Harbor IT Client Portal").shows("action=\"/portal/login/totp\"");
    // Half-way nothing is open.
    door.get_json(PROFILE).await.expect(401);
    door.get_json("/portal/documents").await.expect(401);
    door.post("/portal/login/totp", &[("code", "000000"), ("next", "/portal/documents")]).await.expect(422);
    let answer = door.post("/portal/login/totp", &[("code", &code()), ("next", "/portal/documents")]).await.expect(303);
    assert_eq!(answer.location(), "/portal/documents");
    // By a mailed link.
    one.next_code();
    let mut mailed = one.stranger();
    mailed.post("/portal/link?tenant=harbor", &[("email", "cleo@acmedental.example")]).await.expect(200);
    one.run_jobs().await;
    let link = one.newest_link("cleo@acmedental.example");
    assert_eq!(mailed.post(&link, &[]).await.expect(303).location(), "/portal/login/totp");
    mailed.get_json(PROFILE).await.expect(401);
    mailed.post("/portal/login/totp", &[("code", &code())]).await.expect(303);
    mailed.get(PROFILE).await.expect(200);
    // With a recovery code, once.
    let mut lost = one.stranger();
    for expected in [303, 422] {
        one.sign_in(&mut lost, "cleo").await.expect(303);
        lost.post("/portal/login/totp?way=recovery", &[("recovery_code", &codes[0])]).await.expect(expected);
    }
    // Three wrong codes lock, at the portal's door.
    one.platform.clock.advance(60_000);
    let mut thief = one.stranger();
    one.sign_in(&mut thief, "cleo").await.expect(303);
    thief.post("/portal/login/totp", &[("code", "000000")]).await.expect(422);
    thief.post("/portal/login/totp", &[("code", "000002")]).await.expect(422);
    let locked = thief.post("/portal/login/totp", &[("code", "000001")]).await.expect(422).shows("locked for 15 minutes");
    locked.shows("action=\"/portal/login?tenant=harbor\"");
}

#[actix_web::test]
async fn it_is_turned_off_with_password_and_code_and_taken_off_when_it_is_lost() {
    let one = Installation::with(&[("LOGIN_RATE", "1000")]).await;
    let (mut cleo, secret, codes) = set_up(&one).await;
    let code = || totp::code_of_base32(&secret, one.platform.clock.now()).expect("a code");
    one.platform.clock.advance(301_000);
    let off = format!("{PROFILE}/authenticator/off");
    cleo.post(&off, &[]).await.expect(422);
    cleo.post(&off, &[("current_password", PASSWORD), ("code", "000000")]).await.expect(422);
    cleo.post(&off, &[("current_password", PASSWORD), ("code", &code())]).await.expect(303);
    cleo.get(PROFILE).await.expect(200).shows("Set up an authenticator app");
    one.run_jobs().await;
    let told = |subject: &str| one.letters_to("cleo@acmedental.example").iter().filter(|letter| letter.subject == subject).count();
    assert_eq!(told("Your authenticator app was turned off"), 1);
    let mut door = one.stranger();
    assert_eq!(one.sign_in(&mut door, "cleo").await.expect(303).location(), "/portal/dashboard");
    cleo.post(&off, &[]).await.expect(404);
    // The firm's people cannot do without.
    let mut ada = one.browser("ada").await;
    ada.post("/legal/profile/authenticator/off", &[]).await.expect(404);
    ada.post(&off, &[]).await.expect(404);
    // Lost: her MSP's admin takes it off, having written down how they know it is her.
    let (mut cleo, ..) = set_up(&one).await;
    let mut mira = one.browser("mira").await;
    let page = format!("/admin/people/{}", one.cast.person("cleo").account);
    mira.get(&page).await.expect(200).shows("Authenticator app lost?");
    mira.post(&format!("{page}/app/take"), &[("verified", "yes")]).await.expect(422).shows("how you verified");
    one.browser("eve").await.post(&format!("{page}/app/take"), &[("verified", "Called her back")]).await.expect(404);
    mira.post(&format!("{page}/app/take"), &[("verified", "Called her back on her own number")]).await.expect(303);
    cleo.get_json(PROFILE).await.expect(401);
    mira.get(&page).await.expect(200).hides("Authenticator app lost?");
    mira.post(&format!("{page}/app/take"), &[("verified", "Called her back on her own number")]).await.expect(409);
    one.run_jobs().await;
    assert_eq!(told("Your authenticator app was turned off"), 2);
    let mut door = one.stranger();
    assert_eq!(one.sign_in(&mut door, "cleo").await.expect(303).location(), "/portal/dashboard");
    let _ = codes;
    // Nobody takes a colleague's app off this way.
    let tom = format!("/admin/people/{}/app/take", one.cast.person("tom").account);
    mira.post(&tom, &[("verified", "Called him back on his number")]).await.expect(409);
}
