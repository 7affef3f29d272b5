//! When something last happened in a conversation stands beside its end: lists are sorted by it without a look at the events.

use sea_orm_migration::{prelude::*, schema::*};

use crate::kit::beyond_the_wall;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    /// A process that dies between the column and what stands in it leaves neither.
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .alter_table(Table::alter().table("messaging_conversation").add_column(big_integer("active_at").default(0)).to_owned())
            .await?;
        beyond_the_wall(manager).await?;
        let sql = "UPDATE messaging_conversation SET active_at = COALESCE(
                     (SELECT event.at FROM messaging_event AS event
                       WHERE event.conversation_id = messaging_conversation.id AND event.kind <> 'read'
                       ORDER BY event.seq DESC LIMIT 1),
                     created_at)";
        manager.get_connection().execute_unprepared(sql).await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.alter_table(Table::alter().table("messaging_conversation").drop_column("active_at").to_owned()).await
    }
}
