//! The cleaned text as a tree of blocks, for the PDF: headings, paragraphs, lists, tables, and what stands in them.
//! Reads only what [`super::text::clean`] writes: known elements, closed in order.

use serde_json::{Value, json};

/// One element or a run of text.
#[derive(Debug)]
enum Node {
    Text(String),
    Element { name: String, attributes: Vec<(String, String)>, inside: Vec<Node> },
}

/// The blocks of a text as JSON: data for the typesetter, never markup.
pub(super) fn of(html: &str) -> Value {
    let mut rest = html;
    blocks(&nodes(&mut rest, 0))
}

/// Deeper than any legal text; what lies deeper is read as if it stood here.
const DEPTH: usize = 40;

fn nodes(rest: &mut &str, depth: usize) -> Vec<Node> {
    let mut found = Vec::new();
    while let Some(open) = rest.find('<') {
        if open > 0 {
            found.push(Node::Text(decoded(&rest[..open])));
        }
        let Some(close) = rest[open..].find('>').map(|at| open + at) else { break };
        let tag = &rest[open + 1..close];
        *rest = &rest[close + 1..];
        if tag.starts_with('/') {
            return found;
        }
        let (name, attributes) = tag.split_once(' ').unwrap_or((tag, ""));
        let name = name.to_ascii_lowercase();
        let void = matches!(name.as_str(), "br" | "hr");
        let inside = if void || depth >= DEPTH { Vec::new() } else { nodes(rest, depth + 1) };
        found.push(Node::Element { attributes: pairs(attributes), inside, name });
    }
    if depth == 0 && !rest.is_empty() {
        found.push(Node::Text(decoded(rest)));
        *rest = "";
    }
    found
}

fn pairs(text: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some((name, tail)) = rest.split_once("=\"") {
        let (value, tail) = tail.split_once('"').unwrap_or((tail, ""));
        found.push((name.trim().to_owned(), decoded(value)));
        rest = tail;
    }
    found
}

fn decoded(text: &str) -> String {
    text.replace("&lt;", "<").replace("&gt;", ">").replace("&nbsp;", "\u{a0}").replace("&quot;", "\"").replace("&amp;", "&")
}

fn is_inline(node: &Node) -> bool {
    match node {
        Node::Text(_) => true,
        Node::Element { name, .. } => {
            matches!(name.as_str(), "strong" | "b" | "em" | "i" | "u" | "del" | "s" | "sub" | "sup" | "code" | "br" | "span")
        }
    }
}

/// Runs of inline nodes become paragraphs; the rest speaks for itself.
fn blocks(nodes: &[Node]) -> Value {
    let mut out = Vec::new();
    for run in nodes.chunk_by(|a, b| is_inline(a) && is_inline(b)) {
        if run.iter().all(is_inline) {
            let text = inlines(run);
            if text.as_array().is_some_and(|list| list.iter().any(|one| one.as_str().is_none_or(|text| !text.trim().is_empty()))) {
                out.push(json!({ "k": "p", "c": text }));
            }
            continue;
        }
        for node in run {
            let Node::Element { name, attributes, inside } = node else { continue };
            let attribute = |key: &str| attributes.iter().find(|(name, _)| name == key).map(|(_, value)| value.as_str());
            match name.as_str() {
                "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => {
                    let level: u8 = name[1..].parse().unwrap_or(2);
                    out.push(json!({ "k": "h", "level": level, "c": inlines(inside) }));
                }
                "p" => out.push(json!({ "k": "p", "c": inlines(inside) })),
                "ul" => out.push(json!({ "k": "ul", "items": items(inside) })),
                "ol" => {
                    let start: u32 = attribute("start").and_then(|text| text.parse().ok()).unwrap_or(1);
                    out.push(json!({ "k": "ol", "start": start, "items": items(inside) }));
                }
                "blockquote" => out.push(json!({ "k": "quote", "b": blocks(inside) })),
                "hr" => out.push(json!({ "k": "rule" })),
                "pre" => out.push(json!({ "k": "pre", "t": plain(inside) })),
                "table" => out.push(table(inside)),
                // section, div, and whatever stands where it should not
                _ => out.extend(blocks(inside).as_array().cloned().unwrap_or_default()),
            }
        }
    }
    Value::Array(out)
}

fn items(nodes: &[Node]) -> Value {
    let item = |node: &Node| match node {
        Node::Element { name, inside, .. } if name == "li" => Some(blocks(inside)),
        _ => None,
    };
    nodes.iter().filter_map(item).collect()
}

