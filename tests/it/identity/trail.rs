//! What the audit log says of people coming and going: exactly one line each.

use std::collections::BTreeMap;

use entity::{audit::entry, wall::Unwalled};

use crate::support::Installation;

#[actix_web::test]
async fn each_step_at_the_door_is_one_line_with_who_what_where_and_result() {
    let one = Installation::with(&[("LOGIN_RATE", "1000")]).await;
    let mut tom = one.stranger();
    for _ in 0..3 {
        one.password(&mut tom, "tom", "wrong").await.expect(422);
    }
    one.platform.clock.advance(15 * 60_000);
    one.sign_in(&mut tom, "tom").await.expect(303);
    tom.post("/legal/profile/recovery-codes", &[]).await.expect(200);
    tom.post("/logout", &[]).await.expect(303);
    one.stranger().post("/login", &[("email", "nobody@x.example"), ("password", "wrong")]).await.expect(422);
    let mut mira = one.browser("mira").await;
    mira.post("/admin/staff", &[("name", "Zoe Park"), ("email", "zoe@harbor.example"), ("role", "viewer")]).await.expect(303);
    let seat = staff_of(&one, "tom").await;
    mira.post(&format!("/admin/staff/{seat}/role"), &[("role", "viewer")]).await.expect(303);
    let rows = entry::Entity::rows().all(&one.tx().await).await.expect("rows");
    let mut count: BTreeMap<&str, usize> = BTreeMap::new();
    for row in &rows {
        *count.entry(row.action.as_str()).or_default() += 1;
        if row.action != "cast.created" && !row.action.starts_with("template") && row.ip.is_some() {
            assert_eq!(row.ip.as_deref(), Some("127.0.0.1"), "{}", row.action);
            assert!(row.request_id.is_some(), "{}", row.action);
        }
        assert!(
            !row.detail.contains("nobody@x.example") && !row.object.contains("nobody@x.example"),
            "what a stranger typed is not kept"
        );
    }
    for (action, times) in [
        ("login.failed", 4),
        ("account.locked", 1),
        ("password.accepted", 1),
        ("session.opened", 1),
        ("recovery_codes.made", 1),
        ("session.ended", 1),
        ("invite.sent", 1),
        ("staff.seated", 1),
        ("role.changed", 1),
    ] {
        assert_eq!(count.get(action), Some(&times), "{action}: {count:?}");
    }
    let failed = rows.iter().find(|row| row.action == "account.locked").expect("a line");
    assert_eq!((failed.result.as_str(), failed.tenant_id), ("denied", Some(one.cast.harbor)), "in the tenant's own chain");
    assert!(one_legal::audit::verify(&one.platform, None).await.expect("verified").is_ok());
}

async fn staff_of(one: &Installation, key: &str) -> entity::ids::StaffId {
    use entity::{tenancy::staff, wall::Walled};
    use sea_orm::{ColumnTrait, QueryFilter};
    let tx = one.tx().await;
    let account = one.cast.person(key).account;
    staff::Entity::within(tx.reach()).filter(staff::Column::AccountId.eq(account)).one(&tx).await.expect("read").expect("a seat").id
}
