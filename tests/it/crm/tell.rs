//! What the CRM hears of a client: its figures, the newest, once; of matters how many and when, never what.

use entity::Moment;
use one_legal::integrations;
use serde_json::json;

use super::{
    standin::{Crm, Mood, company},
    take::look,
};
use crate::{matters::desk, policies::support as policies, support::Installation};

#[actix_web::test]
async fn a_signature_and_a_matter_reach_the_crm_as_figures_and_nothing_of_what_they_are_about() {
    let crm = Crm::start();
    let one = Installation::with(&crm.settings()).await;
    crm.put(company("c/1", "Acme Dental", 1, &[]));
    look(&one).await;
    integrations::crm::jobs::tell_waiting(&one.platform).await.expect("told");
    let first = crm.told();
    assert_eq!(first.len(), 1, "a client that is new at the CRM is told at once, no other: {first:?}");
    assert_eq!((first[0].0.as_str(), &first[0].2["score"]), ("c/1", &json!(null)));
    let policy = policies::sent(&one, "msa").await;
    one.run_jobs().await;
    let sent = crm.told();
    let last = &sent.last().expect("told").2;
    assert_eq!(last["pending"][0]["missing"], json!(["Cleo Vance", "Dora Kim"]));
    policies::sign(&one, "cleo", policy).await;
    policies::sign(&one, "dora", policy).await;
    one.run_jobs().await;
    let signed = crm.told().pop().expect("told").2;
    assert_eq!((&signed["score"], &signed["pending"]), (&json!(100), &json!([])));
    let mut tom = one.browser("tom").await;
    let canary = "Kestrel-4711";
    desk::open(&one, &mut tom, &[("title", canary), ("description", canary)]).await;
    one.run_jobs().await;
    let told = crm.told();
    let last = &told.last().expect("told").2;
    assert_eq!(last["open_matters"], 1);
    assert!(last["last_matter_at"].is_string());
    assert!(told.iter().all(|(.., figures)| !figures.to_string().contains(canary)), "what a matter is about is privileged");
}

#[actix_web::test]
async fn after_a_day_without_the_crm_each_client_is_told_its_newest_figures_once() {
    let crm = Crm::start();
    let one = Installation::with(&crm.settings()).await;
    crm.put(company("c-1", "Acme Dental", 1, &[]));
    crm.put(company("c-2", "Bluefin Freight", 1, &[]));
    look(&one).await;
    integrations::crm::jobs::tell_waiting(&one.platform).await.expect("told");
    assert_eq!(crm.told().len(), 2);
    crm.feels(Mood::Down);
    let policy = policies::sent(&one, "msa").await;
    policies::sign(&one, "cleo", policy).await;
    for _ in 0..12 {
        one.platform.clock.advance(2 * Moment::HOUR);
        one.run_jobs().await;
        integrations::crm::jobs::tell_waiting(&one.platform).await.expect("it is away");
    }
    let mut mira = one.browser("mira").await;
    mira.get("/admin/integrations/crm").await.expect(200).shows("Its score waits").shows("Tell 1 score now");
    mira.get("/admin/integrations").await.expect(200).shows("scores to be told: 1");
    let health = one_legal::admin::findings(&one.platform).await;
    assert!(health.iter().any(|one| one.check == "crm_figures" && one.what.contains("failed with 503")), "Health says so");
    crm.feels(Mood::Well);
    one.platform.clock.advance(Moment::MINUTE);
    mira.post("/admin/integrations/crm/tell", &[]).await.expect(303);
    one.run_jobs().await;
    let told = crm.told();
    assert_eq!(told.len(), 1, "one client changed, and is told once: {told:?}");
    assert_eq!(told[0].0, "c-1");
    integrations::crm::jobs::tell_waiting(&one.platform).await.expect("nothing waits");
    assert!(crm.told().is_empty());
    mira.get("/admin/integrations/crm").await.expect(200).shows("The CRM knows its score as of").hides("Its score waits");
    for (person, status) in [("tom", 403), ("ada", 404), ("dora", 404)] {
        one.browser(person).await.post("/admin/integrations/crm/tell", &[]).await.expect(status);
    }
}
