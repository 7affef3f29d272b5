//! Who may read and who may write announcements; only this file makes the witnesses.
//!
//! | who | may |
//! |---|---|
//! | owner, admin | everything |
//! | client, of whatever access level | read what is published for their company |
//! | everybody else | nothing: 404; other staff of the MSP 403 |

use actix_web::HttpRequest;
use entity::{announcements::announcement, ids::AnnouncementId};

use super::queries;
use crate::{
    platform::{
        Error, Result, Tx,
        web::{Prove, path_id, platform},
    },
    tenancy::caller::{PortalClient, TenantAdmin},
};

/// An announcement of one's own MSP.
#[derive(Clone, Debug)]
pub struct OwnAnnouncement {
    pub admin: TenantAdmin,
    pub row: announcement::Model,
    _proof: (),
}

impl Prove for OwnAnnouncement {
    async fn prove(request: &HttpRequest) -> Result<Self> {
        let admin = TenantAdmin::prove(request).await?;
        let tx = platform(request).read(admin.caller.reach()).await?;
        let row = queries::announcement(&tx, path_id(request, "id")?)
            .await?
            .filter(|row| row.tenant_id == admin.tenant)
            .ok_or(Error::NotFound)?;
        Ok(Self { admin, row, _proof: () })
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
