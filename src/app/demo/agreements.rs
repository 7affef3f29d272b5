//! The agreements of the story: one in every status, each brought there by the people who may.

use entity::{
    ids::{CompanyId, PolicyId, TenantId},
    policies::{Acknowledgement, SignerChoice, template},
    wall::Walled,
};
use sea_orm::{ColumnTrait, QueryFilter};

use super::stage::Stage;
use crate::{
    platform::{Error, Result, Work},
    policies::{
        self, Approve, ApproveFinally, Archive, Basics, Cancel, Comment, Drafter, Edit, Filling, May, Named, NewComment, Reader,
        Renew, SendBack, SendToClient, Signers, Submit,
    },
    signing::{self, CONSENT, Reading, SignEnvelope},
};

/// What stands on page 1 to 3 of the wizard.
pub struct Plan<'a> {
    pub tenant: TenantId,
    pub company: CompanyId,
    pub slug: &'a str,
    pub title: &'a str,
    pub expiry: String,
    pub values: &'a [(&'a str, &'a str)],
    pub signers: &'a [&'a str],
    pub deadline: String,
}

/// The first pages of the wizard; the policy is complete where `values` are.
pub async fn draft(stage: &Stage<'_>, key: &str, plan: &Plan<'_>) -> Result<PolicyId> {
    let mut work = stage.work(key).await?;
    let template = template::Entity::within(work.read().reach())
        .filter(template::Column::TenantId.eq(plan.tenant))
        .filter(template::Column::Slug.eq(plan.slug))
        .one(work.read())
        .await?
        .ok_or(Error::NotFound)?;
    let basics = Basics {
        company: plan.company.to_string(),
        template: template.id.to_string(),
        title: plan.title.to_owned(),
        effective: stage.day(14),
        expiry: plan.expiry.clone(),
    };
    let id = policies::create_draft(&mut work, &Drafter::of(stage.caller(key))?, &basics).await?;
    work.commit().await?;
    stage.minutes(4).await?;
    fill_in(stage, key, id, plan.values).await?;
    if !plan.signers.is_empty() {
        stage.minutes(3).await?;
        let mut work = stage.work(key).await?;
        let who: May<Edit> = may(stage, &work, key, id).await?;
        let contact = |name: &&str| stage.cast.person(name).contact.map(|id| (id.to_string(), String::new()));
        let input = Signers {
            acknowledgement: Acknowledgement::Required,
            signers: SignerChoice::Specific,
            contacts: plan.signers.iter().filter_map(contact).collect(),
            sequential: false,
            deadline: plan.deadline.clone(),
            reminder: "3".to_owned(),
            copies_to: String::new(),
            scroll_to_end: true,
            finish: true,
        };
        policies::choose_signers(&mut work, &who, input).await?;
        work.commit().await?;
    }
    stage.minutes(2).await?;
    Ok(id)
}

/// Page 2 of the wizard.
pub async fn fill_in(stage: &Stage<'_>, key: &str, id: PolicyId, values: &[(&str, &str)]) -> Result<()> {
    let mut work = stage.work(key).await?;
    let who: May<Edit> = may(stage, &work, key, id).await?;
    let values = values.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    policies::fill_in(&mut work, &who, Filling { values, ..Filling::default() }).await??;
    work.commit().await
}

/// The person's leave to do `V` with this policy.
async fn may<V: Named>(stage: &Stage<'_>, work: &Work, key: &str, id: PolicyId) -> Result<May<V>> {
    May::of(Reader::of(work.read(), stage.caller(key), id).await?)
}

pub async fn submit(stage: &Stage<'_>, key: &str, id: PolicyId, note: &str) -> Result<()> {
    let mut work = stage.work(key).await?;
    let who: May<Submit> = may(stage, &work, key, id).await?;
    policies::submit(&mut work, &who, note).await?;
    work.commit().await
}

pub async fn approve(stage: &Stage<'_>, key: &str, id: PolicyId) -> Result<()> {
    let mut work = stage.work(key).await?;
    let who: May<Approve> = may(stage, &work, key, id).await?;
    policies::approve(&mut work, &who).await?;
    work.commit().await
}

