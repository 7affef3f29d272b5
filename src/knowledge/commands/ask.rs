//! A client wants a person: a conversation in which they are alone until somebody of the desk takes it. Twice is once.

use std::sync::Arc;

use entity::{
    ids::HelpId,
    knowledge::{HelpStatus, help},
};
use sea_orm::{ActiveModelTrait, Set};

use crate::{
    audit,
    knowledge::{
        events::{About, HelpAsked},
        queries::{self, ShownArticle},
    },
    messaging::{self, Participant},
    platform::{Actor, Error, FieldErrors, Platform, Result, Work},
    tenancy::caller::PortalClient,
};

/// Characters a question may have.
pub const QUESTION_LIMIT: usize = 4_000;

#[derive(Clone, Debug)]
pub struct AskPerson {
    pub question: String,
    /// The asker's own key of this asking.
    pub key: String,
}

impl AskPerson {
    pub fn check(&self) -> Result<()> {
        let question = self.question.trim();
        let mut errors = FieldErrors::default();
        if question.is_empty() {
            errors.add("q", "Write first what you would like to know.");
        }
        if question.chars().count() > QUESTION_LIMIT {
            errors.add("q", "At most 4,000 characters.");
        }
        errors.check()
    }
}

/// The conversation, with the question as its first message.
pub async fn ask(platform: &Arc<Platform>, actor: Actor, client: &PortalClient, input: &AskPerson) -> Result<HelpId> {
    input.check()?;
    let mut work = platform.work(actor, client.caller.reach()).await?;
    let (row, is_new) = open(&mut work, client, input).await?;
    work.commit().await?;
    if is_new {
        let who = Participant::of(platform, &client.caller, row.conversation_id).await?;
        messaging::post(platform, &who, input.question.trim(), &[]).await?;
    }
    Ok(row.id)
}

async fn open(work: &mut Work, client: &PortalClient, input: &AskPerson) -> Result<(help::Model, bool)> {
    let key = format!("client:{}:{}", client.caller.account, input.key);
    if let Some(row) = queries::asked_with(work.read(), client.tenant, &key).await? {
        work.counts_as_audited("it was asked before; nothing changes");
        return Ok((row, false));
    }
    let question = input.question.trim();
    let found = queries::answer(work.read(), client.tenant, question).await?.found;
    let shown: Vec<ShownArticle> = found.into_iter().map(|found| ShownArticle { id: found.id, title: found.title }).collect();
    let id: HelpId = work.id();
    let title = queries::title_of(question);
    let conversation = messaging::open_conversation(work, client.tenant, &title).await?;
    messaging::show_at(work, conversation, &format!("/legal/help/{id}")).await?;
    messaging::join(work, conversation, client.caller.account, &client.caller.name).await?;
    let now = work.now();
    let row = help::ActiveModel {
        id: Set(id),
        tenant_id: Set(client.tenant),
        company_id: Set(client.company),
        contact_id: Set(client.contact),
        account_id: Set(client.caller.account),
        name: Set(client.caller.name.clone()),
        question: Set(question.to_owned()),
        shown: Set(serde_json::to_string(&shown)?),
        conversation_id: Set(conversation),
        status: Set(HelpStatus::Waiting),
        claimed_by: Set(None),
        claimed_by_name: Set(None),
        claimed_at: Set(None),
        closed_at: Set(None),
        closed_by_name: Set(None),
        resolution: Set(None),
        resolved_by: Set(None),
        opening_key: Set(key),
        asked_at: Set(now),
        updated_at: Set(now),
    }
    .insert(work.write())
    .await?;
    audit::record(work, audit::Line::new("help.asked", format!("help:{id}")).tenant(client.tenant)).await?;
    work.tell(&HelpAsked { about: about(&row) })?;
    Ok((row, true))
}

/// What an event says of it.
pub(super) fn about(row: &help::Model) -> About {
    About {
        tenant: row.tenant_id,
        help: row.id,
        company: row.company_id,
        conversation: row.conversation_id,
        asker: row.account_id,
        name: row.name.clone(),
        title: queries::title_of(&row.question),
    }
}

/// As it stands within this work.
pub(super) async fn now(work: &Work, row: &help::Model) -> Result<help::Model> {
    queries::help(work.read(), row.tenant_id, row.id).await?.ok_or(Error::NotFound)
}
