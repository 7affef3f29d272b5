//! What the CRM tells and is asked: taken once, the newest stays, who is who is not guessed, and what was changed here stands.

use entity::{Moment, tenancy::company, wall::Walled};
use one_legal::{crm::jobs, tenancy};
use sea_orm::QueryOrder;
use serde_json::{Value, json};

use super::standin::{Crm, KEY, company};
use crate::support::{Answer, Browser, Installation};

pub async fn look(one: &Installation) {
    one.platform.clock.advance(jobs::EVERY);
    jobs::sync_due(&one.platform).await.expect("a look");
}

/// As a program sends it: no cookie, no origin.
async fn tell(one: &Installation, key: &str, body: &Value) -> Answer {
    let client = reqwest::Client::builder().no_proxy().build().expect("a client");
    let request = client.post(format!("{}/api/crm/companies", one.url)).header("x-integration-key", key).json(body);
    one.stranger().send(request).await
}

async fn names(one: &Installation) -> Vec<String> {
    let tx = one.tx().await;
    let rows = company::Entity::within(tx.reach()).order_by_asc(company::Column::Name).all(&tx).await.expect("companies");
    rows.into_iter().filter(|row| row.tenant_id == one.cast.harbor).map(|row| row.name).collect()
}

/// The address of the form that says who this company is.
async fn form_of(mira: &mut Browser, name: &str) -> String {
    let page = mira.get("/admin/integrations/crm").await.expect(200);
    let at = page.text.find(&format!("<b>{name}</b>")).unwrap_or_else(|| panic!("{name} is not on the page"));
    let before = &page.text[..at];
    let from = before.rfind("/admin/integrations/crm/clients/").expect("its form");
    before[from..].split('"').next().expect("an address").to_owned()
}

#[actix_web::test]
async fn clients_come_page_by_page_once_and_then_only_what_changed() {
    let crm = Crm::start();
    let one = Installation::with(&crm.settings()).await;
    crm.put(company("c-1", " acme  DENTAL", 1, &[("p-1", "Cleo V.", &one.cast.person("cleo").email.to_uppercase())]));
    crm.put(company("c-2", "Cedar Clinic", 1, &[("p-2", "Ines Roth", "ines@cedar.example"), ("p-3", "No Address", "")]));
    crm.put(company("c-3", "Dune Media", 1, &[]));
    look(&one).await;
    let asked: Vec<String> = crm.asked().into_iter().filter(|query| query.contains("tenant=harbor")).collect();
    assert_eq!(asked, ["tenant=harbor", "tenant=harbor&cursor=2"]);
    // Acme was here: its name says so, and Cleo's address says who she is.
    assert_eq!(names(&one).await, ["Acme Dental", "Bluefin Freight", "Cedar Clinic", "Dune Media"]);
    let tx = one.tx().await;
    let here = tenancy::contacts_of(&tx, one.cast.acme).await.expect("contacts");
    assert_eq!(here.iter().filter(|row| row.email == one.cast.person("cleo").email).count(), 1);
    drop(tx);
    let mut mira = one.browser("mira").await;
    let page = mira.get("/admin/clients").await.expect(200).shows("Cedar Clinic");
    let cedar = page.text.split("/admin/clients/").find(|part| part.contains("Cedar Clinic")).expect("its link");
    let cedar = format!("/admin/clients/{}", cedar.split('"').next().expect("an id"));
    mira.get(&cedar).await.expect(200).shows("Ines Roth").shows("Own items").hides("No Address");
    assert!(one.mails().iter().all(|mail| !mail.contains("ines@cedar.example")), "nobody is invited by the CRM");
    // Nothing is asked twice within a quarter of an hour; afterwards from the mark on.
    jobs::sync_due(&one.platform).await.expect("not yet");
    assert_eq!(crm.asked(), Vec::<String>::new());
    crm.put(company("c-3", "Dune Media Group", 2, &[("p-9", "Olaf Berg", "olaf@dune.example")]));
    look(&one).await;
    assert!(crm.asked().contains(&"tenant=harbor&since=3".to_owned()));
    assert!(names(&one).await.contains(&"Dune Media Group".to_owned()));
    mira.get("/legal/policies/new").await.expect(200).shows("Dune Media Group").shows("Those of your CRM are as of");
}

#[actix_web::test]
async fn what_is_told_twice_late_or_out_of_order_changes_nothing_that_is_newer() {
    let one = Installation::with(&[("CRM_API_URL", "http://127.0.0.1:9"), ("CRM_INTEGRATION_KEY", KEY)]).await;
    let person = [("p-1", "Ines Roth", "ines@cedar.example")];
    let told = |name: &str, version| json!({ "tenant": "harbor", "companies": [company("c-2", name, version, &person)] });
    for (body, taken) in [(told("Cedar", 3), 1), (told("Cedar Clinic", 7), 1), (told("Cider", 5), 0), (told("Cedar Clinic", 7), 0)]
    {
        assert_eq!(tell(&one, KEY, &body).await.expect(200).json()["taken"], taken);
    }
    assert_eq!(names(&one).await, ["Acme Dental", "Bluefin Freight", "Cedar Clinic"]);
    for key in ["", "crm-key-crm-key-crm-key-crm-key-01"] {
        assert_eq!(tell(&one, key, &told("Cedar", 9)).await.expect(401).code(), "bad_integration_key");
    }
    for (name, value) in [
        ("id", json!(" ")),
        ("name", json!("x".repeat(161))),
        ("legal_name", json!("a\nb")),
        ("contacts", json!([{ "id": "p", "name": "" }])),
        ("version", json!("new")),
    ] {
        let mut bad = company("c-9", "Nine", 1, &[]);
        bad[name] = value;
        let body = json!({ "tenant": "harbor", "companies": [company("c-8", "Eight", 1, &[]), bad] });
        tell(&one, KEY, &body).await.expect(422);
    }
    tell(&one, KEY, &json!({ "tenant": "nowhere", "companies": [] })).await.expect(422);
    assert_eq!(names(&one).await, ["Acme Dental", "Bluefin Freight", "Cedar Clinic"], "all of a call or nothing of it");
}

