//! Who may read an invoice; only this file makes the witnesses.
//!
//! | who | sees |
//! |---|---|
//! | client, whole company or company admin | every invoice of their company |
//! | client, own items only | that there are some: 403 |
//! | everybody else | nothing: 404 |
//! | Books, by its key | nothing; it tells |

use actix_web::HttpRequest;
use entity::{ids::InvoiceId, invoices::invoice, wall::Walled};
use sea_orm::{ColumnTrait, QueryFilter};

use crate::{
    platform::{
        Error, Result, remote,
        web::{Prove, path_id, platform},
    },
    tenancy::caller::PortalClient,
};

/// A client to whom the company's invoices are shown.
#[derive(Clone, Debug)]
pub struct InvoiceReader {
    pub client: PortalClient,
    _proof: (),
}

impl InvoiceReader {
    /// None who sees their own items only.
    pub fn of(client: &PortalClient) -> Option<Self> {
        client.sees_company().then(|| Self { client: client.clone(), _proof: () })
    }
}

impl Prove for InvoiceReader {
    async fn prove(request: &HttpRequest) -> Result<Self> {
        Self::of(&PortalClient::prove(request).await?).ok_or_else(|| {
            Error::forbidden(
                "Invoices are your company's, and you see your own items only. Your company's admin can change that on the Team page.",
            )
        })
    }
}

/// The invoice at `{invoice}`.
#[derive(Clone, Debug)]
pub struct ReadableInvoice {
    pub reader: InvoiceReader,
    pub invoice: invoice::Model,
    _proof: (),
}

impl Prove for ReadableInvoice {
    async fn prove(request: &HttpRequest) -> Result<Self> {
        let client = PortalClient::prove(request).await?;
        let id: InvoiceId = path_id(request, "invoice")?;
        let tx = platform(request).read(client.caller.reach()).await?;
        let invoice = invoice::Entity::within(tx.reach())
            .filter(invoice::Column::Id.eq(id))
            .filter(invoice::Column::CompanyId.eq(client.company))
            .one(&tx)
            .await?
            .ok_or(Error::NotFound)?;
        Ok(Self { reader: InvoiceReader::prove(request).await?, invoice, _proof: () })
    }
}

/// Books, which holds `BOOKS_SERVICE_KEY`.
pub struct Books(());

impl Prove for Books {
    async fn prove(request: &HttpRequest) -> Result<Self> {
        remote::prove_key(request, &platform(request).config.books).await?;
        Ok(Self(()))
    }
}
