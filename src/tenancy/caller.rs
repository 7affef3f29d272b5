//! Who is calling, and where they sit.

use std::sync::Arc;

use actix_web::{HttpMessage, HttpRequest, http::StatusCode};
use entity::{
    Reach,
    ids::{AccountId, CompanyId, ContactId, SessionId, TenantId},
    tenancy::{AccessLevel, AttorneyRole, StaffRole},
};

use crate::platform::{Error, Refusal, Result, web::Prove};

/// A fully signed-in person and their seat.
#[derive(Clone, Debug)]
pub struct Caller {
    pub account: AccountId,
    pub session: SessionId,
    pub name: String,
    pub email: String,
    /// How they signed in, e.g. `password+totp`.
    pub method: String,
    pub seat: Seat,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Seat {
    Operator,
    Staff {
        tenant: TenantId,
        role: StaffRole,
    },
    /// Live engagements only.
    Attorney {
        engagements: Vec<(TenantId, AttorneyRole)>,
    },
    Client {
        tenant: TenantId,
        company: CompanyId,
        contact: ContactId,
        access: AccessLevel,
    },
    Member {
        tenant: TenantId,
    },
}

impl Caller {
    /// The caller of this request; 401 where nobody is fully signed in.
    pub fn of(request: &HttpRequest) -> Result<Arc<Self>> {
        request.extensions().get::<Arc<Self>>().cloned().ok_or(Error::SignedOut)
    }

    /// The tenants whose data this person can reach at all; witnesses narrow it to the thing.
    pub fn reach(&self) -> Reach {
        Reach::Tenants(match &self.seat {
            Seat::Operator => Vec::new(),
            Seat::Staff { tenant, .. } | Seat::Client { tenant, .. } | Seat::Member { tenant } => vec![*tenant],
            Seat::Attorney { engagements } => engagements.iter().map(|(tenant, _)| *tenant).collect(),
        })
    }

    /// The role as staff of this tenant.
    pub fn staff_role(&self, in_tenant: TenantId) -> Option<StaffRole> {
        match &self.seat {
            Seat::Staff { tenant, role } if *tenant == in_tenant => Some(*role),
            _ => None,
        }
    }

    /// The role as attorney of this tenant.
    pub fn attorney_role(&self, in_tenant: TenantId) -> Option<AttorneyRole> {
        match &self.seat {
            Seat::Attorney { engagements } => engagements.iter().find(|(tenant, _)| *tenant == in_tenant).map(|(_, role)| *role),
            _ => None,
        }
    }

    /// Owner or admin of this tenant.
    pub fn manages(&self, tenant: TenantId) -> bool {
        matches!(self.staff_role(tenant), Some(StaffRole::Owner | StaffRole::Admin))
    }

    pub fn is_client(&self) -> bool {
        matches!(self.seat, Seat::Client { .. } | Seat::Member { .. })
    }

    pub fn is_staff(&self) -> bool {
        matches!(self.seat, Seat::Staff { .. })
    }

    pub fn is_attorney(&self) -> bool {
        matches!(self.seat, Seat::Attorney { .. })
    }

    /// An attorney whom retainers pay: the primary attorney of some MSP. What was earned outlives the engagement, so one who has
    /// none any more is one of them.
    pub fn earns(&self) -> bool {
        match &self.seat {
            Seat::Attorney { engagements } => {
                engagements.is_empty() || engagements.iter().any(|(_, role)| *role == AttorneyRole::Primary)
            }
            _ => false,
        }
    }

    /// The one tenant of staff and clients; an attorney's only engagement; none where there are several or none.
    pub fn home_tenant(&self) -> Option<TenantId> {
        match self.reach() {
            Reach::Tenants(tenants) if tenants.len() == 1 => tenants.first().copied(),
            _ => None,
        }
    }

    /// What the person menu says they are.
    pub fn role_label(&self) -> &'static str {
        match &self.seat {
            Seat::Operator => "Operator",
            Seat::Staff { role, .. } => role.label(),
            Seat::Attorney { engagements } => engagements.first().map_or("Attorney", |(_, role)| role.label()),
            // The words of Team.
            Seat::Client { access, .. } => access.label(),
            Seat::Member { .. } => "Member",
        }
    }

    /// Where they land after sign-in.
    pub fn home(&self) -> &'static str {
        match self.seat {
            Seat::Operator => "/operator",
            Seat::Staff { .. } | Seat::Attorney { .. } => "/legal/dashboard",
            Seat::Client { .. } => "/portal/dashboard",
            Seat::Member { .. } => "/portal/mission/dashboard",
        }
    }
}

/// Anybody signed in.
impl Prove for Arc<Caller> {
    async fn prove(request: &HttpRequest) -> Result<Self> {
        Caller::of(request)
    }
}

/// Somebody at a page that both faces have, under the address of their own: clients and members at `/portal/…`, everybody
/// else at `/legal/…`. The other face's twin is not there for them.
#[derive(Clone, Debug)]
pub struct OwnFace {
    pub caller: Arc<Caller>,
    _proof: (),
}

impl Prove for OwnFace {
    async fn prove(request: &HttpRequest) -> Result<Self> {
        let caller = Caller::of(request)?;
        if caller.is_client() == request.path().starts_with("/portal/") {
            Ok(Self { caller, _proof: () })
        } else {
            Err(Error::NotFound)
        }
    }
}

/// Somebody of the firm's side: MSP staff or an attorney. Clients and strangers get the same 404.
#[derive(Clone, Debug)]
pub struct Firm {
    pub caller: Arc<Caller>,
    _proof: (),
}

