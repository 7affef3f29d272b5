//! Admin → Staff: the MSP's own people and their roles. Admin → Resets: lost devices that wait for the owner.

use actix_web::http::StatusCode;
use askama::Template;
use entity::{
    Reach,
    identity::SsoFace,
    ids::{MfaResetId, StaffId},
    tenancy::{StaffRole, staff},
};
use serde::Deserialize;

use super::{STAFF_ROLES, clients::HubNote, resets::ResetRow, shown};
use crate::{
    entrance::Fresh,
    identity::{self, FIRM, Standing},
    platform::{
        Error, FieldErrors, Platform, Result,
        web::{Answer, Ask, Form, Frame, page, page_with, path_id, see_other},
    },
    tenancy::{self, InviteStaff, caller::TenantAdmin},
};

struct StaffRow {
    seat: staff::Model,
    name: String,
    email: String,
    standing: Standing,
    hub: Option<HubNote>,
    me: bool,
}

#[derive(Template)]
#[template(path = "admin/staff.html")]
struct StaffPage {
    frame: Frame,
    tab: &'static str,
    rows: Vec<StaffRow>,
    roles: &'static [(&'static str, &'static str)],
    typed: StaffForm,
    errors: FieldErrors,
}

#[derive(Clone, Deserialize, Default)]
#[serde(default)]
pub struct StaffForm {
    name: String,
    email: String,
    role: String,
}

async fn staff_page(
    frame: Frame,
    platform: &Platform,
    who: &TenantAdmin,
    typed: StaffForm,
    errors: FieldErrors,
) -> Result<StaffPage> {
    let tx = platform.read(who.caller.reach()).await?;
    let seats = tenancy::seats(&tx, who.tenant).await?;
    let accounts: Vec<_> = identity::accounts(&tx, seats.iter().map(|seat| seat.account_id)).await?.into_values().collect();
    let standings = identity::standings(platform, &tx, &accounts).await?;
    // How links of an address fare that signs in elsewhere is not this MSP's to know.
    let here = accounts.iter().filter(|account| account.realm == FIRM);
    let emails: Vec<&str> = here.map(|account| account.email.as_str()).collect();
    let arrivals = identity::arrivals(&tx, SsoFace::Staff, FIRM, &emails).await?;
    let rows = seats
        .into_iter()
        .filter_map(|seat| {
            let account = accounts.iter().find(|account| account.id == seat.account_id)?;
            let standing = standings.get(&account.id)?.clone();
            let me = account.id == who.caller.account;
            let hub = arrivals.get(&account.email).filter(|_| account.realm == FIRM).and_then(HubNote::of);
            Some(StaffRow { seat, hub, name: account.name.clone(), email: account.email.clone(), standing, me })
        })
        .collect();
    Ok(StaffPage { frame, tab: "staff", rows, roles: STAFF_ROLES, typed, errors })
}

pub async fn list(ask: Ask<TenantAdmin>) -> Answer {
    page(&staff_page(ask.frame(), &ask.platform(), &ask.who, StaffForm::default(), FieldErrors::default()).await?)
}

fn role(word: &str) -> Result<StaffRole> {
    word.parse().map_err(|_| Error::invalid("role", "Choose a role."))
}

pub async fn invite(ask: Ask<Fresh<TenantAdmin>, Form<StaffForm>>) -> Answer {
    let Form(form) = &ask.body;
    let mut work = ask.work(ask.who.caller.reach()).await?;
    let done = async {
        let input = InviteStaff { name: form.name.clone(), email: form.email.clone(), role: role(&form.role)? };
        tenancy::invite_staff(&mut work, &ask.who, input).await
    };
    match done.await {
        Ok(_) => {
            work.commit().await?;
            see_other("/admin/staff").toast(format!("The invitation is on its way to {}.", form.email.trim())).answer()
        }
        Err(error) => {
            drop(work);
            let page = staff_page(ask.frame(), &ask.platform(), &ask.who, form.clone(), shown(error)?).await?;
            page_with(StatusCode::UNPROCESSABLE_ENTITY, &page)
        }
    }
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub struct RoleForm {
    role: String,
}

pub async fn change_role(ask: Ask<Fresh<TenantAdmin>, Form<RoleForm>>) -> Answer {
    let id: StaffId = path_id(&ask.request, "staff")?;
    let mut work = ask.work(ask.who.caller.reach()).await?;
    tenancy::staff_in(work.read(), id).await?.ok_or(Error::NotFound)?;
    let role = role(&ask.body.0.role)?;
    tenancy::change_role(&mut work, &ask.who, id, role).await?;
    work.commit().await?;
    see_other("/admin/staff").toast(format!("The role is {} now; the person signs in again.", role.label())).answer()
}

/// What the buttons beside a person do.
pub async fn act(ask: Ask<Fresh<TenantAdmin>>) -> Answer {
    let id: StaffId = path_id(&ask.request, "staff")?;
    let verb = ask.request.match_info().get("verb").unwrap_or_default().to_owned();
    let mut work = ask.work(ask.who.caller.reach()).await?;
    let words = match verb.as_str() {
        "resend" => {
            tenancy::resend_staff(&mut work, &ask.who, id).await?;
            "A new invitation is on its way. Links sent earlier do not work any more."
        }
        "deactivate" => {
            tenancy::deactivate_staff(&mut work, &ask.who, id).await?;
            "Deactivated; open sessions were ended."
        }
        "reactivate" => {
            tenancy::reactivate_staff(&mut work, &ask.who, id).await?;
            "The account can come in again."
        }
        "unlock" => {
            tenancy::unlock_staff(&mut work, &ask.who, id).await?;
            "The lock is lifted."
        }
        _ => return Err(Error::NotFound),
    };
    work.commit().await?;
    see_other("/admin/staff").toast(words).answer()
}

#[derive(Template)]
#[template(path = "admin/resets.html")]
struct ResetsPage {
    frame: Frame,
    tab: &'static str,
    rows: Vec<ResetRow>,
    owner: bool,
}

/// Accounts belong to no tenant; which of the resets concern this one is asked of tenancy.
const RESETS: Reach = Reach::Everything("resets of the people who work for this tenant");

pub async fn resets(ask: Ask<TenantAdmin>) -> Answer {
    let platform = ask.platform();
    let tx = platform.read(ask.who.caller.reach()).await?;
    let mut rows = Vec::new();
    for row in super::resets::open(&platform, &tx).await? {
        if tenancy::works_here(&tx, &ask.who, row.account).await? {
            rows.push(ResetRow { own: row.account == ask.who.caller.account, ..row });
        }
    }
    let owner = ask.who.caller.staff_role(ask.who.tenant) == Some(StaffRole::Owner);
    page(&ResetsPage { frame: ask.frame(), tab: "resets", rows, owner })
}

pub async fn decide_reset(ask: Ask<TenantAdmin>) -> Answer {
    let id: MfaResetId = path_id(&ask.request, "reset")?;
    let verb = ask.request.match_info().get("verb").unwrap_or_default().to_owned();
    let mut work = ask.work(RESETS).await?;
    let words = match verb.as_str() {
        "confirm" => {
            tenancy::confirm_as_owner(&mut work, &ask.who, id).await?;
            "Confirmed. The person has a mail with a link to set up a new app."
        }
        "cancel" => {
            tenancy::cancel_as_owner(&mut work, &ask.who, id).await?;
            "Cancelled; the old app still works."
        }
        _ => return Err(Error::NotFound),
    };
    work.commit().await?;
    see_other("/admin/resets").toast(words).answer()
}
