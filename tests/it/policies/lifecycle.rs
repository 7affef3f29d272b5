//! From the wizard to published and beyond.

use entity::policies::{PolicyStatus, policy};
use entity::wall::Walled;
use one_legal::policies;
use sea_orm::{ColumnTrait, QueryFilter};

use super::support::*;
use crate::support::Installation;

/// The first paragraph's anchor on the review tab.
fn anchor(page: &str) -> String {
    let at = page.find("id=\"p-s").expect("a paragraph") + 6;
    page[at..].split('"').next().expect("an id").to_owned()
}

#[actix_web::test]
async fn a_policy_goes_from_the_wizard_through_review_and_signatures_to_published() {
    let one = Installation::new().await;
    let id = submitted(&one, "msa").await;
    let at = format!("/legal/policies/{id}");
    assert_eq!(status(&one, id).await, PolicyStatus::InternalReview);

    let mut ada = one.browser("ada").await;
    ada.get("/legal/policies?waiting=me").await.expect(200).shows("Master Services Agreement").shows("Acme Dental");
    let review = ada.get(&format!("{at}?tab=review")).await.expect(200);
    let anchor = anchor(&review.text);
    ada.get(&format!("{at}?tab=review&comment={anchor}")).await.expect(200).shows("name=\"words\"");
    let comment = [("anchor", anchor.as_str()), ("answers", ""), ("words", "Name the parties' <state> of registration.")];
    let made = ada.post(&format!("{at}/comments"), &comment).await.expect(303);
    let comment = made.location().split("#c-").nth(1).expect("the comment").to_owned();
    ada.post(&format!("{at}/send-back"), &[("note", "One point beside the first paragraph.")]).await.expect(303);
    assert_eq!(status(&one, id).await, PolicyStatus::Draft);

    let mut mira = one.browser("mira").await;
    mira.get("/legal/policies").await.expect(200).shows("Sent back");
    mira.get(&at).await.expect(200).shows("Name the parties&#39; &#60;state&#62; of registration.").shows("One point beside");
    let answer = [("anchor", ""), ("answers", comment.as_str()), ("words", "Done: Illinois.")];
    mira.post(&format!("{at}/comments"), &answer).await.expect(303);
    mira.post(&format!("{at}/wizard/2"), &[("v.client_name", "Acme Dental LLC, an Illinois company"), ("go", "next")])
        .await
        .expect(303);
    mira.post(&format!("{at}/submit"), &[("note", "Changed as you asked.")]).await.expect(303);

    let shown = ada.get(&at).await.expect(200).shows("Done: Illinois.").shows("Acme Dental LLC, an Illinois company");
    assert!(shown.text.contains("id=\"p-"), "the attorney lands on the review");
    ada.post(&format!("{at}/comments/{comment}/resolve"), &[("resolved", "true")]).await.expect(303);
    mira.post(&format!("{at}/send"), &[]).await.expect(409).shows("has not approved");
    press(&mut ada, id, "approve").await.expect(303);
    press(&mut ada, id, "approve").await.expect(409);
    press(&mut mira, id, "send").await.expect(303);
    assert_eq!(status(&one, id).await, PolicyStatus::ClientReview);
    press(&mut mira, id, "final-approval").await.expect(409).shows("Not everybody has signed yet");

    sign(&one, "cleo", id).await;
    assert_eq!(status(&one, id).await, PolicyStatus::ClientReview, "one of two has signed");
    mira.get(&at).await.expect(200).shows("1 of 2 signed");
    press(&mut mira, id, "remind").await.expect(303);
    sign(&one, "dora", id).await;
    assert_eq!(status(&one, id).await, PolicyStatus::FinalApproval);

    let mut tom = one.browser("tom").await;
    press(&mut tom, id, "final-approval").await.expect(403);
    press(&mut mira, id, "final-approval").await.expect(303);
    assert_eq!(status(&one, id).await, PolicyStatus::Published);
    one.run_jobs().await;
    mira.get(&format!("{at}?tab=signatures")).await.expect(200).shows("View signed document");
    mira.get(&format!("{at}?tab=history")).await.expect(200).shows("Sent back").shows("Signed by all");
    mira.get_json(&format!("/api/v1/policies/{id}")).await.expect(200).shows("\"published\"");
}

