//! Invoices from Books, whose they are, and how far they were taken.

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
                    .table("invoices_invoice")
                    .col(pk_uuid("id"))
                    .col(uuid("tenant_id"))
                    .col(uuid_null("company_id"))
                    .col(text("client_ref"))
                    .col(text("external_id"))
                    .col(text("number"))
                    .col(text("status"))
                    .col(text("currency"))
                    .col(text("issued_on"))
                    .col(text_null("due_on"))
                    .col(big_integer("total"))
                    .col(big_integer("balance"))
                    .col(text("detail"))
                    .col(big_integer("version"))
                    .col(big_integer("taken_at"))
                    .foreign_key(ForeignKey::create().from("invoices_invoice", "tenant_id").to("tenancy_tenant", "id"))
                    .foreign_key(ForeignKey::create().from("invoices_invoice", "company_id").to("tenancy_company", "id"))
                    .to_owned(),
            )
            .await?;
        index(manager, "invoices_invoice", &["tenant_id", "external_id"], true).await?;
        index(manager, "invoices_invoice", &["tenant_id", "client_ref"], false).await?;
        index(manager, "invoices_invoice", &["company_id", "issued_on"], false).await?;
        tenant_wall(manager, "invoices_invoice").await?;
        manager
            .create_table(
                Table::create()
                    .table("invoices_client")
                    .col(pk_uuid("id"))
                    .col(uuid("tenant_id"))
                    .col(text("client_ref"))
                    .col(text("name"))
                    .col(uuid_null("company_id"))
                    .col(text("mapped_by"))
                    .col(big_integer_null("mapped_at"))
                    .col(big_integer("first_seen_at"))
                    .foreign_key(ForeignKey::create().from("invoices_client", "tenant_id").to("tenancy_tenant", "id"))
                    .foreign_key(ForeignKey::create().from("invoices_client", "company_id").to("tenancy_company", "id"))
                    .to_owned(),
            )
            .await?;
        index(manager, "invoices_client", &["tenant_id", "client_ref"], true).await?;
        tenant_wall(manager, "invoices_client").await?;
        manager
            .create_table(
                Table::create()
                    .table("invoices_sync")
                    .col(uuid("tenant_id").primary_key())
                    .col(big_integer("begun_at"))
                    .col(big_integer_null("taken_at"))
                    .col(text("problem"))
                    .col(text("mark"))
                    .foreign_key(ForeignKey::create().from("invoices_sync", "tenant_id").to("tenancy_tenant", "id"))
                    .to_owned(),
            )
            .await?;
        tenant_wall(manager, "invoices_sync").await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["invoices_sync", "invoices_client", "invoices_invoice"]).await
    }
}
