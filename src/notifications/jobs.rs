//! The mail that waits: sent if the person has not looked by then.

use std::sync::Arc;

use entity::{
    Moment, Reach,
    identity::AccountStatus,
    ids::{AccountId, ConversationId, NotificationId},
    notifications::notification,
    wall::Walled,
};
use sea_orm::{ColumnTrait, QueryFilter};

use super::{listen, queries, rules};
use crate::{
    identity, messaging,
    platform::{Actor, Job, Outcome, Platform, Result, Work, mail::To},
};

/// How long a person has to look by themselves.
pub const PATIENCE: i64 = 5 * Moment::MINUTE;

/// A line of the bell that becomes a mail unless it was read.
#[derive(Clone, Debug, serde::Serialize, serde::Deserialize)]
pub struct MailLater {
    pub line: NotificationId,
    pub account: AccountId,
    /// What there is to read; reading it elsewhere counts too.
    pub conversation: Option<ConversationId>,
}

impl Job for MailLater {
    const KIND: &'static str = "mail_later";

    async fn run(self, platform: &Arc<Platform>, _attempt: i32) -> Result<Outcome> {
        let reach = Reach::Everything("a mail to one person about their own line");
        let mut work = platform.work(Actor::program("job mail_later"), reach).await?;
        self.mail(&mut work).await?;
        work.commit().await?;
        Ok(Outcome::Done)
    }
}

impl MailLater {
    async fn mail(&self, work: &mut Work) -> Result<()> {
        let tx = work.read();
        let unread = notification::Entity::within(tx.reach())
            .filter(notification::Column::Id.eq(self.line))
            .filter(notification::Column::ReadAt.is_null())
            .one(tx)
            .await?;
        let (Some(line), Some(person)) = (unread, identity::account(tx, self.account).await?) else { return Ok(()) };
        if person.status != AccountStatus::Active || !queries::wants_mail(tx, person.id, rules::topic(&line.event)).await? {
            return Ok(());
        }
        if let Some(conversation) = self.conversation
            && messaging::unread_among(tx, person.id, &[conversation]).await?.is_empty()
        {
            return Ok(());
        }
        let Some(rule) = rules::of(&line.event).next() else { return Ok(()) };
        let look = listen::look(work, line.tenant_id, listen::is_client(&person)).await?;
        // The line's own id: a second run makes the same mail, not another one.
        let to = To { realm: &person.realm, name: &person.name, email: &person.email };
        let mail = listen::letter(work, line.id.0, to, &look, &line.words, rule.button, &line.href)?;
        work.enqueue(&mail).await
    }
}
