//! `/` leads home; signing out leads to the door.

use actix_web::HttpMessage;
use entity::Reach;

use super::with_cookies;
use crate::{
    audit,
    entrance::{access::session, portals},
    identity::{self, FIRM, cookie, realm_tenant},
    platform::{
        Actor, Result,
        web::{Answer, Ask, request_id, see_other},
    },
    tenancy::Caller,
};

/// Home for who is signed in, the door for who is not.
pub async fn start(ask: Ask<()>) -> Answer {
    match Caller::of(&ask.request) {
        Ok(caller) => see_other(caller.home()).answer(),
        Err(_) => see_other(door(&ask).await?).answer(),
    }
}

/// The door of the host that was asked: `PORTAL_HOST` is the clients', and so are every tenant's name before it and every domain of
/// an MSP's own.
async fn door(ask: &Ask<()>) -> Result<&'static str> {
    let platform = ask.platform();
    let name = portals::host_of(&ask.request).unwrap_or_default();
    let is_portals = |portal: &str| name == portal || name.strip_suffix(portal).is_some_and(|rest| rest.ends_with('.'));
    let is_firms = platform.config.legal_host.as_deref() == Some(&name);
    let portal = !is_firms && platform.config.portal_host.as_deref().is_some_and(is_portals);
    Ok(if portal || portals::by_own_domain(&platform, &ask.request).await? { "/portal/login" } else { "/login" })
}

/// Ends the session of this browser, at whatever stage; without one it only leads to the door.
pub async fn leave(ask: Ask<()>) -> Answer {
    let platform = ask.platform();
    let door = if ask.request.path().starts_with("/portal") { "/portal/login" } else { "/login" };
    let Some(signed_in) = session(&ask.request) else {
        platform.tripwire.audited(&request_id(&ask.request));
        return see_other(door).answer();
    };
    let account = &signed_in.account;
    let actor = match ask.request.extensions().get::<Actor>() {
        Some(_) => ask.actor(),
        None => Actor { account: Some(account.id), name: account.name.clone(), ..ask.actor() },
    };
    let mut work = platform.work(actor, Reach::Everything("a person's own session")).await?;
    identity::end_session(&mut work, signed_in.session.id).await?;
    let tenant = account.tenant_id.or_else(|| realm_tenant(&account.realm));
    audit::record(
        &mut work,
        audit::Line::new("session.ended", format!("account:{}", account.id)).tenant(tenant).with("how", "signed out"),
    )
    .await?;
    work.commit().await?;
    let door = if account.realm == FIRM { "/login" } else { door };
    with_cookies(see_other(door).toast("You are signed out.").answer()?, &[cookie::gone(&platform.config)])
}
