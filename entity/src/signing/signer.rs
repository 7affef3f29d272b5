//! A person who is asked to sign an envelope, and how far they have read. Name and e-mail as they were when asked.

use sea_orm::entity::prelude::*;

use crate::{
    Moment, Walled,
    ids::{ContactId, EnvelopeId, SignerId, TenantId},
};

words! {
    pub enum SignerStatus {
        Waiting = "waiting" => "Not opened yet",
        Reading = "reading" => "Reading",
        Signed = "signed" => "Signed",
        Declined = "declined" => "Declined",
        Replaced = "replaced" => "Replaced",
    }
}

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "signing_signer")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: SignerId,
    pub tenant_id: TenantId,
    pub envelope_id: EnvelopeId,
    pub contact_id: ContactId,
    pub name: String,
    pub email: String,
    /// 1, 2, 3 …: the order where the envelope is sequential.
    pub position: i32,
    pub status: SignerStatus,
    /// The furthest point reached, per mille of the text; never moves back.
    pub furthest: i32,
    /// JSON: number of the part → seconds it was on the screen.
    pub parts: String,
    pub started_at: Option<Moment>,
    pub reached_end_at: Option<Moment>,
    pub signed_at: Option<Moment>,
    pub declined_at: Option<Moment>,
    pub decline_reason: Option<String>,
    pub reminded_at: Option<Moment>,
    pub created_at: Moment,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}
impl ActiveModelBehavior for ActiveModel {}
impl Walled for Entity {
    fn tenant_column() -> Column {
        Column::TenantId
    }
}
