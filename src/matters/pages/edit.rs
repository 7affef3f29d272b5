//! `/legal/matters/{id}/edit`: title and urgency.

use actix_web::http::StatusCode;
use askama::Template;
use entity::matters::Urgency;
use serde::Deserialize;

use super::header::{Header, header};
use crate::{
    matters::{Steersman, change_urgency, rename},
    platform::{
        Error, FieldErrors,
        web::{Answer, Ask, Form, Frame, page, page_with, see_other},
    },
};

#[derive(Clone, Debug, Deserialize)]
pub struct EditForm {
    #[serde(default)]
    title: String,
    #[serde(default)]
    urgency: String,
}

#[derive(Template)]
#[template(path = "matters/edit.html")]
struct EditPage {
    frame: Frame,
    head: Header,
    errors: FieldErrors,
    typed: EditForm,
    urgencies: Vec<(&'static str, &'static str)>,
}

async fn edit_page<B>(ask: &Ask<Steersman, B>, typed: EditForm, errors: FieldErrors) -> crate::platform::Result<EditPage> {
    let tx = ask.platform().read(ask.who.view.caller.reach()).await?;
    let urgencies = Urgency::ALL.iter().map(|word| (word.word(), word.label())).collect();
    Ok(EditPage { frame: ask.frame(), head: header(&tx, &ask.who.view, "").await?, errors, typed, urgencies })
}

pub async fn form(ask: Ask<Steersman>) -> Answer {
    let row = &ask.who.view.matter;
    let typed = EditForm { title: row.title.clone(), urgency: row.urgency.word().to_owned() };
    page(&edit_page(&ask, typed, FieldErrors::default()).await?)
}

pub async fn save(ask: Ask<Steersman, Form<EditForm>>) -> Answer {
    let typed = ask.body.0.clone();
    let mut work = ask.work(ask.who.view.caller.reach()).await?;
    let saved = async {
        let urgency: Urgency = typed.urgency.parse().map_err(|_| Error::invalid("urgency", "Choose how urgent it is."))?;
        rename(&mut work, &ask.who, &typed.title).await?;
        change_urgency(&mut work, &ask.who, urgency).await
    };
    match saved.await {
        Ok(()) => {
            work.commit().await?;
            see_other(format!("/legal/matters/{}", ask.who.view.matter.id)).toast("Saved").answer()
        }
        Err(Error::Invalid(errors)) => {
            drop(work);
            page_with(StatusCode::UNPROCESSABLE_ENTITY, &edit_page(&ask, typed, errors).await?)
        }
        Err(other) => Err(other),
    }
}
