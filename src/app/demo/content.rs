//! What happened at Harbor IT in the last two months, told by those who did it. Nothing is written past the commands, so the
//! audit log, the notifications and the evidence are true.

use std::sync::Arc;

use entity::{
    Moment,
    ids::{
        AnnouncementId, ApiKeyId, ArticleId, BooksClientId, ConversationId, CrmClientId, DeliveryId, DocumentId, DomainId,
        EnvelopeId, HelpId, HookId, InvoiceId, LookId, MatterId, NotificationId, PolicyCommentId, PolicyId, PsaPersonId, PushedId,
        RetainerId, ServiceId, SettlementId, TemplateId, TicketId, TimeEntryId,
    },
};
use time::Duration;

use super::{
    agreements::{self, Plan},
    answers, cases, chapel, crm, desk, disputes, invoices, look, look_up, notices, payouts, programs, psa, shelf,
    stage::Stage,
};
use crate::{
    app::cast::Cast,
    platform::{Platform, Result},
    retainers::Terms,
};

/// From the first act to the last, so that a standing clock can be set to end now.
pub const SPAN: i64 = 62 * Moment::DAY;

/// Where to find what was made.
#[derive(Clone, Debug)]
pub struct World {
    /// Acme's, one version after the other.
    pub superseded: PolicyId,
    pub published: PolicyId,
    /// Waits for Cleo and Dora.
    pub client_review: PolicyId,
    /// Acme's acceptable use policy, with Ada's comments.
    pub sent_back: PolicyId,
    pub cancelled: PolicyId,
    /// Bluefin's.
    pub draft: PolicyId,
    pub internal_review: PolicyId,
    pub final_approval: PolicyId,
    pub archived: PolicyId,
    pub comment: PolicyCommentId,
    pub template: TemplateId,
    /// Of `client_review`.
    pub envelope: EnvelopeId,
    /// The disputed invoice: Tom, Ada and Cleo.
    pub matter: MatterId,
    pub conversation: ConversationId,
    pub attachments: Vec<DocumentId>,
    pub unclaimed: MatterId,
    pub resolved: MatterId,
    /// Ada's, accepted by Mira.
    pub retainer: RetainerId,
    pub offered: RetainerId,
    pub entry: TimeEntryId,
    /// The last month of `retainer` that ended: its charge was declined.
    pub settlement: SettlementId,
    /// In the vault, of nothing else.
    pub documents: Vec<DocumentId>,
    /// Acme's, open; and a client at Books who is nobody here.
    pub invoice: InvoiceId,
    pub books_client: BooksClientId,
    pub crm_client: CrmClientId,
    pub psa_person: PsaPersonId,
    /// How the portal looked before its logo.
    pub look: LookId,
    /// Named by Mira; its records are not set.
    pub domain: DomainId,
    /// In Mira's bell.
    pub notification: NotificationId,
    /// Cleo's; Tom waits for her answer.
    pub ticket: TicketId,
    /// In the catalog.
    pub service: ServiceId,
    /// For Acme alone, published.
    pub announcement: AnnouncementId,
    pub announcement_to_come: AnnouncementId,
    /// Published, for all clients.
    pub article: ArticleId,
    /// Cleo's, with Tom; it goes on.
    pub help: HelpId,
    /// Of Harbor IT's programs.
    pub api_key: ApiKeyId,
    pub hook: HookId,
    pub delivery: DeliveryId,
    /// Withdrawn.
    pub pushed: PushedId,
    pub pine_policy: PolicyId,
    pub pine_matter: MatterId,
    pub pine_conversation: ConversationId,
    pub pine_document: DocumentId,
}

