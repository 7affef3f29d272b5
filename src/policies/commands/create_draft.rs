//! Page 1 of the wizard, the first time: a new draft for a client.

use entity::{
    ids::{CompanyId, PolicyId, TemplateId},
    policies::{PolicyStatus, SignerChoice, TemplateState, policy, template},
    tenancy::{company, tenant},
    wall::Walled,
};
use sea_orm::{ActiveModelTrait, ColumnTrait, QueryFilter, Set};

use super::step::line;
use crate::{
    audit,
    platform::{Error, FieldErrors, Result, Work},
    policies::{access::Drafter, crypt, draft::Draft, policy::day, queries, template::Content},
    tenancy,
};

/// What page 1 asks, as typed.
#[derive(Clone, Debug, Default)]
pub struct Basics {
    pub company: String,
    pub template: String,
    pub title: String,
    pub effective: String,
    pub expiry: String,
}

/// What page 1 asks, checked.
pub struct Checked {
    pub company: company::Model,
    pub tenant: tenant::Model,
    pub template: template::Model,
    pub title: String,
    pub effective: String,
    pub expiry: Option<String>,
}

pub async fn create_draft(work: &mut Work, who: &Drafter, basics: &Basics) -> Result<PolicyId> {
    let checked = check(work, who, basics).await?;
    let version = checked.template.published_version_id.ok_or(Error::NotFound)?;
    let id: PolicyId = work.id();
    let tenant = checked.tenant.id;
    let data_key_id = crypt::new_key(work, tenant, id).await?;
    let key = crypt::key(work.platform(), work.read(), id, data_key_id).await?;
    let mut draft = Draft::default();
    prefill(&mut draft, &checked, None);
    fill_defaults(&mut draft, &queries::content(work.read(), version).await?);
    let now = work.now();
    let row = policy::ActiveModel {
        id: Set(id),
        tenant_id: Set(tenant),
        company_id: Set(checked.company.id),
        template_id: Set(checked.template.id),
        template_version_id: Set(version),
        title: Set(checked.title.clone()),
        category: Set(checked.template.category),
        version: Set(1),
        status: Set(PolicyStatus::Draft),
        effective_on: Set(checked.effective.clone()),
        expires_on: Set(checked.expiry.clone()),
        acknowledgement: Set(checked.template.acknowledgement),
        signers: Set(SignerChoice::All),
        sequential: Set(false),
        deadline_on: Set(None),
        reminder_days: Set(Some(3)),
        scroll_to_end: Set(true),
        copies_to: Set(String::new()),
        notice_id: Set(None),
        automatic: Set(checked.template.automatic),
        direct_to_client: Set(checked.template.direct_to_client),
        wizard_page: Set(1),
        data_key_id: Set(data_key_id),
        draft: Set(key.seal("draft", &draft)?),
        rendered: Set(None),
        text_sha256: Set(None),
        envelope_id: Set(None),
        supersedes_id: Set(None),
        created_by: Set(who.caller.account),
        created_by_name: Set(who.caller.name.clone()),
        created_at: Set(now),
        updated_at: Set(now),
        submitted_at: Set(None),
        sent_back_at: Set(None),
        approved_at: Set(None),
        approved_by_name: Set(None),
        sent_at: Set(None),
        signed_at: Set(None),
        published_at: Set(None),
        ended_at: Set(None),
        reason: Set(None),
    };
    let row = row.insert(work.write()).await?;
    let created = line("policy.created", &row).with("title", checked.title).with("company", checked.company.name);
    audit::record(work, created.with("template", format!("template:{}", checked.template.id))).await?;
    Ok(id)
}

/// What the template proposes stands where nothing was filled in yet.
pub fn fill_defaults(draft: &mut Draft, content: &Content) {
    for variable in content.variables.iter().filter(|variable| !variable.default.is_empty()) {
        if !draft.values.contains_key(&variable.name) {
            draft.set(&variable.name, &variable.default);
        }
    }
}

/// What every agreement asks for and we know already. Where `before` was filled in by us, it is replaced; what a person
/// typed stays.
pub fn prefill(draft: &mut Draft, now: &Checked, before: Option<&Checked>) {
    let known = |checked: &Checked| {
        let legal = if checked.company.legal_name.is_empty() { &checked.company.name } else { &checked.company.legal_name };
        [("client_name", legal.clone()), ("msp_name", checked.tenant.name.clone()), ("effective_date", checked.effective.clone())]
    };
    let old = before.map(known);
    for (at, (name, value)) in known(now).into_iter().enumerate() {
        let typed = draft.value(name);
        if typed.is_empty() || old.as_ref().is_some_and(|old| old[at].1 == typed) {
            draft.set(name, &value);
        }
    }
}

/// Reads page 1; every wrong field is named.
pub async fn check(work: &Work, who: &Drafter, basics: &Basics) -> Result<Checked> {
    let tx = work.read();
    let mut errors = FieldErrors::default();
    let company = match basics.company.parse::<CompanyId>() {
        Ok(id) => tenancy::company_in(tx, id).await?.filter(|row| who.tenants().contains(&row.tenant_id)),
        Err(_) => None,
    };
    if company.is_none() {
        errors.add("company", "Choose the client.");
    }
    let template = match basics.template.parse::<TemplateId>() {
        Ok(id) => template::Entity::within(tx.reach()).filter(template::Column::Id.eq(id)).one(tx).await?,
        Err(_) => None,
    };
    let template = template.filter(|row| company.as_ref().is_none_or(|company| company.tenant_id == row.tenant_id));
    match &template {
        None => errors.add("template", "Choose the template."),
        Some(row) if row.state != TemplateState::Published || row.published_version_id.is_none() => {
            errors.add("template", "This template is not published; choose another, or ask the attorney.");
        }
        Some(_) => {}
    }
    let title = basics.title.trim();
    if title.chars().count() > 200 || title.chars().any(char::is_control) {
        errors.add("title", "At most 200 characters, in one line.");
    }
    let effective = day(&basics.effective);
    if effective.is_none() {
        errors.add("effective", "Give the day on which it takes effect.");
    }
    let expiry = day(&basics.expiry);
    if !basics.expiry.trim().is_empty() {
        match (expiry, effective) {
            (None, _) => errors.add("expiry", "Give a day, or leave it empty."),
            (Some(end), Some(start)) if end <= start => errors.add("expiry", "It must end after the day it takes effect."),
            _ => {}
        }
    }
    let (Some(company), Some(template), Some(effective), true) = (company, template, effective, errors.is_empty()) else {
        return Err(errors.into());
    };
    let tenant = tenancy::tenant(tx, company.tenant_id).await?.ok_or(Error::NotFound)?;
    Ok(Checked {
        title: if title.is_empty() { template.title.clone() } else { title.to_owned() },
        effective: effective.to_string(),
        expiry: expiry.map(|day| day.to_string()),
        company,
        tenant,
        template,
    })
}
