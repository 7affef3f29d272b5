//! Ids that look like Stripe's, and the generator of everything random here: seeded, so that a run can be repeated.

use serde::{Deserialize, Serialize};

const LETTERS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// SplitMix64: small, seeded, good enough for ids and dice.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Dice(u64);

impl Dice {
    pub fn new(seed: u64) -> Dice {
        Dice(seed)
    }

    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    pub fn below(&mut self, limit: u64) -> u64 {
        if limit == 0 { 0 } else { self.next() % limit }
    }

    /// True with this probability.
    pub fn chance(&mut self, probability: f64) -> bool {
        probability > 0.0 && (self.next() >> 11) as f64 / ((1_u64 << 53) as f64) < probability
    }

    pub fn letters(&mut self, count: usize) -> String {
        (0..count).map(|_| LETTERS[self.below(62) as usize] as char).collect()
    }

    /// Prefix and length as Stripe gives them.
    pub fn id(&mut self, prefix: &str) -> String {
        let body = match prefix {
            "cus_" | "py_" => self.letters(14),
            "acct_" | "req_" => format!("1{}", self.letters(15)),
            "cs_test_" => format!("a1{}", self.letters(56)),
            _ => format!("1{}", self.letters(23)),
        };
        format!("{prefix}{body}")
    }
}
