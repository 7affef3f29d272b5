//! Health: every check, with the fix.

use actix_web::HttpResponse;
use askama::Template;

use super::super::{health::Finding, queries};
use crate::{
    platform::web::{Answer, Ask, Frame, page},
    tenancy::caller::Operator,
};

#[derive(Template)]
#[template(path = "admin/health.html")]
struct HealthPage {
    frame: Frame,
    findings: Vec<Finding>,
}

pub async fn show(ask: Ask<Operator>) -> Answer {
    let findings = queries::findings(&ask.platform()).await;
    if !crate::platform::web::wants_page(&ask.request) {
        return Ok(HttpResponse::Ok().json(findings));
    }
    page(&HealthPage { frame: ask.frame(), findings })
}
