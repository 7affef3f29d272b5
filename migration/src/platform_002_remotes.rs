//! Other programs, and what came of the last calls to each.

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
                    .table("platform_remote")
                    .col(text("name").primary_key())
                    .col(big_integer_null("last_success_at"))
                    .col(text_null("last_error"))
                    .col(big_integer_null("last_error_at"))
                    .col(big_integer_null("failing_since"))
                    .to_owned(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["platform_remote"]).await
    }
}