#[actix_web::test]
async fn what_is_published_never_changes() {
    let one = Installation::new().await;
    let id = sent(&one, "nda").await;
    for key in ["cleo", "dora"] {
        sign(&one, key, id).await;
    }
    let mut mira = one.browser("mira").await;
    press(&mut mira, id, "final-approval").await.expect(303);
    let row = |tx: one_legal::platform::Tx| async move {
        policy::Entity::within(tx.reach()).filter(policy::Column::Id.eq(id)).one(&tx).await.expect("answered").expect("the row")
    };
    let before = row(one.tx().await).await;
    let at = format!("/legal/policies/{id}");
    mira.get(&format!("{at}/wizard/2")).await.expect(303);
    for page in ["wizard/2", "wizard/3", "submit", "recall", "send", "final-approval", "remind"] {
        let answer = mira
            .post(&format!("{at}/{page}"), &[("v.client_name", "Other"), ("acknowledgement", "informational"), ("signers", "all")])
            .await;
        assert_eq!(answer.status, 409, "{page}");
    }
    mira.post(&format!("{at}/cancel"), &[("reason", "no more")]).await.expect(409).shows("never changes again");
    mira.post(&format!("{at}/comments"), &[("anchor", ""), ("words", "late")]).await.expect(409);
    assert_eq!(row(one.tx().await).await, before);
}

#[actix_web::test]
async fn a_new_version_supersedes_the_old_one_when_it_is_published_and_not_before() {
    let one = Installation::new().await;
    let old = sent(&one, "nda").await;
    for key in ["cleo", "dora"] {
        sign(&one, key, old).await;
    }
    let mut mira = one.browser("mira").await;
    press(&mut mira, old, "final-approval").await.expect(303);
    let renewed = press(&mut mira, old, "renew").await.expect(303);
    let new = policy_of(renewed.location());
    press(&mut mira, old, "renew").await.expect(409).shows("being made already");
    mira.get(&format!("/legal/policies/{new}/wizard/1")).await.expect(200).shows("2027-03-01");
    mira.get(&format!("/legal/policies/{new}/wizard/3")).await.expect(200).shows("Cleo Vance");
    fill_in(&mut mira, new).await;
    choose(&one, &mut mira, new, &["dora"]).await;
    mira.post(&format!("/legal/policies/{new}/submit"), &[]).await.expect(303);
    press(&mut one.browser("ada").await, new, "approve").await.expect(303);
    press(&mut mira, new, "send").await.expect(303);
    sign(&one, "dora", new).await;
    assert_eq!(status(&one, old).await, PolicyStatus::Published, "the old one stays in force meanwhile");
    let tx = one.tx().await;
    assert_eq!(policies::required_in_force(&tx, one.cast.acme).await.expect("facts").len(), 2);
    drop(tx);
    press(&mut mira, new, "final-approval").await.expect(303);
    assert_eq!((status(&one, old).await, status(&one, new).await), (PolicyStatus::Superseded, PolicyStatus::Published));
    let tx = one.tx().await;
    let in_force = policies::required_in_force(&tx, one.cast.acme).await.expect("facts");
    assert_eq!(in_force.iter().map(|facts| (facts.policy, facts.version)).collect::<Vec<_>>(), [(new, 2)]);
    drop(tx);
    press(&mut mira, old, "archive").await.expect(303);
    assert_eq!(status(&one, old).await, PolicyStatus::Archived);
}

#[actix_web::test]
async fn a_cancelled_policy_can_no_longer_be_signed_and_says_why() {
    let one = Installation::new().await;
    let id = sent(&one, "nda").await;
    let mut mira = one.browser("mira").await;
    let at = format!("/legal/policies/{id}");
    mira.post(&format!("{at}/cancel"), &[("reason", " ")]).await.expect(422).shows("Say why");
    mira.post(&format!("{at}/cancel"), &[("reason", "Sent to the wrong client")]).await.expect(303);
    mira.get(&at).await.expect(200).shows("Sent to the wrong client");
    let body = serde_json::json!({ "policy_id": id, "typed_name": "Cleo Vance", "title": "Manager", "consent": true, "consent_version": "2026-01" });
    let refused = one.browser("cleo").await.post_json("/portal/signing/acknowledge", &body).await;
    assert!(matches!(refused.status, 404 | 409), "{}", refused.status);
    let again = press(&mut mira, id, "renew").await.expect(303);
    assert_eq!(status(&one, policy_of(again.location())).await, PolicyStatus::Draft);
}

