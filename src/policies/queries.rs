//! Reading templates and policies; lists read no sealed column and decrypt nothing.

use std::sync::Arc;

use entity::{
    Moment,
    ids::{AccountId, CompanyId, ContactId, DocumentId, EnvelopeId, PolicyId, TemplateId, TemplateVersionId, TenantId},
    policies::{
        Acknowledgement, Category, PolicyStatus, SignerChoice, TemplateState, comment, person, policy, signer, template,
        template_version,
    },
    tenancy::{AttorneyRole, StaffRole, company, tenant},
    wall::Walled,
};
use sea_orm::{
    ColumnTrait, Condition, FromQueryResult, Order, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, Select,
    sea_query::{Expr, ExprTrait, Func, Query, SimpleExpr},
};

use super::{
    access::{standing, whole_tenants},
    crypt::{self, Key},
    draft::Draft,
    events::About,
    policy::{IN_FORCE, PolicyFacts, RequiredPolicy, Standing, Verb, day},
    template::Content,
};
use crate::{
    platform::{Count, Error, Leaf, Platform, Result, Tx, web::paging::PAGE_SIZE},
    tenancy::{self, Caller, Seat},
};

/// A policy's row without what is sealed.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Listed {
    pub id: PolicyId,
    pub tenant_id: TenantId,
    pub company_id: CompanyId,
    pub template_id: TemplateId,
    pub title: String,
    pub category: Category,
    pub version: i32,
    pub status: PolicyStatus,
    pub acknowledgement: Acknowledgement,
    pub effective_on: String,
    pub expires_on: Option<String>,
    pub envelope_id: Option<EnvelopeId>,
    pub notice_id: Option<DocumentId>,
    pub supersedes_id: Option<PolicyId>,
    pub created_at: Moment,
    pub updated_at: Moment,
    pub sent_back_at: Option<Moment>,
    pub approved_at: Option<Moment>,
    pub sent_at: Option<Moment>,
    pub published_at: Option<Moment>,
}

fn light(rows: Select<policy::Entity>) -> Select<policy::Entity> {
    use policy::Column as C;
    rows.select_only().columns([
        C::Id,
        C::TenantId,
        C::CompanyId,
        C::TemplateId,
        C::Title,
        C::Category,
        C::Version,
        C::Status,
        C::Acknowledgement,
        C::EffectiveOn,
        C::ExpiresOn,
        C::EnvelopeId,
        C::NoticeId,
        C::SupersedesId,
        C::CreatedAt,
        C::UpdatedAt,
        C::SentBackAt,
        C::ApprovedAt,
        C::SentAt,
        C::PublishedAt,
    ])
}

/// The envelope of a policy that was sent.
pub async fn envelope_for(tx: &Tx, id: PolicyId) -> Result<Option<EnvelopeId>> {
    Ok(facts_of(tx, id).await?.and_then(|facts| facts.envelope))
}

/// What may be known of a policy within reach.
pub async fn facts_of(tx: &Tx, id: PolicyId) -> Result<Option<PolicyFacts>> {
    let rows = light(policy::Entity::within(tx.reach()).filter(policy::Column::Id.eq(id)));
    Ok(rows.into_model::<Listed>().one(tx).await?.map(facts))
}

/// All policies of a client company, newest first.
pub async fn of_company(tx: &Tx, company: CompanyId) -> Result<Vec<PolicyFacts>> {
    let rows = policy::Entity::within(tx.reach()).filter(policy::Column::CompanyId.eq(company)).order_by_desc(policy::Column::Id);
    Ok(light(rows).into_model::<Listed>().all(tx).await?.into_iter().map(facts).collect())
}

