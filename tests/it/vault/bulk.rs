//! Whoever opens many documents in a short time is reported: once a window, to their MSP and to themselves.

use entity::{Moment, audit::entry, ids::DocumentId, wall::Unwalled};
use one_legal::vault::Audience;
use sea_orm::{ColumnTrait, QueryFilter};

use super::store::{new_document, work};
use crate::support::Installation;

async fn documents(one: &Installation, count: usize) -> Vec<DocumentId> {
    let cleo = Audience::Account(one.cast.person("cleo").account);
    let mut work = work(one).await;
    let mut ids = Vec::new();
    for _ in 0..count {
        let document = new_document(one, vec![Audience::Staff, cleo]);
        ids.push(one_legal::vault::store(&mut work, document, b"%PDF-1.7".to_vec()).await.expect("stored"));
    }
    work.commit().await.expect("committed");
    ids
}

async fn reports(one: &Installation) -> Vec<entry::Model> {
    let tx = one.tx().await;
    let of_reports = entry::Entity::rows().filter(entry::Column::Action.eq("account.read_in_bulk"));
    of_reports.all(&tx).await.expect("the log")
}

/// Bells and mails about it that a person has.
async fn heard(one: &Installation, key: &str) -> (usize, usize) {
    let list = one.browser(key).await.get_json("/api/v1/notifications").await.expect(200).json();
    let bells = list["notifications"].as_array().expect("a list").iter().filter(|line| line["event"] == "account.read_in_bulk");
    let bells = bells.count();
    one.run_jobs().await;
    let email = &one.cast.person(key).email;
    (bells, one.letters_to(email).iter().filter(|letter| letter.subject.contains("within 10 minutes")).count())
}

#[actix_web::test]
async fn two_hundred_downloads_make_one_report_a_window() {
    let one = Installation::new().await;
    let ids = documents(&one, 200).await;
    let mut tom = one.browser("tom").await;
    for id in &ids[..49] {
        tom.get(&format!("/legal/vault/{id}/download")).await.expect(200);
    }
    // The same document again is not another one.
    for _ in 0..5 {
        tom.get(&format!("/legal/vault/{}/download", ids[0])).await.expect(200);
    }
    assert!(reports(&one).await.is_empty(), "49 documents are a working day");
    for id in &ids[49..] {
        tom.get(&format!("/api/v1/documents/{id}/content")).await.expect(200);
    }
    let found = reports(&one).await;
    assert_eq!(found.len(), 1, "one report in the window");
    assert_eq!((found[0].actor.as_str(), found[0].tenant_id), ("Tom Okafor", Some(one.cast.harbor)));
    assert!(found[0].detail.contains("\"documents\":50"), "{}", found[0].detail);
    for (key, times) in [("mira", 1), ("tom", 1), ("vik", 0), ("ada", 0), ("eve", 0), ("cleo", 0)] {
        assert_eq!(heard(&one, key).await, (times, times), "{key}");
    }
    let mut mira = one.browser("mira").await;
    let page = mira.get("/legal/notifications").await.expect(200).shows("Tom Okafor opened 50 documents within 10 minutes");
    assert!(page.text.contains("/admin/audit?actor=Tom+Okafor"), "the line leads to what was opened");
    mira.get("/admin/audit?actor=Tom+Okafor&action=document.").await.expect(200).shows("document.downloaded");
    tom.get("/legal/notifications").await.expect(200).shows("Your account opened 50 documents");

    one.platform.clock.advance(11 * Moment::MINUTE);
    for id in &ids {
        tom.get(&format!("/legal/vault/{id}/download?inline=1")).await.expect(200);
    }
    assert_eq!(reports(&one).await.len(), 2, "and one in the next");
    assert!(one_legal::audit::verify(&one.platform, None).await.expect("verified").is_ok());
}

#[actix_web::test]
async fn the_limit_is_a_setting_and_a_client_is_watched_as_well() {
    let one = Installation::with(&[("BULK_READ_LIMIT", "3")]).await;
    let ids = documents(&one, 4).await;
    let mut cleo = one.browser("cleo").await;
    for id in &ids {
        cleo.get(&format!("/portal/files/{id}/download")).await.expect(200);
    }
    assert_eq!(reports(&one).await.len(), 1);
    assert_eq!(heard(&one, "mira").await, (1, 1));
    assert_eq!(heard(&one, "cleo").await, (1, 1));
    let list = cleo.get_json("/api/v1/notifications").await.expect(200).json();
    assert_eq!(list["notifications"][0]["href"], "/portal/profile/activity");
    let findings = one_legal::admin::findings(&one.platform).await;
    let line = findings.iter().find(|finding| finding.check == "bulk_reads").expect("a line");
    assert!(line.what.contains("3 documents within 10 minutes"), "{}", line.what);
}
