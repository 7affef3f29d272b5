//! Causes of the portal's page that no other test shows in passing.

use entity::{Reach, invoices::InvoiceStatus, tenancy::tenant};
use one_legal::{
    admin,
    invoices::{invoice::Incoming, jobs},
    platform::Actor,
};
use sea_orm::{ActiveModelTrait, Set};

use crate::{
    causes,
    invoices::{
        books::{bill, map_first},
        standin::Books,
    },
    policies::support as policies,
    support::{
        Browser, Installation,
        smtp::{MailServer, Mood},
    },
};

/// What Health says, as one text.
async fn health(browser: &mut Browser, page: &str) -> String {
    browser.get(page).await.expect(200).text
}

#[actix_web::test]
async fn who_cannot_sign_in_is_helped_on_and_the_admin_reads_why() {
    let one = Installation::new().await;
    let door = "/portal/login?tenant=harbor";
    let ben = one.cast.person("ben").email.clone();
    for (email, password) in [(ben.as_str(), "not my password"), ("bem@acmedental.example", "whatever it was")] {
        let page = one.stranger().post(door, &[("email", email), ("password", password)]).await.expect(422);
        let page = page.shows("Invalid credentials").shows("/portal/forgot?tenant=harbor").shows(email);
        causes::named("P1.1", &page.text);
        causes::named("P1.3", &page.text);
    }
    // The case of letters does not matter.
    let password = one.cast.person("ben").password.clone();
    one.stranger().post(door, &[("email", &ben.to_uppercase()), ("password", &password)]).await.expect(303);
    let mut mira = one.browser("mira").await;
    let acme = format!("/admin/clients/{}", one.cast.acme);
    let fields = [("name", "Finn New"), ("email", "finn@acmedental.example"), ("title", ""), ("access", "own"), ("invite", "true")];
    mira.post(&format!("{acme}/contacts"), &fields).await.expect(303);
    let page = mira.get(&acme).await.expect(200).shows("Resend");
    causes::named("P1.4", &page.text);
    let contact = one.cast.person("ben").contact.expect("a contact");
    mira.post(&format!("/admin/contacts/{contact}/deactivate"), &[]).await.expect(303);
    let page = mira.get(&acme).await.expect(200).shows("Reactivate");
    causes::named("P1.2", &page.text);
    one.stranger().post(door, &[("email", &ben), ("password", &password)]).await.expect(422).shows("Invalid credentials");
}

#[actix_web::test]
async fn a_portal_that_is_not_there_says_so_and_every_page_comes_whole_from_one_place() {
    let one = Installation::new().await;
    let page = one.stranger().get("/portal/login?tenant=harbour").await.expect(404);
    causes::named("P3.1", &page.text);
    causes::named("P9.4", &page.text);
    let page = one.stranger().get("/portal/login").await;
    causes::named("P9.2", &page.text);
    // The look stands in the page itself, and the page asks no other origin for anything.
    let mut cleo = one.browser("cleo").await;
    for address in ["/portal/dashboard", "/portal/documents", "/portal/tickets", "/portal/invoices", "/portal/messages"] {
        let page = cleo.get(address).await.expect(200).shows("Harbor");
        let html = scraper::Html::parse_document(&page.text);
        let all = scraper::Selector::parse("[src], link[href], form[action]").expect("a selector");
        for element in html.select(&all) {
            let target = ["src", "href", "action"].iter().find_map(|name| element.attr(name)).unwrap_or_default();
            assert!(!target.contains("//"), "{address} asks {target}");
        }
        let policy = page.headers["content-security-policy"].to_str().expect("a policy").to_owned();
        assert!(policy.contains("default-src 'self'") || policy.contains("default-src 'none'"), "{policy}");
        assert!(!page.headers.contains_key("access-control-allow-origin"));
        assert!(page.headers["cache-control"].to_str().expect("a header").contains("no-store"));
        assert!(page.text.contains("</main>") && !page.text.contains("spinner"), "{address} comes whole");
    }
    causes::impossible("P3.2");
    causes::impossible("P3.3");
    causes::impossible("P3.4");
}

#[actix_web::test]
async fn a_new_look_is_seen_in_the_very_next_page() {
    let one = Installation::new().await;
    let mut mira = one.browser("mira").await;
    let mut cleo = one.browser("cleo").await;
    for (color, is_default) in [("#8b5cf6", true), ("#0b3d91", false)] {
        let mut work = one.platform.work(Actor::program("test"), Reach::Everything("a test paints")).await.expect("a unit of work");
        let change = tenant::ActiveModel { id: Set(one.cast.harbor), primary_color: Set(color.to_owned()), ..Default::default() };
        change.update(work.write()).await.expect("painted");
        work.counts_as_audited("a test paints");
        work.commit().await.expect("committed");
        let page = health(&mut mira, "/admin/health").await;
        assert_eq!(page.contains("it shows the default violet"), is_default, "{color}");
        if is_default {
            causes::named("P9.1", &page);
        } else {
            cleo.get("/portal/dashboard").await.expect(200).shows(color);
        }
    }
    causes::impossible("P9.3");
}

