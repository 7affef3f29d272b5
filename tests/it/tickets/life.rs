//! A ticket from both sides: who sees it, what each may do, who is told, and that notes stay inside.

use super::{bell, open, send};
use crate::{matters::desk, support::Installation};

#[actix_web::test]
async fn ben_opens_a_ticket_tom_answers_and_bens_words_open_it_again() {
    let one = Installation::new().await;
    let (mut ben, mut tom) = (one.browser("ben").await, one.browser("tom").await);
    ben.get("/portal/tickets").await.expect(200).shows("No tickets yet");
    let id = open(&mut ben, "Printer is dead").await;
    let (portal, firm) = (format!("/portal/tickets/{id}"), format!("/legal/tickets/{id}"));
    // The same form again opens nothing new.
    assert_eq!(open(&mut ben, "Printer is dead").await, id);
    ben.get(&portal).await.expect(200).shows("Printer is dead").shows("#1001").shows("It blinks orange.");
    assert!(bell(&one, "tom").await.contains(&"Ben Marsh opened ticket #1001: Printer is dead".to_owned()));
    assert!(bell(&one, "vik").await.is_empty(), "viewers do not work on tickets");
    tom.get("/legal/dashboard").await.expect(200).shows("Take: Printer is dead");
    tom.get("/legal/tickets").await.expect(200).shows("Printer is dead").shows("Acme Dental");

    let answer = [("body", "Is there paper in it?"), ("then", "waiting_on_client"), ("key", "a1")];
    send(&mut tom, &firm, &answer).await.expect(303);
    send(&mut tom, &firm, &answer).await.expect(303);
    let page = ben.get(&portal).await.expect(200).shows("We wait for your answer").shows("Tom Okafor").text;
    assert!(page.contains("Waits for you") && !page.contains("Waiting on client"), "one word for it, and the client's");
    let list = ben.get("/portal/tickets").await.expect(200).shows("Status: Waits for you").text;
    assert!(!list.contains("Waiting on client"));
    assert_eq!(page.matches("Is there paper in it?").count(), 1, "the same form twice is one comment");
    ben.get("/portal/dashboard").await.expect(200).shows("we wait for your answer since");
    assert_eq!(bell(&one, "ben").await, ["Tom Okafor answered your ticket #1001: Printer is dead"]);

    let tom_id = one.cast.person("tom").account.to_string();
    let change =
        [("status", "waiting_on_client"), ("priority", "urgent"), ("assignee", tom_id.as_str()), ("subject", "Printer is dead")];
    tom.post(&format!("{firm}/change"), &change).await.expect(303);
    send(&mut ben, &portal, &[("body", "Yes, there is."), ("key", "b1")]).await.expect(303);
    tom.get(&firm).await.expect(200).shows("set the status to In progress").shows("set the priority to Urgent");
    send(&mut tom, &firm, &[("body", "Swapped it."), ("then", "resolved"), ("key", "a2")]).await.expect(303);
    send(&mut ben, &portal, &[("body", "It blinks again."), ("key", "b2")]).await.expect(303);
    tom.get(&firm).await.expect(200).shows("set the status to Open");
    assert!(bell(&one, "tom").await.iter().any(|line| line.contains("which is open again")));
    // Who has it is not the client's to know of the log.
    ben.get(&portal).await.expect(200).hides("gave it to");
}

