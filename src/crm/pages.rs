//! `/admin/integrations/crm`: whether the CRM answers, when its clients were last taken, who they are here, and what it was told.

use actix_web::{HttpRequest, http::StatusCode};
use askama::Template;
use entity::{
    Moment,
    crm::client,
    ids::{CompanyId, CrmClientId},
    platform::remote,
};
use serde::Deserialize;

use super::{Counts, Decision, access::Looker, company::is_same_name, decide, jobs::SyncClients, queries};
use crate::{
    audit,
    platform::{
        Error, Result,
        remote::seen,
        web::{Answer, Ask, Form, Frame, page, page_with, path_id, see_other},
    },
    tenancy::{self, caller::TenantAdmin},
};

/// A company of the CRM and the client it is, or looks like.
struct ClientRow {
    id: CrmClientId,
    name: String,
    client_ref: String,
    /// `new`, a client's id, or empty for nobody.
    chosen: String,
    /// What the client is called here, where that is something else.
    here: String,
    linked_by: String,
    gone_at: Option<Moment>,
    /// The CRM was told its figures up to then.
    told_at: Option<Moment>,
    is_behind: bool,
    trouble: String,
}

impl ClientRow {
    fn of(row: client::Model, chosen: String, here: Option<&str>) -> Self {
        Self {
            id: row.id,
            here: here.filter(|here| *here != row.name).unwrap_or_default().to_owned(),
            name: row.name,
            client_ref: row.client_ref,
            chosen,
            linked_by: row.linked_by,
            gone_at: row.gone_at,
            told_at: row.told_at,
            is_behind: row.gone_at.is_none() && row.told_revision < row.revision,
            trouble: row.trouble,
        }
    }
}

#[derive(Template)]
#[template(path = "crm/show.html")]
struct CrmPage {
    frame: Frame,
    tab: &'static str,
    /// The settings that are missing.
    missing: Vec<&'static str>,
    answers: Option<remote::Model>,
    taken_at: Option<Moment>,
    runs: bool,
    problem: String,
    untaken: String,
    counts: Counts,
    /// A choice that could not be taken, and why.
    wrong: Option<(CrmClientId, String)>,
    /// Scores that the CRM has still to be told.
    behind: usize,
    waiting: Vec<ClientRow>,
    linked: Vec<ClientRow>,
    ignored: Vec<ClientRow>,
    companies: Vec<(String, String)>,
}

pub async fn show(ask: Ask<TenantAdmin>) -> Answer {
    page(&crm_page(&ask, None).await?)
}

/// With what was wrong with a choice, beside it.
async fn crm_page<B>(ask: &Ask<TenantAdmin, B>, wrong: Option<(CrmClientId, String)>) -> Result<CrmPage> {
    let platform = ask.platform();
    let service = &platform.config.crm;
    let settings = [(service.url.is_none(), service.url_setting), (service.key.is_none(), service.key_setting)];
    let answers = seen(&platform, service.name).await?;
    let (tx, tenant) = (platform.read(ask.who.caller.reach()).await?, ask.who.tenant);
    let companies: Vec<(String, String)> =
        tenancy::companies(&tx, tenant).await?.into_iter().map(|company| (company.id.to_string(), company.name)).collect();
    let called = |id: &str| companies.iter().find(|(one, _)| one == id).map(|(_, name)| name.as_str());
    let (mut waiting, mut linked, mut ignored) = (Vec::new(), Vec::new(), Vec::new());
    let rows = queries::clients(&tx, tenant).await?;
    let taken: Vec<String> = rows.iter().filter_map(|row| Some(row.company_id?.to_string())).collect();
    for row in rows {
        match row.company_id {
            Some(company) => {
                let company = company.to_string();
                let here = called(&company);
                linked.push(ClientRow::of(row, company.clone(), here));
            }
            None if row.ignored => ignored.push(ClientRow::of(row, String::new(), None)),
            None if row.gone_at.is_some() => {}
            None => {
                // The name says who it most likely is; the admin says whether that is so.
                let like = companies
                    .iter()
                    .find(|(id, name)| is_same_name(name, &row.name) && !taken.contains(id))
                    .map(|(id, _)| id.clone());
                waiting.push(ClientRow::of(row, like.unwrap_or_else(|| "new".to_owned()), None));
            }
        }
    }
    let state = queries::sync_of(&tx, tenant).await?;
    Ok(CrmPage {
        wrong,
        frame: ask.frame(),
        tab: "crm",
        missing: settings.into_iter().filter(|(missing, _)| *missing).map(|(_, setting)| setting).collect(),
        answers,
        taken_at: state.as_ref().and_then(|row| row.taken_at),
        runs: state.as_ref().is_some_and(|row| row.runs),
        problem: state.as_ref().map(|row| row.problem.clone()).unwrap_or_default(),
        untaken: state.map(|row| row.untaken).unwrap_or_default(),
        behind: queries::behind(&tx, tenant).await?.len(),
        counts: queries::counts(&tx, tenant).await?,
        waiting,
        linked,
        ignored,
        companies,
    })
}

