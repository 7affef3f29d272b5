//! Who may read and who may write announcements; only this file makes the witnesses.
//!
//! | who | may |
//! |---|---|
//! | owner, admin | everything |
//! | client, of whatever access level | read what is published for their company |
//! | everybody else | nothing: 404; other staff of the MSP 403 |

use std::sync::Arc;

use actix_web::HttpRequest;
use entity::{
    announcements::announcement,
    ids::{AnnouncementId, TenantId},
};

use super::queries;
use crate::{
    platform::{
        Error, Result, Tx,
        web::{Prove, path_id, platform},
    },
    tenancy::{
        Caller,
        caller::{PortalClient, TenantAdmin},
    },
};

/// Owner or admin, who announce.
#[derive(Clone, Debug)]
pub struct Announcer {
    pub caller: Arc<Caller>,
    pub tenant: TenantId,
    _proof: (),
}

impl Announcer {
    pub fn of(admin: TenantAdmin) -> Self {
        Self { caller: admin.caller, tenant: admin.tenant, _proof: () }
    }
}

impl Prove for Announcer {
    async fn prove(request: &HttpRequest) -> Result<Self> {
        TenantAdmin::prove(request).await.map(Self::of)
    }
}

/// An announcement of one's own MSP.
#[derive(Clone, Debug)]
pub struct OwnAnnouncement {
    pub announcer: Announcer,
    pub row: announcement::Model,
    _proof: (),
}

impl Prove for OwnAnnouncement {
    async fn prove(request: &HttpRequest) -> Result<Self> {
        let announcer = Announcer::prove(request).await?;
        let tx = platform(request).read(announcer.caller.reach()).await?;
        let row = queries::announcement(&tx, path_id(request, "id")?)
            .await?
            .filter(|row| row.tenant_id == announcer.tenant)
            .ok_or(Error::NotFound)?;
        Ok(Self { announcer, row, _proof: () })
    }
}

/// A client at an announcement that is published for them.
#[derive(Clone, Debug)]
pub struct ReadableAnnouncement {
    pub client: PortalClient,
    pub row: announcement::Model,
    _proof: (),
}

impl ReadableAnnouncement {
    pub async fn of(tx: &Tx, client: PortalClient, id: AnnouncementId) -> Result<Self> {
        let row = queries::published_for(tx, &client, id).await?.ok_or(Error::NotFound)?;
        Ok(Self { client, row, _proof: () })
    }
}

impl Prove for ReadableAnnouncement {
    async fn prove(request: &HttpRequest) -> Result<Self> {
        let client = PortalClient::prove(request).await?;
        let tx = platform(request).read(client.caller.reach()).await?;
        Self::of(&tx, client, path_id(request, "id")?).await
    }
}
