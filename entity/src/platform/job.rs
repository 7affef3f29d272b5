//! Work to be done after a commit: written in the command's own transaction, done by the runner.

use sea_orm::entity::prelude::*;

use crate::{Moment, Unwalled, ids::JobId};

words! {
    pub enum JobStatus {
        Queued = "queued" => "Waiting",
        Running = "running" => "Running",
        Done = "done" => "Done",
        GaveUp = "gave_up" => "Gave up",
    }
}

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "platform_job")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: JobId,
    pub kind: String,
    /// Those with the same word here are done one at a time.
    pub queue: Option<String>,
    /// Sealed JSON: a job may carry a one-time link.
    pub payload: Vec<u8>,
    pub status: JobStatus,
    pub run_at: Moment,
    /// While running: after this moment another runner may take it (the first one died).
    pub leased_until: Option<Moment>,
    pub attempts: i32,
    pub last_error: Option<String>,
    pub created_at: Moment,
    pub finished_at: Option<Moment>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}
impl ActiveModelBehavior for ActiveModel {}
impl Unwalled for Entity {}
