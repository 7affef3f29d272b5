//! Another e-mail address: a fresh proof, a link mailed there, both addresses told, and nothing learnt about other people's.

use crate::support::{Browser, Installation};

const PASSWORD: &str = "harbor-lights-over-quiet-water";
const MINUTE: i64 = 60_000;
const OLD: &str = "ada@whitfield.example";
const NEW: &str = "ada@whitfield-law.example";

async fn signed_in(one: &Installation, key: &str) -> Browser {
    let mut browser = one.stranger();
    one.sign_in(&mut browser, key).await.expect(303);
    browser
}

fn subjects(one: &Installation, email: &str) -> Vec<String> {
    one.letters_to(email).into_iter().map(|letter| letter.subject).collect()
}

#[actix_web::test]
async fn a_new_address_needs_a_fresh_proof_and_holds_once_its_link_is_opened() {
    let one = Installation::with(&[("LOGIN_RATE", "1000")]).await;
    let mut other = one.browser("ada").await;
    let mut ada = signed_in(&one, "ada").await;
    one.platform.clock.advance(5 * MINUTE + 1_000);
    ada.post("/legal/profile/email", &[("email", NEW)]).await.expect(422).shows("not your current password").shows(NEW);
    ada.post("/legal/profile/email", &[("email", NEW), ("current_password", PASSWORD), ("code", "000000")])
        .await
        .expect(422)
        .shows("That code is not right");
    let code = one.code("ada");
    ada.post("/legal/profile/email", &[("email", " Ada@Whitfield-Law.example"), ("current_password", PASSWORD), ("code", &code)])
        .await
        .expect(303);
    one.run_jobs().await;
    assert_eq!(subjects(&one, NEW), ["Confirm your new e-mail address"]);
    assert!(subjects(&one, OLD).contains(&"A change of your e-mail address was asked for".to_owned()));
    ada.get("/legal/profile").await.expect(200).shows(NEW).shows("Withdraw");
    let link = one.newest_link(NEW);
    assert!(link.starts_with("/email/"), "{link}");
    // Looking changes nothing, however often a mail scanner looks.
    let mut scanner = one.stranger();
    scanner.get(&link).await.expect(200).shows(NEW);
    scanner.get(&link).await.expect(200);
    other.get_json("/legal/profile").await.expect(200);
    let before = ada.cookie("session").map(str::to_owned).expect("a session");
    assert_eq!(ada.post(&link, &[]).await.expect(303).location(), "/legal/profile");
    // This session goes on under a new id; the old id and every other session are dead.
    assert_ne!(ada.cookie("session"), Some(before.as_str()));
    ada.get("/legal/profile").await.expect(200).shows(NEW);
    other.get_json("/legal/profile").await.expect(401);
    let mut thief = one.stranger();
    thief.set_cookie("session", &before);
    thief.get_json("/legal/profile").await.expect(401);
    scanner.post(&link, &[]).await.expect(410).shows("Already used");
    one.run_jobs().await;
    for address in [OLD, NEW] {
        assert!(subjects(&one, address).contains(&"Your e-mail address was changed".to_owned()), "{address}");
    }
    let mut door = one.stranger();
    door.post("/login", &[("email", OLD), ("password", PASSWORD)]).await.expect(422).shows("Invalid credentials");
    door.post("/login", &[("email", NEW), ("password", PASSWORD)]).await.expect(303);
    ada.get("/legal/profile").await.expect(200).shows("Changed the e-mail address");
    // The confirming of a link is no proof: what needs one asks again.
    one.platform.clock.advance(6 * MINUTE);
    ada.post("/legal/profile/email", &[("email", "x@y.example")]).await.expect(422);
}

#[actix_web::test]
async fn an_address_of_somebody_else_answers_alike_and_its_owner_is_told() {
    let one = Installation::with(&[("LOGIN_RATE", "1000")]).await;
    let mut ada = signed_in(&one, "ada").await;
    let tom = one.cast.person("tom").email.clone();
    let free = ada.post("/legal/profile/email", &[("email", NEW)]).await.expect(303);
    let free_page = ada.get("/legal/profile").await.expect(200).text;
    let taken = ada.post("/legal/profile/email", &[("email", &tom)]).await.expect(303);
    let taken_page = ada.get("/legal/profile").await.expect(200).text;
    assert_eq!(free.location(), taken.location());
    let count = |text: &str, address: &str| text.matches(address).count();
    assert_eq!(count(&free_page, NEW), count(&taken_page, &tom), "both wait for their link");
    one.run_jobs().await;
    assert_eq!(subjects(&one, &tom), ["Somebody asked for your e-mail address"]);
    assert!(one.letters_to(&tom).iter().all(|letter| !letter.text.contains("/email/")), "no link goes to the owner");
    // The link asked for before is dead: a newer one took its place.
    let link = one.newest_link(NEW);
    ada.post(&link, &[]).await.expect(410).shows("Replaced");
    let mut toms = one.stranger();
    one.sign_in(&mut toms, "tom").await.expect(303);
}

