//! Which passwords are good enough: long, not guessed soon, not common, not made of the person's own names.

use std::{collections::HashSet, sync::LazyLock};

use unicode_normalization::UnicodeNormalization;

pub const SHORTEST: usize = 12;
pub const LONGEST: usize = 128;

/// Passwords that lists of breaches begin with, one a line, lower case.
static COMMON: LazyLock<HashSet<&'static str>> = LazyLock::new(|| include_str!("common-passwords.txt").lines().collect());

/// Words of the product itself.
const PRODUCT: &[&str] = &["theonelegal", "onelegal", "theoneportal", "oneportal", "legal", "portal"];

/// Why the password is not taken, with what to do; none where it is good. `about` are the person's name, e-mail and firm.
pub fn objection(password: &str, about: &[&str]) -> Option<String> {
    let password: String = password.nfkc().collect();
    let length = password.chars().count();
    if length < SHORTEST {
        return Some(format!("Use at least {SHORTEST} characters; four or five unrelated words are easy to keep in mind."));
    }
    if length > LONGEST {
        return Some(format!("Use at most {LONGEST} characters."));
    }
    if is_common(&password) {
        return Some("This password is on the lists that attackers try first. Choose another one.".to_owned());
    }
    let words = words_of(about);
    if is_made_of(&password, &words) {
        return Some(
            "It is made of your name, e-mail, firm or this product's name. Choose words that have nothing to do with you."
                .to_owned(),
        );
    }
    let inputs: Vec<&str> = words.iter().map(String::as_str).collect();
    let guess = zxcvbn::zxcvbn(&password, &inputs);
    if guess.score() >= zxcvbn::Score::Three {
        return None;
    }
    let advice = guess.feedback().and_then(|feedback| feedback.warning()).map(|warning| format!("{warning} ")).unwrap_or_default();
    Some(format!("This password would be guessed soon. {advice}Add a word or two that nobody would expect."))
}

/// On the list as it is, without what people add at its ends, or with the usual digits for letters.
fn is_common(password: &str) -> bool {
    let lower = password.to_lowercase();
    let bare = lower.trim_matches(|c: char| !c.is_alphabetic());
    let plain: String = lower
        .chars()
        .map(|c| match c {
            '0' => 'o',
            '1' | '!' => 'i',
            '3' => 'e',
            '4' | '@' => 'a',
            '5' | '$' => 's',
            '7' => 't',
            other => other,
        })
        .collect();
    let plain_bare = plain.trim_matches(|c: char| !c.is_alphabetic());
    [lower.as_str(), bare, plain.as_str(), plain_bare].iter().any(|form| COMMON.contains(form)) || is_repeated(&lower)
}

/// The same short piece over and over.
fn is_repeated(text: &str) -> bool {
    let chars: Vec<char> = text.chars().collect();
    (1..=chars.len() / 2).any(|n| n <= 8 && chars.iter().enumerate().all(|(at, c)| *c == chars[at % n]))
}

fn words_of(about: &[&str]) -> Vec<String> {
    let mut words: Vec<String> = PRODUCT.iter().map(|word| (*word).to_owned()).collect();
    for text in about {
        let lower = text.to_lowercase();
        words.push(lower.chars().filter(|c| c.is_alphanumeric()).collect());
        words.extend(lower.split(|c: char| !c.is_alphanumeric()).map(str::to_owned));
    }
    words.retain(|word| word.chars().count() >= 3);
    words.sort_by_key(|word| std::cmp::Reverse(word.len()));
    words.dedup();
    words
}

/// What is left without those words is too little to be a secret.
fn is_made_of(password: &str, words: &[String]) -> bool {
    let letters: String = password.to_lowercase().chars().filter(|c| c.is_alphanumeric()).collect();
    let rest = words.iter().fold(letters.clone(), |text, word| text.replace(word.as_str(), ""));
    rest.len() < letters.len() && rest.chars().filter(|c| c.is_alphabetic()).count() < 6 && rest.chars().count() < 8
}

#[cfg(test)]
mod tests {
    //! The judgement itself.
    use super::objection;

    #[test]
    fn long_unexpected_words_are_good_and_common_or_own_ones_are_not() {
        let about = ["Ada Whitfield", "ada@whitfield.example", "Harbor IT"];
        assert_eq!(objection("harbor-lights-over-quiet-water", &about), None);
        assert_eq!(objection("пять лиловых слонов танцуют", &about), None);
        for bad in [
            "short",
            "password1234",
            "Passw0rd!!!!!!",
            "aaaaaaaaaaaaaa",
            "abcabcabcabcabc",
            "qwertyuiop123",
            "Whitfield2024!",
            "ada@whitfield.example",
            "TheOneLegal2026",
            "harborit-harborit",
            "123456789012",
        ] {
            assert!(objection(bad, &about).is_some(), "{bad} was taken");
        }
        assert!(objection(&"x1".repeat(65), &about).is_some(), "130 characters");
    }
}
