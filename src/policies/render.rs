//! From sections and values to the document: Markdown becomes sanitized HTML, values go in afterwards, escaped.
//!
//! A value never passes through Markdown or HTML parsing: each `{{variable}}` is one character of Unicode's private area while
//! the text is rendered, and that character is replaced by the escaped value at the end. What a person types is what is shown.

use std::sync::LazyLock;

use comrak::{
    Arena, Options, format_html,
    nodes::{ListType, Node, NodeValue},
    parse_document,
};

use super::{
    draft::{Draft, shown},
    template::{Content, is_name},
};
use crate::platform::{Result, secret};

/// How blanks are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Marks {
    /// As it is signed: nothing but the text.
    None,
    /// Filled and unfilled variables stand out.
    Blanks,
}

/// The document, ready for a page, for comments and for signing.
#[derive(Clone, Debug, Default)]
pub struct Document {
    pub sections: Vec<ShownSection>,
}

#[derive(Clone, Debug)]
pub struct ShownSection {
    /// 1, 2, 3 … as it stands.
    pub number: usize,
    pub name: String,
    pub blocks: Vec<Block>,
}

/// A top-level piece of a section; a list has one paragraph for each item.
#[derive(Clone, Debug)]
pub struct Block {
    pub list: Option<&'static str>,
    pub paragraphs: Vec<Paragraph>,
}

#[derive(Clone, Debug)]
pub struct Paragraph {
    /// `s3-p2-1a2b3c4d`: section, place in it, hash of the template's words.
    pub anchor: String,
    /// Whole HTML by itself: an item stands in a list of its own.
    pub html: String,
    /// The `<li>` alone, for the list put together again.
    item: Option<(usize, String)>,
    /// Without markup.
    pub words: String,
}

const FIRST: u32 = 0xE100;
const LAST: u32 = 0xF8FF;

impl Document {
    pub fn paragraphs(&self) -> impl Iterator<Item = &Paragraph> {
        self.sections.iter().flat_map(|section| &section.blocks).flat_map(|block| &block.paragraphs)
    }

    /// The HTML that is signed.
    pub fn html(&self) -> String {
        let mut html = String::new();
        for section in &self.sections {
            html.push_str(&format!("<section>\n<h2>{}. {}</h2>\n", section.number, section.name));
            for block in &section.blocks {
                match block.list {
                    None => block.paragraphs.iter().for_each(|p| html.push_str(&p.html)),
                    Some(tag) => {
                        let start = block.paragraphs.first().and_then(|p| p.item.as_ref()).map_or(1, |(start, _)| *start);
                        html.push_str(&open_list(tag, start));
                        for (_, item) in block.paragraphs.iter().filter_map(|p| p.item.as_ref()) {
                            html.push_str(item);
                        }
                        html.push_str(&format!("</{tag}>\n"));
                    }
                }
            }
            html.push_str("</section>\n");
        }
        html
    }
}

/// Renders what this draft makes of the template's texts.
pub fn render(content: &Content, draft: &Draft, currency: &str, marks: Marks) -> Result<Document> {
    let blanks = Blanks::new(content, draft, currency, marks);
    let mut document = Document::default();
    for place in draft.placed(content).iter().filter(|place| !place.hidden) {
        let section = &content.sections[place.section];
        document.sections.push(ShownSection {
            number: document.sections.len() + 1,
            name: blanks.fill(&escape(&blanks.tokens(&section.name)), marks),
            blocks: blocks(place.section, &section.body, &blanks, marks)?,
        });
    }
    Ok(document)
}

fn blocks(section: usize, body: &str, blanks: &Blanks, marks: Marks) -> Result<Vec<Block>> {
    let arena = Arena::new();
    let root = parse_document(&arena, &blanks.tokens(body), &OPTIONS);
    let mut blocks = Vec::new();
    let mut place = 0;
    for node in root.children() {
        let list = match node.data.borrow().value {
            NodeValue::List(list) if list.list_type == ListType::Ordered => Some(("ol", list.start)),
            NodeValue::List(_) => Some(("ul", 1)),
            _ => None,
        };
        let mut paragraphs = Vec::new();
        let parts: Vec<Node<'_>> = if list.is_some() { node.children().collect() } else { vec![node] };
        for (at, part) in parts.into_iter().enumerate() {
            let mut raw = String::new();
            format_html(part, &OPTIONS, &mut raw).map_err(anyhow::Error::from)?;
            let whole = match list {
                Some((tag, start)) => format!("{}{raw}</{tag}>\n", open_list(tag, start + at)),
                None => raw,
            };
            let clean = SANITIZER.clean(&whole).to_string();
            let html = blanks.fill(&clean, marks);
            let item = list.map(|(_, start)| (start + at, inner_item(&html)));
            let anchor = format!("s{section}-p{place}-{}", &secret::sha256_hex(clean.as_bytes())[..8]);
            paragraphs.push(Paragraph { anchor, html, item, words: blanks.fill_plain(&words(part)) });
            place += 1;
        }
        blocks.push(Block { list: list.map(|(tag, _)| tag), paragraphs });
    }
    Ok(blocks)
}

