//! Puts events at the end of conversations: next number, sealed content, hash over what was before; one insert for all.
//!
//! The conversation's row is locked first, so that two writers never give the same number.

use std::collections::{BTreeMap, btree_map::Entry};

use entity::{
    ids::{AccountId, ConversationId},
    messaging::{EventKind, conversation, event},
    wall::Walled,
};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{CaseStatement, Expr},
};
use uuid::Uuid;

use crate::{
    messaging::content::{Content, context},
    platform::{Error, Note, Result, Work, secret},
    vault,
};

/// The bus topic: this conversation has new events.
pub const HAPPENED: &str = "conversation.event";

/// What a chain begins with.
pub const GENESIS: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// The conversations, locked until the end of the work; in the order of their ids, so that two works never wait in a circle.
pub type Locked = BTreeMap<ConversationId, conversation::Model>;

/// An event that has no number yet.
#[derive(Clone, Debug)]
pub struct Draft {
    pub kind: EventKind,
    pub actor: Option<AccountId>,
    pub actor_name: String,
    pub subject: Option<(AccountId, String)>,
    pub client_id: Option<Uuid>,
    pub target: Option<i64>,
    pub reply_to: Option<i64>,
    pub content: Option<Content>,
}

impl Draft {
    /// In the name of whom the work is done.
    pub fn of(work: &Work, kind: EventKind) -> Self {
        Self {
            kind,
            actor: work.actor().account,
            actor_name: work.actor().name.clone(),
            subject: None,
            client_id: None,
            target: None,
            reply_to: None,
            content: None,
        }
    }
}

/// An event with its number, and what it says.
#[derive(Clone, Debug)]
pub struct Appended {
    pub row: event::Model,
    pub content: Option<Content>,
}

/// Locks the conversations within the work's reach; those that are not are left out.
pub async fn lock(work: &Work, ids: &[ConversationId]) -> Result<Locked> {
    let tx = work.read();
    let rows = conversation::Entity::within(tx.reach())
        .filter(conversation::Column::Id.is_in(ids.iter().map(|id| id.0)))
        .order_by_asc(conversation::Column::Id)
        .lock_exclusive()
        .all(tx)
        .await?;
    Ok(rows.into_iter().map(|row| (row.id, row)).collect())
}

/// One conversation, locked; not found where it is not.
pub async fn lock_one(work: &Work, id: ConversationId) -> Result<Locked> {
    let locked = lock(work, &[id]).await?;
    if locked.is_empty() { Err(Error::NotFound) } else { Ok(locked) }
}

/// Appends the drafts in their order. Every conversation named was locked by [`lock`] in the same work.
pub async fn append(work: &mut Work, locked: &mut Locked, drafts: Vec<(ConversationId, Draft)>) -> Result<Vec<Appended>> {
    if drafts.is_empty() {
        return Ok(Vec::new());
    }
    let platform = std::sync::Arc::clone(work.platform());
    let at = work.now();
    let mut keys = BTreeMap::new();
    let mut appended = Vec::with_capacity(drafts.len());
    for (id, draft) in drafts {
        let conversation = locked.get_mut(&id).ok_or(Error::NotFound)?;
        let seq = conversation.head + 1;
        let sealed = match &draft.content {
            None => None,
            Some(content) => {
                let key = match keys.entry(id) {
                    Entry::Occupied(known) => known.into_mut(),
                    Entry::Vacant(free) => free.insert(vault::data_key(&platform, work.read(), conversation.data_key_id).await?),
                };
                Some(key.seal(&context(id, seq), &serde_json::to_vec(content)?))
            }
        };
        let (subject_id, subject_name) = draft.subject.unzip();
        let mut row = event::Model {
            conversation_id: id,
            seq,
            tenant_id: conversation.tenant_id,
            kind: draft.kind,
            at,
            actor_id: draft.actor,
            actor_name: draft.actor_name,
            subject_id,
            subject_name,
            client_id: draft.client_id,
            target_seq: draft.target,
            reply_to: draft.reply_to,
            sealed,
            hash: String::new(),
        };
        row.hash = link(&conversation.head_hash, &row);
        conversation.head = seq;
        conversation.head_hash.clone_from(&row.hash);
        if row.kind != EventKind::Read {
            conversation.active_at = at;
        }
        appended.push(Appended { row, content: draft.content });
    }
    let rows = appended.iter().map(|new| new.row.clone().into_active_model().reset_all());
    event::Entity::insert_many(rows).exec_without_returning(work.write()).await?;
    let touched: Vec<ConversationId> = {
        let mut ids: Vec<_> = appended.iter().map(|new| new.row.conversation_id).collect();
        ids.sort();
        ids.dedup();
        ids
    };
    let (mut head, mut hash, mut active) = (CaseStatement::new(), CaseStatement::new(), CaseStatement::new());
    for id in &touched {
        let conversation = &locked[id];
        head = head.case(conversation::Column::Id.eq(*id), conversation.head);
        hash = hash.case(conversation::Column::Id.eq(*id), conversation.head_hash.clone());
        active = active.case(conversation::Column::Id.eq(*id), conversation.active_at);
    }
    conversation::Entity::update_many()
        .col_expr(conversation::Column::Head, Expr::expr(head.finally(Expr::col(conversation::Column::Head))))
        .col_expr(conversation::Column::HeadHash, Expr::expr(hash.finally(Expr::col(conversation::Column::HeadHash))))
        .col_expr(conversation::Column::ActiveAt, Expr::expr(active.finally(Expr::col(conversation::Column::ActiveAt))))
        .filter(conversation::Column::Id.is_in(touched.iter().map(|id| id.0)))
        .exec(work.write())
        .await?;
    work.counts_as_audited("a conversation's events are its log, hash-chained per conversation");
    Ok(appended)
}

/// Appends one event, and says on the bus that there is something new.
pub async fn say(work: &mut Work, locked: &mut Locked, id: ConversationId, draft: Draft) -> Result<()> {
    append(work, locked, vec![(id, draft)]).await?;
    work.note(Note::new(HAPPENED, id.0));
    Ok(())
}

/// The hash of an event: over the hash before it and every field, each with its length, so that no two events read the same.
pub fn link(previous: &str, row: &event::Model) -> String {
    let text = |value: Option<String>| value.unwrap_or_default();
    let fields = [
        previous.to_owned(),
        row.conversation_id.to_string(),
        row.seq.to_string(),
        row.tenant_id.to_string(),
        row.kind.word().to_owned(),
        row.at.0.to_string(),
        text(row.actor_id.map(|id| id.to_string())),
        row.actor_name.clone(),
        text(row.subject_id.map(|id| id.to_string())),
        text(row.subject_name.clone()),
        text(row.client_id.map(|id| id.to_string())),
        text(row.target_seq.map(|seq| seq.to_string())),
        text(row.reply_to.map(|seq| seq.to_string())),
        text(row.sealed.as_deref().map(secret::sha256_hex)),
    ];
    let mut all = String::new();
    for field in fields {
        all.push_str(&format!("{}:{field};", field.len()));
    }
    secret::sha256_hex(all.as_bytes())
}