impl Prove for Firm {
    async fn prove(request: &HttpRequest) -> Result<Self> {
        let caller = Caller::of(request)?;
        match caller.seat {
            Seat::Staff { .. } | Seat::Attorney { .. } => Ok(Self { caller, _proof: () }),
            _ => Err(Error::NotFound),
        }
    }
}

/// A client user in the portal.
#[derive(Clone, Debug)]
pub struct PortalClient {
    pub caller: Arc<Caller>,
    pub tenant: TenantId,
    pub company: CompanyId,
    pub contact: ContactId,
    pub access: AccessLevel,
    _proof: (),
}

impl PortalClient {
    pub fn of(caller: Arc<Caller>) -> Result<Self> {
        match caller.seat {
            Seat::Client { tenant, company, contact, access } => {
                Ok(Self { caller: Arc::clone(&caller), tenant, company, contact, access, _proof: () })
            }
            // Not a secret, only not theirs: a member was led to an address of another kind of portal.
            Seat::Member { .. } => Err(Refusal::new(
                "not_in_this_portal",
                "This page is not part of your organisation's portal.",
                "Choose one of the pages in the menu.",
            )
            .status(StatusCode::NOT_FOUND)
            .into()),
            _ => Err(Error::NotFound),
        }
    }

    /// Not their own items alone, but the company's.
    pub fn sees_company(&self) -> bool {
        self.access != AccessLevel::Own
    }

    /// Whether something of this company, for this contact, is theirs to see: their own, or any where they see the company's.
    pub fn sees(&self, tenant: TenantId, company: CompanyId, contact: Option<ContactId>) -> bool {
        self.tenant == tenant && self.company == company && (self.sees_company() || contact == Some(self.contact))
    }
}

impl Prove for PortalClient {
    async fn prove(request: &HttpRequest) -> Result<Self> {
        Self::of(Caller::of(request)?)
    }
}

/// An admin of a client company: its team.
#[derive(Clone, Debug)]
pub struct CompanyAdmin {
    pub caller: Arc<Caller>,
    pub tenant: TenantId,
    pub company: CompanyId,
    pub contact: ContactId,
    _proof: (),
}

impl Prove for CompanyAdmin {
    async fn prove(request: &HttpRequest) -> Result<Self> {
        let PortalClient { caller, tenant, company, contact, access, .. } = PortalClient::prove(request).await?;
        if access == AccessLevel::CompanyAdmin {
            Ok(Self { caller, tenant, company, contact, _proof: () })
        } else {
            Err(Error::forbidden("Only an admin of your company can look after its team."))
        }
    }
}

/// Who looks after people of client companies: the MSP's admin those of all of them, a company's admin those of their own.
#[derive(Clone, Debug)]
pub struct Keeper {
    pub tenant: TenantId,
    /// The one company, and the contact who is its admin.
    pub within: Option<(CompanyId, ContactId)>,
    _proof: (),
}

impl Keeper {
    /// A program that looks after an MSP's clients in the MSP's name; says which, and who has let it.
    pub(crate) fn of_program(tenant: TenantId, _why: &'static str) -> Self {
        Self { tenant, within: None, _proof: () }
    }
}

impl From<&TenantAdmin> for Keeper {
    fn from(admin: &TenantAdmin) -> Self {
        Self { tenant: admin.tenant, within: None, _proof: () }
    }
}

impl From<&CompanyAdmin> for Keeper {
    fn from(admin: &CompanyAdmin) -> Self {
        Self { tenant: admin.tenant, within: Some((admin.company, admin.contact)), _proof: () }
    }
}

/// Staff of an MSP at what its clients ask of it: viewers read, everybody else works on it.
#[derive(Clone, Debug)]
pub struct Desk {
    pub caller: Arc<Caller>,
    pub tenant: TenantId,
    /// More than reading.
    pub works: bool,
    _proof: (),
}

impl Desk {
    pub fn of(caller: Arc<Caller>) -> Result<Self> {
        match caller.seat {
            Seat::Staff { tenant, role } => Ok(Self { caller, tenant, works: role != StaffRole::Viewer, _proof: () }),
            _ => Err(Error::NotFound),
        }
    }

    /// Refuses viewers, in these words.
    pub fn must_work(&self, words: &'static str) -> Result<()> {
        if self.works { Ok(()) } else { Err(Error::forbidden(words)) }
    }
}

impl Prove for Desk {
    async fn prove(request: &HttpRequest) -> Result<Self> {
        Self::of(Caller::of(request)?)
    }
}

/// Owner or admin of an MSP: the admin panel.
#[derive(Clone, Debug)]
pub struct TenantAdmin {
    pub caller: Arc<Caller>,
    pub tenant: TenantId,
    _proof: (),
}

impl Prove for TenantAdmin {
    async fn prove(request: &HttpRequest) -> Result<Self> {
        Self::of(Caller::of(request)?)
    }
}

impl TenantAdmin {
    pub fn of(caller: Arc<Caller>) -> Result<Self> {
        match caller.seat {
            Seat::Staff { tenant, role: StaffRole::Owner | StaffRole::Admin } => {
                Ok(Self { caller: Arc::clone(&caller), tenant, _proof: () })
            }
            Seat::Staff { .. } => Err(Error::forbidden("Only an owner or admin of your MSP can open the admin panel.")),
            _ => Err(Error::NotFound),
        }
    }
}

/// The installation's operator.
#[derive(Clone, Debug)]
pub struct Operator {
    pub caller: Arc<Caller>,
    _proof: (),
}

impl Prove for Operator {
    async fn prove(request: &HttpRequest) -> Result<Self> {
        let caller = Caller::of(request)?;
        match caller.seat {
            Seat::Operator => Ok(Self { caller, _proof: () }),
            _ => Err(Error::NotFound),
        }
    }
}
