//! How a portal looks: pictures, rules and colours of an MSP's own, seen at once, and taken back.

use entity::{tenancy::look, wall::Walled};
use reqwest::{
    Method,
    multipart::{Form, Part},
};
use sea_orm::{ColumnTrait, QueryFilter, QueryOrder};

use crate::support::{Answer, Browser, Installation, World};

const MARK: &str =
    r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 100"><rect width="400" height="100" fill="#0e7490"/></svg>"##;

/// The form of the page, as a browser sends it.
async fn send(browser: &mut Browser, action: &str, changed: &[(&str, &str)], files: &[(&str, &str)]) -> Answer {
    let mut form = Form::new();
    for (name, value) in [
        ("portal_name", "Harbor Desk"),
        ("primary_color", "#0e7490"),
        ("accent_color", "#f59e0b"),
        ("welcome_text", "Ahoy."),
        ("css", ""),
        ("logo_kept", ""),
        ("favicon_kept", ""),
        ("action", action),
    ] {
        let value = changed.iter().find(|(key, _)| *key == name).map_or(value, |(_, value)| value);
        form = form.text(name, value.to_owned());
    }
    for (name, content) in files {
        form = form.part(name.to_string(), Part::bytes(content.as_bytes().to_vec()).file_name(format!("{name}.svg")));
    }
    let request = browser.request(Method::POST, "/admin/branding").header("accept", "text/html").multipart(form);
    browser.send(request).await
}

/// The first address of a file of the look after this text.
fn address(page: &str, after: &str) -> String {
    let rest = &page[page.find(after).unwrap_or_else(|| panic!("`{after}` is on the page"))..];
    let rest = &rest[rest.find("/look/").expect("an address of the look")..];
    rest[..rest.find('"').expect("its end")].to_owned()
}

#[actix_web::test]
async fn a_logo_is_seen_at_once_by_everybody_at_an_address_of_its_content() {
    let one = Installation::new().await;
    let mut mira = one.browser("mira").await;
    let mut stranger = one.stranger();
    let login = "/portal/login?tenant=harbor";
    assert!(!stranger.get(login).await.expect(200).text.contains("mark-logo"));
    send(&mut mira, "save", &[], &[("logo", MARK), ("favicon", MARK)]).await.expect(303);
    let page = stranger.get(login).await.expect(200).text;
    let (logo, favicon) = (address(&page, "mark-logo"), address(&page, "rel=\"icon\""));
    assert_ne!(logo, favicon);
    let file = stranger.get(&logo).await.expect(200);
    assert_eq!(file.headers["content-type"], "image/png");
    assert_eq!(file.headers["cache-control"], "public, max-age=31536000, immutable");
    assert_eq!(file.headers["cross-origin-resource-policy"], "cross-origin", "a mail shows it");
    assert!(file.headers["content-security-policy"].to_str().expect("text").contains("sandbox"));
    // Another picture is another address: no cache keeps the old one before anybody's eyes.
    send(
        &mut mira,
        "save",
        &[("favicon_kept", favicon.trim_start_matches("/look/"))],
        &[("logo", &MARK.replace("0e7490", "7c3aed"))],
    )
    .await
    .expect(303);
    let page = stranger.get(login).await.expect(200).text;
    assert_ne!(address(&page, "mark-logo"), logo);
    assert_eq!(address(&page, "rel=\"icon\""), favicon, "what was not sent again stays");
    stranger.get("/look/00000000000000000000000000000000.png").await.expect(404);
    stranger.get("/look/x.svg").await.expect(404);
}

#[actix_web::test]
async fn a_picture_that_is_none_is_refused_beside_its_field_and_what_was_typed_stays() {
    let one = Installation::new().await;
    let mut mira = one.browser("mira").await;
    let answer = send(&mut mira, "save", &[("portal_name", "Harbor & Sons")], &[("logo", "GIF89a")]).await.expect(422);
    answer.shows("PNG or an SVG").shows("Harbor &#38; Sons");
    let text = "<svg xmlns='http://www.w3.org/2000/svg'><text>Harbor</text></svg>";
    send(&mut mira, "save", &[], &[("favicon", text)]).await.expect(422).shows("into paths");
    send(&mut mira, "save", &[("logo_kept", "0123.png")], &[]).await.expect(422).shows("choose it again");
    one.stranger().get("/portal/login?tenant=harbor").await.expect(200).hides("mark-logo").hides("Harbor Desk");
}

#[actix_web::test]
async fn a_preview_keeps_the_picture_and_shows_clients_nothing() {
    let one = Installation::new().await;
    let mut mira = one.browser("mira").await;
    let page = send(&mut mira, "preview", &[("primary_color", "#ffff00")], &[("logo", MARK)]).await.expect(200);
    let page = page.shows("Harbor Desk").shows("1.0:1").shows("corrected").text;
    let kept = address(&page, "look-panel").trim_start_matches("/look/").to_owned();
    assert!(page.contains(&format!("name=\"logo_kept\" value=\"{kept}\"")), "it need not be chosen again");
    one.stranger().get("/portal/login?tenant=harbor").await.expect(200).hides("mark-logo").hides("Harbor Desk");
    send(&mut mira, "save", &[("logo_kept", &kept)], &[]).await.expect(303);
    one.stranger().get("/portal/login?tenant=harbor").await.expect(200).shows("mark-logo");
}

