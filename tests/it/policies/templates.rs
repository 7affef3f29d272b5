//! The template library: what ships, reading, writing, publishing, what changed.

use super::support::*;
use crate::support::{Browser, Installation};

/// The editor's fields as they stand.
async fn editor(browser: &mut Browser, template: &str) -> Vec<(String, String)> {
    let page = browser.get(&format!("/legal/policies/templates/{template}/edit")).await.expect(200);
    let html = scraper::Html::parse_document(&page.text);
    let select = scraper::Selector::parse("form.template-form [name]").expect("a selector");
    let option = scraper::Selector::parse("option[selected]").expect("a selector");
    let mut fields = Vec::new();
    for input in html.select(&select) {
        let name = input.attr("name").expect("a name").to_owned();
        match (input.value().name(), input.attr("type")) {
            ("button", _) => {}
            ("input", Some("checkbox")) if input.attr("checked").is_none() => {}
            ("input", _) => fields.push((name, input.attr("value").unwrap_or_default().to_owned())),
            ("textarea", _) => fields.push((name, input.text().collect::<String>().trim_start_matches('\n').to_owned())),
            _ => {
                let chosen = input.select(&option).next().and_then(|option| option.attr("value")).unwrap_or_default();
                fields.push((name, chosen.to_owned()));
            }
        }
    }
    fields
}

fn set(fields: &mut [(String, String)], name: &str, value: &str) {
    fields.iter_mut().find(|(field, _)| field == name).unwrap_or_else(|| panic!("no field {name}")).1 = value.to_owned();
}

fn pairs(fields: &[(String, String)]) -> Vec<(&str, &str)> {
    fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect()
}

#[actix_web::test]
async fn a_new_tenant_has_the_default_templates_by_category() {
    let one = Installation::new().await;
    for key in ["mira", "ada", "eve"] {
        let mut browser = one.browser(key).await;
        let page = browser
            .get("/legal/policies/templates")
            .await
            .expect(200)
            .shows("Service Agreements")
            .shows("Master Services Agreement");
        assert!(page.text.matches("library-card").count() >= 10);
    }
    let mut mira = one.browser("mira").await;
    mira.get("/legal/policies/templates?q=hipaa").await.expect(200).shows("Business Associate").hides("Payment Terms and Late");
    mira.get("/legal/policies/templates?category=financial")
        .await
        .expect(200)
        .shows("Payment Terms")
        .hides("Acceptable Use Policy");
    mira.get("/legal/policies/templates?state=archived").await.expect(200).shows("Nothing matches");
    let msa = template(&one, "msa").await;
    let at = format!("/legal/policies/templates/{msa}");
    mira.get(&at).await.expect(200).shows("<mark data-variable=\"client_name\">").shows("Use for a client");
    mira.get(&format!("{at}?tab=variables")).await.expect(200).shows("<code>monthly_fee</code>");
    mira.get(&format!("{at}?tab=versions")).await.expect(200).shows("As it ships");
}

#[actix_web::test]
async fn a_template_is_edited_as_a_new_version_published_and_compared() {
    let one = Installation::new().await;
    let mut lou = one.browser("lou").await;
    let nda = template(&one, "nda").await;
    let at = format!("/legal/policies/templates/{nda}");
    let mut fields = editor(&mut lou, &nda).await;
    set(
        &mut fields,
        "section.0.body",
        "This agreement is between {{client_name}} and {{msp_name}} of {{state_of_mind}}, from {{effective_date}}.",
    );
    set(&mut fields, "changes", "A plainer opening");
    lou.post(&format!("{at}/edit"), &pairs(&fields)).await.expect(303);
    lou.get(&format!("{at}?version=2")).await.expect(200).shows("is a draft").shows("state_of_mind");
    let mut ada = one.browser("ada").await;
    ada.post(&format!("{at}/publish"), &[]).await.expect(409).shows("state_of_mind");
    let mut fields = editor(&mut lou, &nda).await;
    set(&mut fields, "section.0.body", "This agreement is between {{client_name}} and {{msp_name}}, from {{effective_date}}.");
    lou.post(&format!("{at}/edit"), &pairs(&fields)).await.expect(303);
    ada.post(&format!("{at}/publish"), &[]).await.expect(303);
    ada.post(&format!("{at}/publish"), &[]).await.expect(409);
    ada.get(&format!("{at}?tab=versions")).await.expect(200).shows("A plainer opening").shows("<ins>").shows("In use");
    ada.get("/legal/vault").await.expect(200).shows("template, version 2");
    ada.post(&format!("{at}/archive"), &[]).await.expect(303);
    let mut mira = one.browser("mira").await;
    mira.get("/legal/policies/new").await.expect(200).hides("Mutual Non-Disclosure");
    let company = one.cast.acme.to_string();
    let fields = [("company", company.as_str()), ("template", &nda), ("effective", "2026-03-02")];
    mira.post("/legal/policies/new", &fields).await.expect(422).shows("not published");
}

#[actix_web::test]
async fn the_editor_names_what_is_wrong_and_shows_what_was_typed() {
    let one = Installation::new().await;
    let mut ada = one.browser("ada").await;
    let created = ada
        .post("/legal/policies/templates/new", &[("title", "Backup Policy"), ("category", "general"), ("summary", "")])
        .await
        .expect(303);
    let template = created.location().split('/').nth(4).expect("an id").to_owned();
    let mut fields = editor(&mut ada, &template).await;
    set(&mut fields, "section.0.name", "");
    set(&mut fields, "section.0.body", "We keep <b>copies</b>.");
    set(&mut fields, "variable.0.name", "Not A Name");
    set(&mut fields, "variable.0.label", "Something");
    let at = format!("/legal/policies/templates/{template}");
    let answer = ada.post(&format!("{at}/edit"), &pairs(&fields)).await.expect(422);
    answer.shows("Give the section a name").shows("Lower-case letters").shows("We keep &#60;b&#62;copies").shows("Not A Name");
    set(&mut fields, "section.0.name", "Copies");
    set(&mut fields, "variable.0.name", "days");
    set(&mut fields, "section.1.name", "Days");
    set(&mut fields, "section.1.body", "For {{days}} days.");
    set(&mut fields, "section.1.at", "1");
    set(&mut fields, "section.0.at", "2");
    ada.post(&format!("{at}/edit"), &pairs(&fields)).await.expect(303);
    ada.post(&format!("{at}/publish"), &[]).await.expect(303);
    let page = ada.get(&at).await.expect(200).shows("1. Days").shows("2. Copies").shows("We keep &lt;b&gt;copies");
    assert!(!page.text.contains("<b>copies"));
    ada.post("/legal/policies/templates/new", &[("title", ""), ("category", "x")]).await.expect(422).shows("Give a title");
}
