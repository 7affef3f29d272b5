//! `/operator`: tenants, attorneys, operators, resets of lost devices.

use actix_web::http::StatusCode;
use askama::Template;
use entity::{
    Reach,
    identity::{AccountKind, account},
    ids::{AccountId, MfaResetId, TenantId},
    tenancy::{AttorneyRole, StaffRole, tenant},
};
use serde::Deserialize;

use super::{ATTORNEY_ROLES, resets::ResetRow, shown, zones};
use crate::{
    entrance::Fresh,
    identity::{self, Standing},
    platform::{
        Error, FieldErrors, Platform, Result,
        web::{Answer, Ask, Form, Frame, page, page_with, path_id, see_other},
    },
    policies,
    tenancy::{self, CreateTenant, caller::Operator},
};

const ALL: Reach = Reach::Everything("the operator looks after the installation's people and tenants, never their data");

#[derive(Template)]
#[template(path = "operator/tenants.html")]
struct TenantsPage {
    frame: Frame,
    rows: Vec<tenant::Model>,
}

pub async fn tenants(ask: Ask<Operator>) -> Answer {
    let tx = ask.platform().read(Reach::Tenants(Vec::new())).await?;
    page(&TenantsPage { frame: ask.frame(), rows: tenancy::tenants(&tx).await? })
}

#[derive(Clone, Deserialize, Default)]
#[serde(default)]
pub struct TenantForm {
    name: String,
    slug: String,
    /// `msp` or `mission`.
    kind: String,
    zone: String,
    primary_color: String,
    accent_color: String,
}

#[derive(Template)]
#[template(path = "operator/tenant_new.html")]
struct NewTenantPage {
    frame: Frame,
    typed: TenantForm,
    zones: &'static [(&'static str, &'static str)],
    kinds: &'static [(&'static str, &'static str)],
    errors: FieldErrors,
}

const KINDS: &[(&str, &str)] = &[("msp", "An MSP and its clients"), ("mission", "A mission organisation and its members")];

pub async fn show_new(ask: Ask<Operator>) -> Answer {
    let typed = TenantForm {
        kind: "msp".to_owned(),
        zone: "America/New_York".to_owned(),
        primary_color: "#8b5cf6".to_owned(),
        accent_color: "#0f766e".to_owned(),
        ..TenantForm::default()
    };
    page(&NewTenantPage { frame: ask.frame(), typed, zones: zones(), kinds: KINDS, errors: FieldErrors::default() })
}

pub async fn create(ask: Ask<Operator, Form<TenantForm>>) -> Answer {
    let Form(form) = &ask.body;
    let mut work = ask.work(Reach::Everything("a tenant that is not there yet")).await?;
    let input = CreateTenant {
        name: form.name.clone(),
        slug: form.slug.clone(),
        zone: form.zone.clone(),
        primary_color: form.primary_color.clone(),
        accent_color: form.accent_color.clone(),
        mission: form.kind == "mission",
    };
    match tenancy::create_tenant(&mut work, &ask.who, input).await {
        Ok(id) => {
            policies::install_defaults(&mut work, id).await?;
            work.commit().await?;
            see_other(format!("/operator/tenants/{id}"))
                .toast(format!("{} is here. Invite its owner next.", form.name.trim()))
                .answer()
        }
        Err(error) => {
            let page =
                NewTenantPage { frame: ask.frame(), typed: form.clone(), zones: zones(), kinds: KINDS, errors: shown(error)? };
            page_with(StatusCode::UNPROCESSABLE_ENTITY, &page)
        }
    }
}

struct PersonRow {
    account: account::Model,
    standing: Standing,
    /// Role here, or the tenants they are engaged with.
    more: String,
    me: bool,
}

#[derive(Template)]
#[template(path = "operator/tenant.html")]
struct TenantPage {
    frame: Frame,
    tenant: tenant::Model,
    owners: Vec<PersonRow>,
    attorneys: Vec<PersonRow>,
    /// Attorneys to engage.
    choices: Vec<(String, String)>,
    roles: &'static [(&'static str, &'static str)],
    typed: PersonForm,
    errors: FieldErrors,
}

