//! The mails: to whom, by preference, and what is in them.

use entity::{
    Reach,
    identity::{AccountStatus, account},
    ids::{AccountId, ContactId},
    tenancy::{AccessLevel, contact},
};
use one_legal::platform::Actor;
use sea_orm::{ActiveModelTrait, Set};
use serde_json::json;

use super::{fresh_mails, lines, parts, tell};
use crate::support::Installation;

#[actix_web::test]
async fn a_mail_says_the_same_in_text_and_html_and_leads_there() {
    let one = Installation::new().await;
    let data = json!({ "policy": "P", "title": "Backup <policy> & more", "company": "Acme Dental", "drafter": one.cast.person("tom").account });
    tell(&one, one.cast.harbor, "policy.approved", Some("ada"), data).await;
    let mails = fresh_mails(&one, &mut Vec::new()).await;
    assert_eq!(mails.len(), 1);
    let (to, mail) = &mails[0];
    assert_eq!(to, "tom@harbor.example");
    assert!(mail.contains("multipart/alternative"));
    let parts = parts(mail);
    let text = &parts.iter().find(|(kind, _)| kind.starts_with("text/plain")).expect("a text part").1;
    let html = &parts.iter().find(|(kind, _)| kind.starts_with("text/html")).expect("an HTML part").1;
    let link = one.platform.config.link("/legal/policies/P");
    for part in [text, html] {
        assert!(part.contains(&link), "the button's address: {part}");
        assert!(part.contains("Hello Tom Okafor,"), "{part}");
    }
    assert!(text.contains("Ada Whitfield approved “Backup <policy> & more” for Acme Dental"), "{text}");
    let page = scraper::Html::parse_document(html);
    let seen: String = page.root_element().text().collect();
    assert!(seen.contains("Ada Whitfield approved “Backup <policy> & more” for Acme Dental"), "{seen}");
    let button = scraper::Selector::parse("a[href]").expect("a selector");
    assert!(
        page.select(&button).any(|a| a.value().attr("href") == Some(&link) && a.text().collect::<String>().contains("Open it"))
    );
}

#[actix_web::test]
async fn a_client_gets_the_mail_in_their_msps_name_and_the_firm_in_ours() {
    let one = Installation::new().await;
    let data = json!({ "matter": "M", "title": "Late invoices", "participants": [one.cast.person("cleo").account, one.cast.person("mira").account] });
    tell(&one, one.cast.harbor, "matter.resolved", Some("ada"), data).await;
    let mails = fresh_mails(&one, &mut Vec::new()).await;
    let of = |to: &str| &mails.iter().find(|(who, _)| who == to).expect("a mail").1;
    assert!(of("cleo@acmedental.example").contains("Harbor IT Client Portal"));
    assert!(of("cleo@acmedental.example").contains("/portal/messages/M"));
    assert!(of("mira@harbor.example").contains("The One Legal"));
    assert!(of("mira@harbor.example").contains("/legal/matters/M"));
}

#[actix_web::test]
async fn who_switched_a_topic_off_hears_the_bell_and_gets_no_mail() {
    let one = Installation::new().await;
    let mut mira = one.browser("mira").await;
    mira.get("/legal/settings").await.expect(200).shows("Signatures: signed, declined, reminders");
    mira.post("/legal/settings", &[("mail", "policy"), ("mail", "matter")]).await.expect(303);
    let data =
        json!({ "policy": "P", "title": "MSA", "company": "Acme Dental", "signer": { "name": "Cleo Vance" }, "retainer": "R" });
    let mut known = Vec::new();
    let signed = tell(&one, one.cast.harbor, "envelope.signed", Some("cleo"), data.clone()).await;
    assert_eq!(lines(&one, signed).await.len(), 1);
    assert!(fresh_mails(&one, &mut known).await.is_empty());
    tell(&one, one.cast.harbor, "policy.fully_signed", Some("cleo"), data).await;
    let to: Vec<_> = fresh_mails(&one, &mut known).await.into_iter().map(|(to, _)| to).collect();
    assert!(to.contains(&"mira@harbor.example".to_owned()), "{to:?}");
    let page = mira.get("/legal/settings").await.expect(200);
    let html = scraper::Html::parse_document(&page.text);
    let ticked = scraper::Selector::parse("input[name=mail][checked]").expect("a selector");
    let ticked: Vec<_> = html.select(&ticked).filter_map(|input| input.value().attr("value")).collect();
    assert_eq!(ticked, ["policy", "matter"]);
}

#[actix_web::test]
async fn a_deactivated_or_invited_account_is_not_told() {
    let one = Installation::new().await;
    set_status(&one, one.cast.person("ada").account, AccountStatus::Deactivated).await;
    set_status(&one, one.cast.person("sam").account, AccountStatus::Invited).await;
    let event =
        tell(&one, one.cast.harbor, "policy.submitted", Some("tom"), json!({ "policy": "P", "title": "MSA", "company": "Acme" }))
            .await;
    assert!(lines(&one, event).await.is_empty());
    assert!(fresh_mails(&one, &mut Vec::new()).await.is_empty());
}

#[actix_web::test]
async fn a_contact_who_has_never_come_in_gets_the_mail_alone() {
    let one = Installation::new().await;
    let hugo = add_contact(&one, "Hugo Lind", "hugo@acmedental.example").await;
    let data = json!({ "company": one.cast.acme, "source": "policy:P", "title": "MSA", "issuer": "Harbor IT",
        "signers": [{ "contact": hugo, "account": null, "name": "Hugo Lind" }] });
    let event = tell(&one, one.cast.harbor, "envelope.sent", Some("mira"), data).await;
    assert!(lines(&one, event).await.is_empty());
    let mails = fresh_mails(&one, &mut Vec::new()).await;
    assert_eq!(mails.iter().map(|(to, _)| to.as_str()).collect::<Vec<_>>(), ["hugo@acmedental.example"]);
    let text = &parts(&mails[0].1)[0].1;
    // Through the invitation, then to the document.
    assert!(text.contains("/portal/register?invite="), "{text}");
    assert!(text.contains("&next=%2Fportal%2Fdocuments%2FP%2Fsign"), "{text}");
}

async fn set_status(one: &Installation, id: AccountId, status: AccountStatus) {
    let mut work = one.platform.work(Actor::program("test"), Reach::Everything("a test")).await.expect("a unit of work");
    let change = account::ActiveModel { id: Set(id), status: Set(status), ..Default::default() };
    change.update(work.write()).await.expect("changed");
    work.counts_as_audited("a test");
    work.commit().await.expect("committed");
}

async fn add_contact(one: &Installation, name: &str, email: &str) -> ContactId {
    let mut work = one.platform.work(Actor::program("test"), Reach::Everything("a test")).await.expect("a unit of work");
    let id: ContactId = work.id();
    let row = contact::ActiveModel {
        id: Set(id),
        tenant_id: Set(one.cast.harbor),
        company_id: Set(one.cast.acme),
        name: Set(name.to_owned()),
        email: Set(email.to_owned()),
        title: Set("Bookkeeper".to_owned()),
        access: Set(AccessLevel::Own),
        account_id: Set(None),
        created_at: Set(work.now()),
    };
    row.insert(work.write()).await.expect("inserted");
    work.counts_as_audited("a test");
    work.commit().await.expect("committed");
    id
}
