//! Who may see a ticket and do what with it; only this file makes the witnesses.
//!
//! | who | sees | may |
//! |---|---|---|
//! | owner, admin, technician | every ticket of the MSP | answer, note, change, attach, open a matter |
//! | viewer | every ticket of the MSP | nothing |
//! | client, own items | the tickets that are theirs, without notes | open, comment, attach |
//! | client, company items and company admin | the company's tickets, without notes | open, comment, attach |
//! | attorneys, members, operators | nothing: 404 | |

use std::sync::Arc;

use actix_web::HttpRequest;
use entity::{
    ids::TicketId,
    tickets::{service, ticket},
};

use super::queries;
use crate::{
    platform::{
        Error, Result, Tx,
        web::{Prove, path_id, platform},
    },
    tenancy::{
        Caller,
        caller::{Desk, PortalClient},
    },
};

/// Staff at one ticket.
#[derive(Clone, Debug)]
pub struct DeskTicket {
    pub desk: Desk,
    pub ticket: ticket::Model,
    _proof: (),
}

impl DeskTicket {
    pub async fn of(tx: &Tx, caller: Arc<Caller>, id: TicketId) -> Result<Self> {
        let desk = Desk::of(caller)?;
        let ticket = queries::ticket(tx, id).await?.filter(|row| row.tenant_id == desk.tenant).ok_or(Error::NotFound)?;
        Ok(Self { desk, ticket, _proof: () })
    }
}

impl Prove for DeskTicket {
    async fn prove(request: &HttpRequest) -> Result<Self> {
        let caller = Caller::of(request)?;
        let id = path_id(request, "id")?;
        let tx = platform(request).read(caller.reach()).await?;
        Self::of(&tx, caller, id).await
    }
}

/// Staff who work on this ticket.
#[derive(Clone, Debug)]
pub struct DeskWorker {
    pub desk: Desk,
    pub ticket: ticket::Model,
    _proof: (),
}

impl DeskWorker {
    pub fn of(seen: DeskTicket) -> Result<Self> {
        seen.desk.must_work("Viewers read; an owner, admin or technician answers and changes tickets.")?;
        Ok(Self { desk: seen.desk, ticket: seen.ticket, _proof: () })
    }
}

impl Prove for DeskWorker {
    async fn prove(request: &HttpRequest) -> Result<Self> {
        Self::of(DeskTicket::prove(request).await?)
    }
}

/// A client who may open tickets for their company.
#[derive(Clone, Debug)]
pub struct Requester {
    pub client: PortalClient,
    _proof: (),
}

impl Requester {
    pub fn of(client: PortalClient) -> Self {
        Self { client, _proof: () }
    }
}

impl Prove for Requester {
    async fn prove(request: &HttpRequest) -> Result<Self> {
        PortalClient::prove(request).await.map(Self::of)
    }
}

/// A client at a service of the catalog that is offered to them.
#[derive(Clone, Debug)]
pub struct ServiceRequester {
    pub requester: Requester,
    pub service: service::Model,
    _proof: (),
}

impl Prove for ServiceRequester {
    async fn prove(request: &HttpRequest) -> Result<Self> {
        let requester = Requester::prove(request).await?;
        let id = path_id(request, "service")?;
        let tx = platform(request).read(requester.client.caller.reach()).await?;
        let found = queries::service(&tx, requester.client.tenant, id).await?;
        let service = found.filter(|row| row.offered).ok_or(Error::NotFound)?;
        Ok(Self { requester, service, _proof: () })
    }
}

/// A client at a ticket of theirs.
#[derive(Clone, Debug)]
pub struct ClientTicket {
    pub client: PortalClient,
    pub ticket: ticket::Model,
    _proof: (),
}

impl ClientTicket {
    pub async fn of(tx: &Tx, client: PortalClient, id: TicketId) -> Result<Self> {
        let ticket = queries::ticket(tx, id)
            .await?
            .filter(|row| client.sees(row.tenant_id, row.company_id, row.contact_id))
            .ok_or(Error::NotFound)?;
        Ok(Self { client, ticket, _proof: () })
    }
}

impl Prove for ClientTicket {
    async fn prove(request: &HttpRequest) -> Result<Self> {
        let client = PortalClient::prove(request).await?;
        let id = path_id(request, "id")?;
        let tx = platform(request).read(client.caller.reach()).await?;
        Self::of(&tx, client, id).await
    }
}
