//! A link sent by mail. Only its hash is here; it works once, until it expires or a newer one takes its place.

use sea_orm::entity::prelude::*;

use crate::{
    Moment, Unwalled,
    ids::{AccountId, LinkId},
};

words! {
    pub enum LinkPurpose {
        /// First password, and for the firm's people the second factor.
        Invite = "invite" => "Invitation",
        /// A new password.
        Reset = "reset" => "Password reset",
        /// A new second factor after the old one was lost.
        Setup = "setup" => "New second factor",
        /// Another e-mail address: mailed there, so that it is known to be theirs.
        Email = "email" => "New e-mail address",
        /// The way into the portal without a password.
        SignIn = "sign_in" => "Sign-in by mail",
    }
}

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "identity_link")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: LinkId,
    pub account_id: AccountId,
    pub purpose: LinkPurpose,
    pub token_hash: String,
    pub created_at: Moment,
    pub expires_at: Moment,
    pub used_at: Option<Moment>,
    /// A newer link took its place, or the account was deactivated.
    pub revoked_at: Option<Moment>,
    /// Who to ask for a new one: `Mira Castellan of Harbor IT`.
    pub asked_by: String,
    /// The address that an e-mail link confirms.
    pub new_email: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}
impl ActiveModelBehavior for ActiveModel {}
impl Unwalled for Entity {}
