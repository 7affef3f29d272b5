//! Notifications and mail preferences.

use sea_orm_migration::{prelude::*, schema::*};

use crate::kit::{drop_tables, index, tenant_wall};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("notifications_notification")
                    .col(pk_uuid("id"))
                    .col(uuid("tenant_id"))
                    .col(uuid("event_id"))
                    .col(uuid("account_id"))
                    .col(text("event"))
                    .col(text("words"))
                    .col(text("href"))
                    .col(big_integer("created_at"))
                    .col(big_integer_null("read_at"))
                    .foreign_key(ForeignKey::create().from("notifications_notification", "account_id").to("identity_account", "id"))
                    .to_owned(),
            )
            .await?;
        index(manager, "notifications_notification", &["event_id", "account_id"], true).await?;
        index(manager, "notifications_notification", &["account_id", "read_at", "created_at"], false).await?;
        tenant_wall(manager, "notifications_notification").await?;
        manager
            .create_table(
                Table::create()
                    .table("notifications_preference")
                    .col(uuid("account_id"))
                    .col(text("topic"))
                    .col(boolean("mail"))
                    .primary_key(Index::create().col("account_id").col("topic"))
                    .to_owned(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["notifications_preference", "notifications_notification"]).await
    }
}