/// A page of a tenant's policies, of one client or of all, the last changed first; and how many there are.
pub async fn assigned(tx: &Tx, tenant: TenantId, company: Option<CompanyId>, offset: u64) -> Result<(Vec<PolicyFacts>, u64)> {
    let mut rows = policy::Entity::within(tx.reach()).filter(policy::Column::TenantId.eq(tenant));
    if let Some(company) = company {
        rows = rows.filter(policy::Column::CompanyId.eq(company));
    }
    let total = rows.clone().count(tx).await?;
    let rows = rows.order_by_desc(policy::Column::UpdatedAt).order_by_desc(policy::Column::Id).offset(offset).limit(PAGE_SIZE);
    Ok((light(rows).into_model::<Listed>().all(tx).await?.into_iter().map(facts).collect(), total))
}

/// How many of a tenant's policies the attorney has had since before that moment without a word, and the oldest of them.
pub async fn with_attorney_since(tx: &Tx, tenant: TenantId, before: Moment) -> Result<Option<(u64, Moment)>> {
    let rows = policy::Entity::within(tx.reach())
        .filter(policy::Column::TenantId.eq(tenant))
        .filter(policy::Column::Status.eq(PolicyStatus::InternalReview))
        .filter(policy::Column::ApprovedAt.is_null())
        .filter(policy::Column::SubmittedAt.lt(before));
    let first: Option<Option<Moment>> = rows
        .clone()
        .select_only()
        .column(policy::Column::SubmittedAt)
        .order_by_asc(policy::Column::SubmittedAt)
        .into_tuple()
        .one(tx)
        .await?;
    Ok(match first.flatten() {
        Some(since) => Some((rows.count(tx).await?, since)),
        None => None,
    })
}

/// The informational policies a client has been sent, newest first, with their documents in the vault; those a newer version has
/// replaced too, which their mails still lead to.
pub async fn for_information(tx: &Tx, company: CompanyId) -> Result<Vec<(PolicyFacts, DocumentId)>> {
    let rows = policy::Entity::within(tx.reach())
        .filter(policy::Column::CompanyId.eq(company))
        .filter(policy::Column::Acknowledgement.eq(Acknowledgement::Informational))
        .filter(policy::Column::Status.is_in([PolicyStatus::FinalApproval, PolicyStatus::Published, PolicyStatus::Superseded]))
        .filter(policy::Column::NoticeId.is_not_null())
        .order_by_desc(policy::Column::SentAt);
    let rows = light(rows).into_model::<Listed>().all(tx).await?;
    Ok(rows.into_iter().filter_map(|row| row.notice_id.map(|notice| (facts(row), notice))).collect())
}

/// The policies that count in a client's score.
pub async fn required_in_force(tx: &Tx, company: CompanyId) -> Result<Vec<RequiredPolicy>> {
    required(tx, policy::Column::CompanyId.eq(company)).await
}

/// The same for all clients of a tenant at once.
pub async fn required_in_tenant(tx: &Tx, tenant: TenantId) -> Result<Vec<RequiredPolicy>> {
    required(tx, policy::Column::TenantId.eq(tenant)).await
}

async fn required(tx: &Tx, which: SimpleExpr) -> Result<Vec<RequiredPolicy>> {
    let rows = policy::Entity::within(tx.reach())
        .filter(which)
        .filter(policy::Column::Status.is_in(IN_FORCE))
        .filter(policy::Column::Acknowledgement.eq(Acknowledgement::Required))
        .order_by_asc(policy::Column::Id);
    let rows = light(rows).into_model::<Listed>().all(tx).await?;
    let required = |facts: PolicyFacts| RequiredPolicy {
        policy: facts.policy,
        company: facts.company,
        template: facts.template,
        title: facts.title,
        category: facts.category,
        version: facts.version,
        status: facts.status,
        effective: facts.effective,
        expiry: facts.expiry,
        sent_at: facts.sent_at,
        envelope: facts.envelope,
    };
    Ok(rows.into_iter().map(facts).map(required).collect())
}

pub(super) fn facts(row: Listed) -> PolicyFacts {
    PolicyFacts {
        policy: row.id,
        tenant: row.tenant_id,
        company: row.company_id,
        template: row.template_id,
        effective: day(&row.effective_on).unwrap_or_else(|| row.created_at.date()),
        expiry: row.expires_on.as_deref().and_then(day),
        title: row.title,
        category: row.category,
        version: row.version,
        status: row.status,
        acknowledgement: row.acknowledgement,
        approved: row.approved_at.is_some(),
        sent_back: row.sent_back_at.is_some(),
        updated_at: row.updated_at,
        sent_at: row.sent_at,
        published_at: row.published_at,
        envelope: row.envelope_id,
        supersedes: row.supersedes_id,
    }
}

