//! Ids: one type per kind of thing over UUIDv7, so that the wrong id does not compile.
//! Knowing an id grants nothing; access is proved by witnesses.

use sea_orm::DbErr;
use uuid::Uuid;

/// Declares an id type; `TryFromU64` is what SeaORM asks of a primary key, and no id of ours is a number.
macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(
            Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord,
            sea_orm::DeriveValueType, serde::Serialize, serde::Deserialize,
        )]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl sea_orm::TryFromU64 for $name {
            fn try_from_u64(_: u64) -> Result<Self, DbErr> {
                Err(DbErr::ConvertFromU64(stringify!($name)))
            }
        }

        impl From<Uuid> for $name {
            fn from(id: Uuid) -> Self {
                Self(id)
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }

        impl std::str::FromStr for $name {
            type Err = uuid::Error;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Uuid::parse_str(text).map(Self)
            }
        }
    )+};
}

ids! {
    // platform
    JobId,
    // audit
    AuditEntryId,
    // identity
    AccountId, SessionId, LinkId, RecoveryCodeId, DeviceId, MfaResetId, KeptFormId, ArrivalId, PasskeyId, CeremonyId,
    // tenancy
    TenantId, CompanyId, ContactId, StaffId, EngagementId, AliasId, LookId, LookFileId, DomainId,
    // programs
    ApiKeyId, ApiAnswerId,
    // vault
    TenantKeyId, DataKeyId, DocumentId, DocumentVersionId, GrantId, ShareId,
    // messaging
    ConversationId, ParticipantId, EventId,
    // signing
    EnvelopeId, SignerId, SignatureId, EvidenceId,
    // payments
    LedgerAccountId, PostingId, SettlementId, HappeningId, ApprovalId, ReconciliationId,
    // policies
    TemplateId, TemplateVersionId, PolicyId, PolicyCommentId,
    // matters
    MatterId, MatterDocumentId, MatterParticipantId,
    // retainers
    RetainerId, RetainerEventId, TimeEntryId, TimerId, ProposalId, AmendmentId, RetainerWarningId,
    // crm
    CrmClientId, CrmContactId,
    // invoices
    InvoiceId, BooksClientId,
    // announcements
    AnnouncementId,
    // tickets
    TicketId, TicketEntryId, ServiceId,
    // knowledge
    ArticleId, HelpId,
    // integrations
    PsaMatchId, PsaPersonId, HookId, FeedEventId, DeliveryId,
    // pushed
    PushedId,
    // notifications
    NotificationId,
}
