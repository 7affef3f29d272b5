//! Markdown that people write, as HTML that cannot do anything: no raw HTML, no pictures, no script, no other scheme than http, https
//! and mailto. And the same without its marks, for excerpts and for searching.

use std::{collections::HashSet, sync::LazyLock};

use ammonia::Builder;
use comrak::{Arena, Options, format_html, nodes::NodeValue, parse_document};

use super::text;

/// Pictures would tell another host who reads what, and when.
const TAGS: &[&str] = &[
    "p",
    "br",
    "strong",
    "em",
    "del",
    "a",
    "ul",
    "ol",
    "li",
    "blockquote",
    "code",
    "pre",
    "hr",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "table",
    "thead",
    "tbody",
    "tr",
    "th",
    "td",
];

fn cleaner(leave_out: &[&str]) -> Builder<'static> {
    let mut cleaner = Builder::default();
    cleaner
        .tags(TAGS.iter().copied().filter(|tag| !leave_out.contains(tag)).collect())
        .url_schemes(HashSet::from(["http", "https", "mailto"]))
        .link_rel(Some("noopener noreferrer nofollow"));
    cleaner
}

static MESSAGE: LazyLock<Builder<'static>> = LazyLock::new(|| cleaner(&["h2"]));
static ARTICLE: LazyLock<Builder<'static>> = LazyLock::new(|| cleaner(&[]));
static LINKLESS: LazyLock<Builder<'static>> =
    LazyLock::new(|| cleaner(&["a", "h2", "h3", "h4", "h5", "h6", "table", "thead", "tbody", "tr", "th", "td"]));

fn options() -> Options<'static> {
    let mut options = Options::default();
    options.extension.strikethrough = true;
    options.extension.autolink = true;
    options.extension.table = true;
    options.render.hardbreaks = true;
    options.render.escape = true;
    options
}

/// A message: what stands in a bubble has no large headings.
pub fn message(body: &str) -> String {
    let body = &*text::contained(body);
    if is_plain(body) {
        return format!("<p>{body}</p>\n");
    }
    MESSAGE.clean(&comrak::markdown_to_html(body, &options())).to_string()
}

/// The words of a machine: nothing in them leads anywhere, and they are a paragraph or two, not a page.
pub fn linkless(body: &str) -> String {
    let body = &*text::contained(body);
    let mut options = options();
    options.extension.autolink = false;
    options.extension.table = false;
    LINKLESS.clean(&comrak::markdown_to_html(body, &options)).to_string()
}

/// A text with headings, of which the largest become `top` (2 to 4): the page's own stand above them.
pub fn article(body: &str, top: u8) -> String {
    let body = &*text::contained(body);
    let arena = Arena::new();
    let options = options();
    let root = parse_document(&arena, body, &options);
    for node in root.descendants() {
        if let NodeValue::Heading(heading) = &mut node.data.borrow_mut().value {
            heading.level = (heading.level.saturating_sub(2) + top).min(6);
        }
    }
    let mut html = String::new();
    // A `String` takes whatever is written to it.
    let _ = format_html(root, &options, &mut html);
    ARTICLE.clean(&html).to_string()
}

/// The words alone, one line a paragraph.
pub fn words(body: &str) -> String {
    let body = &*text::contained(body);
    let arena = Arena::new();
    let root = parse_document(&arena, body, &options());
    let mut out = String::with_capacity(body.len());
    for node in root.descendants() {
        match &node.data.borrow().value {
            NodeValue::Text(words) => out.push_str(words),
            NodeValue::Code(code) => out.push_str(&code.literal),
            NodeValue::CodeBlock(block) => out.push_str(&block.literal),
            NodeValue::SoftBreak | NodeValue::LineBreak => out.push(' '),
            NodeValue::Paragraph | NodeValue::Heading(_) | NodeValue::Item(_) | NodeValue::TableRow(_)
                if !out.is_empty() && !out.ends_with('\n') =>
            {
                out.push('\n');
            }
            NodeValue::TableCell if !out.is_empty() && !out.ends_with(['\n', ' ']) => out.push(' '),
            _ => {}
        }
    }
    out
}

/// A line that is the same as Markdown, as HTML and as text.
fn is_plain(body: &str) -> bool {
    body.starts_with(|c: char| c.is_alphabetic())
        && !body.contains("www")
        && !body.ends_with(' ')
        && body.chars().all(|c| c.is_alphanumeric() || matches!(c, ' ' | ',' | '.' | '?' | '(' | ')' | ';'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_article_keeps_its_headings_below_the_pages_own_and_nothing_that_acts() {
        let html =
            article("# One\n\n## Two\n\n### Three\n\n<script>x</script>\n\n![p](https://a.example/p.png) [l](javascript:x)", 3);
        assert!(html.contains("<h3>One</h3>") && html.contains("<h3>Two</h3>") && html.contains("<h4>Three</h4>"), "{html}");
        assert!(!html.contains("<script") && !html.contains("<img") && !html.contains("javascript"), "{html}");
    }

    #[test]
    fn the_words_of_a_machine_lead_nowhere() {
        let html = linkless(
            "**See** [this](https://evil.example) https://evil.example <a href=x>y</a> [1]\n\n[1]: https://evil.example\n# H",
        );
        assert!(!html.contains("<a") && !html.contains("href=\"") && !html.contains("<h1"), "{html}");
        assert!(html.contains("<strong>See</strong> this"), "{html}");
    }

    #[test]
    fn the_words_of_a_text_are_its_words() {
        assert_eq!(
            words("# Printer\n\nTurn it *off*,\nwait `10 s`.\n\n- one\n- **two**"),
            "Printer\nTurn it off, wait 10 s.\none\ntwo"
        );
    }
}