#[actix_web::test]
async fn a_document_is_there_at_once_and_the_admin_reads_where_the_others_are() {
    let one = Installation::new().await;
    let mut mira = one.browser("mira").await;
    let draft = policies::draft(&one, &mut mira, one.cast.acme, "msa").await;
    let page = mira.get("/admin/documents").await.expect(200).shows(&draft.to_string()).shows("Acme Dental");
    causes::named("P5.3", &page.text);
    let page = mira.get(&format!("/admin/documents?company={}", one.cast.bluefin)).await.expect(200);
    causes::named("P5.2", &page.text);
    let mut cleo = one.browser("cleo").await;
    cleo.get("/portal/documents").await.expect(200).shows("No documents awaiting your signature").hides(&draft.to_string());
    // Sent, and there, without anything that could be late between.
    let sent = policies::sent(&one, "dpa").await;
    cleo.get("/portal/documents").await.expect(200).shows(&sent.to_string());
    mira.get("/admin/documents").await.expect(200).shows("Needs Your Signature").shows("Cleo Vance");
    causes::impossible("P5.1");
    // What is Harbor's is nobody else's.
    one.browser("eve").await.get("/admin/documents").await.expect(200).hides("Acme Dental");
    one.browser("tom").await.get("/admin/documents").await.expect(403);
    cleo.get("/admin/documents").await.expect(404);
}

#[actix_web::test]
async fn invoices_say_from_when_they_are_drafts_are_drafts_and_strangers_are_listed() {
    let books = Books::start();
    let one = Installation::with(&books.settings()).await;
    books.put(Incoming { status: InvoiceStatus::Draft, ..bill("D-1", "c-1", 1) });
    jobs::sync_due(&one.platform).await.expect("a look");
    let mut mira = one.browser("mira").await;
    causes::named("P7.4", &health(&mut mira, "/admin/health").await);
    map_first(&one, &mut mira).await;
    let page = one.browser("cleo").await.get("/portal/invoices").await.expect(200).shows("D-1");
    causes::named("P7.1", &page.text);
    causes::named("P7.3", &page.text);
    let one = Installation::with(&[("BOOKS_API_URL", "http://127.0.0.1:9")]).await;
    causes::named("P7.2", &health(&mut one.browser("olga").await, "/operator/health").await);
    causes::named("P7.2", &health(&mut one.browser("mira").await, "/admin/health").await);
}

#[actix_web::test]
async fn mail_that_does_not_arrive_says_why_to_who_can_mend_it() {
    let server = MailServer::start().await;
    let settings = server.settings();
    let pairs: Vec<(&str, &str)> = settings.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let refused =
        "554 Message rejected: Email address is not verified. The following identities failed the check in region EU-WEST-1:";
    let moods = [
        ("P8.1", Mood::default()),
        ("P8.2", Mood { data: Some(format!("{refused} legal@harbor.example")), ..Mood::default() }),
        ("P8.3", Mood { data: Some(format!("{refused} finn@acmedental.example")), ..Mood::default() }),
        ("P8.4", Mood { recipient: Some("550 5.1.1 unknown".to_owned()), ..Mood::default() }),
    ];
    for (id, mood) in moods {
        server.feels(mood);
        let one = Installation::with(&pairs).await;
        let mut mira = one.browser("mira").await;
        let acme = format!("/admin/clients/{}", one.cast.acme);
        let fields = [("name", "Finn"), ("email", "finn@acmedental.example"), ("title", ""), ("access", "own"), ("invite", "true")];
        mira.post(&format!("{acme}/contacts"), &fields).await.expect(303);
        one.run_jobs().await;
        let beside = mira.get(&acme).await.expect(200).text;
        let health = health(&mut mira, "/admin/health").await;
        match id {
            "P8.1" => causes::named("P8.1", &beside),
            "P8.2" => causes::named("P8.2", &health),
            "P8.3" => causes::named("P8.3", &health),
            _ => causes::named("P8.4", &beside),
        }
    }
}

#[actix_web::test]
async fn a_signer_whose_session_ended_or_whose_address_is_wrong_reads_how_to_go_on() {
    let one = Installation::new().await;
    let policy = policies::sent(&one, "msa").await;
    let mut cleo = one.browser("cleo").await;
    let page = format!("/portal/documents/{policy}/sign");
    cleo.get(&page).await.expect(200);
    one.platform.clock.advance(25 * entity::Moment::HOUR);
    let ended = cleo.post(&page, &[("typed_name", "Cleo Vance"), ("title", "Owner"), ("consent", "true")]).await;
    causes::named("P10.1", &ended.text);
    let mut again = one.browser("cleo").await;
    let lost = again.get(&format!("/portal/documents/{}/sign", uuid::Uuid::now_v7())).await.expect(404);
    causes::named("P10.4", &lost.text);
    again.get("/portal/documents/not-an-id/sign").await.expect(404).shows("Not found");
}

#[actix_web::test]
async fn an_admin_reads_their_own_tenants_health_and_no_other() {
    let one = Installation::new().await;
    let mut eve = one.browser("eve").await;
    eve.get("/admin/health")
        .await
        .expect(200)
        .shows("Pine")
        .hides("Harbor IT")
        .hides(one.data_dir.path().to_str().expect("a path"));
    let mut mira = one.browser("mira").await;
    mira.get("/admin/health").await.expect(200).shows("Harbor IT").hides("Pine").shows("For whoever runs this installation:");
    for (key, status) in [("tom", 403), ("vik", 403), ("cleo", 404), ("ada", 404), ("olga", 404)] {
        assert_eq!(one.browser(key).await.get("/admin/health").await.status, status, "{key}");
    }
    // Whoever runs the installation reads what is wrong with each.
    let findings = admin::findings(&one.platform).await;
    assert!(findings.iter().any(|finding| finding.tenant == Some(one.cast.pine)), "{findings:?}");
}
