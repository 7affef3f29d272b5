//! Tickets and the PSA: out by the outbox, in by its calls and by comparing; once, in order, and never back.

use std::sync::{Arc, atomic::Ordering};

use entity::{
    tickets::{entry, ticket},
    wall::Walled,
};
use sea_orm::{ColumnTrait, ConnectionTrait, DbBackend, QueryFilter};
use serde_json::{Value, json};

use super::{
    open,
    psa::{KEY, Psa, contract, holds},
    send,
};
use crate::{
    causes,
    support::{Answer, Installation},
};

/// An installation beside a PSA that knows its clients.
pub async fn beside() -> (Installation, Arc<Psa>) {
    let psa = Psa::start();
    let one = Installation::with(&[("PSA_API_URL", &psa.url), ("PSA_SERVICE_KEY", KEY)]).await;
    *psa.clock.lock() = Some(one.platform.clock.clone());
    compare(&one).await;
    (one, psa)
}

/// The comparison that comes every five minutes, and what it has delivered.
pub async fn compare(one: &Installation) {
    one_legal::integrations::psa::reconcile(&one.platform).await.expect("compared");
    one.run_jobs().await;
}

/// The PSA sends.
pub async fn tell(one: &Installation, path: &str, body: &Value) -> Answer {
    let request = reqwest::Client::builder().no_proxy().build().expect("a client").post(format!("{}{path}", one.url));
    one.stranger().send(request.header("x-integration-key", KEY).json(body)).await
}

pub async fn tell_ticket(one: &Installation, psa: &Psa, id: &str) -> Answer {
    tell(one, "/api/psa/tickets", &json!({ "ticket": psa.ticket(id) })).await
}

#[actix_web::test]
async fn what_happens_here_stands_in_the_psa_and_the_ticket_says_so() {
    let (one, psa) = beside().await;
    let (mut ben, mut tom) = (one.browser("ben").await, one.browser("tom").await);
    let id = open(&mut ben, "Printer is dead").await;
    let firm = format!("/legal/tickets/{id}");
    tom.get(&firm).await.expect(200).shows("On its way");
    one.run_jobs().await;
    tom.get(&firm).await.expect(200).shows("PSA-1, seen");
    ben.get(&format!("/portal/tickets/{id}")).await.expect(200).shows("Received by the service desk").hides("PSA-1");
    send(&mut tom, &firm, &[("body", "Is it on?"), ("then", "waiting_on_client"), ("key", "a")]).await.expect(303);
    send(&mut tom, &firm, &[("body", "Old model"), ("internal", "true"), ("key", "b")]).await.expect(303);
    send(&mut ben, &format!("/portal/tickets/{id}"), &[("body", "It is."), ("key", "c")]).await.expect(303);
    one.run_jobs().await;
    compare(&one).await;
    {
        let state = psa.state.lock();
        assert_eq!(
            state.heard,
            [
                "PSA-1 opened",
                "PSA-1 said Is it on?",
                "PSA-1 status=waiting_on_client",
                "PSA-1 said Old model",
                "PSA-1 said It is.",
                "PSA-1 status=open"
            ]
        );
        assert!(state.tickets["PSA-1"].comments[1].4, "a note stays a note there");
    }
    // What we sent comes back with every comparison and is known.
    let page = tom.get(&firm).await.expect(200).text;
    assert_eq!(page.matches("Is it on?").count(), 1);
    compare(&one).await;
    assert_eq!(psa.state.lock().heard.len(), 6, "nothing goes round");
}

