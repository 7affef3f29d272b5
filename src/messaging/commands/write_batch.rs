//! Writes what several people wait to have written, in one transaction. Each author is proved again inside it.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::Arc,
};

use entity::{
    Reach,
    ids::{AccountId, ConversationId, DocumentId, ParticipantId},
    messaging::{EventKind, event, participant},
    wall::Walled,
};
use sea_orm::{
    ColumnTrait, EntityTrait, QueryFilter, QuerySelect,
    sea_query::{CaseStatement, Expr, ExprTrait},
};
use uuid::Uuid;

use super::append::{Appended, Draft, HAPPENED, Locked, append, lock};
use crate::{
    messaging::{
        content::{Attached, Content, mentioned, owner},
        events::{ConversationRead, MessageMentioned, MessagePosted, MessagesWritten},
        hub::Hub,
        wire::Nack,
        writer::{Act, Done, Waiting},
    },
    platform::{Actor, Note, Platform, Result, Work},
    vault::{self, Audience},
};

type Places = HashMap<(ConversationId, AccountId), participant::Model>;
type Known = HashMap<(ConversationId, AccountId, Uuid), i64>;

/// What came of each, in their order, and what is new.
pub async fn write_batch(platform: &Arc<Platform>, batch: &[Waiting]) -> Result<(Vec<Result<Done, Nack>>, Vec<Appended>)> {
    let tenants: BTreeSet<_> = batch.iter().flat_map(|waiting| waiting.tenants.iter().copied()).collect();
    let conversations: Vec<ConversationId> =
        batch.iter().map(|waiting| waiting.conversation).collect::<BTreeSet<_>>().into_iter().collect();
    let mut work = platform.work(Actor::program("messages"), Reach::Tenants(tenants.into_iter().collect())).await?;
    let mut locked = lock(&work, &conversations).await?;
    let mut places = places(&work, &locked).await?;
    let mut known = known(&work, batch).await?;
    let mut results = Vec::with_capacity(batch.len());
    let mut drafts = Vec::new();
    let mut heads: HashMap<ConversationId, i64> = locked.iter().map(|(id, row)| (*id, row.head)).collect();
    let (mut moved, mut looked) = (BTreeMap::new(), BTreeMap::new());
    for waiting in batch {
        let result = decide(&work, waiting, &heads, &places, &known).await?;
        results.push(match result {
            Err(nack) => Err(nack),
            Ok(None) => {
                let seq = waiting.act.client_id().and_then(|id| known.get(&(waiting.conversation, waiting.account, id)).copied());
                Ok(Done { seq: seq.unwrap_or(0), repeated: true })
            }
            Ok(Some(draft)) => {
                let head = heads.entry(waiting.conversation).or_default();
                *head += 1;
                if let Some(client_id) = draft.client_id {
                    known.insert((waiting.conversation, waiting.account, client_id), *head);
                }
                if let Some(place) = places.get_mut(&(waiting.conversation, waiting.account)) {
                    let was_told = place.told_seq > place.seen();
                    if moves_mark(place, &waiting.act, *head) {
                        moved.insert(place.id, (place.read_seq, place.unread_after));
                        if was_told {
                            looked.insert((waiting.conversation, waiting.account), waiting.name.as_str());
                        }
                    }
                }
                drafts.push((waiting.conversation, draft));
                Ok(Done { seq: *head, repeated: false })
            }
        });
    }
    if drafts.is_empty() {
        return Ok((results, Vec::new()));
    }
    let appended = append(&mut work, &mut locked, drafts).await?;
    write_marks(&work, moved).await?;
    for ((id, account), name) in looked {
        let conversation = &locked[&id];
        let event = ConversationRead { tenant: conversation.tenant_id, conversation: id, href: conversation.href.clone() };
        work.tell_of(Some(account), name, &event)?;
    }
    send_files(&mut work, &places, &appended).await?;
    tell(&mut work, &locked, &places, &appended).await?;
    tell_written(&mut work, &locked, batch, &appended)?;
    // The writer passes it on here; other nodes read it.
    for id in appended.iter().map(|new| new.row.conversation_id).collect::<BTreeSet<_>>() {
        work.note_elsewhere(Note::new(HAPPENED, id.0));
    }
    work.commit().await?;
    Ok((results, appended))
}

/// Everybody who takes part in these conversations.
async fn places(work: &Work, locked: &Locked) -> Result<Places> {
    let rows = participant::Entity::within(work.read().reach())
        .filter(participant::Column::ConversationId.is_in(locked.keys().map(|id| id.0)))
        .filter(participant::Column::LeftAt.is_null())
        .all(work.read())
        .await?;
    Ok(rows.into_iter().map(|row| ((row.conversation_id, row.account_id), row)).collect())
}

