//! The buttons of a retainer: offer, withdraw, accept, pause, resume, cancel. Each leads back to it.

use serde::Deserialize;

use crate::{
    platform::web::{Answer, Ask, Form, see_other},
    retainers::{
        Accepter, Offerer, RetainerParty, accept as accept_terms, cancel as cancel_retainer, offer as offer_terms,
        pause as pause_retainer, resume as resume_retainer, withdraw as withdraw_offer,
    },
};

macro_rules! steps {
    ($($name:ident: $witness:ident, $command:ident, $words:literal;)+) => {$(
        pub async fn $name(ask: Ask<$witness>) -> Answer {
            let mut work = ask.work(ask.who.view.caller.reach()).await?;
            $command(&mut work, &ask.who).await?;
            work.commit().await?;
            see_other(format!("/legal/retainers/{}", ask.who.view.retainer.id)).toast($words).answer()
        }
    )+};
}

steps! {
    offer: Offerer, offer_terms, "Offered: the MSP's owner and admins were told";
    withdraw: Offerer, withdraw_offer, "The offer is taken back";
    pause: RetainerParty, pause_retainer, "Paused: no new hours, no billing";
    resume: RetainerParty, resume_retainer, "The retainer goes on";
    cancel: RetainerParty, cancel_retainer, "The retainer has ended";
}

#[derive(Deserialize)]
pub struct Accept {
    /// The version of the terms on the page.
    #[serde(default)]
    terms_version: i32,
}

pub async fn accept(ask: Ask<Accepter, Form<Accept>>) -> Answer {
    let mut work = ask.work(ask.who.view.caller.reach()).await?;
    accept_terms(&mut work, &ask.who, ask.body.0.terms_version).await?;
    work.commit().await?;
    see_other(format!("/legal/retainers/{}", ask.who.view.retainer.id)).toast("Accepted: the retainer runs").answer()
}
