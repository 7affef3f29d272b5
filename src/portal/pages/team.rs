//! `/portal/team`: a company's admins look after its people.

use actix_web::http::StatusCode;
use askama::Template;
use entity::{
    ids::ContactId,
    tenancy::{AccessLevel, contact},
};
use serde::Deserialize;

use crate::{
    entrance::Fresh,
    platform::{
        Error, FieldErrors, Platform, Result, Tx,
        web::{Answer, Ask, Form, Frame, page, page_with, path_id, see_other},
    },
    tenancy::{self, AddContact, Reachable, caller::CompanyAdmin},
};

struct Row {
    contact: contact::Model,
    reach: Reachable,
    me: bool,
}

#[derive(Template)]
#[template(path = "portal/team.html")]
struct TeamPage {
    frame: Frame,
    company: String,
    rows: Vec<Row>,
    levels: Vec<(&'static str, &'static str)>,
    typed: PersonForm,
    errors: FieldErrors,
}

#[derive(Clone, Deserialize, Default)]
#[serde(default)]
pub struct PersonForm {
    name: String,
    email: String,
    title: String,
    access: String,
}

async fn team(frame: Frame, platform: &Platform, who: &CompanyAdmin, typed: PersonForm, errors: FieldErrors) -> Result<TeamPage> {
    let tx = platform.read(who.caller.reach()).await?;
    let company = tenancy::company_in(&tx, who.company).await?.ok_or(Error::NotFound)?;
    let contacts = tenancy::contacts_of(&tx, who.company).await?;
    let mut reach = tenancy::reachable(platform, &tx, company.tenant_id, &contacts).await?;
    let rows = contacts
        .into_iter()
        .map(|contact| Row { reach: reach.remove(&contact.id).unwrap_or_default(), me: contact.id == who.contact, contact })
        .collect();
    let levels = AccessLevel::ALL.iter().map(|level| (level.word(), level.label())).collect();
    Ok(TeamPage { frame, company: company.name, rows, levels, typed, errors })
}

pub async fn show(ask: Ask<CompanyAdmin>) -> Answer {
    page(&team(ask.frame(), &ask.platform(), &ask.who, PersonForm::default(), FieldErrors::default()).await?)
}

fn level(word: &str) -> Result<AccessLevel> {
    word.parse().map_err(|_| Error::invalid("access", "Choose what this person may see."))
}

/// Somebody of this admin's company; anybody else is not there, whatever was typed about them.
async fn colleague(tx: &Tx, who: &CompanyAdmin, id: ContactId) -> Result<contact::Model> {
    let contact = tenancy::contact_in(tx, id).await?;
    contact.filter(|contact| contact.company_id == who.company).ok_or(Error::NotFound)
}

/// Adds a person and mails the invitation.
pub async fn invite(ask: Ask<CompanyAdmin, Form<PersonForm>>) -> Answer {
    let Form(form) = &ask.body;
    let mut work = ask.work(ask.who.caller.reach()).await?;
    let done = async {
        let input = AddContact {
            name: form.name.clone(),
            email: form.email.clone(),
            title: form.title.clone(),
            access: level(&form.access)?,
        };
        let contact = tenancy::add_contact(&mut work, &ask.who, ask.who.company, input).await?;
        tenancy::invite_contact(&mut work, &ask.who, contact).await
    };
    match done.await {
        Ok(()) => {
            work.commit().await?;
            see_other("/portal/team").toast(format!("{} is added, and the invitation is on its way.", form.name.trim())).answer()
        }
        Err(Error::Invalid(errors)) => {
            drop(work);
            let page = team(ask.frame(), &ask.platform(), &ask.who, form.clone(), errors).await?;
            page_with(StatusCode::UNPROCESSABLE_ENTITY, &page)
        }
        Err(Error::Refused(refusal)) if refusal.code == tenancy::NOT_INVITABLE => {
            drop(work);
            let mut errors = FieldErrors::default();
            errors.add("email", format!("{} {}", refusal.sentence, refusal.next_step));
            let page = team(ask.frame(), &ask.platform(), &ask.who, form.clone(), errors).await?;
            page_with(StatusCode::UNPROCESSABLE_ENTITY, &page)
        }
        Err(other) => Err(other),
    }
}

/// The address of a person's form, opened by itself: to the page it stands on.
pub async fn back_to(ask: Ask<CompanyAdmin>) -> Answer {
    let id: ContactId = path_id(&ask.request, "contact")?;
    colleague(&ask.platform().read(ask.who.caller.reach()).await?, &ask.who, id).await?;
    see_other("/portal/team").answer()
}

pub async fn change(ask: Ask<Fresh<CompanyAdmin>, Form<PersonForm>>) -> Answer {
    let id: ContactId = path_id(&ask.request, "contact")?;
    let Form(form) = &ask.body;
    let mut work = ask.work(ask.who.caller.reach()).await?;
    colleague(work.read(), &ask.who, id).await?;
    let done = async { tenancy::change_contact(&mut work, &*ask.who, id, &form.name, &form.title, level(&form.access)?).await };
    match done.await {
        Ok(()) => {
            work.commit().await?;
            see_other("/portal/team").toast("Saved.").answer()
        }
        Err(Error::Invalid(wrong)) => {
            drop(work);
            // The form below has fields of the same names: the message goes above the page.
            let mut errors = FieldErrors::default();
            wrong.0.into_values().flatten().for_each(|words| errors.add("", words));
            let page = team(ask.frame(), &ask.platform(), &ask.who, PersonForm::default(), errors).await?;
            page_with(StatusCode::UNPROCESSABLE_ENTITY, &page)
        }
        Err(other) => Err(other),
    }
}

/// What the buttons beside a person do.
pub async fn act(ask: Ask<CompanyAdmin>) -> Answer {
    let id: ContactId = path_id(&ask.request, "contact")?;
    let verb = ask.request.match_info().get("verb").unwrap_or_default().to_owned();
    let mut work = ask.work(ask.who.caller.reach()).await?;
    let contact = colleague(work.read(), &ask.who, id).await?;
    let words = tenancy::act_on_contact(&mut work, &ask.who, &contact, &verb).await?;
    work.commit().await?;
    see_other("/portal/team").toast(words).answer()
}