#[actix_web::test]
async fn rules_are_sanitised_served_as_a_file_and_absent_where_something_is_signed() {
    let one = Installation::new().await;
    let world = World::create(&one).await;
    let mut mira = one.browser("mira").await;
    let bad = "h1 { color: #222 }\n.consent { display: none }\n.x { background: url(https://evil.example/x) }";
    let answer = send(&mut mira, "save", &[("css", bad)], &[]).await.expect(422);
    answer
        .shows("Line 2: `display` is not allowed here")
        .shows("Line 3: `url()` is not allowed")
        .shows(".consent { display: none }");
    send(&mut mira, "preview", &[("css", bad)], &[]).await.expect(422).shows("Line 2");
    send(&mut mira, "save", &[("css", "h1 { color: #222 } body { background: #fafafa }")], &[]).await.expect(303);
    let mut cleo = one.browser("cleo").await;
    let page = cleo.get("/portal/dashboard").await.expect(200).text;
    let sheet = address(&page, "rel=\"stylesheet\" href=\"/look/");
    let file = one.stranger().get(&sheet).await.expect(200);
    assert_eq!(file.headers["content-type"], "text/css; charset=utf-8");
    assert_eq!(file.text, ".look h1{color:#222;}\n.look{background:#fafafa;}\n");
    one.stranger().get("/portal/login?tenant=harbor").await.expect(200).shows(&sheet);
    cleo.get(&format!("/portal/documents/{}/sign", world.story.client_review)).await.expect(200).hides(&sheet);
    mira.get("/legal/dashboard").await.expect(200).hides(&sheet);
}

#[actix_web::test]
async fn a_look_from_before_comes_back() {
    let one = Installation::new().await;
    let mut mira = one.browser("mira").await;
    send(&mut mira, "save", &[], &[("logo", MARK)]).await.expect(303);
    one.platform.clock.advance(60_000);
    send(&mut mira, "save", &[("portal_name", "Harbor Two"), ("css", "h1 { color: #222 }")], &[]).await.expect(303);
    mira.get("/admin/branding").await.expect(200).shows("Earlier looks").shows("at the beginning").shows("Harbor Desk");
    let tx = one.tx().await;
    let rows = look::Entity::within(tx.reach()).filter(look::Column::TenantId.eq(one.cast.harbor));
    let rows = rows.order_by_asc(look::Column::Number).all(&tx).await.expect("a reading");
    drop(tx);
    let desk = rows.iter().find(|row| row.portal_name == "Harbor Desk").expect("the first look").id;
    let restore = format!("/admin/branding/looks/{desk}/restore");
    one.browser("eve").await.post(&restore, &[]).await.expect(404);
    mira.post(&restore, &[]).await.expect(303);
    let page = one.stranger().get("/portal/login?tenant=harbor").await.expect(200).shows("Harbor Desk").shows("mark-logo");
    page.hides("Harbor Two").hides("rel=\"stylesheet\" href=\"/look/");
    mira.get("/admin/branding").await.expect(200).shows("Harbor Two");
}

#[actix_web::test]
async fn letters_to_clients_wear_the_look_and_letters_about_security_do_not() {
    let one = Installation::new().await;
    let mut mira = one.browser("mira").await;
    send(&mut mira, "save", &[], &[("logo", MARK)]).await.expect(303);
    one.stranger().post("/portal/forgot?tenant=harbor", &[("email", &one.cast.person("cleo").email)]).await.expect(200);
    one.run_jobs().await;
    let letters = one.letters_to(&one.cast.person("cleo").email);
    let html = &letters.last().expect("a letter").html;
    assert!(html.contains(&format!("<img src=\"{}/look/", one.url)), "{html}");
    assert!(html.contains("alt=\"Harbor Desk\"") && html.contains("#0e7490"), "{html}");
}

#[actix_web::test]
async fn programs_are_told_the_look_and_which_name_is_unknown() {
    let one = Installation::new().await;
    let mut mira = one.browser("mira").await;
    send(&mut mira, "save", &[("primary_color", "#ffff00")], &[("logo", MARK)]).await.expect(303);
    let told = one.stranger().get_json("/portal/branding?tenant=HARBOR").await.expect(200).json();
    assert_eq!(
        (told["name"].as_str(), told["mode"].as_str(), told["tenant"].as_str()),
        (Some("Harbor Desk"), Some("msp"), Some("harbor"))
    );
    assert_ne!(told["primary_color"], "#ffff00", "corrected");
    assert!(told["logo"].as_str().is_some_and(|logo| logo.starts_with("/look/")) && told["favicon"].is_null());
    let unknown = one.stranger().get_json("/portal/branding?tenant=habror").await.expect(404);
    assert_eq!(unknown.code(), "unknown_tenant");
}