#[actix_web::test]
async fn what_happens_in_the_psa_stands_here_by_call_or_by_comparison() {
    let (one, psa) = beside().await;
    let theirs = psa.open("acme", "Dora's phone is broken");
    let answer = tell_ticket(&one, &psa, &theirs).await.expect(201).json();
    holds(&contract(), "Taken", &answer);
    let id = answer["ticket_id"].as_str().expect("an id").to_owned();
    tell_ticket(&one, &psa, &theirs).await.expect(200).shows("known");
    let mut dora = one.browser("dora").await;
    let portal = format!("/portal/tickets/{id}");
    dora.get(&portal).await.expect(200).shows("Dora&#39;s phone is broken").shows("By phone.");
    psa.say(&theirs, "A new one is ordered.", false);
    psa.say(&theirs, "canary-internal", true);
    psa.set(&theirs, "status", "waiting_on_vendor");
    compare(&one).await;
    dora.get(&portal).await.expect(200).shows("A new one is ordered.").shows("Waiting on vendor").hides("canary-internal");
    one.browser("tom")
        .await
        .get(&format!("/legal/tickets/{id}"))
        .await
        .expect(200)
        .shows("canary-internal")
        .shows("Pat at the PSA");
    assert!(psa.state.lock().heard.is_empty(), "what came from there does not go back");
    // An older snapshot that comes late changes nothing.
    let old = psa.ticket(&theirs);
    one.platform.clock.advance(1_000);
    psa.set(&theirs, "status", "resolved");
    tell_ticket(&one, &psa, &theirs).await.expect(200).shows("news");
    tell(&one, "/api/psa/tickets", &json!({ "ticket": old })).await.expect(200).shows("known");
    dora.get(&portal).await.expect(200).shows("Resolved");
}

#[actix_web::test]
async fn the_later_writing_stands_on_both_sides_and_the_other_is_recorded() {
    let (one, psa) = beside().await;
    let mut ben = one.browser("ben").await;
    let id = open(&mut ben, "Conflict").await;
    one.run_jobs().await;
    let firm = format!("/legal/tickets/{id}");
    // The PSA closes it; a moment later Tom, who has not heard of it, says it waits for the client.
    one.platform.clock.advance(10_000);
    psa.set("PSA-1", "status", "closed");
    one.platform.clock.advance(10_000);
    let mut tom = one.browser("tom").await;
    tom.post(&format!("{firm}/change"), &[("status", "waiting_on_client")]).await.expect(303);
    tell_ticket(&one, &psa, "PSA-1").await.expect(200);
    one.run_jobs().await;
    compare(&one).await;
    assert_eq!(psa.state.lock().tickets["PSA-1"].fields["status"].0, "waiting_on_client");
    tom.get(&firm).await.expect(200).shows("set the status to Closed; “Waiting on client” was set later and stands");
    // The other way round: Tom's is older when the PSA writes.
    tom.post(&format!("{firm}/change"), &[("priority", "low")]).await.expect(303);
    one.platform.clock.advance(10_000);
    psa.set("PSA-1", "priority", "urgent");
    one.run_jobs().await;
    compare(&one).await;
    assert_eq!(psa.state.lock().tickets["PSA-1"].fields["priority"].0, "urgent");
    one.browser("tom").await.get(&firm).await.expect(200).shows("set the priority to Urgent");
}

#[actix_web::test]
async fn a_psa_that_is_down_for_a_day_gets_everything_in_order_afterwards() {
    let (one, psa) = beside().await;
    let mut ben = one.browser("ben").await;
    let first = open(&mut ben, "Before").await;
    one.run_jobs().await;
    psa.down.store(true, Ordering::SeqCst);
    let portal = format!("/portal/tickets/{first}");
    for nth in 0..12 {
        let mut ben = one.browser("ben").await;
        send(&mut ben, &portal, &[("body", &format!("Word {nth}")), ("key", &format!("w{nth}"))]).await.expect(303);
        if nth % 3 == 0 {
            open(&mut ben, &format!("During {nth}")).await;
        }
        one.run_jobs().await;
        compare(&one).await;
        one.platform.clock.advance(2 * 3_600_000);
    }
    let mut tom = one.browser("tom").await;
    tom.get("/legal/tickets").await.expect(200).shows("The PSA has not answered since");
    let mut ben = one.browser("ben").await;
    ben.get("/portal/tickets").await.expect(200).shows("system has not answered since").hides("PSA");
    ben.get(&portal).await.expect(200).shows("Kept here, and passed to the service desk");
    let findings = one_legal::admin::findings(&one.platform).await;
    let word = |check: &str| findings.iter().find(|one| one.check == check).map(|one| (one.word(), one.what.clone()));
    assert_eq!(word("psa").expect("a line").0, "failing", "{findings:?}");
    assert_eq!(word("psa_sync").expect("a line").0, "failing");
    psa.down.store(false, Ordering::SeqCst);
    one.platform.clock.advance(60_000);
    compare(&one).await;
    let heard = psa.state.lock().heard.clone();
    let words: Vec<String> = (0..12).map(|nth| format!("PSA-1 said Word {nth}")).collect();
    let came: Vec<String> = heard.iter().filter(|line| line.contains("said Word")).cloned().collect();
    assert_eq!(came, words, "in order, each once");
    assert_eq!(heard.iter().filter(|line| line.ends_with("opened")).count(), 5);
    let mut tom = one.browser("tom").await;
    tom.get("/legal/tickets").await.expect(200).hides("The PSA has not answered since");
    let findings = one_legal::admin::findings(&one.platform).await;
    let of_psa = findings.iter().filter(|one| ["psa", "psa_sync"].contains(&one.check));
    assert!(of_psa.clone().count() >= 2 && of_psa.clone().all(|one| one.word() == "ok"), "{findings:?}");
}

