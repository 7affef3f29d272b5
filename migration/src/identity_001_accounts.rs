//! Accounts and sessions.

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
                    .table("identity_account")
                    .col(pk_uuid("id"))
                    .col(text("realm"))
                    .col(text("email"))
                    .col(text("name"))
                    .col(text("kind"))
                    .col(text("status"))
                    .col(uuid_null("tenant_id"))
                    .col(text_null("password_hash"))
                    .col(binary_null("totp_secret"))
                    .col(big_integer("totp_step"))
                    .col(big_integer("created_at"))
                    .col(big_integer_null("last_login_at"))
                    .to_owned(),
            )
            .await?;
        index(manager, "identity_account", &["realm", "email"], true).await?;
        manager
            .create_table(
                Table::create()
                    .table("identity_session")
                    .col(pk_uuid("id"))
                    .col(uuid("account_id"))
                    .col(text("token_hash"))
                    .col(text("stage"))
                    .col(text("method"))
                    .col(big_integer("created_at"))
                    .col(big_integer("last_seen_at"))
                    .col(big_integer("proved_at"))
                    .col(big_integer_null("ended_at"))
                    .col(text("ip"))
                    .col(text("user_agent"))
                    .foreign_key(ForeignKey::create().from("identity_session", "account_id").to("identity_account", "id"))
                    .to_owned(),
            )
            .await?;
        index(manager, "identity_session", &["token_hash"], true).await?;
        index(manager, "identity_session", &["account_id"], false).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["identity_session", "identity_account"]).await
    }
}
