//! The wrong signer: another takes the place, the rest stays.

use entity::signing::EnvelopeStatus;
use one_legal::{platform::Actor, signing};

use super::paper::{Paper, REACH, TERMS, send, view};
use crate::support::Installation;

async fn replace(one: &Installation, paper: &Paper, from: &str, to: &str) -> one_legal::platform::Result<()> {
    let mut work = one.platform.work(Actor::program("test"), REACH).await.expect("a unit of work");
    let contact = |key: &str| one.cast.person(key).contact.expect("a contact");
    signing::replace_signer(&mut work, paper.envelope, contact(from), contact(to)).await?;
    work.commit().await
}

#[actix_web::test]
async fn the_new_signer_signs_and_the_others_keep_their_signatures() {
    let one = Installation::new().await;
    let paper = send(&one, &TERMS).await;
    let (mut cleo, mut ben, mut dora) = (one.browser("cleo").await, one.browser("ben").await, one.browser("dora").await);
    paper.read_and_sign(&mut cleo, "Cleo Vance").await.expect(201);
    dora.get(&paper.sign_page()).await.expect(200);
    paper.report(&mut dora, 1_000).await.expect(200);
    ben.get(&paper.sign_page()).await.expect(404);
    replace(&one, &paper, "dora", "ben").await.expect("replaced");

    assert_eq!(paper.acknowledge(&mut dora, "Dora Kim").await.expect(409).code(), "not_a_signer");
    dora.get("/portal/documents").await.expect(200).shows("No documents awaiting your signature");
    one.run_jobs().await;
    assert_eq!(one.letters_to("ben@acmedental.example").len(), 1, "Ben is asked");
    assert_eq!(paper.acknowledge(&mut ben, "Ben Marsh").await.expect(409).code(), "not_read_to_end", "he reads for himself");
    paper.read_and_sign(&mut ben, "Ben Marsh").await.expect(201);
    let now = view(&one, paper.envelope).await;
    assert_eq!((now.status, now.signed(), now.signers.len()), (EnvelopeStatus::Completed, 2, 3));
    let document = now.sealed_document.expect("sealed");
    ben.get(&format!("/portal/files/{document}/download")).await.expect(200);
}

#[actix_web::test]
async fn one_who_declined_can_be_replaced_but_not_one_who_signed() {
    let one = Installation::new().await;
    let paper = send(&one, &TERMS).await;
    let (mut cleo, mut dora) = (one.browser("cleo").await, one.browser("dora").await);
    paper.read_and_sign(&mut cleo, "Cleo Vance").await.expect(201);
    dora.post(&paper.at("decline"), &[("reason", "Not my business.")]).await.expect(303);
    let refused = replace(&one, &paper, "cleo", "ben").await.expect_err("she has signed");
    assert_eq!(refused.code(), "already_signed");
    assert_eq!(replace(&one, &paper, "dora", "cleo").await.expect_err("she is asked already").code(), "invalid");
    replace(&one, &paper, "dora", "ben").await.expect("replaced");
    let now = view(&one, paper.envelope).await;
    assert_eq!((now.status, now.end_reason), (EnvelopeStatus::Sent, None));
    replace(&one, &paper, "ben", "gus").await.expect_err("a signer is a contact of this client");
}
