//! Entries by who made them: a person's own trail, and how much they read of late.

use sea_orm_migration::prelude::*;

use crate::kit::index;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        index(manager, "audit_entry", &["actor_id", "at"], false).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_index(Index::drop().name("audit_entry_actor_id_at").table("audit_entry").to_owned()).await
    }
}
