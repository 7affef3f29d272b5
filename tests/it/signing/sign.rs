//! Signing: in any order, in order, twice, a hundred times at once; and where the signed document is afterwards.

use entity::{policies::PolicyStatus, signing::EnvelopeStatus};
use one_legal::{signing, vault};

use super::{
    certificate::words,
    paper::{Paper, TERMS, Terms, policy_status, send, signatures, view},
};
use crate::{causes, support::Installation};

#[actix_web::test]
async fn two_people_sign_in_any_order_and_the_document_is_in_the_vault_when_the_page_shows() {
    let one = Installation::new().await;
    let paper = send(&one, &TERMS).await;
    let (mut cleo, mut dora) = (one.browser("cleo").await, one.browser("dora").await);

    cleo.get("/portal/dashboard").await.expect(200).shows("Master Services Agreement").shows("Review &amp; Sign");
    cleo.get("/portal/documents").await.expect(200).shows("Needs Your Signature").shows("Issued today");
    let record = paper.read_and_sign(&mut dora, "Dora Kim").await.expect(201).json();
    assert_eq!(record["document_sha256"], paper.sha256.as_str());
    assert_eq!(record["consent_version"], signing::CONSENT.version);
    assert_eq!(record["method"], "password");
    dora.get(&paper.sign_page()).await.expect(200).shows("You have signed this document").shows("1 of 2 have signed");
    assert_eq!(policy_status(&one, paper.policy).await, PolicyStatus::ClientReview);

    paper.read_and_sign(&mut cleo, "Cleo Vance").await.expect(201);
    assert_eq!(policy_status(&one, paper.policy).await, PolicyStatus::FinalApproval);
    let now = view(&one, paper.envelope).await;
    assert_eq!(now.status, EnvelopeStatus::Completed);
    let document = now.sealed_document.expect("it is in the vault without any job having run");
    cleo.get(&paper.sign_page()).await.expect(200).shows(&format!("/portal/files/{document}/download"));
    cleo.get("/portal/documents").await.expect(200).shows("No documents awaiting your signature");
    cleo.get("/portal/documents?tab=signed&q=services").await.expect(200).shows(&format!("/portal/files/{document}/download"));
    cleo.get("/portal/documents?tab=signed&q=nothing_like_it").await.expect(200).shows("Nothing matches");

    let pdf = vault::read(&one.platform, &one.tx().await, document).await.expect("opened");
    let words = words(&pdf);
    for expected in ["Clause on Ending.", "Cleo Vance", "Dora Kim", "Certificate of signature", &paper.sha256] {
        assert!(words.contains(expected), "`{expected}` is not in the PDF:\n{words}");
    }
    for (key, address, status) in [
        ("mira", format!("/legal/vault/{document}/download"), 200),
        ("ada", format!("/legal/vault/{document}/download"), 200),
        ("tom", format!("/legal/vault/{document}/download"), 200),
        ("cleo", format!("/portal/files/{document}/download"), 200),
        ("dora", format!("/portal/files/{document}/download"), 200),
        ("ben", format!("/portal/files/{document}/download"), 404),
        ("gus", format!("/portal/files/{document}/download"), 404),
        ("eve", format!("/legal/vault/{document}/download"), 404),
        ("finn", format!("/portal/files/{document}/download"), 404),
    ] {
        let answer = one.browser(key).await.get(&address).await;
        assert_eq!(answer.status, status, "{key} at {address}");
    }

    let links = signing::verify_evidence(&one.tx().await, paper.envelope).await.expect("read").expect("the chain holds");
    assert!(links >= 12, "sent, 2 x viewed, 8 x progress, 2 x signed, completed, sealed: {links}");
    one.run_jobs().await;
    assert_eq!(view(&one, paper.envelope).await.sealed_document, Some(document), "the job finds it done");
}

#[actix_web::test]
async fn in_order_the_second_waits_for_the_first() {
    let one = Installation::new().await;
    let paper = send(&one, &Terms { sequential: true, ..TERMS }).await;
    let (mut cleo, mut dora) = (one.browser("cleo").await, one.browser("dora").await);
    one.run_jobs().await;
    assert!(
        one.letters_to("cleo@acmedental.example").len() == 1 && one.letters_to("dora@acmedental.example").is_empty(),
        "only the first is asked"
    );
    dora.get("/portal/documents").await.expect(200).shows("signs first");
    let refused = paper.read_and_sign(&mut dora, "Dora Kim").await.expect(409);
    assert_eq!(refused.code(), "not_your_turn");
    paper.read_and_sign(&mut cleo, "Cleo Vance").await.expect(201);
    one.run_jobs().await;
    assert_eq!(one.letters_to("dora@acmedental.example").len(), 1, "now the second is asked");
    paper.acknowledge(&mut dora, "Dora Kim").await.expect(201);
    assert_eq!(view(&one, paper.envelope).await.status, EnvelopeStatus::Completed);
}

