//! The tables of jobs and listeners: every kind there is, one a line.

use crate::{
    announcements, crm,
    identity::{SendReset, SendSignInLink},
    integrations, invoices, notifications, payments,
    platform::{Jobs, Listener, mail::Mail},
    policies, retainers, signing,
};

/// Who listens to events: notifications to tell people, retainers to propose time, integrations to tell other programs.
pub const LISTENERS: &[Listener] = &[
    notifications::listen,
    retainers::listen,
    integrations::psa::listen,
    integrations::crm::listen,
    integrations::outgoing::listen,
];

pub fn table() -> Jobs {
    Jobs::default()
        .with::<Mail>()
        .with::<signing::SealEnvelope>()
        .with::<signing::RemindSigners>()
        .with::<policies::LayOutNotice>()
        .with::<notifications::jobs::MailLater>()
        .with::<SendReset>()
        .with::<SendSignInLink>()
        .with::<payments::jobs::Advance>()
        .with::<payments::jobs::WorkWebhooks>()
        .with::<retainers::jobs::BillRetainer>()
        .with::<payments::jobs::ReconcileNow>()
        .with::<payments::jobs::MailStatements>()
        .with::<invoices::jobs::SyncInvoices>()
        .with::<crm::jobs::SyncClients>()
        .with::<integrations::crm::jobs::TellCrm>()
        .with::<integrations::crm::jobs::TellWaiting>()
        .with::<announcements::jobs::PublishAnnouncement>()
        .with::<integrations::psa::jobs::PushTicket>()
        .with::<integrations::psa::jobs::ComparePsa>()
        .with::<integrations::outgoing::jobs::Deliver>()
        .with::<integrations::outgoing::jobs::DrainHook>()
}
