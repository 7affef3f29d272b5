//! Who may open a document in the portal, and who may sign it.

use actix_web::HttpRequest;
use entity::{
    ids::{EnvelopeId, PolicyId, PushedId},
    policies::PolicyStatus,
};
use uuid::Uuid;

use crate::{
    entrance::StepUp,
    platform::{
        Error, Result, Tx,
        web::{self, Prove, path_id},
    },
    policies, pushed,
    signing::{self, Signatory, Standing},
    tenancy::{self, Caller, Seat, caller::PortalClient},
};

/// What a document at `{policy}` is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Paper {
    Policy(PolicyId),
    /// Another installation's.
    Pushed(PushedId),
}

/// A document of the client's, at `{policy}`, that this person may look at: as a signer, or as somebody of the company.
#[derive(Clone, Debug)]
pub struct Document {
    pub client: PortalClient,
    pub paper: Paper,
    pub standing: Standing,
    _proof: (),
}

/// Whoever the portal's first page greets.
#[derive(Clone, Debug)]
pub enum Guest {
    Client(PortalClient),
    /// A member of a mission organisation, whose first page is another.
    Member,
}

impl Prove for Guest {
    async fn prove(request: &HttpRequest) -> Result<Self> {
        let caller = Caller::of(request)?;
        match caller.seat {
            Seat::Member { .. } => Ok(Self::Member),
            _ => PortalClient::prove(request).await.map(Self::Client),
        }
    }
}

/// A document of the client's that this person is asked to sign, or has signed.
#[derive(Clone, Debug)]
pub struct ForSignature {
    pub client: PortalClient,
    pub paper: Paper,
    pub signatory: Signatory,
    _proof: (),
}

/// What stands at this address, with its request for signatures: a policy that clients may know of (drafts, reviews and cancelled
/// ones are not there for them), or what was pushed.
async fn envelope(tx: &Tx, id: Uuid) -> Result<(Paper, EnvelopeId)> {
    if let Some(facts) = policies::facts_of(tx, PolicyId(id)).await? {
        return match facts.status {
            PolicyStatus::Draft | PolicyStatus::InternalReview | PolicyStatus::Cancelled => Err(Error::NotFound),
            _ => Ok((Paper::Policy(facts.policy), facts.envelope.ok_or(Error::NotFound)?)),
        };
    }
    let envelope = pushed::envelope_for(tx, PushedId(id)).await?.ok_or(Error::NotFound)?;
    Ok((Paper::Pushed(PushedId(id)), envelope))
}

impl Prove for Document {
    async fn prove(request: &HttpRequest) -> Result<Self> {
        let client = PortalClient::prove(request).await?;
        let id: Uuid = path_id(request, "policy")?;
        let tx = web::platform(request).read(client.caller.reach()).await?;
        let (paper, envelope) = envelope(&tx, id).await?;
        let standing = signing::standing(&tx, &client.caller, envelope).await?;
        Ok(Self { client, paper, standing, _proof: () })
    }
}

/// A fresh proof of who this is, where the tenant asks for one before a signature.
#[derive(Clone, Debug)]
pub struct SignProof {
    _proof: (),
}

impl Prove for SignProof {
    async fn prove(request: &HttpRequest) -> Result<Self> {
        let client = PortalClient::prove(request).await?;
        let wanted = {
            let tx = web::platform(request).read(client.caller.reach()).await?;
            tenancy::tenant(&tx, client.tenant).await?.is_some_and(|tenant| tenant.sign_proof)
        };
        if wanted {
            StepUp::prove(request).await?;
        }
        Ok(Self { _proof: () })
    }
}

impl Prove for ForSignature {
    async fn prove(request: &HttpRequest) -> Result<Self> {
        let client = PortalClient::prove(request).await?;
        let id: Uuid = path_id(request, "policy")?;
        let tx = web::platform(request).read(client.caller.reach()).await?;
        Self::of(&tx, client, id).await
    }
}

impl ForSignature {
    /// For a document that is named in the body.
    pub async fn of(tx: &Tx, client: PortalClient, id: Uuid) -> Result<Self> {
        let (paper, envelope) = envelope(tx, id).await?;
        let signatory = signing::signatory(tx, &client.caller, envelope).await?;
        Ok(Self { client, paper, signatory, _proof: () })
    }
}
