//! What became of a mail is told to whoever sent it, and to whoever runs the installation.

use base64::{Engine, engine::general_purpose::STANDARD};
use serde_json::json;

use crate::support::{
    Answer, Browser, Installation,
    smtp::{MailServer, Mood},
};

const KEY: &str = "events-key-events-key-events-key-1";

async fn installation(server: &MailServer) -> Installation {
    let settings = server.settings();
    let mut pairs: Vec<(&str, &str)> = settings.iter().map(|(name, value)| (*name, value.as_str())).collect();
    pairs.push(("MAIL_EVENTS_KEY", KEY));
    Installation::with(&pairs).await
}

/// Mira adds somebody at Acme and invites them.
async fn invite(one: &Installation, mira: &mut Browser, email: &str) {
    let fields = [("name", "Finn New"), ("email", email), ("title", ""), ("access", "own"), ("invite", "true")];
    mira.post(&format!("/admin/clients/{}/contacts", one.cast.acme), &fields).await.expect(303);
    one.run_jobs().await;
}

async fn acme(one: &Installation, mira: &mut Browser) -> Answer {
    mira.get(&format!("/admin/clients/{}", one.cast.acme)).await.expect(200)
}

/// SNS brings an event of SES.
async fn news(one: &Installation, key: &str, event: serde_json::Value) -> Answer {
    let mut sns = one.stranger();
    let body = json!({ "Type": "Notification", "MessageId": "1", "TopicArn": "arn:aws:sns:eu-central-1:1:mail", "Message": event.to_string() });
    let request = sns
        .request(reqwest::Method::POST, "/webhooks/mail")
        .header("authorization", format!("Basic {}", STANDARD.encode(format!("sns:{key}"))))
        .header("content-type", "text/plain; charset=UTF-8")
        .body(body.to_string());
    sns.send(request).await
}

#[actix_web::test]
async fn a_mailbox_that_does_not_exist_is_named_beside_the_person_and_is_nobody_elses_fault() {
    let server = MailServer::start().await;
    let one = installation(&server).await;
    let mut mira = one.browser("mira").await;
    server.feels(Mood { recipient: Some("550 5.1.1 no such user here".to_owned()), ..Mood::default() });
    invite(&one, &mut mira, "fin@acme.example").await;
    acme(&one, &mut mira).await.shows("could not be delivered: there is no such mailbox").shows("letter by letter");
    // It is not tried again, and no job gave up.
    let mut olga = one.browser("olga").await;
    let health = olga.get("/operator/health").await.expect(200);
    health.shows("fin@acme.example").shows("No job has given up.").shows("Mail goes out by SMTP.");
    // A client of another tenant by the same address has nothing to do with it.
    let mut eve = one.browser("eve").await;
    let fields = [("name", "Finn New"), ("email", "fin@acme.example"), ("title", ""), ("access", "own")];
    eve.post("/admin/clients/new", &[("name", "Pine Client"), ("legal_name", "Pine Client LLC")]).await.expect(303);
    let list = eve.get("/admin/clients").await.expect(200);
    let at = list.text.find("/admin/clients/0").expect("the new client");
    let path = list.text[at..].split('"').next().expect("an address").to_owned();
    eve.post(&format!("{path}/contacts"), &fields).await.expect(303);
    eve.get(&path).await.expect(200).shows("Finn New").hides("could not be delivered");
}

#[actix_web::test]
async fn a_sender_that_is_not_verified_and_a_sandbox_are_named_and_the_mail_goes_once_they_are_mended() {
    let server = MailServer::start().await;
    let one = installation(&server).await;
    let mut mira = one.browser("mira").await;
    let mut olga = one.browser("olga").await;
    let refused =
        "554 Message rejected: Email address is not verified. The following identities failed the check in region EU-CENTRAL-1:";
    let unverified = |address: &str| Mood { data: Some(format!("{refused} {address}")), ..Mood::default() };
    server.feels(unverified("legal@harbor.example"));
    invite(&one, &mut mira, "fin@acme.example").await;
    for (address, words, fix) in [
        ("legal@harbor.example", "The sender is not verified at Amazon SES", "Verify the address of SES_FROM_ADDRESS"),
        ("fin@acme.example", "still keeps the account in its sandbox", "Request production access"),
    ] {
        server.feels(unverified(address));
        one.run_jobs().await;
        olga.get("/operator/health").await.expect(200).shows(words).shows(fix);
        acme(&one, &mut mira).await.shows("is not sent yet and is tried again").shows("sees it in Health");
        one.platform.clock.advance(2 * entity::Moment::MINUTE);
    }
    server.feels(Mood::default());
    one.platform.clock.advance(5 * entity::Moment::MINUTE);
    one.run_jobs().await;
    assert_eq!(server.taken(), ["fin@acme.example"]);
    acme(&one, &mut mira).await.shows("The last mail went out");
    olga.get("/operator/health").await.expect(200).shows("Mail goes out by SMTP.");
}

