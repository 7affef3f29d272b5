//! A signed-in browser. The cookie holds a random token; only its hash is here.

use sea_orm::entity::prelude::*;

use crate::{
    Moment, Unwalled,
    ids::{AccountId, SessionId},
};

words! {
    pub enum SessionStage {
        /// The password was right, the code is awaited: opens nothing but the code page and sign-out.
        Password = "password" => "Password given",
        /// Invited or with a lost second factor: opens nothing but the page that sets a new one up, and sign-out.
        Setup = "setup" => "Setting up",
        Full = "full" => "Signed in",
    }
}

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "identity_session")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: SessionId,
    pub account_id: AccountId,
    /// SHA-256 of the cookie's token, hex.
    pub token_hash: String,
    pub stage: SessionStage,
    /// How the person was authenticated: `password`, `password+totp`, `password+recovery`, `invite`, `setup`, `link`, `sso`, and the
    /// latter two with `+totp`, `+passkey` or `+recovery`; `passkey` alone for clients.
    pub method: String,
    pub created_at: Moment,
    pub last_seen_at: Moment,
    /// When password and code were last given: step-up looks at this.
    pub proved_at: Moment,
    pub ended_at: Option<Moment>,
    pub ip: String,
    pub user_agent: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}
impl ActiveModelBehavior for ActiveModel {}
impl Unwalled for Entity {}
