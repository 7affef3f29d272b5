//! Who may see a retainer and its hours and do what with them; only this file makes the witnesses.
//!
//! | who | sees | may |
//! |---|---|---|
//! | owner, admin | every retainer but drafts; the whole log, without what was done on matters behind whose wall they stand | accept, pause, resume, cancel |
//! | technician, viewer | the same | nothing: 403 |
//! | primary attorney | every retainer of the tenant | write, offer, withdraw, pause, resume, cancel, log hours on their own |
//! | associate, paralegal, of counsel | no retainer: 404; the hours of a matter they see | log hours on a matter they take part in |
//! | outside counsel, clients | nothing of hours | |
//!
//! What is proposed is seen by the attorney alone to whom it is proposed.

use std::sync::Arc;

use actix_web::HttpRequest;
use entity::{
    ids::{ProposalId, RetainerId, TenantId},
    retainers::{RetainerStatus, proposal, retainer, time_entry},
    tenancy::AttorneyRole,
    wall::Walled,
};
use sea_orm::{ColumnTrait, QueryFilter};

use crate::{
    matters::MatterView,
    payments,
    platform::{
        Error, Result, Tx, Work,
        web::{Prove, path_id, platform},
    },
    tenancy::{Caller, Seat, caller::Firm},
};

/// Somebody to whom retainers exist at all, and the tenants whose retainers they see.
#[derive(Clone, Debug)]
pub struct Seats {
    pub caller: Arc<Caller>,
    pub tenants: Vec<TenantId>,
    _proof: (),
}

impl Seats {
    pub fn of(caller: Arc<Caller>) -> Result<Self> {
        let tenants = match &caller.seat {
            Seat::Staff { tenant, .. } => vec![*tenant],
            Seat::Attorney { engagements } => {
                engagements.iter().filter(|(_, role)| *role == AttorneyRole::Primary).map(|(tenant, _)| *tenant).collect()
            }
            _ => Vec::new(),
        };
        if tenants.is_empty() {
            return Err(Error::NotFound);
        }
        Ok(Self { caller, tenants, _proof: () })
    }
}

impl Prove for Seats {
    async fn prove(request: &HttpRequest) -> Result<Self> {
        Self::of(Firm::prove(request).await?.caller)
    }
}

/// The primary attorney of a tenant: writes retainers there.
#[derive(Clone, Debug)]
pub struct RetainerPrimary {
    pub caller: Arc<Caller>,
    pub tenants: Vec<TenantId>,
    _proof: (),
}

impl RetainerPrimary {
    pub fn of(caller: Arc<Caller>) -> Result<Self> {
        let Seats { caller, tenants, .. } = Seats::of(caller)?;
        if !caller.is_attorney() {
            return Err(Error::forbidden("The primary attorney writes the offer; your owner or an admin accepts it."));
        }
        Ok(Self { caller, tenants, _proof: () })
    }
}

impl Prove for RetainerPrimary {
    async fn prove(request: &HttpRequest) -> Result<Self> {
        Self::of(Firm::prove(request).await?.caller)
    }
}

/// Somebody who may see this retainer.
#[derive(Clone, Debug)]
pub struct RetainerViewer {
    pub caller: Arc<Caller>,
    pub retainer: retainer::Model,
    _proof: (),
}

impl RetainerViewer {
    pub async fn of(tx: &Tx, caller: Arc<Caller>, id: RetainerId) -> Result<Self> {
        let seats = Seats::of(caller)?;
        let row = retainer::Entity::within(tx.reach())
            .filter(retainer::Column::Id.eq(id))
            .filter(retainer::Column::TenantId.is_in(seats.tenants))
            .one(tx)
            .await?
            .ok_or(Error::NotFound)?;
        if seats.caller.is_staff() && row.status == RetainerStatus::Draft {
            return Err(Error::NotFound);
        }
        Ok(Self { caller: seats.caller, retainer: row, _proof: () })
    }

    pub(super) async fn now(&self, work: &Work) -> Result<Self> {
        Self::of(work.read(), Arc::clone(&self.caller), self.retainer.id).await
    }

    /// The attorney whose retainer it is.
    pub fn is_attorney(&self) -> bool {
        self.retainer.attorney_id == self.caller.account
    }

    pub fn may_accept(&self) -> bool {
        self.caller.manages(self.retainer.tenant_id)
    }

    pub fn is_party(&self) -> bool {
        self.is_attorney() || self.may_accept()
    }
}

