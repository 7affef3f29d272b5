//! Who cannot sign, and what cannot be signed.

use entity::policies::PolicyStatus;
use one_legal::{platform::Actor, signing};
use sea_orm::{ConnectionTrait, DbBackend};
use serde_json::json;

use super::paper::{REACH, TERMS, Terms, send, send_again, signatures, text, view};
use crate::support::Installation;

#[actix_web::test]
async fn whoever_was_not_asked_finds_nothing_at_any_address() {
    let one = Installation::new().await;
    let paper = send(&one, &TERMS).await;
    for key in ["ben", "gus", "finn", "eve", "mira", "ada", "joy", "olga"] {
        let mut browser = one.browser(key).await;
        browser.get(&paper.sign_page()).await.expect(404);
        for step in ["sign", "next", "decline"] {
            browser.post(&paper.at(step), &[("part", "1"), ("document_sha256", &paper.sha256), ("reason", "x")]).await.expect(404);
        }
        paper.report(&mut browser, 1_000).await.expect(404);
        paper.acknowledge(&mut browser, "Somebody").await.expect(404);
    }
    let mut ben = one.browser("ben").await;
    ben.get("/portal/documents").await.expect(200).hides("Master Services Agreement");
    ben.get("/portal/documents?tab=signed").await.expect(200).hides("Master Services Agreement");
    ben.get("/portal/dashboard").await.expect(200).shows("Nothing waits for you");
    one.stranger().get(&paper.sign_page()).await.expect(303);
    assert_eq!(signatures(&one, paper.envelope).await, 0);
}

#[actix_web::test]
async fn somebody_of_the_company_may_read_but_not_sign() {
    let one = Installation::new().await;
    let paper = send(&one, &Terms { signers: &["dora"], ..TERMS }).await;
    let mut cleo = one.browser("cleo").await;
    cleo.get(&paper.sign_page()).await.expect(200).shows("You are not asked to sign it").hides("data-continue");
    paper.report(&mut cleo, 1_000).await.expect(409);
    assert_eq!(paper.acknowledge(&mut cleo, "Cleo Vance").await.expect(409).code(), "not_a_signer");
}

#[actix_web::test]
async fn a_changed_document_is_not_signed() {
    let one = Installation::new().await;
    let paper = send(&one, &TERMS).await;
    let mut cleo = one.browser("cleo").await;
    cleo.get(&paper.sign_page()).await.expect(200);
    paper.report(&mut cleo, 1_000).await.expect(200);
    let mut old = paper.declaration("Cleo Vance");
    old["document_sha256"] = json!(paper.sha256);

    // Mira sends another text between Cleo's view and her signature.
    let mut work = one.platform.work(Actor::program("test"), REACH).await.expect("a unit of work");
    signing::void(&mut work, paper.envelope, "a typo").await.expect("withdrawn");
    let fresh = send_again(&one, &mut work, paper.policy, &TERMS, &(text() + "<p>And one clause more.</p>"), 2).await;
    work.commit().await.expect("committed");
    assert_eq!(cleo.post_json("/portal/signing/acknowledge", &old).await.expect(409).code(), "document_changed");
    assert_eq!(paper.report(&mut cleo, 1_000).await.expect(409).code(), "document_changed");
    assert_eq!(paper.acknowledge(&mut cleo, "Cleo Vance").await.expect(409).code(), "not_read_to_end", "the new one was not read");

    // Somebody edits the stored text behind our back.
    let sha256 = view(&one, fresh).await.sha256;
    let body = json!({ "document_sha256": sha256, "furthest": 1_000 });
    cleo.get(&paper.sign_page()).await.expect(200).shows("one clause more");
    cleo.post_json(&paper.at("reading"), &body).await.expect(200);
    let other = if one.platform.db.backend() == DbBackend::Postgres { "'\\x00'::bytea" } else { "X'00'" };
    let edit = format!("UPDATE signing_envelope SET text = {other} WHERE sha256 = '{sha256}'");
    let mut work = one.platform.work(Actor::program("test"), REACH).await.expect("a unit of work");
    let edited = work.write().execute_unprepared(&edit).await.expect("edited").rows_affected();
    work.counts_as_audited("a test tampers");
    work.commit().await.expect("committed");
    assert_eq!(edited, 1);
    assert_eq!(paper.acknowledge(&mut cleo, "Cleo Vance").await.expect(409).code(), "document_changed");
    assert_eq!(signatures(&one, fresh).await, 0);
}

#[actix_web::test]
async fn a_policy_that_went_back_is_not_there_for_the_client() {
    let one = Installation::new().await;
    let paper = send(&one, &TERMS).await;
    let mut cleo = one.browser("cleo").await;
    for status in [PolicyStatus::Draft, PolicyStatus::InternalReview, PolicyStatus::Cancelled] {
        use sea_orm::{ActiveModelTrait, Set};
        let mut work = one.platform.work(Actor::program("test"), REACH).await.expect("a unit of work");
        let change = entity::policies::policy::ActiveModel { id: Set(paper.policy), status: Set(status), ..Default::default() };
        change.update(work.write()).await.expect("changed");
        work.counts_as_audited("a test prepares");
        work.commit().await.expect("committed");
        cleo.get(&paper.sign_page()).await.expect(404);
        paper.acknowledge(&mut cleo, "Cleo Vance").await.expect(404);
    }
}

#[actix_web::test]
async fn bad_input_is_answered_field_by_field_and_nothing_is_signed() {
    let one = Installation::new().await;
    let paper = send(&one, &TERMS).await;
    let mut cleo = one.browser("cleo").await;
    cleo.get(&paper.sign_page()).await.expect(200);
    paper.report(&mut cleo, 1_000).await.expect(200);
    let mut bad = paper.declaration("  ");
    bad["title"] = json!("x".repeat(201));
    bad["consent"] = json!(false);
    let errors = cleo.post_json("/portal/signing/acknowledge", &bad).await.expect(422).json()["errors"].clone();
    for field in ["typed_name", "title", "consent"] {
        assert!(errors[field][0].is_string(), "{field}: {errors}");
    }
    let mut stale = paper.declaration("Cleo Vance");
    stale["consent_version"] = json!("1999-01");
    cleo.post_json("/portal/signing/acknowledge", &stale).await.expect(422);
    cleo.post_json("/portal/signing/acknowledge", &json!({ "policy_id": "nonsense" })).await.expect(422);
    assert_eq!(signatures(&one, paper.envelope).await, 0);
}

#[actix_web::test]
async fn an_edited_link_of_the_evidence_is_found_and_named() {
    let one = Installation::new().await;
    let paper = send(&one, &TERMS).await;
    let mut cleo = one.browser("cleo").await;
    paper.read_and_sign(&mut cleo, "Cleo Vance").await.expect(201);
    let whole = one.platform.db.whole();
    assert!(whole.execute_unprepared("UPDATE signing_evidence SET actor = 'Nobody' WHERE seq = 2").await.is_err(), "append-only");
    assert!(whole.execute_unprepared("DELETE FROM signing_signature").await.is_err(), "append-only");
    if one.platform.db.backend() == DbBackend::Sqlite {
        whole.execute_unprepared("DROP TRIGGER signing_evidence_no_update").await.expect("by force");
        whole.execute_unprepared("UPDATE signing_evidence SET actor = 'Nobody' WHERE seq = 2").await.expect("edited");
        let broken = signing::verify_evidence(&one.tx().await, paper.envelope).await.expect("read");
        assert_eq!(broken, Err((2, "the link was changed".to_owned())));
    }
}
