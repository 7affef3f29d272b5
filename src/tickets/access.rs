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
    ids::{TenantId, TicketId},
    tenancy::{AccessLevel, StaffRole},
    tickets::{service, ticket},
};

use super::queries;
use crate::{
    platform::{
        Error, Result, Tx,
        web::{Prove, path_id, platform},
    },
    tenancy::{
        Caller, Seat,
        caller::{PortalClient, TenantAdmin},
    },
};

/// Staff of an MSP at its tickets.
#[derive(Clone, Debug)]
pub struct Desk {
    pub caller: Arc<Caller>,
    pub tenant: TenantId,
    /// More than reading.
    pub works: bool,
    _proof: (),
}

impl Desk {
    pub fn of(caller: Arc<Caller>) -> Result<Self> {
        match caller.seat {
            Seat::Staff { tenant, role } => Ok(Self { caller, tenant, works: role != StaffRole::Viewer, _proof: () }),
            _ => Err(Error::NotFound),
        }
    }
}

impl Prove for Desk {
    async fn prove(request: &HttpRequest) -> Result<Self> {
        Self::of(Caller::of(request)?)
    }
}

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
        if seen.desk.works {
            Ok(Self { desk: seen.desk, ticket: seen.ticket, _proof: () })
        } else {
            Err(Error::forbidden("Viewers read; an owner, admin or technician answers and changes tickets."))
        }
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
            .filter(|row| row.tenant_id == client.tenant && row.company_id == client.company)
            .filter(|row| client.access != AccessLevel::Own || row.contact_id == Some(client.contact))
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

/// Owner or admin, who keep the catalog.
#[derive(Clone, Debug)]
pub struct CatalogAdmin {
    pub caller: Arc<Caller>,
    pub tenant: TenantId,
    _proof: (),
}

impl CatalogAdmin {
    pub fn of(caller: Arc<Caller>) -> Result<Self> {
        match caller.seat {
            Seat::Staff { tenant, role: StaffRole::Owner | StaffRole::Admin } => Ok(Self { caller, tenant, _proof: () }),
            _ => Err(Error::NotFound),
        }
    }
}

impl Prove for CatalogAdmin {
    async fn prove(request: &HttpRequest) -> Result<Self> {
        let admin = TenantAdmin::prove(request).await?;
        Ok(Self { caller: admin.caller, tenant: admin.tenant, _proof: () })
    }
}
