//! Addresses of the admin panel and of the operator.

use actix_web::web::{ServiceConfig, get, post};

use super::pages::{audit, branding, clients, documents, domains, health, integrations, jobs, operator, people, sign_in, staff};

pub fn routes(config: &mut ServiceConfig) {
    config.route("/admin", get().to(clients::list));
    config.route("/admin/clients", get().to(clients::list));
    config.route("/admin/clients/new", get().to(clients::show_new));
    config.route("/admin/clients/new", post().to(clients::create));
    config.route("/admin/clients/import", get().to(clients::show_import));
    config.route("/admin/clients/import", post().to(clients::import));
    config.route("/admin/clients/{company}", get().to(clients::show));
    config.route("/admin/clients/{company}", post().to(clients::change));
    config.route("/admin/clients/{company}/contacts", post().to(clients::add_contact));
    config.route("/admin/contacts/{contact}", post().to(clients::change_contact));
    config.route("/admin/contacts/{contact}/{verb}", post().to(clients::act));
    config.route("/admin/people/{account}", get().to(people::show));
    config.route("/admin/people/{account}/app/take", post().to(people::take_app));
    config.route("/admin/sign-in", get().to(sign_in::show));
    config.route("/admin/sign-in", post().to(sign_in::save));
    config.route("/admin/people/{account}/sessions/end", post().to(people::end));
    config.route("/admin/people/{account}/sessions/{id}/end", post().to(people::end));
    config.route("/admin/staff", get().to(staff::list));
    config.route("/admin/staff", post().to(staff::invite));
    config.route("/admin/staff/{staff}/role", post().to(staff::change_role));
    config.route("/admin/staff/{staff}/{verb}", post().to(staff::act));
    config.route("/admin/integrations", get().to(integrations::show));
    config.route("/admin/integrations/{program}/test", post().to(integrations::test));
    config.route("/admin/integrations/{program}/again", post().to(integrations::send_again));
    config.route("/admin/branding", get().to(branding::show));
    config.route("/admin/branding", post().to(branding::save));
    config.route("/admin/documents", get().to(documents::list));
    config.route("/admin/health", get().to(health::show_tenant));
    config.route("/admin/branding/looks/{look}/restore", post().to(branding::restore));
    config.route("/admin/domains", get().to(domains::show));
    config.route("/admin/domains", post().to(domains::add));
    config.route("/admin/domains/{domain}/check", post().to(domains::check));
    config.route("/admin/domains/{domain}/remove", post().to(domains::remove));
    config.route("/tls/ask", get().to(domains::may_have_certificate));
    config.route("/look/{name}", get().to(branding::file));
    config.route("/portal/branding", get().to(branding::told));
    config.route("/admin/resets", get().to(staff::resets));
    config.route("/admin/resets/{reset}/{verb}", post().to(staff::decide_reset));
    config.route("/operator", get().to(operator::tenants));
    config.route("/operator/tenants/new", get().to(operator::show_new));
    config.route("/operator/tenants/new", post().to(operator::create));
    config.route("/operator/tenants/{tenant}", get().to(operator::show_tenant));
    config.route("/operator/tenants/{tenant}/owner", post().to(operator::invite_owner));
    config.route("/operator/tenants/{tenant}/engage", post().to(operator::engage));
    config.route("/operator/tenants/{tenant}/engagements/{account}/end", post().to(operator::end_engagement));
    for base in ["/operator/attorneys", "/operator/operators"] {
        config.route(base, get().to(operator::show_people));
        config.route(base, post().to(operator::invite_person));
        config.route(&format!("{base}/{{account}}"), get().to(people::show_firm));
        config.route(&format!("{base}/{{account}}/sessions/end"), post().to(people::end_firm));
        config.route(&format!("{base}/{{account}}/sessions/{{id}}/end"), post().to(people::end_firm));
        config.route(&format!("{base}/{{account}}/{{verb}}"), post().to(operator::act));
    }
    config.route("/operator/resets", get().to(operator::resets));
    config.route("/operator/resets", post().to(operator::start_reset));
    config.route("/operator/resets/{reset}/{verb}", post().to(operator::decide_reset));
    config.route("/admin/audit", get().to(audit::tenant));
    config.route("/admin/audit/export", get().to(audit::tenant_export));
    config.route("/admin/audit/verify", post().to(audit::tenant_verify));
    config.route("/operator/health", get().to(health::show));
    config.route("/operator/jobs", get().to(jobs::list));
    config.route("/operator/jobs/{id}/retry", post().to(jobs::retry));
    config.route("/operator/audit", get().to(audit::installation));
    config.route("/operator/audit/export", get().to(audit::installation_export));
    config.route("/operator/audit/verify", post().to(audit::installation_verify));
}
