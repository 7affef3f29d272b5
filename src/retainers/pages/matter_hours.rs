//! `/legal/matters/{id}/hours`: the hours of a matter; logging for attorneys who take part in it.

use actix_web::{http::StatusCode, web::Query};
use askama::Template;

use crate::{
    matters::{self, Header},
    platform::{
        Error, FieldErrors, Platform, Result,
        web::{
            Answer, Ask, Form, Frame, Pager, page, page_with,
            paging::{PAGE_SIZE, PageQuery},
            see_other,
        },
    },
    retainers::{
        HoursLogger,
        access::MatterHours,
        commands::log_hours::no_retainer,
        hours_form::HoursForm,
        log_hours, meter, minutes,
        queries::proposals::{Of, ProposalLine, proposals},
        queries::{self, HoursLine, WantedHours},
    },
    tenancy,
};

#[derive(Template)]
#[template(path = "retainers/matter_hours.html")]
struct MatterHoursPage {
    frame: Frame,
    head: Header,
    rows: Vec<HoursLine>,
    pager: Pager,
    sum: String,
    /// None for those who only read, and where there is no retainer to charge.
    form: Option<HoursForm>,
    proposals: Vec<ProposalLine>,
    back: String,
    /// An attorney who could log if there were a running retainer.
    lacks_retainer: bool,
    errors: FieldErrors,
}

pub async fn list(ask: Ask<MatterHours>, paging: Query<PageQuery>) -> Answer {
    page(&hours_page(&ask.platform(), ask.frame(), &ask.who, &paging, None, FieldErrors::default()).await?)
}

async fn hours_page(
    platform: &Platform,
    frame: Frame,
    who: &MatterHours,
    paging: &PageQuery,
    typed: Option<HoursForm>,
    errors: FieldErrors,
) -> Result<MatterHoursPage> {
    let now = platform.clock.now();
    let matter = &who.view.matter;
    let caller = &who.view.caller;
    let tx = platform.read(caller.reach()).await?;
    let wanted = WantedHours { matter: Some(matter.id), ..WantedHours::default() };
    let (rows, total, minutes) = queries::hours(platform, &tx, caller, &wanted, paging.offset(), PAGE_SIZE).await?;
    let charged = queries::charged_to(&tx, matter.tenant_id, caller.account).await?.is_some();
    let form = match typed {
        _ if !(who.may_log() && charged) => None,
        Some(typed) => Some(typed),
        None => {
            let zone = tenancy::tenant(&tx, matter.tenant_id).await?.map_or_else(|| "UTC".to_owned(), |tenant| tenant.zone);
            Some(HoursForm { worked_on: meter::iso(meter::day_in(&zone, now)), ..HoursForm::default() })
        }
    };
    Ok(MatterHoursPage {
        frame,
        head: matters::header(&tx, &who.view, "hours").await?,
        rows,
        pager: Pager::new(paging.number(), total, &format!("/legal/matters/{}/hours", matter.id)),
        sum: minutes::hours(minutes),
        form,
        lacks_retainer: who.may_log() && !charged,
        errors,
        back: format!("/legal/matters/{}/hours", matter.id),
        proposals: if who.may_log() && charged {
            proposals(platform, &tx, caller, Of::Matter(matter.id)).await?
        } else {
            Vec::new()
        },
    })
}

pub async fn log(ask: Ask<MatterHours, Form<HoursForm>>) -> Answer {
    let logger = HoursLogger::of_matter(&ask.who)?;
    let matter = &ask.who.view.matter;
    let typed = HoursForm { matter: matter.id.to_string(), ..ask.body.0.clone() };
    let logged = async {
        let mut work = ask.work(ask.who.view.caller.reach()).await?;
        let retainer =
            queries::charged_to(work.read(), matter.tenant_id, ask.who.view.caller.account).await?.ok_or_else(no_retainer)?;
        let input = typed.read(retainer.id)?;
        let minutes = minutes::in_steps(input.minutes);
        log_hours(&mut work, &logger, input).await?;
        work.commit().await?;
        Ok(minutes)
    };
    match logged.await {
        Ok(minutes) => {
            see_other(format!("/legal/matters/{}/hours", matter.id)).toast(format!("{} logged", minutes::words(minutes))).answer()
        }
        Err(Error::Invalid(errors)) => {
            let shown = hours_page(&ask.platform(), ask.frame(), &ask.who, &PageQuery::default(), Some(typed), errors).await?;
            page_with(StatusCode::UNPROCESSABLE_ENTITY, &shown)
        }
        Err(other) => Err(other),
    }
}
