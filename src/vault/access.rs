//! Who may read a document, who may add one, who may replace one.

use std::sync::Arc;

use actix_web::HttpRequest;
use entity::{
    Walled,
    ids::{DocumentId, TenantId},
    tenancy::{AccessLevel, AttorneyRole, StaffRole},
    vault::{document, grant},
};
use sea_orm::{ColumnTrait, Condition, ExprTrait, PaginatorTrait, QueryFilter, QuerySelect, sea_query::Query};

use super::document::{Audience, DocumentRow};
use crate::{
    platform::{
        Error, Result, Tx,
        web::{Prove, path_id, platform},
    },
    tenancy::{Caller, Seat},
};

/// The grants that speak to this caller.
fn spoken_to(caller: &Caller) -> Condition {
    let named = |audience: Audience| grant::Column::Audience.eq(audience.to_string());
    let mut any = Condition::any().add(named(Audience::Account(caller.account)));
    if let Seat::Client { tenant, company, contact, .. } = &caller.seat {
        for audience in [Audience::Contacts(*company), Audience::Contact(*contact)] {
            any = any.add(named(audience).and(grant::Column::TenantId.eq(*tenant)));
        }
    }
    match &caller.seat {
        Seat::Staff { tenant, .. } => {
            any = any.add(named(Audience::Staff).and(grant::Column::TenantId.eq(*tenant)));
        }
        Seat::Attorney { engagements } => {
            let inner = engagements.iter().filter(|(_, role)| is_inner(*role)).map(|(tenant, _)| tenant.0);
            any = any.add(named(Audience::Attorneys).and(grant::Column::TenantId.is_in(inner)));
        }
        Seat::Client { tenant, company, access: AccessLevel::Company | AccessLevel::CompanyAdmin, .. } => {
            any = any.add(named(Audience::Company(*company)).and(grant::Column::TenantId.eq(*tenant)));
        }
        Seat::Client { .. } | Seat::Member { .. } | Seat::Operator => {}
    }
    any
}

/// Attorneys who see a tenant's documents; outside and of counsel see what they are put on.
fn is_inner(role: AttorneyRole) -> bool {
    matches!(role, AttorneyRole::Primary | AttorneyRole::Associate | AttorneyRole::Paralegal)
}

/// The documents this caller may read, as a condition on `vault_document`; the reach of the transaction comes on top.
pub(super) fn readable(caller: &Caller) -> Condition {
    let granted = Query::select().column(grant::Column::DocumentId).from(grant::Entity).cond_where(spoken_to(caller)).to_owned();
    let mut all = Condition::all().add(document::Column::Id.in_subquery(granted));
    if let entity::Reach::Tenants(tenants) = caller.reach() {
        all = all.add(document::Column::TenantId.is_in(tenants.into_iter().map(|tenant| tenant.0)));
    }
    all
}

/// Those of them that stand in lists: what waits for its message is in none, not even in its sender's, for it may go again.
pub(super) fn listed(caller: &Caller) -> Condition {
    readable(caller).add(document::Column::WaitingSince.is_null())
}

/// Whether this caller may read this document now.
pub async fn can_read(tx: &Tx, caller: &Caller, id: DocumentId) -> Result<bool> {
    let found = document::Entity::within(tx.reach())
        .filter(document::Column::Id.eq(id))
        .filter(readable(caller))
        .limit(1)
        .count(tx)
        .await?;
    Ok(found > 0)
}

/// The document, if this caller may read it; 404 for everybody else, whether it exists or not.
pub(super) async fn find_readable(tx: &Tx, caller: &Caller, id: DocumentId) -> Result<DocumentRow> {
    document::Entity::within(tx.reach())
        .filter(document::Column::Id.eq(id))
        .filter(readable(caller))
        .one(tx)
        .await?
        .map(DocumentRow::from)
        .ok_or(Error::NotFound)
}

/// Whether this caller adds documents to the vault of this tenant.
pub fn may_add(caller: &Caller, tenant: TenantId) -> bool {
    matches!(caller.staff_role(tenant), Some(StaffRole::Owner | StaffRole::Admin | StaffRole::Member))
        || caller.attorney_role(tenant).is_some_and(is_inner)
}

/// The tenants whose vault this caller may add to.
fn adds_to(caller: &Caller) -> Vec<TenantId> {
    match caller.reach() {
        entity::Reach::Tenants(tenants) => tenants.into_iter().filter(|tenant| may_add(caller, *tenant)).collect(),
        entity::Reach::Everything(_) => Vec::new(),
    }
}

/// May read the document named in the address.
#[derive(Clone, Debug)]
pub struct Reader {
    pub caller: Arc<Caller>,
    pub document: DocumentRow,
    _proof: (),
}

impl Prove for Reader {
    async fn prove(request: &HttpRequest) -> Result<Self> {
        let caller = Caller::of(request)?;
        let id = path_id(request, "id")?;
        let tx = platform(request).read(caller.reach()).await?;
        let document = find_readable(&tx, &caller, id).await?;
        Ok(Self { caller, document, _proof: () })
    }
}

/// May add documents to the vault of at least one tenant.
#[derive(Clone, Debug)]
pub struct Contributor {
    pub caller: Arc<Caller>,
    /// Never empty.
    pub tenants: Vec<TenantId>,
    _proof: (),
}

impl Prove for Contributor {
    async fn prove(request: &HttpRequest) -> Result<Self> {
        let caller = Caller::of(request)?;
        if !caller.is_staff() && !caller.is_attorney() {
            return Err(Error::NotFound);
        }
        let tenants = adds_to(&caller);
        if tenants.is_empty() {
            return Err(Error::forbidden(
                "You can read documents but not add them. Ask an owner, admin or technician of the MSP, or the attorney.",
            ));
        }
        Ok(Self { caller, tenants, _proof: () })
    }
}

/// May put a newer version of the document in the address beside the old one.
#[derive(Clone, Debug)]
pub struct Reviser {
    pub caller: Arc<Caller>,
    pub document: DocumentRow,
    _proof: (),
}

impl Prove for Reviser {
    async fn prove(request: &HttpRequest) -> Result<Self> {
        let Reader { caller, document, .. } = Reader::prove(request).await?;
        if !may_add(&caller, document.tenant) {
            return Err(Error::forbidden(
                "You can read this document but not replace it. Ask an owner, admin or technician of the MSP, or the attorney.",
            ));
        }
        Ok(Self { caller, document, _proof: () })
    }
}
