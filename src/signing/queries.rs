//! Reading envelopes, what waits for whom, records and evidence.

use std::{collections::HashMap, sync::Arc};

use entity::{
    Moment,
    ids::{CompanyId, ContactId, DocumentId, EnvelopeId, SignerId, TenantId},
    signing::{EnvelopeStatus, SignerStatus, envelope, evidence, signature, signer},
    wall::Walled,
};
use sea_orm::{
    ColumnTrait, Condition, DerivePartialModel, EntityTrait, ExprTrait, JoinType, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect, QueryTrait, Select,
    sea_query::{Alias, Expr, Func, LikeExpr, Query, SelectStatement},
};
use zeroize::Zeroizing;

use super::{
    commands::attest::{GENESIS, link},
    envelope::{EnvelopeView, SignatureRecord, SignerView},
    reading::Reading,
    sealed_text,
};
use crate::platform::{Count, Error, Platform, Result, Tx, web::paging::PAGE_SIZE};

/// An envelope's row without its sealed text, which a list of them would read for nothing.
#[derive(Clone, Debug, DerivePartialModel)]
#[sea_orm(entity = "envelope::Entity")]
struct Closed {
    id: EnvelopeId,
    tenant_id: TenantId,
    company_id: CompanyId,
    title: String,
    issuer: String,
    source: String,
    version: i32,
    status: EnvelopeStatus,
    sha256: String,
    sequential: bool,
    scroll_to_end: bool,
    deadline: Option<Moment>,
    sent_at: Moment,
    completed_at: Option<Moment>,
    ended_at: Option<Moment>,
    end_reason: Option<String>,
    sealed_document: Option<DocumentId>,
}

/// The newest envelope of that source (`policy:ID`), with its signers.
pub async fn envelope_of(tx: &Tx, source: &str) -> Result<Option<EnvelopeView>> {
    let row = envelope::Entity::within(tx.reach())
        .filter(envelope::Column::Source.eq(source))
        .order_by_desc(envelope::Column::SentAt)
        .order_by_desc(envelope::Column::Id)
        .limit(1);
    one(tx, row).await
}

/// An envelope within reach.
pub async fn envelope(tx: &Tx, id: EnvelopeId) -> Result<Option<EnvelopeView>> {
    one(tx, envelope::Entity::within(tx.reach()).filter(envelope::Column::Id.eq(id))).await
}

pub(super) async fn row_of(tx: &Tx, id: EnvelopeId) -> Result<Option<envelope::Model>> {
    Ok(envelope::Entity::within(tx.reach()).filter(envelope::Column::Id.eq(id)).one(tx).await?)
}

/// The same, held against a second writer until the end of the transaction.
pub(super) async fn locked(tx: &Tx, id: EnvelopeId) -> Result<EnvelopeView> {
    let row = envelope::Entity::within(tx.reach()).filter(envelope::Column::Id.eq(id)).lock_exclusive();
    one(tx, row).await?.ok_or(Error::NotFound)
}

async fn one(tx: &Tx, row: Select<envelope::Entity>) -> Result<Option<EnvelopeView>> {
    Ok(views(tx, row).await?.pop())
}

/// These envelopes in their order, each with its signers: two queries for any number of them.
async fn views(tx: &Tx, rows: Select<envelope::Entity>) -> Result<Vec<EnvelopeView>> {
    let rows: Vec<Closed> = rows.into_partial_model().all(tx).await?;
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let signers = signer::Entity::within(tx.reach())
        .filter(signer::Column::EnvelopeId.is_in(rows.iter().map(|row| row.id)))
        .order_by_asc(signer::Column::Position)
        .order_by_asc(signer::Column::CreatedAt)
        .order_by_asc(signer::Column::Id)
        .all(tx)
        .await?;
    let mut of: HashMap<EnvelopeId, Vec<SignerView>> = HashMap::new();
    for signer in signers {
        of.entry(signer.envelope_id).or_default().push(signer_view(signer));
    }
    let with_signers = |row: Closed| EnvelopeView {
        signers: of.remove(&row.id).unwrap_or_default(),
        id: row.id,
        tenant: row.tenant_id,
        company: row.company_id,
        title: row.title,
        issuer: row.issuer,
        source: row.source,
        version: row.version,
        status: row.status,
        sha256: row.sha256,
        sequential: row.sequential,
        scroll_to_end: row.scroll_to_end,
        deadline: row.deadline,
        sent_at: row.sent_at,
        completed_at: row.completed_at,
        ended_at: row.ended_at,
        end_reason: row.end_reason,
        sealed_document: row.sealed_document,
    };
    Ok(rows.into_iter().map(with_signers).collect())
}

fn signer_view(row: signer::Model) -> SignerView {
    SignerView {
        id: row.id,
        contact: row.contact_id,
        name: row.name,
        email: row.email,
        position: row.position,
        status: row.status,
        reading: reading(row.furthest, &row.parts),
        started_at: row.started_at,
        reached_end_at: row.reached_end_at,
        signed_at: row.signed_at,
        declined_at: row.declined_at,
        decline_reason: row.decline_reason,
        reminded_at: row.reminded_at,
    }
}