/// Lets it all happen. The platform's clock should stand [`SPAN`] before the moment at which the story ends; with `runs_jobs`
/// mails go out and seals are made on the way.
pub async fn fill(platform: &Arc<Platform>, cast: &Cast, runs_jobs: bool) -> Result<World> {
    let end = platform.clock.now().plus(SPAN);
    let stage = &Stage::open(platform, cast, runs_jobs).await?;

    // Two months ago: the retainer, and Acme's first agreement.
    let terms = |fee, hours: i64| Terms {
        fee,
        currency: "USD".to_owned(),
        included_minutes: hours * 60,
        overage_rate: 32_500,
        rolls_over: false,
        starts_on: stage.today() - Duration::days(1),
        billing_day: 1,
    };
    let retainer = cases::offer(stage, "ada", cast.harbor, &terms(300_000, 12)).await?;
    stage.minutes(95).await?;
    cases::accept(stage, "mira", retainer).await?;
    payouts::set_up(stage).await?;
    let look = look::dress(stage).await?;
    let domain = look::domain(stage).await?;
    let superseded = msa(stage).await?;
    let documents = shelf::fill(stage).await?;
    stage.days(2).await?;
    cases::log(stage, "ada", retainer, None, 75, "Reviewed Harbor IT's master agreement and its schedules").await?;

    // Bluefin was told of last year's rates; that notice has served its time.
    let archived = agreements::draft(stage, "tom", &notice(cast, "Notice of Rate Change, last year", LAST_YEAR)).await?;
    agreements::submit(stage, "tom", archived, "").await?;
    stage.days(1).await?;
    agreements::approve(stage, "sam", archived).await?;
    agreements::send(stage, "tom", archived).await?;
    agreements::publish(stage, "mira", archived).await?;

    let resolved = disputes::laptop(stage).await?;
    let cancelled = cancelled(stage).await?;
    stage.days(14).await?;
    payouts::go_on(stage, retainer).await?;
    agreements::archive(stage, "mira", archived).await?;
    cases::log(stage, "ada", retainer, None, 126, "Drafted the data return clause for clients who leave").await?;

    let (pine_policy, pine_matter, pine_conversation, pine_document) = pine(stage).await?;

    // A new tier for Acme: the renewal takes the place of the first agreement.
    stage.days(10).await?;
    payouts::go_on(stage, retainer).await?;
    let published = agreements::renew(stage, "mira", superseded).await?;
    agreements::fill_in(stage, "mira", published, &[("service_tier", "Premier"), ("monthly_fee", "4850.00")]).await?;
    agreements::submit(stage, "mira", published, "Same terms, Premier tier.").await?;
    stage.minutes(200).await?;
    agreements::approve(stage, "ada", published).await?;
    agreements::send(stage, "mira", published).await?;
    stage.days(1).await?;
    agreements::sign(stage, "dora", published, "Managing Partner").await?;
    agreements::sign(stage, "cleo", published, "Office Manager").await?;
    stage.minutes(30).await?;
    agreements::publish(stage, "mira", published).await?;
    cases::log(stage, "ada", retainer, None, 48, "Reviewed Acme Dental's renewal").await?;

    // The last ten days.
    stage.later(end.plus(-10 * Moment::DAY).since(platform.clock.now()).max(0)).await?;
    payouts::go_on(stage, retainer).await?;
    let client_review = baa(stage).await?;
    let sent_back = aup(stage).await?;
    let (matter, conversation, attachments) = disputes::invoice(stage, retainer).await?;
    let internal_review = bluefin_msa(stage).await?;
    let final_approval = agreements::draft(stage, "tom", &notice(cast, "Notice of Rate Change", NEXT_YEAR)).await?;
    agreements::submit(stage, "tom", final_approval, "").await?;
    stage.minutes(150).await?;
    agreements::approve(stage, "ada", final_approval).await?;
    agreements::send(stage, "tom", final_approval).await?;
    let draft = sow(stage).await?;
    let (announcement, announcement_to_come) = notices::fill(stage).await?;
    let (ticket, service) = desk::fill(stage).await?;
    let (article, help) = answers::fill(stage).await?;
    stage.later(end.plus(-5 * Moment::HOUR).since(platform.clock.now()).max(0)).await?;
    let unclaimed = disputes::ransom(stage).await?;
    let offered = cases::offer(stage, "ada", cast.harbor, &terms(420_000, 18)).await?;
    cases::offer_change(stage, "ada", retainer, &Terms { rolls_over: true, ..terms(340_000, 14) }).await?;
    stage.minutes(40).await?;
    let entry =
        cases::log(stage, "ada", retainer, Some(matter), 90, "Read the invoice and the agreement; advised on the dispute window")
            .await?;
    stage.later(end.since(platform.clock.now()).max(0)).await?;

    let (invoice, books_client) = invoices::fill(stage).await?;
    let crm_client = crm::fill(stage).await?;
    let psa_person = psa::fill(stage).await?;
    chapel::fill(stage).await?;
    let settlement = payouts::go_on(stage, retainer).await?.expect("sixty days hold the end of a month");
    payouts::compared(stage).await?;
    let others = programs::fill(stage).await?;
    let found = look_up::ids(stage, client_review, sent_back).await?;
    Ok(World {
        invoice,
        books_client,
        crm_client,
        psa_person,
        look,
        domain,
        superseded,
        published,
        client_review,
        sent_back,
        cancelled,
        draft,
        internal_review,
        final_approval,
        archived,
        comment: found.comment,
        template: found.template,
        envelope: found.envelope,
        matter,
        conversation,
        attachments,
        unclaimed,
        resolved,
        retainer,
        offered,
        entry,
        settlement,
        documents,
        notification: found.notification,
        ticket,
        service,
        announcement,
        announcement_to_come,
        article,
        help,
        api_key: others.key,
        hook: others.hook,
        delivery: others.delivery,
        pushed: others.pushed,
        pine_policy,
        pine_matter,
        pine_conversation,
        pine_document,
    })
}

