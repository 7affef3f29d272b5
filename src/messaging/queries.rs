//! Reading conversations.

use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
};

use entity::{
    Moment,
    ids::{AccountId, ConversationId, DocumentId},
    messaging::{EventKind, conversation, event, participant},
    wall::Walled,
};
use sea_orm::{
    ColumnTrait, EntityTrait, JoinType, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, Select,
    sea_query::{Expr, ExprTrait, Query},
};

use super::{
    commands::append::{GENESIS, link},
    content::{Attached, Content, context, owner},
    wire::{Happening, Person},
};
use crate::{
    platform::{Count, Error, Platform, Result, Tx},
    tenancy::Caller,
    vault,
};

/// Whether this person takes part right now.
pub async fn is_participant(tx: &Tx, conversation: ConversationId, account: AccountId) -> Result<bool> {
    let places = participant::Entity::within(tx.reach())
        .filter(participant::Column::ConversationId.eq(conversation))
        .filter(participant::Column::AccountId.eq(account))
        .filter(participant::Column::LeftAt.is_null())
        .count(tx)
        .await?;
    Ok(places > 0)
}

/// Who takes part right now, in the order of joining.
pub async fn participants(tx: &Tx, conversation: ConversationId) -> Result<Vec<participant::Model>> {
    Ok(participant::Entity::within(tx.reach())
        .filter(participant::Column::ConversationId.eq(conversation))
        .filter(participant::Column::LeftAt.is_null())
        .order_by_asc(participant::Column::JoinedAt)
        .order_by_asc(participant::Column::Id)
        .all(tx)
        .await?)
}

fn places_of(tx: &Tx, account: AccountId) -> Select<participant::Entity> {
    participant::Entity::within(tx.reach())
        .filter(participant::Column::AccountId.eq(account))
        .filter(participant::Column::LeftAt.is_null())
}

/// How many conversations have something for this person to read; not messages: one number a person can work off.
pub fn unread_conversations(tx: &Tx, account: AccountId) -> Count {
    let place = |column| Expr::col((participant::Entity, column));
    let message = |column| Expr::col((event::Entity, column));
    let new = Query::select()
        .expr(Expr::val(1))
        .from(event::Entity)
        .and_where(message(event::Column::ConversationId).eq(place(participant::Column::ConversationId)))
        .and_where(message(event::Column::Seq).gt(place(participant::Column::ReadSeq)))
        .and_where(message(event::Column::Seq).gt(place(participant::Column::UnreadAfter)))
        .and_where(event::Column::Kind.eq(EventKind::Message))
        .cond_where(event::Column::ActorId.is_null().or(event::Column::ActorId.ne(account)))
        .to_owned();
    Count::of(places_of(tx, account).filter(Expr::exists(new)))
}

/// The conversations this person takes part in that have something to read, each with how many messages of others.
pub async fn unread(tx: &Tx, account: AccountId) -> Result<Vec<(ConversationId, u64)>> {
    counted(tx, account, places_of(tx, account)).await
}

/// The same for some of their conversations.
pub async fn unread_among(tx: &Tx, account: AccountId, ids: &[ConversationId]) -> Result<HashMap<ConversationId, u64>> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let among = places_of(tx, account).filter(participant::Column::ConversationId.is_in(ids.iter().map(|id| id.0)));
    Ok(counted(tx, account, among).await?.into_iter().collect())
}

async fn counted(tx: &Tx, account: AccountId, places: Select<participant::Entity>) -> Result<Vec<(ConversationId, u64)>> {
    let behind = |mark| Expr::col((event::Entity, event::Column::Seq)).gt(Expr::col((participant::Entity, mark)));
    let rows: Vec<(ConversationId, i64)> = places
        .join(
            JoinType::InnerJoin,
            participant::Entity::belongs_to(event::Entity)
                .from(participant::Column::ConversationId)
                .to(event::Column::ConversationId)
                .into(),
        )
        .filter(event::Column::Kind.eq(EventKind::Message))
        .filter(behind(participant::Column::ReadSeq))
        .filter(behind(participant::Column::UnreadAfter))
        .filter(event::Column::ActorId.is_null().or(event::Column::ActorId.ne(account)))
        .select_only()
        .column(participant::Column::ConversationId)
        .column_as(event::Column::Seq.count(), "messages")
        .group_by(participant::Column::ConversationId)
        .into_tuple()
        .all(tx)
        .await?;
    Ok(rows.into_iter().map(|(id, count)| (id, u64::try_from(count).unwrap_or(0))).collect())
}

/// A conversation within reach.
pub async fn conversation(tx: &Tx, id: ConversationId) -> Result<Option<conversation::Model>> {
    Ok(conversation::Entity::within(tx.reach()).filter(conversation::Column::Id.eq(id)).one(tx).await?)
}