fn open_list(tag: &str, start: usize) -> String {
    if tag == "ol" && start != 1 { format!("<ol start=\"{start}\">\n") } else { format!("<{tag}>\n") }
}

/// From the first `<li>` to the last `</li>`: the list around it is one of our own.
fn inner_item(html: &str) -> String {
    match (html.find("<li>"), html.rfind("</li>")) {
        (Some(start), Some(end)) if start < end => format!("{}\n", &html[start..end + 5]),
        _ => String::new(),
    }
}

/// The words under a node, blanks still as tokens.
fn words(node: Node<'_>) -> String {
    let mut text = String::new();
    for child in node.descendants() {
        match &child.data.borrow().value {
            NodeValue::Text(words) => text.push_str(words),
            NodeValue::Code(code) => text.push_str(&code.literal),
            NodeValue::SoftBreak | NodeValue::LineBreak | NodeValue::TableCell | NodeValue::Paragraph if !text.is_empty() => {
                text.push(' ')
            }
            _ => {}
        }
    }
    text
}

/// The variables of a template as single characters, with what each becomes.
struct Blanks<'a> {
    names: Vec<&'a str>,
    /// Text for the reader; none where nothing usable is filled in.
    values: Vec<Option<String>>,
    labels: Vec<&'a str>,
}

impl<'a> Blanks<'a> {
    fn new(content: &'a Content, draft: &Draft, currency: &str, _marks: Marks) -> Self {
        let known = content.variables.iter().take((LAST - FIRST) as usize);
        let (mut names, mut values, mut labels) = (Vec::new(), Vec::new(), Vec::new());
        for variable in known {
            names.push(variable.name.as_str());
            labels.push(variable.label.as_str());
            values.push(shown(variable, draft.value(&variable.name), currency).ok());
        }
        Self { names, values, labels }
    }

    /// The text with each `{{variable}}` as one character; private characters of the text itself are dropped first.
    fn tokens(&self, text: &str) -> String {
        let text: String = text.chars().filter(|c| !(FIRST..=LAST).contains(&u32::from(*c))).collect();
        let mut out = String::with_capacity(text.len());
        let mut rest = text.as_str();
        while let Some(start) = rest.find("{{") {
            out.push_str(&rest[..start]);
            let inside = &rest[start + 2..];
            let name = inside.find("}}").map(|end| (inside[..end].trim(), end)).filter(|(name, _)| is_name(name));
            let known = name.and_then(|(name, end)| self.names.iter().position(|known| *known == name).map(|at| (at, end)));
            match known.and_then(|(at, end)| char::from_u32(FIRST + at as u32).map(|token| (token, end))) {
                Some((token, end)) => {
                    out.push(token);
                    rest = &inside[end + 2..];
                }
                None => {
                    out.push('{');
                    rest = &rest[start + 1..];
                }
            }
        }
        out.push_str(rest);
        out
    }

    fn at(&self, c: char) -> Option<usize> {
        let at = u32::from(c).checked_sub(FIRST)? as usize;
        (at < self.names.len()).then_some(at)
    }

    /// Puts the values into HTML, escaped; reads each character once, so a value is never looked into.
    fn fill(&self, html: &str, marks: Marks) -> String {
        let mut out = String::with_capacity(html.len());
        for c in html.chars() {
            let Some(at) = self.at(c) else {
                out.push(c);
                continue;
            };
            let value = self.values[at].as_deref().map(|value| escape(value).replace('\n', "<br>"));
            match (value, marks) {
                (Some(value), Marks::None) => out.push_str(&value),
                (Some(value), Marks::Blanks) => {
                    out.push_str(&format!("<span class=\"filled\" data-variable=\"{}\">{value}</span>", self.names[at]))
                }
                (None, Marks::None) => {}
                (None, Marks::Blanks) => {
                    out.push_str(&format!("<mark data-variable=\"{}\">{}</mark>", self.names[at], escape(self.labels[at])));
                }
            }
        }
        out
    }

    fn fill_plain(&self, text: &str) -> String {
        let mut out = String::with_capacity(text.len());
        for c in text.chars() {
            match self.at(c) {
                None => out.push(c),
                Some(at) => out.push_str(self.values[at].as_deref().unwrap_or(self.labels[at])),
            }
        }
        out
    }
}

/// Text as HTML, also inside attributes.
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            other => out.push(other),
        }
    }
    out
}

static OPTIONS: LazyLock<Options<'static>> = LazyLock::new(|| {
    let mut options = Options::default();
    options.extension.table = true;
    options.extension.strikethrough = true;
    // Markup typed into a template is shown as it was typed.
    options.render.escape = true;
    options
});

