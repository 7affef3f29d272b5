//! Who stands how to an envelope: the named signer, somebody of the company who may look on, or nobody.

use std::sync::Arc;

use entity::{
    ids::{ContactId, EnvelopeId},
    signing::{EnvelopeStatus, SignerStatus},
    tenancy::AccessLevel,
};

use super::{envelope::EnvelopeView, queries};
use crate::{
    platform::{Error, Refusal, Result, Tx},
    tenancy::{Caller, Seat},
};

/// The named signer of this envelope, signed in. Needed for reading on record, signing and declining.
#[derive(Clone, Debug)]
pub struct Signatory {
    pub caller: Arc<Caller>,
    pub contact: ContactId,
    /// As it stood when access was proved; commands read it again.
    pub view: EnvelopeView,
    _proof: (),
}

/// Somebody of the client company whose access reaches all of the company's documents, but who is not asked to sign.
#[derive(Clone, Debug)]
pub struct Onlooker {
    pub caller: Arc<Caller>,
    pub view: EnvelopeView,
    _proof: (),
}

/// How a client stands to an envelope they may know of.
#[derive(Clone, Debug)]
pub enum Standing {
    Signatory(Signatory),
    Onlooker(Onlooker),
}

impl Standing {
    pub fn view(&self) -> &EnvelopeView {
        match self {
            Self::Signatory(signatory) => &signatory.view,
            Self::Onlooker(onlooker) => &onlooker.view,
        }
    }
}

/// How the caller stands to the envelope; 404 where they may not know that it exists. A replaced signer stands like anybody
/// else of the company; a withdrawn request is known only to those who were asked.
pub async fn standing(tx: &Tx, caller: &Arc<Caller>, envelope: EnvelopeId) -> Result<Standing> {
    let Seat::Client { company, contact, access, .. } = caller.seat else { return Err(Error::NotFound) };
    let view = queries::envelope(tx, envelope).await?.filter(|view| view.company == company).ok_or(Error::NotFound)?;
    if view.signers.iter().any(|signer| signer.contact == contact && signer.status != SignerStatus::Replaced) {
        return Ok(Standing::Signatory(Signatory { caller: Arc::clone(caller), contact, view, _proof: () }));
    }
    if access == AccessLevel::Own || view.status == EnvelopeStatus::Voided {
        return Err(Error::NotFound);
    }
    Ok(Standing::Onlooker(Onlooker { caller: Arc::clone(caller), view, _proof: () }))
}

/// The named signer; 409 `not_a_signer` for somebody who may look on, 404 for the rest.
pub async fn signatory(tx: &Tx, caller: &Arc<Caller>, envelope: EnvelopeId) -> Result<Signatory> {
    match standing(tx, caller, envelope).await? {
        Standing::Signatory(signatory) => Ok(signatory),
        Standing::Onlooker(onlooker) => Err(Refusal::new(
            "not_a_signer",
            "You are not one of the people asked to sign this document.",
            format!("If you should sign it, ask {} to add you.", onlooker.view.issuer),
        )
        .into()),
    }
}