/// Which of these client ids were written before, and as what.
async fn known(work: &Work, batch: &[Waiting]) -> Result<Known> {
    let mut keys: Vec<(Uuid, Uuid, Uuid)> = Vec::new();
    for waiting in batch {
        keys.extend(waiting.act.client_id().map(|id| (waiting.conversation.0, waiting.account.0, id)));
    }
    if keys.is_empty() {
        return Ok(Known::new());
    }
    let only = |part: fn(&(Uuid, Uuid, Uuid)) -> Uuid| keys.iter().map(part).collect::<BTreeSet<_>>();
    let rows: Vec<(ConversationId, AccountId, Uuid, i64)> = event::Entity::within(work.read().reach())
        .filter(event::Column::ConversationId.is_in(only(|key| key.0)))
        .filter(event::Column::ActorId.is_in(only(|key| key.1)))
        .filter(event::Column::ClientId.is_in(only(|key| key.2)))
        .select_only()
        .columns([event::Column::ConversationId, event::Column::ActorId, event::Column::ClientId, event::Column::Seq])
        .into_tuple()
        .all(work.read())
        .await?;
    Ok(rows.into_iter().map(|(conversation, account, client_id, seq)| ((conversation, account, client_id), seq)).collect())
}

/// Whether this act, written under that number, moves how far its author is. Who answers has nothing unread before the answer;
/// whether they read all of it is told of them by their reading alone.
fn moves_mark(place: &mut participant::Model, act: &Act, seq: i64) -> bool {
    match act {
        Act::Read { seq } => place.read_seq = *seq,
        Act::Send { .. } if place.seen() < seq - 1 => place.unread_after = seq,
        _ => return false,
    }
    true
}

/// All of them in one statement.
async fn write_marks(work: &Work, moved: BTreeMap<ParticipantId, (i64, i64)>) -> Result<()> {
    if moved.is_empty() {
        return Ok(());
    }
    let (mut read, mut unread) = (CaseStatement::new(), CaseStatement::new());
    for (id, (read_seq, unread_after)) in &moved {
        read = read.case(participant::Column::Id.eq(*id), *read_seq);
        unread = unread.case(participant::Column::Id.eq(*id), *unread_after);
    }
    let column = participant::Column::ReadSeq;
    participant::Entity::update_many()
        .col_expr(column, Expr::expr(read.finally(Expr::col(column))))
        .col_expr(participant::Column::UnreadAfter, Expr::expr(unread.finally(Expr::col(participant::Column::UnreadAfter))))
        .filter(participant::Column::Id.is_in(moved.keys().map(|id| id.0)))
        .exec(work.write())
        .await?;
    Ok(())
}

/// The rule for one act: a draft, nothing because it is there already, or why not.
async fn decide(
    work: &Work,
    waiting: &Waiting,
    heads: &HashMap<ConversationId, i64>,
    places: &Places,
    known: &Known,
) -> Result<Result<Option<Draft>, Nack>> {
    let key = (waiting.conversation, waiting.account);
    let (Some(place), Some(head)) = (places.get(&key), heads.get(&waiting.conversation)) else {
        return Ok(Err(Nack::not_found()));
    };
    if let Some(client_id) = waiting.act.client_id()
        && known.contains_key(&(key.0, key.1, client_id))
    {
        return Ok(Ok(None));
    }
    let draft = |kind, content| Draft {
        kind,
        actor: Some(waiting.account),
        actor_name: waiting.name.clone(),
        subject: None,
        client_id: waiting.act.client_id(),
        target: None,
        reply_to: None,
        content,
    };
    Ok(match &waiting.act {
        Act::Send { reply_to: Some(target), .. } if *target < 1 || target > head => {
            Err(Nack::new("invalid", "The message this one answers is not in this conversation."))
        }
        Act::Send { files, .. } if !are_there(work, waiting.conversation, files).await? => {
            Err(Nack::new("unknown_file", "One of the files is not there any more. Attach it again."))
        }
        Act::Send { body, files, reply_to, .. } => {
            let content = Content { body: body.clone(), files: files.clone() };
            Ok(Some(Draft { reply_to: *reply_to, ..draft(EventKind::Message, Some(content)) }))
        }
        Act::Edit { seq, body, .. } => match own_message(work, waiting, *seq).await? {
            Some(nack) => Err(nack),
            None => Ok(Some(Draft { target: Some(*seq), ..draft(EventKind::Edited, Some(Content::text(body.clone()))) })),
        },
        Act::Delete { seq, .. } => match own_message(work, waiting, *seq).await? {
            Some(nack) => Err(nack),
            None => Ok(Some(Draft { target: Some(*seq), ..draft(EventKind::Deleted, None) })),
        },
        Act::Read { seq } => {
            let seq = *seq;
            if seq <= place.read_seq || seq > *head {
                return Ok(Ok(None));
            }
            Ok(Some(Draft { target: Some(seq), ..draft(EventKind::Read, None) }))
        }
    })
}

/// Whether the files of a message are there: one may have been taken off, or waited too long, since it was asked.
async fn are_there(work: &Work, conversation: ConversationId, files: &[Attached]) -> Result<bool> {
    let ids: Vec<DocumentId> = files.iter().map(|file| file.id).collect();
    Ok(ids.is_empty() || vault::all_there(work, &owner(conversation), &ids).await?)
}

