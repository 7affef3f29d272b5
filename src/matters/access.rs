//! Who may see a matter and do what with it; only this file makes the witnesses.
//!
//! | who | sees | may |
//! |---|---|---|
//! | owner, admin, technician who take part | all of it | put people on it, rename, urgency, upload, close, re-open |
//! | viewer who takes part | all of it | nothing |
//! | staff who do not take part | nothing: 404 | |
//! | primary, associate | every matter's facts; conversation and documents once joined | claim, join; once joined: resolve, re-open, people |
//! | paralegal | as associate | join, upload; never claim or resolve |
//! | of counsel who takes part | all of it | claim, resolve, re-open, people |
//! | outside counsel who takes part | all of it | write in the conversation, nothing else |
//! | client who takes part | conversation and documents, in the portal | write in the conversation |

use std::sync::Arc;

use actix_web::HttpRequest;
use entity::{
    ids::{MatterId, TenantId},
    matters::{matter, participant},
    tenancy::{AttorneyRole, StaffRole},
    wall::Walled,
};
use sea_orm::{ColumnTrait, QueryFilter};

use super::queries;
use crate::{
    platform::{
        Error, Result, Tx, Work,
        web::{Prove, path_id, platform},
    },
    tenancy::{Caller, Seat, caller::Firm},
};

/// Somebody of the firm's side who may see this matter.
#[derive(Clone, Debug)]
pub struct MatterView {
    pub caller: Arc<Caller>,
    pub matter: matter::Model,
    /// Takes part, rather than seeing it by office.
    pub joined: bool,
    _proof: (),
}

impl MatterView {
    /// The matter as this person may see it; 404 for everybody behind the wall.
    pub async fn of(tx: &Tx, caller: Arc<Caller>, id: MatterId) -> Result<Self> {
        let row = matter::Entity::within(tx.reach()).filter(matter::Column::Id.eq(id)).one(tx).await?.ok_or(Error::NotFound)?;
        if !caller.reach().covers(row.tenant_id) {
            return Err(Error::NotFound);
        }
        let joined = participant::Entity::within(tx.reach())
            .filter(participant::Column::MatterId.eq(id))
            .filter(participant::Column::AccountId.eq(caller.account))
            .filter(participant::Column::LeftAt.is_null())
            .one(tx)
            .await?
            .is_some();
        if !joined && !sees_all(&caller, row.tenant_id) {
            return Err(Error::NotFound);
        }
        Ok(Self { caller, matter: row, joined, _proof: () })
    }

    /// The matter as it stands inside this work, if the person may still see it.
    pub(super) async fn now(&self, work: &Work) -> Result<Self> {
        Self::of(work.read(), Arc::clone(&self.caller), self.matter.id).await
    }

    fn attorney(&self) -> Option<AttorneyRole> {
        self.caller.attorney_role(self.matter.tenant_id)
    }

    /// Staff who do things, not only read.
    fn is_active_staff(&self) -> bool {
        is_active_staff(&self.caller, self.matter.tenant_id)
    }

    fn is_counsel(&self) -> bool {
        is_counsel(&self.caller, self.matter.tenant_id)
    }

    /// Put people on it or take them off, rename it, change its urgency.
    pub fn may_steer(&self) -> bool {
        self.joined && (self.is_active_staff() || self.is_counsel())
    }

    pub fn may_upload(&self) -> bool {
        self.may_steer() || (self.joined && self.attorney() == Some(AttorneyRole::Paralegal))
    }

    pub fn may_claim(&self) -> bool {
        self.is_counsel()
    }

    pub fn may_join(&self) -> bool {
        sees_all(&self.caller, self.matter.tenant_id)
    }

    pub fn may_resolve(&self) -> bool {
        self.joined && self.is_counsel()
    }

    /// Hours are between the attorney and the MSP: outside counsel has no part in them.
    pub fn sees_hours(&self) -> bool {
        !self.caller.is_client() && self.attorney() != Some(AttorneyRole::OutsideCounsel)
    }

    /// The MSP confirms; the primary attorney may where it does not.
    pub fn may_close(&self) -> bool {
        self.joined && (self.is_active_staff() || self.attorney() == Some(AttorneyRole::Primary))
    }
}

/// Those who work on the matters of an MSP's clients and confirm that one is resolved.
pub fn is_active_staff(caller: &Caller, tenant: TenantId) -> bool {
    matches!(caller.staff_role(tenant), Some(StaffRole::Owner | StaffRole::Admin | StaffRole::Member))
}

/// Those who claim and resolve matters.
pub fn is_counsel(caller: &Caller, tenant: TenantId) -> bool {
    matches!(caller.attorney_role(tenant), Some(AttorneyRole::Primary | AttorneyRole::Associate | AttorneyRole::OfCounsel))
}

