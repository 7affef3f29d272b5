//! The nouns: a document as it is asked for, stored and shown; who it may be read by.

use std::{fmt, str::FromStr};

use entity::{
    Moment,
    ids::{AccountId, CompanyId, ContactId, DocumentId, DocumentVersionId, TenantId},
    vault::{Category, DocumentStatus, document, version},
};

/// A document to be put into the vault.
#[derive(Clone, Debug)]
pub struct NewDocument {
    pub tenant: TenantId,
    /// The client it is about.
    pub company: Option<CompanyId>,
    pub category: Category,
    pub title: String,
    pub file_name: String,
    /// For generated documents; an upload's is found by its content.
    pub media_type: String,
    /// `policy:ID`, `matter:ID`, `conversation:ID`, or [`IN_THE_VAULT`].
    pub owner: String,
    pub audience: Vec<Audience>,
}

/// The owner of documents that belong to nothing else.
pub const IN_THE_VAULT: &str = "vault";

/// Who may read a document. Outside and of counsel only ever by [`Audience::Account`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Audience {
    /// Any staff of the tenant.
    Staff,
    /// The primary attorney, associates and paralegals engaged with the tenant.
    Attorneys,
    /// Users of this client company who see the company's items.
    Company(CompanyId),
    /// Everybody who comes to the portal for this client company, whatever else they see.
    Contacts(CompanyId),
    /// This contact, also one who has no account yet.
    Contact(ContactId),
    /// This person.
    Account(AccountId),
}

impl fmt::Display for Audience {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Staff => f.write_str("staff"),
            Self::Attorneys => f.write_str("attorneys"),
            Self::Company(id) => write!(f, "company:{id}"),
            Self::Contacts(id) => write!(f, "contacts:{id}"),
            Self::Contact(id) => write!(f, "contact:{id}"),
            Self::Account(id) => write!(f, "account:{id}"),
        }
    }
}

impl FromStr for Audience {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let wrong = || format!("unknown audience: {text}");
        match text.split_once(':') {
            None if text == "staff" => Ok(Self::Staff),
            None if text == "attorneys" => Ok(Self::Attorneys),
            Some(("company", id)) => id.parse().map(Self::Company).map_err(|_| wrong()),
            Some(("contacts", id)) => id.parse().map(Self::Contacts).map_err(|_| wrong()),
            Some(("contact", id)) => id.parse().map(Self::Contact).map_err(|_| wrong()),
            Some(("account", id)) => id.parse().map(Self::Account).map_err(|_| wrong()),
            _ => Err(wrong()),
        }
    }
}

/// A document as lists and other slices see it.
#[derive(Clone, Debug, PartialEq)]
pub struct DocumentRow {
    pub id: DocumentId,
    pub tenant: TenantId,
    pub company: Option<CompanyId>,
    pub category: Category,
    pub owner: String,
    pub title: String,
    pub status: DocumentStatus,
    pub version_id: DocumentVersionId,
    pub version: i32,
    pub file_name: String,
    pub media_type: String,
    pub size: u64,
    pub sha256: String,
    pub created_by: Option<AccountId>,
    pub created_by_name: String,
    pub created_at: Moment,
    pub updated_at: Moment,
}

impl From<document::Model> for DocumentRow {
    fn from(row: document::Model) -> Self {
        Self {
            id: row.id,
            tenant: row.tenant_id,
            company: row.company_id,
            category: row.category,
            owner: row.owner,
            title: row.title,
            status: row.status,
            version_id: row.version_id,
            version: row.version,
            file_name: row.file_name,
            media_type: row.media_type,
            size: u64::try_from(row.size).unwrap_or(0),
            sha256: row.sha256,
            created_by: row.created_by,
            created_by_name: row.created_by_name,
            created_at: row.created_at,
            updated_at: row.updated_at,
        }
    }
}

impl DocumentRow {
    pub fn size_words(&self) -> String {
        size_words(self.size)
    }

    /// `PDF`, `Word document` …
    pub fn kind_words(&self) -> &'static str {
        super::kind::words_of(&self.media_type)
    }

    /// Signed documents and snapshots stand as they are: a newer one is another document.
    pub fn is_sealed(&self) -> bool {
        self.owner.starts_with("policy:") || self.owner.starts_with("pushed:") || self.category == Category::Templates
    }
}

/// One version of a document.
#[derive(Clone, Debug, PartialEq)]
pub struct VersionRow {
    pub id: DocumentVersionId,
    pub number: i32,
    pub file_name: String,
    pub media_type: String,
    pub size: u64,
    pub sha256: String,
    pub created_by_name: String,
    pub created_at: Moment,
}

impl VersionRow {
    pub fn size_words(&self) -> String {
        size_words(self.size)
    }
}

impl From<version::Model> for VersionRow {
    fn from(row: version::Model) -> Self {
        Self {
            id: row.id,
            number: row.number,
            file_name: row.file_name,
            media_type: row.media_type,
            size: u64::try_from(row.size).unwrap_or(0),
            sha256: row.sha256,
            created_by_name: row.created_by_name,
            created_at: row.created_at,
        }
    }
}

/// `340 kB`, `1.2 MB`
pub fn size_words(bytes: u64) -> String {
    match bytes {
        0..1_000 => format!("{bytes} bytes"),
        1_000..1_000_000 => format!("{} kB", bytes.div_ceil(1_000)),
        1_000_000..1_000_000_000 => format!("{}.{} MB", bytes / 1_000_000, bytes / 100_000 % 10),
        _ => format!("{}.{} GB", bytes / 1_000_000_000, bytes / 100_000_000 % 10),
    }
}

/// What a person may call a document: one line, no control characters, at most 200 characters.
pub fn clean_title(title: &str) -> String {
    let clean: String =
        title.chars().map(|c| if c.is_control() { ' ' } else { c }).filter(|c| !super::file_name::is_unseen(*c)).collect();
    clean.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(200).collect()
}