pub async fn sync(ask: Ask<TenantAdmin>) -> Answer {
    let mut work = ask.work(ask.who.caller.reach()).await?;
    work.enqueue(&SyncClients { tenant: ask.who.tenant }).await?;
    let line = audit::Line::new("clients.sync_asked", format!("tenant:{}", ask.who.tenant)).tenant(ask.who.tenant);
    audit::record(&mut work, line).await?;
    work.commit().await?;
    see_other("/admin/integrations/crm").toast("The CRM is asked now; reload in a moment.").answer()
}

/// From the wizard, by whoever misses a client there.
pub async fn look(ask: Ask<Looker>) -> Answer {
    let mut work = ask.work(ask.who.caller.reach()).await?;
    for tenant in &ask.who.tenants {
        work.enqueue(&SyncClients { tenant: *tenant }).await?;
        let line = audit::Line::new("clients.sync_asked", format!("tenant:{tenant}")).tenant(*tenant);
        audit::record(&mut work, line).await?;
    }
    work.counts_as_audited("an attorney without an MSP has nothing looked at");
    work.commit().await?;
    see_other("/legal/policies/new").toast("The CRM is asked now; reload in a moment.").answer()
}

#[derive(Deserialize)]
pub struct Choice {
    /// `new`, a client's id, or empty for nobody.
    #[serde(default)]
    company: String,
}

fn client(request: &HttpRequest) -> Result<CrmClientId> {
    path_id(request, "client")
}

pub async fn decide_client(ask: Ask<TenantAdmin, Form<Choice>>) -> Answer {
    let Form(choice) = &ask.body;
    let decision = match choice.company.trim() {
        "" => Decision::Nobody,
        "new" => Decision::New,
        id => Decision::Is(id.parse::<CompanyId>().map_err(|_| Error::NotFound)?),
    };
    let mut work = ask.work(ask.who.caller.reach()).await?;
    let id = client(&ask.request)?;
    let row = match decide(&mut work, &ask.who, id, decision).await {
        Ok(row) => row,
        Err(Error::Invalid(errors)) => {
            drop(work);
            let why = errors.of("company").first().cloned().unwrap_or_default();
            return page_with(StatusCode::UNPROCESSABLE_ENTITY, &crm_page(&ask, Some((id, why))).await?);
        }
        Err(error) => return Err(error),
    };
    work.commit().await?;
    let said = match decision {
        Decision::Is(_) => format!("{} is that client now; its people are among its contacts.", row.name),
        Decision::New => format!("{} is a client of yours now.", row.name),
        Decision::Nobody => format!("{} is no client of yours: nothing of it is taken.", row.name),
    };
    see_other("/admin/integrations/crm").toast(said).answer()
}
