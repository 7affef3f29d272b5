//! `/legal/timer`: the one running timer of a person; stopping it logs what ran.

use actix_web::http::StatusCode;
use askama::Template;
use serde::Deserialize;

use crate::{
    platform::{
        Error, FieldErrors, Result, Work,
        web::{Answer, Ask, Form, Frame, page, page_with, see_other},
    },
    retainers::{
        HoursLogger, RetainerWorker,
        access::{MatterHours, TimerPerson},
        commands::{log_hours::no_retainer, stop_timer::none_running},
        discard_timer,
        queries::{self, RunningTimer},
        start_timer, stop_timer,
    },
};

#[derive(Template)]
#[template(path = "retainers/timer.html")]
struct TimerPage {
    frame: Frame,
    timer: Option<RunningTimer>,
    description: String,
    errors: FieldErrors,
}

#[derive(Clone, Debug, Default, Deserialize)]
pub struct Stop {
    #[serde(default)]
    description: String,
}

async fn timer_page<B>(ask: &Ask<TimerPerson, B>, description: String, errors: FieldErrors) -> Result<TimerPage> {
    let platform = ask.platform();
    let tx = platform.read(ask.who.caller.reach()).await?;
    let timer = queries::timer(&tx, platform.clock.now(), &ask.who.caller).await?;
    Ok(TimerPage { frame: ask.frame(), timer, description, errors })
}

pub async fn show(ask: Ask<TimerPerson>) -> Answer {
    page(&timer_page(&ask, String::new(), FieldErrors::default()).await?)
}

/// The person's timer inside this work, and the right to log it.
async fn running(work: &Work, who: &TimerPerson) -> Result<(RunningTimer, HoursLogger)> {
    let timer = queries::timer(work.read(), work.now(), &who.caller).await?.ok_or_else(none_running)?;
    let logger = HoursLogger::of_timer(std::sync::Arc::clone(&who.caller), timer.tenant)?;
    Ok((timer, logger))
}

/// Where a timer's work is read.
fn place(timer: &RunningTimer) -> String {
    match &timer.matter {
        Some((matter, _)) => format!("/legal/matters/{matter}/hours"),
        None => format!("/legal/retainers/{}/hours", timer.retainer),
    }
}

pub async fn stop(ask: Ask<TimerPerson, Form<Stop>>) -> Answer {
    let typed = ask.body.0.clone();
    let stopped = async {
        let mut work = ask.work(ask.who.caller.reach()).await?;
        let (timer, logger) = running(&work, &ask.who).await?;
        stop_timer(&mut work, &logger, &typed.description).await?;
        work.commit().await?;
        Ok(timer)
    };
    match stopped.await {
        Ok(timer) => see_other(place(&timer)).toast("Stopped and logged").answer(),
        Err(Error::Invalid(errors)) => {
            page_with(StatusCode::UNPROCESSABLE_ENTITY, &timer_page(&ask, typed.description, errors).await?)
        }
        Err(other) => Err(other),
    }
}

pub async fn discard(ask: Ask<TimerPerson>) -> Answer {
    let mut work = ask.work(ask.who.caller.reach()).await?;
    let (timer, logger) = running(&work, &ask.who).await?;
    discard_timer(&mut work, &logger).await?;
    work.commit().await?;
    see_other(place(&timer)).toast("Discarded; nothing was logged").answer()
}

pub async fn start_on_retainer(ask: Ask<RetainerWorker>) -> Answer {
    let id = ask.who.view.retainer.id;
    let mut work = ask.work(ask.who.view.caller.reach()).await?;
    let logger = HoursLogger::of_retainer(&work, &ask.who).await?;
    start_timer(&mut work, &logger, id, None).await?;
    work.commit().await?;
    see_other(format!("/legal/retainers/{id}")).toast("Your timer runs").answer()
}

pub async fn start_on_matter(ask: Ask<MatterHours>) -> Answer {
    let logger = HoursLogger::of_matter(&ask.who)?;
    let matter = &ask.who.view.matter;
    let mut work = ask.work(ask.who.view.caller.reach()).await?;
    let retainer =
        queries::charged_to(work.read(), matter.tenant_id, ask.who.view.caller.account).await?.ok_or_else(no_retainer)?;
    start_timer(&mut work, &logger, retainer.id, Some(matter.id)).await?;
    work.commit().await?;
    see_other(format!("/legal/matters/{}/hours", matter.id)).toast("Your timer runs").answer()
}
