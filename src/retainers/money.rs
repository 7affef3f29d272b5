//! Money as people type it and read it: integer minor units and a currency, never a float.

/// The most one field takes: ten million in major units.
pub const LIMIT: i64 = 1_000_000_000;

/// Minor units from `1500`, `1,500`, `1500.5`, `1,500.00`, `$250`; `None` for anything else.
pub fn parse(text: &str) -> Option<i64> {
    let text = text.trim().trim_start_matches(['$', '€', '£']).trim();
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let mut groups = whole.split(',');
    let first = groups.next()?;
    let mut digits = first.to_owned();
    for group in groups {
        // A comma stands before each three digits, or nowhere.
        if group.len() != 3 || first.is_empty() || first.len() > 3 {
            return None;
        }
        digits.push_str(group);
    }
    let plain = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    if digits.is_empty() || digits.len() > 9 || fraction.len() > 2 || !plain(&digits) || !plain(fraction) {
        return None;
    }
    let cents: i64 = format!("{fraction:0<2}").parse().ok()?;
    let minor = digits.parse::<i64>().ok()?.checked_mul(100)?.checked_add(cents)?;
    (minor <= LIMIT).then_some(minor)
}

/// `$1,500.00`, `1,500.00 CHF`
pub fn words(minor: i64, currency: &str) -> String {
    let amount = minor.unsigned_abs();
    let major = (amount / 100).to_string();
    let mut grouped = String::new();
    for (at, digit) in major.chars().enumerate() {
        if at > 0 && (major.len() - at).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    let sign = if minor < 0 { "−" } else { "" };
    let cents = amount % 100;
    match sign_of(currency) {
        Some(symbol) => format!("{sign}{symbol}{grouped}.{cents:02}"),
        None => format!("{sign}{grouped}.{cents:02} {currency}"),
    }
}

/// What stands before the amount in a form.
pub fn sign_of(currency: &str) -> Option<&'static str> {
    match currency {
        "USD" | "CAD" | "AUD" => Some("$"),
        "EUR" => Some("€"),
        "GBP" => Some("£"),
        _ => None,
    }
}

/// As a form takes it back: `1500.00`.
pub fn plain(minor: i64) -> String {
    format!("{}.{:02}", minor / 100, minor % 100)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn amounts_are_read_as_people_type_them() {
        for (text, minor) in [
            ("1500", 150_000),
            ("1,500", 150_000),
            ("$1,500.00", 150_000),
            ("0.5", 50),
            ("0", 0),
            (" 250 ", 25_000),
            ("1,234,567.89", 123_456_789),
        ] {
            assert_eq!(parse(text), Some(minor), "{text:?}");
        }
        for text in ["", "-1", "1.234", "1,50", "12,34", "1e3", ".5", "1..2", "99999999999", "abc", "1234,567"] {
            assert_eq!(parse(text), None, "{text:?}");
        }
        assert_eq!(words(123_456_789, "USD"), "$1,234,567.89");
        assert_eq!(words(50, "CHF"), "0.50 CHF");
    }

    proptest! {
        #[test]
        fn what_is_shown_is_read_back(minor in 0..=LIMIT) {
            prop_assert_eq!(parse(&words(minor, "USD")), Some(minor));
            prop_assert_eq!(parse(&plain(minor)), Some(minor));
        }

        #[test]
        fn nothing_typed_makes_it_panic(text in "\\PC{0,40}") {
            let _ = parse(&text);
        }
    }
}
