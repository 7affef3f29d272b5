//! The knowledge base, who read it, and who asked for a person.

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
                    .table("knowledge_article")
                    .col(pk_uuid("id"))
                    .col(uuid("tenant_id"))
                    .col(text("title"))
                    .col(text("summary"))
                    .col(text("body"))
                    .col(text("category"))
                    .col(text("tags"))
                    .col(text("status"))
                    .col(text("words"))
                    .col(big_integer("helpful_count"))
                    .col(big_integer("not_helpful_count"))
                    .col(big_integer("view_count"))
                    .col(text("author_name"))
                    .col(big_integer("created_at"))
                    .col(big_integer("updated_at"))
                    .col(big_integer_null("published_at"))
                    .foreign_key(ForeignKey::create().from("knowledge_article", "tenant_id").to("tenancy_tenant", "id"))
                    .to_owned(),
            )
            .await?;
        index(manager, "knowledge_article", &["tenant_id", "status"], false).await?;
        tenant_wall(manager, "knowledge_article").await?;
        manager
            .create_table(
                Table::create()
                    .table("knowledge_reader")
                    .col(uuid("article_id"))
                    .col(uuid("account_id"))
                    .col(uuid("tenant_id"))
                    .col(boolean_null("helpful"))
                    .col(big_integer("seen_at"))
                    .primary_key(Index::create().col("article_id").col("account_id"))
                    .foreign_key(ForeignKey::create().from("knowledge_reader", "article_id").to("knowledge_article", "id"))
                    .to_owned(),
            )
            .await?;
        tenant_wall(manager, "knowledge_reader").await?;
        manager
            .create_table(
                Table::create()
                    .table("knowledge_help")
                    .col(pk_uuid("id"))
                    .col(uuid("tenant_id"))
                    .col(uuid("company_id"))
                    .col(uuid("contact_id"))
                    .col(uuid("account_id"))
                    .col(text("name"))
                    .col(text("question"))
                    .col(text("shown"))
                    .col(uuid("conversation_id"))
                    .col(text("status"))
                    .col(uuid_null("claimed_by"))
                    .col(text_null("claimed_by_name"))
                    .col(big_integer_null("claimed_at"))
                    .col(big_integer_null("closed_at"))
                    .col(text_null("closed_by_name"))
                    .col(text_null("resolution"))
                    .col(uuid_null("resolved_by"))
                    .col(text("opening_key"))
                    .col(big_integer("asked_at"))
                    .col(big_integer("updated_at"))
                    .foreign_key(ForeignKey::create().from("knowledge_help", "tenant_id").to("tenancy_tenant", "id"))
                    .foreign_key(ForeignKey::create().from("knowledge_help", "company_id").to("tenancy_company", "id"))
                    .foreign_key(ForeignKey::create().from("knowledge_help", "conversation_id").to("messaging_conversation", "id"))
                    .to_owned(),
            )
            .await?;
        index(manager, "knowledge_help", &["tenant_id", "status", "asked_at"], false).await?;
        index(manager, "knowledge_help", &["tenant_id", "opening_key"], true).await?;
        index(manager, "knowledge_help", &["account_id", "updated_at"], false).await?;
        tenant_wall(manager, "knowledge_help").await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["knowledge_help", "knowledge_reader", "knowledge_article"]).await
    }
}
