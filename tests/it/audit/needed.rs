//! No entry, no action: where the log cannot be written, nothing happens and nothing is handed out.

use entity::{notifications::preference, wall::Unwalled};
use one_legal::audit::Line;
use sea_orm::{DbBackend, PaginatorTrait};

use super::{by_hand, record, rows};
use crate::support::Installation;

/// The log takes no more lines.
async fn break_log(one: &Installation) {
    let sql = match one.platform.db.backend() {
        DbBackend::Postgres => {
            "CREATE FUNCTION no_more() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'the log is full'; END $$;
             CREATE TRIGGER no_more BEFORE INSERT ON audit_entry FOR EACH STATEMENT EXECUTE FUNCTION no_more()"
        }
        _ => "CREATE TRIGGER no_more BEFORE INSERT ON audit_entry BEGIN SELECT RAISE(ABORT, 'the log is full'); END",
    };
    by_hand(one, sql).await.expect("broken");
}

async fn mend_log(one: &Installation) {
    let on = if one.platform.db.backend() == DbBackend::Postgres { " ON audit_entry" } else { "" };
    by_hand(one, &format!("DROP TRIGGER no_more{on}")).await.expect("mended");
}

#[actix_web::test]
async fn a_change_that_cannot_be_recorded_does_not_happen() {
    let one = Installation::new().await;
    let mut mira = one.browser("mira").await;
    let chosen = async || preference::Entity::rows().count(&one.tx().await).await.expect("a count");
    break_log(&one).await;
    let answer = mira.post("/legal/settings", &[("mail", "policy")]).await;
    assert!(answer.status >= 500, "{}", answer.status);
    answer.hides("the log is full").shows("Something went wrong on our side");
    assert_eq!(chosen().await, 0, "nothing of it is left");
    mend_log(&one).await;
    mira.post("/legal/settings", &[("mail", "policy")]).await.expect(303);
    assert!(chosen().await > 0);
}

#[actix_web::test]
async fn what_must_be_recorded_when_read_is_not_handed_out() {
    let one = Installation::new().await;
    record(&one, one.cast.harbor, "Mira Castellan", Line::new("policy.approved", "policy:1")).await;
    let mut mira = one.browser("mira").await;
    break_log(&one).await;
    let answer = mira.get("/admin/audit/export?format=csv").await;
    assert!(answer.status >= 500, "{}", answer.status);
    answer.hides("policy.approved");
    mend_log(&one).await;
    mira.get("/admin/audit/export?format=csv").await.expect(200).shows("policy.approved");
}

#[actix_web::test]
async fn a_denied_access_is_exactly_one_line() {
    let one = Installation::new().await;
    let chain = one.cast.harbor.to_string();
    let before = rows(&one, &chain).await.len();
    one.browser("tom").await.get("/admin/audit").await.expect(403);
    let fresh = rows(&one, &chain).await.split_off(before);
    assert_eq!(fresh.len(), 1, "{fresh:?}");
    let line = &fresh[0];
    assert_eq!((line.action.as_str(), line.result.as_str()), ("access.denied", "denied"));
    assert_eq!(line.object, "address:GET /admin/audit");
    assert_eq!(line.actor, "Tom Okafor");
    assert_eq!(line.actor_id, Some(one.cast.person("tom").account));
    assert_eq!(line.tenant_id, Some(one.cast.harbor));
    assert_eq!(line.at, one.platform.clock.now());
    assert_eq!(line.ip.as_deref(), Some("127.0.0.1"));
    assert!(line.request_id.is_some());
}

#[actix_web::test]
async fn each_action_leaves_exactly_one_line_that_says_who_what_where() {
    let one = Installation::new().await;
    let chain = one.cast.harbor.to_string();
    let mut mira = one.browser("mira").await;
    /// Method, address, form, and the action that is recorded.
    type Act = (&'static str, &'static str, &'static [(&'static str, &'static str)], &'static str);
    let actions: &[Act] = &[
        ("POST", "/legal/settings", &[("mail", "policy")], "notification_preferences.changed"),
        ("GET", "/admin/audit/export?format=csv", &[], "audit.exported"),
        ("GET", "/admin/audit/export?format=jsonl", &[], "audit.exported"),
        ("POST", "/admin/audit/verify", &[], "audit.verified"),
    ];
    for (method, path, fields, action) in actions {
        let everything = async || {
            let tx = one.tx().await;
            entity::audit::entry::Entity::rows().count(&tx).await.expect("a count")
        };
        let before = everything().await;
        let answer = if *method == "GET" { mira.get(path).await } else { mira.post(path, fields).await };
        assert!(answer.status < 400, "{path}: {}", answer.status);
        assert_eq!(everything().await, before + 1, "{method} {path}");
        let request = answer.headers.get("x-request-id").and_then(|id| id.to_str().ok()).expect("a request id").to_owned();
        let fresh = rows(&one, &chain).await.pop().expect("a line in the tenant's own log");
        assert_eq!((fresh.action.as_str(), fresh.actor.as_str(), fresh.result.as_str()), (*action, "Mira Castellan", "ok"));
        assert_eq!(fresh.request_id, Some(request));
        assert_eq!(fresh.tenant_id, Some(one.cast.harbor));
    }
}
