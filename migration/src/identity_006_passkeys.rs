//! Passkeys, and the questions asked of them.

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
                    .table("identity_passkey")
                    .col(pk_uuid("id"))
                    .col(uuid("account_id"))
                    .col(text("host"))
                    .col(text("credential"))
                    .col(binary("key"))
                    .col(text("name"))
                    .col(big_integer("created_at"))
                    .col(big_integer_null("last_used_at"))
                    .col(big_integer_null("stopped_at"))
                    .foreign_key(ForeignKey::create().from("identity_passkey", "account_id").to("identity_account", "id"))
                    .to_owned(),
            )
            .await?;
        index(manager, "identity_passkey", &["account_id"], false).await?;
        index(manager, "identity_passkey", &["credential"], true).await?;
        manager
            .create_table(
                Table::create()
                    .table("identity_ceremony")
                    .col(pk_uuid("id"))
                    .col(text("kind"))
                    .col(uuid_null("account_id"))
                    .col(text("host"))
                    .col(binary("state"))
                    .col(big_integer("asked_at"))
                    .to_owned(),
            )
            .await?;
        index(manager, "identity_ceremony", &["asked_at"], false).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["identity_ceremony", "identity_passkey"]).await
    }
}
