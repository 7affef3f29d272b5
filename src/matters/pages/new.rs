//! `/legal/matters/new`: a matter with its attachments, in one form.

use actix_web::{http::StatusCode, web::Query};
use askama::Template;
use entity::{
    ids::{CompanyId, MatterId, TenantId},
    matters::{MatterKind, Urgency},
};
use serde::Deserialize;

use super::documents;
use crate::{
    matters::{MatterOpener, MatterView, OpenMatter, Uploader, open},
    platform::{
        Error, FieldErrors, Platform, Result, random,
        web::{Answer, Ask, Fields, Frame, page, page_with, see_other},
    },
    tenancy,
    vault::Upload,
};

/// What was typed, to be shown again.
#[derive(Clone, Debug, Default)]
struct Typed {
    tenant: String,
    company: String,
    title: String,
    kind: String,
    urgency: String,
    description: String,
    key: String,
}

#[derive(Template)]
#[template(path = "matters/new.html")]
struct NewPage {
    frame: Frame,
    errors: FieldErrors,
    typed: Typed,
    /// Only asked where there are several.
    tenants: Vec<(TenantId, String)>,
    companies: Vec<(CompanyId, String)>,
    kinds: Vec<(&'static str, &'static str, &'static str)>,
    urgencies: Vec<(&'static str, &'static str, &'static str)>,
    limit_mb: u64,
}

const KINDS: [(&str, &str, &str); 4] = [
    ("contract_dispute", "Contract dispute", "An invoice, a term or a termination is disputed"),
    ("compliance", "Compliance", "A rule, an audit or a questionnaire"),
    ("incident", "Incident", "A breach, an outage or a loss"),
    ("general", "General", "Anything else; needs no client"),
];
const URGENCIES: [(&str, &str, &str); 3] = [
    ("normal", "Normal", "Within some days"),
    ("high", "High", "Within a day"),
    ("urgent", "Urgent", "A deadline or harm is near"),
];

/// `?client=ID` fills in the client, from their own page or the CRM.
#[derive(Deserialize)]
pub struct Prefill {
    #[serde(default)]
    client: String,
}

pub async fn form(ask: Ask<MatterOpener>, query: Query<Prefill>) -> Answer {
    let typed = Typed {
        company: query.client.clone(),
        kind: "general".to_owned(),
        urgency: "normal".to_owned(),
        key: random::token(),
        ..Typed::default()
    };
    let typed = if query.client.is_empty() { typed } else { Typed { kind: "contract_dispute".to_owned(), ..typed } };
    page(&new_page(&ask.platform(), &ask.who, ask.frame(), typed, FieldErrors::default()).await?)
}

async fn new_page(platform: &Platform, opener: &MatterOpener, frame: Frame, typed: Typed, errors: FieldErrors) -> Result<NewPage> {
    let tx = platform.read(opener.caller.reach()).await?;
    let mut tenants = Vec::new();
    let mut companies = Vec::new();
    for id in &opener.tenants {
        if let Some(tenant) = tenancy::tenant(&tx, *id).await? {
            tenants.push((*id, tenant.name.clone()));
            for company in tenancy::companies(&tx, *id).await? {
                let name = if opener.tenants.len() > 1 { format!("{} · {}", company.name, tenant.name) } else { company.name };
                companies.push((company.id, name));
            }
        }
    }
    let limit_mb = platform.config.upload_limit / 1024 / 1024;
    Ok(NewPage { frame, errors, typed, tenants, companies, kinds: KINDS.to_vec(), urgencies: URGENCIES.to_vec(), limit_mb })
}

pub async fn create(mut ask: Ask<MatterOpener, Upload>) -> Answer {
    let typed = typed(&ask.body.fields);
    let platform = ask.platform();
    let wanted = match wanted(&platform, &ask.who, &typed).await {
        Ok(wanted) => wanted,
        Err(Error::Invalid(errors)) => {
            ask.body.drain().await;
            let shown = new_page(&platform, &ask.who, ask.frame(), typed, errors).await?;
            return page_with(StatusCode::UNPROCESSABLE_ENTITY, &shown);
        }
        Err(other) => return Err(other),
    };
    let reach = ask.who.caller.reach();
    let mut work = ask.work(reach.clone()).await?;
    let (id, fresh) = open(&mut work, &ask.who, wanted).await?;
    work.commit().await?;
    let address = format!("/legal/matters/{id}");
    if !fresh {
        ask.body.drain().await;
        return see_other(address).toast("This matter is open already").answer();
    }
    // The matter stands; a file that is not taken is told by name and can be added again.
    let tx = platform.read(reach).await?;
    let uploader = Uploader::of(MatterView::of(&tx, std::sync::Arc::clone(&ask.who.caller), id).await?)?;
    drop(tx);
    let actor = ask.actor();
    match documents::take(&platform, actor, &uploader, &mut ask.body).await? {
        documents::Taken { refused: Some(why), .. } => see_other(format!("{address}/documents"))
            .warn(format!("The matter is open, but not everything was attached. {why}"))
            .answer(),
        documents::Taken { names, .. } if names.is_empty() => see_other(address).toast("The matter is open").answer(),
        documents::Taken { names, .. } => {
            let words = if names.len() == 1 { "1 document".to_owned() } else { format!("{} documents", names.len()) };
            see_other(address).toast(format!("The matter is open, with {words}")).answer()
        }
    }
}

fn typed(fields: &Fields) -> Typed {
    let get = |name: &str| fields.get(name).unwrap_or_default().to_owned();
    Typed {
        tenant: get("tenant"),
        company: get("company"),
        title: get("title"),
        kind: get("type"),
        urgency: get("urgency"),
        description: get("description"),
        key: get("key"),
    }
}

async fn wanted(platform: &Platform, opener: &MatterOpener, typed: &Typed) -> Result<OpenMatter> {
    let mut errors = FieldErrors::default();
    let kind = typed.kind.parse::<MatterKind>();
    let urgency = typed.urgency.parse::<Urgency>();
    if kind.is_err() {
        errors.add("type", "Choose what it is about.");
    }
    if urgency.is_err() {
        errors.add("urgency", "Choose how urgent it is.");
    }
    let company = typed.company.parse::<CompanyId>().ok();
    if company.is_none() && !typed.company.is_empty() {
        errors.add("company", "Choose one of the clients in the list.");
    }
    let tx = platform.read(opener.caller.reach()).await?;
    let tenant = match (opener.tenants.as_slice(), company) {
        ([only], _) => Some(*only),
        (_, Some(company)) => tenancy::company_in(&tx, company).await?.map(|company| company.tenant_id),
        (_, None) => typed.tenant.parse::<TenantId>().ok(),
    };
    let tenant = tenant.filter(|tenant| opener.tenants.contains(tenant));
    if tenant.is_none() {
        errors.add("tenant", "Choose the MSP.");
    }
    let key = if typed.key.is_empty() || typed.key.len() > 200 { random::token() } else { typed.key.clone() };
    let wanted = OpenMatter {
        id: MatterId(random::id(platform.clock.now())),
        tenant: tenant.unwrap_or(opener.tenants[0]),
        company,
        title: typed.title.clone(),
        kind: kind.unwrap_or(MatterKind::General),
        urgency: urgency.unwrap_or(Urgency::Normal),
        description: typed.description.clone(),
        key,
    };
    // Everything that is wrong is told at once.
    if let Err(error) = wanted.check(&tx, opener).await {
        let Error::Invalid(more) = error else { return Err(error) };
        for (field, messages) in more.0 {
            for message in messages {
                errors.add(field.clone(), message);
            }
        }
    }
    errors.check()?;
    Ok(wanted)
}
