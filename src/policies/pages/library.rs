//! The template library, and one template: preview, variables, versions and what changed between them.

use actix_web::web::Query;
use askama::Template;
use entity::policies::{Category, TemplateState, template, template_version};
use serde::Deserialize;

use crate::{
    platform::web::{Answer, Ask, Frame, page, see_other},
    policies::{
        access::{Librarian, TemplatePublisher, TemplateReader, standing},
        changes::{self, SectionChange},
        commands::{archive_template::archive_template, publish_template::publish_template},
        draft::Draft,
        policy::Verb,
        queries,
        render::{Document, Marks, render},
        template::{Content, undefined},
    },
};

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct LibraryQuery {
    q: String,
    state: String,
    category: String,
}

struct Group {
    category: &'static str,
    templates: Vec<template::Model>,
}

#[derive(Template)]
#[template(path = "policies/library.html")]
struct LibraryPage {
    frame: Frame,
    query: LibraryQuery,
    groups: Vec<Group>,
    categories: Vec<(&'static str, &'static str)>,
    states: Vec<(&'static str, &'static str)>,
    may_write: bool,
    may_use: bool,
    bare: bool,
}

pub async fn library(ask: Ask<Librarian>, query: Query<LibraryQuery>) -> Answer {
    let query = query.into_inner();
    let tx = ask.platform().read(ask.who.caller.reach()).await?;
    let words: String = query.q.chars().filter(|c| !c.is_control()).take(100).collect();
    let tenants = ask.who.tenants();
    let rows = queries::templates(&tx, &tenants, query.state.parse().ok(), query.category.parse().ok(), words.trim()).await?;
    let mut groups: Vec<Group> = Vec::new();
    for category in Category::ALL {
        let templates: Vec<_> = rows.iter().filter(|row| row.category == *category).cloned().collect();
        if !templates.is_empty() {
            groups.push(Group { category: category.label(), templates });
        }
    }
    page(&LibraryPage {
        frame: ask.frame(),
        groups,
        categories: Category::ALL.iter().map(|category| (category.word(), category.label())).collect(),
        states: TemplateState::ALL.iter().map(|state| (state.word(), state.label())).collect(),
        may_write: ask.who.writes_anywhere(),
        may_use: tenants
            .iter()
            .any(|tenant| standing(&ask.who.caller, *tenant).is_some_and(|standing| Verb::Edit.open_to(standing))),
        bare: query.q.is_empty() && query.state.is_empty() && query.category.is_empty(),
        query,
    })
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct TemplateQuery {
    tab: String,
    version: String,
}

/// A version in the history; new policies are made of the one in use.
struct VersionLine {
    row: template_version::Model,
    in_use: bool,
}

#[derive(Template)]
#[template(path = "policies/template.html")]
struct TemplatePage {
    frame: Frame,
    template: template::Model,
    tab: String,
    versions: Vec<VersionLine>,
    shown: template_version::Model,
    content: Content,
    document: Document,
    changes: Vec<SectionChange>,
    compared: Option<i32>,
    uses: u64,
    undefined: Vec<String>,
    can_write: bool,
    can_publish: bool,
    can_use: bool,
    has_draft: bool,
    shown_in_use: bool,
}

pub async fn template(ask: Ask<TemplateReader>, query: Query<TemplateQuery>) -> Answer {
    let row = &ask.who.template;
    let tx = ask.platform().read(ask.who.caller.reach()).await?;
    let versions = queries::versions(&tx, row.id).await?;
    let wanted = query.version.parse::<i32>().ok();
    let published = versions.iter().find(|version| row.published_version_id == Some(version.id));
    let shown = versions.iter().find(|version| Some(version.number) == wanted).or(published).or(versions.first());
    let shown = shown.cloned().ok_or(crate::platform::Error::NotFound)?;
    let content: Content = serde_json::from_str(&shown.content)?;
    let before = versions.iter().find(|version| version.number == shown.number - 1);
    let (changes, compared) = match before {
        Some(before) => (changes::between(&serde_json::from_str(&before.content)?, &content), Some(before.number)),
        None => (Vec::new(), None),
    };
    page(&TemplatePage {
        frame: ask.frame(),
        tab: match query.tab.as_str() {
            known @ ("variables" | "versions") => known.to_owned(),
            _ => "preview".to_owned(),
        },
        document: render(&content, &Draft::default(), "USD", Marks::Blanks)?,
        undefined: undefined(&content),
        uses: queries::uses(&tx, row.id).await?,
        can_write: ask.who.can_write(),
        can_publish: ask.who.can_publish(),
        can_use: ask.who.can_use() && row.state == TemplateState::Published,
        has_draft: versions.first().is_some_and(|newest| newest.published_at.is_none()),
        shown_in_use: row.published_version_id == Some(shown.id),
        versions: versions
            .into_iter()
            .map(|line| VersionLine { in_use: row.published_version_id == Some(line.id), row: line })
            .collect(),
        template: row.clone(),
        shown,
        content,
        changes,
        compared,
    })
}

pub async fn publish(ask: Ask<TemplatePublisher>) -> Answer {
    let mut work = ask.work(ask.who.reader.caller.reach()).await?;
    publish_template(&mut work, &ask.who).await?;
    work.commit().await?;
    see_other(format!("/legal/policies/templates/{}", ask.who.reader.template.id))
        .toast("Published: new policies use this version.")
        .answer()
}

pub async fn archive(ask: Ask<TemplatePublisher>) -> Answer {
    let mut work = ask.work(ask.who.reader.caller.reach()).await?;
    archive_template(&mut work, &ask.who).await?;
    work.commit().await?;
    see_other(format!("/legal/policies/templates/{}", ask.who.reader.template.id)).toast("Archived.").answer()
}