/// Acme's first master agreement, signed by both and published.
async fn msa(stage: &Stage<'_>) -> Result<PolicyId> {
    let plan = Plan {
        tenant: stage.cast.harbor,
        company: stage.cast.acme,
        slug: "msa",
        title: "Master Services Agreement",
        expiry: stage.day(380),
        values: &[("monthly_fee", "4200.00"), ("service_tier", "Professional")],
        signers: &["cleo", "dora"],
        deadline: stage.day(21),
    };
    let id = agreements::draft(stage, "mira", &plan).await?;
    agreements::submit(stage, "mira", id, "Our first one on the new template; please look at the liability cap.").await?;
    stage.minutes(260).await?;
    agreements::approve(stage, "ada", id).await?;
    stage.minutes(20).await?;
    agreements::send(stage, "mira", id).await?;
    stage.days(1).await?;
    agreements::sign(stage, "cleo", id, "Office Manager").await?;
    stage.minutes(170).await?;
    agreements::sign(stage, "dora", id, "Managing Partner").await?;
    stage.minutes(45).await?;
    agreements::publish(stage, "mira", id).await?;
    Ok(id)
}

const LAST_YEAR: &[(&str, &str)] = &[
    ("agreement_date", "2024-02-01"),
    ("change_date", "2025-07-01"),
    ("current_monthly_fee", "3200.00"),
    ("new_monthly_fee", "3350.00"),
    ("new_hourly_rate", "180.00"),
    ("billing_contact", "billing@harbor.example"),
];

const NEXT_YEAR: &[(&str, &str)] = &[
    ("agreement_date", "2024-02-01"),
    ("change_date", "2027-01-01"),
    ("current_monthly_fee", "3350.00"),
    ("new_monthly_fee", "3490.00"),
    ("new_hourly_rate", "185.00"),
    ("billing_contact", "billing@harbor.example"),
];

/// Needs no signature: it waits for Mira's word alone.
fn notice<'a>(cast: &Cast, title: &'a str, values: &'static [(&'static str, &'static str)]) -> Plan<'a> {
    Plan {
        tenant: cast.harbor,
        company: cast.bluefin,
        slug: "rate-change-notice",
        title,
        expiry: String::new(),
        values,
        signers: &[],
        deadline: String::new(),
    }
}

async fn cancelled(stage: &Stage<'_>) -> Result<PolicyId> {
    let plan = Plan {
        tenant: stage.cast.harbor,
        company: stage.cast.acme,
        slug: "third-party-access",
        title: "Third-Party Access: Brightview Imaging",
        expiry: String::new(),
        values: &[
            ("third_party_name", "Brightview Imaging Inc."),
            ("third_party_contact", "support@brightview.example"),
            ("access_purpose", "to repair the X-ray workstation"),
            ("systems_in_scope", "the workstation in room 2"),
        ],
        signers: &["dora"],
        deadline: String::new(),
    };
    let id = agreements::draft(stage, "tom", &plan).await?;
    stage.days(2).await?;
    agreements::cancel(stage, "tom", id, "Brightview sent a technician instead; nobody needs access from outside.").await?;
    Ok(id)
}

