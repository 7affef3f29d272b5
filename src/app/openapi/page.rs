//! `/api/docs`: the reference as a page of ours, without any other host's script.

use askama::Template;

use super::{Op, operations, schemas};
use crate::{
    integrations::outgoing::TYPES,
    platform::web::{Answer, Ask, Frame, page},
};

struct Line {
    op: Op,
    id: String,
    who: String,
    body: Option<String>,
    answers: Vec<(u16, &'static str, String)>,
}

struct Group {
    tag: &'static str,
    id: String,
    lines: Vec<Line>,
}

#[derive(Template)]
#[template(path = "docs/api.html")]
struct DocsPage {
    frame: Frame,
    groups: Vec<Group>,
    schemas: Vec<(String, String)>,
    types: Vec<(&'static str, &'static str)>,
}

/// `Client`, `list of Client`, or the schema itself where it has no name.
fn words(schema: &serde_json::Value) -> String {
    match schema["$ref"].as_str() {
        Some(name) => name.rsplit('/').next().unwrap_or_default().to_owned(),
        None => match schema["x-name"].as_str() {
            Some(name) => name.to_owned(),
            None => "object".to_owned(),
        },
    }
}

fn line(op: Op) -> Line {
    let mut who: Vec<String> = op.scopes.iter().map(|scope| format!("key with {scope}")).collect();
    who.extend(op.others.iter().map(|other| {
        match *other {
            "session" => "a person signed in",
            "integration" => "a program with X-Integration-Key",
            "stripe" => "Stripe, by its signature",
            _ => "anyone",
        }
        .to_owned()
    }));
    Line {
        id: format!("{}{}", op.method.to_lowercase(), op.path.replace(['/', '{', '}', '.'], "-")),
        who: who.join(", "),
        body: op.body.as_ref().map(words),
        answers: op
            .answers
            .iter()
            .map(|(status, text, schema)| (*status, *text, schema.as_ref().map(words).unwrap_or_default()))
            .collect(),
        op,
    }
}

pub async fn show(ask: Ask<()>) -> Answer {
    let mut groups: Vec<Group> = Vec::new();
    for op in operations() {
        let tag = op.tag;
        let line = line(op);
        match groups.iter_mut().find(|group| group.tag == tag) {
            Some(group) => group.lines.push(line),
            None => groups.push(Group { tag, id: tag.to_lowercase().replace(' ', "-"), lines: vec![line] }),
        }
    }
    let schemas = schemas::all();
    let schemas = schemas.as_object().into_iter().flatten();
    let schemas = schemas.map(|(name, value)| (name.clone(), serde_json::to_string_pretty(value).unwrap_or_default())).collect();
    let types = TYPES.iter().map(|(word, label, _)| (*word, *label)).collect();
    page(&DocsPage { frame: ask.frame(), groups, schemas, types })
}
