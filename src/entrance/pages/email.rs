//! Another e-mail address: asked for in the profile, confirmed at `/email/{token}`. A GET shows, only the button consumes.

use actix_web::http::StatusCode;
use askama::Template;
use entity::{Reach, identity::LinkPurpose};
use serde::Deserialize;

use super::{
    invite, portal,
    profile::{self, ProofForm, Typed},
    shown, with_cookies,
};
use crate::{
    entrance::access::{Oneself, Visitor, session},
    identity::{self, FIRM, LinkState, cookie},
    platform::{
        Actor, Error, FieldErrors, Result,
        web::{Answer, Ask, Form, Frame, page, page_with, see_other},
    },
    tenancy,
};

const OWN: Reach = Reach::Everything("a person's own account");

#[derive(Deserialize, Default)]
#[serde(default)]
pub struct EmailForm {
    email: String,
    current_password: String,
    code: String,
}

pub async fn ask(ask: Ask<(Oneself, Visitor), Form<EmailForm>>) -> Answer {
    let platform = ask.platform();
    let one = &ask.who.0;
    let Form(form) = &ask.body;
    let proof = ProofForm { current_password: form.current_password.clone(), code: form.code.clone(), ..ProofForm::default() };
    let typed = Typed { new_email: form.email.clone(), ..Typed::default() };
    let me = match profile::proved(&ask.request, one, &proof).await? {
        Ok(me) => me,
        Err(errors) => return profile::render(&ask, one, typed, errors).await,
    };
    let look = match identity::realm_tenant(&me.account.realm) {
        Some(id) => tenancy::tenant(&platform.read(one.caller.reach()).await?, id).await?.map(|tenant| tenancy::look(&tenant)),
        None => None,
    };
    match identity::ask_email_change(&platform, ask.actor(), &me, &form.email, &look.unwrap_or_default()).await {
        Ok(new) => see_other(profile::base(one))
            .toast(format!("A link is on its way to {new}. Open it within 60 minutes; until then nothing changes."))
            .answer(),
        Err(error) => profile::render(&ask, one, typed, shown(error)?).await,
    }
}

pub async fn withdraw(ask: Ask<Oneself>) -> Answer {
    let mut work = ask.work(OWN).await?;
    identity::withdraw_email_change(&mut work, &ask.who.me).await?;
    work.commit().await?;
    see_other(profile::base(&ask.who)).toast("Withdrawn: the link that was mailed does not work any more.").answer()
}

#[derive(Template)]
#[template(path = "entrance/confirm_email.html")]
struct ConfirmPage {
    frame: Frame,
    new: String,
    name: String,
    errors: FieldErrors,
}

type Alive = (ConfirmPage, entity::identity::account::Model, String);

/// The page of a live link at this door, or the one that says why it is dead; and the door of the person.
async fn alive<W, B>(ask: &Ask<W, B>, token: &str) -> Result<Result<Alive, actix_web::HttpResponse>> {
    let platform = ask.platform();
    let firm = !ask.request.path().starts_with("/portal");
    let state = invite::state(&platform, token, LinkPurpose::Email).await?;
    if let LinkState::Alive { account, .. } = &state
        && (account.realm == FIRM) == firm
    {
        let tx = platform.read(Reach::Everything("a portal's look before sign-in")).await?;
        let tenant = match identity::realm_tenant(&account.realm) {
            Some(id) => tenancy::tenant(&tx, id).await?,
            None => None,
        };
        let (frame, door) = match &tenant {
            Some(tenant) => (portal::dressed(ask.frame(), tenant), format!("/portal/login?tenant={}", tenant.slug)),
            None => (ask.frame(), "/login".to_owned()),
        };
        let new = identity::new_email(&tx, token).await?.ok_or(Error::NotFound)?;
        let page = ConfirmPage { frame, new, name: account.name.clone(), errors: FieldErrors::default() };
        return Ok(Ok((page, account.clone(), door)));
    }
    let state = if matches!(state, LinkState::Alive { .. }) { LinkState::Unknown } else { state };
    let door = if firm { "/login" } else { "/portal/login" };
    let Some(mut dead) = invite::dead_link(ask.frame(), &state, "link", door) else { return Err(Error::NotFound) };
    if matches!(state, LinkState::Used) {
        dead.next_step = "If it was you, sign in with the new address.".to_owned();
    } else {
        dead.next_step = "Sign in and ask for a new link in your profile.".to_owned();
    }
    let tenant = if firm { None } else { invite::portal_of(ask, token, LinkPurpose::Email).await? };
    Ok(Err(page_with(StatusCode::GONE, &dead.at(tenant.as_ref()))?))
}

fn token<W, B>(ask: &Ask<W, B>) -> String {
    ask.request.match_info().get("token").unwrap_or_default().to_owned()
}

pub async fn show(ask: Ask<()>) -> Answer {
    match alive(&ask, &token(&ask)).await? {
        Ok((shown, ..)) => page(&shown),
        Err(dead) => Ok(dead),
    }
}

pub async fn confirm(ask: Ask<Visitor>) -> Answer {
    let platform = ask.platform();
    let token = token(&ask);
    let (before, account, door) = match alive(&ask, &token).await? {
        Ok(found) => found,
        Err(dead) => return Ok(dead),
    };
    let actor = Actor { account: Some(account.id), name: account.name.clone(), ..ask.actor() };
    let here = session(&ask.request).filter(|here| here.session.stage == entity::identity::SessionStage::Full);
    let mut work = platform.work(actor, OWN).await?;
    let done = async {
        let changed = identity::confirm_email_change(&mut work, &token, here.as_deref()).await?;
        tenancy::follow_email(&mut work, &changed.account).await?;
        Ok(changed)
    };
    match done.await {
        Ok(changed) => {
            work.commit().await?;
            let base = if account.realm == FIRM { "/legal/profile" } else { "/portal/profile" };
            let words = format!("You sign in with {} from now on. All other sessions were ended.", changed.account.email);
            match changed.token {
                Some(token) => with_cookies(see_other(base).toast(words).answer()?, &[cookie::set(&platform.config, &token)]),
                None => see_other(door).toast(words).answer(),
            }
        }
        Err(Error::Refused(refusal)) => {
            drop(work);
            let errors = super::one_error("", format!("{} {}", refusal.sentence, refusal.next_step));
            page_with(StatusCode::UNPROCESSABLE_ENTITY, &ConfirmPage { errors, ..before })
        }
        Err(other) => Err(other),
    }
}
