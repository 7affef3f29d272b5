//! What became of each mail.

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
                    .table("platform_delivery")
                    .col(uuid("id").primary_key())
                    .col(text("realm"))
                    .col(text("email"))
                    .col(text("state"))
                    .col(text_null("cause"))
                    .col(text_null("answer"))
                    .col(text_null("server_id"))
                    .col(big_integer("created_at"))
                    .col(big_integer("changed_at"))
                    .to_owned(),
            )
            .await?;
        index(manager, "platform_delivery", &["realm", "email", "created_at"], false).await?;
        index(manager, "platform_delivery", &["server_id"], false).await?;
        index(manager, "platform_delivery", &["state", "changed_at"], false).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["platform_delivery"]).await
    }
}
