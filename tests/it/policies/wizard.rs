//! The wizard: holds where something is missing, loses nothing, takes nothing it did not ask for.

use entity::{policies::policy, wall::Walled};
use sea_orm::{ColumnTrait, QueryFilter};

use super::support::*;
use crate::support::Installation;

#[actix_web::test]
async fn page_1_is_shown_again_as_typed_with_the_errors_beside_the_fields() {
    let one = Installation::new().await;
    let mut mira = one.browser("mira").await;
    mira.get("/legal/policies/new").await.expect(200).shows("value=\"2026-03-02\"").shows("Acme Dental").hides("Fir Clinic");
    let fields =
        [("company", ""), ("template", "nonsense"), ("title", "My <title>"), ("effective", "2026-13-01"), ("expiry", "soon")];
    let answer = mira.post("/legal/policies/new", &fields).await.expect(422);
    answer
        .shows("Choose the client.")
        .shows("Choose the template.")
        .shows("Give the day on which it takes effect.")
        .shows("Give a day, or leave it empty.")
        .shows("My &#60;title&#62;");
    let template = template(&one, "nda").await;
    let company = one.cast.acme.to_string();
    let fields = [("company", company.as_str()), ("template", &template), ("effective", "2026-05-01"), ("expiry", "2026-04-01")];
    mira.post("/legal/policies/new", &fields).await.expect(422).shows("It must end after");
}

#[actix_web::test]
async fn a_missing_required_variable_holds_the_page_and_keeps_what_was_typed() {
    let one = Installation::new().await;
    let mut mira = one.browser("mira").await;
    let id = draft(&one, &mut mira, one.cast.acme, "msa").await;
    let at = format!("/legal/policies/{id}/wizard/2");
    mira.get(&at).await.expect(200).shows("Acme Dental LLC").shows("Harbor IT").shows("<mark data-variable=");
    let fields = [("v.monthly_fee", "a lot"), ("v.client_name", "Acme & <Sons>"), ("go", "next")];
    let held = mira.post(&at, &fields).await.expect(422);
    held.shows("Give an amount")
        .shows("value=\"a lot\"")
        .shows("Acme &#38; &#60;Sons&#62;")
        .shows("Please look at the marked fields");
    mira.get(&format!("/legal/policies/{id}/wizard/4")).await.expect(200).shows("missing or wrong");
    mira.post(&format!("/legal/policies/{id}/submit"), &[]).await.expect(409).shows("missing or wrong on page 2");
}

#[actix_web::test]
async fn closing_the_browser_in_the_middle_loses_nothing() {
    let one = Installation::new().await;
    let mut mira = one.browser("mira").await;
    let id = draft(&one, &mut mira, one.cast.acme, "msa").await;
    let at = format!("/legal/policies/{id}/wizard/2");
    // What the script sends while somebody types: half a page, nothing complete.
    let preview =
        mira.post(&at, &[("v.client_name", "Acme Dental Holdings"), ("v.monthly_fee", "12"), ("draft", "1")]).await.expect(200);
    preview.shows("Acme Dental Holdings").shows("$12.00").hides("<html");
    let mut elsewhere = one.browser("mira").await;
    elsewhere.get("/legal/policies").await.expect(200).shows("Master Services Agreement");
    elsewhere.get(&format!("/legal/policies/{id}")).await.expect(200).shows("wizard/2");
    elsewhere.get(&at).await.expect(200).shows("Acme Dental Holdings").shows("value=\"12\"");
    elsewhere.post(&at, &[("v.client_name", "Acme Dental Holdings II"), ("go", "back")]).await.expect(303);
    elsewhere.get(&format!("/legal/policies/{id}/wizard/1")).await.expect(200).shows("value=\"2027-03-01\"");
    elsewhere.get(&at).await.expect(200).shows("Acme Dental Holdings II");
    // Another effective date reaches the text; what a person typed stays.
    let (template, company) = (template(&one, "msa").await, one.cast.acme.to_string());
    let fields = [
        ("company", company.as_str()),
        ("template", &template),
        ("title", "MSA for Acme"),
        ("effective", "2026-06-01"),
        ("expiry", ""),
    ];
    elsewhere.post(&format!("/legal/policies/{id}/wizard/1"), &fields).await.expect(303);
    elsewhere.get(&at).await.expect(200).shows("June 1, 2026").shows("Acme Dental Holdings II").shows("MSA for Acme");
}

#[actix_web::test]
async fn sections_are_reordered_and_hidden_for_one_client() {
    let one = Installation::new().await;
    let mut mira = one.browser("mira").await;
    let id = draft(&one, &mut mira, one.cast.acme, "rate-change-notice").await;
    let at = format!("/legal/policies/{id}/wizard/2");
    let page = mira.get(&at).await.expect(200).text;
    let count = page.matches("name=\"at.").count();
    assert!(count > 3, "{count}");
    let positions: Vec<(String, String)> = (0..count).map(|n| (format!("at.{n}"), (count - n).to_string())).collect();
    let mut fields: Vec<(&str, &str)> = positions.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let last = (count - 1).to_string();
    fields.extend([("show", last.as_str()), ("show", "0"), ("go", "preview")]);
    mira.post(&at, &fields).await.expect(303);
    let page = mira.get(&at).await.expect(200).text;
    let shown = scraper::Html::parse_document(&page);
    let headings: Vec<String> = shown
        .select(&scraper::Selector::parse(".legal-text h2").expect("a selector"))
        .map(|heading| heading.text().collect())
        .collect();
    assert_eq!(headings.len(), 2, "{headings:?}");
    assert!(headings[0].starts_with("1. ") && headings[1].starts_with("2. "), "{headings:?}");
}

