//! `/legal/retainers/{id}/hours`: the log, filtered by the address; logging for its attorney.

use actix_web::{http::StatusCode, web::Query};
use askama::Template;
use entity::ids::{AccountId, MatterId};
use serde::Deserialize;

use super::show::{Header, header};
use crate::{
    matters,
    platform::{
        Error, FieldErrors, Platform, Result,
        web::{
            Answer, Ask, Form, Frame, Pager, page, page_with,
            paging::{PAGE_SIZE, PageQuery},
            see_other,
        },
    },
    retainers::{
        HoursLogger, RetainerViewer, RetainerWorker,
        hours_form::HoursForm,
        log_hours, meter, minutes,
        queries::proposals::{ProposalLine, of_retainer},
        queries::{self, HoursLine, WantedHours},
    },
    tenancy,
};

#[derive(Clone, Debug, Default, Deserialize)]
pub struct Filter {
    #[serde(default)]
    pub from: String,
    #[serde(default)]
    pub to: String,
    #[serde(default)]
    pub matter: String,
    #[serde(default)]
    pub attorney: String,
    /// Minutes: only what lies beyond them.
    #[serde(default)]
    pub beyond: String,
    #[serde(default)]
    pub page: Option<String>,
}

impl Filter {
    /// What cannot be read does not filter.
    pub fn wanted(&self, retainer: Option<entity::ids::RetainerId>) -> WantedHours {
        WantedHours {
            retainer,
            tenants: None,
            matter: self.matter.parse().ok(),
            attorney: self.attorney.parse().ok(),
            beyond: self.beyond.parse().ok().filter(|minutes| *minutes >= 0),
            from: meter::day(self.from.trim()),
            to: meter::day(self.to.trim()),
        }
    }

    pub fn is_set(&self) -> bool {
        [&self.from, &self.to, &self.matter, &self.attorney, &self.beyond].iter().any(|field| !field.is_empty())
    }

    /// `?from=…` without the page; empty where nothing filters.
    pub fn query(&self) -> String {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        for (name, value) in [
            ("from", &self.from),
            ("to", &self.to),
            ("matter", &self.matter),
            ("attorney", &self.attorney),
            ("beyond", &self.beyond),
        ] {
            if !value.is_empty() {
                query.append_pair(name, value);
            }
        }
        let query = query.finish();
        if query.is_empty() { query } else { format!("?{query}") }
    }
}

/// As many proposals stand above the log.
const PROPOSALS: usize = 3;

#[derive(Template)]
#[template(path = "retainers/hours.html")]
struct HoursPage {
    frame: Frame,
    head: Header,
    filter: Filter,
    export: String,
    /// The month of the first day chosen, or the one that runs.
    ledes: String,
    rows: Vec<HoursLine>,
    pager: Pager,
    /// Hours beyond which the entries lie, where only those are shown.
    beyond: Option<String>,
    /// Counted, over all that match.
    sum: String,
    matters_filter: Vec<(MatterId, String)>,
    attorneys_filter: Vec<(AccountId, String)>,
    /// None for those who only read.
    form: Option<HoursForm>,
    matters: Vec<(MatterId, String)>,
    errors: FieldErrors,
    /// Of the reader's own work: the first of them.
    proposals: Vec<ProposalLine>,
    /// The others, folded away: the log is what the page is for.
    further: Vec<ProposalLine>,
    /// How many there are of both.
    proposed: usize,
    back: String,
}

pub async fn list(ask: Ask<RetainerViewer>, filter: Query<Filter>) -> Answer {
    page(&hours_page(&ask.platform(), ask.frame(), &ask.who, filter.into_inner(), None, FieldErrors::default()).await?)
}

async fn hours_page(
    platform: &Platform,
    frame: Frame,
    view: &RetainerViewer,
    filter: Filter,
    typed: Option<HoursForm>,
    errors: FieldErrors,
) -> Result<HoursPage> {
    let now = platform.clock.now();
    let tx = platform.read(view.caller.reach()).await?;
    let head = header(&tx, now, view, "hours").await?;
    let paging = PageQuery { page: filter.page.clone() };
    let wanted = filter.wanted(Some(view.retainer.id));
    let (rows, total, minutes) = queries::hours(platform, &tx, &view.caller, &wanted, paging.offset(), PAGE_SIZE).await?;
    let here = format!("/legal/retainers/{}/hours{}", view.retainer.id, filter.query());
    let logs = view.is_attorney() && head.is_active();
    let form = match (logs, typed) {
        (false, _) => None,
        (true, Some(typed)) => Some(typed),
        (true, None) => {
            let zone = tenancy::tenant(&tx, view.retainer.tenant_id).await?.map_or_else(|| "UTC".to_owned(), |tenant| tenant.zone);
            Some(HoursForm { worked_on: meter::iso(meter::day_in(&zone, now)), ..HoursForm::default() })
        }
    };
    let mut proposals = match logs {
        true => of_retainer(platform, &tx, &view.caller, view.retainer.tenant_id, view.retainer.id).await?,
        false => Vec::new(),
    };
    let proposed = proposals.len();
    let further = proposals.split_off(proposals.len().min(PROPOSALS));
    Ok(HoursPage {
        frame,
        proposals,
        further,
        proposed,
        back: format!("/legal/retainers/{}/hours", view.retainer.id),
        export: format!("/legal/retainers/{}/hours/export{}", view.retainer.id, filter.query()),
        ledes: format!("/legal/retainers/{}/hours/ledes{}", view.retainer.id, filter.query()),
        rows,
        pager: Pager::new(paging.number(), total, &here),
        sum: minutes::hours(minutes),
        beyond: wanted.beyond.map(minutes::hours),
        matters_filter: queries::matters_on(&tx, &view.caller, view.retainer.id).await?,
        attorneys_filter: queries::attorneys_on(&tx, view.retainer.id).await?,
        matters: if logs { matters::visible_in(&tx, &view.caller, view.retainer.tenant_id).await? } else { Vec::new() },
        head,
        filter,
        form,
        errors,
    })
}

pub async fn log(ask: Ask<RetainerWorker, Form<HoursForm>>) -> Answer {
    let view = &ask.who.view;
    let typed = ask.body.0.clone();
    let logged = async {
        let input = typed.read(view.retainer.id)?;
        let minutes = minutes::in_steps(input.minutes);
        let mut work = ask.work(view.caller.reach()).await?;
        let logger = HoursLogger::of_retainer(&work, &ask.who).await?;
        log_hours(&mut work, &logger, input).await?;
        work.commit().await?;
        Ok(minutes)
    };
    match logged.await {
        Ok(minutes) => {
            let address = format!("/legal/retainers/{}/hours", view.retainer.id);
            see_other(address).toast(format!("{} logged", minutes::words(minutes))).answer()
        }
        Err(Error::Invalid(errors)) => {
            let shown = hours_page(&ask.platform(), ask.frame(), view, Filter::default(), Some(typed), errors).await?;
            page_with(StatusCode::UNPROCESSABLE_ENTITY, &shown)
        }
        Err(other) => Err(other),
    }
}
