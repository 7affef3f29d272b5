//! `/legal/retainers/new` and `/legal/retainers/{id}/edit`: the terms, before they are offered.

use actix_web::http::StatusCode;
use askama::Template;
use entity::ids::TenantId;
use serde::Deserialize;

use crate::{
    platform::{
        Error, FieldErrors, Platform, Result, money,
        web::{Answer, Ask, Form, Frame, page, page_with, see_other},
    },
    retainers::{Offerer, RetainerPrimary, RetainerViewer, Terms, draft, meter, offer, revise, terms::TermsForm},
    tenancy,
};

#[derive(Clone, Debug, Default, Deserialize)]
pub struct TermsPageForm {
    #[serde(flatten)]
    terms: TermsForm,
    #[serde(default)]
    tenant: String,
    /// `offer` where the second button was pressed.
    #[serde(default)]
    then: String,
}

#[derive(Template)]
#[template(path = "retainers/edit.html")]
struct EditPage {
    frame: Frame,
    errors: FieldErrors,
    typed: TermsPageForm,
    /// Only asked where there are several.
    tenants: Vec<(TenantId, String)>,
    sign: String,
    /// The address of what is edited; none for a new one.
    back: Option<String>,
}

async fn new_page(
    platform: &Platform,
    who: &RetainerPrimary,
    frame: Frame,
    typed: TermsPageForm,
    errors: FieldErrors,
) -> Result<EditPage> {
    let tx = platform.read(who.caller.reach()).await?;
    let mut tenants = Vec::new();
    let mut sign = None;
    for id in &who.tenants {
        if let Some(tenant) = tenancy::tenant(&tx, *id).await? {
            sign.get_or_insert_with(|| money::sign(&tenant.currency).to_owned());
            tenants.push((*id, tenant.name));
        }
    }
    Ok(EditPage { frame, errors, typed, tenants, sign: sign.unwrap_or_default(), back: None })
}

pub async fn new(ask: Ask<RetainerPrimary>) -> Answer {
    let platform = ask.platform();
    let tx = platform.read(ask.who.caller.reach()).await?;
    let zone = tenancy::tenant(&tx, ask.who.tenants[0]).await?.map_or_else(|| "UTC".to_owned(), |tenant| tenant.zone);
    drop(tx);
    let terms = TermsForm {
        starts_on: meter::iso(meter::day_in(&zone, platform.clock.now())),
        billing_day: "1".to_owned(),
        included: "10".to_owned(),
        ..TermsForm::default()
    };
    let typed = TermsPageForm { terms, ..TermsPageForm::default() };
    page(&new_page(&platform, &ask.who, ask.frame(), typed, FieldErrors::default()).await?)
}

pub async fn create(ask: Ask<RetainerPrimary, Form<TermsPageForm>>) -> Answer {
    let typed = ask.body.0.clone();
    let platform = ask.platform();
    let made = async {
        let tenant = match ask.who.tenants.as_slice() {
            [only] => Some(*only),
            several => typed.tenant.parse::<TenantId>().ok().filter(|tenant| several.contains(tenant)),
        };
        let tenant = tenant.ok_or_else(|| Error::invalid("tenant", "Choose the MSP."))?;
        let mut work = ask.work(ask.who.caller.reach()).await?;
        let currency = tenancy::tenant(work.read(), tenant).await?.ok_or(Error::NotFound)?.currency;
        let terms = typed.terms.terms(&currency)?;
        let id = draft(&mut work, &ask.who, tenant, &terms).await?;
        if typed.then == "offer" {
            let view = RetainerViewer::of(work.read(), std::sync::Arc::clone(&ask.who.caller), id).await?;
            offer(&mut work, &Offerer::of(view)?).await?;
        }
        work.commit().await?;
        Ok(id)
    };
    match made.await {
        Ok(id) => {
            let words = if typed.then == "offer" { "Offered: the MSP's owner and admins were told" } else { "Saved as a draft" };
            see_other(format!("/legal/retainers/{id}")).toast(words).answer()
        }
        Err(Error::Invalid(errors)) => {
            page_with(StatusCode::UNPROCESSABLE_ENTITY, &new_page(&platform, &ask.who, ask.frame(), typed, errors).await?)
        }
        Err(other) => Err(other),
    }
}

fn edit_page(frame: Frame, who: &Offerer, typed: TermsPageForm, errors: FieldErrors) -> EditPage {
    let row = &who.view.retainer;
    let sign = money::sign(&row.currency).to_owned();
    EditPage { frame, errors, typed, tenants: Vec::new(), sign, back: Some(format!("/legal/retainers/{}", row.id)) }
}

pub async fn form(ask: Ask<Offerer>) -> Answer {
    let terms = TermsForm::of(&Terms::of(&ask.who.view.retainer));
    page(&edit_page(ask.frame(), &ask.who, TermsPageForm { terms, ..TermsPageForm::default() }, FieldErrors::default()))
}

pub async fn save(ask: Ask<Offerer, Form<TermsPageForm>>) -> Answer {
    let typed = ask.body.0.clone();
    let saved = async {
        let terms = typed.terms.terms(&ask.who.view.retainer.currency)?;
        let mut work = ask.work(ask.who.view.caller.reach()).await?;
        revise(&mut work, &ask.who, &terms).await?;
        if typed.then == "offer" {
            offer(&mut work, &ask.who).await?;
        }
        work.commit().await
    };
    match saved.await {
        Ok(()) => see_other(format!("/legal/retainers/{}", ask.who.view.retainer.id)).toast("Saved").answer(),
        Err(Error::Invalid(errors)) => {
            page_with(StatusCode::UNPROCESSABLE_ENTITY, &edit_page(ask.frame(), &ask.who, typed, errors))
        }
        Err(other) => Err(other),
    }
}