#[derive(Clone, Deserialize, Default)]
#[serde(default)]
pub struct PersonForm {
    name: String,
    email: String,
    account: String,
    role: String,
}

async fn people(
    platform: &Platform,
    tx: &crate::platform::Tx,
    who: &Operator,
    of: Vec<(AccountId, String)>,
) -> Result<Vec<PersonRow>> {
    let accounts: Vec<account::Model> = identity::accounts(tx, of.iter().map(|(id, _)| *id)).await?.into_values().collect();
    let standings = identity::standings(platform, tx, &accounts).await?;
    Ok(of
        .into_iter()
        .filter_map(|(id, more)| {
            let account = accounts.iter().find(|account| account.id == id)?.clone();
            Some(PersonRow { standing: standings.get(&id)?.clone(), more, me: id == who.caller.account, account })
        })
        .collect())
}

async fn tenant_page(
    frame: Frame,
    platform: &Platform,
    who: &Operator,
    id: TenantId,
    typed: PersonForm,
    errors: FieldErrors,
) -> Result<TenantPage> {
    let tx = platform.read(Reach::Tenants(vec![id])).await?;
    let tenant = tenancy::tenant(&tx, id).await?.ok_or(Error::NotFound)?;
    let seats = tenancy::seats(&tx, id).await?;
    let owners = seats
        .into_iter()
        .filter(|seat| seat.role == StaffRole::Owner)
        .map(|seat| (seat.account_id, seat.role.label().to_owned()))
        .collect();
    let engaged = tenancy::engagements(&tx).await?;
    let attorneys = engaged.iter().map(|row| (row.account_id, row.role.label().to_owned())).collect();
    let choices = identity::accounts_of_kind(&tx, AccountKind::Attorney)
        .await?
        .into_iter()
        .map(|account| (account.id.to_string(), format!("{} ({})", account.name, account.email)))
        .collect();
    Ok(TenantPage {
        frame,
        tenant,
        owners: people(platform, &tx, who, owners).await?,
        attorneys: people(platform, &tx, who, attorneys).await?,
        choices,
        roles: ATTORNEY_ROLES,
        typed,
        errors,
    })
}

pub async fn show_tenant(ask: Ask<Operator>) -> Answer {
    let id = path_id(&ask.request, "tenant")?;
    page(&tenant_page(ask.frame(), &ask.platform(), &ask.who, id, PersonForm::default(), FieldErrors::default()).await?)
}

/// Re-shows the tenant's page with what was typed wrong.
async fn again(ask: &Ask<Fresh<Operator>, Form<PersonForm>>, id: TenantId, error: Error) -> Answer {
    let errors = shown(error)?;
    let page = tenant_page(ask.frame(), &ask.platform(), &ask.who, id, ask.body.0.clone(), errors).await?;
    page_with(StatusCode::UNPROCESSABLE_ENTITY, &page)
}

pub async fn invite_owner(ask: Ask<Fresh<Operator>, Form<PersonForm>>) -> Answer {
    let id: TenantId = path_id(&ask.request, "tenant")?;
    let Form(form) = &ask.body;
    let mut work = ask.work(Reach::Tenants(vec![id])).await?;
    match tenancy::invite_owner(&mut work, &ask.who, id, form.name.clone(), form.email.clone()).await {
        Ok(_) => {
            work.commit().await?;
            see_other(format!("/operator/tenants/{id}"))
                .toast(format!("The invitation is on its way to {}.", form.email.trim()))
                .answer()
        }
        Err(error) => {
            drop(work);
            again(&ask, id, error).await
        }
    }
}

