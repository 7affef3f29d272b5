//! Admin → Sign-in: how the Hub's links fare here, and whether clients show once more that it is them before they sign.

use askama::Template;
use entity::{Moment, identity::SsoFace};
use serde::Deserialize;

use super::clients::HubNote;
use crate::{
    entrance::Fresh,
    identity::{self, portal_realm, ticket},
    platform::{
        Error,
        web::{Answer, Ask, Form, Frame, page, see_other},
    },
    tenancy::{self, caller::TenantAdmin},
};

struct Refusal {
    email: String,
    at: Moment,
    words: String,
    next_step: &'static str,
}

#[derive(Template)]
#[template(path = "admin/sign_in.html")]
struct SignInPage {
    frame: Frame,
    tab: &'static str,
    sign_proof: bool,
    /// Clients, staff.
    configured: (bool, bool),
    last_ok: Option<Moment>,
    refusals: Vec<Refusal>,
}

pub async fn show(ask: Ask<TenantAdmin>) -> Answer {
    let platform = ask.platform();
    let tx = platform.read(ask.who.caller.reach()).await?;
    let tenant = tenancy::tenant(&tx, ask.who.tenant).await?.ok_or(Error::NotFound)?;
    let realm = portal_realm(ask.who.tenant);
    let seen = identity::arrivals_at(&tx, SsoFace::Client, Some(&realm)).await?;
    let refusals = identity::refused_arrivals(&tx, SsoFace::Client, &realm).await?;
    let refusals = refusals
        .iter()
        .filter_map(|row| {
            let note = HubNote::of(row).filter(|note| note.refused)?;
            let fault = row.last_fault.as_deref().and_then(ticket::Fault::of_code)?;
            Some(Refusal {
                email: row.email.clone(),
                at: note.at,
                words: fault.reason(row.face),
                next_step: fault.next_step(row.face),
            })
        })
        .collect();
    let is_set = |face| !ticket::secrets(&platform.config, face).usable.is_empty();
    page(&SignInPage {
        frame: ask.frame(),
        tab: "sign-in",
        sign_proof: tenant.sign_proof,
        configured: (is_set(SsoFace::Client), is_set(SsoFace::Staff)),
        last_ok: seen.last_ok,
        refusals,
    })
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub struct SignInForm {
    /// `true`, or nothing.
    sign_proof: String,
}

pub async fn save(ask: Ask<Fresh<TenantAdmin>, Form<SignInForm>>) -> Answer {
    let wanted = ask.body.0.sign_proof == "true";
    let mut work = ask.work(ask.who.caller.reach()).await?;
    tenancy::set_sign_proof(&mut work, &ask.who, wanted).await?;
    work.commit().await?;
    see_other("/admin/sign-in").toast("Saved.").answer()
}
