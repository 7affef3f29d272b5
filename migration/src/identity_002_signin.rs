//! Attempts, known devices, links, recovery codes and resets of a lost second factor.

use sea_orm_migration::{prelude::*, schema::*};

use crate::kit::{drop_tables, index};

#[derive(DeriveMigrationName)]
pub struct Migration;

fn of_account(table: &'static str) -> ForeignKeyCreateStatement {
    ForeignKey::create().from(table, "account_id").to("identity_account", "id").to_owned()
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("identity_attempt")
                    .col(text("key").primary_key())
                    .col(integer("failures"))
                    .col(big_integer_null("locked_until"))
                    .col(big_integer("last_at"))
                    .to_owned(),
            )
            .await?;
        index(manager, "identity_attempt", &["last_at"], false).await?;
        manager
            .create_table(
                Table::create()
                    .table("identity_device")
                    .col(pk_uuid("id"))
                    .col(uuid("account_id"))
                    .col(text("token_hash"))
                    .col(big_integer("created_at"))
                    .col(big_integer("last_seen_at"))
                    .foreign_key(&mut of_account("identity_device"))
                    .to_owned(),
            )
            .await?;
        index(manager, "identity_device", &["token_hash", "account_id"], true).await?;
        manager
            .create_table(
                Table::create()
                    .table("identity_link")
                    .col(pk_uuid("id"))
                    .col(uuid("account_id"))
                    .col(text("purpose"))
                    .col(text("token_hash"))
                    .col(big_integer("created_at"))
                    .col(big_integer("expires_at"))
                    .col(big_integer_null("used_at"))
                    .col(big_integer_null("revoked_at"))
                    .col(text("asked_by"))
                    .foreign_key(&mut of_account("identity_link"))
                    .to_owned(),
            )
            .await?;
        index(manager, "identity_link", &["token_hash"], true).await?;
        index(manager, "identity_link", &["account_id"], false).await?;
        manager
            .create_table(
                Table::create()
                    .table("identity_recovery_code")
                    .col(pk_uuid("id"))
                    .col(uuid("account_id"))
                    .col(text("code_hash"))
                    .col(big_integer("created_at"))
                    .col(big_integer_null("used_at"))
                    .foreign_key(&mut of_account("identity_recovery_code"))
                    .to_owned(),
            )
            .await?;
        index(manager, "identity_recovery_code", &["account_id", "code_hash"], true).await?;
        manager
            .create_table(
                Table::create()
                    .table("identity_mfa_reset")
                    .col(pk_uuid("id"))
                    .col(uuid("account_id"))
                    .col(uuid_null("started_by"))
                    .col(text("started_by_name"))
                    .col(text("verified"))
                    .col(big_integer("created_at"))
                    .col(big_integer_null("confirmed_at"))
                    .col(uuid_null("confirmed_by"))
                    .col(big_integer_null("cancelled_at"))
                    .foreign_key(&mut of_account("identity_mfa_reset"))
                    .to_owned(),
            )
            .await?;
        index(manager, "identity_mfa_reset", &["account_id"], false).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(
            manager,
            &["identity_mfa_reset", "identity_recovery_code", "identity_link", "identity_device", "identity_attempt"],
        )
        .await
    }
}
