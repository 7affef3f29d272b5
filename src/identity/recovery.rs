//! Recovery codes: ten of 80 random bits, in letters and digits that are hard to misread.

use entity::ids::AccountId;

use crate::platform::{Platform, random};

pub const HOW_MANY: usize = 10;

/// Crockford's base32: no I, L, O or U.
const LETTERS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// `8F3K-29QX-M4TR-7HWC`
pub fn fresh() -> String {
    let bits = random::bytes::<10>().iter().fold(0_u128, |bits, byte| bits << 8 | u128::from(*byte));
    let letters: Vec<u8> = (0..16).rev().map(|at| LETTERS[(bits >> (at * 5) & 31) as usize]).collect();
    letters.chunks(4).map(|four| String::from_utf8_lossy(four).into_owned()).collect::<Vec<_>>().join("-")
}

/// As it lies in the database: a keyed hash, so that a stolen table alone gives nothing to try against.
pub fn hash(platform: &Platform, account: AccountId, code: &str) -> String {
    let plain: String = code
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|c| match c.to_ascii_uppercase() {
            'I' | 'L' => '1',
            'O' => '0',
            other => other,
        })
        .collect();
    platform.keyring.sign("recovery code", format!("{account}\n{plain}").as_bytes())
}
