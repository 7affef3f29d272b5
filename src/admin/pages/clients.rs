//! Admin → Clients: companies, their users with the true reason why somebody cannot sign in, and the import.

use std::collections::HashMap;

use actix_web::http::StatusCode;
use askama::Template;
use entity::{
    Moment,
    identity::{SsoFace, arrival},
    ids::{CompanyId, ContactId},
    tenancy::{AccessLevel, company, contact},
};
use serde::Deserialize;

use super::{ACCESS_LEVELS, shown};
use crate::{
    entrance::Fresh,
    identity::{self, portal_realm, ticket::Fault},
    platform::{
        Error, FieldErrors, Result,
        web::{Answer, Ask, Form, Frame, Pager, page, page_with, paging::PAGE_SIZE, path_id, see_other},
    },
    tenancy::{self, AddContact, CreateCompany, Reachable, caller::TenantAdmin},
};

struct CompanyRow {
    company: company::Model,
    contacts: usize,
    users: usize,
}

#[derive(Template)]
#[template(path = "admin/clients.html")]
struct ClientsPage {
    frame: Frame,
    tab: &'static str,
    rows: Vec<CompanyRow>,
    pager: Pager,
    q: String,
    any: bool,
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub struct ListQuery {
    q: String,
    page: Option<String>,
}

pub async fn list(ask: Ask<TenantAdmin>) -> Answer {
    let query: ListQuery = serde_html_form::from_str(ask.request.query_string()).unwrap_or_default();
    let tx = ask.platform().read(ask.who.caller.reach()).await?;
    let mut people: HashMap<CompanyId, (usize, usize)> = HashMap::new();
    for contact in tenancy::contacts_in(&tx, ask.who.tenant).await? {
        let count = people.entry(contact.company_id).or_default();
        count.0 += 1;
        count.1 += usize::from(contact.account_id.is_some());
    }
    let all = tenancy::companies(&tx, ask.who.tenant).await?;
    let any = !all.is_empty();
    let wanted = query.q.trim().to_lowercase();
    let found: Vec<_> = all
        .into_iter()
        .filter(|company| company.name.to_lowercase().contains(&wanted) || company.legal_name.to_lowercase().contains(&wanted))
        .collect();
    let number = query.page.as_deref().and_then(|text| text.parse::<u64>().ok()).unwrap_or(1).max(1);
    let encoded: String = url::form_urlencoded::byte_serialize(query.q.as_bytes()).collect();
    let path = if query.q.is_empty() { "/admin/clients".to_owned() } else { format!("/admin/clients?q={encoded}") };
    let pager = Pager::new(number, found.len() as u64, &path);
    let skip = usize::try_from((number - 1).saturating_mul(PAGE_SIZE)).unwrap_or(usize::MAX);
    let rows = found
        .into_iter()
        .skip(skip)
        .take(PAGE_SIZE as usize)
        .map(|company| {
            let (contacts, users) = people.get(&company.id).copied().unwrap_or_default();
            CompanyRow { company, contacts, users }
        })
        .collect();
    page(&ClientsPage { frame: ask.frame(), tab: "clients", rows, pager, q: query.q, any })
}

#[derive(Template)]
#[template(path = "admin/client_new.html")]
struct NewPage {
    frame: Frame,
    tab: &'static str,
    company_name: String,
    legal_name: String,
    errors: FieldErrors,
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub struct CompanyForm {
    name: String,
    legal_name: String,
    /// By which the Hub and the PSA know it: one, maybe empty, or none where the form has no such field.
    number: Vec<String>,
}

pub async fn show_new(ask: Ask<TenantAdmin>) -> Answer {
    let form = NewPage {
        frame: ask.frame(),
        tab: "clients",
        company_name: String::new(),
        legal_name: String::new(),
        errors: FieldErrors::default(),
    };
    page(&form)
}

pub async fn create(ask: Ask<TenantAdmin, Form<CompanyForm>>) -> Answer {
    let Form(form) = &ask.body;
    let mut work = ask.work(ask.who.caller.reach()).await?;
    let input = CreateCompany { name: form.name.clone(), legal_name: form.legal_name.clone() };
    match tenancy::create_company(&mut work, &ask.who, input).await {
        Ok(id) => {
            work.commit().await?;
            see_other(format!("/admin/clients/{id}"))
                .toast(format!("{} is a client now. Add its people next.", form.name.trim()))
                .answer()
        }
        Err(error) => {
            let (company_name, legal_name) = (form.name.clone(), form.legal_name.clone());
            let page = NewPage { frame: ask.frame(), tab: "clients", company_name, legal_name, errors: shown(error)? };
            page_with(StatusCode::UNPROCESSABLE_ENTITY, &page)
        }
    }
}

#[derive(Template)]
#[template(path = "admin/client_import.html")]
struct ImportPage {
    frame: Frame,
    tab: &'static str,
    csv: String,
    errors: FieldErrors,
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub struct ImportForm {
    csv: String,
}

pub async fn show_import(ask: Ask<TenantAdmin>) -> Answer {
    page(&ImportPage { frame: ask.frame(), tab: "clients", csv: String::new(), errors: FieldErrors::default() })
}

pub async fn import(ask: Ask<TenantAdmin, Form<ImportForm>>) -> Answer {
    let csv = &ask.body.0.csv;
    let mut work = ask.work(ask.who.caller.reach()).await?;
    match tenancy::import_companies(&mut work, &ask.who, csv).await {
        Ok(done) => {
            work.commit().await?;
            see_other("/admin/clients")
                .toast(format!("Imported: {} companies, {} contacts.", done.companies, done.contacts))
                .answer()
        }
        Err(error) => {
            let page = ImportPage { frame: ask.frame(), tab: "clients", csv: csv.clone(), errors: shown(error)? };
            page_with(StatusCode::UNPROCESSABLE_ENTITY, &page)
        }
    }
}

struct UserRow {
    contact: contact::Model,
    reach: Reachable,
    hub: Option<HubNote>,
}

/// How the Hub's links of a person fared.
pub(super) struct HubNote {
    pub at: Moment,
    pub refused: bool,
    pub words: String,
}

impl HubNote {
    /// What happened last.
    pub fn of(row: &arrival::Model) -> Option<Self> {
        match (&row.last_fault, row.last_fault_at) {
            (Some(code), Some(at)) if row.last_ok_at.is_none_or(|ok| at >= ok) => {
                let reason = Fault::of_code(code).map_or_else(|| code.clone(), |fault| fault.reason(row.face));
                Some(Self { at, refused: true, words: format!("Last link of the Hub refused: {reason}") })
            }
            _ => row.last_ok_at.map(|at| Self { at, refused: false, words: "Last came by a link of the Hub.".to_owned() }),
        }
    }
}

#[derive(Template)]
#[template(path = "admin/client.html")]
struct ClientPage {
    frame: Frame,
    tab: &'static str,
    company: company::Model,
    number: String,
    rows: Vec<UserRow>,
    levels: &'static [(&'static str, &'static str)],
    typed: ContactForm,
    errors: FieldErrors,
}

async fn client_page(
    ask_frame: Frame,
    platform: &crate::platform::Platform,
    who: &TenantAdmin,
    id: CompanyId,
    typed: ContactForm,
    errors: FieldErrors,
) -> Result<ClientPage> {
    let tx = platform.read(who.caller.reach()).await?;
    let company = tenancy::company_in(&tx, id).await?.ok_or(Error::NotFound)?;
    let contacts = tenancy::contacts_of(&tx, id).await?;
    let mut reach = tenancy::reachable(platform, &tx, who.tenant, &contacts).await?;
    let emails: Vec<&str> = contacts.iter().map(|contact| contact.email.as_str()).collect();
    let arrivals = identity::arrivals(&tx, SsoFace::Client, &portal_realm(who.tenant), &emails).await?;
    let rows = contacts
        .into_iter()
        .map(|contact| UserRow {
            reach: reach.remove(&contact.id).unwrap_or_default(),
            hub: arrivals.get(&contact.email).and_then(HubNote::of),
            contact,
        })
        .collect();
    let number = tenancy::company_number(&tx, id).await?;
    Ok(ClientPage { frame: ask_frame, tab: "clients", company, number, rows, levels: ACCESS_LEVELS, typed, errors })
}

pub async fn show(ask: Ask<TenantAdmin>) -> Answer {
    let id = path_id(&ask.request, "company")?;
    page(&client_page(ask.frame(), &ask.platform(), &ask.who, id, ContactForm::default(), FieldErrors::default()).await?)
}

pub async fn change(ask: Ask<TenantAdmin, Form<CompanyForm>>) -> Answer {
    let id: CompanyId = path_id(&ask.request, "company")?;
    let Form(form) = &ask.body;
    let mut work = ask.work(ask.who.caller.reach()).await?;
    let input = CreateCompany { name: form.name.clone(), legal_name: form.legal_name.clone() };
    let done = async {
        tenancy::change_company(&mut work, &ask.who, id, input).await?;
        match form.number.first() {
            Some(number) => tenancy::set_company_number(&mut work, &ask.who, id, number).await,
            None => Ok(()),
        }
    };
    match done.await {
        Ok(()) => {
            work.commit().await?;
            see_other(format!("/admin/clients/{id}")).toast("Saved.").answer()
        }
        Err(error) => {
            drop(work);
            // The contact form below has a field of the same name: the message goes above the page.
            let mut errors = FieldErrors::default();
            shown(error)?.0.into_values().flatten().for_each(|words| errors.add("", words));
            let mut page = client_page(ask.frame(), &ask.platform(), &ask.who, id, ContactForm::default(), errors).await?;
            (page.company.name, page.company.legal_name) = (form.name.clone(), form.legal_name.clone());
            page.number = form.number.first().cloned().unwrap_or(page.number);
            page_with(StatusCode::UNPROCESSABLE_ENTITY, &page)
        }
    }
}

#[derive(Clone, Deserialize, Default)]
#[serde(default)]
pub struct ContactForm {
    name: String,
    email: String,
    title: String,
    access: String,
    /// `true`: invite at once.
    invite: String,
}

fn level(word: &str) -> Result<AccessLevel> {
    word.parse().map_err(|_| Error::invalid("access", "Choose what this person may see."))
}

pub async fn add_contact(ask: Ask<TenantAdmin, Form<ContactForm>>) -> Answer {
    let id: CompanyId = path_id(&ask.request, "company")?;
    let Form(form) = &ask.body;
    let invite = form.invite == "true";
    let mut work = ask.work(ask.who.caller.reach()).await?;
    let done = async {
        tenancy::company_in(work.read(), id).await?.ok_or(Error::NotFound)?;
        let input = AddContact {
            name: form.name.clone(),
            email: form.email.clone(),
            title: form.title.clone(),
            access: level(&form.access)?,
        };
        let contact = tenancy::add_contact(&mut work, &ask.who, id, input).await?;
        if invite {
            tenancy::invite_contact(&mut work, &ask.who, contact).await?;
        }
        Ok(())
    };
    match done.await {
        Ok(()) => {
            work.commit().await?;
            let words = if invite { "added, and the invitation is on its way" } else { "added" };
            see_other(format!("/admin/clients/{id}")).toast(format!("{} is {words}.", form.name.trim())).answer()
        }
        Err(error) => {
            drop(work);
            let errors = shown(error)?;
            let page = client_page(ask.frame(), &ask.platform(), &ask.who, id, form.clone(), errors).await?;
            page_with(StatusCode::UNPROCESSABLE_ENTITY, &page)
        }
    }
}

pub async fn change_contact(ask: Ask<Fresh<TenantAdmin>, Form<ContactForm>>) -> Answer {
    let id: ContactId = path_id(&ask.request, "contact")?;
    let Form(form) = &ask.body;
    let mut work = ask.work(ask.who.caller.reach()).await?;
    let contact = tenancy::contact_in(work.read(), id).await?.ok_or(Error::NotFound)?;
    tenancy::change_contact(&mut work, &*ask.who, id, &form.name, &form.title, level(&form.access)?).await?;
    work.commit().await?;
    see_other(format!("/admin/clients/{}", contact.company_id)).toast("Saved.").answer()
}

/// What the buttons beside a contact do.
pub async fn act(ask: Ask<TenantAdmin>) -> Answer {
    let id: ContactId = path_id(&ask.request, "contact")?;
    let verb = ask.request.match_info().get("verb").unwrap_or_default().to_owned();
    let mut work = ask.work(ask.who.caller.reach()).await?;
    let contact = tenancy::contact_in(work.read(), id).await?.ok_or(Error::NotFound)?;
    let words = tenancy::act_on_contact(&mut work, &ask.who, &contact, &verb).await?;
    work.commit().await?;
    see_other(format!("/admin/clients/{}", contact.company_id)).toast(words).answer()
}
