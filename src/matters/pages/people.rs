//! `/legal/matters/{id}/people`: who takes part; putting somebody on the matter, taking somebody off.

use actix_web::http::StatusCode;
use askama::Template;
use entity::{ids::AccountId, matters::Side};
use serde::Deserialize;

use super::{
    header::{Header, header},
    show::{Sitting, seated},
};
use crate::{
    matters::{
        MatterView, Steersman, add_participant,
        queries::{self, Candidate},
        remove_participant,
    },
    platform::{
        Error, FieldErrors, Platform, Result,
        web::{Answer, Ask, Form, Frame, page, page_with, see_other},
    },
};

#[derive(Template)]
#[template(path = "matters/people.html")]
struct PeoplePage {
    frame: Frame,
    head: Header,
    people: Vec<Sitting>,
    me: AccountId,
    /// Side, and who of it could be put on; empty for those who may not.
    candidates: Vec<(&'static str, Vec<Candidate>)>,
    errors: FieldErrors,
    account: String,
}

#[derive(Deserialize)]
pub struct Somebody {
    #[serde(default)]
    account: String,
}

pub async fn list(ask: Ask<MatterView>) -> Answer {
    page(&people_page(&ask.platform(), ask.frame(), &ask.who, FieldErrors::default(), String::new()).await?)
}

async fn people_page(
    platform: &Platform,
    frame: Frame,
    view: &MatterView,
    errors: FieldErrors,
    account: String,
) -> Result<PeoplePage> {
    let tx = platform.read(view.caller.reach()).await?;
    let people = queries::participants(&tx, view.matter.id).await?;
    let mut candidates = Vec::new();
    if view.may_steer() {
        let all = queries::candidates(&tx, &view.matter).await?;
        for (side, label) in
            [(Side::Staff, "The MSP's people"), (Side::Attorney, "Attorneys"), (Side::Client, "People at the client")]
        {
            let found: Vec<Candidate> = all
                .iter()
                .filter(|one| one.side == side && !people.iter().any(|person| person.account_id == one.account))
                .cloned()
                .collect();
            if !found.is_empty() {
                candidates.push((label, found));
            }
        }
    }
    Ok(PeoplePage {
        frame,
        head: header(&tx, view, "people").await?,
        people: seated(people, view.matter.claimed_by),
        me: view.caller.account,
        candidates,
        errors,
        account,
    })
}

pub async fn add(ask: Ask<Steersman, Form<Somebody>>) -> Answer {
    let address = format!("/legal/matters/{}/people", ask.who.view.matter.id);
    let mut work = ask.work(ask.who.view.caller.reach()).await?;
    let added = match ask.body.0.account.parse::<AccountId>() {
        Ok(account) => add_participant(&mut work, &ask.who, account).await,
        Err(_) => Err(Error::invalid("account", "Choose somebody from the list.")),
    };
    match added {
        Ok(()) => {
            work.commit().await?;
            see_other(address).toast("They take part now, and were told").answer()
        }
        Err(Error::Invalid(errors)) => {
            drop(work);
            let shown = people_page(&ask.platform(), ask.frame(), &ask.who.view, errors, ask.body.0.account.clone()).await?;
            page_with(StatusCode::UNPROCESSABLE_ENTITY, &shown)
        }
        Err(other) => Err(other),
    }
}

pub async fn remove(ask: Ask<MatterView, Form<Somebody>>) -> Answer {
    let account: AccountId =
        ask.body.0.account.parse().map_err(|_| Error::invalid("account", "Choose somebody who takes part."))?;
    let mut work = ask.work(ask.who.caller.reach()).await?;
    remove_participant(&mut work, &ask.who, account).await?;
    work.commit().await?;
    if account == ask.who.caller.account {
        return see_other("/legal/matters").toast("You left the matter").answer();
    }
    see_other(format!("/legal/matters/{}/people", ask.who.matter.id)).toast("They are out, from now on").answer()
}
