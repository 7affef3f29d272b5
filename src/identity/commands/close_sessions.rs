//! Somebody else's sessions end at once, on every socket too; the person is told by whom. Tenancy decides who may.

use entity::{
    identity::account,
    ids::{AccountId, SessionId},
};

use super::{
    end_session::{end_session, end_sessions_of},
    sign_in::line,
};
use crate::{
    audit,
    identity::{device_words, letters, queries},
    platform::{Error, Refusal, Result, Work},
};

/// One live session of the account, or all of them; answers how many.
pub async fn close_sessions(work: &mut Work, account: AccountId, one: Option<SessionId>) -> Result<usize> {
    let account: account::Model = queries::account(work.read(), account).await?.ok_or(Error::NotFound)?;
    let live = queries::sessions_of(work.read(), &account, work.now()).await?;
    let (words, count) = match one {
        Some(id) => {
            let session = live.iter().find(|session| session.id == id).ok_or(Error::NotFound)?;
            end_session(work, id).await?;
            (format!("your session in {} ({})", device_words(&session.user_agent), session.ip), 1)
        }
        None if live.is_empty() => {
            return Err(Refusal::new("no_session", "This person is signed in nowhere.", "Reload the page.").into());
        }
        None => {
            end_sessions_of(work, account.id, None).await?;
            (if live.len() == 1 { "your session".to_owned() } else { format!("all your {} sessions", live.len()) }, live.len())
        }
    };
    let how = if one.is_some() { "by an administrator" } else { "by an administrator, all" };
    audit::record(work, line("session.ended", Some(&account), &account.realm).with("how", how).with("count", count)).await?;
    letters::sessions_closed(work, &account, &words).await?;
    Ok(count)
}
