//! How the tables came to be. File names carry the capability; the same migrations run on SQLite and PostgreSQL.

#![forbid(unsafe_code)]

pub use sea_orm_migration::prelude::*;

mod kit;

mod announcements_001_announcements;
mod audit_001_entries;
mod audit_002_actors;
mod crm_001_clients;
mod identity_001_accounts;
mod identity_002_signin;
mod identity_003_new_email;
mod identity_004_kept_forms;
mod identity_005_tickets;
mod identity_006_passkeys;
mod identity_007_devices;
mod integrations_001_psa;
mod integrations_002_outgoing;
mod integrations_003_psa_people;
mod integrations_004_psa_refused;
mod invoices_001_invoices;
mod knowledge_001_articles;
mod knowledge_002_answering;
mod matters_001_matters;
mod messaging_001_conversations;
mod messaging_002_activity;
mod messaging_003_client;
mod messaging_004_unread;
mod mission_001_pages;
mod notifications_001_notifications;
mod payments_001_ledger;
mod payments_002_settlement;
mod payments_003_statement_months;
mod platform_001_jobs;
mod platform_002_remotes;
mod platform_003_deliveries;
mod platform_004_refusals;
mod platform_005_syncs;
mod platform_006_queues;
mod platform_007_untaken;
mod policies_001_policies;
mod policies_002_notices;
mod programs_001_keys;
mod pushed_001_documents;
mod retainers_001_retainers;
mod retainers_002_proposals;
mod retainers_003_amendments;
mod signing_001_envelopes;
mod tenancy_001_tenants;
mod tenancy_002_aliases;
mod tenancy_003_sign_proof;
mod tenancy_004_looks;
mod tenancy_005_domains;
mod tickets_001_tickets;
mod vault_001_documents;
mod vault_002_waiting;

pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(platform_001_jobs::Migration),
            Box::new(audit_001_entries::Migration),
            Box::new(identity_001_accounts::Migration),
            Box::new(tenancy_001_tenants::Migration),
            Box::new(signing_001_envelopes::Migration),
            Box::new(notifications_001_notifications::Migration),
            Box::new(policies_001_policies::Migration),
            Box::new(messaging_001_conversations::Migration),
            Box::new(matters_001_matters::Migration),
            Box::new(retainers_001_retainers::Migration),
            Box::new(vault_001_documents::Migration),
            Box::new(identity_002_signin::Migration),
            Box::new(audit_002_actors::Migration),
            Box::new(identity_003_new_email::Migration),
            Box::new(identity_004_kept_forms::Migration),
            Box::new(policies_002_notices::Migration),
            Box::new(payments_001_ledger::Migration),
            Box::new(payments_002_settlement::Migration),
            Box::new(retainers_002_proposals::Migration),
            Box::new(retainers_003_amendments::Migration),
            Box::new(platform_002_remotes::Migration),
            Box::new(payments_003_statement_months::Migration),
            Box::new(invoices_001_invoices::Migration),
            Box::new(identity_005_tickets::Migration),
            Box::new(tenancy_002_aliases::Migration),
            Box::new(tenancy_003_sign_proof::Migration),
            Box::new(tickets_001_tickets::Migration),
            Box::new(integrations_001_psa::Migration),
            Box::new(platform_003_deliveries::Migration),
            Box::new(tenancy_004_looks::Migration),
            Box::new(tenancy_005_domains::Migration),
            Box::new(identity_006_passkeys::Migration),
            Box::new(announcements_001_announcements::Migration),
            Box::new(knowledge_001_articles::Migration),
            Box::new(mission_001_pages::Migration),
            Box::new(programs_001_keys::Migration),
            Box::new(pushed_001_documents::Migration),
            Box::new(integrations_002_outgoing::Migration),
            Box::new(platform_004_refusals::Migration),
            Box::new(platform_005_syncs::Migration),
            Box::new(crm_001_clients::Migration),
            Box::new(knowledge_002_answering::Migration),
            Box::new(integrations_003_psa_people::Migration),
            Box::new(messaging_002_activity::Migration),
            Box::new(platform_006_queues::Migration),
            Box::new(identity_007_devices::Migration),
            Box::new(vault_002_waiting::Migration),
            Box::new(messaging_003_client::Migration),
            Box::new(messaging_004_unread::Migration),
            Box::new(integrations_004_psa_refused::Migration),
            Box::new(platform_007_untaken::Migration),
        ]
    }
}