/// The files that these messages name are for those who take part, from now on.
async fn send_files(work: &mut Work, places: &Places, appended: &[Appended]) -> Result<()> {
    for new in appended {
        let (EventKind::Message, Some(content), Some(author)) = (new.row.kind, &new.content, new.row.actor_id) else { continue };
        let ids: Vec<DocumentId> = content.files.iter().map(|file| file.id).collect();
        if ids.is_empty() {
            continue;
        }
        let conversation = new.row.conversation_id;
        let mut audience: Vec<AccountId> =
            places.values().filter(|place| place.conversation_id == conversation).map(|place| place.account_id).collect();
        audience.sort();
        let audience: Vec<Audience> = audience.into_iter().map(Audience::Account).collect();
        vault::send(work, &owner(conversation), &ids, &audience, (author, &new.row.actor_name)).await?;
    }
    Ok(())
}

/// Why this is not a message of the author's that still stands; none where it is.
async fn own_message(work: &Work, waiting: &Waiting, seq: i64) -> Result<Option<Nack>> {
    let about = event::Entity::within(work.read().reach())
        .filter(event::Column::ConversationId.eq(waiting.conversation))
        .filter(event::Column::Seq.eq(seq).or(event::Column::TargetSeq.eq(seq).and(event::Column::Kind.eq(EventKind::Deleted))))
        .all(work.read())
        .await?;
    let Some(message) = about.iter().find(|row| row.seq == seq && row.kind == EventKind::Message) else {
        return Ok(Some(Nack::new("not_found", "There is no such message in this conversation.")));
    };
    if message.actor_id != Some(waiting.account) {
        return Ok(Some(Nack::new("forbidden", "Only its author can change a message.")));
    }
    if about.iter().any(|row| row.kind == EventKind::Deleted && row.target_seq == Some(seq)) {
        return Ok(Some(Nack::new("deleted", "This message was deleted before.")));
    }
    Ok(None)
}

/// Tells who was named, and once those who are not there that there is something to read.
async fn tell(work: &mut Work, locked: &Locked, places: &Places, appended: &[Appended]) -> Result<()> {
    let hub: Arc<Hub> = work.platform().shared();
    let mut told: BTreeSet<(ConversationId, AccountId)> = BTreeSet::new();
    for new in appended {
        let (EventKind::Message, Some(content), Some(author)) = (new.row.kind, &new.content, new.row.actor_id) else { continue };
        let conversation = &locked[&new.row.conversation_id];
        let others = || places.values().filter(|place| place.conversation_id == conversation.id && place.account_id != author);
        let named = mentioned(&content.body, others().map(|place| (place.account_id, place.name.as_str())));
        for account in &named {
            let event = MessageMentioned {
                tenant: conversation.tenant_id,
                conversation: conversation.id,
                account: *account,
                title: conversation.title.clone(),
                href: conversation.href.clone(),
            };
            work.tell_of(new.row.actor_id, &new.row.actor_name, &event)?;
        }
        let absent: Vec<AccountId> = others()
            .filter(|place| place.told_seq <= place.seen() && !named.contains(&place.account_id))
            .map(|place| place.account_id)
            .filter(|account| !told.contains(&(conversation.id, *account)) && !hub.is_here(conversation.id, *account))
            .collect();
        let now_told: Vec<AccountId> = absent.iter().chain(&named).copied().collect();
        if now_told.is_empty() {
            continue;
        }
        told.extend(now_told.iter().map(|account| (conversation.id, *account)));
        participant::Entity::update_many()
            .col_expr(participant::Column::ToldSeq, Expr::value(new.row.seq))
            .filter(participant::Column::ConversationId.eq(conversation.id))
            .filter(participant::Column::AccountId.is_in(now_told.iter().map(|account| account.0)))
            .exec(work.write())
            .await?;
        if !absent.is_empty() {
            let event = MessagePosted {
                tenant: conversation.tenant_id,
                conversation: conversation.id,
                absent,
                title: conversation.title.clone(),
                href: conversation.href.clone(),
            };
            work.tell_of(new.row.actor_id, &new.row.actor_name, &event)?;
        }
    }
    Ok(())
}

/// Tells how much attorneys wrote, once for each of them and conversation.
fn tell_written(work: &mut Work, locked: &Locked, batch: &[Waiting], appended: &[Appended]) -> Result<()> {
    let attorneys: BTreeSet<AccountId> = batch.iter().filter(|waiting| waiting.attorney).map(|waiting| waiting.account).collect();
    let mut written: BTreeMap<(ConversationId, AccountId), (u64, &str)> = BTreeMap::new();
    for new in appended.iter().filter(|new| new.row.kind == EventKind::Message) {
        if let Some(author) = new.row.actor_id.filter(|author| attorneys.contains(author)) {
            written.entry((new.row.conversation_id, author)).or_insert((0, &new.row.actor_name)).0 += 1;
        }
    }
    for ((conversation, author), (messages, name)) in written {
        let event = MessagesWritten { tenant: locked[&conversation].tenant_id, conversation, messages };
        work.tell_of(Some(author), name, &event)?;
    }
    Ok(())
}
