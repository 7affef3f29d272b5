//! Policies that are only to be read, and those who are only told.

use entity::{ids::PolicyId, policies::PolicyStatus};

use super::support::{choose, draft, fill_in, policy_of, press, status};
use crate::support::{Browser, Installation};

/// An informational policy for Acme, sent by Mira after Ada's approval.
async fn sent(one: &Installation, mira: &mut Browser, who: &str, contacts: &[(&str, String)]) -> PolicyId {
    let id = draft(one, mira, one.cast.acme, "rate-change-notice").await;
    fill_in(mira, id).await;
    let mut fields = vec![("acknowledgement", "informational"), ("signers", who), ("order", "any"), ("go", "next")];
    fields.extend(contacts.iter().map(|(name, id)| (*name, id.as_str())));
    mira.post(&format!("/legal/policies/{id}/wizard/3"), &fields).await.expect(303);
    mira.post(&format!("/legal/policies/{id}/submit"), &[]).await.expect(303);
    press(&mut one.browser("ada").await, id, "approve").await.expect(303);
    press(mira, id, "send").await.expect(303);
    one.run_jobs().await;
    id
}

/// The address of the first document on the list.
fn first_file(page: &str) -> Option<String> {
    let rest = page.split("href=\"/portal/files/").nth(1)?;
    Some(format!("/portal/files/{}", rest.split(['?', '"']).next()?))
}

#[actix_web::test]
async fn the_client_finds_what_was_sent_for_information_and_the_vault_keeps_it() {
    let one = Installation::new().await;
    let mut mira = one.browser("mira").await;
    let id = sent(&one, &mut mira, "all", &[]).await;
    assert!(one.mails().iter().any(|mail| mail.contains("ben@acmedental.example") && mail.contains("for your information")));
    // Ben sees only his own: this is meant for everybody at Acme.
    let mut ben = one.browser("ben").await;
    ben.get("/portal/dashboard").await.expect(200).shows("For your information");
    let list = ben.get("/portal/documents?tab=info").await.expect(200).shows("Notice of Rate Change").shows("Announced").text;
    let file = first_file(&list).expect("a document");
    let first = ben.get(&file).await.expect(200);
    assert_eq!(first.headers["content-type"], "application/pdf");
    for key in ["gus", "finn", "joy"] {
        one.browser(key).await.get(&file).await.expect(404);
    }
    one.browser("gus").await.get("/portal/documents?tab=info").await.expect(200).hides("Notice of Rate Change");
    mira.get(&format!("/legal/policies/{id}?tab=signatures")).await.expect(200).shows("View the document as sent");

    press(&mut mira, id, "final-approval").await.expect(303);
    one.run_jobs().await;
    assert_eq!(status(&one, id).await, PolicyStatus::Published);
    one.browser("olga").await.get("/operator/jobs?tab=waiting").await.expect(200).hides("lay_out_notice");
    let list = ben.get("/portal/documents?tab=info").await.expect(200).shows("Published").text;
    assert_eq!(first_file(&list), Some(file.clone()), "one document, renewed");
    let again = ben.get(&file).await.expect(200);
    mira.get(&file.replace("/portal/files", "/legal/vault").replace("/download", ""))
        .await
        .expect(200)
        .shows("Notice of Rate Change v1.pdf")
        .shows("version=1");
    assert_ne!(again.text, first.text, "it says since when it is in force");
}

#[actix_web::test]
async fn what_is_meant_for_chosen_contacts_is_not_shown_to_the_others() {
    let one = Installation::new().await;
    let mut mira = one.browser("mira").await;
    let cleo = one.cast.person("cleo").contact.expect("a contact").to_string();
    sent(&one, &mut mira, "specific", &[("contact", cleo)]).await;
    one.browser("cleo").await.get("/portal/documents?tab=info").await.expect(200).shows("Notice of Rate Change");
    one.browser("ben").await.get("/portal/documents?tab=info").await.expect(200).hides("Notice of Rate Change");
}

#[actix_web::test]
async fn those_named_for_copies_are_told_by_mail_when_it_is_sent() {
    let one = Installation::new().await;
    let mut mira = one.browser("mira").await;
    let id = draft(&one, &mut mira, one.cast.acme, "nda").await;
    fill_in(&mut mira, id).await;
    choose(&one, &mut mira, id, &["cleo"]).await;
    let page = format!("/legal/policies/{id}/wizard/3");
    let cleo = one.cast.person("cleo").contact.expect("a contact").to_string();
    let with = |copies: &'static str| {
        [
            ("acknowledgement", "required"),
            ("signers", "specific"),
            ("contact", ""),
            ("order", "any"),
            ("go", "next"),
            ("copies_to", copies),
        ]
    };
    let post = |copies: &'static str| {
        let mut fields = with(copies).map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec();
        fields[2].1.clone_from(&cleo);
        fields
    };
    for (copies, words) in [
        ("not an address", "no e-mail address"),
        ("a@x.example b@x.example c@x.example d@x.example e@x.example f@x.example", "at most 5"),
    ] {
        let fields = post(copies);
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        mira.post(&page, &fields).await.expect(422).shows(words).shows(copies);
    }
    let fields = post("Law@Firm.example, law@firm.example");
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    mira.post(&page, &fields).await.expect(303);
    mira.get(&format!("/legal/policies/{id}/wizard/4")).await.expect(200).shows("law@firm.example");
    mira.post(&format!("/legal/policies/{id}/submit"), &[]).await.expect(303);
    press(&mut one.browser("ada").await, id, "approve").await.expect(303);
    press(&mut mira, id, "send").await.expect(303);
    one.run_jobs().await;
    let told: Vec<String> = one.mails().into_iter().filter(|mail| mail.contains("law@firm.example")).collect();
    assert_eq!(told.len(), 1, "once, and at the sending alone");
    assert!(told[0].contains("Cleo Vance") && told[0].contains("nothing for you to sign"), "{}", told[0]);
    assert!(!told[0].contains("/portal/"), "no way in for strangers");
}

#[actix_web::test]
async fn what_a_newer_version_replaced_stays_on_the_list_and_says_from_when_the_newer_one_holds() {
    let one = Installation::new().await;
    let mut mira = one.browser("mira").await;
    let old = sent(&one, &mut mira, "all", &[]).await;
    press(&mut mira, old, "final-approval").await.expect(303);
    one.run_jobs().await;
    let renewed = press(&mut mira, old, "renew").await.expect(303);
    let new = policy_of(renewed.location());
    fill_in(&mut mira, new).await;
    let fields = [("acknowledgement", "informational"), ("signers", "all"), ("order", "any"), ("go", "next")];
    mira.post(&format!("/legal/policies/{new}/wizard/3"), &fields).await.expect(303);
    mira.post(&format!("/legal/policies/{new}/submit"), &[]).await.expect(303);
    press(&mut one.browser("ada").await, new, "approve").await.expect(303);
    press(&mut mira, new, "send").await.expect(303);
    press(&mut mira, new, "final-approval").await.expect(303);
    one.run_jobs().await;
    assert_eq!(status(&one, old).await, PolicyStatus::Superseded);
    let mut ben = one.browser("ben").await;
    ben.get("/portal/documents?tab=info").await.expect(200).shows("Published").shows("Superseded");
    let company = format!("/legal/compliance/{}", one.cast.acme);
    mira.get(&company).await.expect(200).shows("a newer version is published, effective 1 Mar 2027").hides("is in force.");
}
