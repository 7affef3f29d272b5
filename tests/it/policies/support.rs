//! What the tests of policies do again and again: drafting, filling in, sending on, signing.

use entity::{
    ids::{CompanyId, ContactId, PolicyId},
    policies::{PolicyStatus, template},
    wall::Walled,
};
use sea_orm::{ColumnTrait, QueryFilter};

use crate::support::{Answer, Browser, Installation};

/// The id of a default template in Harbor's library.
pub async fn template(one: &Installation, slug: &str) -> String {
    let tx = one.tx().await;
    template::Entity::within(tx.reach())
        .filter(template::Column::TenantId.eq(one.cast.harbor))
        .filter(template::Column::Slug.eq(slug))
        .one(&tx)
        .await
        .expect("the library answers")
        .expect("the template ships")
        .id
        .to_string()
}

/// Where a `/legal/policies/{id}/…` address leads.
pub fn policy_of(location: &str) -> PolicyId {
    location.split('/').find_map(|part| part.parse().ok()).unwrap_or_else(|| panic!("no policy in {location}"))
}

/// Page 1: a new draft of this template.
pub async fn draft(one: &Installation, browser: &mut Browser, company: CompanyId, slug: &str) -> PolicyId {
    let template = template(one, slug).await;
    let company = company.to_string();
    let fields = [
        ("company", company.as_str()),
        ("template", &template),
        ("title", ""),
        ("effective", "2026-03-02"),
        ("expiry", "2027-03-01"),
    ];
    let answer = browser.post("/legal/policies/new", &fields).await.expect(303);
    assert!(answer.location().ends_with("/wizard/2"), "{}", answer.location());
    policy_of(answer.location())
}

/// The fields that page 2 asks for, with something believable in each.
pub fn values(page: &str) -> Vec<(String, String)> {
    let html = scraper::Html::parse_document(page);
    let select = |css: &str| scraper::Selector::parse(css).expect("a selector");
    let mut fields = Vec::new();
    for input in html.select(&select("input[name^='v.'], textarea[name^='v.'], select[name^='v.']")) {
        let name = input.attr("name").expect("a name").to_owned();
        let there = match input.value().name() {
            "input" => input.attr("value").unwrap_or_default().to_owned(),
            "textarea" => input.text().collect::<String>().trim().to_owned(),
            _ => {
                let options: Vec<_> = input.select(&select("option")).collect();
                let chosen = options.iter().find(|option| option.attr("selected").is_some());
                chosen.or(options.last()).and_then(|option| option.attr("value")).unwrap_or_default().to_owned()
            }
        };
        let value = match (there.is_empty(), input.attr("type"), input.attr("inputmode")) {
            (false, ..) => there,
            (true, Some("date"), _) => "2026-04-01".to_owned(),
            (true, _, Some("decimal")) => "1500".to_owned(),
            _ => format!("Something for {}", &name[2..]),
        };
        fields.push((name, value));
    }
    fields
}

/// Page 2, filled in and left by "Next".
pub async fn fill_in(browser: &mut Browser, id: PolicyId) {
    let at = format!("/legal/policies/{id}/wizard/2");
    let page = browser.get(&at).await.expect(200);
    let fields = values(&page.text);
    let mut pairs: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    pairs.push(("go", "next"));
    let answer = browser.post(&at, &pairs).await.expect(303);
    assert!(answer.location().ends_with("/wizard/3"), "{}", answer.location());
}

/// Page 3: these people of the cast sign.
pub async fn choose(one: &Installation, browser: &mut Browser, id: PolicyId, people: &[&str]) {
    let contacts: Vec<ContactId> = people.iter().map(|key| one.cast.person(key).contact.expect("a contact")).collect();
    choose_contacts(browser, id, &contacts).await;
}

/// The same by their contacts.
pub async fn choose_contacts(browser: &mut Browser, id: PolicyId, contacts: &[ContactId]) {
    let contacts: Vec<String> = contacts.iter().map(ToString::to_string).collect();
    let mut fields = vec![
        ("acknowledgement", "required"),
        ("signers", "specific"),
        ("order", "any"),
        ("deadline", ""),
        ("reminder", "3"),
        ("scroll_to_end", "true"),
        ("go", "next"),
    ];
    fields.extend(contacts.iter().map(|contact| ("contact", contact.as_str())));
    browser.post(&format!("/legal/policies/{id}/wizard/3"), &fields).await.expect(303);
}

/// A button of the policy's page.
pub async fn press(browser: &mut Browser, id: PolicyId, what: &str) -> Answer {
    browser.post(&format!("/legal/policies/{id}/{what}"), &[]).await
}

/// Mira drafts it for Acme, to be signed by Cleo and Dora, and sends it to the attorney.
pub async fn submitted(one: &Installation, slug: &str) -> PolicyId {
    let mut mira = one.browser("mira").await;
    let id = draft(one, &mut mira, one.cast.acme, slug).await;
    fill_in(&mut mira, id).await;
    choose(one, &mut mira, id, &["cleo", "dora"]).await;
    mira.get(&format!("/legal/policies/{id}/wizard/4")).await.expect(200).shows("Send to the attorney");
    mira.post(&format!("/legal/policies/{id}/submit"), &[("from", "wizard"), ("note", "")]).await.expect(303);
    id
}

/// … Ada approves it, Mira sends it to the client.
pub async fn sent(one: &Installation, slug: &str) -> PolicyId {
    let id = submitted(one, slug).await;
    let mut ada = one.browser("ada").await;
    press(&mut ada, id, "approve").await.expect(303);
    let mut mira = one.browser("mira").await;
    press(&mut mira, id, "send").await.expect(303);
    id
}

pub async fn status(one: &Installation, id: PolicyId) -> PolicyStatus {
    let tx = one.tx().await;
    one_legal::policies::facts_of(&tx, id).await.expect("answered").expect("the policy").status
}

/// This client signs in the portal, having read it to the end.
pub async fn sign(one: &Installation, key: &str, id: PolicyId) {
    let mut browser = one.browser(key).await;
    browser.get(&format!("/portal/documents/{id}/sign")).await.expect(200);
    let reading = serde_json::json!({ "document_sha256": sha256(one, id).await, "furthest": 1_000 });
    browser.post_json(&format!("/portal/documents/{id}/reading"), &reading).await.expect(200);
    let body = serde_json::json!({
        "policy_id": id, "typed_name": one.cast.person(key).name, "title": "Manager", "consent": true,
        "consent_version": one_legal::signing::CONSENT.version,
    });
    browser.post_json("/portal/signing/acknowledge", &body).await.expect(201);
}

/// Of the text the signers have before them.
async fn sha256(one: &Installation, id: PolicyId) -> String {
    let tx = one.tx().await;
    let envelope = one_legal::policies::envelope_for(&tx, id).await.expect("answered").expect("an envelope");
    one_legal::signing::envelope(&tx, envelope).await.expect("answered").expect("the envelope").sha256
}
