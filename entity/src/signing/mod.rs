//! Envelopes, their signers, signatures and the chain of evidence.
pub mod envelope;
pub mod evidence;
pub mod signature;
pub mod signer;

pub use envelope::EnvelopeStatus;
pub use signer::SignerStatus;
