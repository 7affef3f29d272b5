//! What counts as unread begins behind what a person wrote and behind their coming: also for those who take part already.

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
            .alter_table(
                Table::alter().table("messaging_participant").add_column(big_integer("unread_after").default(0)).to_owned(),
            )
            .await?;
        beyond_the_wall(manager).await?;
        let sql = "UPDATE messaging_participant SET unread_after = COALESCE(
                     (SELECT MAX(event.seq) FROM messaging_event AS event
                       WHERE event.conversation_id = messaging_participant.conversation_id
                         AND ((event.kind = 'message' AND event.actor_id = messaging_participant.account_id)
                           OR (event.kind = 'joined' AND event.subject_id = messaging_participant.account_id))),
                     0)";
        manager.get_connection().execute_unprepared(sql).await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.alter_table(Table::alter().table("messaging_participant").drop_column("unread_after").to_owned()).await
    }
}
