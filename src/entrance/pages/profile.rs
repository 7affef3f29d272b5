//! `/legal/profile` and `/portal/profile`: a person's name, e-mail, password, recovery codes, sessions and own audit
//! trail.

use actix_web::{HttpRequest, http::StatusCode};
use askama::Template;
use entity::{
    Reach,
    ids::{PasskeyId, SessionId},
};
use serde::Deserialize;

use super::{factor::RecoveryCodesPage, locked_words, shown, with_cookies};
use crate::{
    audit,
    entrance::{
        access::{Oneself, Visitor},
        portals,
    },
    identity::{self, FIRM, Proof, SignedIn, cookie},
    platform::{
        Error, FieldErrors, Result,
        web::{self, Answer, Ask, Form, Frame, page, page_with, path_id, see_other},
    },
    tenancy,
};

struct PasskeyRow {
    key: entity::identity::passkey::Model,
    /// What was typed as its new name, and refused.
    typed: Option<String>,
}

struct SessionRow {
    id: SessionId,
    device: String,
    ip: String,
    opened: entity::Moment,
    seen: entity::Moment,
    here: bool,
}

struct TrailRow {
    at: entity::Moment,
    what: String,
    ip: String,
    denied: bool,
}

#[derive(Template)]
#[template(path = "entrance/profile_firm.html")]
struct FirmProfile {
    frame: Frame,
    p: Profile,
}

#[derive(Template)]
#[template(path = "entrance/profile_portal.html")]
struct PortalProfile {
    frame: Frame,
    p: Profile,
}

/// What both faces show.
struct Profile {
    base: &'static str,
    name: String,
    email: String,
    new_email: String,
    /// Asked for and not confirmed, and until when its link works.
    pending: Option<(String, entity::Moment)>,
    role: &'static str,
    /// Of the firm's side: cannot do without a second factor.
    firm: bool,
    /// Signs in with a second factor.
    factor: bool,
    /// Where there is none, a mail leads to the first one: `/portal/forgot?tenant=harbor`.
    has_password: bool,
    forgot: String,
    /// Is paid by payouts.
    earns: bool,
    codes_left: u64,
    /// Password and code were given within five minutes.
    proved: bool,
    passkeys: Vec<PasskeyRow>,
    /// This host, where passkeys can be.
    passkey_host: Option<String>,
    sessions: Vec<SessionRow>,
    trail: Vec<TrailRow>,
    errors: FieldErrors,
}

pub(in crate::entrance) const OWN: Reach = Reach::Everything("a person's own account");

/// What was typed and is shown again beside its errors.
#[derive(Default)]
pub struct Typed {
    pub name: Option<String>,
    pub new_email: String,
    pub passkey: Option<(PasskeyId, String)>,
}

pub async fn render<W, B>(ask: &Ask<W, B>, one: &Oneself, typed: Typed, errors: FieldErrors) -> Answer {
    let platform = ask.platform();
    let account = &one.me.account;
    let portal = one.caller.is_client();
    let now = platform.clock.now();
    let passkey_host = portals::place(&platform, &ask.request).await?;
    let tx = platform.read(OWN).await?;
    let sessions = identity::sessions_of(&tx, account, now).await?;
    let trail = audit::trail(&tx, account.id, 50).await?;
    let p = Profile {
        base: base(one),
        name: typed.name.unwrap_or_else(|| account.name.clone()),
        email: account.email.clone(),
        new_email: typed.new_email,
        pending: identity::pending_email(&tx, account.id, now).await?,
        role: one.caller.role_label(),
        firm: account.realm == FIRM,
        factor: account.totp_secret.is_some(),
        has_password: account.password_hash.is_some(),
        forgot: forgot(&tx, account).await?,
        earns: one.caller.earns(),
        codes_left: identity::recovery_codes_left(&tx, account.id).await?,
        proved: identity::is_proved(&one.me, now),
        passkeys: identity::passkeys_of(&tx, account.id)
            .await?
            .into_iter()
            .map(|key| PasskeyRow {
                typed: typed.passkey.as_ref().filter(|(id, _)| *id == key.id).map(|(_, name)| name.clone()),
                key,
            })
            .collect(),
        passkey_host: passkey_host.map(|place| place.host),
        sessions: sessions
            .into_iter()
            .map(|row| SessionRow {
                here: row.id == one.me.session.id,
                id: row.id,
                device: identity::device_words(&row.user_agent),
                ip: row.ip,
                opened: row.created_at,
                seen: row.last_seen_at,
            })
            .collect(),
        trail: trail
            .into_iter()
            .map(|row| TrailRow {
                at: row.at,
                what: audit::words(&row.action),
                ip: row.ip.unwrap_or_default(),
                denied: row.result == "denied",
            })
            .collect(),
        errors,
    };
    drop(tx);
    let status = if p.errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    if portal {
        page_with(status, &PortalProfile { frame: ask.frame(), p })
    } else {
        page_with(status, &FirmProfile { frame: ask.frame(), p })
    }
}

/// Where this person asks for a new password by mail.
async fn forgot(tx: &crate::platform::Tx, account: &entity::identity::account::Model) -> Result<String> {
    let Some(id) = identity::realm_tenant(&account.realm) else { return Ok("/forgot".to_owned()) };
    let slug = tenancy::tenant(tx, id).await?.map(|tenant| tenant.slug).unwrap_or_default();
    Ok(format!("/portal/forgot?tenant={slug}"))
}