fn table(nodes: &[Node]) -> Value {
    let mut rows = Vec::new();
    let mut head = 0;
    collect_rows(nodes, false, &mut rows, &mut head);
    let width = |row: &Vec<Value>| row.iter().map(|cell| cell["colspan"].as_u64().unwrap_or(1)).sum::<u64>();
    let columns = rows.iter().map(width).max().unwrap_or(1).max(1);
    json!({ "k": "table", "columns": columns, "head": head, "rows": rows })
}

fn collect_rows(nodes: &[Node], in_head: bool, rows: &mut Vec<Vec<Value>>, head: &mut usize) {
    for node in nodes {
        let Node::Element { name, inside, .. } = node else { continue };
        match name.as_str() {
            "tr" => {
                if in_head && rows.len() == *head {
                    *head += 1;
                }
                rows.push(inside.iter().filter_map(cell).collect());
            }
            "thead" => collect_rows(inside, true, rows, head),
            _ => collect_rows(inside, false, rows, head),
        }
    }
}

fn cell(node: &Node) -> Option<Value> {
    let Node::Element { name, attributes, inside } = node else { return None };
    if name != "td" && name != "th" {
        return None;
    }
    let attribute = |key: &str| attributes.iter().find(|(name, _)| name == key).map(|(_, value)| value.as_str());
    let span = |key: &str| attribute(key).and_then(|text| text.parse::<u64>().ok()).unwrap_or(1).clamp(1, 20);
    let align = attribute("align").filter(|align| matches!(*align, "left" | "center" | "right")).unwrap_or("left");
    // A row span is laid out as one row: the typesetter refuses overlapping cells.
    Some(json!({ "b": blocks(inside), "colspan": span("colspan"), "align": align, "th": name == "th" }))
}

fn inlines(nodes: &[Node]) -> Value {
    let one = |node: &Node| match node {
        Node::Text(text) => Value::String(collapsed(text)),
        Node::Element { name, inside, .. } => match name.as_str() {
            "br" => json!({ "s": "br" }),
            "strong" | "b" => json!({ "s": "b", "c": inlines(inside) }),
            "em" | "i" => json!({ "s": "i", "c": inlines(inside) }),
            "u" => json!({ "s": "u", "c": inlines(inside) }),
            "del" | "s" => json!({ "s": "del", "c": inlines(inside) }),
            "sub" => json!({ "s": "sub", "c": inlines(inside) }),
            "sup" => json!({ "s": "sup", "c": inlines(inside) }),
            "code" => json!({ "s": "code", "t": plain(inside) }),
            _ => json!({ "s": "", "c": inlines(inside) }),
        },
    };
    nodes.iter().map(one).collect()
}

/// White space as a browser shows it.
fn collapsed(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if matches!(c, ' ' | '\n' | '\t' | '\r') {
            if !out.ends_with(' ') {
                out.push(' ');
            }
        } else {
            out.push(c);
        }
    }
    out
}

fn plain(nodes: &[Node]) -> String {
    nodes
        .iter()
        .map(|node| match node {
            Node::Text(text) => text.clone(),
            Node::Element { inside, .. } => plain(inside),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::of;

    #[test]
    fn a_legal_text_becomes_blocks() {
        let html = "<section><h2>1. Fees</h2><p>A &amp; <strong>B</strong><br>c</p><ol start=\"3\"><li>one</li><li><p>two</p></li></ol></section><hr>";
        let expected = json!([
            { "k": "h", "level": 2, "c": ["1. Fees"] },
            { "k": "p", "c": ["A & ", { "s": "b", "c": ["B"] }, { "s": "br" }, "c"] },
            { "k": "ol", "start": 3, "items": [[{ "k": "p", "c": ["one"] }], [{ "k": "p", "c": ["two"] }]] },
            { "k": "rule" },
        ]);
        assert_eq!(of(html), expected);
    }

    #[test]
    fn a_table_knows_its_head_and_its_width() {
        let table = &of(
            "<table><thead><tr><th>a</th><th align=\"right\">b</th></tr></thead><tbody><tr><td colspan=\"2\">c</td></tr></tbody></table>",
        )[0];
        assert_eq!((&table["columns"], &table["head"]), (&json!(2), &json!(1)));
        assert_eq!(table["rows"][0][1]["align"], "right");
        assert_eq!(table["rows"][1][0]["colspan"], 2);
    }

    #[test]
    fn what_is_broken_or_endless_is_still_read() {
        let deep = "<div>".repeat(500) + "x";
        assert!(of(&deep).is_array());
        assert!(of("a < b <").is_array());
    }
}
