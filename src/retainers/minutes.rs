//! Time as people type it, and as it is counted: in steps of six minutes, rounded up.

/// Minutes of one step: a tenth of an hour.
pub const STEP: i64 = 6;
/// More than this in one entry is a slip of the finger.
pub const ENTRY_LIMIT: i64 = 24 * 60;

/// Rounded up to whole steps.
pub fn in_steps(minutes: i64) -> i64 {
    let minutes = minutes.max(0);
    (minutes / STEP + i64::from(minutes % STEP != 0)).saturating_mul(STEP)
}

/// Minutes from `1h20m`, `1h 20`, `45m`, `1:20`, `1.3` or `1,3` (hours), `80` (minutes); `None` for anything else, and for
/// nothing or more than a day. Parts of a minute count as a whole one.
pub fn parse(text: &str) -> Option<i64> {
    let text: String = text.trim().to_lowercase().chars().filter(|c| !c.is_whitespace()).collect();
    let minutes = if let Some((hours, minutes)) = text.split_once(':') {
        clock(hours, minutes)?
    } else if let Some((hours, rest)) = text.split_once('h') {
        // `1h`, `1h20`, `1h20m`, `1.5h`; also `1hour`, `2hrs`, `1h20min`
        let rest = ["ours", "our", "rs", "r"].iter().find_map(|tail| rest.strip_prefix(tail)).unwrap_or(rest);
        let rest = without_minutes_word(rest).unwrap_or(rest);
        match rest {
            "" => tenths(hours)?,
            minutes => clock(hours, minutes)?,
        }
    } else if let Some(minutes) = without_minutes_word(&text) {
        whole(minutes)?
    } else if text.contains(['.', ',']) {
        tenths(&text)?
    } else {
        whole(&text)?
    };
    (1..=ENTRY_LIMIT).contains(&minutes).then_some(minutes)
}

fn without_minutes_word(text: &str) -> Option<&str> {
    ["minutes", "minute", "mins", "min", "m"].iter().find_map(|tail| text.strip_suffix(tail))
}

/// Hours and minutes below an hour.
fn clock(hours: &str, minutes: &str) -> Option<i64> {
    let minutes = whole(minutes).filter(|minutes| *minutes < 60)?;
    let hours = if hours.is_empty() { 0 } else { whole(hours)? };
    Some(hours * 60 + minutes)
}

/// Digits only, few enough not to overflow.
fn whole(text: &str) -> Option<i64> {
    (!text.is_empty() && text.len() <= 6 && text.bytes().all(|b| b.is_ascii_digit())).then(|| text.parse().ok()).flatten()
}

/// Hours with a fraction, to minutes, rounded up: `1.3` is 78, `1.333` is 80.
fn tenths(text: &str) -> Option<i64> {
    let (hours, fraction) = text.split_once(['.', ',']).unwrap_or((text, "0"));
    let hours = if hours.is_empty() { 0 } else { whole(hours)? };
    let scale = 10_i64.pow(u32::try_from(fraction.len()).ok().filter(|digits| *digits <= 6)?);
    let parts = whole(fraction)? * 60;
    Some(hours * 60 + parts / scale + i64::from(parts % scale != 0))
}

/// `1 h 30 min`, `45 min`, `2 h`
pub fn words(minutes: i64) -> String {
    match (minutes / 60, minutes % 60) {
        (0, minutes) => format!("{minutes} min"),
        (hours, 0) => format!("{hours} h"),
        (hours, minutes) => format!("{hours} h {minutes} min"),
    }
}

/// `1.5`: hours with one decimal, exact for whole steps.
pub fn hours(minutes: i64) -> String {
    let tenths = in_steps(minutes) / STEP;
    format!("{}.{}", tenths / 10, tenths % 10)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn time_is_read_as_people_type_it() {
        for (text, minutes) in [
            ("1h20m", 80),
            ("1h 20m", 80),
            ("1 h 20 min", 80),
            ("1H20", 80),
            ("2h", 120),
            ("1.5h", 90),
            ("45m", 45),
            ("45 minutes", 45),
            ("1:20", 80),
            (":30", 30),
            ("1.3", 78),
            ("1,3", 78),
            (".5", 30),
            ("1.333", 80),
            ("80", 80),
            (" 6 ", 6),
            ("2hrs", 120),
            ("24:00", 1440),
        ] {
            assert_eq!(parse(text), Some(minutes), "{text:?}");
        }
        for text in [
            "",
            "0",
            "0h",
            "-5",
            "1:60",
            "1:2:3",
            "h",
            "m",
            ":",
            ".",
            "1.",
            "abc",
            "1e3",
            "25h",
            "1441",
            "99999999999999999999",
            "1.2.3",
            "½",
            "１",
        ] {
            assert_eq!(parse(text), None, "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn nothing_typed_makes_it_panic(text in "\\PC{0,40}") {
            let _ = parse(&text);
        }

        #[test]
        fn what_is_shown_is_read_back(minutes in 1..=ENTRY_LIMIT) {
            prop_assert_eq!(parse(&words(minutes)), Some(minutes));
            prop_assert_eq!(parse(&format!("{}:{:02}", minutes / 60, minutes % 60)), Some(minutes));
            prop_assert_eq!(parse(&minutes.to_string()), Some(minutes));
            prop_assert_eq!(parse(&format!("{}h{}m", minutes / 60, minutes % 60)), Some(minutes));
        }

        #[test]
        fn rounding_goes_up_by_less_than_a_step_and_stays(minutes in 0..100_000_i64) {
            let counted = in_steps(minutes);
            prop_assert_eq!(counted % STEP, 0);
            prop_assert!(counted >= minutes && counted - minutes < STEP);
            prop_assert_eq!(in_steps(counted), counted);
        }

        #[test]
        fn rounding_keeps_the_order(a in 0..100_000_i64, b in 0..100_000_i64) {
            prop_assert!(a > b || in_steps(a) <= in_steps(b));
        }

        #[test]
        fn steps_are_tenths_of_an_hour(steps in 0..=240_i64) {
            let minutes = steps * STEP;
            prop_assert_eq!(hours(minutes), format!("{}.{}", steps / 10, steps % 10));
            if minutes > 0 {
                prop_assert_eq!(parse(&hours(minutes)), Some(minutes));
            }
        }
    }
}
