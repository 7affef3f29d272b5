//! What is text. One rule for everything people type and everything that is shown or sent:
//!
//! - **NUL is no text.** A form, a JSON body, an address or a frame that holds one is refused (422, 400, a nack): PostgreSQL cannot
//!   keep it, and nobody types it.
//! - **Control characters** but tab and line ends, and the **bidi overrides** (U+202D, U+202E), are left out: nobody sees them, and
//!   all they do is make a text read as what it is not.
//! - **Other bidi marks** stay, for Arabic and Hebrew, but what a text opens is closed at its end: it never turns what follows it.
//!
//! The doors ([`taken`], [`take_json`]) keep the rule for what comes in, and an answer of another program, which nobody would type
//! again, comes in without such characters ([`contain_json`]); the escaper of every page ([`Html`]), mails, notifications,
//! pushes, signed PDFs and exports keep it again for what goes out, so that rows from before the rule are harmless too.

use std::{borrow::Cow, fmt};

use askama::filters::Escaper;
use serde_json::Value;

use super::{Error, Result};

const EMBEDDING_ENDS: char = '\u{202c}';
const ISOLATE_ENDS: char = '\u{2069}';

/// The text as it may be shown: see the rule above.
pub fn contained(text: &str) -> Cow<'_, str> {
    if text.bytes().all(is_surely_plain) || !text.chars().any(is_watched) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 8);
    // What closes the embeddings and isolates that are open, innermost last.
    let mut open: Vec<char> = Vec::new();
    for c in text.chars() {
        match c {
            '\u{202a}' | '\u{202b}' => open.push(EMBEDDING_ENDS),
            '\u{2066}'..='\u{2068}' => open.push(ISOLATE_ENDS),
            EMBEDDING_ENDS if open.last() == Some(&EMBEDDING_ENDS) => {
                open.pop();
            }
            ISOLATE_ENDS if open.contains(&ISOLATE_ENDS) => while open.pop() == Some(EMBEDDING_ENDS) {},
            c if is_watched(c) => continue,
            _ => {}
        }
        out.push(c);
    }
    out.extend(open.iter().rev());
    if out == text { Cow::Borrowed(text) } else { Cow::Owned(out) }
}

/// No byte of a character that is watched.
fn is_surely_plain(byte: u8) -> bool {
    !matches!(byte, 0..=8 | 11 | 12 | 14..=31 | 127 | 0xc2 | 0xe2)
}

/// A control character, or one that turns the direction of what follows.
fn is_watched(c: char) -> bool {
    (c.is_control() && !matches!(c, '\t' | '\n' | '\r')) || is_bidi(c)
}

fn is_bidi(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// The same on one line: for a subject or a name in a header.
pub fn line(text: &str) -> String {
    contained(text).replace(['\r', '\n', '\t'], " ")
}

/// A cell of a CSV file: what a spreadsheet would take for a formula is text.
pub fn cell(text: &str) -> Cow<'_, str> {
    let text = contained(text);
    // A figure below zero is no formula.
    let is_figure = text.parse::<f64>().is_ok();
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) && !is_figure { Cow::Owned(format!("'{text}")) } else { text }
}

/// Every string of a JSON value, contained.
pub fn contain_json(value: &mut Value) {
    match value {
        Value::String(text) => {
            if let Cow::Owned(better) = contained(text) {
                *text = better;
            }
        }
        Value::Array(list) => list.iter_mut().for_each(contain_json),
        Value::Object(fields) => fields.values_mut().for_each(contain_json),
        _ => {}
    }
}

/// JSON for a file that leaves the house: the very values, but control characters and bidi marks only ever as `\uXXXX`.
pub fn inert_json(value: &Value) -> String {
    use fmt::Write;
    let text = value.to_string();
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        // serde_json has escaped those below U+0020; all of these stand inside strings.
        if is_watched(c) {
            let _ = write!(out, "\\u{:04x}", u32::from(c));
        } else {
            out.push(c);
        }
    }
    out
}

/// What somebody typed into this field, as it is taken: refused with a NUL in it.
pub fn taken<'a>(field: &str, text: &'a str) -> Result<Cow<'a, str>> {
    if text.contains('\0') {
        return Err(no_text(field));
    }
    Ok(contained(text))
}

/// The same for every string of a JSON body.
pub fn take_json(value: &mut Value) -> Result<()> {
    if has_nul(value) {
        return Err(no_text("body"));
    }
    contain_json(value);
    Ok(())
}

fn has_nul(value: &Value) -> bool {
    match value {
        Value::String(text) => text.contains('\0'),
        Value::Array(list) => list.iter().any(has_nul),
        Value::Object(fields) => fields.iter().any(|(name, value)| name.contains('\0') || has_nul(value)),
        _ => false,
    }
}

fn no_text(field: &str) -> Error {
    Error::invalid(&contained(field), "It holds a character that is no text (NUL). Take it out and send it again.")
}

/// The escaper of every HTML template (`askama.toml`): contained, then escaped.
#[derive(Clone, Copy, Debug, Default)]
pub struct Html;

impl Escaper for Html {
    fn write_escaped_str<W: fmt::Write>(&self, dest: W, string: &str) -> fmt::Result {
        askama::filters::Html.write_escaped_str(dest, &contained(string))
    }

    fn write_escaped_char<W: fmt::Write>(&self, dest: W, c: char) -> fmt::Result {
        if is_watched(c) { Ok(()) } else { askama::filters::Html.write_escaped_char(dest, c) }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_turns_a_text_is_left_out_or_closed() {
        for (given, shown) in [
            ("plain, with tab\tand\r\nlines", "plain, with tab\tand\r\nlines"),
            ("invoice\u{202e}fdp.exe", "invoicefdp.exe"),
            ("a\u{202d}b\u{202c}c", "abc"),
            ("a\0b\u{1}c\u{7f}d\u{85}e\u{b}f", "abcdef"),
            ("x\u{202b}שלום", "x\u{202b}שלום\u{202c}"),
            ("x\u{2067}שלום\u{2069}y", "x\u{2067}שלום\u{2069}y"),
            ("\u{2069}\u{202c}x", "x"),
            ("\u{2067}\u{202a}x\u{2069}y", "\u{2067}\u{202a}x\u{2069}y"),
            ("\u{2067}\u{202a}x", "\u{2067}\u{202a}x\u{202c}\u{2069}"),
            ("\u{2067}x\u{202c}y\u{2069}", "\u{2067}xy\u{2069}"),
            ("naïve – “quoted” €", "naïve – “quoted” €"),
        ] {
            assert_eq!(contained(given), shown, "{given:?}");
        }
    }

    proptest! {
        #[test]
        fn it_is_done_once_and_hides_no_letter(text in "[a\u{0}\u{7}\u{202a}-\u{202e}\u{2066}-\u{2069}ש\n<]{0,40}") {
            let once = contained(&text).into_owned();
            prop_assert_eq!(&contained(&once), &once);
            let letters = |text: &str| text.chars().filter(|c| !is_watched(*c)).collect::<String>();
            prop_assert_eq!(letters(&once), letters(&text));
            let left = once.contains(['\0', '\u{7}', '\u{202d}', '\u{202e}']);
            prop_assert!(!left);
        }
    }
}
