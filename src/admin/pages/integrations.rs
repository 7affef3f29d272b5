//! Admin → Integrations: every other program in one place, tried by a button, and what waits for it sent by another.

use actix_web::http::StatusCode;
use askama::Template;

use crate::{
    admin::{
        commands::{
            send_mail_again::send_mail_again,
            try_out::{Tried, try_out},
        },
        programs::{Kind, Program, programs},
    },
    audit,
    integrations::outgoing::replay_given_up,
    platform::{
        Error, Result,
        web::{Answer, Ask, Frame, page, page_with, see_other},
    },
    tenancy::caller::TenantAdmin,
};

#[derive(Template)]
#[template(path = "admin/integrations.html")]
struct IntegrationsPage {
    frame: Frame,
    tab: &'static str,
    programs: Vec<Program>,
    /// What was tried just now, and what came of it.
    tried: Option<(&'static str, Tried)>,
}

async fn integrations(ask: &Ask<TenantAdmin>, tried: Option<(Kind, Tried)>) -> Result<IntegrationsPage> {
    let platform = ask.platform();
    let tx = platform.read(ask.who.caller.reach()).await?;
    let programs = programs(&platform, &tx, &ask.who).await?;
    let name = |kind| programs.iter().find(|program| program.kind == kind).map_or("", |program| program.name);
    let tried = tried.map(|(kind, tried)| (name(kind), tried));
    Ok(IntegrationsPage { frame: ask.frame(), tab: "integrations", programs, tried })
}

pub async fn show(ask: Ask<TenantAdmin>) -> Answer {
    page(&integrations(&ask, None).await?)
}

fn kind(ask: &Ask<TenantAdmin>) -> Result<Kind> {
    ask.request.match_info().get("program").and_then(Kind::of).ok_or(Error::NotFound)
}

/// Asks it at once, and shows what came of it above the list.
pub async fn test(ask: Ask<TenantAdmin>) -> Answer {
    let kind = kind(&ask)?;
    let tried = try_out(&ask.platform(), &ask.who, kind).await?;
    let mut work = ask.work(ask.who.caller.reach()).await?;
    let line = audit::Line::new("integration.tested", format!("integration:{}", kind.word())).tenant(ask.who.tenant);
    audit::record(&mut work, line.with("came", if tried.is_well { "well" } else { "trouble" })).await?;
    work.commit().await?;
    page_with(StatusCode::OK, &integrations(&ask, Some((kind, tried))).await?)
}

/// What waits for it, or was given up, goes now. The PSA and the CRM have buttons of their own, which read as well.
pub async fn send_again(ask: Ask<TenantAdmin>) -> Answer {
    let mut work = ask.work(ask.who.caller.reach()).await?;
    let (count, what) = match kind(&ask)? {
        Kind::Mail => (send_mail_again(&mut work, &ask.who).await?, "Mails"),
        Kind::Own => (replay_given_up(&mut work, &ask.who).await?, "Deliveries"),
        _ => return Err(Error::NotFound),
    };
    work.counts_as_audited("nothing waited");
    work.commit().await?;
    see_other("/admin/integrations").toast(format!("{what} on their way: {count}. Reload in a moment.")).answer()
}