/// Primary attorney, associates and paralegals see every matter of their tenant.
fn sees_all(caller: &Caller, tenant: TenantId) -> bool {
    matches!(caller.attorney_role(tenant), Some(AttorneyRole::Primary | AttorneyRole::Associate | AttorneyRole::Paralegal))
}

/// The tenants in which this person sees every matter.
pub(super) fn offices(caller: &Caller) -> Vec<TenantId> {
    match &caller.seat {
        Seat::Attorney { engagements } => {
            engagements.iter().map(|(tenant, _)| *tenant).filter(|tenant| sees_all(caller, *tenant)).collect()
        }
        _ => Vec::new(),
    }
}

impl Prove for MatterView {
    async fn prove(request: &HttpRequest) -> Result<Self> {
        let firm = Firm::prove(request).await?;
        let id = path_id(request, "id")?;
        let tx = platform(request).read(firm.caller.reach()).await?;
        Self::of(&tx, firm.caller, id).await
    }
}

macro_rules! witnesses {
    ($($(#[$doc:meta])* $name:ident: $may:ident, $sentence:literal;)+) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug)]
        pub struct $name {
            pub view: MatterView,
            _proof: (),
        }

        impl $name {
            pub fn of(view: MatterView) -> Result<Self> {
                if view.$may() { Ok(Self { view, _proof: () }) } else { Err(Error::forbidden($sentence)) }
            }

            /// The matter inside this work; proved again, so that somebody taken out meanwhile does nothing.
            pub(super) async fn now(&self, work: &Work) -> Result<matter::Model> {
                Ok(Self::of(self.view.now(work).await?)?.view.matter)
            }
        }

        impl Prove for $name {
            async fn prove(request: &HttpRequest) -> Result<Self> {
                Self::of(MatterView::prove(request).await?)
            }
        }
    )+};
}

witnesses! {
    /// An attorney who may become responsible.
    Claimant: may_claim, "Only the primary attorney, an associate or of counsel can claim a matter.";
    /// An attorney who sees the matter by office and may take part in it.
    Joiner: may_join, "You are on this matter already, or have to be put on it by somebody who is.";
    /// Somebody who may change the matter itself and who takes part.
    Steersman: may_steer, "Only those who take part in the matter and do more than read can change it.";
    /// Somebody who may put documents into it.
    Uploader: may_upload, "You can read this matter, but not add documents to it.";
    Resolver: may_resolve, "Only an attorney on the matter can mark it resolved.";
    Closer: may_close, "The MSP's people on the matter, or its primary attorney, close it.";
}

/// Somebody who may open a matter, and in which tenants.
#[derive(Clone, Debug)]
pub struct MatterOpener {
    pub caller: Arc<Caller>,
    pub tenants: Vec<TenantId>,
    _proof: (),
}

impl MatterOpener {
    /// Owner, admin and technicians of an MSP; its primary attorney and associates.
    pub fn of(caller: Arc<Caller>) -> Result<Self> {
        let tenants = match &caller.seat {
            Seat::Staff { tenant, role: StaffRole::Owner | StaffRole::Admin | StaffRole::Member } => vec![*tenant],
            Seat::Staff { .. } => return Err(Error::forbidden("Viewers read; an owner, admin or technician opens matters.")),
            Seat::Attorney { engagements } => engagements
                .iter()
                .filter(|(_, role)| matches!(role, AttorneyRole::Primary | AttorneyRole::Associate))
                .map(|(tenant, _)| *tenant)
                .collect(),
            _ => return Err(Error::NotFound),
        };
        if tenants.is_empty() {
            return Err(Error::forbidden("The MSP's people, its primary attorney or an associate open matters."));
        }
        Ok(Self { caller, tenants, _proof: () })
    }

    /// Whether the new matter page is offered.
    pub fn may(caller: &Arc<Caller>) -> bool {
        Self::of(Arc::clone(caller)).is_ok()
    }
}

impl Prove for MatterOpener {
    async fn prove(request: &HttpRequest) -> Result<Self> {
        Self::of(Firm::prove(request).await?.caller)
    }
}

/// A client user who takes part in this matter: its conversation and documents, not its description.
#[derive(Clone, Debug)]
pub struct ClientMatter {
    pub caller: Arc<Caller>,
    pub line: queries::ClientLine,
    _proof: (),
}

impl Prove for ClientMatter {
    async fn prove(request: &HttpRequest) -> Result<Self> {
        let caller = Caller::of(request)?;
        if !matches!(caller.seat, Seat::Client { .. }) {
            return Err(Error::NotFound);
        }
        let id = path_id(request, "id")?;
        let tx = platform(request).read(caller.reach()).await?;
        let view = MatterView::of(&tx, Arc::clone(&caller), id).await?;
        let line = queries::client_lines(&tx, caller.account, vec![view.matter]).await?.pop().ok_or(Error::NotFound)?;
        Ok(Self { caller, line, _proof: () })
    }
}