/// This person's place in the conversation, if they take part right now.
pub async fn place(tx: &Tx, conversation: ConversationId, account: AccountId) -> Result<Option<participant::Model>> {
    Ok(participant::Entity::within(tx.reach())
        .filter(participant::Column::ConversationId.eq(conversation))
        .filter(participant::Column::AccountId.eq(account))
        .filter(participant::Column::LeftAt.is_null())
        .one(tx)
        .await?)
}

/// The conversations this person takes part in right now.
pub async fn conversations_of(tx: &Tx, account: AccountId) -> Result<Vec<ConversationId>> {
    Ok(participant::Entity::within(tx.reach())
        .filter(participant::Column::AccountId.eq(account))
        .filter(participant::Column::LeftAt.is_null())
        .select_only()
        .column(participant::Column::ConversationId)
        .order_by_desc(participant::Column::JoinedAt)
        .into_tuple()
        .all(tx)
        .await?)
}

/// The last numbers of these conversations.
pub async fn heads(tx: &Tx, ids: &[ConversationId]) -> Result<HashMap<ConversationId, i64>> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let rows: Vec<(ConversationId, i64)> = conversation::Entity::within(tx.reach())
        .filter(conversation::Column::Id.is_in(ids.iter().map(|id| id.0)))
        .select_only()
        .columns([conversation::Column::Id, conversation::Column::Head])
        .into_tuple()
        .all(tx)
        .await?;
    Ok(rows.into_iter().collect())
}

/// An event as those who take part see it.
pub fn happening(row: event::Model, content: Option<Content>) -> Happening {
    let subject = row.subject_id.map(|id| Person { id: Some(id), name: row.subject_name.clone().unwrap_or_default() });
    Happening {
        conversation: row.conversation_id,
        seq: row.seq,
        at: row.at,
        actor: Person { id: row.actor_id, name: row.actor_name },
        subject,
        kind: row.kind,
        client_id: row.client_id,
        target: row.target_seq,
        reply_to: row.reply_to,
        content,
        withdrawn: false,
    }
}

/// What happened after that number, in order, at most so much of it.
pub async fn events_after(
    platform: &Arc<Platform>,
    tx: &Tx,
    conversation: &conversation::Model,
    after: i64,
    limit: u64,
) -> Result<Vec<Happening>> {
    let rows = event::Entity::within(tx.reach())
        .filter(event::Column::ConversationId.eq(conversation.id))
        .filter(event::Column::Seq.gt(after))
        .order_by_asc(event::Column::Seq)
        .limit(limit)
        .all(tx)
        .await?;
    opened(platform, tx, conversation, rows).await
}

/// The last of what happened before that number, in order.
pub async fn events_before(
    platform: &Arc<Platform>,
    tx: &Tx,
    conversation: &conversation::Model,
    before: i64,
    kinds: &[EventKind],
    limit: u64,
) -> Result<Vec<Happening>> {
    let mut rows = event::Entity::within(tx.reach())
        .filter(event::Column::ConversationId.eq(conversation.id))
        .filter(event::Column::Seq.lt(before))
        .filter(event::Column::Kind.is_in(kinds.iter().copied()))
        .order_by_desc(event::Column::Seq)
        .limit(limit)
        .all(tx)
        .await?;
    rows.reverse();
    opened(platform, tx, conversation, rows).await
}

/// The edits and deletions of these messages, in order.
pub async fn changes_of(
    platform: &Arc<Platform>,
    tx: &Tx,
    conversation: &conversation::Model,
    messages: impl IntoIterator<Item = i64>,
) -> Result<Vec<Happening>> {
    let rows = event::Entity::within(tx.reach())
        .filter(event::Column::ConversationId.eq(conversation.id))
        .filter(event::Column::TargetSeq.is_in(messages))
        .filter(event::Column::Kind.is_in([EventKind::Edited, EventKind::Deleted]))
        .order_by_asc(event::Column::Seq)
        .all(tx)
        .await?;
    opened(platform, tx, conversation, rows).await
}

/// Opens what is sealed. What its author took back stays closed.
async fn opened(
    platform: &Arc<Platform>,
    tx: &Tx,
    conversation: &conversation::Model,
    rows: Vec<event::Model>,
) -> Result<Vec<Happening>> {
    let about: Vec<i64> = rows
        .iter()
        .filter_map(|row| match row.kind {
            EventKind::Message => Some(row.seq),
            EventKind::Edited => row.target_seq,
            _ => None,
        })
        .collect();
    if rows.iter().all(|row| row.sealed.is_none()) {
        return Ok(rows.into_iter().map(|row| happening(row, None)).collect());
    }
    let withdrawn: Vec<Option<i64>> = event::Entity::within(tx.reach())
        .filter(event::Column::ConversationId.eq(conversation.id))
        .filter(event::Column::TargetSeq.is_in(about))
        .filter(event::Column::Kind.eq(EventKind::Deleted))
        .select_only()
        .column(event::Column::TargetSeq)
        .into_tuple()
        .all(tx)
        .await?;
    let key = vault::data_key(platform, tx, conversation.data_key_id).await?;
    let mut happenings = Vec::with_capacity(rows.len());
    for row in rows {
        let target = if row.kind == EventKind::Message { Some(row.seq) } else { row.target_seq };
        let is_text = matches!(row.kind, EventKind::Message | EventKind::Edited);
        if is_text && withdrawn.contains(&target) {
            let mut happening = happening(row, None);
            happening.withdrawn = true;
            happenings.push(happening);
            continue;
        }
        let content = match &row.sealed {
            None => None,
            Some(sealed) => Some(serde_json::from_slice(&key.open(&context(row.conversation_id, row.seq), sealed)?)?),
        };
        happenings.push(happening(row, content));
    }
    Ok(happenings)
}

