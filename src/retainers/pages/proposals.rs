//! `/legal/proposals`: time proposed from what an attorney did; accepting with the right time, dismissing, bringing back.

use actix_web::http::StatusCode;
use askama::Template;
use serde::Deserialize;

use crate::{
    platform::{
        Error, FieldErrors, Platform, Result,
        web::{Answer, Ask, Form, Frame, answer::own_path, page, page_with, see_other},
    },
    retainers::{
        accept_proposal,
        access::{ProposalOwner, TimerPerson},
        dismiss_proposal, minutes,
        queries::proposals::{Of, ProposalLine, proposals},
    },
    tenancy::Caller,
};

const HERE: &str = "/legal/proposals";

#[derive(Template)]
#[template(path = "retainers/proposals.html")]
struct ProposalsPage {
    frame: Frame,
    proposals: Vec<ProposalLine>,
    dismissed: Vec<ProposalLine>,
    /// Where an answer leads back to.
    back: String,
}

async fn proposals_page(platform: &Platform, frame: Frame, caller: &Caller) -> Result<ProposalsPage> {
    let tx = platform.read(caller.reach()).await?;
    Ok(ProposalsPage {
        frame,
        proposals: proposals(platform, &tx, caller, Of::Everything).await?,
        dismissed: proposals(platform, &tx, caller, Of::Dismissed).await?,
        back: HERE.to_owned(),
    })
}

pub async fn list(ask: Ask<TimerPerson>) -> Answer {
    page(&proposals_page(&ask.platform(), ask.frame(), &ask.who.caller).await?)
}

#[derive(Clone, Debug, Default, Deserialize)]
pub struct Accept {
    #[serde(default)]
    time: String,
    #[serde(default)]
    description: String,
    #[serde(default)]
    seen: i32,
    #[serde(default)]
    back: String,
}

#[derive(Clone, Debug, Default, Deserialize)]
pub struct Back {
    #[serde(default)]
    back: String,
}

/// Back to one of our pages of the firm.
fn back(typed: &str) -> &str {
    own_path(Some(typed).filter(|path| path.starts_with("/legal/")), HERE)
}

pub async fn accept(ask: Ask<ProposalOwner, Form<Accept>>) -> Answer {
    let typed = ask.body.0.clone();
    let logged = async {
        let minutes = minutes::parse(&typed.time)
            .ok_or_else(|| Error::invalid("time", "A time such as 1h20m, 1:20, 1.3 (hours) or 80 (minutes), at most a day."))?;
        let mut work = ask.work(ask.who.caller.reach()).await?;
        accept_proposal(&mut work, &ask.who, minutes, &typed.description, typed.seen).await?;
        work.commit().await?;
        Ok(minutes::in_steps(minutes))
    };
    match logged.await {
        Ok(minutes) => see_other(back(&typed.back)).toast(format!("{} logged", minutes::words(minutes))).answer(),
        Err(Error::Invalid(errors)) => {
            let mut shown = proposals_page(&ask.platform(), ask.frame(), &ask.who.caller).await?;
            put_in(&mut shown.proposals, &ask.who, &typed, errors);
            page_with(StatusCode::UNPROCESSABLE_ENTITY, &shown)
        }
        Err(other) => Err(other),
    }
}

/// What was typed stays where it was typed.
fn put_in(lines: &mut [ProposalLine], who: &ProposalOwner, typed: &Accept, errors: FieldErrors) {
    if let Some(line) = lines.iter_mut().find(|line| line.id == who.proposal.id) {
        if line.pieces == typed.seen {
            line.time.clone_from(&typed.time);
            line.description.clone_from(&typed.description);
        }
        line.errors = errors;
    }
}

pub async fn dismiss(ask: Ask<ProposalOwner, Form<Back>>) -> Answer {
    let mut work = ask.work(ask.who.caller.reach()).await?;
    dismiss_proposal(&mut work, &ask.who, true).await?;
    work.commit().await?;
    see_other(back(&ask.body.0.back)).toast("Dismissed. For a week it can be brought back under Proposed time").answer()
}

pub async fn bring_back(ask: Ask<ProposalOwner>) -> Answer {
    let mut work = ask.work(ask.who.caller.reach()).await?;
    dismiss_proposal(&mut work, &ask.who, false).await?;
    work.commit().await?;
    see_other(HERE).toast("It is proposed again").answer()
}
