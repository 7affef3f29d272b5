//! `/legal/matters/{id}/documents`: what is filed on the matter or was sent in its conversation, and filing more.

use actix_web::http::StatusCode;
use askama::Template;
use entity::ids::DocumentId;

use super::header::{Header, header};
use crate::{
    matters::{MatterView, Uploader, file_documents, owner, queries},
    platform::{
        Actor, Error, FieldErrors, Platform, Result,
        web::{Answer, Ask, Frame, page, page_with, see_other},
    },
    vault::{self, Audience, Category, DocumentRow, NewDocument, Upload},
};

#[derive(Template)]
#[template(path = "matters/documents.html")]
struct DocumentsPage {
    frame: Frame,
    head: Header,
    rows: Vec<DocumentRow>,
    may_upload: bool,
    errors: FieldErrors,
    limit_mb: u64,
}

pub async fn list(ask: Ask<MatterView>) -> Answer {
    page(&documents_page(&ask.platform(), ask.frame(), &ask.who, FieldErrors::default()).await?)
}

async fn documents_page(platform: &Platform, frame: Frame, view: &MatterView, errors: FieldErrors) -> Result<DocumentsPage> {
    let tx = platform.read(view.caller.reach()).await?;
    Ok(DocumentsPage {
        frame,
        head: header(&tx, view, "documents").await?,
        rows: queries::documents(&tx, &view.caller, view.matter.id, view.matter.conversation_id).await?,
        may_upload: view.may_upload(),
        errors,
        limit_mb: platform.config.upload_limit / 1024 / 1024,
    })
}

pub async fn add(mut ask: Ask<Uploader, Upload>) -> Answer {
    let platform = ask.platform();
    let actor = ask.actor();
    let taken = take(&platform, actor, &ask.who, &mut ask.body).await?;
    let why = match taken {
        Taken { refused: Some(why), .. } => why,
        Taken { names, .. } if names.is_empty() => "Choose at least one file.".to_owned(),
        Taken { names, .. } => {
            let words =
                if names.len() == 1 { format!("{} is filed", names[0]) } else { format!("{} documents are filed", names.len()) };
            return see_other(format!("/legal/matters/{}/documents", ask.who.view.matter.id)).toast(words).answer();
        }
    };
    let mut errors = FieldErrors::default();
    errors.add("files", why);
    page_with(StatusCode::UNPROCESSABLE_ENTITY, &documents_page(&platform, ask.frame(), &ask.who.view, errors).await?)
}

/// What came of the files of a form.
pub struct Taken {
    pub names: Vec<String>,
    /// Why one was not taken, with its name; those behind it were not read.
    pub refused: Option<String>,
}

/// Files in one form.
const FILES: usize = 20;

/// Streams the files of a form into the vault and files them on the matter. What was taken before one is refused stays.
pub async fn take(platform: &std::sync::Arc<Platform>, actor: Actor, uploader: &Uploader, upload: &mut Upload) -> Result<Taken> {
    let view = &uploader.view;
    let mut documents: Vec<DocumentId> = Vec::new();
    let mut names = Vec::new();
    let mut refused = None;
    let reach = view.caller.reach();
    loop {
        let file = match upload.next_file().await {
            Ok(Some(file)) => file,
            Ok(None) => break,
            Err(error) => {
                refused = Some(why("", error)?);
                break;
            }
        };
        let name = vault::file_name::clean(&file.name);
        if names.len() == FILES {
            refused = Some(format!("At most {FILES} files at once; {name} and those after it were left out."));
            break;
        }
        let new = NewDocument {
            tenant: view.matter.tenant_id,
            company: view.matter.company_id,
            category: Category::Matters,
            title: name.clone(),
            file_name: file.name.clone(),
            media_type: String::new(),
            owner: owner(view.matter.id),
            audience: vec![Audience::Account(view.caller.account)],
        };
        match vault::receive(platform, actor.clone(), reach.clone(), new, file).await {
            Ok(id) => {
                documents.push(id);
                names.push(name);
            }
            Err(error) => {
                refused = Some(why(&name, error)?);
                break;
            }
        }
    }
    if refused.is_some() {
        upload.drain().await;
    }
    if !documents.is_empty() {
        let mut work = platform.work(actor, reach).await?;
        file_documents(&mut work, uploader, &documents, &names).await?;
        work.commit().await?;
    }
    Ok(Taken { names, refused })
}

/// What a person is told about a file that was not taken; our own faults stay faults.
fn why(name: &str, error: Error) -> Result<String> {
    let words = match &error {
        Error::Invalid(_) | Error::Refused(_) => error.detail(),
        _ => return Err(error),
    };
    Ok(if name.is_empty() { words } else { format!("{name}: {words}") })
}
