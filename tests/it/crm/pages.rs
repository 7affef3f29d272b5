//! The CRM's bad days, each named where it is put right; and why the wizard has no client to choose.

use entity::{Reach, tenancy::contact};
use one_legal::{admin, platform::Actor};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use super::{
    standin::{Crm, KEY, Mood, company},
    take::look,
};
use crate::{causes, support::Installation};

/// Harbor as on its first day: without a client.
async fn without_clients(settings: &[(&str, &str)]) -> Installation {
    let one = Installation::with(settings).await;
    let mut work = one.platform.work(Actor::program("test"), Reach::Everything("a test")).await.expect("a unit of work");
    for company in [one.cast.acme, one.cast.bluefin] {
        let gone = contact::Entity::delete_many().filter(contact::Column::CompanyId.eq(company));
        gone.exec(work.write()).await.expect("nobody is left");
        let gone = entity::tenancy::company::Entity::delete_many().filter(entity::tenancy::company::Column::Id.eq(company));
        gone.exec(work.write()).await.expect("no client is left");
    }
    work.counts_as_audited("a test takes Harbor's clients away");
    work.commit().await.expect("committed");
    one
}

#[actix_web::test]
async fn an_empty_wizard_says_which_of_the_causes_it_is_and_looks_again() {
    let crm = Crm::start();
    let one = without_clients(&crm.settings()).await;
    let mut tom = one.browser("tom").await;
    let page = tom.get("/legal/policies/new").await.expect(200).shows("There are no clients yet").shows("Look at the CRM now");
    causes::named("L1.3", &page.text);
    crm.feels(Mood::RefusesTheKey);
    look(&one).await;
    let page = tom.get("/legal/policies/new").await.expect(200);
    causes::named("L1.4", &page.text);
    crm.feels(Mood::Well);
    // Whoever misses a client has the CRM looked at; a viewer does not, and what others own is left alone.
    tom.post("/legal/clients/look", &[]).await.expect(303);
    one.run_jobs().await;
    let page = tom.get("/legal/policies/new").await.expect(200);
    causes::named("L1.2", &page.text);
    one.browser("vik").await.post("/legal/clients/look", &[]).await.expect(403);
    one.browser("joy").await.post("/legal/clients/look", &[]).await.expect(404);
    crm.put(company("c-1", "Cedar Clinic", 1, &[("p-1", "Ines Roth", "ines@cedar.example")]));
    one.browser("ada").await.post("/legal/clients/look", &[]).await.expect(303);
    one.run_jobs().await;
    tom.get("/legal/policies/new").await.expect(200).shows("Cedar Clinic").hides("There are no clients yet");
}

#[actix_web::test]
async fn each_bad_day_of_the_crm_is_named_to_the_admin_and_clients_stay() {
    let crm = Crm::start();
    let one = Installation::with(&crm.settings()).await;
    crm.put(company("c-1", "Acme Dental", 1, &[]));
    look(&one).await;
    let mut mira = one.browser("mira").await;
    mira.get("/admin/integrations/crm").await.expect(200).shows("Both set").shows("1 told, 1 of them clients here").hides(KEY);
    for (mood, words) in [
        (Mood::Down, "it failed with 503"),
        (Mood::Slow, "it did not answer in time"),
        (Mood::Garbage, "something that is not in its contract"),
        (Mood::RefusesTheKey, "it refused our key"),
    ] {
        crm.feels(mood);
        look(&one).await;
        mira.get("/admin/integrations/crm").await.expect(200).shows(words).shows("Acme Dental");
        let found = admin::findings(&one.platform).await;
        let crm = found.iter().find(|one| one.check == "crm").expect("a finding");
        assert!(crm.what.contains(words) && !crm.fix.is_empty(), "{crm:?}");
        mira.get("/legal/policies/new").await.expect(200).shows("Acme Dental");
    }
    look(&one).await;
    let late = admin::findings(&one.platform).await.into_iter().find(|one| one.check == "crm_sync").expect("late");
    assert!(late.what.contains("Harbor IT's clients were last taken on"), "{late:?}");
    crm.feels(Mood::Well);
    look(&one).await;
    let found = admin::findings(&one.platform).await;
    assert!(found.iter().any(|one| one.check == "crm" && one.is_ok()) && found.iter().all(|one| one.check != "crm_sync"));
}
