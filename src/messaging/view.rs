//! A conversation as a page shows it: the last of what happened, edits applied, what was taken back left out.

use std::{collections::HashMap, sync::Arc};

use entity::{
    Moment,
    ids::{AccountId, ConversationId},
    messaging::EventKind,
};

use super::{
    content::{self, Attached},
    queries,
    wire::Happening,
};
use crate::{
    platform::{Error, Platform, Result, random, web::frame::initials},
    tenancy::Caller,
};

/// What a page shows at first; the rest by "Earlier messages".
pub const SHOWN: u64 = 50;

/// What is shown of a conversation; receipts, edits and deletions show on the messages they are about.
pub const SHOWN_KINDS: &[EventKind] =
    &[EventKind::Message, EventKind::Joined, EventKind::Left, EventKind::Renamed, EventKind::Status];

/// For `{% include "messaging/conversation.html" %}`, in a variable named `conversation`.
#[derive(Clone, Debug)]
pub struct ConversationView {
    pub id: ConversationId,
    pub title: String,
    /// Everything up to here is on the page.
    pub head: i64,
    pub read_seq: i64,
    pub me: AccountId,
    pub my_name: String,
    pub items: Vec<Item>,
    /// Where earlier messages are.
    pub earlier: Option<String>,
    /// Who takes part.
    pub people: Vec<Person>,
    /// Where attachments are downloaded: this, the id, `/download`.
    pub files_at: &'static str,
    /// Makes a form sent twice one message.
    pub client_id: String,
    /// What was typed before an error, and the error.
    pub draft: String,
    pub problem: String,
    /// An older part of it, which does not go on live.
    pub past: bool,
}

#[derive(Clone, Debug)]
pub struct Person {
    pub account: AccountId,
    pub name: String,
    pub read_seq: i64,
}

#[derive(Clone, Debug)]
pub struct Item {
    pub seq: i64,
    pub at: Moment,
    /// The first of a day.
    pub day: Option<String>,
    /// The first that was not read yet.
    pub fresh: bool,
    /// Something that happened rather than a message.
    pub note: Option<String>,
    pub author: Option<AccountId>,
    pub name: String,
    pub initials: String,
    pub own: bool,
    /// Follows a message of the same person.
    pub continued: bool,
    /// Safe HTML.
    pub html: String,
    pub body: String,
    pub files: Vec<Attached>,
    pub edited: bool,
    pub withdrawn: bool,
    /// Whom and what it answers.
    pub quote: Option<Quote>,
    /// How far others have read, on one's own last message.
    pub state: String,
}

#[derive(Clone, Debug)]
pub struct Quote {
    pub seq: i64,
    pub name: String,
    pub text: String,
}

/// The end of the conversation for somebody who takes part.
pub async fn view(platform: &Arc<Platform>, caller: &Caller, id: ConversationId) -> Result<ConversationView> {
    view_before(platform, caller, id, None).await
}

/// The part of it before that number.
pub async fn view_before(
    platform: &Arc<Platform>,
    caller: &Caller,
    id: ConversationId,
    before: Option<i64>,
) -> Result<ConversationView> {
    let tx = platform.read(caller.reach()).await?;
    let place = queries::place(&tx, id, caller.account).await?.ok_or(Error::NotFound)?;
    let row = queries::conversation(&tx, id).await?.ok_or(Error::NotFound)?;
    let people = queries::participants(&tx, id).await?;
    let events = queries::events_before(platform, &tx, &row, before.unwrap_or(i64::MAX), SHOWN_KINDS, SHOWN).await?;
    let changes = queries::changes_of(platform, &tx, &row, events.iter().map(|event| event.seq)).await?;
    let people: Vec<Person> =
        people.into_iter().map(|row| Person { account: row.account_id, name: row.name, read_seq: row.read_seq }).collect();
    let earlier = events.first().filter(|first| first.seq > 1).map(|first| format!("/conversations/{id}?before={}", first.seq));
    let mut edits: HashMap<i64, &Happening> = HashMap::new();
    for change in changes.iter().filter(|change| change.kind == EventKind::Edited) {
        edits.extend(change.target.map(|target| (target, change)));
    }
    let mut items: Vec<Item> = Vec::with_capacity(events.len());
    for event in &events {
        let item = item(caller.account, event, edits.get(&event.seq).copied(), &items, place.seen());
        items.push(item);
    }
    if let Some(last) = items.iter_mut().rfind(|item| item.own) {
        last.state = read_words(&people, caller.account, last.seq);
    }
    Ok(ConversationView {
        id,
        title: row.title,
        head: row.head,
        read_seq: place.read_seq,
        me: caller.account,
        my_name: caller.name.clone(),
        items,
        earlier,
        people,
        files_at: if caller.is_client() { "/portal/files" } else { "/legal/vault" },
        client_id: random::id(platform.clock.now()).to_string(),
        draft: String::new(),
        problem: String::new(),
        past: before.is_some(),
    })
}

