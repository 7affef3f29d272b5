//! The words a signer agrees to. A change is a new version; signatures name the version and the hash of its words.

use crate::platform::secret;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Consent {
    pub version: &'static str,
    pub text: &'static str,
}

impl Consent {
    /// SHA-256 of the words, hex.
    pub fn sha256(&self) -> String {
        secret::sha256_hex(self.text.as_bytes())
    }

    /// The words of a version that was ever asked for.
    pub fn of(version: &str) -> Option<&'static Self> {
        EVER.iter().find(|consent| consent.version == version)
    }
}

/// What is asked for now.
pub const CONSENT: Consent = EVER[EVER.len() - 1];

/// Every version, oldest first; none is ever changed or removed.
const EVER: &[Consent] = &[Consent {
    version: "2026-01",
    text: "I have read this document. I agree to sign it electronically, and I intend my typed name to be my signature, with the \
           same legal effect as one by hand. I am authorised to sign in the capacity I have stated. I agree that the time, my \
           network address, my browser and how far I read are recorded with my signature. I can ask for a paper copy, or decline \
           to sign electronically, by contacting the sender.",
}];

#[cfg(test)]
mod tests {
    use super::{CONSENT, Consent};

    #[test]
    fn the_words_of_a_version_never_change() {
        assert_eq!(CONSENT.version, "2026-01");
        assert_eq!(Consent::of("2026-01"), Some(&CONSENT));
        assert_eq!(Consent::of("1999-01"), None);
        assert_eq!(CONSENT.sha256(), "799b5624ac26c453632e7915833390075b6638cd5b16e60dca8d960890921052");
    }
}