#[actix_web::test]
async fn a_server_that_cannot_be_reached_or_refuses_our_sign_in_is_named() {
    let one = Installation::with(&[("SMTP_URL", "smtp://127.0.0.1:9"), ("SES_FROM_ADDRESS", "legal@harbor.example")]).await;
    let mut mira = one.browser("mira").await;
    invite(&one, &mut mira, "fin@acme.example").await;
    let mut olga = one.browser("olga").await;
    let health = olga.get("/operator/health").await.expect(200);
    health.shows("The mail server cannot be reached").shows("Look at SMTP_URL").shows("No MAIL_EVENTS_KEY");
    let server = MailServer::start().await;
    let one = installation(&server).await;
    let mut mira = one.browser("mira").await;
    server.feels(Mood { sender: Some("535 Authentication Credentials Invalid".to_owned()), ..Mood::default() });
    invite(&one, &mut mira, "fin@acme.example").await;
    let mut olga = one.browser("olga").await;
    olga.get("/operator/health").await.expect(200).shows("refuses our sign-in").shows("Compare user and password");
}

#[actix_web::test]
async fn later_news_of_a_mail_are_taken_from_who_holds_the_key() {
    let server = MailServer::start().await;
    let one = installation(&server).await;
    let mut mira = one.browser("mira").await;
    invite(&one, &mut mira, "fin@acme.example").await;
    acme(&one, &mut mira).await.shows("no news of it since");
    let delivered = json!({ "notificationType": "Delivery", "mail": { "messageId": "ses-1" } });
    for key in ["", "events-key-events-key-events-key-2"] {
        assert_eq!(news(&one, key, delivered.clone()).await.expect(401).code(), "bad_mail_events_key");
    }
    acme(&one, &mut mira).await.shows("no news of it since");
    news(&one, KEY, delivered.clone()).await.expect(200);
    acme(&one, &mut mira).await.shows("reached the mailbox");
    // By event publishing the type has another name; a passing bounce says nothing yet.
    let bounce = |kind: &str| {
        let recipients = json!([{ "emailAddress": "fin@acme.example", "diagnosticCode": "smtp; 550 5.1.1 user unknown" }]);
        json!({ "eventType": "Bounce", "mail": { "messageId": "ses-1" }, "bounce": { "bounceType": kind, "bouncedRecipients": recipients } })
    };
    news(&one, KEY, bounce("Transient")).await.expect(200);
    acme(&one, &mut mira).await.shows("reached the mailbox");
    news(&one, KEY, bounce("Permanent")).await.expect(200);
    acme(&one, &mut mira).await.shows("came back: there is no such mailbox");
    // A bounce is not undone by what comes late.
    news(&one, KEY, delivered).await.expect(200);
    acme(&one, &mut mira).await.shows("came back");
    news(&one, KEY, json!({ "notificationType": "Complaint", "mail": { "messageId": "ses-1" } })).await.expect(200);
    acme(&one, &mut mira).await.shows("called spam by its reader");
    // Nobody's mail, and no JSON at all.
    news(&one, KEY, json!({ "notificationType": "Delivery", "mail": { "messageId": "ses-99" } })).await.expect(200);
    news(&one, KEY, json!("Successfully validated SNS topic")).await.expect(200);
    let mut sns = one.stranger();
    let basic = format!("Basic {}", STANDARD.encode(format!("sns:{KEY}")));
    let request = sns.request(reqwest::Method::POST, "/webhooks/mail").header("authorization", &basic).body("hello");
    assert_eq!(sns.send(request).await.expect(400).code(), "bad_event");
    // It confirms a subscription at SNS alone.
    let subscribe = json!({ "Type": "SubscriptionConfirmation", "SubscribeURL": "https://169.254.169.254/latest/meta-data" });
    let request = sns.request(reqwest::Method::POST, "/webhooks/mail").header("authorization", &basic).body(subscribe.to_string());
    assert_eq!(sns.send(request).await.expect(400).code(), "bad_subscription");
}
