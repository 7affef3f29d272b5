//! Documents that another installation pushed for signature.

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
                    .table("pushed_document")
                    .col(pk_uuid("id"))
                    .col(uuid("tenant_id"))
                    .col(uuid("company_id"))
                    .col(text("external_id"))
                    .col(text("content"))
                    .col(text("title"))
                    .col(uuid("envelope_id"))
                    .col(big_integer("pushed_at"))
                    .foreign_key(ForeignKey::create().from("pushed_document", "tenant_id").to("tenancy_tenant", "id"))
                    .foreign_key(ForeignKey::create().from("pushed_document", "company_id").to("tenancy_company", "id"))
                    .foreign_key(ForeignKey::create().from("pushed_document", "envelope_id").to("signing_envelope", "id"))
                    .to_owned(),
            )
            .await?;
        index(manager, "pushed_document", &["tenant_id", "external_id"], true).await?;
        index(manager, "pushed_document", &["envelope_id"], true).await?;
        tenant_wall(manager, "pushed_document").await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["pushed_document"]).await
    }
}
