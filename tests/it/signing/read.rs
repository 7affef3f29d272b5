//! Reading: kept on the server, forward only, with and without script, through the end of a session.

use super::paper::{TERMS, Terms, send, view};
use crate::support::Installation;

#[actix_web::test]
async fn reading_survives_the_end_of_the_session() {
    let one = Installation::new().await;
    let paper = send(&one, &TERMS).await;
    let mut cleo = one.browser("cleo").await;
    cleo.get(&paper.sign_page()).await.expect(200).shows("data-furthest=\"0\"").shows("data-continue disabled");
    let known = paper.report(&mut cleo, 430).await.expect(200).json();
    assert_eq!((known["furthest"].as_i64(), known["at_end"].as_bool()), (Some(430), Some(false)));
    assert_eq!(paper.report(&mut cleo, 120).await.expect(200).json()["furthest"], 430, "it never moves back");

    one.platform.clock.advance(25 * 3_600_000);
    paper.report(&mut cleo, 900).await.expect(401);
    let mut again = one.browser("cleo").await;
    again.get(&paper.sign_page()).await.expect(200).shows("data-furthest=\"430\"").shows("43 %");
    paper.report(&mut again, 1_000).await.expect(200);
    again.get(&paper.sign_page()).await.expect(200).hides("data-continue disabled");
    again.get(&format!("{}?step=acknowledge", paper.sign_page())).await.expect(200).shows("Full legal name");
}

#[actix_web::test]
async fn before_the_end_was_read_nothing_is_signed() {
    let one = Installation::new().await;
    let paper = send(&one, &TERMS).await;
    let mut cleo = one.browser("cleo").await;
    assert_eq!(paper.acknowledge(&mut cleo, "Cleo Vance").await.expect(409).code(), "not_read_to_end", "never opened");
    cleo.get(&paper.sign_page()).await.expect(200);
    paper.report(&mut cleo, 999).await.expect(200);
    let refused = paper.acknowledge(&mut cleo, "Cleo Vance").await.expect(409);
    assert_eq!(refused.code(), "not_read_to_end");
    assert!(refused.json()["next_step"].as_str().is_some_and(|step| step.contains("read to its end")));
    let back = cleo.get(&format!("{}?step=acknowledge", paper.sign_page())).await.expect(303);
    assert_eq!(back.location(), paper.sign_page());
    let form = [
        ("typed_name", "Cleo Vance"),
        ("title", "Manager"),
        ("consent", "yes"),
        ("consent_version", "2026-01"),
        ("document_sha256", &paper.sha256),
    ];
    cleo.post(&paper.sign_page(), &form).await.expect(409).shows("You have not reached the end").shows("value=\"Cleo Vance\"");
}

#[actix_web::test]
async fn where_the_end_is_not_asked_for_opening_is_enough() {
    let one = Installation::new().await;
    let paper = send(&one, &Terms { scroll_to_end: false, ..TERMS }).await;
    let mut cleo = one.browser("cleo").await;
    assert_eq!(paper.acknowledge(&mut cleo, "Cleo Vance").await.expect(409).code(), "not_read_to_end", "never opened");
    cleo.get(&paper.sign_page()).await.expect(200).hides("data-until-end");
    paper.acknowledge(&mut cleo, "Cleo Vance").await.expect(201);
}

#[actix_web::test]
async fn without_script_one_reads_part_by_part_and_signs_by_form() {
    let one = Installation::new().await;
    let paper = send(&one, &TERMS).await;
    let mut cleo = one.browser("cleo").await;
    cleo.get(&paper.sign_page()).await.expect(200).shows("Read page by page");
    let sha256 = paper.sha256.clone();
    cleo.get(&format!("{}?part=1", paper.sign_page()))
        .await
        .expect(200)
        .shows("Clause on Scope.")
        .hides("Clause on Fees.")
        .shows("Part 1 of 3");
    let jumped = cleo.post(&paper.at("next"), &[("part", "3"), ("document_sha256", &sha256)]).await.expect(303);
    assert_eq!(jumped.location(), format!("{}?part=1", paper.sign_page()), "nobody jumps to the end by address");
    for (part, next) in [("1", "?part=2"), ("2", "?part=3"), ("3", "?step=acknowledge")] {
        let answer = cleo.post(&paper.at("next"), &[("part", part), ("document_sha256", &sha256)]).await.expect(303);
        assert_eq!(answer.location(), format!("{}{next}", paper.sign_page()));
    }
    let wrong = [("typed_name", "Cleo Vance"), ("title", ""), ("consent_version", "2026-01"), ("document_sha256", &sha256)];
    cleo.post(&paper.sign_page(), &wrong)
        .await
        .expect(422)
        .shows("value=\"Cleo Vance\"")
        .shows("Type your title or role")
        .shows("Tick the box to agree");
    let right = [
        ("typed_name", "Cleo Vance"),
        ("title", "Office Manager"),
        ("consent", "yes"),
        ("consent_version", "2026-01"),
        ("document_sha256", &sha256),
    ];
    let signed = cleo.post(&paper.sign_page(), &right).await.expect(303);
    cleo.get(signed.location()).await.expect(200).shows("You have signed this document").shows("Office Manager");
    cleo.post(&paper.sign_page(), &right).await.expect(303);
    assert_eq!(view(&one, paper.envelope).await.signed(), 1);
}
