//! Page 1: the client, the template, the title and the dates; the client's existing policies stand beside them.

use actix_web::{http::StatusCode, web::Query};
use askama::Template;
use entity::{
    Moment,
    ids::CompanyId,
    policies::{PolicyStatus, policy},
};
use serde::Deserialize;

use super::{WizardStep, onward, wizard_steps};
use crate::{
    crm::{self, Emptiness},
    platform::{
        Error, FieldErrors, Platform, Result, Tx,
        web::{Answer, Ask, Fields, Form, Frame, page, page_with, see_other},
    },
    policies::{
        PolicyFacts,
        access::{Drafter, Edit, May},
        commands::{
            choose_client::choose_client,
            create_draft::{Basics, create_draft},
        },
        pages::clients,
        policy::today,
        queries,
    },
    tenancy,
};

/// Page 1 as typed; also read from the address, where "Use for a client" and "Show existing" put it.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct BasicsForm {
    company: String,
    template: String,
    title: String,
    effective: String,
    expiry: String,
}

impl BasicsForm {
    pub(super) fn of(row: &policy::Model) -> Self {
        Self {
            company: row.company_id.to_string(),
            template: row.template_id.to_string(),
            title: row.title.clone(),
            effective: row.effective_on.clone(),
            expiry: row.expires_on.clone().unwrap_or_default(),
        }
    }

    fn basics(&self) -> Basics {
        let BasicsForm { company, template, title, effective, expiry } = self.clone();
        Basics { company, template, title, effective, expiry }
    }
}

#[derive(Template)]
#[template(path = "policies/wizard_1.html")]
pub(super) struct ClientPage {
    frame: Frame,
    action: String,
    policy: Option<policy::Model>,
    form: BasicsForm,
    errors: FieldErrors,
    companies: Vec<(CompanyId, String)>,
    templates: Vec<(entity::ids::TemplateId, String)>,
    existing: Vec<PolicyFacts>,
    chosen_client: String,
    same_template: bool,
    manages: bool,
    /// Why there is no client to choose.
    emptiness: Option<Emptiness>,
    /// When the CRM's clients were last taken; none where they do not come from one.
    taken_at: Option<Moment>,
    steps: Vec<WizardStep>,
}

pub async fn new(ask: Ask<Drafter>, query: Query<BasicsForm>) -> Answer {
    let mut form = query.into_inner();
    let tx = ask.platform().read(ask.who.caller.reach()).await?;
    if form.effective.is_empty() {
        let zone = match ask.who.tenants().first() {
            Some(tenant) => tenancy::tenant(&tx, *tenant).await?.map(|row| row.zone).unwrap_or_default(),
            None => String::new(),
        };
        form.effective = today(&zone, ask.platform().clock.now()).to_string();
    }
    page(&client_page(&ask.platform(), &tx, ask.frame(), &ask.who, None, form, FieldErrors::default()).await?)
}

pub(super) async fn client_page(
    platform: &Platform,
    tx: &Tx,
    frame: Frame,
    who: &Drafter,
    policy: Option<policy::Model>,
    form: BasicsForm,
    errors: FieldErrors,
) -> Result<ClientPage> {
    let tenants = who.tenants();
    let published = Some(entity::policies::TemplateState::Published);
    let templates = queries::templates(tx, &tenants, published, None, "").await?;
    let companies = clients(tx, &tenants).await?;
    let (mut emptiness, mut taken_at) = (None, None);
    if let [tenant, ..] = tenants.as_slice() {
        taken_at = crm::sync_of(tx, *tenant).await?.and_then(|row| row.taken_at);
        if companies.is_empty() {
            emptiness = Some(Emptiness::of(platform, tx, *tenant).await?);
        }
    }
    let mut existing = match form.company.parse::<CompanyId>() {
        Ok(company) if companies.iter().any(|(id, _)| *id == company) => queries::of_company(tx, company).await?,
        _ => Vec::new(),
    };
    existing.retain(|facts| !is_over(facts.status) && policy.as_ref().is_none_or(|policy| policy.id != facts.policy));
    Ok(ClientPage {
        frame,
        action: policy
            .as_ref()
            .map_or_else(|| "/legal/policies/new".to_owned(), |row| format!("/legal/policies/{}/wizard/1", row.id)),
        same_template: existing.iter().any(|facts| facts.template.to_string() == form.template),
        chosen_client: companies
            .iter()
            .find(|(id, _)| id.to_string() == form.company)
            .map(|(_, name)| name.clone())
            .unwrap_or_default(),
        templates: templates.into_iter().map(|row| (row.id, format!("{} — {}", row.title, row.category.label()))).collect(),
        manages: tenants.iter().any(|tenant| who.caller.manages(*tenant)),
        emptiness,
        taken_at,
        steps: wizard_steps(policy.as_ref(), 1),
        companies,
        existing,
        policy,
        form,
        errors,
    })
}

fn is_over(status: PolicyStatus) -> bool {
    matches!(status, PolicyStatus::Superseded | PolicyStatus::Archived | PolicyStatus::Cancelled)
}

pub async fn create(ask: Ask<Drafter, Form<BasicsForm>>) -> Answer {
    let form = ask.body.0.clone();
    let mut work = ask.work(ask.who.caller.reach()).await?;
    match create_draft(&mut work, &ask.who, &form.basics()).await {
        Ok(id) => {
            work.commit().await?;
            see_other(format!("/legal/policies/{id}/wizard/2")).answer()
        }
        Err(Error::Invalid(errors)) => {
            drop(work);
            let tx = ask.platform().read(ask.who.caller.reach()).await?;
            page_with(
                StatusCode::UNPROCESSABLE_ENTITY,
                &client_page(&ask.platform(), &tx, ask.frame(), &ask.who, None, form, errors).await?,
            )
        }
        Err(error) => Err(error),
    }
}

pub(super) async fn save_client(ask: Ask<(May<Edit>, Drafter), Fields>) -> Answer {
    let (may, drafter) = &ask.who;
    let text = |name: &str| ask.body.get(name).unwrap_or_default().to_owned();
    let form = BasicsForm {
        company: text("company"),
        template: text("template"),
        title: text("title"),
        effective: text("effective"),
        expiry: text("expiry"),
    };
    let mut work = ask.work(may.reader.caller.reach()).await?;
    match choose_client(&mut work, may, drafter, &form.basics()).await {
        Ok(()) => {
            work.commit().await?;
            onward(&ask.body, &may.reader.policy, 1)
        }
        Err(Error::Invalid(errors)) => {
            drop(work);
            let tx = ask.platform().read(may.reader.caller.reach()).await?;
            let shown =
                client_page(&ask.platform(), &tx, ask.frame(), drafter, Some(may.reader.policy.clone()), form, errors).await?;
            page_with(StatusCode::UNPROCESSABLE_ENTITY, &shown)
        }
        Err(error) => Err(error),
    }
}

/// The policies of a client, for the hint on page 1.
pub async fn existing(ask: Ask<Drafter>, query: Query<BasicsForm>) -> Answer {
    let tx = ask.platform().read(ask.who.caller.reach()).await?;
    let shown = client_page(&ask.platform(), &tx, ask.frame(), &ask.who, None, query.into_inner(), FieldErrors::default()).await?;
    page(&ExistingPart { existing: shown.existing, chosen_client: shown.chosen_client, same_template: shown.same_template })
}

#[derive(Template)]
#[template(path = "policies/_existing.html")]
struct ExistingPart {
    existing: Vec<PolicyFacts>,
    chosen_client: String,
    same_template: bool,
}
