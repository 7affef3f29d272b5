//! What the vault tells the others.

use entity::ids::{AccountId, CompanyId, DocumentId, TenantId};

use crate::platform::Event;

/// A document, or a new version of one, came into the vault.
#[derive(Clone, Debug, serde::Serialize)]
pub struct DocumentAdded {
    pub tenant: TenantId,
    pub document: DocumentId,
    pub company: Option<CompanyId>,
    pub owner: String,
    pub version: i32,
}

impl Event for DocumentAdded {
    const NAME: &'static str = "document.added";

    fn tenant(&self) -> Option<TenantId> {
        Some(self.tenant)
    }
}

/// An attorney opened a document: looked at it or took it with them.
#[derive(Clone, Debug, serde::Serialize)]
pub struct DocumentOpened {
    pub tenant: TenantId,
    pub document: DocumentId,
    pub owner: String,
    pub title: String,
}

impl Event for DocumentOpened {
    const NAME: &'static str = "document.opened";

    fn tenant(&self) -> Option<TenantId> {
        Some(self.tenant)
    }
}

/// One account opened many documents in a short time.
#[derive(Clone, Debug, serde::Serialize)]
pub struct BulkRead {
    pub tenant: TenantId,
    pub account: AccountId,
    pub documents: u64,
    pub minutes: i64,
    /// The person's name as a part of an address.
    pub search: String,
}

impl Event for BulkRead {
    const NAME: &'static str = "account.read_in_bulk";

    fn tenant(&self) -> Option<TenantId> {
        Some(self.tenant)
    }
}
