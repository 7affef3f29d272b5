//! Who may see a member's pages: the member, and nobody in their place. An MSP's client who asks for them is told where they are not.

use std::sync::Arc;

use actix_web::{
    HttpRequest,
    http::{StatusCode, header},
};
use entity::ids::TenantId;

use super::commands::note_astray::note_astray;
use crate::{
    platform::{
        Error, Refusal, Result,
        web::{self, Prove},
    },
    tenancy::{Caller, Seat},
};

/// A member of a mission organisation.
#[derive(Clone, Debug)]
pub struct MissionMember {
    pub caller: Arc<Caller>,
    pub tenant: TenantId,
    _proof: (),
}

impl MissionMember {
    pub fn of(caller: Arc<Caller>) -> Result<Self> {
        match caller.seat {
            Seat::Member { tenant } => Ok(Self { caller, tenant, _proof: () }),
            _ => Err(Error::NotFound),
        }
    }
}

impl Prove for MissionMember {
    async fn prove(request: &HttpRequest) -> Result<Self> {
        let caller = Caller::of(request)?;
        if let Seat::Client { tenant, .. } = caller.seat {
            let platform = web::platform(request);
            let host = request.headers().get(header::HOST).and_then(|value| value.to_str().ok()).unwrap_or_default();
            let hosts = platform.config.mission_hosts.clone();
            if let Err(error) = note_astray(&platform, tenant, host).await {
                tracing::warn!(%error, "that somebody looked for Mission pages cannot be written down");
            }
            let next = match hosts.first() {
                Some(host) => {
                    format!("Giving, events and groups are at https://{host}, or where your church or organisation told you.")
                }
                None => "Sign in at the address that your church or organisation gave you.".to_owned(),
            };
            return Err(Refusal::new(
                "not_in_this_portal",
                "These are pages of a mission organisation (a church or a nonprofit), and this is the portal of your IT provider.",
                next,
            )
            .status(StatusCode::NOT_FOUND)
            .into());
        }
        Self::of(caller)
    }
}
