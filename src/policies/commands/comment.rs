//! A comment beside a paragraph, on the whole document, or an answer to one.

use entity::{
    ids::PolicyCommentId,
    policies::{comment, policy},
    wall::Walled,
};
use sea_orm::{ActiveModelTrait, ColumnTrait, QueryFilter, Set};

use super::step::{line, open, take};
use crate::{
    audit,
    platform::{Error, Result, Work},
    policies::{
        access::{Comment, May, Reader},
        crypt::Key,
        draft::clean,
        events::PolicyCommented,
        policy::Verb,
        queries,
        remark::Remark,
        render::{Marks, render},
    },
};

/// Characters a comment may have.
pub const LIMIT: usize = 4_000;

/// What the box sends.
#[derive(Clone, Debug, Default)]
pub struct NewComment {
    /// Empty for the whole document.
    pub anchor: String,
    pub answers: Option<PolicyCommentId>,
    pub words: String,
}

pub async fn comment(work: &mut Work, who: &May<Comment>, input: NewComment) -> Result<PolicyCommentId> {
    let (row, _) = take(work, &who.reader, Verb::Comment).await?;
    let words = checked(&input.words)?;
    let opened = open(work, &row).await?;
    let (anchor, quote) = match input.answers {
        Some(parent) => {
            let found = comment::Entity::within(work.read().reach())
                .filter(comment::Column::Id.eq(parent))
                .filter(comment::Column::PolicyId.eq(row.id))
                .filter(comment::Column::ParentId.is_null())
                .one(work.read())
                .await?;
            (found.ok_or(Error::NotFound)?.anchor, String::new())
        }
        None if input.anchor.is_empty() => (String::new(), String::new()),
        None => {
            let document = render(&opened.content, &opened.draft, &opened.tenant.currency, Marks::None)?;
            let paragraph = document.paragraphs().find(|paragraph| paragraph.anchor == input.anchor);
            let quote = paragraph.map(|paragraph| paragraph.words.clone()).ok_or_else(|| {
                Error::invalid("words", "The paragraph has changed meanwhile; open the page again and comment on it there.")
            })?;
            (input.anchor, quote)
        }
    };
    let id = write(work, &who.reader, &opened.key, &row, anchor, input.answers, Remark { words, quote }).await?;
    audit::record(work, line("policy.commented", &row).with("comment", id.to_string())).await?;
    let about = queries::about(work.read(), &row).await?;
    work.tell(&PolicyCommented { about })?;
    Ok(id)
}

/// What a comment can be put beside: anchor and words of each paragraph as the policy stands.
pub async fn paragraphs(work: &Work, reader: &Reader) -> Result<Vec<(String, String)>> {
    let opened = open(work, &reader.policy).await?;
    let document = render(&opened.content, &opened.draft, &opened.tenant.currency, Marks::None)?;
    Ok(document.paragraphs().map(|paragraph| (paragraph.anchor.clone(), paragraph.words.clone())).collect())
}

fn checked(typed: &str) -> Result<String> {
    let words = clean(typed);
    if words.is_empty() {
        return Err(Error::invalid("words", "Write something first."));
    }
    if words.chars().count() > LIMIT {
        return Err(Error::invalid("words", format!("At most {LIMIT} characters.")));
    }
    Ok(words)
}

/// A note that goes with a step, as a comment on the whole document; nothing where nothing was said.
pub async fn write_note(work: &mut Work, who: &Reader, key: &Key, note: &str) -> Result<()> {
    if note.trim().is_empty() {
        return Ok(());
    }
    let words = checked(note).map_err(|error| match error {
        Error::Invalid(mut errors) => {
            let messages = errors.0.remove("words").unwrap_or_default();
            errors.0.insert("note".to_owned(), messages);
            Error::Invalid(errors)
        }
        other => other,
    })?;
    write(work, who, key, &who.policy, String::new(), None, Remark { words, quote: String::new() }).await?;
    Ok(())
}

async fn write(
    work: &mut Work,
    who: &Reader,
    key: &Key,
    row: &policy::Model,
    anchor: String,
    parent: Option<PolicyCommentId>,
    remark: Remark,
) -> Result<PolicyCommentId> {
    let id: PolicyCommentId = work.id();
    comment::ActiveModel {
        id: Set(id),
        tenant_id: Set(row.tenant_id),
        policy_id: Set(row.id),
        parent_id: Set(parent),
        anchor: Set(anchor),
        body: Set(key.seal(&format!("comment:{id}"), &remark)?),
        author_id: Set(who.caller.account),
        author_name: Set(who.caller.name.clone()),
        author_role: Set(who.standing.label().to_owned()),
        created_at: Set(work.now()),
        resolved_at: Set(None),
        resolved_by_name: Set(None),
    }
    .insert(work.write())
    .await?;
    Ok(id)
}
