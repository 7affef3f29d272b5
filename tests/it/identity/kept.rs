//! A form whose session had ended: kept for who sent it, offered again after sign-in, and never to anybody else.

use crate::support::{Answer, Browser, Installation};

const HOUR: i64 = 3_600_000;
const TEXT: &str = "The landlord's notice of <b>3 March</b> & what follows.\r\nSecond line.";

/// Where the page leads after sign-in.
fn next(answer: &Answer) -> String {
    let at = answer.text.find("?next=").expect("a door with the way on");
    let coded = answer.text[at + 6..].split('"').next().expect("an address");
    url::form_urlencoded::parse(format!("n={coded}").as_bytes()).next().expect("one").1.into_owned()
}

async fn idle(one: &Installation, key: &str) -> Browser {
    let mut browser = one.stranger();
    one.sign_in(&mut browser, key).await.expect(303);
    one.platform.clock.advance(31 * 24 * HOUR);
    browser
}

/// Signs in again as a person does, and goes where the door leads.
async fn back(one: &Installation, browser: &mut Browser, key: &str, next: &str) -> String {
    let person = one.cast.person(key);
    if person.portal {
        let door = format!("/portal/login?tenant={}", person.tenant_slug.expect("a portal"));
        let fields = [("email", person.email.as_str()), ("password", person.password.as_str()), ("next", next)];
        return browser.post(&door, &fields).await.expect(303).location().to_owned();
    }
    let fields = [("email", person.email.as_str()), ("password", person.password.as_str()), ("next", next)];
    browser.post("/login", &fields).await.expect(303);
    let code = one.code(key);
    one.next_code();
    browser.post("/login/totp", &[("code", &code), ("next", next)]).await.expect(303).location().to_owned()
}

fn matter() -> [(&'static str, &'static str); 4] {
    [("title", "Lease of the annex"), ("type", "general"), ("urgency", "normal"), ("description", TEXT)]
}

/// Sends the form of a new matter from that page.
async fn open(one: &Installation, browser: &mut Browser, from: &str, fields: &[(&str, &str)]) -> Answer {
    let mut body = String::new();
    for (name, value) in fields {
        body.push_str(&format!("--b\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n"));
    }
    body.push_str("--b--\r\n");
    let request = browser.request(reqwest::Method::POST, "/legal/matters/new").header("accept", "text/html");
    let request = request.header("content-type", "multipart/form-data; boundary=b").header("referer", format!("{}{from}", one.url));
    browser.send(request.body(body)).await
}

#[actix_web::test]
async fn what_was_typed_comes_back_after_sign_in_and_is_sent_again() {
    let one = Installation::with(&[("LOGIN_RATE", "1000")]).await;
    let mut tom = idle(&one, "tom").await;
    let answer = open(&one, &mut tom, "/legal/matters/new", &matter()).await.expect(401).shows("nothing is lost");
    let page = next(&answer);
    assert!(page.starts_with("/legal/kept/"), "{page}");
    assert_eq!(back(&one, &mut tom, "tom", &page).await, page);
    tom.get(&page)
        .await
        .expect(200)
        .shows("Not saved yet: your session had ended.")
        .shows("action=\"/legal/matters/new\"")
        .shows("Lease of the annex")
        .shows("Second line.")
        .hides("data-send-now")
        .hides("<b>3 March</b>");
    // Whoever comes in by another page is reminded.
    tom.get("/legal/dashboard").await.expect(200).shows(&page);
    // Wrong again: still kept. Right: taken once, and kept no longer.
    let mut wrong = matter();
    wrong[0].1 = "";
    open(&one, &mut tom, &page, &wrong).await.expect(422);
    tom.get(&page).await.expect(200);
    open(
        &one,
        &mut tom,
        "/legal/matters/new",
        &[("title", "Another one"), ("type", "general"), ("urgency", "normal"), ("description", TEXT)],
    )
    .await
    .expect(303);
    tom.get(&page).await.expect(200);
    open(&one, &mut tom, &page, &matter()).await.expect(303);
    tom.get(&page).await.expect(404);
    tom.get("/legal/dashboard").await.expect(200).hides("not saved yet");
    tom.get("/legal/matters").await.expect(200).shows("Lease of the annex");
}

#[actix_web::test]
async fn nobody_else_sees_it_not_in_this_browser_nor_the_same_person_in_another() {
    let one = Installation::with(&[("LOGIN_RATE", "1000")]).await;
    let mut browser = idle(&one, "tom").await;
    let page = next(&browser.post("/legal/matters/new", &matter()).await.expect(401));
    browser.get(&page).await.expect(303);
    for key in ["vik", "ada"] {
        back(&one, &mut browser, key, &page).await;
        browser.get(&page).await.expect(404);
        browser.post(&format!("{page}/discard"), &[]).await.expect(404);
        browser.get("/legal/dashboard").await.expect(200).hides("not saved yet");
    }
    one.browser("tom").await.get(&page).await.expect(404);
    back(&one, &mut browser, "tom", &page).await;
    browser.get(&page).await.expect(200).shows("Lease of the annex");
    browser.post(&format!("{page}/discard"), &[]).await.expect(303);
    browser.get(&page).await.expect(404);
}

