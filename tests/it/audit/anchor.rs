//! The heads outside: a database put back to an earlier state of itself, signed head and all, is found by what was anchored.

use entity::{audit::head, wall::Unwalled};
use one_legal::{
    admin::{self, health::State},
    audit::{self, Line},
};
use sea_orm::{ColumnTrait, QueryFilter};

use super::{by_hand, five_lines, forge, record, rows};
use crate::support::Installation;

async fn anchored() -> (tempfile::TempDir, Installation) {
    let outside = tempfile::tempdir().expect("a folder");
    let path = outside.path().join("audit.anchor");
    let one = Installation::with(&[("AUDIT_ANCHOR", path.to_str().expect("a path"))]).await;
    (outside, one)
}

async fn head(one: &Installation, chain: &str) -> head::Model {
    let found = head::Entity::rows().filter(head::Column::Chain.eq(chain)).one(&one.tx().await).await;
    found.expect("read").expect("a head")
}

/// Everything after this head is gone, and the head is back where it was: signed by the keyring, as it was then.
async fn put_back(one: &Installation, to: &head::Model) {
    let (chain, seq, hash, signature) = (&to.chain, to.seq, &to.hash, &to.signature);
    forge(one, &format!("DELETE FROM audit_entry WHERE chain = '{chain}' AND seq > {seq}")).await;
    let sql = format!("UPDATE audit_head SET seq = {seq}, hash = '{hash}', signature = '{signature}' WHERE chain = '{chain}'");
    by_hand(one, &sql).await.expect("put back");
}

#[actix_web::test]
async fn a_tail_cut_off_with_its_head_put_back_is_found_and_named() {
    let (outside, one) = anchored().await;
    let chain = five_lines(&one).await;
    let before = head(&one, &chain).await;
    for n in 6..=8 {
        record(&one, one.cast.harbor, "Eve", Line::new("policy.approved", format!("policy:{n}"))).await;
    }
    let written = audit::anchor(&one.platform).await.expect("anchored");
    assert!(written >= 2, "the installation's chain and Harbor's");
    assert_eq!(audit::anchor(&one.platform).await.expect("anchored"), 0, "nothing has grown since");
    let whole = audit::verify(&one.platform, None).await.expect("it runs").expect("nothing is broken");
    assert_eq!(whole.anchors, written);
    let last = head(&one, &chain).await.seq;
    put_back(&one, &before).await;
    for only in [None, Some(chain.as_str())] {
        let broken = audit::verify(&one.platform, only).await.expect("it runs").expect_err("the cut");
        assert_eq!((broken.chain.as_str(), broken.seq), (chain.as_str(), before.seq + 1), "the first missing row");
        assert!(broken.what.contains(&format!("cut off: row {last} was anchored")), "{}", broken.what);
    }
    let pine = audit::verify(&one.platform, Some(&one.cast.pine.to_string())).await.expect("it runs");
    assert!(pine.is_ok(), "another chain stands");

    // The program goes on writing over the cut: the rows are there again, and are not the ones that were.
    for n in 1..=5 {
        record(&one, one.cast.harbor, "Eve", Line::new("policy.cancelled", format!("policy:{n}"))).await;
    }
    let broken = audit::verify(&one.platform, None).await.expect("it runs").expect_err("the new rows");
    assert_eq!((broken.chain.as_str(), broken.seq), (chain.as_str(), last));
    assert!(broken.what.contains("another than the one anchored"), "{}", broken.what);
    let page = one.browser("mira").await.post("/admin/audit/verify", &[]).await.expect(303);
    drop(page);
    drop(outside);
}

#[actix_web::test]
async fn without_an_anchor_such_a_cut_is_not_seen_and_the_doctor_says_so() {
    let one = Installation::new().await;
    let chain = five_lines(&one).await;
    let before = head(&one, &chain).await;
    record(&one, one.cast.harbor, "Eve", Line::new("policy.approved", "policy:6")).await;
    put_back(&one, &before).await;
    assert!(audit::verify(&one.platform, None).await.expect("it runs").is_ok());
    let findings = admin::findings(&one.platform).await;
    let line = findings.iter().find(|finding| finding.check == "anchor").expect("a line");
    assert_eq!(line.state, State::Warning);
    assert!(line.fix.contains("AUDIT_ANCHOR"), "{}", line.fix);
}

#[actix_web::test]
async fn a_line_changed_in_the_anchor_file_is_found_and_the_doctor_knows_the_last_one() {
    let (outside, one) = anchored().await;
    five_lines(&one).await;
    let state = async || {
        let findings = admin::findings(&one.platform).await;
        findings.into_iter().find(|finding| finding.check == "anchor").expect("a line").state
    };
    assert_eq!(state().await, State::Failing, "nothing was written yet");
    audit::anchor(&one.platform).await.expect("anchored");
    assert_eq!(state().await, State::Ok);
    let path = outside.path().join("audit.anchor");
    let text = std::fs::read_to_string(&path).expect("the file");
    let chain = one.cast.harbor.to_string();
    let seq = rows(&one, &chain).await.last().expect("rows").seq;
    std::fs::write(&path, text.replace(&format!("{chain} {seq} "), &format!("{chain} {} ", seq - 1))).expect("forged");
    let broken = audit::verify(&one.platform, None).await.expect("it runs").expect_err("a forged line");
    assert!(broken.what.contains("of the anchor file is not ours"), "{}", broken.what);
}