#[actix_web::test]
async fn the_wrong_signer_is_replaced_and_the_others_keep_their_signatures() {
    let one = Installation::new().await;
    let id = sent(&one, "nda").await;
    sign(&one, "cleo", id).await;
    let mut mira = one.browser("mira").await;
    let contact = |key: &str| one.cast.person(key).contact.expect("a contact").to_string();
    let at = format!("/legal/policies/{id}/replace-signer");
    mira.post(&at, &[("from", &contact("dora")), ("to", "")]).await.expect(422).shows("Choose who is to sign instead");
    mira.post(&at, &[("from", &contact("dora")), ("to", &contact("gus"))]).await.expect(422);
    mira.post(&at, &[("from", &contact("dora")), ("to", &contact("ben"))]).await.expect(303);
    sign(&one, "ben", id).await;
    assert_eq!(status(&one, id).await, PolicyStatus::FinalApproval);
}

#[actix_web::test]
async fn an_informational_policy_asks_nobody_to_sign() {
    let one = Installation::new().await;
    let mut mira = one.browser("mira").await;
    let id = draft(&one, &mut mira, one.cast.acme, "rate-change-notice").await;
    fill_in(&mut mira, id).await;
    let fields = [("acknowledgement", "informational"), ("signers", "all"), ("order", "any"), ("go", "next")];
    mira.post(&format!("/legal/policies/{id}/wizard/3"), &fields).await.expect(303);
    mira.post(&format!("/legal/policies/{id}/submit"), &[]).await.expect(303);
    press(&mut one.browser("ada").await, id, "approve").await.expect(303);
    press(&mut mira, id, "send").await.expect(303);
    assert_eq!(status(&one, id).await, PolicyStatus::FinalApproval);
    let tx = one.tx().await;
    assert!(policies::required_in_force(&tx, one.cast.acme).await.expect("facts").is_empty(), "it does not count");
    drop(tx);
    press(&mut mira, id, "final-approval").await.expect(303);
    assert_eq!(status(&one, id).await, PolicyStatus::Published);
}

#[actix_web::test]
async fn nothing_a_policy_says_stands_in_the_database() {
    let one = Installation::new().await;
    if !one.data_dir.path().join("one-legal.db").exists() {
        return; // On PostgreSQL there is no file to look into.
    }
    let mut mira = one.browser("mira").await;
    let id = draft(&one, &mut mira, one.cast.acme, "nda").await;
    fill_in(&mut mira, id).await;
    mira.post(&format!("/legal/policies/{id}/wizard/2"), &[("v.client_name", "Quillfeather Canary LLC"), ("go", "next")])
        .await
        .expect(303);
    choose(&one, &mut mira, id, &["cleo"]).await;
    mira.post(&format!("/legal/policies/{id}/comments"), &[("anchor", ""), ("words", "Marmalade canary remark")]).await.expect(303);
    mira.post(&format!("/legal/policies/{id}/submit"), &[("note", "Periwinkle canary note")]).await.expect(303);
    press(&mut one.browser("ada").await, id, "approve").await.expect(303);
    press(&mut mira, id, "send").await.expect(303);
    mira.post(&format!("/legal/policies/{id}/cancel"), &[("reason", "Saffron canary reason")]).await.expect(303);
    for file in ["one-legal.db", "one-legal.db-wal"] {
        let bytes = std::fs::read(one.data_dir.path().join(file)).unwrap_or_default();
        for canary in ["Quillfeather", "Marmalade", "Periwinkle", "Saffron"] {
            assert!(!bytes.windows(canary.len()).any(|window| window == canary.as_bytes()), "{canary} in {file}");
        }
    }
}

#[actix_web::test]
async fn the_attorney_sends_back_with_a_reason_of_their_own_side() {
    let one = Installation::new().await;
    let id = submitted(&one, "nda").await;
    let mut mira = one.browser("mira").await;
    let said = |words: &'static str| [("anchor", ""), ("answers", ""), ("words", words)];
    mira.post(&format!("/legal/policies/{id}/comments"), &said("Is the term right?")).await.expect(303);
    let mut ada = one.browser("ada").await;
    let back = format!("/legal/policies/{id}/send-back");
    ada.post(&back, &[("note", "")]).await.expect(422).shows("Say what should change");
    ada.post(&format!("/legal/policies/{id}/comments"), &said("Make it two years.")).await.expect(303);
    ada.post(&back, &[("note", "")]).await.expect(303);
    assert_eq!(status(&one, id).await, PolicyStatus::Draft);
}
