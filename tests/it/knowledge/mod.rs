//! The knowledge base and help: from a question to an article, a ticket or a person.

mod articles;
mod help;
mod model;
mod model_wires;
pub mod standin;

use crate::support::{Answer, Browser};

/// The form of an article, filled in.
pub async fn write(admin: &mut Browser, title: &str, body: &str, more: &[(&str, &str)]) -> Answer {
    let mut fields = vec![
        ("title", title),
        ("summary", "In short."),
        ("body", body),
        ("category", "hardware"),
        ("tags", ""),
        ("published", "true"),
    ];
    for (name, value) in more {
        fields.retain(|(known, _)| known != name);
        fields.push((name, value));
    }
    admin.post("/admin/knowledge/new", &fields).await
}

/// The first address on the page that begins so.
pub fn address(page: &Answer, start: &str) -> String {
    let at = page.text.find(start).unwrap_or_else(|| panic!("no {start} on the page: {}", page.text));
    page.text[at..].split(['"', '?', '#']).next().expect("an address").to_owned()
}
