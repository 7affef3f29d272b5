//! Into the portal by a link in a mail: a GET shows, only the button consumes; once, for 15 minutes, no more than three.

use crate::support::Installation;

const MINUTE: i64 = 60_000;

async fn ask(one: &Installation, email: &str) -> String {
    one.stranger().post("/portal/link?tenant=harbor", &[("email", email), ("next", "/portal/documents")]).await.expect(200).text
}

#[actix_web::test]
async fn a_client_comes_in_by_a_mailed_link_once() {
    let one = Installation::with(&[("LOGIN_RATE", "1000")]).await;
    one.stranger().get("/portal/login?tenant=harbor").await.expect(200).shows("Send me a link");
    one.stranger().get("/portal/link?tenant=harbor").await.expect(200).shows("Send me a link");
    one.stranger().post("/portal/link?tenant=harbor", &[("email", "cleo")]).await.expect(422).shows("no e-mail address");
    one.stranger().get("/portal/link?tenant=nobody").await.expect(404);
    ask(&one, " CLEO@acmedental.example ").await;
    one.run_jobs().await;
    let letter = one.letters_to("cleo@acmedental.example").pop().expect("a mail");
    assert_eq!(letter.subject, "Your link into Harbor IT Client Portal");
    let link = one.newest_link("cleo@acmedental.example");
    assert!(link.starts_with("/portal/link/") && link.ends_with("?next=%2Fportal%2Fdocuments"), "{link}");
    // A mail scanner may look as often as it likes.
    for _ in 0..3 {
        one.stranger().get(&link).await.expect(200).shows("cleo@acmedental.example").shows("Harbor IT Client Portal");
    }
    let mut cleo = one.stranger();
    cleo.get(&link).await.expect(200).shows("value=\"/portal/documents\"");
    let answer = cleo.post(&link, &[("next", "/portal/documents")]).await.expect(303);
    assert_eq!(answer.location(), "/portal/documents");
    cleo.get("/portal/documents").await.expect(200);
    // In a browser without cookies the dead page leads into the very portal.
    one.stranger()
        .get(&link)
        .await
        .expect(410)
        .shows("Already used")
        .shows("Mail me a new link")
        .shows("Harbor IT Client Portal")
        .shows("href=\"/portal/link?tenant=harbor\"")
        .shows("href=\"/portal/login?tenant=harbor\"");
    let nothing = one.stranger().get("/portal/link/nonsense").await.expect(410);
    nothing.shows("Link not found").shows("href=\"/portal/link\"").hides("Harbor");
    one.stranger().post(&link, &[]).await.expect(410);
    // It proves nothing that a new password could rest on.
    cleo.post("/portal/profile/password", &[("password", "violet trams climb slowly uphill")]).await.expect(422);
}

#[actix_web::test]
async fn of_two_who_press_at_once_one_comes_in() {
    let one = Installation::with(&[("LOGIN_RATE", "1000")]).await;
    ask(&one, "cleo@acmedental.example").await;
    one.run_jobs().await;
    let link = one.newest_link("cleo@acmedental.example");
    let posts = (0..8).map(|_| {
        let (mut browser, link) = (one.stranger(), link.clone());
        async move { browser.post(&link, &[]).await.status }
    });
    let statuses = futures_util::future::join_all(posts).await;
    assert_eq!(statuses.iter().filter(|status| **status == 303).count(), 1, "{statuses:?}");
}

#[actix_web::test]
async fn it_lives_for_fifteen_minutes_a_newer_one_takes_its_place_and_a_fourth_is_not_sent() {
    let one = Installation::with(&[("LOGIN_RATE", "1000")]).await;
    let mut links = Vec::new();
    for _ in 0..5 {
        ask(&one, "cleo@acmedental.example").await;
        one.run_jobs().await;
        links.push(one.newest_link("cleo@acmedental.example"));
        one.platform.clock.advance(1_000);
    }
    assert_eq!(one.letters_to("cleo@acmedental.example").len(), 3, "three within a quarter of an hour");
    one.stranger().get(&links[0]).await.expect(410).shows("newer");
    one.platform.clock.advance(14 * MINUTE);
    one.stranger().get(&links[2]).await.expect(200);
    one.platform.clock.advance(MINUTE);
    one.stranger().get(&links[2]).await.expect(410).shows("expired");
    one.stranger().post(&links[2], &[]).await.expect(410);
    ask(&one, "cleo@acmedental.example").await;
    one.run_jobs().await;
    one.stranger().get(&one.newest_link("cleo@acmedental.example")).await.expect(200);
    one.stranger().get("/portal/link/nonsense").await.expect(410).shows("Link not found");
}

#[actix_web::test]
async fn nobody_learns_who_has_an_account_and_only_clients_and_members_get_a_link() {
    let one = Installation::with(&[("LOGIN_RATE", "1000")]).await;
    let mut mira = one.browser("mira").await;
    let fields = [("name", "Hugo Lind"), ("email", "hugo@acmedental.example"), ("access", "own"), ("invite", "true")];
    mira.post(&format!("/admin/clients/{}/contacts", one.cast.acme), &fields).await.expect(303);
    let ben = one.cast.person("ben").contact.expect("a contact");
    mira.post(&format!("/admin/contacts/{ben}/deactivate"), &[]).await.expect(303);
    one.run_jobs().await;
    let mails = one.mails().len();
    let strip = |text: String, email: &str| {
        let at = text.find("<main").expect("a page");
        text[at..].replace(email, "X")
    };
    let known = strip(ask(&one, "cleo@acmedental.example").await, "cleo@acmedental.example");
    for email in [
        "nobody@acmedental.example",
        "hugo@acmedental.example",
        "ben@acmedental.example",
        "mira@harbor.example",
        "joy@grace.example",
    ] {
        assert_eq!(strip(ask(&one, email).await, email), known, "{email}");
    }
    one.run_jobs().await;
    assert_eq!(one.mails().len(), mails + 1, "Cleo's alone");
    let mut joy = one.stranger();
    joy.post("/portal/link?tenant=grace", &[("email", "joy@grace.example")]).await.expect(200);
    one.run_jobs().await;
    joy.post(&one.newest_link("joy@grace.example"), &[]).await.expect(303);
    joy.get("/portal/mission/dashboard").await.expect(200).shows("Hello Joy");
    // Shut out between the asking and the pressing.
    one.platform.clock.advance(1_000);
    let link = one.newest_link("cleo@acmedental.example");
    let cleo = one.cast.person("cleo").contact.expect("a contact");
    mira.post(&format!("/admin/contacts/{cleo}/deactivate"), &[]).await.expect(303);
    one.stranger().post(&link, &[]).await.expect(410);
}
