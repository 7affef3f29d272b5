//! Who pushes, and who of the firm looks at what was pushed.
//!
//! | who | may |
//! |---|---|
//! | another installation, by its key | push |
//! | staff of the MSP; its primary attorney, associates, paralegals | look |
//! | owner, admin | withdraw |
//! | everybody else | nothing: 404 |

use std::sync::Arc;

use actix_web::HttpRequest;
use entity::{ids::PushedId, pushed::document, tenancy::AttorneyRole};

use super::queries;
use crate::{
    platform::{
        Error, Result, remote,
        web::{Prove, path_id, platform},
    },
    tenancy::{Caller, caller::Firm},
};

/// Another installation, which holds `PORTAL_INTEGRATION_KEY`.
#[derive(Debug)]
pub struct Pusher {
    _proof: (),
}

impl Prove for Pusher {
    async fn prove(request: &HttpRequest) -> Result<Self> {
        remote::prove_key(request, &platform(request).config.push).await?;
        Ok(Self { _proof: () })
    }
}

/// Somebody of the firm's at `{pushed}`.
#[derive(Clone, Debug)]
pub struct PushedReader {
    pub caller: Arc<Caller>,
    pub row: document::Model,
    _proof: (),
}

impl PushedReader {
    pub fn may_withdraw(&self) -> bool {
        self.caller.manages(self.row.tenant_id)
    }
}

impl Prove for PushedReader {
    async fn prove(request: &HttpRequest) -> Result<Self> {
        let caller = Firm::prove(request).await?.caller;
        let id: PushedId = path_id(request, "pushed")?;
        let tx = platform(request).read(caller.reach()).await?;
        let row = queries::document(&tx, id).await?.ok_or(Error::NotFound)?;
        let inner = matches!(
            caller.attorney_role(row.tenant_id),
            Some(AttorneyRole::Primary | AttorneyRole::Associate | AttorneyRole::Paralegal)
        );
        if inner || caller.staff_role(row.tenant_id).is_some() {
            Ok(Self { caller, row, _proof: () })
        } else {
            Err(Error::NotFound)
        }
    }
}

/// Owner or admin, who may withdraw it.
#[derive(Clone, Debug)]
pub struct PushedKeeper {
    pub reader: PushedReader,
    _proof: (),
}

impl Prove for PushedKeeper {
    async fn prove(request: &HttpRequest) -> Result<Self> {
        let reader = PushedReader::prove(request).await?;
        if reader.may_withdraw() {
            Ok(Self { reader, _proof: () })
        } else {
            Err(Error::forbidden("Only an owner or admin of the MSP can withdraw it."))
        }
    }
}
