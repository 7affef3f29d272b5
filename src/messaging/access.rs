//! Who may: those who take part right now, and nobody else. To everybody else there is no such conversation.

use std::sync::Arc;

use actix_web::HttpRequest;
use entity::{
    Reach,
    identity::SessionStage,
    ids::{ConversationId, TenantId},
};

use super::queries;
use crate::{
    identity,
    platform::{Error, Platform, Result, Tx, web, web::Prove},
    tenancy::{self, Caller},
};

/// Somebody who takes part in this conversation.
#[derive(Clone, Debug)]
pub struct Participant {
    pub caller: Arc<Caller>,
    pub conversation: ConversationId,
    pub tenant: TenantId,
    /// Everything up to here was read.
    pub read_seq: i64,
    _proof: (),
}

impl Participant {
    /// Asks the database; not found where they do not take part.
    pub async fn of(platform: &Arc<Platform>, caller: &Arc<Caller>, conversation: ConversationId) -> Result<Self> {
        Self::seen(platform.read(caller.reach()).await?, caller, conversation).await
    }

    /// The same for one of many connections that may have come at once.
    pub async fn of_in_line(platform: &Arc<Platform>, caller: &Arc<Caller>, conversation: ConversationId) -> Result<Self> {
        Self::seen(platform.read_in_line(caller.reach()).await?, caller, conversation).await
    }

    async fn seen(tx: Tx, caller: &Arc<Caller>, conversation: ConversationId) -> Result<Self> {
        let place = queries::place(&tx, conversation, caller.account).await?.ok_or(Error::NotFound)?;
        Ok(Self { caller: Arc::clone(caller), conversation, tenant: place.tenant_id, read_seq: place.read_seq, _proof: () })
    }
}

impl Prove for Participant {
    async fn prove(request: &HttpRequest) -> Result<Self> {
        let caller = Caller::of(request)?;
        Self::of(&web::platform(request), &caller, web::path_id(request, "id")?).await
    }
}

/// The caller of this session as they are now; none where the session has ended or the seat is gone.
pub async fn still(platform: &Arc<Platform>, token: &str) -> Result<Option<Arc<Caller>>> {
    let tx = platform.read_in_line(Reach::Everything("whose session this is")).await?;
    let Some(signed_in) = identity::signed_in(platform, &tx, token).await? else { return Ok(None) };
    if signed_in.session.stage != SessionStage::Full {
        return Ok(None);
    }
    Ok(tenancy::caller_of(&tx, &signed_in.account, &signed_in.session).await?.map(Arc::new))
}