pub fn base(one: &Oneself) -> &'static str {
    if one.caller.is_client() { "/portal/profile" } else { "/legal/profile" }
}

pub async fn show(ask: Ask<Oneself>) -> Answer {
    render(&ask, &ask.who, Typed::default(), FieldErrors::default()).await
}

/// An address that takes a form of the profile, opened by itself: to the page the form stands on.
pub async fn back_to(ask: Ask<Oneself>) -> Answer {
    see_other(base(&ask.who)).answer()
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub struct NameForm {
    name: String,
}

pub async fn rename(ask: Ask<Oneself, Form<NameForm>>) -> Answer {
    let name = &ask.body.0.name;
    match identity::rename(&ask.platform(), ask.actor(), &ask.who.me, name).await {
        Ok(()) => see_other(base(&ask.who)).toast("Your name is saved.").answer(),
        Err(error) => render(&ask, &ask.who, Typed { name: Some(name.clone()), ..Typed::default() }, shown(error)?).await,
    }
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub struct ProofForm {
    pub current_password: String,
    pub code: String,
    pub password: String,
}

/// Proves again where the last proof is too old: the session as it stands now, or what was wrong.
pub async fn proved(request: &HttpRequest, one: &Oneself, form: &ProofForm) -> Result<Result<SignedIn, FieldErrors>> {
    let platform = web::platform(request);
    let mut me = SignedIn::clone(&one.me);
    if identity::is_proved(&me, platform.clock.now()) && form.current_password.is_empty() {
        return Ok(Ok(me));
    }
    let device = cookie::device_token(request, &platform.config);
    let actor = web::actor(request);
    let proof = identity::prove_again(&platform, actor, &me, &form.current_password, &form.code, device.as_deref()).await?;
    let mut errors = FieldErrors::default();
    match proof {
        Proof::Given => {
            me.session.proved_at = platform.clock.now();
            return Ok(Ok(me));
        }
        Proof::Wrong { field, why } => errors.add(field, why),
        Proof::Locked(until) => errors.add("", locked_words(until, platform.clock.now())),
    }
    Ok(Err(errors))
}

/// Password and code once more, so that what follows within five minutes need not ask.
pub async fn prove(ask: Ask<(Oneself, Visitor), Form<ProofForm>>) -> Answer {
    let one = &ask.who.0;
    match proved(&ask.request, one, &ask.body.0).await? {
        Ok(_) => see_other(base(one))
            .toast("Thank you. For five minutes you can change your password, e-mail and recovery codes.")
            .answer(),
        Err(errors) => render(&ask, one, Typed::default(), errors).await,
    }
}

pub async fn change_password(ask: Ask<(Oneself, Visitor), Form<ProofForm>>) -> Answer {
    let platform = ask.platform();
    let one = &ask.who.0;
    let me = match proved(&ask.request, one, &ask.body.0).await? {
        Ok(me) => me,
        Err(errors) => return render(&ask, one, Typed::default(), errors).await,
    };
    let about = match one.caller.home_tenant() {
        Some(id) => {
            tenancy::tenant(&platform.read(one.caller.reach()).await?, id).await?.map(|tenant| tenant.name).into_iter().collect()
        }
        None => Vec::new(),
    };
    match identity::change_password(&platform, ask.actor(), &me, &ask.body.0.password, about).await {
        Ok(token) => {
            let to = see_other(base(one)).toast("Your password is changed. All your other sessions were ended.");
            with_cookies(to.answer()?, &[cookie::set(&platform.config, &token)])
        }
        Err(error) => render(&ask, one, Typed::default(), shown(error)?).await,
    }
}

pub async fn recovery_codes(ask: Ask<(Oneself, Visitor), Form<ProofForm>>) -> Answer {
    let platform = ask.platform();
    let one = &ask.who.0;
    if one.me.account.totp_secret.is_none() {
        return Err(Error::NotFound);
    }
    let me = match proved(&ask.request, one, &ask.body.0).await? {
        Ok(me) => me,
        Err(errors) => return render(&ask, one, Typed::default(), errors).await,
    };
    let codes = identity::new_recovery_codes(&platform, ask.actor(), &me).await?;
    page(&RecoveryCodesPage { frame: ask.frame(), email: me.account.email.clone(), codes, onward: base(one).to_owned() })
}

fn ended(one: &Oneself, how: &'static str) -> audit::Line {
    audit::Line::new("session.ended", format!("account:{}", one.me.account.id)).tenant(one.me.account.tenant_id).with("how", how)
}

pub async fn end_one(ask: Ask<Oneself>) -> Answer {
    let id: SessionId = path_id(&ask.request, "id")?;
    let one = &ask.who;
    let mut work = ask.work(OWN).await?;
    let mine = identity::sessions_of(work.read(), &one.me.account, work.now()).await?;
    if !mine.iter().any(|session| session.id == id) {
        return Err(Error::NotFound);
    }
    identity::end_session(&mut work, id).await?;
    audit::record(&mut work, ended(one, "by the person")).await?;
    work.commit().await?;
    see_other(base(one)).toast("That session is ended.").answer()
}

pub async fn end_others(ask: Ask<Oneself>) -> Answer {
    let one = &ask.who;
    let mut work = ask.work(OWN).await?;
    let count = identity::end_sessions_of(&mut work, one.me.account.id, Some(one.me.session.id)).await?;
    audit::record(&mut work, ended(one, "by the person, all others").with("count", count)).await?;
    work.commit().await?;
    see_other(base(one)).toast("All your other sessions are ended.").answer()
}