pub async fn engage(ask: Ask<Fresh<Operator>, Form<PersonForm>>) -> Answer {
    let id: TenantId = path_id(&ask.request, "tenant")?;
    let Form(form) = &ask.body;
    let mut work = ask.work(Reach::Tenants(vec![id])).await?;
    let done = async {
        let account = form.account.parse().map_err(|_| Error::invalid("account", "Choose an attorney."))?;
        let role: AttorneyRole = form.role.parse().map_err(|_| Error::invalid("role", "Choose a role."))?;
        tenancy::engage(&mut work, &ask.who, id, account, role).await
    };
    match done.await {
        Ok(()) => {
            work.commit().await?;
            see_other(format!("/operator/tenants/{id}")).toast("Engaged.").answer()
        }
        Err(error) => {
            drop(work);
            again(&ask, id, error).await
        }
    }
}

pub async fn end_engagement(ask: Ask<Fresh<Operator>>) -> Answer {
    let id: TenantId = path_id(&ask.request, "tenant")?;
    let account: AccountId = path_id(&ask.request, "account")?;
    let mut work = ask.work(Reach::Tenants(vec![id])).await?;
    tenancy::end_engagement(&mut work, &ask.who, id, account).await?;
    work.commit().await?;
    see_other(format!("/operator/tenants/{id}")).toast("The engagement is ended; their sessions too.").answer()
}

#[derive(Template)]
#[template(path = "operator/people.html")]
struct PeoplePage {
    frame: Frame,
    title: &'static str,
    intro: &'static str,
    base: &'static str,
    rows: Vec<PersonRow>,
    typed: PersonForm,
    errors: FieldErrors,
}

async fn people_page<W, B>(
    ask: &Ask<W, B>,
    who: &Operator,
    kind: AccountKind,
    typed: PersonForm,
    errors: FieldErrors,
) -> Result<PeoplePage> {
    let platform = ask.platform();
    let tx = platform.read(ALL).await?;
    let tenants = tenancy::tenants(&tx).await?;
    let engaged = tenancy::engagements(&tx).await?;
    let of = identity::accounts_of_kind(&tx, kind)
        .await?
        .into_iter()
        .map(|account| {
            let seats = engaged.iter().filter(|row| row.account_id == account.id).filter_map(|row| {
                let tenant = tenants.iter().find(|tenant| tenant.id == row.tenant_id)?;
                Some(format!("{}: {}", tenant.name, row.role.label()))
            });
            (account.id, seats.collect::<Vec<_>>().join(", "))
        })
        .collect();
    let rows = people(&platform, &tx, who, of).await?;
    let (title, intro, base) = match kind {
        AccountKind::Attorney => (
            "Attorneys",
            "Attorneys sign in with password and code, and see the tenants they are engaged with.",
            "/operator/attorneys",
        ),
        _ => (
            "Operators",
            "Operators run the installation. They see tenants and people, never a tenant's documents.",
            "/operator/operators",
        ),
    };
    Ok(PeoplePage { frame: ask.frame(), title, intro, base, rows, typed, errors })
}

fn kind_of<W, B>(ask: &Ask<W, B>) -> AccountKind {
    if ask.request.path().starts_with("/operator/attorneys") { AccountKind::Attorney } else { AccountKind::Operator }
}

pub async fn show_people(ask: Ask<Operator>) -> Answer {
    page(&people_page(&ask, &ask.who, kind_of(&ask), PersonForm::default(), FieldErrors::default()).await?)
}

pub async fn invite_person(ask: Ask<Fresh<Operator>, Form<PersonForm>>) -> Answer {
    let Form(form) = &ask.body;
    let kind = kind_of(&ask);
    let mut work = ask.work(ALL).await?;
    let (name, email) = (form.name.clone(), form.email.clone());
    let done = match kind {
        AccountKind::Attorney => tenancy::invite_attorney(&mut work, &ask.who, name, email).await,
        _ => tenancy::invite_operator(&mut work, &ask.who, name, email).await,
    };
    match done {
        Ok(_) => {
            work.commit().await?;
            see_other(ask.request.path()).toast(format!("The invitation is on its way to {}.", form.email.trim())).answer()
        }
        Err(error) => {
            drop(work);
            let errors = shown(error)?;
            page_with(StatusCode::UNPROCESSABLE_ENTITY, &people_page(&ask, &ask.who, kind, form.clone(), errors).await?)
        }
    }
}

