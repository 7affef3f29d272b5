//! The service catalog: made by the admin, asked for by the client, answered in the ticket.

use super::send;
use crate::support::{Browser, Installation};

const SERVICE: &[(&str, &str)] = &[
    ("name", "A new colleague"),
    ("description", "Account and mailbox."),
    ("category", "access"),
    ("priority", "high"),
    ("sla_hours", "8"),
    ("offered", "true"),
    ("label0", "Name"),
    ("kind0", "text"),
    ("required0", "true"),
    ("label1", "First day"),
    ("kind1", "date"),
    ("required1", "true"),
    ("label2", "Computer"),
    ("kind2", "choice"),
    ("choices2", "Laptop\nDesktop"),
    ("label3", "Needs a phone"),
    ("kind3", "yes_no"),
    ("label4", "Monitors"),
    ("kind4", "number"),
];

async fn add(mira: &mut Browser) {
    mira.post("/admin/catalog/new", SERVICE).await.expect(303);
}

async fn address(cleo: &mut Browser) -> String {
    let page = cleo.get("/portal/catalog").await.expect(200).shows("A new colleague").shows("within 8 hours").text;
    let at = page.split("/portal/catalog/").nth(1).and_then(|rest| rest.get(..36)).expect("a service");
    format!("/portal/catalog/{at}")
}

#[actix_web::test]
async fn a_request_becomes_a_ticket_with_its_answers_and_its_promise() {
    let one = Installation::new().await;
    let (mut mira, mut cleo) = (one.browser("mira").await, one.browser("cleo").await);
    cleo.get("/portal/catalog").await.expect(200).shows("Nothing in the catalog yet");
    mira.get("/admin/catalog").await.expect(200).shows("No services yet");
    add(&mut mira).await;
    let service = address(&mut cleo).await;
    cleo.get(&service).await.expect(200).shows("First day").shows("Laptop").shows("Done within 8 hours");
    // Each answer is looked at, and what was typed stays.
    let wrong = [("q0", ""), ("q1", "tomorrow"), ("q2", "Mainframe"), ("q3", "maybe"), ("q4", "many"), ("subject", "kept-words")];
    send(&mut cleo, &service, &wrong)
        .await
        .expect(422)
        .shows("Please answer this.")
        .shows("Give a day")
        .shows("Choose one of the list.")
        .shows("Choose yes or no.")
        .shows("Give a number.")
        .shows("kept-words");
    let right = [("q0", "Priya Nair"), ("q1", "2026-04-01"), ("q2", "Laptop"), ("q3", "yes"), ("subject", "Priya"), ("key", "k")];
    let ticket = send(&mut cleo, &service, &right).await.expect(303).location().to_owned();
    assert_eq!(send(&mut cleo, &service, &right).await.expect(303).location(), ticket, "the same form is one request");
    cleo.get(&ticket)
        .await
        .expect(200)
        .shows("A new colleague: Priya")
        .shows("Priya Nair")
        .shows("1 Apr 2026")
        .hides("2026-04-01")
        .shows("Promised by");
    let firm = ticket.replace("/portal/", "/legal/");
    mira.get(&firm).await.expect(200).shows("Priya Nair").shows("Laptop").hides("Later than promised");
    one.platform.clock.advance(9 * 3_600_000);
    let mut mira = one.browser("mira").await;
    mira.get(&firm).await.expect(200).shows("Later than promised");
    mira.get("/legal/tickets?sort=due").await.expect(200).shows("Late");
}

#[actix_web::test]
async fn the_admin_keeps_the_catalog_and_nobody_else() {
    let one = Installation::new().await;
    let mut mira = one.browser("mira").await;
    add(&mut mira).await;
    let page = mira.get("/admin/catalog").await.expect(200).shows("A new colleague").text;
    let id = page
        .split("/admin/catalog/")
        .skip(1)
        .find_map(|rest| rest.get(..36).filter(|id| !id.starts_with("new")))
        .expect("a service");
    let edit = format!("/admin/catalog/{id}");
    mira.get(&edit).await.expect(200).shows("First day");
    mira.post(
        &edit,
        &[("name", ""), ("category", "access"), ("priority", "low"), ("sla_hours", "0"), ("label0", "Kind"), ("kind0", "choice")],
    )
    .await
    .expect(422)
    .shows("Give it a name")
    .shows("Give hours from 1")
    .shows("at least two choices");
    let mut cleo = one.browser("cleo").await;
    let service = address(&mut cleo).await;
    mira.post(&edit, &[("name", "Gone"), ("category", "access"), ("priority", "low")]).await.expect(303);
    cleo.get("/portal/catalog").await.expect(200).hides("Gone");
    cleo.get(&service).await.expect(404);
    send(&mut cleo, &service, &[("q0", "x")]).await.expect(404);
    for (key, status) in [("tom", 403), ("eve", 404), ("cleo", 404), ("ada", 404)] {
        assert_eq!(one.browser(key).await.get(&edit).await.status, status, "{key}");
    }
    one.browser("eve").await.get("/admin/catalog").await.expect(200).hides("Gone");
    one.browser("finn").await.get("/portal/catalog").await.expect(200).shows("Nothing in the catalog yet");
}
