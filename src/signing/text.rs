//! The text of an envelope: cleaned once when it is sent; from then on these very bytes are shown, hashed and signed.

use std::collections::{HashMap, HashSet};

/// Elements that structure a legal text, and nothing that runs, loads or hides.
const ELEMENTS: [&str; 34] = [
    "section",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "p",
    "br",
    "hr",
    "strong",
    "b",
    "em",
    "i",
    "u",
    "del",
    "s",
    "sub",
    "sup",
    "code",
    "pre",
    "blockquote",
    "ul",
    "ol",
    "li",
    "table",
    "thead",
    "tbody",
    "tfoot",
    "tr",
    "th",
    "td",
    "span",
    "div",
];

/// The text as it will be shown: known elements only, well-formed.
pub fn clean(html: &str) -> String {
    let attributes = HashMap::from([
        ("ol", HashSet::from(["start"])),
        ("th", HashSet::from(["align", "colspan", "rowspan"])),
        ("td", HashSet::from(["align", "colspan", "rowspan"])),
    ]);
    ammonia::Builder::new()
        .tags(HashSet::from(ELEMENTS))
        .tag_attributes(attributes)
        .generic_attributes(HashSet::new())
        .link_rel(None)
        .clean(html)
        .to_string()
}

/// Nothing to read in it.
pub fn is_blank(html: &str) -> bool {
    let mut inside = false;
    !html.chars().any(|c| {
        match c {
            '<' => inside = true,
            '>' => inside = false,
            _ => return !inside && c.is_alphanumeric(),
        }
        false
    })
}

/// A stretch of the text that is read as one: the parts in their order are the text, byte for byte.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part<'a> {
    /// From 1.
    pub number: u32,
    pub html: &'a str,
    /// Where it ends in the whole text, per mille.
    pub end: i32,
}

/// A part shorter than this is read together with the next one.
const SHORT: usize = 1_500;

/// Splits before the top-level sections and headings; short ones are kept together.
pub fn parts(html: &str) -> Vec<Part<'_>> {
    let mut starts = vec![0];
    let mut depth = 0_usize;
    let mut at = 0;
    while let Some(open) = html[at..].find('<').map(|found| at + found) {
        let Some(close) = html[open..].find('>').map(|found| open + found) else { break };
        let tag = &html[open + 1..close];
        let name: &str = tag.trim_start_matches('/').split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or("");
        let begins = matches!(name, "section" | "h1" | "h2" | "h3");
        if tag.starts_with('/') {
            depth = depth.saturating_sub(1);
        } else {
            if depth == 0 && begins && starts.last().is_some_and(|last| open - last >= SHORT) {
                starts.push(open);
            }
            if !matches!(name, "br" | "hr") {
                depth += 1;
            }
        }
        at = close + 1;
    }
    if starts.len() > 1 && starts.last().is_some_and(|last| html.len() - last < SHORT / 3) {
        starts.pop();
    }
    let ends = starts.iter().skip(1).copied().chain([html.len()]);
    let parts = (1..).zip(starts.iter().zip(ends));
    let mille = |end: usize| i32::try_from(end * 1_000 / html.len().max(1)).unwrap_or(1_000);
    parts.map(|(number, (start, end))| Part { number, html: &html[*start..end], end: mille(end) }).collect()
}

#[cfg(test)]
mod tests {
    use super::{clean, is_blank, parts};

    #[test]
    fn the_parts_are_the_text_byte_for_byte() {
        let long = "word ".repeat(400);
        let html = format!(
            "<p>Preamble</p><section><h2>One</h2><p>{long}</p></section><section><h2>Two</h2><p>{long}</p></section><h2>Three</h2><ol><li>{long}<br>x</li></ol><h2>Four</h2><p>end</p>"
        );
        let parts = parts(&html);
        assert_eq!(parts.len(), 3, "{parts:?}");
        assert_eq!(parts.iter().map(|part| part.html).collect::<String>(), html);
        assert_eq!(parts.last().map(|part| part.end), Some(1_000));
        assert!(parts[1].html.starts_with("<section><h2>Two"));
    }

    #[test]
    fn a_text_without_headings_is_one_part() {
        assert_eq!(parts("<p>Short.</p>").len(), 1);
        assert_eq!(parts("").len(), 1);
    }

    #[test]
    fn nothing_that_runs_or_loads_is_shown() {
        let html = clean(
            "<p onclick=x>a<script>alert(1)</script><img src=http://x.example/i><a href='javascript:x'>b</a></p><style>p{}</style>",
        );
        assert_eq!(html, "<p>ab</p>");
        let cleaned = clean("<ol start=3><li>x</ol><td align=right>y");
        assert_eq!(clean(&cleaned), cleaned, "cleaning twice changes nothing");
        assert!(is_blank("<p> <br></p>") && !is_blank("<p>a</p>"));
    }
}