/// With the client: Cleo has read half of it, Dora has not opened it.
async fn baa(stage: &Stage<'_>) -> Result<PolicyId> {
    let plan = Plan {
        tenant: stage.cast.harbor,
        company: stage.cast.acme,
        slug: "baa",
        title: "HIPAA Business Associate Agreement",
        expiry: stage.day(365),
        values: &[
            ("msa_date", "2026-01-15"),
            ("client_privacy_official", "Cleo Vance, Office Manager"),
            ("msp_security_official", "Mira Castellan, Owner"),
        ],
        signers: &["cleo", "dora"],
        deadline: stage.day(16),
    };
    let id = agreements::draft(stage, "mira", &plan).await?;
    agreements::submit(stage, "mira", id, "").await?;
    stage.minutes(310).await?;
    agreements::approve(stage, "ada", id).await?;
    agreements::send(stage, "mira", id).await?;
    stage.days(1).await?;
    agreements::read(stage, "cleo", id, 480).await?;
    Ok(id)
}

/// Sent back by Ada, with comments beside the text.
async fn aup(stage: &Stage<'_>) -> Result<PolicyId> {
    let plan = Plan {
        tenant: stage.cast.harbor,
        company: stage.cast.acme,
        slug: "aup",
        title: "Acceptable Use Policy",
        expiry: String::new(),
        values: &[("personal_use", "limited"), ("minimum_password_length", "12")],
        signers: &["ben", "cleo", "dora"],
        deadline: stage.day(30),
    };
    let id = agreements::draft(stage, "tom", &plan).await?;
    agreements::submit(stage, "tom", id, "Acme asked for twelve characters instead of fourteen.").await?;
    stage.minutes(240).await?;
    let words =
        "Twelve falls below what the BAA promises for systems with patient data. Keep fourteen, or say which systems are exempt.";
    agreements::comment(stage, "ada", id, "password", words).await?;
    stage.minutes(5).await?;
    let words = "Say whom they report to after hours; the help desk is closed then.";
    agreements::comment(stage, "ada", id, "report", words).await?;
    agreements::send_back(stage, "ada", id, "Two points beside the text, otherwise ready.").await?;
    Ok(id)
}

async fn bluefin_msa(stage: &Stage<'_>) -> Result<PolicyId> {
    let plan = Plan {
        tenant: stage.cast.harbor,
        company: stage.cast.bluefin,
        slug: "msa",
        title: "Master Services Agreement",
        expiry: stage.day(400),
        values: &[("monthly_fee", "3490.00"), ("initial_term_months", "24")],
        signers: &["gus"],
        deadline: stage.day(25),
    };
    let id = agreements::draft(stage, "mira", &plan).await?;
    agreements::submit(stage, "mira", id, "Gus would like 24 months; the notice period is ours.").await?;
    Ok(id)
}

/// Begun, not finished: page 2 still misses dates and a fee.
async fn sow(stage: &Stage<'_>) -> Result<PolicyId> {
    let plan = Plan {
        tenant: stage.cast.harbor,
        company: stage.cast.bluefin,
        slug: "sow",
        title: "Statement of Work: warehouse wireless",
        expiry: String::new(),
        values: &[
            ("project_name", "Warehouse wireless"),
            ("project_summary", "Twenty access points, two switches and the move of the scanners to the new network"),
            ("provider_project_lead", "Tom Okafor"),
        ],
        signers: &[],
        deadline: String::new(),
    };
    agreements::draft(stage, "tom", &plan).await
}

/// Pine MSP has its own small world.
async fn pine(stage: &Stage<'_>) -> Result<(PolicyId, MatterId, ConversationId, DocumentId)> {
    let plan = Plan {
        tenant: stage.cast.pine,
        company: stage.cast.fir,
        slug: "nda",
        title: "Mutual Non-Disclosure Agreement",
        expiry: String::new(),
        values: &[("governing_law", "Oregon")],
        signers: &["finn"],
        deadline: String::new(),
    };
    let policy = agreements::draft(stage, "eve", &plan).await?;
    agreements::submit(stage, "eve", policy, "").await?;
    let (matter, conversation) = disputes::pine(stage).await?;
    let document = shelf::pine(stage).await?;
    Ok((policy, matter, conversation, document))
}
