//! Lays the document of an informational policy into the vault, when it is sent and again when it is published.

use std::sync::Arc;

use entity::{
    Reach,
    ids::{PolicyId, TenantId},
    policies::{SignerChoice, policy},
    wall::Walled,
};
use sea_orm::{ColumnTrait, QueryFilter, QuerySelect, Set};

use super::{
    commands::step::{line, save},
    crypt,
    policy::{day, source},
    queries,
};
use crate::{
    audit,
    platform::{Actor, Error, Job, Lane, Outcome, Platform, Result, Work},
    signing::{self, Notice},
    tenancy, vault,
};

/// Makes the PDF of a policy that nobody has to sign. `published` is its last version; doing it twice changes nothing.
#[derive(Clone, Debug, serde::Serialize, serde::Deserialize)]
pub struct LayOutNotice {
    pub tenant: TenantId,
    pub policy: PolicyId,
    pub published: bool,
}

impl Job for LayOutNotice {
    const KIND: &'static str = "lay_out_notice";
    const LANE: Lane = Lane { name: "sealing", places: 1 };

    async fn run(self, platform: &Arc<Platform>, _attempt: i32) -> Result<Outcome> {
        let reach = Reach::Tenants(vec![self.tenant]);
        let notice = self.read(platform, &reach).await?;
        let file_name = format!("{} v{}.pdf", notice.title, notice.version);
        let title = notice.title.clone();
        let pdf = tokio::task::spawn_blocking(move || signing::render_notice(&notice))
            .await
            .map_err(|e| anyhow::anyhow!("typesetting: {e}"))??;
        let mut work = platform.work(Actor::program("The One Legal"), reach).await?;
        let found = policy::Entity::within(work.read().reach()).filter(policy::Column::Id.eq(self.policy));
        let row = found.lock_exclusive().one(work.read()).await?.ok_or(Error::NotFound)?;
        match row.notice_id {
            None => self.lay_in(&mut work, row, title, file_name, pdf).await?,
            Some(document) if self.published && vault::version_of(work.read(), document).await? == Some(1) => {
                vault::store_version(&mut work, document, &file_name, pdf).await?;
            }
            Some(_) => work.counts_as_audited("the document lies in the vault already"),
        }
        work.commit().await?;
        Ok(Outcome::Done)
    }
}

impl LayOutNotice {
    async fn read(&self, platform: &Arc<Platform>, reach: &Reach) -> Result<Notice> {
        let tx = platform.read(reach.clone()).await?;
        let row = queries::one(&tx, self.policy).await?.ok_or(Error::NotFound)?;
        let key = crypt::key_of(platform, &tx, &row).await?;
        let sealed = row.rendered.as_deref().ok_or_else(|| anyhow::anyhow!("policy {} has no text yet", row.id))?;
        let text: String = key.open("rendered", sealed)?;
        let tenant = tenancy::tenant(&tx, row.tenant_id).await?.ok_or(Error::NotFound)?;
        let company = tenancy::company_in(&tx, row.company_id).await?.ok_or(Error::NotFound)?;
        let sent = row.sent_at.unwrap_or(row.updated_at);
        let mut words = format!("Sent for information on {}. No signature is asked for.", sent.day_words());
        if let Some(at) = row.published_at.filter(|_| self.published) {
            let from = day(&row.effective_on).map(super::policy::day_words).unwrap_or_default();
            words = format!("{words} Published on {}; in force from {from}.", at.day_words());
        }
        Ok(Notice {
            ident: row.id.to_string(),
            title: row.title.clone(),
            issuer: tenant.name.clone(),
            client: if company.legal_name.is_empty() { company.name } else { company.legal_name },
            version: row.version,
            accent: tenancy::look(&tenant).primary,
            sha256: row.text_sha256.clone().unwrap_or_default(),
            text,
            words,
            at: if self.published { row.published_at.unwrap_or(sent) } else { sent },
        })
    }

    /// For the contacts it is meant for, and those who see all of the company's.
    async fn lay_in(&self, work: &mut Work, row: policy::Model, title: String, file_name: String, pdf: Vec<u8>) -> Result<()> {
        let mut audience = vec![vault::Audience::Staff, vault::Audience::Attorneys, vault::Audience::Company(row.company_id)];
        match row.signers {
            SignerChoice::All => audience.push(vault::Audience::Contacts(row.company_id)),
            SignerChoice::Specific => {
                audience.extend(queries::signers(work.read(), &row).await?.into_iter().map(vault::Audience::Contact));
            }
        }
        let new = vault::NewDocument {
            tenant: row.tenant_id,
            company: Some(row.company_id),
            category: vault::Category::ClientPolicies,
            title,
            file_name,
            media_type: "application/pdf".to_owned(),
            owner: source(row.id),
            audience,
        };
        let stored = vault::store(work, new, pdf).await?;
        let mut change: policy::ActiveModel = row.into();
        change.notice_id = Set(Some(stored));
        let row = save(work, change).await?;
        audit::record(work, line("policy.laid_out", &row).with("document", stored.to_string())).await
    }
}