#[actix_web::test]
async fn each_cause_is_named_where_it_is_put_right() {
    // No settings, one of two, a key that is refused.
    let named = |findings: &[one_legal::admin::health::Finding], check: &str| {
        findings
            .iter()
            .find(|one| one.check == check)
            .map(|one| format!("{} {} {}", one.word(), one.what, one.fix))
            .unwrap_or_default()
    };
    let one = Installation::new().await;
    assert!(named(&one_legal::admin::findings(&one.platform).await, "psa").contains("No PSA is connected"));
    causes::named("P4.1", &one.browser("mira").await.get("/admin/integrations/psa").await.expect(200).text);
    tell(&one, "/api/psa/tickets", &json!({})).await.expect(401).shows("integration_not_set");
    let one = Installation::with(&[("PSA_API_URL", "http://127.0.0.1:9/psa")]).await;
    let words = named(&one_legal::admin::findings(&one.platform).await, "psa");
    assert!(words.starts_with("failing"), "{words}");
    causes::named("P4.2", &words);
    one.browser("mira").await.get("/admin/integrations/psa").await.expect(200).shows("PSA_SERVICE_KEY is not set");

    let (one, psa) = beside().await;
    psa.refuses_key.store(true, Ordering::SeqCst);
    let mut ben = one.browser("ben").await;
    let id = open(&mut ben, "Not there").await;
    one.run_jobs().await;
    compare(&one).await;
    let words = named(&one_legal::admin::findings(&one.platform).await, "psa");
    assert!(words.contains("it refused our key") && words.starts_with("failing"), "{words}");
    causes::named("P4.4", &one.browser("tom").await.get(&format!("/legal/tickets/{id}")).await.expect(200).text);
    one.browser("mira").await.get("/admin/integrations/psa").await.expect(200).shows("it refused our key");
    psa.refuses_key.store(false, Ordering::SeqCst);
    compare(&one).await;
    one.browser("tom").await.get(&format!("/legal/tickets/{id}")).await.expect(200).hides("it refused our key").shows("seen");
    // The comparison does not run.
    one.platform.clock.advance(20 * 60_000);
    let words = named(&one_legal::admin::findings(&one.platform).await, "psa_sync");
    assert!(words.starts_with("failing"), "{words}");
    causes::named("P4.3", &words);
    // Somebody comes with a wrong key.
    let request =
        reqwest::Client::new().post(format!("{}/api/psa/tickets", one.url)).header("x-integration-key", "wrong").json(&json!({}));
    one.stranger().send(request).await.expect(401).shows("bad_integration_key");
    let words = named(&one_legal::admin::findings(&one.platform).await, "psa_key");
    assert!(words.contains("a key that is not ours"), "{words}");
}

