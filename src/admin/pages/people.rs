//! One person's page: where they are signed in now, and the buttons that end it. For the tenant's admin and for the operator.

use actix_web::http::StatusCode;
use askama::Template;
use entity::{
    Moment, Reach,
    identity::account,
    ids::{AccountId, SessionId},
};
use serde::Deserialize;

use crate::{
    entrance::Fresh,
    identity::{self, FIRM, Standing},
    platform::{
        Error, FieldErrors, Platform, Result, Tx,
        web::{Answer, Ask, Form, Frame, page_with, path_id, see_other},
    },
    tenancy::{
        self,
        caller::{Operator, TenantAdmin},
    },
};

/// Accounts and sessions belong to no tenant; whose they are is proved by tenancy.
const SESSIONS: Reach = Reach::Everything("sessions of a person this administrator looks after");

struct SessionRow {
    id: SessionId,
    device: String,
    ip: String,
    opened: Moment,
    seen: Moment,
}

#[derive(Template)]
#[template(path = "admin/person.html")]
struct PersonPage {
    frame: Frame,
    /// In the admin panel; empty on the operator's side.
    tab: &'static str,
    back: (String, &'static str),
    base: String,
    account: account::Model,
    standing: Standing,
    rows: Vec<SessionRow>,
    /// This administrator may end them.
    may: bool,
    /// A client with an authenticator app, which may be lost.
    app: bool,
    errors: FieldErrors,
}

async fn render(
    frame: Frame,
    platform: &Platform,
    tx: &Tx,
    account: account::Model,
    face: (&'static str, (String, &'static str), String),
    may: bool,
    errors: FieldErrors,
) -> Answer {
    let standing = identity::standings(platform, tx, std::slice::from_ref(&account)).await?.remove(&account.id);
    let rows = identity::sessions_of(tx, &account, platform.clock.now())
        .await?
        .into_iter()
        .map(|row| SessionRow {
            id: row.id,
            device: identity::device_words(&row.user_agent),
            ip: row.ip,
            opened: row.created_at,
            seen: row.last_seen_at,
        })
        .collect();
    let (tab, back, base) = face;
    let app = account.totp_secret.is_some() && account.realm != FIRM;
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    page_with(
        status,
        &PersonPage { frame, tab, back, base, standing: standing.ok_or(Error::NotFound)?, account, rows, may, app, errors },
    )
}

pub async fn show(ask: Ask<TenantAdmin>) -> Answer {
    shown_to_admin(&ask, &ask.who, FieldErrors::default()).await
}

async fn shown_to_admin<W, B>(ask: &Ask<W, B>, who: &TenantAdmin, errors: FieldErrors) -> Answer {
    let id: AccountId = path_id(&ask.request, "account")?;
    let platform = ask.platform();
    let tx = platform.read(who.caller.reach()).await?;
    let account = tenancy::person_here(&tx, who, id).await?;
    if id == who.caller.account {
        return see_other("/legal/profile").answer();
    }
    let (tab, back) = match tenancy::contact_of_account(&tx, id).await? {
        Some(contact) => ("clients", (format!("/admin/clients/{}", contact.company_id), "Users")),
        None => ("staff", ("/admin/staff".to_owned(), "Staff")),
    };
    let may = tenancy::may_close(&tx, who, id).await?;
    render(ask.frame(), &platform, &tx, account, (tab, back, format!("/admin/people/{id}")), may, errors).await
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub struct LostForm {
    verified: String,
}

/// A client's lost app is taken off.
pub async fn take_app(ask: Ask<Fresh<TenantAdmin>, Form<LostForm>>) -> Answer {
    let id: AccountId = path_id(&ask.request, "account")?;
    let mut work = ask.work(ask.who.caller.reach()).await?;
    match tenancy::take_lost_factor(&mut work, &ask.who, id, &ask.body.0.verified).await {
        Ok(()) => {
            work.commit().await?;
            see_other(format!("/admin/people/{id}")).toast("The app is taken off; the person is told by mail.").answer()
        }
        Err(Error::Invalid(errors)) => {
            drop(work);
            shown_to_admin(&ask, &ask.who, errors).await
        }
        Err(other) => Err(other),
    }
}

/// The session named in the address, or all.
fn named<W>(ask: &Ask<W>) -> Result<Option<SessionId>> {
    if ask.request.match_info().get("id").is_none() {
        return Ok(None);
    }
    path_id(&ask.request, "id").map(Some)
}

fn words(count: usize) -> String {
    let what = if count == 1 { "The session is ended".to_owned() } else { format!("{count} sessions are ended") };
    format!("{what}; the person is told by mail.")
}

pub async fn end(ask: Ask<TenantAdmin>) -> Answer {
    let id: AccountId = path_id(&ask.request, "account")?;
    let one = named(&ask)?;
    let mut work = ask.work(ask.who.caller.reach()).await?;
    let count = tenancy::close_as_admin(&mut work, &ask.who, id, one).await?;
    work.commit().await?;
    see_other(format!("/admin/people/{id}")).toast(words(count)).answer()
}

fn operators_base(path: &str) -> (&'static str, &'static str) {
    if path.starts_with("/operator/attorneys") {
        ("/operator/attorneys", "Attorneys")
    } else {
        ("/operator/operators", "Operators")
    }
}

pub async fn show_firm(ask: Ask<Operator>) -> Answer {
    let id: AccountId = path_id(&ask.request, "account")?;
    let platform = ask.platform();
    let tx = platform.read(SESSIONS).await?;
    let account = tenancy::person_of_firm(&tx, &ask.who, id).await?;
    if id == ask.who.caller.account {
        return see_other("/legal/profile").answer();
    }
    let (base, title) = operators_base(ask.request.path());
    render(
        ask.frame(),
        &platform,
        &tx,
        account,
        ("", (base.to_owned(), title), format!("{base}/{id}")),
        true,
        FieldErrors::default(),
    )
    .await
}

pub async fn end_firm(ask: Ask<Operator>) -> Answer {
    let id: AccountId = path_id(&ask.request, "account")?;
    let one = named(&ask)?;
    let mut work = ask.work(SESSIONS).await?;
    let count = tenancy::close_as_operator(&mut work, &ask.who, id, one).await?;
    work.commit().await?;
    let (base, _) = operators_base(ask.request.path());
    see_other(format!("{base}/{id}")).toast(words(count)).answer()
}