#[actix_web::test]
async fn signing_twice_answers_the_same_record() {
    let one = Installation::new().await;
    let paper = send(&one, &TERMS).await;
    let mut cleo = one.browser("cleo").await;
    let first = paper.read_and_sign(&mut cleo, "Cleo Vance").await.expect(201).json();
    one.platform.clock.advance(60_000);
    let second = paper.acknowledge(&mut cleo, "Somebody Else").await.expect(200).json();
    assert_eq!(first, second);
    assert_eq!(signatures(&one, paper.envelope).await, 1);
    causes::impossible("P10.2");
}

#[actix_web::test]
async fn a_hundred_posts_at_once_are_one_signature() {
    let one = Installation::new().await;
    let paper = send(&one, &TERMS).await;
    let mut cleo = one.browser("cleo").await;
    cleo.get(&paper.sign_page()).await.expect(200);
    paper.report(&mut cleo, 1_000).await.expect(200);
    let posts = (0..100).map(|_| {
        let request = cleo.request(reqwest::Method::POST, "/portal/signing/acknowledge").header("accept", "application/json");
        let request = request.json(&paper.declaration("Cleo Vance"));
        async move { request.send().await.expect("an answer").status().as_u16() }
    });
    let mut statuses = futures_util::future::join_all(posts).await;
    statuses.sort_unstable();
    assert_eq!(statuses.iter().filter(|status| **status == 201).count(), 1, "{statuses:?}");
    assert!(statuses.iter().all(|status| matches!(status, 200 | 201)), "{statuses:?}");
    assert_eq!(signatures(&one, paper.envelope).await, 1);
    signing::verify_evidence(&one.tx().await, paper.envelope).await.expect("read").expect("the chain holds");
    causes::impossible("P10.3");
}

#[actix_web::test]
async fn after_the_signature_the_very_next_reads_show_it_everywhere() {
    let one = Installation::new().await;
    let (mut cleo, mut mira) = (one.browser("cleo").await, one.browser("mira").await);
    for round in 0..20 {
        let paper: Paper = send(&one, &Terms { signers: &["cleo"], ..TERMS }).await;
        cleo.get(&paper.sign_page()).await.expect(200);
        paper.report(&mut cleo, 1_000).await.expect(200);
        paper.acknowledge(&mut cleo, "Cleo Vance").await.expect(201);
        let document =
            view(&one, paper.envelope).await.sealed_document.unwrap_or_else(|| panic!("round {round}: not in the vault"));
        mira.get(&format!("/legal/vault/{document}/download")).await.expect(200);
        cleo.get(&paper.sign_page()).await.expect(200).shows(&document.to_string());
        assert_eq!(policy_status(&one, paper.policy).await, PolicyStatus::FinalApproval, "round {round}");
        causes::named("L8.2", &mira.get("/legal/notifications").await.expect(200).text);
        mira.get_json("/api/v1/documents").await.expect(200).shows(&document.to_string());
        let score = mira.get_json(&format!("/api/v1/compliance/{}", one.cast.acme)).await.expect(200).json();
        assert_eq!(score["score"], 100, "round {round}: {score}");
        assert!(score["signed"].to_string().contains(&paper.policy.to_string()), "round {round}: {score}");
    }
    causes::impossible("L4.1");
    causes::impossible("L8.3");
    causes::impossible("L10.1");
}

#[actix_web::test]
async fn a_seal_that_failed_is_made_by_the_job() {
    let one = Installation::new().await;
    let paper = send(&one, &Terms { signers: &["cleo"], ..TERMS }).await;
    let mut cleo = one.browser("cleo").await;
    cleo.get(&paper.sign_page()).await.expect(200);
    paper.report(&mut cleo, 1_000).await.expect(200);
    let blobs = one.platform.config.blob_folder();
    let away = blobs.with_extension("away");
    let _ = std::fs::create_dir_all(&blobs);
    std::fs::rename(&blobs, &away).expect("the blob store is away");
    std::fs::write(&blobs, b"not a folder").expect("in its way");
    paper.acknowledge(&mut cleo, "Cleo Vance").await.expect(201);
    cleo.get(&paper.sign_page()).await.expect(200).shows("is being made");
    std::fs::remove_file(&blobs).expect("out of the way");
    std::fs::rename(&away, &blobs).expect("the blob store is back");
    one.run_jobs().await;
    one.platform.clock.advance(60_000);
    one.run_jobs().await;
    assert!(view(&one, paper.envelope).await.sealed_document.is_some());
}