#[actix_web::test]
async fn fields_that_were_not_asked_for_change_nothing() {
    let one = Installation::new().await;
    let mut mira = one.browser("mira").await;
    let id = draft(&one, &mut mira, one.cast.acme, "msa").await;
    let row = || async {
        let tx = one.tx().await;
        policy::Entity::within(tx.reach()).filter(policy::Column::Id.eq(id)).one(&tx).await.expect("answered").expect("the row")
    };
    let before = row().await;
    let eve = one.cast.pine.to_string();
    let extra = [
        ("tenant_id", eve.as_str()),
        ("status", "published"),
        ("company_id", eve.as_str()),
        ("version", "9"),
        ("automatic", "true"),
        ("direct_to_client", "true"),
        ("envelope_id", eve.as_str()),
        ("created_by", eve.as_str()),
        ("approved_at", "1"),
        ("published_at", "1"),
        ("wizard_page", "4"),
        ("v.not_a_variable", "x"),
        ("go", "save"),
    ];
    mira.post(&format!("/legal/policies/{id}/wizard/2"), &extra).await.expect(303);
    let mut after = row().await;
    (after.draft, after.updated_at) = (before.draft.clone(), before.updated_at);
    assert_eq!(after, before);
    mira.post(&format!("/legal/policies/{id}/submit"), &extra).await.expect(409);
    assert_eq!(row().await.status, before.status);
}

#[actix_web::test]
async fn page_3_asks_only_contacts_of_the_client() {
    let one = Installation::new().await;
    let mut mira = one.browser("mira").await;
    let id = draft(&one, &mut mira, one.cast.acme, "nda").await;
    let at = format!("/legal/policies/{id}/wizard/3");
    mira.get(&at).await.expect(200).shows("Cleo Vance").hides("Gus Hale");
    let gus = one.cast.person("gus").contact.expect("a contact").to_string();
    let base = [("acknowledgement", "required"), ("signers", "specific"), ("order", "any"), ("go", "next")];
    mira.post(&at, &base).await.expect(422).shows("Choose at least one contact");
    let mut fields = base.to_vec();
    fields.extend([("contact", gus.as_str()), ("deadline", "2026-01-01"), ("reminder", "soon")]);
    let answer = mira.post(&at, &fields).await.expect(422);
    answer.shows("no contact of this client").shows("That day has passed").shows("Give 1 to 60 days").shows("value=\"soon\"");
}

#[actix_web::test]
async fn a_client_with_policies_already_is_pointed_at_them() {
    let one = Installation::new().await;
    let mut mira = one.browser("mira").await;
    draft(&one, &mut mira, one.cast.acme, "nda").await;
    let (template, company) = (template(&one, "nda").await, one.cast.acme);
    mira.get(&format!("/legal/policies/existing?company={company}&template={template}"))
        .await
        .expect(200)
        .shows("Mutual Non-Disclosure Agreement")
        .shows("made of this template already");
    mira.get(&format!("/legal/policies/new?company={company}")).await.expect(200).shows("has 1 policy already");
    let fir = one.cast.fir;
    mira.get(&format!("/legal/policies/existing?company={fir}")).await.expect(200).hides("Fir");
}

#[actix_web::test]
async fn the_effective_date_is_asked_once_and_the_text_says_the_same_day() {
    let one = Installation::new().await;
    let mut mira = one.browser("mira").await;
    let id = draft(&one, &mut mira, one.cast.acme, "msa").await;
    let at = format!("/legal/policies/{id}/wizard/2");
    mira.get(&at).await.expect(200).hides("name=\"v.effective_date\"").shows("Effective 2 Mar 2026").shows("March 2, 2026");
    mira.post(&at, &[("v.effective_date", "2026-12-20"), ("go", "save")]).await.expect(303);
    mira.get(&at).await.expect(200).shows("March 2, 2026").hides("December 20, 2026");
}

#[actix_web::test]
async fn a_number_that_no_agreement_means_is_refused_with_its_bounds() {
    let one = Installation::new().await;
    let mut mira = one.browser("mira").await;
    let id = draft(&one, &mut mira, one.cast.acme, "nda").await;
    let at = format!("/legal/policies/{id}/wizard/2");
    for wrong in ["-3", "99999999999999"] {
        let fields = [("v.confidentiality_years", wrong), ("go", "next")];
        mira.post(&at, &fields).await.expect(422).shows("Give a number from 0 to 1,000,000").shows(&format!("value=\"{wrong}\""));
    }
}

#[actix_web::test]
async fn an_incomplete_draft_cannot_be_sent_and_page_4_leads_to_what_is_missing() {
    let one = Installation::new().await;
    let mut mira = one.browser("mira").await;
    let id = draft(&one, &mut mira, one.cast.acme, "msa").await;
    let page_2 = format!("/legal/policies/{id}/wizard/2\">Fill in what is missing on page 2</a>");
    mira.get(&format!("/legal/policies/{id}/wizard/4"))
        .await
        .expect(200)
        .shows("disabled aria-describedby=\"why-not\"")
        .shows(&page_2)
        .shows("2 Mar 2026 to 1 Mar 2027");
    let refused = mira.post(&format!("/legal/policies/{id}/submit"), &[("from", "wizard"), ("note", "Please hurry")]).await;
    refused.expect(409).shows("It was not sent.").shows(&page_2).shows("Please hurry");
}
