//! What became of a mail: handed over, delivered, or why not.

use sea_orm::entity::prelude::*;

use crate::{Moment, Unwalled};

words! {
    pub enum DeliveryState {
        /// Not taken yet; tried again.
        Waiting = "waiting" => "Not sent yet",
        /// No mail server is set: it lies in the outbox folder.
        Kept = "kept" => "In the outbox",
        /// The mail server took it.
        Sent = "sent" => "Sent",
        /// The server of the person's mailbox took it.
        Delivered = "delivered" => "Delivered",
        /// Nobody took it, and nobody is asked again.
        Failed = "failed" => "Not delivered",
        /// Taken, and sent back later.
        Bounced = "bounced" => "Bounced",
        /// The person called it spam.
        Complained = "complained" => "Called spam",
    }
}

words! {
    /// Why a mail does not go; the first four concern every mail, the rest this person.
    pub enum DeliveryCause {
        Unreachable = "unreachable" => "The mail server cannot be reached",
        SignIn = "sign_in" => "The mail server refuses our sign-in",
        SenderUnverified = "sender_unverified" => "The sender is not verified at Amazon SES",
        Sandbox = "sandbox" => "Amazon SES still keeps the account in its sandbox",
        NoMailbox = "no_mailbox" => "There is no such mailbox",
        MailboxFull = "mailbox_full" => "The mailbox is full",
        CalledSpam = "called_spam" => "The other side takes it for spam",
        Other = "other" => "The mail server refused it",
    }
}

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "platform_delivery")]
pub struct Model {
    /// The mail's own id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// To whose people the address belongs: the same address may be known to several tenants.
    pub realm: String,
    /// In lower case.
    pub email: String,
    pub state: DeliveryState,
    pub cause: Option<DeliveryCause>,
    /// The other side's own words.
    pub answer: Option<String>,
    /// By what the mail server knows it; its later news name it so.
    pub server_id: Option<String>,
    pub created_at: Moment,
    pub changed_at: Moment,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}
impl ActiveModelBehavior for ActiveModel {}
impl Unwalled for Entity {}
