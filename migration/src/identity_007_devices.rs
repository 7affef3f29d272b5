//! The devices of an account are found without a look at everybody's.

use sea_orm_migration::prelude::*;

use crate::kit::index;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        index(manager, "identity_device", &["account_id"], false).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_index(Index::drop().name("identity_device_account_id").table("identity_device").to_owned()).await
    }
}
