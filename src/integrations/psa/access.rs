//! Who speaks for the PSA. What matches what is said by an owner or admin ([`TenantAdmin`](crate::tenancy::caller::TenantAdmin)).

use std::sync::Arc;

use actix_web::HttpRequest;
use entity::{
    identity::AccountStatus,
    ids::{SessionId, TenantId},
    tenancy::StaffRole,
};

use crate::{
    identity,
    platform::{
        Error, Result, Tx, remote,
        web::{Prove, platform},
    },
    tenancy::{Caller, Seat, staff_by_account},
};

/// A program that holds the key.
#[derive(Clone, Debug)]
pub struct PsaCaller {
    _proof: (),
}

impl Prove for PsaCaller {
    async fn prove(request: &HttpRequest) -> Result<Self> {
        remote::prove_key(request, &platform(request).config.psa).await?;
        Ok(Self { _proof: () })
    }
}

/// Somebody of the MSP in whose name the PSA acts, as the PSA vouches.
#[derive(Clone, Debug)]
pub struct Technician {
    pub caller: Arc<Caller>,
    _proof: (),
}

impl Technician {
    /// By the e-mail they sign in with; active, and of this tenant.
    pub async fn of(tx: &Tx, _program: &PsaCaller, tenant: TenantId, email: &str) -> Result<Self> {
        let unknown = || Error::invalid("requested_by", "Nobody of this MSP signs in with that e-mail and may open matters here.");
        let email = identity::parse_email(email).ok_or_else(unknown)?;
        let account = identity::account_by_email(tx, identity::FIRM, &email).await?.ok_or_else(unknown)?;
        let seat = staff_by_account(tx, tenant, account.id).await?.ok_or_else(unknown)?;
        if account.status != AccountStatus::Active || seat.role == StaffRole::Viewer {
            return Err(unknown());
        }
        let caller = Caller {
            account: account.id,
            session: SessionId(uuid::Uuid::nil()),
            name: account.name,
            email: account.email,
            method: "psa".to_owned(),
            seat: Seat::Staff { tenant, role: seat.role },
        };
        Ok(Self { caller: Arc::new(caller), _proof: () })
    }
}
