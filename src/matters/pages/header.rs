//! What every tab of a matter shows above itself: title, facts, steps and tabs.

use entity::matters::{MatterStatus, matter};

use crate::{
    matters::MatterView,
    platform::{Result, Tx},
    tenancy,
};

/// For `matters/head.html` and `matters/actions.html`, under the name `head`.
pub struct Header {
    pub matter: matter::Model,
    pub company: Option<String>,
    /// The open tab: `conversation`, `documents`, `hours`, `activity`, `people`.
    pub tab: &'static str,
    pub joined: bool,
    pub may_claim: bool,
    pub may_join: bool,
    pub may_resolve: bool,
    pub may_close: bool,
    pub may_reopen: bool,
    pub may_steer: bool,
    /// Hours are between the attorney and the MSP.
    pub sees_hours: bool,
}

pub async fn header(tx: &Tx, view: &MatterView, tab: &'static str) -> Result<Header> {
    let company = match view.matter.company_id {
        Some(id) => tenancy::company_in(tx, id).await?.map(|company| company.name),
        None => None,
    };
    let status = view.matter.status;
    Ok(Header {
        company,
        tab,
        joined: view.joined,
        may_claim: status == MatterStatus::Open && view.may_claim(),
        may_join: !view.joined && view.may_join(),
        may_resolve: status == MatterStatus::InProgress && view.may_resolve(),
        may_close: status == MatterStatus::Resolved && view.may_close(),
        may_reopen: matches!(status, MatterStatus::Resolved | MatterStatus::Closed) && view.may_steer(),
        may_steer: view.may_steer(),
        sees_hours: view.sees_hours(),
        matter: view.matter.clone(),
    })
}
