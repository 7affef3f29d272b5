//! The end of a way in that asks for no password: a link of the Hub, or one by mail. Whoever has a second factor is asked for it
//! all the same.

use entity::{
    identity::{SessionStage, account},
    ids::SessionId,
};

use super::{
    end_session::end_session,
    open_session::{OpenSession, open_session},
    sign_in::{Opened, line, open_known},
};
use crate::{
    audit,
    platform::{Result, Work},
};

pub enum Entered {
    /// The token of a session that opens the code page alone.
    CodeAwaited {
        token: String,
    },
    SignedIn(Opened),
}

/// `method` is `sso` or `link`; `before` is a session this browser still has: it ends.
pub async fn enter(
    work: &mut Work,
    account: account::Model,
    method: &'static str,
    before: Option<SessionId>,
    device: Option<&str>,
) -> Result<Entered> {
    work.becomes(account.id, &account.name);
    if let Some(before) = before {
        end_session(work, before).await?;
    }
    if account.totp_secret.is_none() {
        return Ok(Entered::SignedIn(open_known(work, account, method, device).await?));
    }
    let open = OpenSession { account: account.id, stage: SessionStage::Password, method };
    let (_, token) = open_session(work, open).await?;
    audit::record(work, line("link.accepted", Some(&account), &account.realm).with("method", method)).await?;
    Ok(Entered::CodeAwaited { token })
}
