//! File names are data: what a person's machine calls a file, made harmless to show and to send back.

use unicode_normalization::UnicodeNormalization;

/// Characters of a name that is kept.
const LIMIT: usize = 200;

/// The last part of a path, without control and invisible characters, at most 200 characters with its extension kept.
pub fn clean(raw: &str) -> String {
    let last = raw.rsplit(['/', '\\']).next().unwrap_or_default();
    let name: String = last.nfc().filter(|c| !c.is_control() && !is_unseen(*c)).collect();
    let name = name.split_whitespace().collect::<Vec<_>>().join(" ");
    let name = name.trim_matches(|c: char| c == '.' || c.is_whitespace());
    if name.is_empty() {
        return "document".to_owned();
    }
    if name.chars().count() <= LIMIT {
        return name.to_owned();
    }
    let end = extension(name).map(|end| format!(".{end}")).unwrap_or_default();
    let stem: String = name.chars().take(LIMIT - end.chars().count()).collect();
    format!("{}{end}", stem.trim_end_matches(['.', ' ']))
}

/// The part behind the last dot, in lower case; at most ten ASCII letters and digits.
pub fn extension(name: &str) -> Option<String> {
    let (stem, end) = name.rsplit_once('.')?;
    let plain = !stem.is_empty() && !end.is_empty() && end.len() <= 10 && end.chars().all(|c| c.is_ascii_alphanumeric());
    plain.then(|| end.to_ascii_lowercase())
}

/// Characters that change how a name reads without being seen: bidirectional marks, zero width, tags, variation selectors.
pub fn is_unseen(c: char) -> bool {
    matches!(c,
        '\u{00ad}' | '\u{061c}' | '\u{115f}' | '\u{1160}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}'
        | '\u{e0000}'..='\u{e0fff}')
}
