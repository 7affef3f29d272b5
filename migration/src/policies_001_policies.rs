//! Templates, client policies, their signers, comments and people.

use sea_orm_migration::{prelude::*, schema::*};

use crate::kit::{drop_tables, index, tenant_wall};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        templates(manager).await?;
        policies(manager).await?;
        people(manager).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(
            manager,
            &[
                "policies_comment",
                "policies_person",
                "policies_signer",
                "policies_policy",
                "policies_template_version",
                "policies_template",
            ],
        )
        .await
    }
}

async fn templates(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            Table::create()
                .table("policies_template")
                .col(pk_uuid("id"))
                .col(uuid("tenant_id"))
                .col(text("slug"))
                .col(text("title"))
                .col(text("category"))
                .col(text("summary"))
                .col(text("state"))
                .col(text("acknowledgement"))
                .col(boolean("automatic"))
                .col(boolean("direct_to_client"))
                .col(uuid_null("published_version_id"))
                .col(big_integer("created_at"))
                .col(big_integer("updated_at"))
                .foreign_key(ForeignKey::create().from("policies_template", "tenant_id").to("tenancy_tenant", "id"))
                .to_owned(),
        )
        .await?;
    index(manager, "policies_template", &["tenant_id", "slug"], true).await?;
    tenant_wall(manager, "policies_template").await?;
    manager
        .create_table(
            Table::create()
                .table("policies_template_version")
                .col(pk_uuid("id"))
                .col(uuid("tenant_id"))
                .col(uuid("template_id"))
                .col(integer("number"))
                .col(text("content"))
                .col(text("changes"))
                .col(text("author"))
                .col(big_integer("created_at"))
                .col(big_integer_null("published_at"))
                .foreign_key(ForeignKey::create().from("policies_template_version", "template_id").to("policies_template", "id"))
                .to_owned(),
        )
        .await?;
    index(manager, "policies_template_version", &["template_id", "number"], true).await?;
    tenant_wall(manager, "policies_template_version").await
}

async fn policies(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            Table::create()
                .table("policies_policy")
                .col(pk_uuid("id"))
                .col(uuid("tenant_id"))
                .col(uuid("company_id"))
                .col(uuid("template_id"))
                .col(uuid("template_version_id"))
                .col(text("title"))
                .col(text("category"))
                .col(integer("version"))
                .col(text("status"))
                .col(text("effective_on"))
                .col(text_null("expires_on"))
                .col(text("acknowledgement"))
                .col(text("signers"))
                .col(boolean("sequential"))
                .col(text_null("deadline_on"))
                .col(integer_null("reminder_days"))
                .col(boolean("scroll_to_end"))
                .col(boolean("automatic"))
                .col(boolean("direct_to_client"))
                .col(integer("wizard_page"))
                .col(uuid("data_key_id"))
                .col(binary("draft"))
                .col(binary_null("rendered"))
                .col(text_null("text_sha256"))
                .col(uuid_null("envelope_id"))
                .col(uuid_null("supersedes_id"))
                .col(uuid("created_by"))
                .col(text("created_by_name"))
                .col(big_integer("created_at"))
                .col(big_integer("updated_at"))
                .col(big_integer_null("submitted_at"))
                .col(big_integer_null("sent_back_at"))
                .col(big_integer_null("approved_at"))
                .col(text_null("approved_by_name"))
                .col(big_integer_null("sent_at"))
                .col(big_integer_null("signed_at"))
                .col(big_integer_null("published_at"))
                .col(big_integer_null("ended_at"))
                .col(binary_null("reason"))
                .foreign_key(ForeignKey::create().from("policies_policy", "company_id").to("tenancy_company", "id"))
                .foreign_key(ForeignKey::create().from("policies_policy", "template_id").to("policies_template", "id"))
                .foreign_key(
                    ForeignKey::create().from("policies_policy", "template_version_id").to("policies_template_version", "id"),
                )
                .to_owned(),
        )
        .await?;
    for columns in [["tenant_id", "status", "updated_at"], ["tenant_id", "updated_at", "id"], ["tenant_id", "title", "id"]] {
        index(manager, "policies_policy", &columns, false).await?;
    }
    index(manager, "policies_policy", &["company_id", "status"], false).await?;
    index(manager, "policies_policy", &["supersedes_id"], false).await?;
    tenant_wall(manager, "policies_policy").await
}

async fn people(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            Table::create()
                .table("policies_signer")
                .col(uuid("policy_id"))
                .col(uuid("contact_id"))
                .col(uuid("tenant_id"))
                .col(integer("place"))
                .primary_key(Index::create().col("policy_id").col("contact_id"))
                .foreign_key(ForeignKey::create().from("policies_signer", "policy_id").to("policies_policy", "id"))
                .foreign_key(ForeignKey::create().from("policies_signer", "contact_id").to("tenancy_contact", "id"))
                .to_owned(),
        )
        .await?;
    tenant_wall(manager, "policies_signer").await?;
    manager
        .create_table(
            Table::create()
                .table("policies_person")
                .col(uuid("policy_id"))
                .col(uuid("account_id"))
                .col(uuid("tenant_id"))
                .col(text("name"))
                .col(big_integer("added_at"))
                .primary_key(Index::create().col("policy_id").col("account_id"))
                .foreign_key(ForeignKey::create().from("policies_person", "policy_id").to("policies_policy", "id"))
                .to_owned(),
        )
        .await?;
    index(manager, "policies_person", &["account_id"], false).await?;
    tenant_wall(manager, "policies_person").await?;
    manager
        .create_table(
            Table::create()
                .table("policies_comment")
                .col(pk_uuid("id"))
                .col(uuid("tenant_id"))
                .col(uuid("policy_id"))
                .col(uuid_null("parent_id"))
                .col(text("anchor"))
                .col(binary("body"))
                .col(uuid("author_id"))
                .col(text("author_name"))
                .col(text("author_role"))
                .col(big_integer("created_at"))
                .col(big_integer_null("resolved_at"))
                .col(text_null("resolved_by_name"))
                .foreign_key(ForeignKey::create().from("policies_comment", "policy_id").to("policies_policy", "id"))
                .to_owned(),
        )
        .await?;
    index(manager, "policies_comment", &["policy_id"], false).await?;
    tenant_wall(manager, "policies_comment").await
}