#[actix_web::test]
async fn a_note_reaches_no_client_by_any_way() {
    let one = Installation::new().await;
    let (mut cleo, mut tom) = (one.browser("cleo").await, one.browser("tom").await);
    let id = open(&mut cleo, "Slow internet").await;
    let (portal, firm) = (format!("/portal/tickets/{id}"), format!("/legal/tickets/{id}"));
    send(&mut tom, &firm, &[("body", "canary-note-4711"), ("internal", "true"), ("key", "n")]).await.expect(303);
    tom.get(&firm).await.expect(200).shows("canary-note-4711").shows("Internal note");
    one.platform.clock.advance(600_000);
    one.run_jobs().await;
    for page in [portal.as_str(), "/portal/tickets", "/portal/tickets?q=canary-note", "/portal/dashboard", "/portal/notifications"]
    {
        cleo.get(page).await.expect(200).hides("canary-note-4711");
    }
    cleo.get("/portal/tickets?q=canary-note").await.expect(200).shows("No ticket fits");
    assert!(!one.mails().iter().any(|mail| mail.contains("canary-note")), "no mail holds it");
    assert!(!bell(&one, "cleo").await.iter().any(|line| line.contains("answered")), "nobody is told of a note");
    // That a lawyer is asked is not the client's to know either.
    let matter = tom.post(&format!("{firm}/matter"), &[]).await.expect(303).location().to_owned();
    assert_eq!(tom.post(&format!("{firm}/matter"), &[]).await.expect(303).location(), matter, "one ticket, one matter");
    tom.get(&matter).await.expect(200).shows("Slow internet").shows("It blinks orange.");
    cleo.get(&portal).await.expect(200).hides("matter");
    cleo.get(&matter).await.expect(404);
}

#[actix_web::test]
async fn each_sees_by_their_access_level() {
    let one = Installation::new().await;
    let mut ben = one.browser("ben").await;
    let mut cleo = one.browser("cleo").await;
    let (bens, cleos) = (open(&mut ben, "Bens").await, open(&mut cleo, "Cleos").await);
    let at = |id: &str| format!("/portal/tickets/{id}");
    for (key, sees_bens, sees_cleos) in [
        ("ben", 200, 404),
        ("cleo", 200, 200),
        ("dora", 200, 200),
        ("gus", 404, 404),
        ("finn", 404, 404),
        ("joy", 404, 404),
        ("tom", 404, 404),
        ("ada", 404, 404),
    ] {
        let mut browser = one.browser(key).await;
        for (id, expected) in [(&bens, sees_bens), (&cleos, sees_cleos)] {
            assert_eq!(browser.get(&at(id)).await.status, expected, "{key}");
            let status = send(&mut browser, &at(id), &[("body", "")]).await.status;
            assert_eq!(status, if expected == 200 { 422 } else { 404 }, "{key} writes");
        }
    }
    ben.get("/portal/tickets").await.expect(200).shows("Bens").hides("Cleos");
    for (key, expected) in [("mira", 200), ("tom", 200), ("vik", 200), ("ada", 404), ("eve", 404), ("olga", 404), ("cleo", 404)] {
        let mut browser = one.browser(key).await;
        assert_eq!(browser.get(&format!("/legal/tickets/{bens}")).await.status, expected, "{key}");
    }
    let mut vik = one.browser("vik").await;
    vik.get(&format!("/legal/tickets/{bens}")).await.expect(200).hides("Answer the client");
    send(&mut vik, &format!("/legal/tickets/{bens}"), &[("body", "x")]).await.expect(403);
    vik.post(&format!("/legal/tickets/{bens}/change"), &[("status", "closed")]).await.expect(403);
}

#[actix_web::test]
async fn what_is_typed_wrong_is_said_beside_it_and_kept() {
    let one = Installation::new().await;
    let mut ben = one.browser("ben").await;
    let long = "x".repeat(501);
    let fields = [("subject", long.as_str()), ("category", "nonsense"), ("priority", "high"), ("description", "")];
    send(&mut ben, "/portal/tickets/new", &fields)
        .await
        .expect(422)
        .shows("At most 500 characters")
        .shows("Choose what it is about.")
        .shows("Say what happens")
        .shows(&long);
    let id = open(&mut ben, "One").await;
    let mut tom = one.browser("tom").await;
    let firm = format!("/legal/tickets/{id}");
    tom.post(&format!("{firm}/change"), &[("subject", ""), ("status", "open")]).await.expect(422).shows("Say in a line");
    tom.post(&format!("{firm}/change"), &[("assignee", &one.cast.person("eve").account.to_string())])
        .await
        .expect(422)
        .shows("Choose somebody of your team");
    ben.get("/portal/tickets?status=nonsense&priority=&page=-1").await.expect(200).shows("One");
    ben.get("/portal/tickets?q=%231001").await.expect(200).shows("One");
    ben.get("/portal/tickets?status=closed").await.expect(200).shows("No ticket fits");
}

