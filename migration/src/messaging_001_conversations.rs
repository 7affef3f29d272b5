//! Conversations, participants, and the events of each conversation in their sequence.

use sea_orm_migration::{prelude::*, schema::*};

use crate::kit::{append_only, drop_tables, index, tenant_wall};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("messaging_conversation")
                    .col(pk_uuid("id"))
                    .col(uuid("tenant_id"))
                    .col(text("title"))
                    .col(text("href"))
                    .col(uuid("data_key_id"))
                    .col(big_integer("head"))
                    .col(text("head_hash"))
                    .col(big_integer("created_at"))
                    .foreign_key(ForeignKey::create().from("messaging_conversation", "tenant_id").to("tenancy_tenant", "id"))
                    .to_owned(),
            )
            .await?;
        tenant_wall(manager, "messaging_conversation").await?;
        manager
            .create_table(
                Table::create()
                    .table("messaging_participant")
                    .col(pk_uuid("id"))
                    .col(uuid("tenant_id"))
                    .col(uuid("conversation_id"))
                    .col(uuid("account_id"))
                    .col(text("name"))
                    .col(big_integer("joined_at"))
                    .col(big_integer_null("left_at"))
                    .col(big_integer("read_seq"))
                    .col(big_integer("told_seq"))
                    .foreign_key(
                        ForeignKey::create().from("messaging_participant", "conversation_id").to("messaging_conversation", "id"),
                    )
                    .foreign_key(ForeignKey::create().from("messaging_participant", "account_id").to("identity_account", "id"))
                    .to_owned(),
            )
            .await?;
        index(manager, "messaging_participant", &["conversation_id", "account_id"], true).await?;
        index(manager, "messaging_participant", &["account_id"], false).await?;
        tenant_wall(manager, "messaging_participant").await?;
        manager
            .create_table(
                Table::create()
                    .table("messaging_event")
                    .col(uuid("conversation_id"))
                    .col(big_integer("seq"))
                    .col(uuid("tenant_id"))
                    .col(text("kind"))
                    .col(big_integer("at"))
                    .col(uuid_null("actor_id"))
                    .col(text("actor_name"))
                    .col(uuid_null("subject_id"))
                    .col(text_null("subject_name"))
                    .col(uuid_null("client_id"))
                    .col(big_integer_null("target_seq"))
                    .col(big_integer_null("reply_to"))
                    .col(binary_null("sealed"))
                    .col(text("hash"))
                    .primary_key(Index::create().col("conversation_id").col("seq"))
                    .foreign_key(ForeignKey::create().from("messaging_event", "conversation_id").to("messaging_conversation", "id"))
                    .to_owned(),
            )
            .await?;
        index(manager, "messaging_event", &["conversation_id", "actor_id", "client_id"], true).await?;
        index(manager, "messaging_event", &["conversation_id", "target_seq"], false).await?;
        append_only(manager, "messaging_event").await?;
        tenant_wall(manager, "messaging_event").await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["messaging_event", "messaging_participant", "messaging_conversation"]).await
    }
}