impl Prove for RetainerViewer {
    async fn prove(request: &HttpRequest) -> Result<Self> {
        let seats = Seats::prove(request).await?;
        let id = path_id(request, "id")?;
        let tx = platform(request).read(seats.caller.reach()).await?;
        Self::of(&tx, seats.caller, id).await
    }
}

macro_rules! witnesses {
    ($($(#[$doc:meta])* $name:ident: $may:ident, $sentence:literal;)+) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug)]
        pub struct $name {
            pub view: RetainerViewer,
            _proof: (),
        }

        impl $name {
            pub fn of(view: RetainerViewer) -> Result<Self> {
                if view.$may() { Ok(Self { view, _proof: () }) } else { Err(Error::forbidden($sentence)) }
            }

            /// The retainer inside this work, proved again.
            pub(super) async fn now(&self, work: &Work) -> Result<retainer::Model> {
                Ok(Self::of(self.view.now(work).await?)?.view.retainer)
            }
        }

        impl Prove for $name {
            async fn prove(request: &HttpRequest) -> Result<Self> {
                Self::of(RetainerViewer::prove(request).await?)
            }
        }
    )+};
}

witnesses! {
    /// The attorney of this retainer: its terms and its offer are theirs.
    Offerer: is_attorney, "Only the attorney of this retainer changes and offers its terms.";
    /// Owner or admin of the MSP.
    Accepter: may_accept, "Only an owner or admin of the MSP can accept a retainer.";
    /// One of the two sides.
    RetainerParty: is_party, "Only the attorney, or an owner or admin of the MSP, can do that.";
    /// The attorney of this retainer, logging hours on it.
    RetainerWorker: is_attorney, "Only the attorney of this retainer logs hours here.";
}

/// A retainer that was accepted: without one nothing is ever billed or charged.
#[derive(Clone, Debug)]
pub struct Mandate {
    row: retainer::Model,
    agreed: payments::Agreed,
    _proof: (),
}

impl Mandate {
    /// 404 where nobody has accepted it.
    pub async fn of(tx: &Tx, id: RetainerId) -> Result<Self> {
        let row = retainer::Entity::within(tx.reach()).filter(retainer::Column::Id.eq(id)).one(tx).await?.ok_or(Error::NotFound)?;
        let (Some(by), Some(by_name), Some(at)) = (row.accepted_by, row.accepted_by_name.clone(), row.accepted_at) else {
            return Err(Error::NotFound);
        };
        let agreed = payments::Agreed { by, by_name, at, version: row.terms_version };
        Ok(Self { row, agreed, _proof: () })
    }

    /// Who accepted it, when, and which version of its terms.
    pub fn agreed(&self) -> payments::Agreed {
        self.agreed.clone()
    }

    pub(super) async fn now(&self, work: &Work) -> Result<retainer::Model> {
        Ok(Self::of(work.read(), self.row.id).await?.row)
    }
}

/// Somebody who may see the hours of a matter: whoever may see the matter on the firm's side, but not outside counsel.
#[derive(Clone, Debug)]
pub struct MatterHours {
    pub view: MatterView,
    _proof: (),
}

impl MatterHours {
    pub fn of(view: MatterView) -> Result<Self> {
        if !view.sees_hours() {
            return Err(Error::forbidden("Outside counsel reads and comments; hours are between the attorney and the MSP."));
        }
        Ok(Self { view, _proof: () })
    }

    /// An attorney who takes part.
    pub fn may_log(&self) -> bool {
        self.view.joined && self.view.caller.attorney_role(self.view.matter.tenant_id).is_some()
    }
}

impl Prove for MatterHours {
    async fn prove(request: &HttpRequest) -> Result<Self> {
        Self::of(MatterView::prove(request).await?)
    }
}

/// Whether a person is outside counsel wherever they are engaged: hours are nothing of theirs.
fn only_outside_counsel(caller: &Caller) -> bool {
    matches!(&caller.seat, Seat::Attorney { engagements } if engagements.iter().all(|(_, role)| *role == AttorneyRole::OutsideCounsel))
}

/// Attorneys whose hours are logged can have a timer.
pub(super) fn may_have_timer(caller: &Caller) -> bool {
    caller.is_attorney() && !only_outside_counsel(caller)
}

/// Somebody who can have a timer.
#[derive(Clone, Debug)]
pub struct TimerPerson {
    pub caller: Arc<Caller>,
    _proof: (),
}

impl Prove for TimerPerson {
    async fn prove(request: &HttpRequest) -> Result<Self> {
        let caller = Firm::prove(request).await?.caller;
        if !caller.is_attorney() {
            return Err(Error::forbidden("Attorneys log hours; a timer is theirs."));
        }
        if only_outside_counsel(&caller) {
            return Err(Error::forbidden("Outside counsel reads and comments; hours are between the attorney and the MSP."));
        }
        Ok(Self { caller, _proof: () })
    }
}

/// Somebody whose work is charged: the attorney of a retainer, or an attorney who takes part in a matter.
#[derive(Clone, Debug)]
pub struct HoursLogger {
    pub caller: Arc<Caller>,
    pub tenant: TenantId,
    _proof: (),
}

impl HoursLogger {
    pub async fn of_retainer(work: &Work, worker: &RetainerWorker) -> Result<Self> {
        let tenant = worker.now(work).await?.tenant_id;
        Ok(Self { caller: Arc::clone(&worker.view.caller), tenant, _proof: () })
    }

    pub fn of_matter(hours: &MatterHours) -> Result<Self> {
        if !hours.may_log() {
            return Err(Error::forbidden("Attorneys who take part in the matter log hours on it."));
        }
        Ok(Self { caller: Arc::clone(&hours.view.caller), tenant: hours.view.matter.tenant_id, _proof: () })
    }

    /// For the running timer, which is the person's own.
    pub fn of_timer(caller: Arc<Caller>, tenant: TenantId) -> Result<Self> {
        match caller.attorney_role(tenant) {
            None | Some(AttorneyRole::OutsideCounsel) => Err(Error::NotFound),
            Some(_) => Ok(Self { caller, tenant, _proof: () }),
        }
    }
}

/// The attorney to whom this time is proposed, and nobody else.
#[derive(Clone, Debug)]
pub struct ProposalOwner {
    pub caller: Arc<Caller>,
    pub proposal: proposal::Model,
    _proof: (),
}

impl ProposalOwner {
    pub async fn of(tx: &Tx, caller: Arc<Caller>, id: ProposalId) -> Result<Self> {
        let proposal = proposal::Entity::within(tx.reach())
            .filter(proposal::Column::Id.eq(id))
            .filter(proposal::Column::AttorneyId.eq(caller.account))
            .one(tx)
            .await?
            .ok_or(Error::NotFound)?;
        match caller.attorney_role(proposal.tenant_id) {
            None | Some(AttorneyRole::OutsideCounsel) => Err(Error::NotFound),
            Some(_) => Ok(Self { caller, proposal, _proof: () }),
        }
    }

    pub(super) async fn now(&self, work: &Work) -> Result<proposal::Model> {
        Ok(Self::of(work.read(), Arc::clone(&self.caller), self.proposal.id).await?.proposal)
    }
}

impl Prove for ProposalOwner {
    async fn prove(request: &HttpRequest) -> Result<Self> {
        let caller = Firm::prove(request).await?.caller;
        let id = path_id(request, "proposal")?;
        let tx = platform(request).read(caller.reach()).await?;
        Self::of(&tx, caller, id).await
    }
}

/// The attorney who logged this entry, or the one whose retainer it counts against.
#[derive(Clone, Debug)]
pub struct EntryOwner {
    pub caller: Arc<Caller>,
    pub entry: time_entry::Model,
    _proof: (),
}

impl EntryOwner {
    pub async fn of(tx: &Tx, caller: Arc<Caller>, id: entity::ids::TimeEntryId) -> Result<Self> {
        let entry =
            time_entry::Entity::within(tx.reach()).filter(time_entry::Column::Id.eq(id)).one(tx).await?.ok_or(Error::NotFound)?;
        let is_own = entry.attorney_id == caller.account && caller.attorney_role(entry.tenant_id).is_some();
        if is_own {
            return Ok(Self { caller, entry, _proof: () });
        }
        // Whoever may not see the retainer learns nothing of the entry either.
        let view = RetainerViewer::of(tx, caller, entry.retainer_id).await?;
        if !view.is_attorney() {
            return Err(Error::forbidden("Only the attorney who logged the time, or whose retainer it is, can change it."));
        }
        Ok(Self { caller: view.caller, entry, _proof: () })
    }

    pub(super) async fn now(&self, work: &Work) -> Result<time_entry::Model> {
        Ok(Self::of(work.read(), Arc::clone(&self.caller), self.entry.id).await?.entry)
    }
}

impl Prove for EntryOwner {
    async fn prove(request: &HttpRequest) -> Result<Self> {
        let caller = Firm::prove(request).await?.caller;
        let id = path_id(request, "entry")?;
        let tx = platform(request).read(caller.reach()).await?;
        Self::of(&tx, caller, id).await
    }
}