#[actix_web::test]
async fn an_address_taken_meanwhile_is_refused_when_it_is_confirmed() {
    let one = Installation::with(&[("LOGIN_RATE", "1000")]).await;
    let (mut ada, mut tom) = (signed_in(&one, "ada").await, signed_in(&one, "tom").await);
    ada.post("/legal/profile/email", &[("email", NEW)]).await.expect(303);
    one.run_jobs().await;
    let adas = one.newest_link(NEW);
    tom.post("/legal/profile/email", &[("email", NEW)]).await.expect(303);
    one.run_jobs().await;
    ada.post(&adas, &[]).await.expect(303);
    let toms = one.letters_to(NEW).iter().find_map(|letter| {
        let at = letter.text.find("/email/")?;
        letter.text[at..].split_whitespace().next().filter(|link| *link != adas).map(str::to_owned)
    });
    tom.post(&toms.expect("Tom's link"), &[]).await.expect(422).shows("another account by now");
    tom.get("/legal/profile").await.expect(200).shows(&one.cast.person("tom").email);
}

#[actix_web::test]
async fn a_link_dies_after_an_hour_when_withdrawn_and_when_the_password_changes() {
    let one = Installation::with(&[("LOGIN_RATE", "1000")]).await;
    let mut ada = signed_in(&one, "ada").await;
    for (n, address) in ["a1@new.example", "a2@new.example", "a3@new.example"].into_iter().enumerate() {
        ada.post("/legal/profile/prove", &[("current_password", PASSWORD), ("code", &one.code("ada"))]).await.expect(303);
        ada.post("/legal/profile/email", &[("email", address)]).await.expect(303);
        one.run_jobs().await;
        let link = one.newest_link(address);
        match n {
            0 => one.platform.clock.advance(60 * MINUTE + 1_000),
            1 => assert_eq!(ada.post("/legal/profile/email/withdraw", &[]).await.expect(303).location(), "/legal/profile"),
            _ => assert_eq!(
                ada.post("/legal/profile/password", &[("password", "violet trams climb slowly uphill")]).await.status,
                303
            ),
        }
        ada.get(&link).await.expect(410);
        ada.post(&link, &[]).await.expect(410);
        one.next_code();
    }
    ada.get("/legal/profile").await.expect(200).shows(OLD).hides("Withdraw");
    ada.post("/legal/profile/email", &[("email", "no address")]).await.expect(422).shows("That is no e-mail address");
    ada.post("/legal/profile/email", &[("email", OLD)]).await.expect(422).shows("the address you have now");
}

#[actix_web::test]
async fn a_clients_contact_follows_and_the_link_belongs_to_the_portal() {
    let one = Installation::with(&[("LOGIN_RATE", "1000")]).await;
    let mut cleo = signed_in(&one, "cleo").await;
    cleo.post("/portal/profile/email", &[("email", "dora@acmedental.example")]).await.expect(303);
    cleo.post("/portal/profile/email", &[("email", "cleo@acme.example")]).await.expect(303);
    one.run_jobs().await;
    let link = one.newest_link("cleo@acme.example");
    assert!(link.starts_with("/portal/email/"), "{link}");
    cleo.get(&link.replace("/portal/email/", "/email/")).await.expect(410).shows("Link not found");
    // From a phone where nobody is signed in.
    let mut phone = one.stranger();
    phone.get(&link).await.expect(200).shows("Harbor");
    assert_eq!(phone.post(&link, &[]).await.expect(303).location(), "/portal/login?tenant=harbor");
    assert_eq!(phone.cookie("session"), None);
    cleo.get_json("/portal/profile").await.expect(401);
    let mut mira = one.browser("mira").await;
    mira.get(&format!("/admin/clients/{}", one.cast.acme)).await.expect(200).shows("cleo@acme.example");
    phone.post("/portal/login?tenant=harbor", &[("email", "cleo@acme.example"), ("password", PASSWORD)]).await.expect(303);
}