#[actix_web::test]
async fn it_is_gone_after_a_day_and_only_a_few_are_kept() {
    let one = Installation::with(&[("LOGIN_RATE", "1000")]).await;
    let mut cleo = idle(&one, "cleo").await;
    let mut pages = Vec::new();
    for n in 0..7 {
        let name = format!("Cleo the {n}th");
        let answer = cleo.post("/portal/profile/name", &[("name", &name)]).await.expect(401);
        pages.push(next(&answer));
        one.platform.clock.advance(1_000);
    }
    assert!(pages[6].starts_with("/portal/kept/"), "{pages:?}");
    assert_eq!(back(&one, &mut cleo, "cleo", &pages[6]).await, pages[6]);
    cleo.get(&pages[6]).await.expect(200).shows("Cleo the 6th").shows("action=\"/portal/profile/name\"");
    cleo.get(&pages[1]).await.expect(404);
    cleo.get(&pages[2]).await.expect(200);
    one.platform.clock.advance(23 * HOUR);
    cleo.get(&pages[6]).await.expect(200);
    one.platform.clock.advance(HOUR);
    cleo.get(&pages[6]).await.expect(404);
}

#[actix_web::test]
async fn passwords_codes_strangers_and_programs_leave_nothing_behind() {
    let one = Installation::with(&[("LOGIN_RATE", "1000")]).await;
    let mut ada = idle(&one, "ada").await;
    let fields = [("current_password", "harbor-lights-over-quiet-water"), ("code", "123456"), ("email", "new@ada.example")];
    ada.post("/legal/profile/email", &fields).await.expect(401).hides("nothing is lost");
    ada.post("/legal/profile/sessions/end-others", &[]).await.expect(401).hides("nothing is lost");
    ada.post("/login/totp", &[("code", "123456"), ("next", "/legal/matters")]).await.expect(401).hides("nothing is lost");
    ada.post_json("/legal/matters/new", &serde_json::json!({"title": "x"})).await.expect(401);
    ada.post("/legal/no-such-address", &matter()).await.expect(404);
    let mut stranger = one.stranger();
    stranger.post("/legal/matters/new", &matter()).await.expect(401).hides("nothing is lost");
    stranger.set_cookie("session", "a-token-of-nobody");
    stranger.post("/legal/matters/new", &matter()).await.expect(401).hides("nothing is lost");
    let large = "x".repeat(300 * 1024);
    ada.post("/legal/matters/new", &[("title", "Large"), ("description", &large)]).await.expect(401).hides("nothing is lost");
    assert_eq!((ada.cookie("kept"), stranger.cookie("kept")), (None, None));
}

#[actix_web::test]
async fn a_form_with_files_keeps_its_text_and_names_the_files_and_nothing_lies_readable() {
    use sea_orm::{ConnectionTrait, Statement};
    let one = Installation::with(&[("LOGIN_RATE", "1000")]).await;
    let mut tom = idle(&one, "tom").await;
    let form = "--b\r\ncontent-disposition: form-data; name=\"title\"\r\n\r\nOctopus clause\r\n--b\r\n\
        content-disposition: form-data; name=\"files\"; filename=\"lease.pdf\"\r\ncontent-type: application/pdf\r\n\r\n\
        %PDF-secret\r\n--b\r\ncontent-disposition: form-data; name=\"note\"\r\n\r\nafter the file\r\n--b--\r\n";
    let request = tom.request(reqwest::Method::POST, "/legal/matters/new").header("accept", "text/html");
    let request = request.header("content-type", "multipart/form-data; boundary=b").body(form);
    let answer = tom.send(request).await.expect(401).shows("lease.pdf");
    let page = next(&answer);
    let token = tom.cookie("kept").expect("a browser to keep it for").to_owned();
    let tx = one.tx().await;
    let rows = tx
        .query_all_raw(Statement::from_string(tx.get_database_backend(), "SELECT * FROM identity_kept_form"))
        .await
        .expect("rows");
    drop(tx);
    let text = format!("{rows:?}");
    assert!(rows.len() == 1 && !text.contains("Octopus") && !text.contains(&token), "sealed");
    back(&one, &mut tom, "tom", &page).await;
    tom.get(&page)
        .await
        .expect(200)
        .shows("Octopus clause")
        .shows("after the file")
        .shows("multipart/form-data")
        .shows("Choose the file again: lease.pdf")
        .hides("PDF-secret");
}
