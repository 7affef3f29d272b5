//! Who stands at the door.

use std::sync::Arc;

use actix_web::{HttpMessage, HttpRequest};
use entity::identity::SessionStage;

use super::kept;
use crate::{
    identity::{self, SignedIn, gate},
    platform::{
        Error, Result,
        web::{self, Prove},
    },
    tenancy::{Caller, caller::OwnFace},
};

/// Anybody, counted by source: proved before a body is read or a password hashed.
pub struct Visitor {
    _proof: (),
}

impl Prove for Visitor {
    async fn prove(request: &HttpRequest) -> Result<Self> {
        gate::pass(request)?;
        Ok(Self { _proof: () })
    }
}

/// Gave the right password; the code is awaited. Opens the code page alone.
pub struct HalfWay {
    pub half: Arc<SignedIn>,
    _proof: (),
}

impl Prove for HalfWay {
    async fn prove(request: &HttpRequest) -> Result<Self> {
        Ok(Self { half: staged(request, SessionStage::Password)?, _proof: () })
    }
}

/// Invited, or with a lost second factor: opens the set-up page alone.
pub struct SettingUp {
    pub half: Arc<SignedIn>,
    _proof: (),
}

impl Prove for SettingUp {
    async fn prove(request: &HttpRequest) -> Result<Self> {
        Ok(Self { half: staged(request, SessionStage::Setup)?, _proof: () })
    }
}

/// A fully signed-in person at their own account, on their own face.
pub struct Oneself {
    pub me: Arc<SignedIn>,
    pub caller: Arc<Caller>,
    _proof: (),
}

impl Prove for Oneself {
    async fn prove(request: &HttpRequest) -> Result<Self> {
        let caller = OwnFace::prove(request).await?.caller;
        Ok(Self { me: staged(request, SessionStage::Full)?, caller, _proof: () })
    }
}

/// Gave password and code within the last five minutes: for what would hurt if the wrong person did it at an open screen. Else
/// what was typed is kept, and the person is asked ([`super::kept`]).
pub struct StepUp {
    _proof: (),
}

impl Prove for StepUp {
    async fn prove(request: &HttpRequest) -> Result<Self> {
        let me = staged(request, SessionStage::Full)?;
        if identity::is_fresh(&me, web::platform(request).clock.now()) {
            return Ok(Self { _proof: () });
        }
        kept::mark_proof(request, me);
        Err(Error::proof_needed())
    }
}

/// The witness, and a fresh proof beside it. What is not there for this person is not there before they are asked who they are.
pub struct Fresh<W> {
    who: W,
    _proof: StepUp,
}

impl<W: Prove> Prove for Fresh<W> {
    async fn prove(request: &HttpRequest) -> Result<Self> {
        Ok(Self { who: W::prove(request).await?, _proof: StepUp::prove(request).await? })
    }
}

impl<W> std::ops::Deref for Fresh<W> {
    type Target = W;

    fn deref(&self) -> &W {
        &self.who
    }
}

fn staged(request: &HttpRequest, stage: SessionStage) -> Result<Arc<SignedIn>> {
    session(request).filter(|signed_in| signed_in.session.stage == stage).ok_or(Error::SignedOut)
}

/// The live session of this browser, at whatever stage.
pub fn session(request: &HttpRequest) -> Option<Arc<SignedIn>> {
    request.extensions().get::<Arc<SignedIn>>().cloned()
}
