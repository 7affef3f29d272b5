//! The buttons of a policy's page: each proves, does, and goes back to the page.

use actix_web::HttpRequest;
use entity::{
    ids::{AccountId, ContactId, PolicyCommentId},
    policies::PolicyStatus,
};
use serde::Deserialize;

use super::{
    detail::{Again, DetailQuery, show},
    review::Returned,
};
use crate::{
    platform::{
        Error, Refusal, Result,
        web::{Answer, Ask, Form, Frame, path_id, platform, see_other},
    },
    policies::{
        access::{
            Approve, ApproveFinally, Archive, Cancel, Comment, May, PutOn, Reader, Recall, Remind, Renew, ReplaceSigner, SendBack,
            SendToClient, Submit,
        },
        commands::{self, comment::NewComment},
        queries,
    },
};

/// A step without anything typed: does it and says so on the policy's page.
macro_rules! plain {
    ($($name:ident: $verb:ident, $command:path, $toast:literal;)+) => {$(
        pub async fn $name(ask: Ask<May<$verb>>) -> Answer {
            let mut work = ask.work(ask.who.reader.caller.reach()).await?;
            $command(&mut work, &ask.who).await?;
            work.commit().await?;
            see_other(format!("/legal/policies/{}", ask.who.reader.id())).toast($toast).answer()
        }
    )+};
}

plain! {
    recall: Recall, commands::recall::recall, "It is a draft again.";
    approve: Approve, commands::approve::approve, "Approved. The MSP can send it to the client.";
    approve_finally: ApproveFinally, commands::approve_finally::approve_finally, "Published.";
    archive: Archive, commands::archive::archive, "Archived.";
    remind: Remind, commands::remind::remind, "Whoever has not signed yet was reminded.";
}

/// A new version, or a new start: the wizard opens pre-filled.
pub async fn renew(ask: Ask<May<Renew>>) -> Answer {
    let mut work = ask.work(ask.who.reader.caller.reach()).await?;
    let id = commands::renew::renew(&mut work, &ask.who).await?;
    work.commit().await?;
    see_other(format!("/legal/policies/{id}/wizard/1")).toast("A new draft, filled in as before.").answer()
}

#[derive(Deserialize)]
pub struct Note {
    #[serde(default)]
    note: String,
    /// `wizard` where the note was written on page 4.
    #[serde(default)]
    from: String,
}

pub async fn submit(ask: Ask<May<Submit>, Form<Note>>) -> Answer {
    let Note { note, from } = &ask.body.0;
    let mut work = ask.work(ask.who.reader.caller.reach()).await?;
    match commands::submit::submit(&mut work, &ask.who, note).await {
        Ok(()) => {
            work.commit().await?;
            see_other(format!("/legal/policies/{}", ask.who.reader.id())).toast("Sent to the attorney.").answer()
        }
        Err(Error::Invalid(errors)) if from == "wizard" => {
            drop(work);
            page_4(&ask.request, &ask.who.reader, Returned { errors, note, refused: None }).await
        }
        Err(Error::Refused(refusal)) if is_incomplete(&ask.who.reader, &refusal) => {
            drop(work);
            page_4(&ask.request, &ask.who.reader, Returned { note, refused: Some(refusal), ..Returned::default() }).await
        }
        Err(Error::Invalid(errors)) => {
            drop(work);
            let again = Again { errors, tab: "review", note: note.clone(), ..Again::default() };
            show(&ask.request, &ask.who.reader, &DetailQuery::default(), again).await
        }
        Err(error) => Err(error),
    }
}

/// Something is missing that page 4 of the wizard names, with the page that asks for it.
fn is_incomplete(reader: &Reader, refusal: &Refusal) -> bool {
    reader.policy.status == PolicyStatus::Draft && matches!(refusal.code, "incomplete" | "no_signers")
}

/// Page 4 again, as the answer to what it sent.
async fn page_4(request: &HttpRequest, reader: &Reader, returned: Returned<'_>) -> Answer {
    let platform = platform(request);
    let tx = platform.read(reader.caller.reach()).await?;
    let opened = queries::open(&platform, &tx, &reader.policy).await?;
    super::review::show(&tx, Frame::of(request), opened, reader, returned).await
}

pub async fn send(ask: Ask<May<SendToClient>>) -> Answer {
    let mut work = ask.work(ask.who.reader.caller.reach()).await?;
    match commands::send_to_client::send_to_client(&mut work, &ask.who).await {
        Ok(()) => {
            work.commit().await?;
            see_other(format!("/legal/policies/{}", ask.who.reader.id())).toast("Sent to the client.").answer()
        }
        Err(Error::Refused(refusal)) if is_incomplete(&ask.who.reader, &refusal) => {
            drop(work);
            page_4(&ask.request, &ask.who.reader, Returned { refused: Some(refusal), ..Returned::default() }).await
        }
        Err(error) => Err(error),
    }
}

pub async fn send_back(ask: Ask<May<SendBack>, Form<Note>>) -> Answer {
    let note = &ask.body.0.note;
    let mut work = ask.work(ask.who.reader.caller.reach()).await?;
    match commands::send_back::send_back(&mut work, &ask.who, note).await {
        Ok(()) => {
            work.commit().await?;
            see_other(format!("/legal/policies/{}", ask.who.reader.id())).toast("Sent back to the MSP.").answer()
        }
        Err(Error::Invalid(errors)) => {
            drop(work);
            let again = Again { errors, tab: "review", note: note.clone(), ..Again::default() };
            show(&ask.request, &ask.who.reader, &DetailQuery::default(), again).await
        }
        Err(error) => Err(error),
    }
}

