//! `operator create` and `operator reset-mfa`: for whoever has the machine, when nobody can sign in yet or any more.

use std::sync::Arc;

use entity::Reach;

use super::{cli::OperatorCommand, start};
use crate::{
    identity,
    platform::{Actor, Clock, Config, Error, Platform, Result},
    tenancy,
};

/// Runs the command; the exit code is the answer's.
pub async fn run(config: Config, command: OperatorCommand) -> Result<i32> {
    let platform = start::open(config, Clock::system()).await?;
    let done = match command {
        OperatorCommand::Create { email } => create(&platform, &email).await.map(|link| format!("Open this link to set the account up (7 days, once):\n\n  {link}\n")),
        OperatorCommand::ResetMfa { email, verified } => reset_mfa(&platform, &email, &verified)
            .await
            .map(|()| "Started. Another operator confirms it at /operator/resets, or the owner of their MSP at /admin/resets; the person was told by mail.".to_owned()),
    };
    let code = match done {
        Ok(words) => {
            println!("{words}");
            0
        }
        Err(error @ (Error::Invalid(_) | Error::Refused(_) | Error::Forbidden(_))) => {
            eprintln!("{}", error.detail());
            if let Error::Refused(refusal) = &error {
                eprintln!("{}", refusal.next_step);
            }
            2
        }
        Err(error) => return Err(error),
    };
    platform.db.close().await;
    Ok(code)
}

/// The link; it is mailed as well. Again for somebody who has not accepted: a fresh one.
pub async fn create(platform: &Arc<Platform>, email: &str) -> Result<String> {
    let mut work = platform.work(Actor::program("command operator create"), Reach::Everything("command operator create")).await?;
    let (_, link) = tenancy::first_operator(&mut work, email.to_owned()).await?;
    work.commit().await?;
    Ok(platform.config.link(&link.unwrap_or_default()))
}

pub async fn reset_mfa(platform: &Arc<Platform>, email: &str, verified: &str) -> Result<()> {
    let mut work =
        platform.work(Actor::program("command operator reset-mfa"), Reach::Everything("command operator reset-mfa")).await?;
    identity::start_factor_reset(&mut work, email, verified).await?;
    work.commit().await
}