static SANITIZER: LazyLock<ammonia::Builder<'static>> = LazyLock::new(|| {
    let mut builder = ammonia::Builder::empty();
    builder
        .add_tags([
            "p",
            "br",
            "strong",
            "em",
            "del",
            "code",
            "pre",
            "blockquote",
            "ul",
            "ol",
            "li",
            "table",
            "thead",
            "tbody",
            "tr",
            "th",
            "td",
            "hr",
            "h2",
            "h3",
            "h4",
            "h5",
            "h6",
        ])
        .add_tag_attributes("ol", ["start"])
        .add_tag_attributes("th", ["align"])
        .add_tag_attributes("td", ["align"]);
    builder
});

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policies::template::{Section, Variable};

    fn content(body: &str) -> Content {
        let variable = |name: &str| Variable { name: name.to_owned(), label: format!("The {name}"), ..Variable::default() };
        Content {
            variables: vec![variable("client"), variable("term")],
            sections: vec![Section { name: "Parties & {{client}}".to_owned(), body: body.to_owned() }],
        }
    }

    fn draft(client: &str) -> Draft {
        let mut draft = Draft::default();
        draft.set("client", client);
        draft
    }

    #[test]
    fn a_value_is_text_whatever_it_looks_like() {
        let typed = "<b>x</b> **y** | [z](javascript:1) {{term}}";
        let html = render(&content("For **{{client}}**, always."), &draft(typed), "USD", Marks::None).expect("rendered").html();
        let escaped = "&lt;b&gt;x&lt;/b&gt; **y** | [z](javascript:1) {{term}}";
        assert_eq!(
            html,
            format!("<section>\n<h2>1. Parties &amp; {escaped}</h2>\n<p>For <strong>{escaped}</strong>, always.</p>\n</section>\n")
        );
    }

    #[test]
    fn markup_in_a_template_is_shown_and_links_are_only_words() {
        let html = render(&content("<script>x</script> [a](https://x.example) ![i](y)"), &draft("C"), "USD", Marks::None)
            .expect("rendered")
            .html();
        assert!(
            html.contains("&lt;script&gt;") && !html.contains("<script") && !html.contains("<a ") && !html.contains("<img"),
            "{html}"
        );
    }

    #[test]
    fn blanks_stand_out_until_they_are_filled() {
        let document =
            render(&content("{{client}} for {{term}} and {{unknown}}"), &draft("A & B"), "USD", Marks::Blanks).expect("rendered");
        let html = document.html();
        assert!(html.contains("<span class=\"filled\" data-variable=\"client\">A &amp; B</span>"), "{html}");
        assert!(html.contains("<mark data-variable=\"term\">The term</mark>"), "{html}");
        assert!(html.contains("{{unknown}}"), "{html}");
        assert_eq!(document.paragraphs().next().expect("one").words, "A & B for The term and {{unknown}}");
    }

    #[test]
    fn a_list_is_commented_by_item_and_signed_as_one() {
        let document =
            render(&content("One:\n\n3. first\n4. second\n   - under\n\nEnd."), &draft("C"), "USD", Marks::None).expect("rendered");
        let anchors: Vec<_> = document.paragraphs().map(|p| p.anchor.rsplit_once('-').expect("an anchor").0.to_owned()).collect();
        assert_eq!(anchors, ["s0-p0", "s0-p1", "s0-p2", "s0-p3"]);
        let items: Vec<_> = document.paragraphs().map(|p| p.html.clone()).collect();
        assert!(items[2].starts_with("<ol start=\"4\">"), "{items:?}");
        let html = document.html();
        assert_eq!(html.matches("<ol").count(), 1, "{html}");
        assert!(html.contains("<ol start=\"3\">\n<li>first</li>"), "{html}");
    }

    #[test]
    fn an_anchor_stays_where_a_value_changes_and_moves_where_the_text_does() {
        let anchor = |body: &str, client: &str| {
            render(&content(body), &draft(client), "USD", Marks::None)
                .expect("rendered")
                .paragraphs()
                .next()
                .expect("one")
                .anchor
                .clone()
        };
        assert_eq!(anchor("For {{client}}.", "A"), anchor("For {{client}}.", "B"));
        assert_ne!(anchor("For {{client}}.", "A"), anchor("To {{client}}.", "A"));
    }

    proptest::proptest! {
        #[test]
        fn any_text_reads_the_same_in_the_document(typed in "(\\PC|[\n\r\t\u{2028}\u{2029}<&]){0,80}") {
            let value = super::super::draft::clean(&typed);
            let html = render(&content("X{{client}}Y"), &draft(&typed), "USD", Marks::None).expect("rendered").html();
            let page = scraper::Html::parse_fragment(&html);
            let select = |css: &str| scraper::Selector::parse(css).expect("a selector");
            let paragraph = page.select(&select("p")).next().expect("the paragraph");
            // A line's end is a <br> in the document, and a <br> is all the markup a value makes.
            let text: String = paragraph.children().map(|node| match node.value() {
                scraper::Node::Text(text) => text.to_string(),
                _ => "\n".to_owned(),
            }).collect();
            proptest::prop_assert_eq!(text, format!("X{value}Y"));
            let breaks = page.select(&select("section > p > br")).count();
            proptest::prop_assert_eq!(page.select(&select("section > p *")).count(), breaks);
            proptest::prop_assert_eq!(value.matches('\n').count(), breaks);
        }
    }
}
