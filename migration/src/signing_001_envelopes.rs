//! Envelopes, signers, signatures, evidence.

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
                    .table("signing_envelope")
                    .col(pk_uuid("id"))
                    .col(uuid("tenant_id"))
                    .col(uuid("company_id"))
                    .col(text("title"))
                    .col(text("issuer"))
                    .col(text("source"))
                    .col(integer("version"))
                    .col(text("status"))
                    .col(binary("text"))
                    .col(uuid("key_id"))
                    .col(text("sha256"))
                    .col(boolean("sequential"))
                    .col(boolean("scroll_to_end"))
                    .col(big_integer_null("deadline"))
                    .col(integer_null("reminder_days"))
                    .col(big_integer("sent_at"))
                    .col(big_integer_null("completed_at"))
                    .col(big_integer_null("ended_at"))
                    .col(text_null("end_reason"))
                    .col(uuid_null("sealed_document"))
                    .foreign_key(ForeignKey::create().from("signing_envelope", "tenant_id").to("tenancy_tenant", "id"))
                    .foreign_key(ForeignKey::create().from("signing_envelope", "company_id").to("tenancy_company", "id"))
                    .to_owned(),
            )
            .await?;
        index(manager, "signing_envelope", &["tenant_id", "source"], false).await?;
        index(manager, "signing_envelope", &["company_id", "status"], false).await?;
        tenant_wall(manager, "signing_envelope").await?;
        manager
            .create_table(
                Table::create()
                    .table("signing_signer")
                    .col(pk_uuid("id"))
                    .col(uuid("tenant_id"))
                    .col(uuid("envelope_id"))
                    .col(uuid("contact_id"))
                    .col(text("name"))
                    .col(text("email"))
                    .col(integer("position"))
                    .col(text("status"))
                    .col(integer("furthest"))
                    .col(text("parts"))
                    .col(big_integer_null("started_at"))
                    .col(big_integer_null("reached_end_at"))
                    .col(big_integer_null("signed_at"))
                    .col(big_integer_null("declined_at"))
                    .col(text_null("decline_reason"))
                    .col(big_integer_null("reminded_at"))
                    .col(big_integer("created_at"))
                    .foreign_key(ForeignKey::create().from("signing_signer", "envelope_id").to("signing_envelope", "id"))
                    .foreign_key(ForeignKey::create().from("signing_signer", "contact_id").to("tenancy_contact", "id"))
                    .to_owned(),
            )
            .await?;
        index(manager, "signing_signer", &["envelope_id", "contact_id"], false).await?;
        index(manager, "signing_signer", &["contact_id", "status"], false).await?;
        tenant_wall(manager, "signing_signer").await?;
        manager
            .create_table(
                Table::create()
                    .table("signing_signature")
                    .col(pk_uuid("id"))
                    .col(uuid("tenant_id"))
                    .col(uuid("envelope_id"))
                    .col(uuid("signer_id"))
                    .col(uuid("account_id"))
                    .col(text("typed_name"))
                    .col(text("title"))
                    .col(text("consent_version"))
                    .col(text("consent_sha256"))
                    .col(text("document_sha256"))
                    .col(integer("version"))
                    .col(text("reading"))
                    .col(text("method"))
                    .col(text("ip"))
                    .col(text("user_agent"))
                    .col(big_integer("signed_at"))
                    .foreign_key(ForeignKey::create().from("signing_signature", "envelope_id").to("signing_envelope", "id"))
                    .foreign_key(ForeignKey::create().from("signing_signature", "signer_id").to("signing_signer", "id"))
                    .to_owned(),
            )
            .await?;
        index(manager, "signing_signature", &["signer_id"], true).await?;
        index(manager, "signing_signature", &["envelope_id"], false).await?;
        tenant_wall(manager, "signing_signature").await?;
        append_only(manager, "signing_signature").await?;
        manager
            .create_table(
                Table::create()
                    .table("signing_evidence")
                    .col(pk_uuid("id"))
                    .col(uuid("tenant_id"))
                    .col(uuid("envelope_id"))
                    .col(big_integer("seq"))
                    .col(big_integer("at"))
                    .col(text("kind"))
                    .col(uuid_null("signer_id"))
                    .col(uuid_null("account_id"))
                    .col(text("actor"))
                    .col(text("ip"))
                    .col(text("user_agent"))
                    .col(text("detail"))
                    .col(text("hash"))
                    .foreign_key(ForeignKey::create().from("signing_evidence", "envelope_id").to("signing_envelope", "id"))
                    .to_owned(),
            )
            .await?;
        index(manager, "signing_evidence", &["envelope_id", "seq"], true).await?;
        tenant_wall(manager, "signing_evidence").await?;
        append_only(manager, "signing_evidence").await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["signing_evidence", "signing_signature", "signing_signer", "signing_envelope"]).await
    }
}
