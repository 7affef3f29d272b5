//! Money as people type it and read it: integer minor units and a currency, never a float. How many minor units a major one has
//! is the currency's (ISO 4217): none for the yen, a hundred for the dollar, a thousand for the dinar.

use iso_currency::Currency;

/// The most one field of a form takes, in minor units: ten million dollars, a billion yen.
pub const LIMIT: i64 = 1_000_000_000;

/// An ISO 4217 code.
pub fn is_known(currency: &str) -> bool {
    Currency::from_code(currency).is_some()
}

/// Digits after the point; an unknown currency has two.
pub fn exponent(currency: &str) -> usize {
    Currency::from_code(currency).and_then(|currency| currency.exponent()).map_or(2, usize::from)
}

/// Minor units of a major one.
fn scale(currency: &str) -> i64 {
    10_i64.pow(u32::try_from(exponent(currency)).unwrap_or(2))
}

/// Minor units from `1500`, `1,500`, `1500.5`, `1,500.00`, `$250`, `KWD 1.250`; `None` for anything else, for more digits
/// after the point than the currency has, and for more than [`LIMIT`].
pub fn parse(text: &str, currency: &str) -> Option<i64> {
    let (whole, fraction) = bare(text, currency).split_once('.').map_or((bare(text, currency), None), |(a, b)| (a, Some(b)));
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
    minor(&digits, fraction, currency).filter(|minor| *minor <= LIMIT)
}

/// The same, more patient: commas and blanks anywhere, any amount, and noughts where the currency has no digits.
pub fn parse_loosely(text: &str, currency: &str) -> Option<i64> {
    let plain = bare(text, currency).replace([',', ' '], "");
    let (whole, fraction) = plain.split_once('.').map_or((plain.as_str(), None), |(a, b)| (a, Some(b)));
    let fraction = fraction.map(|digits| match digits.trim_end_matches('0') {
        kept if digits.len() > exponent(currency) => kept,
        _ => digits,
    });
    minor(whole, fraction, currency)
}

/// Without the currency's sign or code before it.
fn bare<'a>(text: &'a str, currency: &str) -> &'a str {
    let text = text.trim();
    text.strip_prefix(currency).unwrap_or(text).trim_start_matches(['$', '€', '£', '¥']).trim()
}

fn minor(whole: &str, fraction: Option<&str>, currency: &str) -> Option<i64> {
    let width = exponent(currency);
    let fraction = fraction.unwrap_or("");
    let plain = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    if whole.is_empty() || whole.len() > 12 || fraction.len() > width || !plain(whole) || !plain(fraction) {
        return None;
    }
    format!("{whole}{fraction:0<width$}").parse().ok()
}

/// `$1,500.00`, `¥1,500`, `KWD 1,500.250`
pub fn words(minor: i64, currency: &str) -> String {
    let sign = if minor < 0 { "−" } else { "" };
    let (major, fraction) = parts(minor, currency);
    let mut grouped = String::new();
    for (at, digit) in major.chars().enumerate() {
        if at > 0 && (major.len() - at).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    match sign_of(currency) {
        Some(symbol) => format!("{sign}{symbol}{grouped}{fraction}"),
        None => format!("{sign}{currency} {grouped}{fraction}"),
    }
}

/// As a form takes it back, and as files have it: `1500.00`, `-1500`.
pub fn plain(minor: i64, currency: &str) -> String {
    let (major, fraction) = parts(minor, currency);
    format!("{}{major}{fraction}", if minor < 0 { "-" } else { "" })
}

/// `1500` and `.00`
fn parts(minor: i64, currency: &str) -> (String, String) {
    let (amount, scale, width) = (minor.unsigned_abs(), scale(currency).unsigned_abs(), exponent(currency));
    let fraction = if width == 0 { String::new() } else { format!(".{:0width$}", amount % scale) };
    ((amount / scale).to_string(), fraction)
}

/// The symbol where it names one currency alone.
fn sign_of(currency: &str) -> Option<&'static str> {
    match currency {
        "USD" => Some("$"),
        "EUR" => Some("€"),
        "GBP" => Some("£"),
        "JPY" => Some("¥"),
        _ => None,
    }
}

/// What stands before the amount in a form: `$`, `KWD`.
pub fn sign(currency: &str) -> &str {
    sign_of(currency).unwrap_or(currency)
}

/// An amount as an example of what a form takes: `1500 or 1,500.00`.
pub fn example(currency: &str) -> String {
    let amount = 1_500 * scale(currency);
    format!("1500 or {}", words(amount, currency).trim_start_matches(sign(currency)).trim())
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
            assert_eq!(parse(text, "USD"), Some(minor), "{text:?}");
        }
        for text in ["", "-1", "1.234", "1,50", "12,34", "1e3", ".5", "1..2", "99999999999", "abc", "1234,567"] {
            assert_eq!(parse(text, "USD"), None, "{text:?}");
        }
        assert_eq!(words(123_456_789, "USD"), "$1,234,567.89");
        assert_eq!(words(50, "CHF"), "CHF 0.50");
        assert_eq!(example("USD"), "1500 or 1,500.00");
    }

    #[test]
    fn each_currency_has_its_own_minor_units() {
        assert_eq!((exponent("JPY"), exponent("USD"), exponent("KWD"), exponent("???")), (0, 2, 3, 2));
        assert_eq!((parse("1500", "JPY"), parse("1500", "KWD")), (Some(1_500), Some(1_500_000)));
        assert_eq!((parse("1500.5", "JPY"), parse("1.2345", "KWD")), (None, None));
        assert_eq!((words(1_500, "JPY"), words(1_500_250, "KWD")), ("¥1,500".to_owned(), "KWD 1,500.250".to_owned()));
        assert_eq!((plain(-1_500, "JPY"), plain(1_005, "KWD")), ("-1500".to_owned(), "1.005".to_owned()));
        assert_eq!((example("JPY"), example("KWD")), ("1500 or 1,500".to_owned(), "1500 or 1,500.000".to_owned()));
        assert_eq!((parse_loosely("1 234.5", "USD"), parse_loosely("2,500.00", "JPY")), (Some(123_450), Some(2_500)));
        assert_eq!((parse_loosely("1.5", "JPY"), parse_loosely("1.005", "USD")), (None, None));
    }

    fn currency() -> impl Strategy<Value = &'static str> {
        prop::sample::select(vec!["JPY", "USD", "KWD", "EUR", "CHF", "CLF"])
    }

    proptest! {
        #[test]
        fn what_is_shown_is_read_back(minor in 0..=LIMIT, currency in currency()) {
            prop_assert_eq!(parse(&words(minor, currency), currency), Some(minor));
            prop_assert_eq!(parse(&plain(minor, currency), currency), Some(minor));
            prop_assert_eq!(parse_loosely(&words(minor, currency), currency), Some(minor));
        }

        #[test]
        fn a_figure_shows_as_many_digits_as_the_currency_has(minor in -LIMIT..=LIMIT, currency in currency()) {
            let digits = words(minor, currency).split_once('.').map_or(0, |(_, fraction)| fraction.len());
            prop_assert_eq!(digits, exponent(currency));
        }

        #[test]
        fn nothing_typed_makes_it_panic(text in "\\PC{0,40}", currency in currency()) {
            let _ = (parse(&text, currency), parse_loosely(&text, currency));
        }
    }
}
