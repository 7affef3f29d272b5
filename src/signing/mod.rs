//! Signing: a text with a hash, sent to named people, read, signed, sealed.
//!
//! Promise: exactly one signature a signer and text; what was signed is the very bytes that were shown; everything that
//! happened to an envelope is a link in its chain of evidence; the signed PDF lies in the vault as soon as the last has signed.
//! Owns: `signing_*`. Refuses: signing before the end was read, out of turn, another text than the one shown, or by anybody
//! but the named signer. Tells: `envelope.sent`, `.viewed`, `.signed`, `.completed`, `.declined`, `.reminded`, `.voided`.
//! It does not know whose text it is: `source` is a word of its caller (`policy:ID`).

mod access;
mod blocks;
mod certificate;
mod commands;
mod consent;
mod deadline;
mod envelope;
mod events;
mod jobs;
mod pdf;
mod queries;
mod reading;
mod sealed_text;
mod text;

pub use access::{Onlooker, Signatory, Standing, signatory, standing};
pub use certificate::{Notice, SignedDocument};
pub use commands::{
    decline::decline,
    record_reading::record_reading,
    remind::remind,
    replace_signer::replace_signer,
    seal::seal,
    send::send,
    sign::{SignEnvelope, Signed, sign},
    void::void,
};
pub use consent::{CONSENT, Consent};
pub use deadline::{end_of_day, last_day_words};
pub use envelope::{EnvelopeView, NewEnvelope, SignatureRecord, SignerView};
pub use events::{
    EnvelopeCompleted, EnvelopeDeclined, EnvelopeReminded, EnvelopeSent, EnvelopeSigned, EnvelopeViewed, EnvelopeVoided, SignerName,
};
pub use jobs::{RemindSigners, SealEnvelope};
pub use pdf::{render_notice, render_pdf};
pub use queries::{
    EvidenceLine, ForContact, SignedFilter, all_signed, envelope, envelope_of, evidence_of, record_of, signatures_of, signed_for,
    signed_pdf, text_of, verify_evidence, waiting_count, waiting_for,
};
pub use reading::Reading;
pub use text::{Part, clean, parts};
