//! `/legal/retainers/{id}/change`: new terms from a later month, their acceptance, and what else can become of them.

use actix_web::http::StatusCode;
use askama::Template;
use entity::ids::AmendmentId;
use serde::Deserialize;

use crate::{
    platform::{
        Error, FieldErrors, Platform, Result, money,
        web::{Answer, Ask, Form, Frame, page, page_with, see_other},
    },
    retainers::{
        Accepter, Offerer,
        commands::change_terms::{accept_change, days, decline_change, offer_change, withdraw_change},
        meter,
        queries::bills::Changes,
        terms::{Terms, TermsForm},
    },
    tenancy,
};

#[derive(Clone, Debug, Default, Deserialize)]
pub struct ChangeForm {
    #[serde(flatten)]
    terms: TermsForm,
    #[serde(default)]
    effective_on: String,
}

#[derive(Template)]
#[template(path = "retainers/change.html")]
struct ChangePage {
    frame: Frame,
    errors: FieldErrors,
    typed: ChangeForm,
    days: Vec<(String, String)>,
    sign: String,
    /// What holds in the month before the first day of the list.
    now: String,
    back: String,
}

async fn change_page(
    platform: &Platform,
    frame: Frame,
    who: &Offerer,
    typed: Option<ChangeForm>,
    errors: FieldErrors,
) -> Result<ChangePage> {
    let row = &who.view.retainer;
    let tx = platform.read(who.view.caller.reach()).await?;
    let tenant = tenancy::tenant(&tx, row.tenant_id).await?.ok_or(Error::NotFound)?;
    let today = meter::day_in(&tenant.zone, platform.clock.now());
    let now = Changes::read(&tx, row).await?.terms_in(meter::Month::containing(today, row.billing_day));
    let days = days(today, row.billing_day).into_iter().map(|day| (meter::iso(day), meter::day_words(day))).collect();
    Ok(ChangePage {
        frame,
        errors,
        typed: typed.unwrap_or_else(|| ChangeForm { terms: TermsForm::of(&now), effective_on: String::new() }),
        days,
        sign: money::sign(&row.currency).to_owned(),
        now: now.price_words(),
        back: format!("/legal/retainers/{}", row.id),
    })
}

pub async fn form(ask: Ask<Offerer>) -> Answer {
    page(&change_page(&ask.platform(), ask.frame(), &ask.who, None, FieldErrors::default()).await?)
}

pub async fn offer(ask: Ask<Offerer, Form<ChangeForm>>) -> Answer {
    let typed = ask.body.0.clone();
    let row = &ask.who.view.retainer;
    let offered = async {
        // Start and billing day stay as they are.
        let kept = TermsForm::of(&Terms::of(row));
        let form = TermsForm { starts_on: kept.starts_on, billing_day: kept.billing_day, ..typed.terms.clone() };
        let terms = form.terms(&row.currency)?;
        let from = meter::day(&typed.effective_on)
            .ok_or_else(|| Error::invalid("effective_on", "Choose one of the months in the list."))?;
        let mut work = ask.work(ask.who.view.caller.reach()).await?;
        offer_change(&mut work, &ask.who, &terms, from).await?;
        work.commit().await
    };
    match offered.await {
        Ok(()) => {
            let words = "The new terms are offered: the MSP's owner and admins were told";
            see_other(format!("/legal/retainers/{}", row.id)).toast(words).answer()
        }
        Err(Error::Invalid(errors)) => {
            let shown = change_page(&ask.platform(), ask.frame(), &ask.who, Some(typed), errors).await?;
            page_with(StatusCode::UNPROCESSABLE_ENTITY, &shown)
        }
        Err(other) => Err(other),
    }
}

#[derive(Deserialize)]
pub struct Seen {
    /// The offer on the page.
    #[serde(default)]
    change: String,
}

impl Seen {
    /// An id that is none was never offered.
    fn id(&self) -> AmendmentId {
        self.change.parse().unwrap_or(AmendmentId(uuid::Uuid::nil()))
    }
}

macro_rules! decisions {
    ($($name:ident: $witness:ident, $command:ident, $words:literal;)+) => {$(
        pub async fn $name(ask: Ask<$witness, Form<Seen>>) -> Answer {
            let mut work = ask.work(ask.who.view.caller.reach()).await?;
            $command(&mut work, &ask.who, ask.body.0.id()).await?;
            work.commit().await?;
            see_other(format!("/legal/retainers/{}", ask.who.view.retainer.id)).toast($words).answer()
        }
    )+};
}

decisions! {
    accept: Accepter, accept_change, "Accepted: the new terms hold from their day";
    decline: Accepter, decline_change, "Declined: the terms stay as they are";
    withdraw: Offerer, withdraw_change, "The new terms are taken back";
}