#[actix_web::test]
async fn what_is_not_matched_is_listed_and_taken_once_it_is() {
    let (one, psa) = beside().await;
    psa.state.lock().people = vec![
        json!({ "id": "P1", "company_id": "acme", "name": "Cleo Vance", "email": "Cleo@AcmeDental.example" }),
        json!({ "id": "P2", "company_id": "acme", "name": "C. Vance", "email": "cleo@acmedental.example" }),
    ];
    psa.state.lock().statuses.push(("Escalated".to_owned(), "Escalated".to_owned()));
    let lost = psa.open("lost", "From Lost & Found");
    tell_ticket(&one, &psa, &lost).await.expect(409).shows("company_unmatched");
    let known = psa.open("acme", "Known");
    psa.set(&known, "status", "Escalated");
    compare(&one).await;
    let mut mira = one.browser("mira").await;
    let page = mira.get("/admin/integrations/psa").await.expect(200);
    let page = page.shows("Lost &#38; Found").shows("2 not matched yet").shows("Some people are in the PSA twice").text;
    let id_of = |label: &str| {
        let row = page.split("<tr>").find(|row| row.contains(label)).expect("a row");
        row.split("name=\"match-").nth(1).and_then(|rest| rest.get(..36)).expect("an id").to_owned()
    };
    let (company, status) = (format!("match-{}", id_of("Lost &#38; Found")), format!("match-{}", id_of("Escalated")));
    let acme = one.cast.acme.to_string();
    mira.post("/admin/integrations/psa", &[(&company, "nonsense")]).await.expect(422);
    mira.post("/admin/integrations/psa", &[(&company, &one.cast.fir.to_string())]).await.expect(422);
    mira.post("/admin/integrations/psa", &[(&company, &acme), (&status, "in_progress")]).await.expect(303);
    one.run_jobs().await;
    let mut tom = one.browser("tom").await;
    tom.get("/legal/tickets").await.expect(200).shows("From Lost &#38; Found").shows("In progress");
    for (key, expected) in [("tom", 403), ("eve", 200), ("cleo", 404)] {
        assert_eq!(one.browser(key).await.get("/admin/integrations/psa").await.status, expected, "{key}");
    }
    one.browser("eve").await.get("/admin/integrations/psa").await.expect(200).hides("Lost &#38; Found");
    one.browser("eve").await.post("/admin/integrations/psa", &[(&company, "")]).await.expect(404);
}

/// What Health says of the comparison at Harbor.
async fn compared(one: &Installation) -> (&'static str, String) {
    let findings = one_legal::admin::findings(&one.platform).await;
    let finding = findings.into_iter().find(|one| one.check == "psa_sync" && one.what.contains("Harbor")).expect("a line");
    (finding.word(), finding.what)
}

#[actix_web::test]
async fn a_ticket_that_is_refused_is_named_until_it_is_taken_and_holds_no_other_up() {
    let (one, psa) = beside().await;
    let early = |subject: &str, hours: i64| {
        let id = psa.open("acme", subject);
        let mut state = psa.state.lock();
        let status = state.tickets.get_mut(&id).and_then(|held| held.fields.get_mut("status")).expect("a status");
        status.1 += hours * 3_600_000;
        id
    };
    let (first, second) = (early("From the future", 1), early("From far away", 1_000));
    psa.open("acme", "From today");
    for _ in 0..3 {
        one.platform.clock.advance(300_000);
        compare(&one).await;
        let (word, what) = compared(&one).await;
        assert!(word == "failing" && what.contains(&format!("{first}: The status was written in the future")), "{what}");
        let mut mira = one.browser("mira").await;
        mira.get("/admin/integrations/psa").await.expect(200).shows(&format!("{first}: The status was written in the future"));
    }
    let mut tom = one.browser("tom").await;
    tom.get("/legal/tickets").await.expect(200).shows("From today").hides("From the future");
    // Its time has come: nothing has to be sent again.
    one.platform.clock.advance(3_600_000);
    compare(&one).await;
    let mut tom = one.browser("tom").await;
    tom.get("/legal/tickets").await.expect(200).shows("From the future").hides("From far away");
    let (word, what) = compared(&one).await;
    assert!(word == "failing" && what.contains(&second) && !what.contains(&first), "{what}");
    // What is gone over there is not waited for, once an admin has it read anew.
    {
        let mut state = psa.state.lock();
        state.tickets.remove(&second);
        state.log.retain(|id| *id != second);
    }
    one.platform.clock.advance(300_000);
    compare(&one).await;
    assert_eq!(compared(&one).await.0, "failing");
    one.browser("mira").await.post("/admin/integrations/psa/compare", &[]).await.expect(303);
    one.run_jobs().await;
    assert_eq!(compared(&one).await.0, "ok");
}

