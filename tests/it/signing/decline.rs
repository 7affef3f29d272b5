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
    dora.get(&paper.sign_page()).await.expect(200).shows("on hold").hides("The fee is wrong.");
    assert_eq!(paper.acknowledge(&mut dora, "Dora Kim").await.expect(409).code(), "wrong_status");
    one.browser("mira").await.get("/legal/notifications").await.expect(200).shows("declined to sign");
    one.run_jobs().await;
    let letters = one.letters_to("mira@harbor.example");
    assert!(letters.iter().any(|letter| letter.subject.contains("declined")), "Mira is told by mail");
}
