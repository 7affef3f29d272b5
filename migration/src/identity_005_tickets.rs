//! Tickets of the Hub that were used, and how its links fared.

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
                    .table("identity_ticket_use")
                    .col(text("key").primary_key())
                    .col(big_integer("used_at"))
                    .col(big_integer("keep_until"))
                    .to_owned(),
            )
            .await?;
        index(manager, "identity_ticket_use", &["keep_until"], false).await?;
        manager
            .create_table(
                Table::create()
                    .table("identity_arrival")
                    .col(pk_uuid("id"))
                    .col(text("face"))
                    .col(text("realm"))
                    .col(text("email"))
                    .col(big_integer_null("last_ok_at"))
                    .col(text_null("last_fault"))
                    .col(big_integer_null("last_fault_at"))
                    .to_owned(),
            )
            .await?;
        index(manager, "identity_arrival", &["face", "realm", "email"], true).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["identity_arrival", "identity_ticket_use"]).await
    }
}
