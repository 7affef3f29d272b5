//! Who speaks for the CRM, and who may have it looked at.

use std::sync::Arc;

use actix_web::HttpRequest;
use entity::ids::TenantId;

use crate::{
    platform::{
        Error, Result, remote,
        web::{Prove, platform},
    },
    tenancy::{Caller, Seat, caller::Firm},
};

/// A program that holds `CRM_INTEGRATION_KEY`.
#[derive(Debug)]
pub struct Crm {
    _proof: (),
}

impl Prove for Crm {
    async fn prove(request: &HttpRequest) -> Result<Self> {
        remote::prove_key(request, &platform(request).config.crm).await?;
        Ok(Self { _proof: () })
    }
}

/// Somebody of the firm's who misses a client: staff of the MSP but viewers, its attorneys.
#[derive(Clone, Debug)]
pub struct Looker {
    pub caller: Arc<Caller>,
    /// Whose CRM is looked at.
    pub tenants: Vec<TenantId>,
    _proof: (),
}

impl Prove for Looker {
    async fn prove(request: &HttpRequest) -> Result<Self> {
        let caller = Firm::prove(request).await?.caller;
        let tenants: Vec<TenantId> = match &caller.seat {
            Seat::Staff { tenant, role } if *role != entity::tenancy::StaffRole::Viewer => vec![*tenant],
            Seat::Staff { .. } => {
                return Err(Error::forbidden("A viewer reads; a technician, admin or owner can have the CRM looked at."));
            }
            Seat::Attorney { engagements } => engagements.iter().map(|(tenant, _)| *tenant).collect(),
            _ => return Err(Error::NotFound),
        };
        Ok(Self { caller, tenants, _proof: () })
    }
}
