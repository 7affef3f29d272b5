//! Tickets, their entries, and the service catalog.

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
                    .table("tickets_counter")
                    .col(pk_uuid("tenant_id"))
                    .col(big_integer("last"))
                    .foreign_key(ForeignKey::create().from("tickets_counter", "tenant_id").to("tenancy_tenant", "id"))
                    .to_owned(),
            )
            .await?;
        tenant_wall(manager, "tickets_counter").await?;
        manager
            .create_table(
                Table::create()
                    .table("tickets_service")
                    .col(pk_uuid("id"))
                    .col(uuid("tenant_id"))
                    .col(text("name"))
                    .col(text("description"))
                    .col(text("category"))
                    .col(text("priority"))
                    .col(integer_null("sla_hours"))
                    .col(text("questions"))
                    .col(boolean("offered"))
                    .col(big_integer("created_at"))
                    .col(big_integer("updated_at"))
                    .foreign_key(ForeignKey::create().from("tickets_service", "tenant_id").to("tenancy_tenant", "id"))
                    .to_owned(),
            )
            .await?;
        index(manager, "tickets_service", &["tenant_id", "name"], false).await?;
        tenant_wall(manager, "tickets_service").await?;
        manager
            .create_table(
                Table::create()
                    .table("tickets_ticket")
                    .col(pk_uuid("id"))
                    .col(uuid("tenant_id"))
                    .col(uuid("company_id"))
                    .col(big_integer("number"))
                    .col(text("subject"))
                    .col(text("category"))
                    .col(text("priority"))
                    .col(text("status"))
                    .col(text("description"))
                    .col(uuid_null("service_id"))
                    .col(text_null("service_name"))
                    .col(text("answers"))
                    .col(big_integer_null("due_at"))
                    .col(uuid_null("contact_id"))
                    .col(uuid_null("opened_by"))
                    .col(text("opened_by_name"))
                    .col(uuid_null("assignee_id"))
                    .col(text_null("assignee_name"))
                    .col(uuid_null("matter_id"))
                    .col(text("opening_key"))
                    .col(big_integer("subject_at"))
                    .col(big_integer("priority_at"))
                    .col(big_integer("status_at"))
                    .col(big_integer("revision"))
                    .col(text_null("outside_ref"))
                    .col(big_integer_null("seen_at"))
                    .col(big_integer("seen_revision"))
                    .col(big_integer("outgoing_revision"))
                    .col(big_integer("outside_version"))
                    .col(text_null("trouble"))
                    .col(big_integer_null("trouble_at"))
                    .col(boolean("trouble_away"))
                    .col(big_integer("opened_at"))
                    .col(big_integer("updated_at"))
                    .col(big_integer_null("resolved_at"))
                    .foreign_key(ForeignKey::create().from("tickets_ticket", "tenant_id").to("tenancy_tenant", "id"))
                    .foreign_key(ForeignKey::create().from("tickets_ticket", "company_id").to("tenancy_company", "id"))
                    .to_owned(),
            )
            .await?;
        index(manager, "tickets_ticket", &["tenant_id", "number"], true).await?;
        index(manager, "tickets_ticket", &["tenant_id", "opening_key"], true).await?;
        index(manager, "tickets_ticket", &["tenant_id", "outside_ref"], true).await?;
        index(manager, "tickets_ticket", &["tenant_id", "status", "updated_at"], false).await?;
        index(manager, "tickets_ticket", &["company_id", "updated_at"], false).await?;
        tenant_wall(manager, "tickets_ticket").await?;
        manager
            .create_table(
                Table::create()
                    .table("tickets_entry")
                    .col(pk_uuid("id"))
                    .col(uuid("tenant_id"))
                    .col(uuid("ticket_id"))
                    .col(big_integer("seq"))
                    .col(text("kind"))
                    .col(text("side"))
                    .col(uuid_null("author_id"))
                    .col(text("author_name"))
                    .col(text("body"))
                    .col(text("entry_key"))
                    .col(big_integer("created_at"))
                    .foreign_key(ForeignKey::create().from("tickets_entry", "ticket_id").to("tickets_ticket", "id"))
                    .to_owned(),
            )
            .await?;
        index(manager, "tickets_entry", &["ticket_id", "entry_key"], true).await?;
        index(manager, "tickets_entry", &["ticket_id", "seq"], false).await?;
        tenant_wall(manager, "tickets_entry").await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["tickets_entry", "tickets_ticket", "tickets_service", "tickets_counter"]).await
    }
}