#[actix_web::test]
async fn files_lie_in_the_vault_and_both_sides_read_them() {
    let one = Installation::new().await;
    let (mut ben, mut tom) = (one.browser("ben").await, one.browser("tom").await);
    let form = reqwest::multipart::Form::new()
        .text("subject", "With a picture")
        .text("category", "software")
        .text("priority", "normal")
        .text("description", "See the file.")
        .part("files", desk::file("error.pdf", desk::pdf("E 4711")))
        .part("files", desk::file("run.exe", b"MZ".to_vec()));
    let answer = desk::send(&mut ben, "/portal/tickets/new", form).await.expect(303);
    let portal = answer.location().to_owned();
    let page = ben.get(&portal).await.expect(200).shows("error.pdf").shows("not everything was attached").text;
    let id = page.split("/portal/files/").nth(1).and_then(|rest| rest.get(..36)).expect("a file").to_owned();
    ben.get(&format!("/portal/files/{id}/download")).await.expect(200);
    tom.get(&portal.replace("/portal/", "/legal/")).await.expect(200).shows(&format!("/legal/vault/{id}/download"));
    tom.get(&format!("/legal/vault/{id}/download")).await.expect(200);
    for (key, face) in [("gus", "portal/files"), ("eve", "legal/vault"), ("finn", "portal/files")] {
        one.browser(key).await.get(&format!("/{face}/{id}/download")).await.expect(404);
    }
}

/// The line was cut in the files, or a field was wrong: nothing that was chosen goes without a word.
#[actix_web::test]
async fn files_of_a_form_that_comes_again_are_taken_and_none_goes_unsaid() {
    let one = Installation::new().await;
    let (mut ben, mut tom) = (one.browser("ben").await, one.browser("tom").await);
    let fields = |subject: &'static str| {
        reqwest::multipart::Form::new()
            .text("subject", subject)
            .text("category", "software")
            .text("priority", "normal")
            .text("description", "See the files.")
            .text("key", "cut")
    };
    let pdf = |name: &'static str| desk::file(name, desk::pdf(name));
    desk::send(&mut ben, "/portal/tickets/new", fields("").part("files", pdf("one.pdf")))
        .await
        .expect(422)
        .shows("Choose your files again");
    // As much as came before the line was cut; then all of it, twice.
    let whole = || fields("With files").part("files", pdf("one.pdf")).part("files", pdf("two.pdf"));
    let portal = desk::send(&mut ben, "/portal/tickets/new", fields("With files").part("files", pdf("one.pdf"))).await.expect(303);
    let portal = portal.location().to_owned();
    for _ in 0..2 {
        assert_eq!(desk::send(&mut ben, "/portal/tickets/new", whole()).await.expect(303).location(), portal);
    }
    let page = ben.get(&portal).await.expect(200).text;
    assert_eq!(page.matches("/download\"").count(), 2, "each file once");
    let firm = portal.replace("/portal/", "/legal/");
    let note = |files: bool| {
        let form = reqwest::multipart::Form::new().text("body", "Among us").text("internal", "true").text("key", "note");
        if files { form.part("files", pdf("three.pdf")) } else { form }
    };
    desk::send(&mut tom, &firm, note(true)).await.expect(422).shows("An internal note takes no files").shows("Among us");
    desk::send(&mut tom, &firm, note(false)).await.expect(303);
}
