//! Declining, with a reason.

use entity::signing::EnvelopeStatus;

use super::paper::{TERMS, send, view};
use crate::support::Installation;

#[actix_web::test]
async fn declining_needs_a_reason_and_stops_the_others() {
    let one = Installation::new().await;
    let paper = send(&one, &TERMS).await;
    let (mut cleo, mut dora) = (one.browser("cleo").await, one.browser("dora").await);
    cleo.get(&paper.sign_page()).await.expect(200).shows("Decline to sign");
    cleo.post(&paper.at("decline"), &[("reason", "  ")]).await.expect(422).shows("Say in a sentence why you decline");
    cleo.post(&paper.at("decline"), &[("reason", "The fee is wrong.")]).await.expect(303);
    cleo.get(&paper.sign_page()).await.expect(200).shows("You declined to sign");
    cleo.get("/portal/documents").await.expect(200).shows("No documents awaiting your signature");
    let now = view(&one, paper.envelope).await;
    assert_eq!((now.status, now.end_reason.as_deref()), (EnvelopeStatus::Declined, Some("The fee is wrong.")));
    cleo.get(&format!("{}?step=text", paper.sign_page())).await.expect(200).shows("Clause on Fees").hides("Decline to sign");
    cleo.get(&paper.sign_page()).await.expect(200).shows("?step=text").shows("/portal/messages");
    cleo.get("/portal/documents?tab=signed").await.expect(200).shows("Master Services Agreement").shows("You declined");
    dora.get(&paper.sign_page()).await.expect(200).shows("on hold").hides("The fee is wrong.");
    assert_eq!(paper.acknowledge(&mut dora, "Dora Kim").await.expect(409).code(), "wrong_status");
    one.browser("mira").await.get("/legal/notifications").await.expect(200).shows("declined to sign");
    one.run_jobs().await;
    let letters = one.letters_to("mira@harbor.example");
    assert!(letters.iter().any(|letter| letter.subject.contains("declined")), "Mira is told by mail");
}

#[actix_web::test]
async fn who_has_signed_hears_that_another_declined_and_still_reads_the_text() {
    let one = Installation::new().await;
    let paper = send(&one, &TERMS).await;
    let (mut cleo, mut dora) = (one.browser("cleo").await, one.browser("dora").await);
    paper.read_and_sign(&mut cleo, "Cleo Vance").await.expect(201);
    cleo.get(&paper.sign_page()).await.expect(200).shows("Still awaited").shows("?step=text");
    cleo.get(&format!("{}?step=text", paper.sign_page())).await.expect(200).shows("Clause on Fees").shows("the text you signed");
    dora.get(&paper.sign_page()).await.expect(200);
    dora.post(&paper.at("decline"), &[("reason", "The fee is wrong.")]).await.expect(303);
    let page = cleo.get(&paper.sign_page()).await.expect(200);
    page.shows("Dora Kim declined; it will not be completed").hides("Still awaited").hides("The fee is wrong.");
    let list = cleo.get("/portal/documents?tab=signed").await.expect(200);
    list.shows("Master Services Agreement").shows("Declined").shows("Dora Kim declined");
    cleo.get("/portal/dashboard").await.expect(200).shows("Dora Kim declined");
    cleo.get("/portal/notifications").await.expect(200).shows("Dora Kim declined to sign");
    one.run_jobs().await;
    let letters = one.letters_to(&one.cast.person("cleo").email);
    assert!(letters.iter().any(|letter| letter.subject.contains("declined")), "Cleo is told by mail");
}