pub(super) fn reading(furthest: i32, parts: &str) -> Reading {
    Reading { furthest, parts: serde_json::from_str(parts).unwrap_or_default() }
}

/// Whether everybody who counts has signed; false for an unknown envelope.
pub async fn all_signed(tx: &Tx, id: EnvelopeId) -> Result<bool> {
    Ok(envelope(tx, id).await?.is_some_and(|view| view.all_signed()))
}

/// The exact bytes shown, opened.
pub async fn text_of(platform: &Arc<Platform>, tx: &Tx, id: EnvelopeId) -> Result<Zeroizing<String>> {
    let row = row_of(tx, id).await?.ok_or(Error::NotFound)?;
    sealed_text::open(platform, tx, &row).await
}

/// An envelope and the contact's own place in it.
#[derive(Clone, Debug)]
pub struct ForContact {
    pub view: EnvelopeView,
    /// None where the contact only looks on.
    pub signer: Option<SignerView>,
    pub is_turn: bool,
}

/// What waits for this contact's signature, the oldest first.
pub async fn waiting_for(tx: &Tx, contact: ContactId) -> Result<Vec<ForContact>> {
    let rows = envelope::Entity::within(tx.reach())
        .filter(envelope::Column::Id.in_subquery(with_signer(tx, contact, &ASKED)))
        .filter(envelope::Column::Status.eq(EnvelopeStatus::Sent))
        .order_by_asc(envelope::Column::SentAt)
        .order_by_asc(envelope::Column::Id);
    for_contact(tx, rows, contact).await
}

/// Whose turn it can be.
const ASKED: [SignerStatus; 2] = [SignerStatus::Waiting, SignerStatus::Reading];

/// The envelopes in which this contact is a signer who is as far as that.
fn with_signer(tx: &Tx, contact: ContactId, status: &[SignerStatus]) -> SelectStatement {
    signer::Entity::within(tx.reach())
        .filter(signer::Column::ContactId.eq(contact))
        .filter(signer::Column::Status.is_in(status.iter().copied()))
        .select_only()
        .column(signer::Column::EnvelopeId)
        .into_query()
}

async fn for_contact(tx: &Tx, rows: Select<envelope::Entity>, contact: ContactId) -> Result<Vec<ForContact>> {
    let own_place = |view: EnvelopeView| {
        let signer = view.signer(contact).cloned();
        let is_turn = signer.as_ref().is_some_and(|signer| view.is_turn_of(signer.id));
        ForContact { view, signer, is_turn }
    };
    Ok(views(tx, rows).await?.into_iter().map(own_place).collect())
}

/// How many documents this contact can sign now: the badge. Whose turn it is as [`EnvelopeView::turn`] has it.
pub fn waiting_count(tx: &Tx, contact: ContactId) -> Count {
    let before = Alias::new("before");
    let other = |column| Expr::col((before.clone(), column));
    let mine = |column| Expr::col((signer::Entity, column));
    let somebody_first = Query::select()
        .expr(Expr::val(1))
        .from_as(signer::Entity, before.clone())
        .and_where(other(signer::Column::EnvelopeId).eq(mine(signer::Column::EnvelopeId)))
        .and_where(other(signer::Column::Status).is_in(ASKED))
        .and_where(other(signer::Column::Position).lt(mine(signer::Column::Position)))
        .to_owned();
    let open = signer::Entity::within(tx.reach())
        .join(
            JoinType::InnerJoin,
            signer::Entity::belongs_to(envelope::Entity).from(signer::Column::EnvelopeId).to(envelope::Column::Id).into(),
        )
        .filter(signer::Column::ContactId.eq(contact))
        .filter(signer::Column::Status.is_in(ASKED))
        .filter(envelope::Column::Status.eq(EnvelopeStatus::Sent))
        .filter(envelope::Column::Sequential.eq(false).or(Expr::exists(somebody_first).not()));
    Count::of(open)
}

/// Whose signed documents: a contact's own, and with `company` all completed ones of the company.
#[derive(Clone, Debug)]
pub struct SignedFilter {
    pub contact: ContactId,
    pub company: Option<CompanyId>,
    /// Part of the title.
    pub search: String,
    /// From 1.
    pub page: u64,
}

