//! A file waits for the message that names it: until then nobody but its sender knows of it. What was there before has been sent.

use sea_orm_migration::{prelude::*, schema::*};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.alter_table(Table::alter().table("vault_document").add_column(big_integer_null("waiting_since")).to_owned()).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.alter_table(Table::alter().table("vault_document").drop_column("waiting_since").to_owned()).await
    }
}