/// The database takes no ticket of this subject, as it takes none that it cannot keep.
async fn poison(one: &Installation) {
    let connection = one.platform.db.whole();
    let sql = match connection.get_database_backend() {
        DbBackend::Postgres => {
            "CREATE FUNCTION poison() RETURNS trigger LANGUAGE plpgsql AS
               $$ BEGIN IF NEW.subject = 'Poison' THEN RAISE EXCEPTION 'canary-sql'; END IF; RETURN NEW; END $$;
             CREATE TRIGGER poison BEFORE INSERT ON tickets_ticket FOR EACH ROW EXECUTE FUNCTION poison();"
        }
        _ => {
            "CREATE TRIGGER poison BEFORE INSERT ON tickets_ticket WHEN NEW.subject = 'Poison'
               BEGIN SELECT RAISE(ABORT, 'canary-sql'); END;"
        }
    };
    connection.execute_unprepared(sql).await.expect("a trigger");
}

#[actix_web::test]
async fn a_ticket_that_cannot_be_kept_stops_nothing_else_and_is_named_without_the_databases_words() {
    let (one, psa) = beside().await;
    poison(&one).await;
    let bad = psa.open("acme", "Poison");
    psa.open("acme", "Sound");
    let own = open(&mut one.browser("ben").await, "On its way out").await;
    // Nothing but the comparison: what waits goes out with it.
    one_legal::integrations::psa::reconcile(&one.platform).await.expect("compared");
    assert_eq!(psa.state.lock().tickets.values().filter(|held| held.external_id.as_deref() == Some(&own)).count(), 1);
    one.browser("tom").await.get("/legal/tickets").await.expect(200).shows("Sound").hides("Poison");
    let words = format!("{bad}: it could not be kept");
    let mut mira = one.browser("mira").await;
    mira.get("/admin/integrations/psa").await.expect(200).shows(&words).hides("canary-sql").hides("internal:");
    let (word, what) = compared(&one).await;
    assert!(word == "failing" && what.contains(&words) && !what.contains("canary-sql"), "{what}");
}

#[actix_web::test]
async fn a_character_that_is_none_is_left_out_of_what_the_psa_answers() {
    let (one, psa) = beside().await;
    let theirs = psa.open("acme", "Nul\0 inside");
    psa.say(&theirs, "A\0 word", false);
    psa.state.lock().tickets.get_mut(&theirs).expect("a ticket").description = "By\0 phone.".to_owned();
    compare(&one).await;
    assert_eq!(compared(&one).await.0, "ok");
    let tx = one.tx().await;
    let row = ticket::Entity::within(tx.reach()).filter(ticket::Column::OutsideRef.eq(theirs)).one(&tx).await.expect("read");
    let row = row.expect("it is taken");
    assert_eq!((row.subject.as_str(), row.description.as_str()), ("Nul inside", "By phone."));
    let said = entry::Entity::within(tx.reach()).filter(entry::Column::TicketId.eq(row.id)).all(&tx).await.expect("read");
    assert!(said.iter().any(|entry| entry.body == "A word"), "{said:?}");
}