/// A page of signed and declined documents, the newest first, and how many there are.
pub async fn signed_for(tx: &Tx, filter: &SignedFilter) -> Result<(Vec<ForContact>, u64)> {
    let mut whose = Condition::any().add(
        Condition::all()
            .add(envelope::Column::Id.in_subquery(with_signer(tx, filter.contact, &[SignerStatus::Signed, SignerStatus::Declined])))
            .add(envelope::Column::Status.ne(EnvelopeStatus::Voided)),
    );
    if let Some(company) = filter.company {
        let completed = envelope::Column::Status.eq(EnvelopeStatus::Completed);
        whose = whose.add(Condition::all().add(envelope::Column::CompanyId.eq(company)).add(completed));
    }
    let mut select = envelope::Entity::within(tx.reach()).filter(whose);
    let search = filter.search.trim().to_lowercase();
    if !search.is_empty() {
        let title = Func::lower(Expr::col(envelope::Column::Title));
        let pattern = format!("%{}%", search.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_"));
        select = select.filter(Expr::expr(title).like(LikeExpr::new(pattern).escape('\\')));
    }
    let total = select.clone().count(tx).await?;
    let rows = select
        .order_by_desc(envelope::Column::SentAt)
        .order_by_desc(envelope::Column::Id)
        .offset(filter.page.saturating_sub(1) * PAGE_SIZE)
        .limit(PAGE_SIZE);
    Ok((for_contact(tx, rows, filter.contact).await?, total))
}

/// The signed PDF of a source in the vault, once it is sealed.
pub async fn signed_pdf(tx: &Tx, source: &str) -> Result<Option<DocumentId>> {
    Ok(envelope_of(tx, source).await?.and_then(|view| view.sealed_document))
}

/// The signature this signer gave.
pub async fn record_of(tx: &Tx, view: &EnvelopeView, signer: SignerId) -> Result<Option<SignatureRecord>> {
    let row = signature::Entity::within(tx.reach()).filter(signature::Column::SignerId.eq(signer)).one(tx).await?;
    let Some(who) = view.signers.iter().find(|at| at.id == signer) else { return Ok(None) };
    Ok(row.map(|row| SignatureRecord {
        envelope_id: view.id,
        source: view.source.clone(),
        version: row.version,
        signer: who.name.clone(),
        email: who.email.clone(),
        typed_name: row.typed_name,
        title: row.title,
        consent_version: row.consent_version,
        consent_sha256: row.consent_sha256,
        document_sha256: row.document_sha256,
        method: row.method,
        ip: row.ip,
        user_agent: row.user_agent,
        reading: serde_json::from_str(&row.reading).unwrap_or_default(),
        started_at: who.started_at.map(Moment::rfc3339),
        reached_end_at: who.reached_end_at.map(Moment::rfc3339),
        at: row.signed_at,
        signed_at: row.signed_at.rfc3339(),
    }))
}

/// One link of the chain of evidence, in words.
#[derive(Clone, Debug, serde::Serialize)]
pub struct EvidenceLine {
    pub seq: i64,
    pub at: Moment,
    pub kind: String,
    pub actor: String,
    pub detail: String,
    pub hash: String,
}

async fn chain(tx: &Tx, id: EnvelopeId) -> Result<Vec<evidence::Model>> {
    Ok(evidence::Entity::within(tx.reach())
        .filter(evidence::Column::EnvelopeId.eq(id))
        .order_by_asc(evidence::Column::Seq)
        .all(tx)
        .await?)
}

/// What happened to the envelope, the oldest first.
pub async fn evidence_of(tx: &Tx, id: EnvelopeId) -> Result<Vec<EvidenceLine>> {
    let line = |row: evidence::Model| EvidenceLine {
        seq: row.seq,
        at: row.at,
        kind: row.kind,
        actor: row.actor,
        detail: row.detail,
        hash: row.hash,
    };
    Ok(chain(tx, id).await?.into_iter().map(line).collect())
}

/// Walks the chain: how many links hold, or the first that does not and why. Signatures without their link count as broken.
pub async fn verify_evidence(tx: &Tx, id: EnvelopeId) -> Result<std::result::Result<i64, (i64, String)>> {
    let rows = chain(tx, id).await?;
    let mut previous = GENESIS.to_owned();
    for (at, row) in (1..).zip(&rows) {
        if row.seq != at {
            return Ok(Err((at, "the link is missing".to_owned())));
        }
        if link(&previous, row) != row.hash {
            return Ok(Err((at, "the link was changed".to_owned())));
        }
        previous.clone_from(&row.hash);
    }
    let last = rows.len() as i64;
    let signatures = signature::Entity::within(tx.reach()).filter(signature::Column::EnvelopeId.eq(id)).count(tx).await?;
    if signatures != rows.iter().filter(|row| row.kind == "signed").count() as u64 {
        return Ok(Err((last, "signatures and links of signing differ in number".to_owned())));
    }
    Ok(Ok(last))
}

/// Who must sign these envelopes and when each did: what a score is made of, in one query for a whole tenant.
pub async fn signatures_of(tx: &Tx, envelopes: &[EnvelopeId]) -> Result<Vec<(EnvelopeId, String, Option<Moment>)>> {
    let mut found = Vec::new();
    for chunk in envelopes.chunks(1_000) {
        let rows = signer::Entity::within(tx.reach())
            .filter(signer::Column::EnvelopeId.is_in(chunk.iter().copied()))
            .filter(signer::Column::Status.ne(SignerStatus::Replaced))
            .order_by_asc(signer::Column::Position)
            .all(tx)
            .await?;
        found.extend(rows.into_iter().map(|row| {
            let signed_at = row.signed_at.filter(|_| row.status == SignerStatus::Signed);
            (row.envelope_id, row.name, signed_at)
        }));
    }
    Ok(found)
}
