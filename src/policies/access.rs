//! Who may see a policy or a template and do what with it; only this file makes the witnesses.

use std::{marker::PhantomData, sync::Arc};

use actix_web::HttpRequest;
use entity::{
    ids::{PolicyId, TemplateId, TenantId},
    policies::{person, policy, template},
    tenancy::AttorneyRole,
    wall::Walled,
};
use sea_orm::{ColumnTrait, PaginatorTrait, QueryFilter};

use super::policy::{Standing, State, Verb, step};
use crate::{
    platform::{
        Error, Result, Tx,
        web::{self, Prove},
    },
    tenancy::{Caller, Seat, caller::Firm},
};

/// As whom the caller stands in a tenant; none for clients and others.
pub fn standing(caller: &Caller, tenant: TenantId) -> Option<Standing> {
    caller.staff_role(tenant).map(Standing::Staff).or_else(|| caller.attorney_role(tenant).map(Standing::Attorney))
}

/// The tenants whose every policy the caller may see.
pub fn whole_tenants(caller: &Caller) -> Vec<TenantId> {
    let tenants: Vec<TenantId> = match &caller.seat {
        Seat::Staff { tenant, .. } => vec![*tenant],
        Seat::Attorney { engagements } => engagements.iter().map(|(tenant, _)| *tenant).collect(),
        _ => Vec::new(),
    };
    tenants.into_iter().filter(|tenant| standing(caller, *tenant).is_some_and(Standing::sees_all)).collect()
}

/// Whether reminding those who have not signed is theirs to do, with policies of this tenant.
pub fn may_remind(caller: &Caller, tenant: TenantId) -> bool {
    standing(caller, tenant).is_some_and(|standing| Verb::Remind.open_to(standing))
}

/// Somebody who may see this policy.
#[derive(Clone, Debug)]
pub struct Reader {
    pub caller: Arc<Caller>,
    pub standing: Standing,
    /// As it stood when access was proved; commands read it again.
    pub policy: policy::Model,
    _proof: (),
}

impl Reader {
    pub fn id(&self) -> PolicyId {
        self.policy.id
    }

    /// Whether the page offers this: the role may, and it is the time for it.
    pub fn can(&self, verb: Verb) -> bool {
        verb.open_to(self.standing) && step(state(&self.policy), verb).is_ok()
    }

    /// The policy as this person may see it; 404 for everybody behind the wall.
    pub async fn of(tx: &Tx, caller: Arc<Caller>, id: PolicyId) -> Result<Self> {
        let found = policy::Entity::within(tx.reach()).filter(policy::Column::Id.eq(id)).one(tx).await?;
        let policy = found.ok_or(Error::NotFound)?;
        let standing = standing(&caller, policy.tenant_id).ok_or(Error::NotFound)?;
        if !standing.sees_all() && !is_put_on(tx, id, &caller).await? {
            return Err(Error::NotFound);
        }
        Ok(Self { caller, standing, policy, _proof: () })
    }
}

async fn is_put_on(tx: &Tx, id: PolicyId, caller: &Caller) -> Result<bool> {
    let rows = person::Entity::within(tx.reach())
        .filter(person::Column::PolicyId.eq(id))
        .filter(person::Column::AccountId.eq(caller.account))
        .count(tx)
        .await?;
    Ok(rows > 0)
}

/// Where the row stands, as far as the rules ask.
pub fn state(policy: &policy::Model) -> State {
    State { status: policy.status, approved: policy.approved_at.is_some(), direct: policy.direct_to_client }
}

impl Prove for Reader {
    async fn prove(request: &HttpRequest) -> Result<Self> {
        let firm = Firm::prove(request).await?;
        let id = web::path_id(request, "id")?;
        let tx = web::platform(request).read(firm.caller.reach()).await?;
        Self::of(&tx, firm.caller, id).await
    }
}

/// Somebody whose role may do `V` with this policy. Whether it is the time for it, the command asks inside its transaction.
#[derive(Clone, Debug)]
pub struct May<V> {
    pub reader: Reader,
    _verb: PhantomData<V>,
}

impl<V: Named> May<V> {
    pub fn of(reader: Reader) -> Result<Self> {
        if !V::VERB.open_to(reader.standing) {
            return Err(Error::forbidden(V::VERB.whose()));
        }
        Ok(Self { reader, _verb: PhantomData })
    }
}

impl<V: Named> Prove for May<V> {
    async fn prove(request: &HttpRequest) -> Result<Self> {
        Self::of(Reader::prove(request).await?)
    }
}

/// A verb as a type.
pub trait Named: 'static {
    const VERB: Verb;
}

macro_rules! verbs {
    ($($name:ident),+ $(,)?) => {$(
        /// The verb of that name, as a type.
        #[derive(Clone, Copy, Debug)]
        pub struct $name;
        impl Named for $name {
            const VERB: Verb = Verb::$name;
        }
    )+};
}
verbs!(
    Edit,
    Submit,
    Recall,
    Approve,
    SendBack,
    Comment,
    SendToClient,
    Remind,
    ReplaceSigner,
    ApproveFinally,
    Cancel,
    Archive,
    Renew,
    PutOn
);

/// Somebody who may draft policies in at least one tenant.
#[derive(Clone, Debug)]
pub struct Drafter {
    pub caller: Arc<Caller>,
    _proof: (),
}

