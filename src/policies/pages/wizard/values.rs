//! Page 2: the blanks and the order of the sections, with the text as it will read beside them.

use actix_web::{HttpResponse, http::StatusCode};
use askama::Template;
use entity::policies::policy;

use super::{WizardStep, finishes, onward, wizard_steps};
use crate::{
    platform::{
        Error, FieldErrors, Result, Tx, money,
        web::{Answer, Ask, Fields, Frame, page, page_with},
    },
    policies::{
        access::{Drafter, Edit, May},
        commands::fill_in::{Filling, fill_in},
        draft::{Placed, is_effective_date},
        pages::short_day,
        queries::{self, Opened},
        render::{Document, Marks, render},
        template::{Kind, Variable},
    },
    tenancy,
};

/// A blank to be filled in, as the page shows it.
struct Blank {
    /// `v.client_name`
    field: String,
    variable: Variable,
    value: String,
    /// Longer texts get more room.
    rows: usize,
    choices: Vec<(String, String)>,
}

struct SectionLine {
    section: usize,
    position: usize,
    name: String,
    hidden: bool,
}

#[derive(Template)]
#[template(path = "policies/wizard_2.html")]
pub(super) struct ValuesPage {
    frame: Frame,
    policy: Option<policy::Model>,
    client: String,
    blanks: Vec<Blank>,
    unused: usize,
    effective: String,
    sections: Vec<SectionLine>,
    document: Document,
    sign: String,
    errors: FieldErrors,
    steps: Vec<WizardStep>,
}

#[derive(Template)]
#[template(path = "policies/_document.html")]
struct Preview {
    document: Document,
}

pub(super) async fn values_page(
    frame: Frame,
    tx: &Tx,
    opened: Opened,
    row: policy::Model,
    errors: FieldErrors,
) -> Result<ValuesPage> {
    let Opened { content, draft, tenant, .. } = opened;
    let document = render(&content, &draft, &tenant.currency, Marks::Blanks)?;
    let used = draft.used(&content);
    let blank = |variable: &Variable| {
        let value = draft.value(&variable.name).to_owned();
        Blank {
            field: format!("v.{}", variable.name),
            rows: if value.len().max(variable.default.len()) > 60 || value.contains('\n') { 3 } else { 1 },
            choices: variable.choices.iter().map(|choice| (choice.clone(), choice.clone())).collect(),
            variable: variable.clone(),
            value,
        }
    };
    let asked: Vec<&Variable> = content.variables.iter().filter(|variable| !is_effective_date(variable)).collect();
    let blanks: Vec<Blank> = asked.iter().copied().filter(|v| used.contains(&v.name.as_str())).map(blank).collect();
    let placed = draft.placed(&content);
    let line = |(at, place): (usize, &Placed)| SectionLine {
        section: place.section,
        position: at + 1,
        name: content.sections[place.section].name.clone(),
        hidden: place.hidden,
    };
    let mut fields = FieldErrors::default();
    for (name, messages) in errors.0 {
        let field = if name == "sections" { name } else { format!("v.{name}") };
        messages.into_iter().for_each(|message| fields.add(field.clone(), message));
    }
    Ok(ValuesPage {
        frame,
        client: tenancy::company_in(tx, row.company_id).await?.map(|company| company.name).unwrap_or_default(),
        unused: asked.len() - blanks.len(),
        effective: short_day(&row.effective_on),
        blanks,
        sections: placed.iter().enumerate().map(line).collect(),
        document,
        sign: money::sign(&tenant.currency).to_owned(),
        errors: fields,
        steps: wizard_steps(Some(&row), 2),
        policy: Some(row),
    })
}

/// `at.N` says where section N stands, `show` which are shown; a form without them leaves the sections as they are.
fn layout(fields: &Fields) -> Vec<Placed> {
    let shown: Vec<&str> = fields.all("show").collect();
    let mut places: Vec<(usize, usize)> = Vec::new();
    for (name, value) in &fields.0 {
        if let Some(section) = name.strip_prefix("at.").and_then(|text| text.parse::<usize>().ok()) {
            places.push((value.trim().parse().unwrap_or(usize::MAX), section));
        }
    }
    places.sort_unstable();
    places
        .into_iter()
        .map(|(_, section)| Placed { section, hidden: !shown.iter().any(|shown| shown.parse() == Ok(section)) })
        .collect()
}

pub(super) async fn save_values(ask: Ask<(May<Edit>, Drafter), Fields>) -> Answer {
    let may = &ask.who.0;
    let platform = ask.platform();
    let values = ask.body.0.iter().filter_map(|(name, value)| Some((name.strip_prefix("v.")?.to_owned(), value.clone()))).collect();
    let typing = ask.body.get("draft").is_some();
    let filling = Filling { values, layout: layout(&ask.body), finish: finishes(&ask.body), typing };
    let mut work = ask.work(may.reader.caller.reach()).await?;
    let checked = fill_in(&mut work, may, filling).await?;
    work.commit().await?;
    if !typing && checked.is_ok() {
        return onward(&ask.body, &may.reader.policy, 2);
    }
    let tx = platform.read(may.reader.caller.reach()).await?;
    let row = queries::one(&tx, may.reader.id()).await?.ok_or(Error::NotFound)?;
    let opened = queries::open(&platform, &tx, &row).await?;
    if typing {
        let document = render(&opened.content, &opened.draft, &opened.tenant.currency, Marks::Blanks)?;
        return page(&Preview { document });
    }
    match checked {
        Err(Error::Invalid(errors)) => {
            page_with(StatusCode::UNPROCESSABLE_ENTITY, &values_page(ask.frame(), &tx, opened, row, errors).await?)
        }
        Err(error) => Err(error),
        Ok(()) => Ok(HttpResponse::NoContent().finish()),
    }
}