/// The messages among the last 2,000 events of text that hold these words, newest first; edits count, what was taken back does not.
pub async fn search(platform: &Arc<Platform>, tx: &Tx, conversation: &conversation::Model, words: &str) -> Result<Vec<Happening>> {
    let words: Vec<String> = words.to_lowercase().split_whitespace().map(str::to_owned).collect();
    if words.is_empty() {
        return Ok(Vec::new());
    }
    let texts = events_before(platform, tx, conversation, i64::MAX, &[EventKind::Message, EventKind::Edited], SEARCHED).await?;
    let mut found: BTreeMap<i64, Happening> = BTreeMap::new();
    for event in texts.into_iter().filter(|event| !event.withdrawn) {
        let seq = event.target.unwrap_or(event.seq);
        let text = event.content.as_ref().map(|content| content.body.to_lowercase()).unwrap_or_default();
        if words.iter().all(|word| text.contains(word)) {
            found.insert(seq, Happening { seq, ..event });
        } else {
            // An edit took the words away.
            found.remove(&seq);
        }
    }
    Ok(found.into_values().rev().take(50).collect())
}

/// How far back a search looks.
const SEARCHED: u64 = 2_000;

/// Walks a conversation's chain; the number of the first event that was changed or is missing.
pub async fn first_broken(tx: &Tx, id: ConversationId) -> Result<Option<i64>> {
    let Some(conversation) = conversation(tx, id).await? else { return Ok(None) };
    let (mut seq, mut hash) = (0, GENESIS.to_owned());
    loop {
        let rows = event::Entity::within(tx.reach())
            .filter(event::Column::ConversationId.eq(id))
            .filter(event::Column::Seq.gt(seq))
            .order_by_asc(event::Column::Seq)
            .limit(1_000)
            .all(tx)
            .await?;
        if rows.is_empty() {
            break;
        }
        for row in rows {
            if row.seq != seq + 1 || link(&hash, &row) != row.hash {
                return Ok(Some(seq + 1));
            }
            seq = row.seq;
            hash = row.hash;
        }
    }
    let whole = conversation.head == seq && conversation.head_hash == hash;
    Ok((!whole).then_some(seq + 1))
}

/// These documents as attachments: files that were put into this conversation and that this person may read.
pub async fn attachable(
    platform: &Arc<Platform>,
    caller: &Arc<Caller>,
    conversation: ConversationId,
    documents: &[DocumentId],
) -> Result<Vec<Attached>> {
    if documents.is_empty() {
        return Ok(Vec::new());
    }
    let tx = platform.read(caller.reach()).await?;
    let owned = vault::sendable(&tx, caller, &owner(conversation), documents).await?;
    let attached = |id: &DocumentId| {
        let row = owned.iter().find(|row| row.id == *id).ok_or(Error::NotFound)?;
        Ok(Attached { id: row.id, name: row.file_name.clone() })
    };
    documents.iter().map(attached).collect()
}

/// These rows, whose conversation that column names, what moved last on top unless they are ordered already. Receipts do not
/// count as movement.
pub fn by_activity<E: EntityTrait>(rows: Select<E>, conversation: E::Column) -> Select<E> {
    rows.join(JoinType::InnerJoin, E::belongs_to(conversation::Entity).from(conversation).to(conversation::Column::Id).into())
        .order_by_desc(conversation::Column::ActiveAt)
}

/// When something last happened in the conversations of [`by_activity`].
pub fn last_at() -> impl ColumnTrait {
    conversation::Column::ActiveAt
}

/// When something last happened in these conversations.
pub async fn last_activity(tx: &Tx, ids: &[ConversationId]) -> Result<HashMap<ConversationId, Moment>> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let rows: Vec<(ConversationId, Moment)> = conversation::Entity::within(tx.reach())
        .filter(conversation::Column::Id.is_in(ids.iter().map(|id| id.0)))
        .select_only()
        .columns([conversation::Column::Id, conversation::Column::ActiveAt])
        .into_tuple()
        .all(tx)
        .await?;
    Ok(rows.into_iter().collect())
}