/// What the buttons beside an attorney or operator do.
pub async fn act(ask: Ask<Fresh<Operator>>) -> Answer {
    let id: AccountId = path_id(&ask.request, "account")?;
    let verb = ask.request.match_info().get("verb").unwrap_or_default().to_owned();
    let mut work = ask.work(ALL).await?;
    let words = match verb.as_str() {
        "resend" => {
            tenancy::resend_to_firm(&mut work, &ask.who, id).await?;
            "A new invitation is on its way. Links sent earlier do not work any more."
        }
        "deactivate" => {
            tenancy::deactivate_in_firm(&mut work, &ask.who, id).await?;
            "Deactivated; open sessions were ended."
        }
        "reactivate" => {
            tenancy::reactivate_in_firm(&mut work, &ask.who, id).await?;
            "The account can come in again."
        }
        _ => return Err(Error::NotFound),
    };
    work.commit().await?;
    let back = if kind_of(&ask) == AccountKind::Attorney { "/operator/attorneys" } else { "/operator/operators" };
    see_other(back).toast(words).answer()
}

#[derive(Clone, Deserialize, Default)]
#[serde(default)]
pub struct ResetForm {
    email: String,
    verified: String,
}

#[derive(Template)]
#[template(path = "operator/resets.html")]
struct ResetsPage {
    frame: Frame,
    rows: Vec<ResetRow>,
    typed: ResetForm,
    errors: FieldErrors,
}

async fn resets_page<W, B>(ask: &Ask<W, B>, who: &Operator, typed: ResetForm, errors: FieldErrors) -> Result<ResetsPage> {
    let platform = ask.platform();
    let me = who.caller.account;
    let tx = platform.read(ALL).await?;
    let rows = super::resets::open(&platform, &tx)
        .await?
        .into_iter()
        .map(|row| ResetRow { own: row.account == me || row.started_by == Some(me), ..row })
        .collect();
    Ok(ResetsPage { frame: ask.frame(), rows, typed, errors })
}

pub async fn resets(ask: Ask<Operator>) -> Answer {
    page(&resets_page(&ask, &ask.who, ResetForm::default(), FieldErrors::default()).await?)
}

pub async fn start_reset(ask: Ask<Fresh<Operator>, Form<ResetForm>>) -> Answer {
    let Form(form) = &ask.body;
    let mut work = ask.work(ALL).await?;
    match tenancy::start_as_operator(&mut work, &ask.who, &form.email, &form.verified).await {
        Ok(_) => {
            work.commit().await?;
            see_other("/operator/resets").toast("Started. Another operator, or the owner of their MSP, confirms it.").answer()
        }
        Err(error) => {
            drop(work);
            let errors = shown(error)?;
            page_with(StatusCode::UNPROCESSABLE_ENTITY, &resets_page(&ask, &ask.who, form.clone(), errors).await?)
        }
    }
}

pub async fn decide_reset(ask: Ask<Fresh<Operator>>) -> Answer {
    let id: MfaResetId = path_id(&ask.request, "reset")?;
    let verb = ask.request.match_info().get("verb").unwrap_or_default().to_owned();
    let mut work = ask.work(ALL).await?;
    let words = match verb.as_str() {
        "confirm" => {
            tenancy::confirm_as_operator(&mut work, &ask.who, id).await?;
            "Confirmed. The person has a mail with a link to set up a new app."
        }
        "cancel" => {
            tenancy::cancel_as_operator(&mut work, &ask.who, id).await?;
            "Cancelled; the old app still works."
        }
        _ => return Err(Error::NotFound),
    };
    work.commit().await?;
    see_other("/operator/resets").toast(words).answer()
}
