//! Passkeys: added, named and taken away at the profile, and what they open: a client's door, the second stage, a fresh proof.

use actix_web::{HttpRequest, HttpResponse};
use askama::Template;
use entity::{
    identity::SessionStage,
    ids::{CeremonyId, PasskeyId},
};
use serde::Deserialize;

use super::{
    portal::nowhere_posted,
    profile::{self, Typed, base},
    shown,
};
use crate::{
    entrance::{
        access::{Fresh, Oneself, Visitor, session},
        portals::{self, Portal},
    },
    identity::{self, FIRM, Place, cookie, portal_realm},
    platform::{
        Error, Result,
        web::{self, Answer, Ask, Form, Frame, answer::SeeOther, answer::own_path, page, path_id, see_other},
    },
};

#[derive(Template)]
#[template(path = "entrance/passkey_new.html")]
struct NewPage {
    frame: Frame,
    base: &'static str,
    ceremony: CeremonyId,
    /// The question, as the page's script hands it to the device.
    options: String,
    name: String,
}

/// This host, where passkeys can be.
async fn place(request: &HttpRequest) -> Result<Place> {
    portals::place(&web::platform(request), request).await?.ok_or(Error::NotFound)
}

pub async fn show_new(ask: Ask<Fresh<Oneself>>) -> Answer {
    let place = place(&ask.request).await?;
    match identity::ask_new_passkey(&ask.platform(), ask.actor(), &ask.who.me, &place).await {
        Ok(question) => page(&NewPage {
            frame: ask.frame(),
            base: base(&ask.who),
            ceremony: question.ceremony,
            options: question.options.to_string(),
            name: identity::device_words(&web::user_agent(&ask.request)),
        }),
        Err(error) => refused(&ask.request, see_other(base(&ask.who)), error),
    }
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub struct AnswerForm {
    ceremony: String,
    credential: String,
    name: String,
    next: String,
    tenant: String,
}

impl AnswerForm {
    fn asked(&self) -> CeremonyId {
        self.ceremony.parse().unwrap_or(CeremonyId(uuid::Uuid::nil()))
    }
}

/// Back to where one came from, with the reason.
fn refused(request: &HttpRequest, back: SeeOther, error: Error) -> Answer {
    match error {
        Error::Refused(refusal) => {
            // Nothing was opened; what there was to record is recorded.
            web::platform(request).tripwire.audited(&web::request_id(request));
            back.warn(format!("{} {}", refusal.sentence, refusal.next_step)).answer()
        }
        Error::Invalid(_) => {
            web::platform(request).tripwire.audited(&web::request_id(request));
            back.warn(error.detail()).answer()
        }
        other => Err(other),
    }
}

pub async fn add(ask: Ask<Oneself, Form<AnswerForm>>) -> Answer {
    let place = place(&ask.request).await?;
    let platform = ask.platform();
    let form = &ask.body.0;
    let done = identity::add_passkey(&platform, ask.actor(), &ask.who.me, &place, form.asked(), &form.credential, &form.name);
    match done.await {
        Ok(()) => see_other(base(&ask.who)).toast("The passkey is added. We have sent you a mail about it.").answer(),
        Err(error) => refused(&ask.request, see_other(base(&ask.who)), error),
    }
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub struct NameForm {
    passkey_name: String,
}

pub async fn rename(ask: Ask<Oneself, Form<NameForm>>) -> Answer {
    let id: PasskeyId = path_id(&ask.request, "passkey")?;
    let name = &ask.body.0.passkey_name;
    let mut work = ask.work(profile::OWN).await?;
    if let Err(error) = identity::rename_passkey(&mut work, &ask.who.me, id, name).await {
        drop(work);
        let typed = Typed { passkey: Some((id, name.clone())), ..Typed::default() };
        return profile::render(&ask, &ask.who, typed, shown(error)?).await;
    }
    work.commit().await?;
    see_other(base(&ask.who)).toast("The passkey has its new name.").answer()
}

pub async fn remove(ask: Ask<Fresh<Oneself>>) -> Answer {
    let id: PasskeyId = path_id(&ask.request, "passkey")?;
    let mut work = ask.work(profile::OWN).await?;
    let name = identity::remove_passkey(&mut work, &ask.who.me, id).await?;
    work.commit().await?;
    see_other(base(&ask.who)).toast(format!("“{name}” opens nothing here any more. Delete it on the device as well.")).answer()
}

/// What the device is asked at the door: after a password for a passkey of this person, at a portal for any.
pub async fn ask_at_door(ask: Ask<Visitor>) -> Answer {
    let place = place(&ask.request).await?;
    let platform = ask.platform();
    let question = match session(&ask.request).filter(|half| half.session.stage == SessionStage::Password) {
        Some(half) => identity::ask_passkey(&platform, ask.actor(), half.account.id, &place).await?.ok_or(Error::NotFound)?,
        None if ask.request.path().starts_with("/portal") => identity::ask_any_passkey(&platform, ask.actor(), &place).await?,
        None => return Err(Error::NotFound),
    };
    Ok(HttpResponse::Ok().json(question))
}

pub async fn enter(ask: Ask<Visitor, Form<AnswerForm>>) -> Answer {
    let place = place(&ask.request).await?;
    let platform = ask.platform();
    let form = &ask.body.0;
    let device = cookie::device_token(&ask.request, &platform.config);
    let before = session(&ask.request);
    if let Some(half) = before.as_ref().filter(|half| half.session.stage == SessionStage::Password) {
        let opened =
            identity::confirm_by_passkey(&platform, ask.actor(), half, &place, form.asked(), &form.credential, device.as_deref());
        let door = if half.account.realm == FIRM { "/login/totp" } else { "/portal/login/totp" };
        return match opened.await {
            Ok(opened) => super::admit(&platform.config, &opened, see_other(own_path(Some(&form.next), "/"))),
            Err(error) => refused(&ask.request, see_other(format!("{door}{}", super::carry(Some(&form.next)))), error),
        };
    }
    if !ask.request.path().starts_with("/portal") {
        return Err(Error::NotFound);
    }
    let tenant = match portals::find(&platform, &ask.request, Some(&form.tenant)).await? {
        Portal::Found(tenant) => tenant,
        other => return nowhere_posted(ask.frame(), other),
    };
    let opened = identity::enter_by_passkey(
        &platform,
        ask.actor(),
        identity::Answered { realm: portal_realm(tenant.id), asked: form.asked(), answer: form.credential.clone() },
        &place,
        before.map(|signed_in| signed_in.session.id),
        device.as_deref(),
    );
    match opened.await {
        Ok(opened) => super::admit(&platform.config, &opened, see_other(own_path(Some(&form.next), "/portal/dashboard"))),
        // The browser offers no passkey by itself again: it would be the same one.
        Err(error) => refused(&ask.request, see_other(format!("/portal/login?tenant={}&way=again", tenant.slug)), error),
    }
}

pub async fn ask_proof(ask: Ask<(Oneself, Visitor)>) -> Answer {
    let place = place(&ask.request).await?;
    let me = &ask.who.0.me;
    let question = identity::ask_passkey(&ask.platform(), ask.actor(), me.account.id, &place).await?.ok_or(Error::NotFound)?;
    Ok(HttpResponse::Ok().json(question))
}

pub async fn prove(ask: Ask<(Oneself, Visitor), Form<AnswerForm>>) -> Answer {
    let place = place(&ask.request).await?;
    let form = &ask.body.0;
    let one = &ask.who.0;
    let next = own_path(Some(&form.next), "");
    match identity::prove_by_passkey(&ask.platform(), ask.actor(), &one.me, &place, form.asked(), &form.credential).await {
        Ok(()) => {
            let words = super::prove::thanks(next);
            let to = if next.is_empty() { one.caller.home().to_owned() } else { super::prove::onward(next) };
            see_other(to).toast(words).answer()
        }
        Err(error) => refused(&ask.request, see_other(if next.is_empty() { base(one) } else { next }), error),
    }
}
