//! The database itself refuses to change or forget a line.

use super::{by_hand, five_lines, rows};
use crate::support::Installation;

#[actix_web::test]
async fn update_and_delete_are_refused_by_the_database() {
    let one = Installation::new().await;
    let chain = five_lines(&one).await;
    let before = rows(&one, &chain).await;
    for sql in [
        format!("UPDATE audit_entry SET actor = 'Nobody' WHERE chain = '{chain}' AND seq = 2"),
        format!("UPDATE audit_entry SET hash = hash WHERE chain = '{chain}'"),
        format!("DELETE FROM audit_entry WHERE chain = '{chain}' AND seq = 2"),
        "DELETE FROM audit_entry".to_owned(),
    ] {
        let refused = by_hand(&one, &sql).await.expect_err(&sql);
        assert!(refused.to_string().contains("audit_entry is append-only"), "{sql}: {refused}");
    }
    assert_eq!(rows(&one, &chain).await, before);
}

#[actix_web::test]
async fn the_same_place_in_a_chain_cannot_be_taken_twice() {
    let one = Installation::new().await;
    let chain = five_lines(&one).await;
    let copy = format!(
        "INSERT INTO audit_entry (id, chain, tenant_id, seq, at, actor_id, actor, action, object, result, ip, request_id, detail, hash)
         SELECT actor_id, chain, tenant_id, seq, at, actor_id, 'Nobody', action, object, result, ip, request_id, detail, hash
         FROM audit_entry WHERE chain = '{chain}' AND seq = 2"
    );
    by_hand(&one, &copy).await.expect_err("the place is taken");
}
