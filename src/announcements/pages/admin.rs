//! `/admin/announcements`: what was announced to whom, who has read it, and the form of one.

use actix_web::{http::StatusCode, web::Query};
use askama::Template;
use entity::{
    announcements::{AnnouncementStatus, announcement},
    ids::{AnnouncementId, CompanyId, TenantId},
};
use serde::Deserialize;

use crate::{
    announcements::{
        OwnAnnouncement, SaveAnnouncement, When,
        announcement::{local_in, moment_in},
        commands::delete::delete,
        queries::{self, AdminLine, Reader, Wanted},
        save, withdraw,
    },
    platform::{
        Error, FieldErrors, Platform, Result, markdown,
        web::{Answer, Ask, Fields, Frame, Pager, page, page_with, paging::PageQuery, request_id, see_other},
    },
    tenancy::{self, caller::TenantAdmin},
};

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Filter {
    pub status: String,
    pub q: String,
    pub page: Option<String>,
}

#[derive(Template)]
#[template(path = "announcements/list_admin.html")]
struct ListPage {
    frame: Frame,
    tab: &'static str,
    filter: Filter,
    filtered: bool,
    statuses: Vec<(&'static str, &'static str)>,
    lines: Vec<AdminLine>,
    pager: Pager,
}

pub async fn list(ask: Ask<TenantAdmin>, filter: Query<Filter>) -> Answer {
    let filter = filter.into_inner();
    let paging = PageQuery { page: filter.page.clone() };
    let wanted = Wanted { text: filter.q.chars().take(200).collect(), status: filter.status.parse().ok(), offset: paging.offset() };
    let tx = ask.platform().read(ask.who.caller.reach()).await?;
    let (lines, total) = queries::list(&tx, ask.who.tenant, &wanted).await?;
    let query = url::form_urlencoded::Serializer::new(String::new())
        .append_pair("status", &filter.status)
        .append_pair("q", &filter.q)
        .finish();
    page(&ListPage {
        frame: ask.frame(),
        tab: "announcements",
        filtered: !filter.status.is_empty() || !filter.q.is_empty(),
        statuses: AnnouncementStatus::ALL.iter().map(|status| (status.word(), status.label())).collect(),
        pager: Pager::new(paging.number(), total, &format!("/admin/announcements?{query}")),
        filter,
        lines,
    })
}

/// What was typed.
#[derive(Clone, Debug)]
struct Typed {
    title: String,
    body: String,
    /// `all` or `chosen`.
    whom: String,
    companies: Vec<String>,
    by_mail: bool,
    /// `draft`, `now` or `at`.
    when: String,
    publish_at: String,
}

impl Typed {
    fn of_form(fields: &Fields) -> Self {
        let get = |name: &str| fields.get(name).unwrap_or_default().to_owned();
        Self {
            title: get("title"),
            body: get("body").replace("\r\n", "\n"),
            whom: get("whom"),
            companies: fields.all("companies").map(str::to_owned).collect(),
            by_mail: get("by_mail") == "true",
            when: get("when"),
            publish_at: get("publish_at"),
        }
    }

    fn chosen(&self, id: &CompanyId) -> bool {
        self.companies.iter().any(|known| *known == id.to_string())
    }

    fn wanted(&self, zone: &str, errors: &mut FieldErrors) -> SaveAnnouncement {
        let when = match self.when.as_str() {
            "now" => When::Now,
            "at" => match moment_in(zone, &self.publish_at) {
                Some(at) => When::At(at),
                None => {
                    errors.add("publish_at", "Choose the day and the time.");
                    When::Draft
                }
            },
            _ => When::Draft,
        };
        let companies = match self.whom.as_str() {
            "chosen" => Some(self.companies.iter().filter_map(|id| id.parse().ok()).collect()),
            _ => None,
        };
        SaveAnnouncement { title: self.title.clone(), body: self.body.clone(), companies, by_mail: self.by_mail, when }
    }
}