/// What an event says of a policy.
pub(super) async fn about(tx: &Tx, row: &policy::Model) -> Result<About> {
    let company = tenancy::company_in(tx, row.company_id).await?.ok_or(Error::NotFound)?;
    let people = people(tx, row.id).await?.into_iter().map(|person| person.account_id).collect();
    Ok(About {
        tenant: row.tenant_id,
        policy: row.id,
        title: row.title.clone(),
        company_id: company.id,
        company: company.name,
        drafter: row.created_by,
        people,
    })
}

/// What the list is asked for.
#[derive(Clone, Debug, Default)]
pub(super) struct Filter {
    pub status: Option<PolicyStatus>,
    pub company: Option<CompanyId>,
    pub category: Option<Category>,
    pub waiting: bool,
    pub words: String,
    pub sort: Sort,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Sort {
    /// What waits for the reader first, then what changed last.
    #[default]
    Next,
    Updated,
    Title,
    Effective,
    Expiry,
}

/// One page of the policies the caller may see, and how many there are.
pub(super) async fn list(tx: &Tx, caller: &Caller, filter: &Filter, offset: u64) -> Result<(Vec<Listed>, u64)> {
    let mut rows = policy::Entity::within(tx.reach()).filter(visible(caller));
    if let Some(status) = filter.status {
        rows = rows.filter(policy::Column::Status.eq(status));
    }
    if let Some(company) = filter.company {
        rows = rows.filter(policy::Column::CompanyId.eq(company));
    }
    if let Some(category) = filter.category {
        rows = rows.filter(policy::Column::Category.eq(category));
    }
    if filter.waiting {
        rows = rows.filter(waits_for(caller));
    }
    if !filter.words.is_empty() {
        let like = format!("%{}%", filter.words.to_lowercase().replace(['%', '_', '\\'], ""));
        let named = Query::select()
            .column(company::Column::Id)
            .from(company::Entity)
            .and_where(Func::lower(Expr::col(company::Column::Name)).like(like.clone()))
            .to_owned();
        let title = Func::lower(Expr::col((policy::Entity, policy::Column::Title))).like(like);
        rows = rows.filter(Condition::any().add(title).add(policy::Column::CompanyId.in_subquery(named)));
    }
    let total = rows.clone().count(tx).await?;
    let rows = match filter.sort {
        Sort::Next => rows
            .order_by(Expr::expr(Expr::case(waits_for(caller), 0).finally(1)), Order::Asc)
            .order_by_desc(policy::Column::UpdatedAt),
        Sort::Updated => rows.order_by_desc(policy::Column::UpdatedAt),
        Sort::Title => rows.order_by_asc(policy::Column::Title),
        Sort::Effective => rows.order_by_desc(policy::Column::EffectiveOn),
        Sort::Expiry => rows.order_by_asc(policy::Column::ExpiresOn.is_null()).order_by_asc(policy::Column::ExpiresOn),
    };
    let rows = light(rows.order_by_desc(policy::Column::Id)).offset(offset).limit(PAGE_SIZE).into_model::<Listed>().all(tx).await?;
    Ok((rows, total))
}

/// How many policies wait for this person: the figure beside "Policies" in the sidebar.
pub fn waiting_for(tx: &Tx, caller: &Caller) -> Count {
    Count::of(policy::Entity::within(tx.reach()).filter(visible(caller)).filter(waits_for(caller)))
}

/// The newest policies that wait for this person, for the dashboard.
pub async fn waiting_list(tx: &Tx, caller: &Caller, limit: u64) -> Result<Vec<PolicyFacts>> {
    let rows = policy::Entity::within(tx.reach())
        .filter(visible(caller))
        .filter(waits_for(caller))
        .order_by_desc(policy::Column::UpdatedAt)
        .limit(limit);
    Ok(light(rows).into_model::<Listed>().all(tx).await?.into_iter().map(facts).collect())
}

/// How far a tenant has come with its first policy: how many there are, and how many were ever sent to a client.
pub async fn begun(tx: &Tx, tenant: TenantId) -> Result<(u64, u64)> {
    let all = policy::Entity::within(tx.reach()).filter(policy::Column::TenantId.eq(tenant));
    let sent = all.clone().filter(policy::Column::SentAt.is_not_null()).count(tx).await?;
    Ok((all.count(tx).await?, sent))
}

/// All of the tenants the caller sees whole, and what they are put on elsewhere.
fn visible(caller: &Caller) -> Condition {
    let put_on = Query::select()
        .column(person::Column::PolicyId)
        .from(person::Entity)
        .and_where(person::Column::AccountId.eq(caller.account))
        .to_owned();
    Condition::any().add(policy::Column::TenantId.is_in(whole_tenants(caller))).add(policy::Column::Id.in_subquery(put_on))
}

/// What is this person's to do next, by their role in each tenant.
fn waits_for(caller: &Caller) -> Condition {
    use policy::Column as C;
    let tenants: Vec<TenantId> = match &caller.seat {
        Seat::Staff { tenant, .. } => vec![*tenant],
        Seat::Attorney { engagements } => engagements.iter().map(|(tenant, _)| *tenant).collect(),
        _ => Vec::new(),
    };
    // Nothing waits for somebody without a standing.
    let mut any = Condition::any().add(C::Id.is_null());
    for tenant in tenants {
        let Some(standing) = standing(caller, tenant) else { continue };
        let here = || Condition::all().add(C::TenantId.eq(tenant));
        if Verb::ApproveFinally.open_to(standing) {
            any = any.add(here().add(C::Status.eq(PolicyStatus::FinalApproval)));
        }
        if Verb::SendToClient.open_to(standing) {
            any = any.add(here().add(C::Status.eq(PolicyStatus::InternalReview)).add(C::ApprovedAt.is_not_null()));
        }
        if Verb::SendBack.open_to(standing) {
            any = any.add(here().add(C::Status.eq(PolicyStatus::InternalReview)).add(C::ApprovedAt.is_null()));
        }
        if Verb::Edit.open_to(standing) {
            any = any.add(here().add(C::Status.eq(PolicyStatus::Draft)).add(C::CreatedBy.eq(caller.account)));
        }
        if matches!(standing, Standing::Staff(StaffRole::Owner | StaffRole::Admin)) {
            any = any.add(here().add(C::Status.eq(PolicyStatus::Draft)).add(C::SentBackAt.is_not_null()));
        }
    }
    any
}

/// A policy within reach, whole.
pub(super) async fn one(tx: &Tx, id: PolicyId) -> Result<Option<policy::Model>> {
    Ok(policy::Entity::within(tx.reach()).filter(policy::Column::Id.eq(id)).one(tx).await?)
}

/// A policy with what it is made of, opened.
pub(super) struct Opened {
    pub key: Key,
    pub content: Content,
    pub draft: Draft,
    pub tenant: tenant::Model,
}

pub(super) async fn open(platform: &Arc<Platform>, tx: &Tx, row: &policy::Model) -> Result<Opened> {
    let key = crypt::key_of(platform, tx, row).await?;
    let mut draft: Draft = key.open("draft", &row.draft)?;
    let content = content(tx, row.template_version_id).await?;
    // What was approved or sent stays as it was read.
    if matches!(row.status, PolicyStatus::Draft | PolicyStatus::InternalReview) && row.approved_at.is_none() {
        draft.follow_effective(&content, &row.effective_on);
    }
    let tenant = tenancy::tenant(tx, row.tenant_id).await?.ok_or(Error::NotFound)?;
    Ok(Opened { key, content, draft, tenant })
}

/// The texts of a template version.
pub(super) async fn content(tx: &Tx, id: TemplateVersionId) -> Result<Content> {
    let found = template_version::Entity::within(tx.reach()).filter(template_version::Column::Id.eq(id)).one(tx).await?;
    Ok(serde_json::from_str(&found.ok_or(Error::NotFound)?.content)?)
}

pub(super) async fn template(tx: &Tx, id: TemplateId) -> Result<Option<template::Model>> {
    Ok(template::Entity::within(tx.reach()).filter(template::Column::Id.eq(id)).one(tx).await?)
}

/// The library of these tenants.
pub(super) async fn templates(
    tx: &Tx,
    tenants: &[TenantId],
    state: Option<TemplateState>,
    category: Option<Category>,
    words: &str,
) -> Result<Vec<template::Model>> {
    let mut rows = template::Entity::within(tx.reach()).filter(template::Column::TenantId.is_in(tenants.iter().copied()));
    rows = match state {
        Some(state) => rows.filter(template::Column::State.eq(state)),
        None => rows.filter(template::Column::State.ne(TemplateState::Archived)),
    };
    if let Some(category) = category {
        rows = rows.filter(template::Column::Category.eq(category));
    }
    if !words.is_empty() {
        let like = format!("%{}%", words.to_lowercase().replace(['%', '_', '\\'], ""));
        let has = |column| Func::lower(Expr::col(column)).like(like.clone());
        rows = rows.filter(Condition::any().add(has(template::Column::Title)).add(has(template::Column::Summary)));
    }
    Ok(rows.order_by_asc(template::Column::Category).order_by_asc(template::Column::Title).all(tx).await?)
}

/// Newest first.
pub(super) async fn versions(tx: &Tx, template: TemplateId) -> Result<Vec<template_version::Model>> {
    Ok(template_version::Entity::within(tx.reach())
        .filter(template_version::Column::TemplateId.eq(template))
        .order_by_desc(template_version::Column::Number)
        .all(tx)
        .await?)
}

/// How many policies are made of a template.
pub(super) async fn uses(tx: &Tx, template: TemplateId) -> Result<u64> {
    Ok(policy::Entity::within(tx.reach()).filter(policy::Column::TemplateId.eq(template)).count(tx).await?)
}

/// The chosen contacts, in their order.
pub(super) async fn chosen(tx: &Tx, id: PolicyId) -> Result<Vec<ContactId>> {
    let rows = signer::Entity::within(tx.reach())
        .filter(signer::Column::PolicyId.eq(id))
        .order_by_asc(signer::Column::Place)
        .all(tx)
        .await?;
    Ok(rows.into_iter().map(|row| row.contact_id).collect())
}

/// Who is to sign, were it sent now.
pub(super) async fn signers(tx: &Tx, row: &policy::Model) -> Result<Vec<ContactId>> {
    let contacts: Vec<ContactId> = tenancy::contacts_of(tx, row.company_id).await?.into_iter().map(|contact| contact.id).collect();
    Ok(match row.signers {
        SignerChoice::All => contacts,
        SignerChoice::Specific => chosen(tx, row.id).await?.into_iter().filter(|id| contacts.contains(id)).collect(),
    })
}

/// Their names, in the order they are asked.
pub(super) async fn signer_names(tx: &Tx, row: &policy::Model) -> Result<Vec<String>> {
    let contacts = tenancy::contacts_of(tx, row.company_id).await?;
    let names = signers(tx, row).await?.into_iter();
    Ok(names.filter_map(|id| contacts.iter().find(|contact| contact.id == id).map(|contact| contact.name.clone())).collect())
}

/// Comments that are not settled yet.
pub(super) async fn open_comments(tx: &Tx, id: PolicyId) -> Result<u64> {
    Ok(comment::Entity::within(tx.reach())
        .filter(comment::Column::PolicyId.eq(id))
        .filter(comment::Column::ParentId.is_null())
        .filter(comment::Column::ResolvedAt.is_null())
        .count(tx)
        .await?)
}

/// Whether the attorney's side has said something since it was submitted that is not settled: a reason to send it back. What the
/// MSP itself wrote is none.
pub(super) async fn attorney_commented(tx: &Tx, row: &policy::Model) -> Result<bool> {
    let roles = AttorneyRole::ALL.iter().map(|role| role.label());
    let said = comment::Entity::within(tx.reach())
        .filter(comment::Column::PolicyId.eq(row.id))
        .filter(comment::Column::ResolvedAt.is_null())
        .filter(comment::Column::AuthorRole.is_in(roles))
        .filter(comment::Column::CreatedAt.gte(row.submitted_at.unwrap_or(row.created_at)))
        .count(tx)
        .await?;
    Ok(said > 0)
}

/// Oldest first.
pub(super) async fn comments(tx: &Tx, id: PolicyId) -> Result<Vec<comment::Model>> {
    Ok(comment::Entity::within(tx.reach())
        .filter(comment::Column::PolicyId.eq(id))
        .order_by_asc(comment::Column::CreatedAt)
        .order_by_asc(comment::Column::Id)
        .all(tx)
        .await?)
}

/// Attorneys put on a policy.
pub(super) async fn people(tx: &Tx, id: PolicyId) -> Result<Vec<person::Model>> {
    Ok(person::Entity::within(tx.reach())
        .filter(person::Column::PolicyId.eq(id))
        .order_by_asc(person::Column::Name)
        .all(tx)
        .await?)
}

/// Who could be put on a policy of this tenant: name and account.
pub(super) async fn could_be_put_on(tx: &Tx, tenant: TenantId) -> Result<Vec<(AccountId, String)>> {
    let roles = [AttorneyRole::OfCounsel, AttorneyRole::OutsideCounsel];
    let mut people = Vec::new();
    for account in tenancy::attorneys_of(tx, tenant, &roles).await? {
        if let Some(row) = crate::identity::account(tx, account).await? {
            people.push((account, row.name));
        }
    }
    Ok(people)
}

/// The versions before and after: `(supersedes, superseded by or being made)`.
pub(super) async fn neighbours(tx: &Tx, row: &policy::Model) -> Result<(Option<PolicyFacts>, Option<PolicyFacts>)> {
    let before = match row.supersedes_id {
        Some(id) => facts_of(tx, id).await?,
        None => None,
    };
    let next = policy::Entity::within(tx.reach())
        .filter(policy::Column::SupersedesId.eq(row.id))
        .filter(policy::Column::Status.ne(PolicyStatus::Cancelled))
        .order_by_desc(policy::Column::Id);
    let after = light(next).into_model::<Listed>().one(tx).await?.map(facts);
    Ok((before, after))
}

/// The policies of a tenant, the oldest first, as programs read on.
pub async fn leaf_of(
    tx: &Tx,
    tenant: TenantId,
    status: Option<PolicyStatus>,
    company: Option<CompanyId>,
    leaf: &Leaf,
) -> Result<(Vec<PolicyFacts>, Option<uuid::Uuid>)> {
    let mut rows = policy::Entity::within(tx.reach()).filter(policy::Column::TenantId.eq(tenant));
    if let Some(status) = status {
        rows = rows.filter(policy::Column::Status.eq(status));
    }
    if let Some(company) = company {
        rows = rows.filter(policy::Column::CompanyId.eq(company));
    }
    let found = leaf.select(light(rows), policy::Column::Id).into_model::<Listed>().all(tx).await?;
    let (rows, next) = leaf.cut(found, |row| row.id.0);
    Ok((rows.into_iter().map(facts).collect(), next))
}

/// The templates of a tenant, the same way.
pub async fn templates_leaf(
    tx: &Tx,
    tenant: TenantId,
    state: Option<TemplateState>,
    leaf: &Leaf,
) -> Result<(Vec<template::Model>, Option<uuid::Uuid>)> {
    let mut rows = template::Entity::within(tx.reach()).filter(template::Column::TenantId.eq(tenant));
    if let Some(state) = state {
        rows = rows.filter(template::Column::State.eq(state));
    }
    Ok(leaf.cut(leaf.select(rows, template::Column::Id).all(tx).await?, |row| row.id.0))
}
