//! The client a conversation is about stands beside it, so that what is sent there lies with that client's files; what was sent
//! before as well.

use sea_orm_migration::{
    prelude::*,
    schema::*,
    sea_orm::{ConnectionTrait, DbBackend},
};

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
        manager.alter_table(Table::alter().table("messaging_conversation").add_column(uuid_null("company_id")).to_owned()).await?;
        beyond_the_wall(manager).await?;
        let of_matters = "UPDATE messaging_conversation SET company_id =
                            (SELECT matter.company_id FROM matters_matter AS matter
                              WHERE matter.conversation_id = messaging_conversation.id)";
        manager.get_connection().execute_unprepared(of_matters).await?;
        // An owner is written `conversation:` and the id with its dashes; SQLite keeps ids as sixteen bytes.
        let id = match manager.get_database_backend() {
            DbBackend::Postgres => "talk.id::text",
            _ => {
                "lower(substr(hex(talk.id), 1, 8) || '-' || substr(hex(talk.id), 9, 4) || '-' || substr(hex(talk.id), 13, 4)
                   || '-' || substr(hex(talk.id), 17, 4) || '-' || substr(hex(talk.id), 21))"
            }
        };
        let of_files = format!(
            "UPDATE vault_document SET company_id =
               (SELECT talk.company_id FROM messaging_conversation AS talk WHERE vault_document.owner = 'conversation:' || {id})
              WHERE company_id IS NULL AND owner LIKE 'conversation:%'"
        );
        manager.get_connection().execute_unprepared(&of_files).await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.alter_table(Table::alter().table("messaging_conversation").drop_column("company_id").to_owned()).await
    }
}