#[actix_web::test]
async fn what_is_matched_while_a_comparison_runs_is_taken_by_the_next() {
    let (one, psa) = beside().await;
    let lost = psa.open("lost", "From Lost & Found");
    tell_ticket(&one, &psa, &lost).await.expect(409).shows("company_unmatched");
    for nth in 0..25 {
        psa.open("acme", &format!("No. {nth}"));
    }
    let mut mira = one.browser("mira").await;
    let page = mira.get("/admin/integrations/psa").await.expect(200).text;
    let row = page.split("<tr>").find(|row| row.contains("Lost &#38; Found")).expect("a row");
    let company = row.split("name=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("a field").to_owned();
    psa.held.store(true, Ordering::SeqCst);
    let matched = async {
        while !psa.awaited.load(Ordering::SeqCst) {
            tokio::time::sleep(std::time::Duration::from_millis(2)).await;
        }
        mira.post("/admin/integrations/psa", &[(&company, &one.cast.acme.to_string())]).await.expect(303);
        psa.held.store(false, Ordering::SeqCst);
    };
    tokio::join!(compare(&one), matched);
    let tx = one.tx().await;
    let rows = ticket::Entity::within(tx.reach()).filter(ticket::Column::OutsideRef.eq(lost)).all(&tx).await.expect("read");
    assert_eq!(rows.len(), 1, "it is taken by itself");
}

#[actix_web::test]
async fn the_psa_opens_a_matter_in_a_technicians_name_once() {
    let (one, psa) = beside().await;
    let theirs = psa.open("acme", "They will sue");
    tell_ticket(&one, &psa, &theirs).await.expect(201);
    let wish = |who: &str| json!({ "tenant": "harbor", "psa_ticket_id": theirs, "requested_by": who, "type": "incident" });
    for who in ["vik@harbor.example", "eve@pine.example", "cleo@acmedental.example", "nobody", ""] {
        tell(&one, "/api/psa/matters", &wish(who)).await.expect(422).shows("requested_by");
    }
    let answer = tell(&one, "/api/psa/matters", &wish("Tom@harbor.example")).await.expect(201).json();
    holds(&contract(), "Matter", &answer);
    let again = tell(&one, "/api/psa/matters", &wish("tom@harbor.example")).await.expect(200).json();
    assert_eq!(answer, again);
    let matter = answer["matter_id"].as_str().expect("an id");
    one.browser("tom").await.get(&format!("/legal/matters/{matter}")).await.expect(200).shows("They will sue");
    tell(&one, "/api/psa/matters", &json!({ "tenant": "pine", "psa_ticket_id": theirs, "requested_by": "eve@pine.example" }))
        .await
        .expect(404);
    tell(&one, "/api/psa/reviews", &json!({})).await.expect(409).shows("not_yet");
}

#[actix_web::test]
async fn nonsense_from_the_psa_is_refused_with_a_word_and_changes_nothing() {
    let (one, psa) = beside().await;
    let theirs = psa.open("acme", "Good");
    let good = psa.ticket(&theirs);
    let with = |field: &str, value: Value| {
        let mut ticket = good.clone();
        ticket[field] = value;
        json!({ "ticket": ticket })
    };
    for (body, status, code) in [
        (json!({}), 422, "invalid"),
        (with("tenant", json!("nobody")), 404, "unknown_tenant"),
        (with("tenant", json!("grace")), 404, "unknown_tenant"),
        (with("status", json!({ "value": "closed", "at": "yesterday" })), 422, "bad_moment"),
        (with("status", json!({ "value": "closed", "at": "2036-01-01T00:00:00Z" })), 409, "clock_ahead"),
        (with("id", json!("")), 422, "invalid"),
        (with("id", json!("x".repeat(300))), 422, "invalid"),
        (with("version", json!("one")), 422, "invalid"),
        (with("external_id", json!("no-id")), 201, ""),
        (with("subject", json!({ "value": "x".repeat(600), "at": "2026-03-02T10:00:00Z" })), 200, ""),
    ] {
        let answer = tell(&one, "/api/psa/tickets", &body).await.expect(status);
        if !code.is_empty() {
            holds(&contract(), "Problem", &answer.json());
            assert_eq!(answer.code(), code);
        }
    }
    one.browser("tom").await.get("/legal/tickets").await.expect(200).shows("Good");
    // A ticket of Harbor's is not reached through another MSP.
    let mut ben = one.browser("ben").await;
    let id = open(&mut ben, "Bens own").await;
    let mut stolen = good.clone();
    (stolen["external_id"], stolen["tenant"], stolen["id"]) = (json!(id), json!("pine"), json!("PSA-77"));
    tell(&one, "/api/psa/tickets", &json!({ "ticket": stolen })).await.expect(409).shows("company_unmatched");
}
