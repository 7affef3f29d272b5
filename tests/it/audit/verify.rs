//! `audit::verify` finds a changed, missing, moved or cut row and names it.

use one_legal::audit;

use super::{five_lines, forge, rows};
use crate::support::Installation;

#[actix_web::test]
async fn an_untouched_log_verifies() {
    let one = Installation::new().await;
    let chain = five_lines(&one).await;
    let whole = audit::verify(&one.platform, None).await.expect("it runs").expect("nothing is broken");
    assert!(whole.chains >= 2, "the installation's chain and Harbor's");
    let harbor = audit::verify(&one.platform, Some(&chain)).await.expect("it runs").expect("nothing is broken");
    assert_eq!(harbor.entries, rows(&one, &chain).await.last().expect("rows").seq);
}

/// What a forger does to Harbor's chain (`{c}`; `{n}` is the last row), and what is said of it: which row (from the end where
/// negative) and how.
const FORGERIES: &[(&str, &str, i64, &str)] = &[
    ("the actor is changed", "UPDATE audit_entry SET actor = 'Nobody' WHERE chain = '{c}' AND seq = 2", 2, "changed"),
    ("the time is changed", "UPDATE audit_entry SET at = at + 1 WHERE chain = '{c}' AND seq = 3", 3, "changed"),
    ("the detail is changed", "UPDATE audit_entry SET detail = '{\"x\":1}' WHERE chain = '{c}' AND seq = 1", 1, "changed"),
    ("the result is changed", "UPDATE audit_entry SET result = 'denied' WHERE chain = '{c}' AND seq = 4", 4, "changed"),
    ("text moves from one field to its neighbour", "UPDATE audit_entry SET action = 'policy.approve', object = 'd' || object WHERE chain = '{c}' AND seq = 3", 3, "changed"),
    ("a row is deleted", "DELETE FROM audit_entry WHERE chain = '{c}' AND seq = 2", 2, "missing"),
    ("the first row is deleted", "DELETE FROM audit_entry WHERE chain = '{c}' AND seq = 1", 1, "missing"),
    (
        "two rows change places",
        "UPDATE audit_entry SET seq = -3 WHERE chain = '{c}' AND seq = 3;
         UPDATE audit_entry SET seq = 3 WHERE chain = '{c}' AND seq = 4;
         UPDATE audit_entry SET seq = 4 WHERE chain = '{c}' AND seq = -3",
        3,
        "changed",
    ),
    ("the tail is cut", "DELETE FROM audit_entry WHERE chain = '{c}' AND seq = {n}", 0, "missing"),
    ("the tail is cut and the head set back", "DELETE FROM audit_entry WHERE chain = '{c}' AND seq = {n};
         UPDATE audit_head SET seq = {n} - 1, hash = (SELECT hash FROM audit_entry WHERE chain = '{c}' AND seq = {n} - 1) WHERE chain = '{c}'", -1, "signature"),
    ("the whole chain is gone", "DELETE FROM audit_entry WHERE chain = '{c}'", 1, "missing"),
    ("the head is gone", "DELETE FROM audit_head WHERE chain = '{c}'", 0, "head of the chain is missing"),
    ("the head names another row", "UPDATE audit_head SET hash = 'ff' WHERE chain = '{c}'", 0, "signature"),
];

#[actix_web::test]
async fn every_forgery_is_found_and_its_row_named() {
    for (what, sql, row, words) in FORGERIES {
        let one = Installation::new().await;
        let chain = five_lines(&one).await;
        let last = rows(&one, &chain).await.last().expect("rows").seq;
        forge(&one, &sql.replace("{c}", &chain).replace("{n}", &last.to_string())).await;
        let broken = audit::verify(&one.platform, None).await.expect("it runs").expect_err(what);
        assert_eq!(broken.chain, chain, "{what}");
        assert_eq!(broken.seq, if *row > 0 { *row } else { last + row }, "{what}: {}", broken.what);
        assert!(broken.what.contains(words), "{what}: {}", broken.what);
    }
}

#[actix_web::test]
async fn a_row_put_in_without_the_key_is_found() {
    let one = Installation::new().await;
    let chain = five_lines(&one).await;
    let last = rows(&one, &chain).await.last().expect("rows").seq;
    let sql = format!(
        "INSERT INTO audit_entry (id, chain, tenant_id, seq, at, actor, action, object, result, detail, hash)
         SELECT tenant_id, chain, tenant_id, {last} + 1, at, 'Nobody', action, object, result, detail, hash
         FROM audit_entry WHERE chain = '{chain}' AND seq = {last}"
    );
    super::by_hand(&one, &sql).await.expect("put in");
    let broken = audit::verify(&one.platform, Some(&chain)).await.expect("it runs").expect_err("one too many");
    assert_eq!(broken.seq, last + 1);
}
