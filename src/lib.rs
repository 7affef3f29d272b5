//! # The map and the law
//!
//! The One Legal: one server, two faces. Each module is a capability; **a module uses only modules above it**
//! (a test reads this file and enforces it; the blank lines keep rustfmt from sorting). First mechanisms that many
//! stories use, then stories, then faces, then wiring.

#![forbid(unsafe_code)]

/// Machines and web kit; knows no legal word.
pub mod platform;

/// What happened, to what, by whom; append-only and chained.
pub mod audit;

/// Accounts, passwords, second factors, sessions, links: who somebody is.
pub mod identity;

/// MSPs, client companies, contacts, engagements, roles, look: who is calling, and where.
pub mod tenancy;

/// The doors of both faces: sign-in, invitations, resets, a person's own profile.
pub mod entrance;

/// API keys: which programs of an MSP come, and what they may ask.
pub mod programs;

/// The MSP's clients as its CRM keeps them: who they are here.
pub mod crm;

/// Encrypted documents and their keys.
pub mod vault;

/// Conversations and what happens in them, live and stored.
pub mod messaging;

/// Envelopes, signers, evidence, sealed documents.
pub mod signing;

/// Documents that other installations push here for signature.
pub mod pushed;

/// The ledger: what is owed, held and passed on, in books that do not mix.
pub mod payments;

/// Templates, client policies, the wizard, review and approval.
pub mod policies;

/// Scores per client, and their reasons.
pub mod compliance;

/// Legal issues from open to closed.
pub mod matters;

/// Terms, hours and the meter between an MSP and its attorney.
pub mod retainers;

/// What the MSP bills its clients, from Books.
pub mod invoices;

/// What the MSP tells its clients, and who has read it.
pub mod announcements;

/// What clients ask of their MSP: tickets and the service catalog.
pub mod tickets;

/// What the MSP has written down for its clients, and the way from a question to a person.
pub mod knowledge;

/// What members of a mission organisation see of it, through the Mission API.
pub mod mission;

/// The client's face: what waits for me, documents, messages.
pub mod portal;

/// Event → whom → channel → words.
pub mod notifications;

/// The firm's first screen: what waits for me.
pub mod home;

/// Other programs: what goes to them, what comes from them.
pub mod integrations;

/// MSP and operator screens, health.
pub mod admin;

/// Config, wiring, routes, jobs table, cast and demo; nobody uses it.
pub mod app;
