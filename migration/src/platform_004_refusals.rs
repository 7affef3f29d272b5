//! When somebody last came with a key that is not ours.

use sea_orm_migration::{prelude::*, schema::*};

use crate::kit::drop_tables;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("platform_refusal")
                    .col(text("setting").primary_key())
                    .col(big_integer("at"))
                    .col(text("ip"))
                    .col(big_integer("times"))
                    .to_owned(),
            )
            .await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["platform_refusal"]).await
    }
}
