//! Health: every check, with the fix. The operator's page is the whole installation's, an MSP's admin has its own.

use actix_web::HttpResponse;
use askama::Template;

use super::super::{
    health::{Finding, State},
    queries,
};
use crate::{
    platform::web::{Answer, Ask, Frame, page, wants_page},
    tenancy::caller::{Operator, TenantAdmin},
};

#[derive(Template)]
#[template(path = "admin/health.html")]
struct HealthPage {
    frame: Frame,
    /// In the admin panel; empty on the operator's side.
    tab: &'static str,
    findings: Vec<Finding>,
}

impl HealthPage {
    /// What is wrong comes first.
    fn new(frame: Frame, tab: &'static str, mut findings: Vec<Finding>) -> Self {
        findings.sort_by_key(|finding| match finding.state {
            State::Failing => 0,
            State::Warning => 1,
            State::Ok => 2,
        });
        Self { frame, tab, findings }
    }

    fn count(&self, word: &str) -> usize {
        self.findings.iter().filter(|finding| finding.word() == word).count()
    }

    /// Who has to do it, where that is not the reader.
    fn whose(&self, finding: &Finding) -> &'static str {
        if self.tab.is_empty() || finding.tenant.is_some() || finding.fix.is_empty() {
            ""
        } else {
            "For whoever runs this installation:"
        }
    }
}

pub async fn show(ask: Ask<Operator>) -> Answer {
    let findings = queries::findings(&ask.platform()).await;
    if !wants_page(&ask.request) {
        return Ok(HttpResponse::Ok().json(findings));
    }
    page(&HealthPage::new(ask.frame(), "", findings))
}

pub async fn show_tenant(ask: Ask<TenantAdmin>) -> Answer {
    let findings = queries::tenant_findings(&ask.platform(), ask.who.tenant).await?;
    if !wants_page(&ask.request) {
        return Ok(HttpResponse::Ok().json(findings));
    }
    page(&HealthPage::new(ask.frame(), "health", findings))
}