pub async fn send(stage: &Stage<'_>, key: &str, id: PolicyId) -> Result<()> {
    let mut work = stage.work(key).await?;
    let who: May<SendToClient> = may(stage, &work, key, id).await?;
    policies::send_to_client(&mut work, &who).await?;
    work.commit().await
}

pub async fn publish(stage: &Stage<'_>, key: &str, id: PolicyId) -> Result<()> {
    let mut work = stage.work(key).await?;
    let who: May<ApproveFinally> = may(stage, &work, key, id).await?;
    policies::approve_finally(&mut work, &who).await?;
    work.commit().await
}

pub async fn archive(stage: &Stage<'_>, key: &str, id: PolicyId) -> Result<()> {
    let mut work = stage.work(key).await?;
    let who: May<Archive> = may(stage, &work, key, id).await?;
    policies::archive(&mut work, &who).await?;
    work.commit().await
}

pub async fn cancel(stage: &Stage<'_>, key: &str, id: PolicyId, reason: &str) -> Result<()> {
    let mut work = stage.work(key).await?;
    let who: May<Cancel> = may(stage, &work, key, id).await?;
    policies::cancel(&mut work, &who, reason).await?;
    work.commit().await
}

pub async fn renew(stage: &Stage<'_>, key: &str, id: PolicyId) -> Result<PolicyId> {
    let mut work = stage.work(key).await?;
    let who: May<Renew> = may(stage, &work, key, id).await?;
    let new = policies::renew(&mut work, &who).await?;
    work.commit().await?;
    Ok(new)
}

/// A comment beside the first paragraph that says `beside`, then the policy goes back.
pub async fn comment(stage: &Stage<'_>, key: &str, id: PolicyId, beside: &str, words: &str) -> Result<()> {
    let mut work = stage.work(key).await?;
    let who: May<Comment> = may(stage, &work, key, id).await?;
    let paragraphs = policies::paragraphs(&work, &who.reader).await?;
    let found = paragraphs.iter().find(|(_, text)| text.contains(beside)).or(paragraphs.first());
    let anchor = found.map(|(anchor, _)| anchor.clone()).unwrap_or_default();
    policies::comment(&mut work, &who, NewComment { anchor, answers: None, words: words.to_owned() }).await?;
    work.commit().await
}

pub async fn send_back(stage: &Stage<'_>, key: &str, id: PolicyId, note: &str) -> Result<()> {
    let mut work = stage.work(key).await?;
    let who: May<SendBack> = may(stage, &work, key, id).await?;
    policies::send_back(&mut work, &who, note).await?;
    work.commit().await
}

/// The signer reads so far, per mille of the text.
pub async fn read(stage: &Stage<'_>, key: &str, id: PolicyId, furthest: i32) -> Result<()> {
    let mut work = stage.work(key).await?;
    let envelope = policies::envelope_for(work.read(), id).await?.ok_or(Error::NotFound)?;
    let who = signing::signatory(work.read(), &stage.caller(key), envelope).await?;
    let sections = (furthest / 100).max(1).unsigned_abs();
    let reading = Reading { furthest, parts: (1..=sections).map(|part| (part, 20 + part * 7 % 40)).collect() };
    signing::record_reading(&mut work, &who, &who.view.sha256, &reading).await?;
    work.commit().await
}

/// The signer reads to the end and signs with their own name and title.
pub async fn sign(stage: &Stage<'_>, key: &str, id: PolicyId, title: &str) -> Result<()> {
    read(stage, key, id, 1_000).await?;
    stage.minutes(6).await?;
    let mut work = stage.work(key).await?;
    let envelope = policies::envelope_for(work.read(), id).await?.ok_or(Error::NotFound)?;
    let who = signing::signatory(work.read(), &stage.caller(key), envelope).await?;
    let input = SignEnvelope {
        typed_name: stage.cast.person(key).name.to_owned(),
        title: title.to_owned(),
        consent: true,
        consent_version: CONSENT.version.to_owned(),
        document_sha256: Some(who.view.sha256.clone()),
    };
    signing::sign(&mut work, &who, input).await?;
    policies::after_signature(&mut work, id).await?;
    work.commit().await
}
