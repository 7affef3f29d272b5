//! What is not published for somebody is not there for them, in no page, bell, mail or count.

use super::write;
use crate::support::Installation;

const CANARY: &str = "CANARY-of-the-draft";

#[actix_web::test]
async fn drafts_and_what_is_to_come_reach_no_client_anywhere() {
    let one = Installation::new().await;
    let mut mira = one.browser("mira").await;
    let mut addresses = Vec::new();
    for more in [[("when", "draft"), ("publish_at", "")], [("when", "at"), ("publish_at", "2026-04-01T09:00")]] {
        let answer = write(&mut mira, CANARY, &[more[0], more[1], ("body", CANARY), ("by_mail", "true")]).await.expect(303);
        addresses.push(answer.location().replace("/admin/", "/portal/"));
    }
    let withdrawn = write(&mut mira, CANARY, &[("by_mail", "")]).await.expect(303).location().to_owned();
    mira.post(&format!("{withdrawn}/withdraw"), &[]).await.expect(303);
    addresses.push(withdrawn.replace("/admin/", "/portal/"));
    for key in ["ben", "cleo", "dora", "gus", "finn", "joy"] {
        let mut browser = one.browser(key).await;
        for page in ["/portal/announcements", "/portal/dashboard"] {
            assert!(!browser.get(page).await.text.contains(CANARY), "{key} at {page}");
        }
        for address in &addresses {
            browser.get(address).await.expect(404).hides(CANARY);
            browser.post(address, &[]).await.expect(404);
            browser.post(&format!("{address}/read"), &[]).await.expect(404);
        }
    }
    one.run_jobs().await;
    assert!(one.mails().iter().all(|mail| !mail.contains(CANARY)));
}

#[actix_web::test]
async fn what_is_for_one_client_is_not_there_for_another() {
    let one = Installation::new().await;
    let mut mira = one.browser("mira").await;
    let acme = one.cast.acme.to_string();
    let chosen = [("whom", "chosen"), ("companies", acme.as_str()), ("by_mail", "true")];
    let address = write(&mut mira, "Only Acme", &chosen).await.expect(303).location().to_owned();
    let own = address.replace("/admin/", "/portal/");
    one.browser("ben").await.get(&own).await.expect(200);
    for key in ["gus", "finn", "joy", "eve", "ada", "mira"] {
        let mut browser = one.browser(key).await;
        browser.get(&own).await.expect(404).hides("Only Acme");
        browser.post(&format!("{own}/read"), &[]).await.expect(404);
    }
    one.run_jobs().await;
    assert!(one.mails().iter().all(|mail| !mail.contains("gus@bluefin.example")));
    for (key, status) in [("tom", 403), ("vik", 403), ("ada", 404), ("cleo", 404), ("eve", 404)] {
        let mut browser = one.browser(key).await;
        browser.get(&address).await.expect(status);
        browser.post(&format!("{address}/withdraw"), &[]).await.expect(status);
    }
}

#[actix_web::test]
async fn what_is_written_in_it_cannot_act() {
    let one = Installation::new().await;
    let mut mira = one.browser("mira").await;
    let body = "<script>alert(1)</script> <img src=x onerror=alert(1)> [x](javascript:alert(1)) ![y](https://a.example/y.png)";
    write(&mut mira, "<b>Title</b>", &[("body", body)]).await.expect(303);
    let page = one.browser("cleo").await.get("/portal/announcements").await.expect(200);
    page.hides("<script>alert").hides("<img").hides("href=\"javascript").hides("<b>Title").shows("&#60;b&#62;Title");
}
