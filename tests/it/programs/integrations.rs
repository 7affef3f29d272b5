//! Admin → Integrations: every program beside this one is tried by a button, and what waits for it is sent by another.

use std::sync::atomic::Ordering;

use entity::{platform::job, wall::Unwalled};
use sea_orm::{ColumnTrait, QueryFilter};

use crate::{
    crm::standin as crm,
    invoices::standin::{self as books, Books},
    support::{
        Browser, Installation,
        smtp::{MailServer, Mood},
    },
    tickets::psa::{KEY, Psa},
};

const PAGE: &str = "/admin/integrations";

async fn test(mira: &mut Browser, program: &str) -> crate::support::Answer {
    mira.post(&format!("{PAGE}/{program}/test"), &[]).await.expect(200)
}

#[actix_web::test]
async fn each_program_is_asked_at_once_and_what_came_of_it_stands_there_with_the_fix() {
    let (psa, books, crm) = (Psa::start(), Books::start(), crm::Crm::start());
    let mut settings = vec![("PSA_API_URL", psa.url.as_str()), ("PSA_SERVICE_KEY", KEY)];
    settings.extend(books.settings());
    settings.extend(crm.settings());
    let one = Installation::with(&settings).await;
    let mut mira = one.browser("mira").await;
    test(&mut mira, "psa").await.shows("PSA answers and takes our key").hides(KEY);
    psa.refuses_key.store(true, Ordering::SeqCst);
    test(&mut mira, "psa").await.shows("it refused our key").shows("Compare PSA_SERVICE_KEY here");
    psa.refuses_key.store(false, Ordering::SeqCst);
    psa.down.store(true, Ordering::SeqCst);
    for _ in 0..3 {
        one.platform.clock.advance(60_000);
        // Also while it rests after many failures: whoever presses the button wants to know.
        test(&mut mira, "psa").await.shows("it failed with 503").shows("Look whether PSA runs at PSA_API_URL");
    }
    psa.down.store(false, Ordering::SeqCst);
    test(&mut mira, "psa").await.shows("PSA answers and takes our key").shows("it answers again");
    one.platform.clock.advance(60_000);
    test(&mut mira, "books").await.shows("Books answers and takes our key");
    books.feels(books::Mood::Garbage);
    test(&mut mira, "books").await.shows("not in its contract").shows("BOOKS_API_URL is the right address");
    test(&mut mira, "crm").await.shows("CRM answers and takes our key");
    crm.feels(crm::Mood::Down);
    test(&mut mira, "crm").await.shows("it failed with 503").shows("CRM_API_URL");
    mira.get("/admin/audit").await.expect(200).shows("integration.tested");
    // An MSP that the program does not know.
    let mut eve = one.browser("eve").await;
    test(&mut eve, "psa").await.shows("does not know this MSP");
    for (key, expected) in [("tom", 403), ("vik", 403), ("ada", 404), ("dora", 404), ("olga", 404)] {
        let mut browser = one.browser(key).await;
        for path in ["psa/test", "mail/test", "own/again", "mail/again"] {
            assert_eq!(browser.post(&format!("{PAGE}/{path}"), &[]).await.status, expected, "{key} {path}");
        }
    }
    for nothing in ["nobody/test", "push/test", "own/test", "psa/again", "hub/again"] {
        mira.post(&format!("{PAGE}/{nothing}"), &[]).await.expect(404);
    }
}

#[actix_web::test]
async fn what_is_not_set_is_named_and_a_button_that_is_pressed_without_end_waits() {
    let one = Installation::new().await;
    let mut mira = one.browser("mira").await;
    mira.get(PAGE).await.expect(200).shows("Documents and keys").hides("MISSION_API_URL");
    for (program, words) in [
        ("psa", "PSA is not asked: PSA_API_URL is not set. Set PSA_API_URL"),
        ("books", "BOOKS_API_URL is not set"),
        ("crm", "CRM_API_URL is not set"),
        ("stripe", "STRIPE_SECRET_KEY is not set"),
        ("hub", "PORTAL_CLIENT_SSO_SECRET is missing or too short"),
        ("mail", "SMTP_URL is not set: the mail lies in the outbox folder"),
        ("storage", "A small object was written and taken away"),
    ] {
        test(&mut mira, program).await.shows(words);
    }
    let mut last = 200;
    for _ in 0..10 {
        last = mira.post(&format!("{PAGE}/storage/test"), &[]).await.status;
    }
    assert_eq!(last, 429);
    let secrets = [("PORTAL_CLIENT_SSO_SECRET", "s".repeat(40)), ("PORTAL_SSO_SECRET", "t".repeat(40))];
    let secrets: Vec<(&str, &str)> = secrets.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let one = Installation::with(&secrets).await;
    test(&mut one.browser("mira").await, "hub").await.shows("Links signed with our secrets are read").hides(secrets[0].1);
}

#[actix_web::test]
async fn mails_that_could_not_go_are_sent_by_the_button_once_the_server_takes_them() {
    let server = MailServer::start().await;
    let settings = server.settings();
    let settings: Vec<(&str, &str)> = settings.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let one = Installation::with(&settings).await;
    let mut mira = one.browser("mira").await;
    test(&mut mira, "mail").await.shows("The mail server took a mail to mira@harbor.example");
    server.feels(Mood { sender: Some("535 5.7.8 Authentication credentials invalid".to_owned()), ..Mood::default() });
    test(&mut mira, "mail").await.shows("did not take a mail to mira@harbor.example").shows("SMTP_URL");
    let people = format!("/admin/clients/{}/contacts", one.cast.acme);
    let fields = [("name", "Hugo Lind"), ("email", "hugo@acmedental.example"), ("access", "own"), ("invite", "true")];
    mira.post(&people, &fields).await.expect(303);
    one.run_jobs().await;
    mira.get(PAGE).await.expect(200).shows("Mails to your clients that could not be sent yet: 1").shows("Send what waits");
    // Another MSP's mail is not Eve's to send.
    let mut eve = one.browser("eve").await;
    eve.get(PAGE).await.expect(200).hides("could not be sent yet");
    eve.post(&format!("{PAGE}/mail/again"), &[]).await.expect(303);
    let waits = |one: &Installation| {
        let platform = one.platform.clone();
        async move {
            let tx = platform.read(entity::Reach::Everything("a test looks")).await.expect("a view");
            let mails = job::Entity::rows().filter(job::Column::Kind.eq("mail")).filter(job::Column::Attempts.gt(0));
            mails.all(&tx).await.expect("read").into_iter().filter(|row| row.finished_at.is_none()).count()
        }
    };
    assert_eq!(waits(&one).await, 1, "untouched by Eve");
    server.feels(Mood::default());
    mira.post(&format!("{PAGE}/mail/again"), &[]).await.expect(303);
    one.run_jobs().await;
    assert!(server.taken().iter().any(|to| to.contains("hugo@acmedental.example")), "{:?}", server.taken());
    mira.get(PAGE).await.expect(200).hides("could not be sent yet");
}
