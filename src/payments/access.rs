//! Who may see a settlement, a payment method or a payout account, and do what with them; only this file makes the witnesses.
//!
//! | who | sees | may |
//! |---|---|---|
//! | owner, admin | every settlement of their MSP; its payment method | approve, charge again, confirm, set up and remove the payment method |
//! | technician, viewer | every settlement of their MSP | nothing: 403 |
//! | primary attorney; an attorney for whom something was billed | their own settlements, of every MSP | waive; set up their payout account |
//! | associate, paralegal, of counsel, outside counsel, clients | nothing: 404 | |
//! | operator | what is stuck, webhooks, reconciliations | have it looked at again |

use std::sync::Arc;

use actix_web::HttpRequest;
use entity::{
    Reach,
    ids::{SettlementId, TenantId},
    payments::settlement,
    wall::Walled,
};
use sea_orm::{ColumnTrait, QueryFilter, Select};

use crate::{
    platform::{
        Error, Result, Tx, Work,
        web::{Prove, path_id, platform},
    },
    tenancy::{
        Caller, Seat,
        caller::{Firm, TenantAdmin},
    },
};

/// An attorney who is paid: by their engagements, or because something was billed for them before those changed.
async fn is_paid(request: &HttpRequest, caller: &Caller) -> Result<bool> {
    if caller.earns() || !caller.is_attorney() {
        return Ok(caller.earns());
    }
    let tx = platform(request).read(Reach::Everything("an attorney's own settlements, found by payee")).await?;
    let own = settlement::Entity::within(tx.reach()).filter(settlement::Column::PayeeId.eq(caller.account));
    Ok(own.one(&tx).await?.is_some())
}

/// Somebody to whom payouts exist at all: staff of an MSP, or an attorney who is paid.
#[derive(Clone, Debug)]
pub struct PayoutSeat {
    pub caller: Arc<Caller>,
    _proof: (),
}

impl PayoutSeat {
    pub fn of(caller: Arc<Caller>) -> Result<Self> {
        if caller.is_staff() || caller.earns() { Ok(Self { caller, _proof: () }) } else { Err(Error::NotFound) }
    }

    /// The settlements this person sees.
    pub(super) fn visible(&self, tx: &Tx) -> Select<settlement::Entity> {
        let select = settlement::Entity::within(tx.reach());
        match &self.caller.seat {
            Seat::Staff { tenant, .. } => select.filter(settlement::Column::TenantId.eq(*tenant)),
            _ => select.filter(settlement::Column::PayeeId.eq(self.caller.account)),
        }
    }

    /// An attorney's earnings outlive their engagement: what they see is theirs by name, not by the MSPs they work for now.
    pub fn reach(&self) -> Reach {
        match self.caller.seat {
            Seat::Attorney { .. } => Reach::Everything("an attorney's own settlements, found by payee"),
            _ => self.caller.reach(),
        }
    }
}

impl Prove for PayoutSeat {
    async fn prove(request: &HttpRequest) -> Result<Self> {
        let caller = Firm::prove(request).await?.caller;
        if is_paid(request, &caller).await? { Ok(Self { caller, _proof: () }) } else { Self::of(caller) }
    }
}

/// Somebody who may see this settlement.
#[derive(Clone, Debug)]
pub struct PayoutViewer {
    pub seat: PayoutSeat,
    pub settlement: settlement::Model,
    _proof: (),
}

impl PayoutViewer {
    pub async fn of(tx: &Tx, seat: PayoutSeat, id: SettlementId) -> Result<Self> {
        let row = seat.visible(tx).filter(settlement::Column::Id.eq(id)).one(tx).await?.ok_or(Error::NotFound)?;
        Ok(Self { seat, settlement: row, _proof: () })
    }

    /// Owner or admin of the MSP that pays.
    pub fn pays(&self) -> bool {
        self.seat.caller.manages(self.settlement.tenant_id)
    }

    /// The attorney who is paid.
    pub fn is_paid(&self) -> bool {
        self.seat.caller.is_attorney() && self.settlement.payee_id == self.seat.caller.account
    }
}

impl Prove for PayoutViewer {
    async fn prove(request: &HttpRequest) -> Result<Self> {
        let seat = PayoutSeat::prove(request).await?;
        let id = path_id(request, "id")?;
        let tx = platform(request).read(seat.reach()).await?;
        Self::of(&tx, seat, id).await
    }
}

macro_rules! witnesses {
    ($($(#[$doc:meta])* $name:ident: $may:ident, $sentence:literal;)+) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug)]
        pub struct $name {
            pub view: PayoutViewer,
            _proof: (),
        }

        impl $name {
            pub fn of(view: PayoutViewer) -> Result<Self> {
                if view.$may() { Ok(Self { view, _proof: () }) } else { Err(Error::forbidden($sentence)) }
            }

            /// The settlement inside this work, proved again.
            pub(super) async fn now(&self, work: &Work) -> Result<settlement::Model> {
                let view = PayoutViewer::of(work.read(), self.view.seat.clone(), self.view.settlement.id).await?;
                Ok(Self::of(view)?.view.settlement)
            }
        }

        impl Prove for $name {
            async fn prove(request: &HttpRequest) -> Result<Self> {
                Self::of(PayoutViewer::prove(request).await?)
            }
        }
    )+};
}

witnesses! {
    /// Owner or admin of the MSP that pays.
    PayoutPayer: pays, "Only an owner or admin of the MSP can do that: it is charged to the MSP.";
    /// The attorney who is paid.
    PayoutPayee: is_paid, "Only the attorney who is paid can do that.";
}

/// Owner or admin, keeping the MSP's payment method.
#[derive(Clone, Debug)]
pub struct MethodKeeper {
    pub caller: Arc<Caller>,
    pub tenant: TenantId,
    _proof: (),
}

impl Prove for MethodKeeper {
    async fn prove(request: &HttpRequest) -> Result<Self> {
        let TenantAdmin { caller, tenant, .. } = TenantAdmin::prove(request).await?;
        Ok(Self { caller, tenant, _proof: () })
    }
}

/// An attorney who is paid, keeping the account they are paid to.
#[derive(Clone, Debug)]
pub struct Earner {
    pub caller: Arc<Caller>,
    _proof: (),
}

impl Prove for Earner {
    async fn prove(request: &HttpRequest) -> Result<Self> {
        let caller = Firm::prove(request).await?.caller;
        if is_paid(request, &caller).await? { Ok(Self { caller, _proof: () }) } else { Err(Error::NotFound) }
    }
}
