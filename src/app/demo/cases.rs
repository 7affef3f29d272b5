//! The matters of the story, their conversations, and the hours worked on them.

use entity::{
    ids::{CompanyId, ConversationId, DocumentId, MatterId, RetainerId, TenantId, TimeEntryId},
    matters::{MatterKind, Urgency},
};

use super::stage::Stage;
use crate::{
    matters::{self, Claimant, MatterOpener, MatterView, OpenMatter, Resolver, Steersman, Uploader},
    messaging::{self, Participant},
    platform::{Result, random},
    retainers::{self, Accepter, HoursLogger, LogHours, Month, Offerer, RetainerPrimary, RetainerViewer, RetainerWorker, Terms},
};

pub struct Case<'a> {
    pub tenant: TenantId,
    pub company: Option<CompanyId>,
    pub title: &'a str,
    pub kind: MatterKind,
    pub urgency: Urgency,
    pub description: &'a str,
}

/// Opens it; answers the matter and its conversation.
pub async fn open(stage: &Stage<'_>, key: &str, case: &Case<'_>) -> Result<(MatterId, ConversationId)> {
    let mut work = stage.work(key).await?;
    let opener = MatterOpener::of(stage.caller(key))?;
    let input = OpenMatter {
        id: work.id(),
        tenant: case.tenant,
        company: case.company,
        title: case.title.to_owned(),
        kind: case.kind,
        urgency: case.urgency,
        description: case.description.to_owned(),
        key: random::token(),
    };
    let (id, _) = matters::open(&mut work, &opener, input).await?;
    let view = MatterView::of(work.read(), stage.caller(key), id).await?;
    work.commit().await?;
    Ok((id, view.matter.conversation_id))
}

pub async fn claim(stage: &Stage<'_>, key: &str, id: MatterId) -> Result<()> {
    let mut work = stage.work(key).await?;
    let claimant = Claimant::of(MatterView::of(work.read(), stage.caller(key), id).await?)?;
    matters::claim(&mut work, &claimant).await?;
    work.commit().await
}

pub async fn add(stage: &Stage<'_>, key: &str, id: MatterId, whom: &str) -> Result<()> {
    let mut work = stage.work(key).await?;
    let steersman = Steersman::of(MatterView::of(work.read(), stage.caller(key), id).await?)?;
    matters::add_participant(&mut work, &steersman, stage.account(whom)).await?;
    work.commit().await
}

pub async fn resolve(stage: &Stage<'_>, key: &str, id: MatterId) -> Result<()> {
    let mut work = stage.work(key).await?;
    let resolver = Resolver::of(MatterView::of(work.read(), stage.caller(key), id).await?)?;
    matters::resolve(&mut work, &resolver).await?;
    work.commit().await
}

/// Files documents of the vault on the matter.
pub async fn file(stage: &Stage<'_>, key: &str, id: MatterId, documents: &[DocumentId], names: &[String]) -> Result<()> {
    let mut work = stage.work(key).await?;
    let uploader = Uploader::of(MatterView::of(work.read(), stage.caller(key), id).await?)?;
    matters::file_documents(&mut work, &uploader, documents, names).await?;
    work.commit().await
}

/// Says something, with files of the conversation.
pub async fn say(stage: &Stage<'_>, key: &str, conversation: ConversationId, body: &str, files: &[DocumentId]) -> Result<()> {
    let who = Participant::of(stage.platform, &stage.caller(key), conversation).await?;
    messaging::post(stage.platform, &who, body, files).await?;
    Ok(())
}

/// The attorney writes terms and puts them before the MSP.
pub async fn offer(stage: &Stage<'_>, key: &str, tenant: TenantId, terms: &Terms) -> Result<RetainerId> {
    let mut work = stage.work(key).await?;
    let id = retainers::draft(&mut work, &RetainerPrimary::of(stage.caller(key))?, tenant, terms).await?;
    let offerer = Offerer::of(RetainerViewer::of(work.read(), stage.caller(key), id).await?)?;
    retainers::offer(&mut work, &offerer).await?;
    work.commit().await?;
    Ok(id)
}

pub async fn accept(stage: &Stage<'_>, key: &str, id: RetainerId) -> Result<()> {
    let mut work = stage.work(key).await?;
    let accepter = Accepter::of(RetainerViewer::of(work.read(), stage.caller(key), id).await?)?;
    let seen = accepter.view.retainer.terms_version;
    retainers::accept(&mut work, &accepter, seen).await?;
    work.commit().await
}

/// New terms from the month after the next one.
pub async fn offer_change(stage: &Stage<'_>, key: &str, id: RetainerId, terms: &Terms) -> Result<()> {
    let mut work = stage.work(key).await?;
    let offerer = Offerer::of(RetainerViewer::of(work.read(), stage.caller(key), id).await?)?;
    let day = offerer.view.retainer.billing_day;
    let next = Month::containing(Month::containing(stage.today(), day).next_billing(), day);
    retainers::offer_change(&mut work, &offerer, terms, next.next_billing()).await?;
    work.commit().await
}

/// Time worked today.
pub async fn log(
    stage: &Stage<'_>,
    key: &str,
    retainer: RetainerId,
    matter: Option<MatterId>,
    minutes: i64,
    words: &str,
) -> Result<TimeEntryId> {
    let mut work = stage.work(key).await?;
    let worker = RetainerWorker::of(RetainerViewer::of(work.read(), stage.caller(key), retainer).await?)?;
    let input = LogHours { retainer, matter, worked_on: stage.today(), minutes, description: words.to_owned() };
    let logger = HoursLogger::of_retainer(&work, &worker).await?;
    let entry = retainers::log_hours(&mut work, &logger, input).await?;
    work.commit().await?;
    Ok(entry)
}
