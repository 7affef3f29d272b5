//! Writing a template: sections in their order, variables with their types. Works without script: blank lines at the end add,
//! ticked boxes take away, numbers order.

use actix_web::{http::StatusCode, web::Query};
use askama::Template;
use entity::{
    ids::TenantId,
    policies::{Acknowledgement, Category, template},
};
use serde::Deserialize;

use crate::{
    platform::{
        Error, FieldErrors,
        web::{Answer, Ask, Fields, Form, Frame, page, page_with, see_other},
    },
    policies::{
        access::{TemplateAuthor, TemplateWriter},
        commands::{
            create_template::{NewTemplate, create_template},
            save_template::{Edited, save_template},
        },
        queries,
        template::{Content, Kind, Section, Variable},
    },
    tenancy,
};

#[derive(Template)]
#[template(path = "policies/template_new.html")]
struct NewPage {
    frame: Frame,
    form: NewForm,
    errors: FieldErrors,
    categories: Vec<(&'static str, &'static str)>,
    tenants: Vec<(TenantId, String)>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct NewForm {
    tenant: String,
    title: String,
    category: String,
    summary: String,
}

fn categories() -> Vec<(&'static str, &'static str)> {
    Category::ALL.iter().map(|category| (category.word(), category.label())).collect()
}

async fn new_page(ask: &Ask<TemplateAuthor, impl Sized>, form: NewForm, errors: FieldErrors) -> crate::platform::Result<NewPage> {
    let tx = ask.platform().read(ask.who.caller.reach()).await?;
    let mut tenants = Vec::new();
    for id in ask.who.tenants() {
        if let Some(row) = tenancy::tenant(&tx, id).await? {
            tenants.push((id, row.name));
        }
    }
    Ok(NewPage { frame: ask.frame(), form, errors, categories: categories(), tenants })
}

pub async fn new(ask: Ask<TemplateAuthor>, query: Query<NewForm>) -> Answer {
    page(&new_page(&ask, query.into_inner(), FieldErrors::default()).await?)
}

pub async fn create(ask: Ask<TemplateAuthor, Form<NewForm>>) -> Answer {
    let NewForm { tenant, title, category, summary } = ask.body.0.clone();
    let mut work = ask.work(ask.who.caller.reach()).await?;
    match create_template(&mut work, &ask.who, &NewTemplate { tenant, title, category, summary }).await {
        Ok(id) => {
            work.commit().await?;
            see_other(format!("/legal/policies/templates/{id}/edit")).answer()
        }
        Err(Error::Invalid(errors)) => {
            drop(work);
            page_with(StatusCode::UNPROCESSABLE_ENTITY, &new_page(&ask, ask.body.0.clone(), errors).await?)
        }
        Err(error) => Err(error),
    }
}

#[derive(Template)]
#[template(path = "policies/template_edit.html")]
struct EditPage {
    frame: Frame,
    template: template::Model,
    form: Edited,
    errors: FieldErrors,
    categories: Vec<(&'static str, &'static str)>,
    acknowledgements: Vec<(&'static str, &'static str)>,
    kinds: Vec<(&'static str, &'static str)>,
    number: i32,
    is_draft: bool,
}

fn edit_page(frame: Frame, template: &template::Model, form: Edited, errors: FieldErrors, number: i32, is_draft: bool) -> EditPage {
    EditPage {
        frame,
        template: template.clone(),
        form,
        errors,
        categories: categories(),
        acknowledgements: Acknowledgement::ALL.iter().map(|one| (one.word(), one.label())).collect(),
        kinds: Kind::ALL.iter().map(|kind| (kind.word(), kind.label())).collect(),
        number,
        is_draft,
    }
}

pub async fn edit(ask: Ask<TemplateWriter>) -> Answer {
    let row = &ask.who.reader.template;
    let tx = ask.platform().read(ask.who.reader.caller.reach()).await?;
    let newest = queries::versions(&tx, row.id).await?.into_iter().next().ok_or(Error::NotFound)?;
    let is_draft = newest.published_at.is_none();
    let mut form = Edited {
        title: row.title.clone(),
        category: row.category.word().to_owned(),
        summary: row.summary.clone(),
        acknowledgement: row.acknowledgement.word().to_owned(),
        automatic: row.automatic,
        direct_to_client: row.direct_to_client,
        changes: if is_draft { newest.changes.clone() } else { String::new() },
        content: serde_json::from_str(&newest.content)?,
    };
    add_blank_lines(&mut form.content);
    let number = if is_draft { newest.number } else { newest.number + 1 };
    page(&edit_page(ask.frame(), row, form, FieldErrors::default(), number, is_draft))
}

pub async fn save(ask: Ask<TemplateWriter, Fields>) -> Answer {
    let row = &ask.who.reader.template;
    let mut form = read(&ask.body);
    let mut work = ask.work(ask.who.reader.caller.reach()).await?;
    match save_template(&mut work, &ask.who, &form).await {
        Ok(()) => {
            work.commit().await?;
            let there = format!("/legal/policies/templates/{}", row.id);
            match ask.body.get("go") {
                Some("stay") => see_other(format!("{there}/edit")).toast("Saved as a draft.").answer(),
                _ => see_other(format!("{there}?version={}", ask.body.get("number").unwrap_or("").parse::<i32>().unwrap_or(0)))
                    .toast("Saved as a draft.")
                    .answer(),
            }
        }
        Err(Error::Invalid(errors)) => {
            drop(work);
            let number = ask.body.get("number").and_then(|text| text.parse().ok()).unwrap_or(1);
            add_blank_lines(&mut form.content);
            page_with(StatusCode::UNPROCESSABLE_ENTITY, &edit_page(ask.frame(), row, form, errors, number, true))
        }
        Err(error) => Err(error),
    }
}

/// Room for one more section and two more variables.
fn add_blank_lines(content: &mut Content) {
    content.sections.push(Section::default());
    content.variables.extend([Variable::default(), Variable::default()]);
}

/// Fields are `section.N.name`, `.body`, `.at`, `.drop` and `variable.N.name`, `.label`, `.kind`, …; empty lines are left out.
fn read(fields: &Fields) -> Edited {
    let text = |name: &str| fields.get(name).unwrap_or_default().replace("\r\n", "\n");
    let count = |prefix: &str| {
        let numbers = fields.0.iter().filter_map(|(name, _)| name.strip_prefix(prefix)?.split('.').next()?.parse::<usize>().ok());
        numbers.max().map_or(0, |last| (last + 1).min(250))
    };
    let mut sections: Vec<(usize, Section)> = Vec::new();
    for n in 0..count("section.") {
        let field = |part: &str| text(&format!("section.{n}.{part}"));
        let section = Section { name: field("name").trim().to_owned(), body: field("body").trim_end().to_owned() };
        let empty = section.name.is_empty() && section.body.trim().is_empty();
        if !empty && field("drop").is_empty() {
            sections.push((field("at").trim().parse().unwrap_or(usize::MAX), section));
        }
    }
    sections.sort_by_key(|(at, _)| *at);
    let mut variables = Vec::new();
    for n in 0..count("variable.") {
        let field = |part: &str| text(&format!("variable.{n}.{part}")).trim().to_owned();
        let variable = Variable {
            name: field("name"),
            label: field("label"),
            kind: Kind::of(&field("kind")).unwrap_or_default(),
            required: !field("required").is_empty(),
            default: field("default"),
            help: field("help"),
            choices: field("choices").lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect(),
        };
        if !(variable.name.is_empty() && variable.label.is_empty()) && field("drop").is_empty() {
            variables.push(variable);
        }
    }
    Edited {
        title: text("title"),
        category: text("category"),
        summary: text("summary"),
        acknowledgement: text("acknowledgement"),
        automatic: fields.get("automatic").is_some(),
        direct_to_client: fields.get("direct_to_client").is_some(),
        changes: text("changes"),
        content: Content { variables, sections: sections.into_iter().map(|(_, section)| section).collect() },
    }
}