#[derive(Template)]
#[template(path = "announcements/edit.html")]
struct EditPage {
    frame: Frame,
    tab: &'static str,
    id: Option<AnnouncementId>,
    /// Only its words may still change.
    published: bool,
    typed: Typed,
    /// What it will look like, where that was asked for.
    preview: Option<String>,
    errors: FieldErrors,
    companies: Vec<(CompanyId, String)>,
    zone: String,
    whom: Vec<(&'static str, &'static str, &'static str)>,
    whens: Vec<(&'static str, &'static str, &'static str)>,
}

const WHOM: [(&str, &str, &str); 2] =
    [("all", "All clients", "Also those you add later"), ("chosen", "Chosen clients", "Nobody else knows of it")];
const WHENS: [(&str, &str, &str); 3] = [
    ("draft", "Keep it as a draft", "Nobody sees it yet"),
    ("now", "Publish it now", "Those it is for are told at once"),
    ("at", "Publish it at a time", "By itself, at the time below"),
];

async fn edit_page(
    platform: &Platform,
    who: &TenantAdmin,
    frame: Frame,
    known: Option<&announcement::Model>,
    typed: Typed,
    preview: bool,
    errors: FieldErrors,
) -> Result<EditPage> {
    let tx = platform.read(who.caller.reach()).await?;
    Ok(EditPage {
        frame,
        tab: "announcements",
        id: known.map(|row| row.id),
        published: known.is_some_and(|row| row.status == AnnouncementStatus::Published),
        preview: preview.then(|| markdown::article(&typed.body, 3)),
        typed,
        errors,
        companies: tenancy::companies(&tx, who.tenant).await?.into_iter().map(|row| (row.id, row.name)).collect(),
        zone: zone(&tx, who.tenant).await?,
        whom: WHOM.to_vec(),
        whens: WHENS.to_vec(),
    })
}

async fn zone(tx: &crate::platform::Tx, tenant: TenantId) -> Result<String> {
    Ok(tenancy::tenant(tx, tenant).await?.map_or_else(|| "UTC".to_owned(), |tenant| tenant.zone))
}

pub async fn form_new(ask: Ask<TenantAdmin>) -> Answer {
    let typed = Typed {
        title: String::new(),
        body: String::new(),
        whom: "all".to_owned(),
        companies: Vec::new(),
        by_mail: false,
        when: "draft".to_owned(),
        publish_at: String::new(),
    };
    page(&edit_page(&ask.platform(), &ask.who, ask.frame(), None, typed, false, FieldErrors::default()).await?)
}

pub async fn form(ask: Ask<OwnAnnouncement>) -> Answer {
    let platform = ask.platform();
    let row = &ask.who.row;
    let tx = platform.read(ask.who.admin.caller.reach()).await?;
    let typed = Typed {
        title: row.title.clone(),
        body: row.body.clone(),
        whom: if row.for_all { "all" } else { "chosen" }.to_owned(),
        companies: queries::companies_of(&tx, row.id).await?.iter().map(ToString::to_string).collect(),
        by_mail: row.by_mail,
        when: if row.publish_at.is_some() { "at" } else { "draft" }.to_owned(),
        publish_at: match row.publish_at {
            Some(at) => local_in(&zone(&tx, row.tenant_id).await?, at),
            None => String::new(),
        },
    };
    drop(tx);
    page(&edit_page(&platform, &ask.who.admin, ask.frame(), Some(row), typed, false, FieldErrors::default()).await?)
}

pub async fn create(ask: Ask<TenantAdmin, Fields>) -> Answer {
    let who = ask.who.clone();
    keep(ask, &who, None).await
}

pub async fn save_it(ask: Ask<OwnAnnouncement, Fields>) -> Answer {
    let (who, row) = (ask.who.admin.clone(), ask.who.row.clone());
    keep(ask, &who, Some(row)).await
}

async fn keep<W>(ask: Ask<W, Fields>, who: &TenantAdmin, known: Option<announcement::Model>) -> Answer {
    let typed = Typed::of_form(&ask.body);
    let platform = ask.platform();
    if ask.body.get("preview").is_some() {
        // Nothing is changed.
        platform.tripwire.audited(&request_id(&ask.request));
        let shown = edit_page(&platform, who, ask.frame(), known.as_ref(), typed, true, FieldErrors::default()).await?;
        return page(&shown);
    }
    let tx = platform.read(who.caller.reach()).await?;
    let zone = zone(&tx, who.tenant).await?;
    drop(tx);
    let mut errors = FieldErrors::default();
    let input = typed.wanted(&zone, &mut errors);
    let mut work = ask.work(who.caller.reach()).await?;
    // A time that cannot be read is told together with what else is wrong.
    let kept = match errors.is_empty() {
        true => save(&mut work, who, known.as_ref().map(|row| row.id), &input).await,
        false => {
            input.check(work.now(), &mut errors);
            Err(Error::Invalid(errors))
        }
    };
    match kept {
        Ok(row) => {
            work.commit().await?;
            let said = match (row.status, known.map(|row| row.status)) {
                (AnnouncementStatus::Published, Some(AnnouncementStatus::Published)) => {
                    "Its words are mended. Nobody is told again."
                }
                (AnnouncementStatus::Published, _) => "It is published, and those it is for are told.",
                (AnnouncementStatus::Scheduled, _) => "It publishes itself at its time.",
                _ => "The draft is saved. Nobody sees it yet.",
            };
            see_other(format!("/admin/announcements/{}", row.id)).toast(said).answer()
        }
        Err(Error::Invalid(errors)) => {
            drop(work);
            let shown = edit_page(&platform, who, ask.frame(), known.as_ref(), typed, false, errors).await?;
            page_with(StatusCode::UNPROCESSABLE_ENTITY, &shown)
        }
        Err(other) => Err(other),
    }
}

#[derive(Template)]
#[template(path = "announcements/show_admin.html")]
struct ShowPage {
    frame: Frame,
    tab: &'static str,
    row: announcement::Model,
    html: String,
    whom: String,
    zone: String,
    local: String,
    readers: Vec<Reader>,
    read: usize,
}

pub async fn show(ask: Ask<OwnAnnouncement>) -> Answer {
    let row = ask.who.row.clone();
    let tx = ask.platform().read(ask.who.admin.caller.reach()).await?;
    let companies = queries::companies_of(&tx, row.id).await?;
    let names = tenancy::company_names(&tx, companies).await?;
    let readers = queries::readers(&tx, &row).await?;
    let zone = zone(&tx, row.tenant_id).await?;
    page(&ShowPage {
        frame: ask.frame(),
        tab: "announcements",
        html: markdown::article(&row.body, 3),
        whom: match row.for_all {
            true => "All clients".to_owned(),
            false => {
                let mut names: Vec<String> = names.into_values().collect();
                names.sort_by_key(|name| name.to_lowercase());
                if names.is_empty() { "Nobody yet".to_owned() } else { names.join(", ") }
            }
        },
        local: row.publish_at.map(|at| local_in(&zone, at).replace('T', ", ")).unwrap_or_default(),
        zone,
        read: readers.iter().filter(|reader| reader.read_at.is_some()).count(),
        readers,
        row,
    })
}

pub async fn withdraw_it(ask: Ask<OwnAnnouncement>) -> Answer {
    let mut work = ask.work(ask.who.admin.caller.reach()).await?;
    let status = withdraw(&mut work, &ask.who).await?;
    work.commit().await?;
    let said = match status {
        AnnouncementStatus::Draft => "It does not publish itself; it is a draft again.",
        _ => "It is withdrawn: clients do not see it any more.",
    };
    see_other(format!("/admin/announcements/{}", ask.who.row.id)).toast(said).answer()
}

pub async fn delete_it(ask: Ask<OwnAnnouncement>) -> Answer {
    let mut work = ask.work(ask.who.admin.caller.reach()).await?;
    delete(&mut work, &ask.who).await?;
    work.commit().await?;
    see_other("/admin/announcements").toast("The draft is gone.").answer()
}
