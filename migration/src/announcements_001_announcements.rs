//! Announcements, whom they are for, and who has read them.

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
                    .table("announcements_announcement")
                    .col(pk_uuid("id"))
                    .col(uuid("tenant_id"))
                    .col(text("title"))
                    .col(text("body"))
                    .col(text("status"))
                    .col(boolean("for_all"))
                    .col(boolean("by_mail"))
                    .col(big_integer_null("publish_at"))
                    .col(big_integer_null("published_at"))
                    .col(big_integer_null("edited_at"))
                    .col(uuid("author_id"))
                    .col(text("author_name"))
                    .col(big_integer("created_at"))
                    .col(big_integer("updated_at"))
                    .foreign_key(ForeignKey::create().from("announcements_announcement", "tenant_id").to("tenancy_tenant", "id"))
                    .to_owned(),
            )
            .await?;
        index(manager, "announcements_announcement", &["tenant_id", "status", "published_at"], false).await?;
        tenant_wall(manager, "announcements_announcement").await?;
        manager
            .create_table(
                Table::create()
                    .table("announcements_target")
                    .col(uuid("announcement_id"))
                    .col(uuid("company_id"))
                    .col(uuid("tenant_id"))
                    .primary_key(Index::create().col("announcement_id").col("company_id"))
                    .foreign_key(
                        ForeignKey::create().from("announcements_target", "announcement_id").to("announcements_announcement", "id"),
                    )
                    .foreign_key(ForeignKey::create().from("announcements_target", "company_id").to("tenancy_company", "id"))
                    .to_owned(),
            )
            .await?;
        index(manager, "announcements_target", &["company_id"], false).await?;
        tenant_wall(manager, "announcements_target").await?;
        manager
            .create_table(
                Table::create()
                    .table("announcements_read")
                    .col(uuid("announcement_id"))
                    .col(uuid("account_id"))
                    .col(uuid("tenant_id"))
                    .col(uuid("company_id"))
                    .col(text("name"))
                    .col(big_integer("at"))
                    .primary_key(Index::create().col("announcement_id").col("account_id"))
                    .foreign_key(
                        ForeignKey::create().from("announcements_read", "announcement_id").to("announcements_announcement", "id"),
                    )
                    .to_owned(),
            )
            .await?;
        index(manager, "announcements_read", &["account_id"], false).await?;
        tenant_wall(manager, "announcements_read").await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["announcements_read", "announcements_target", "announcements_announcement"]).await
    }
}
