//! Jobs.

use sea_orm_migration::{prelude::*, schema::*};

use crate::kit::{drop_tables, index};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("platform_job")
                    .col(pk_uuid("id"))
                    .col(text("kind"))
                    .col(binary("payload"))
                    .col(text("status"))
                    .col(big_integer("run_at"))
                    .col(big_integer_null("leased_until"))
                    .col(integer("attempts"))
                    .col(text_null("last_error"))
                    .col(big_integer("created_at"))
                    .col(big_integer_null("finished_at"))
                    .to_owned(),
            )
            .await?;
        index(manager, "platform_job", &["status", "run_at"], false).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["platform_job"]).await
    }
}