#[actix_web::test]
async fn what_was_changed_here_stands_and_nobody_is_deleted() {
    let one = Installation::with(&[("CRM_API_URL", "http://127.0.0.1:9"), ("CRM_INTEGRATION_KEY", KEY)]).await;
    let told = |name: &str, version, who: &str, email: &str| json!({ "tenant": "harbor", "companies": [company("c-2", name, version, &[("p-1", who, email)])] });
    tell(&one, KEY, &told("Cedar", 1, "Ines Roth", "ines@cedar.example")).await.expect(200);
    let mut mira = one.browser("mira").await;
    let tx = one.tx().await;
    let cedar = tenancy::companies(&tx, one.cast.harbor).await.expect("companies").into_iter().find(|row| row.name == "Cedar");
    let cedar = cedar.expect("Cedar").id;
    drop(tx);
    let path = format!("/admin/clients/{cedar}");
    mira.post(&path, &[("name", "Cedar Health"), ("legal_name", "Cedar Health LLC"), ("number", "")]).await.expect(303);
    // The name was changed here and stays; who works there follows the CRM.
    tell(&one, KEY, &told("Cedar Clinic", 2, "Ines Roth-Hahn", "ines@cedar.example")).await.expect(200);
    mira.get(&path).await.expect(200).shows("Cedar Health").shows("Ines Roth-Hahn").hides("Cedar Clinic");
    mira.get("/admin/integrations/crm").await.expect(200).shows("Called Cedar Health here");
    // Another address is another contact: the old one may have signed.
    tell(&one, KEY, &told("Cedar Clinic", 3, "Ines Roth-Hahn", "ines.roth@cedar.example")).await.expect(200);
    mira.get(&path).await.expect(200).shows("ines.roth@cedar.example").shows("ines@cedar.example");
    let mut gone = company("c-2", "Cedar Clinic", 4, &[]);
    gone["active"] = json!(false);
    tell(&one, KEY, &json!({ "tenant": "harbor", "companies": [gone] })).await.expect(200);
    mira.get(&path).await.expect(200).shows("Cedar Health").shows("ines@cedar.example");
    mira.get("/admin/integrations/crm").await.expect(200).shows("Gone at the CRM").shows("1 gone at the CRM");
}

#[actix_web::test]
async fn who_could_be_several_waits_for_the_admin_and_is_never_guessed() {
    let one = Installation::with(&[("CRM_API_URL", "http://127.0.0.1:9"), ("CRM_INTEGRATION_KEY", KEY)]).await;
    let person = [("p-1", "Ines Roth", "ines@acme.example")];
    let both = json!({ "tenant": "harbor", "companies": [company("c-1", "Acme Dental", 1, &[]), company("c-7", "Acme Dental", 1, &person)] });
    tell(&one, KEY, &both).await.expect(200);
    assert_eq!(names(&one).await, ["Acme Dental", "Bluefin Freight"]);
    let found = one_legal::admin::findings(&one.platform).await;
    assert!(found.iter().any(|one| one.check == "crm_clients" && one.what.contains("1 companies")), "Health says that one waits");
    let mut mira = one.browser("mira").await;
    mira.get("/admin/integrations/crm").await.expect(200).shows("Who are these?").shows("c-7");
    let form = form_of(&mut mira, "Acme Dental").await;
    let acme = one.cast.acme.to_string();
    mira.post(&form, &[("company", &acme)]).await.expect(422).shows("of the CRM (c-1) already");
    // Nobody else's admin, and none of another tenant's clients.
    for (person, status) in [("eve", 404), ("tom", 403), ("ada", 404), ("dora", 404)] {
        one.browser(person).await.post(&form, &[("company", "new")]).await.expect(status);
    }
    mira.post(&form, &[("company", &one.cast.fir.to_string())]).await.expect(404);
    mira.post(&form, &[("company", &one.cast.bluefin.to_string())]).await.expect(303);
    mira.get(&format!("/admin/clients/{}", one.cast.bluefin)).await.expect(200).shows("ines@acme.example");
    mira.post(&form, &[("company", "")]).await.expect(303);
    mira.get("/admin/integrations/crm").await.expect(200).shows("No clients of yours");
    mira.post(&form, &[("company", "new")]).await.expect(422).shows("choose it, or rename it first");
    // What is decided holds for what comes later.
    tell(&one, KEY, &json!({ "tenant": "harbor", "companies": [company("c-7", "Acme Dental North", 2, &person)] }))
        .await
        .expect(200);
    assert_eq!(names(&one).await, ["Acme Dental", "Bluefin Freight"]);
    mira.post(&form, &[("company", "new")]).await.expect(303);
    assert_eq!(names(&one).await, ["Acme Dental", "Acme Dental North", "Bluefin Freight"]);
    one.platform.clock.advance(Moment::MINUTE);
    let mut eve = one.browser("eve").await;
    eve.get("/admin/integrations/crm").await.expect(200).hides("Acme");
}