impl Drafter {
    pub fn of(caller: Arc<Caller>) -> Result<Self> {
        let drafter = Self { caller, _proof: () };
        if drafter.tenants().is_empty() {
            return Err(Error::forbidden(Verb::Edit.whose()));
        }
        Ok(drafter)
    }

    /// Whether the wizard is offered.
    pub fn may(caller: &Arc<Caller>) -> bool {
        Self::of(Arc::clone(caller)).is_ok()
    }

    /// The tenants in which they may.
    pub fn tenants(&self) -> Vec<TenantId> {
        whole_tenants(&self.caller)
            .into_iter()
            .filter(|tenant| standing(&self.caller, *tenant).is_some_and(|standing| Verb::Edit.open_to(standing)))
            .collect()
    }
}

impl Prove for Drafter {
    async fn prove(request: &HttpRequest) -> Result<Self> {
        Self::of(Firm::prove(request).await?.caller)
    }
}

/// Somebody who may read the template library.
#[derive(Clone, Debug)]
pub struct Librarian {
    pub caller: Arc<Caller>,
    _proof: (),
}

impl Librarian {
    /// The tenants whose templates they read.
    pub fn tenants(&self) -> Vec<TenantId> {
        whole_tenants(&self.caller)
    }

    pub fn writes_anywhere(&self) -> bool {
        self.tenants().into_iter().any(|tenant| writes(&self.caller, tenant))
    }
}

impl Prove for Librarian {
    async fn prove(request: &HttpRequest) -> Result<Self> {
        let firm = Firm::prove(request).await?;
        if whole_tenants(&firm.caller).is_empty() {
            return Err(Error::NotFound);
        }
        Ok(Self { caller: firm.caller, _proof: () })
    }
}

fn writes(caller: &Caller, tenant: TenantId) -> bool {
    matches!(caller.attorney_role(tenant), Some(AttorneyRole::Primary | AttorneyRole::Associate | AttorneyRole::Paralegal))
}

fn publishes(caller: &Caller, tenant: TenantId) -> bool {
    matches!(caller.attorney_role(tenant), Some(AttorneyRole::Primary | AttorneyRole::Associate))
}

/// Somebody who may read this template.
#[derive(Clone, Debug)]
pub struct TemplateReader {
    pub caller: Arc<Caller>,
    pub template: template::Model,
    _proof: (),
}

impl TemplateReader {
    pub fn can_write(&self) -> bool {
        writes(&self.caller, self.template.tenant_id)
    }

    pub fn can_publish(&self) -> bool {
        publishes(&self.caller, self.template.tenant_id)
    }

    pub fn can_use(&self) -> bool {
        standing(&self.caller, self.template.tenant_id).is_some_and(|standing| Verb::Edit.open_to(standing))
    }
}

impl Prove for TemplateReader {
    async fn prove(request: &HttpRequest) -> Result<Self> {
        let librarian = Librarian::prove(request).await?;
        let id: TemplateId = web::path_id(request, "id")?;
        let tx = web::platform(request).read(librarian.caller.reach()).await?;
        let found = template::Entity::within(tx.reach()).filter(template::Column::Id.eq(id)).one(&tx).await?;
        let template = found.filter(|row| librarian.tenants().contains(&row.tenant_id)).ok_or(Error::NotFound)?;
        Ok(Self { caller: librarian.caller, template, _proof: () })
    }
}

/// An attorney or paralegal who may write this template.
#[derive(Clone, Debug)]
pub struct TemplateWriter {
    pub reader: TemplateReader,
    _proof: (),
}

impl Prove for TemplateWriter {
    async fn prove(request: &HttpRequest) -> Result<Self> {
        let reader = TemplateReader::prove(request).await?;
        if !reader.can_write() {
            return Err(Error::forbidden("Templates are written by the attorneys and their paralegal; ask them for a change."));
        }
        Ok(Self { reader, _proof: () })
    }
}

/// An attorney who may publish and archive this template.
#[derive(Clone, Debug)]
pub struct TemplatePublisher {
    pub reader: TemplateReader,
    _proof: (),
}

impl Prove for TemplatePublisher {
    async fn prove(request: &HttpRequest) -> Result<Self> {
        let reader = TemplateReader::prove(request).await?;
        if !reader.can_publish() {
            return Err(Error::forbidden("Templates are published and archived by the primary or an associate attorney."));
        }
        Ok(Self { reader, _proof: () })
    }
}

/// An attorney or paralegal who may begin a template in a tenant.
#[derive(Clone, Debug)]
pub struct TemplateAuthor {
    pub caller: Arc<Caller>,
    _proof: (),
}

impl TemplateAuthor {
    pub fn tenants(&self) -> Vec<TenantId> {
        whole_tenants(&self.caller).into_iter().filter(|tenant| writes(&self.caller, *tenant)).collect()
    }
}

impl Prove for TemplateAuthor {
    async fn prove(request: &HttpRequest) -> Result<Self> {
        let librarian = Librarian::prove(request).await?;
        if !librarian.writes_anywhere() {
            return Err(Error::forbidden("Templates are written by the attorneys and their paralegal; ask them for one."));
        }
        Ok(Self { caller: librarian.caller, _proof: () })
    }
}
