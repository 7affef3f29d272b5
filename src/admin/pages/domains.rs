//! Admin → Domains: hosts of an MSP's own for its portal, the records they need, and how far each has come.

use actix_web::{HttpResponse, http::StatusCode};
use askama::Template;
use entity::{
    ids::DomainId,
    tenancy::{DomainState, domain},
};
use serde::Deserialize;

use super::shown;
use crate::{
    platform::{
        Error, FieldErrors, Refusal,
        web::{Answer, Ask, Form, Frame, page_with, path_id, see_other},
    },
    tenancy::{self, caller::TenantAdmin, domain as rule},
};

#[derive(Template)]
#[template(path = "admin/domains.html")]
struct DomainsPage {
    frame: Frame,
    tab: &'static str,
    typed: String,
    errors: FieldErrors,
    rows: Vec<Row>,
    /// Where domains must lead; none where the operator has not said it.
    target: Option<String>,
}

struct Row {
    row: domain::Model,
    proof_name: String,
    proof: String,
}

impl Row {
    fn tone(&self) -> &'static str {
        match self.row.state {
            DomainState::Pending => "grey",
            DomainState::Verified => "amber",
            DomainState::Active => "green",
            DomainState::Failing => "red",
        }
    }

    fn serves(&self) -> bool {
        self.row.state == DomainState::Active
    }
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub struct DomainForm {
    host: String,
}

async fn domains_page<B>(ask: &Ask<TenantAdmin, B>, typed: String, errors: FieldErrors) -> Answer {
    let platform = ask.platform();
    let tx = platform.read(ask.who.caller.reach()).await?;
    let rows = tenancy::domains(&tx, ask.who.tenant).await?;
    let rows = rows
        .into_iter()
        .map(|row| Row { proof_name: format!("{}.{}", rule::PROOF, row.host), proof: rule::proof(&row.token), row })
        .collect();
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let target = platform.config.portal_target();
    page_with(status, &DomainsPage { frame: ask.frame(), tab: "domains", typed, errors, rows, target })
}

pub async fn show(ask: Ask<TenantAdmin>) -> Answer {
    domains_page(&ask, String::new(), FieldErrors::default()).await
}

pub async fn add(ask: Ask<TenantAdmin, Form<DomainForm>>) -> Answer {
    let mut work = ask.work(ask.who.caller.reach()).await?;
    match tenancy::add_domain(&mut work, &ask.who, &ask.body.0.host).await {
        Ok(_) => {
            work.commit().await?;
            see_other("/admin/domains").toast("Added. Set the records below at your provider; we look every few minutes.").answer()
        }
        Err(error) => {
            drop(work);
            domains_page(&ask, ask.body.0.host.clone(), shown(error)?).await
        }
    }
}

pub async fn check(ask: Ask<TenantAdmin>) -> Answer {
    let id: DomainId = path_id(&ask.request, "domain")?;
    let platform = ask.platform();
    let row = tenancy::check_domain(&platform, ask.actor(), ask.who.caller.reach(), id).await?;
    let back = see_other("/admin/domains");
    match row.state {
        DomainState::Active => back.toast(format!("{} works.", row.host)).answer(),
        _ => back.warn(row.reason).answer(),
    }
}

pub async fn remove(ask: Ask<TenantAdmin>) -> Answer {
    let id: DomainId = path_id(&ask.request, "domain")?;
    let mut work = ask.work(ask.who.caller.reach()).await?;
    let host = tenancy::remove_domain(&mut work, &ask.who, id).await?;
    work.commit().await?;
    see_other("/admin/domains").toast(format!("{host} was removed. It shows your portal no more.")).answer()
}

/// `/tls/ask?domain=`: may the proxy get a certificate for this name? Asked by the proxy on the operator's network.
pub async fn may_have_certificate(ask: Ask<()>) -> Answer {
    let query: Vec<(String, String)> = serde_html_form::from_str(ask.request.query_string()).unwrap_or_default();
    let host = query.into_iter().find(|(name, _)| name == "domain").map(|(_, host)| host.to_lowercase()).unwrap_or_default();
    let platform = ask.platform();
    let config = &platform.config;
    let own = [config.public_url.host_str(), config.portal_host.as_deref(), config.legal_host.as_deref()];
    let tx = platform.read_in_line(entity::Reach::Everything("a certificate is asked for before anybody is known")).await?;
    let slug = config.portal_host.as_deref().and_then(|portal| host.strip_suffix(portal)?.strip_suffix('.'));
    let ours = own.into_iter().flatten().any(|own| own == host)
        || tenancy::tenant_by_host(&tx, &host).await?.is_some()
        || match slug {
            Some(slug) => tenancy::tenant_by_slug(&tx, slug).await?.is_some(),
            None => false,
        };
    if ours {
        return Ok(HttpResponse::Ok().content_type("text/plain; charset=utf-8").body("yes"));
    }
    Err(Error::from(
        Refusal::new("unknown_host", "No active domain has this name.", "Set its records, and look at Admin → Domains.")
            .status(StatusCode::NOT_FOUND),
    ))
}