fn item(me: AccountId, event: &Happening, edit: Option<&Happening>, before: &[Item], seen: i64) -> Item {
    let body = edit.unwrap_or(event).content.as_ref().map(|content| content.body.clone()).unwrap_or_default();
    let is_message = event.kind == EventKind::Message;
    let last = before.last();
    let new_day = last.is_none_or(|last| last.at.date() != event.at.date());
    let own = event.actor.id == Some(me);
    let is_unread = |seq: i64, own: bool| seq > seen && !own;
    let fresh =
        is_message && is_unread(event.seq, own) && !before.iter().any(|item| item.note.is_none() && is_unread(item.seq, item.own));
    let continued = is_message
        && !new_day
        && !fresh
        && last.is_some_and(|last| {
            last.note.is_none() && last.author == event.actor.id && event.at.since(last.at) < 5 * Moment::MINUTE
        });
    Item {
        seq: event.seq,
        at: event.at,
        day: new_day.then(|| event.at.day_words()),
        fresh,
        note: (!is_message).then(|| note(event)),
        author: event.actor.id,
        name: event.actor.name.clone(),
        initials: initials(&event.actor.name),
        own,
        continued,
        html: if is_message && !event.withdrawn { content::html(&body) } else { String::new() },
        files: event.content.as_ref().map(|content| content.files.clone()).unwrap_or_default(),
        edited: edit.is_some() && !event.withdrawn,
        withdrawn: event.withdrawn,
        quote: event.reply_to.map(|seq| quote(seq, before)),
        body,
        state: String::new(),
    }
}

fn quote(seq: i64, before: &[Item]) -> Quote {
    match before.iter().find(|item| item.seq == seq && item.note.is_none() && !item.withdrawn) {
        Some(item) => Quote { seq, name: item.name.clone(), text: shortened(&item.body) },
        None => Quote { seq, name: "An earlier message".to_owned(), text: String::new() },
    }
}

/// The first line, at most so many characters.
fn shortened(text: &str) -> String {
    let line = text.lines().next().unwrap_or_default();
    let mut short: String = line.chars().take(120).collect();
    if short.len() < text.trim_end().len() {
        short.push('…');
    }
    short
}

/// What happened, in words; the page's script says the same.
fn note(event: &Happening) -> String {
    let actor = &event.actor.name;
    let text = event.content.as_ref().map(|content| content.body.as_str()).unwrap_or_default();
    match (&event.kind, &event.subject) {
        (EventKind::Joined, Some(who)) if who.id == event.actor.id || event.actor.id.is_none() => format!("{} joined", who.name),
        (EventKind::Joined, Some(who)) => format!("{actor} added {}", who.name),
        (EventKind::Left, Some(who)) if who.id == event.actor.id || event.actor.id.is_none() => format!("{} left", who.name),
        (EventKind::Left, Some(who)) => format!("{actor} removed {}", who.name),
        (EventKind::Renamed, _) => format!("{actor} named it “{text}”"),
        _ => text.to_owned(),
    }
}

fn read_words(people: &[Person], me: AccountId, seq: i64) -> String {
    let others: Vec<&Person> = people.iter().filter(|person| person.account != me).collect();
    let readers: Vec<&str> = others.iter().filter(|person| person.read_seq >= seq).map(|person| person.name.as_str()).collect();
    match readers.len() {
        0 => "Sent".to_owned(),
        n if n == others.len() && n > 1 => "Read by everybody".to_owned(),
        1..=2 => format!("Read by {}", readers.join(" and ")),
        n => format!("Read by {n}"),
    }
}