#[derive(Deserialize)]
pub struct Reason {
    #[serde(default)]
    reason: String,
}

pub async fn cancel(ask: Ask<May<Cancel>, Form<Reason>>) -> Answer {
    let reason = &ask.body.0.reason;
    let mut work = ask.work(ask.who.reader.caller.reach()).await?;
    match commands::cancel::cancel(&mut work, &ask.who, reason).await {
        Ok(()) => {
            work.commit().await?;
            see_other(format!("/legal/policies/{}", ask.who.reader.id())).toast("Cancelled.").answer()
        }
        Err(Error::Invalid(errors)) => {
            drop(work);
            let again = Again { errors, tab: "text", reason: reason.clone(), ..Again::default() };
            show(&ask.request, &ask.who.reader, &DetailQuery::default(), again).await
        }
        Err(error) => Err(error),
    }
}

#[derive(Deserialize)]
pub struct CommentForm {
    #[serde(default)]
    anchor: String,
    #[serde(default)]
    answers: String,
    #[serde(default)]
    words: String,
}

pub async fn comment(ask: Ask<May<Comment>, Form<CommentForm>>) -> Answer {
    let CommentForm { anchor, answers, words } = &ask.body.0;
    let parent: Option<PolicyCommentId> = match answers.as_str() {
        "" => None,
        text => Some(text.parse().map_err(|_| Error::NotFound)?),
    };
    let mut work = ask.work(ask.who.reader.caller.reach()).await?;
    let input = NewComment { anchor: anchor.clone(), answers: parent, words: words.clone() };
    match commands::comment::comment(&mut work, &ask.who, input).await {
        Ok(id) => {
            work.commit().await?;
            let there = parent.unwrap_or(id);
            see_other(format!("/legal/policies/{}?tab=review#c-{there}", ask.who.reader.id())).answer()
        }
        Err(Error::Invalid(errors)) => {
            drop(work);
            let again = Again {
                errors,
                tab: "review",
                words: words.clone(),
                anchor: anchor.clone(),
                answers: answers.clone(),
                ..Again::default()
            };
            show(&ask.request, &ask.who.reader, &DetailQuery::default(), again).await
        }
        Err(error) => Err(error),
    }
}

#[derive(Deserialize)]
pub struct Settled {
    #[serde(default)]
    resolved: String,
}

pub async fn resolve(ask: Ask<May<Comment>, Form<Settled>>) -> Answer {
    let id: PolicyCommentId = path_id(&ask.request, "comment")?;
    let mut work = ask.work(ask.who.reader.caller.reach()).await?;
    commands::resolve_comment::resolve_comment(&mut work, &ask.who, id, ask.body.0.resolved == "true").await?;
    work.commit().await?;
    see_other(format!("/legal/policies/{}?tab=review#c-{id}", ask.who.reader.id())).answer()
}

#[derive(Deserialize)]
pub struct Replacement {
    from: ContactId,
    #[serde(default)]
    to: String,
}

pub async fn replace_signer(ask: Ask<May<ReplaceSigner>, Form<Replacement>>) -> Answer {
    let mut work = ask.work(ask.who.reader.caller.reach()).await?;
    let done: Result<()> = match ask.body.0.to.parse::<ContactId>() {
        Ok(to) => commands::replace_signer::replace_signer(&mut work, &ask.who, ask.body.0.from, to).await,
        Err(_) => Err(Error::invalid("to", "Choose who is to sign instead.")),
    };
    match done {
        Ok(()) => {
            work.commit().await?;
            see_other(format!("/legal/policies/{}?tab=signatures", ask.who.reader.id())).toast("The signer was replaced.").answer()
        }
        Err(Error::Invalid(errors)) => {
            drop(work);
            let again = Again { errors, tab: "signatures", ..Again::default() };
            show(&ask.request, &ask.who.reader, &DetailQuery::default(), again).await
        }
        Err(error) => Err(error),
    }
}

#[derive(Deserialize)]
pub struct PersonForm {
    #[serde(default)]
    account: String,
    #[serde(default)]
    remove: String,
}

pub async fn people(ask: Ask<May<PutOn>, Form<PersonForm>>) -> Answer {
    let mut work = ask.work(ask.who.reader.caller.reach()).await?;
    let account: Result<AccountId> = ask.body.0.account.parse().map_err(|_| Error::invalid("account", "Choose somebody."));
    let done = match account {
        Ok(account) if ask.body.0.remove.is_empty() => commands::put_on::put_on(&mut work, &ask.who, account).await,
        Ok(account) => commands::put_on::take_off(&mut work, &ask.who, account).await,
        Err(error) => Err(error),
    };
    match done {
        Ok(()) => {
            work.commit().await?;
            see_other(format!("/legal/policies/{}", ask.who.reader.id())).toast("Saved.").answer()
        }
        Err(Error::Invalid(errors)) => {
            drop(work);
            let again = Again { errors, tab: "text", ..Again::default() };
            show(&ask.request, &ask.who.reader, &DetailQuery::default(), again).await
        }
        Err(error) => Err(error),
    }
}
