//! Every address of tickets and of the catalog.

use actix_web::web::{ServiceConfig, get, post};

use super::{
    api,
    pages::{admin, catalog, desk, portal},
};

pub fn routes(config: &mut ServiceConfig) {
    config.route("/api/v1/tickets", get().to(api::list));
    config.route("/api/v1/tickets", post().to(api::create));
    config.route("/api/v1/tickets/{id}", get().to(api::show));
    config.route("/api/v1/tickets/{id}/comments", post().to(api::comment));
    config.route("/portal/tickets", get().to(portal::list));
    config.route("/portal/tickets/new", get().to(portal::form));
    config.route("/portal/tickets/new", post().to(portal::create));
    config.route("/portal/tickets/{id}", get().to(portal::show));
    config.route("/portal/tickets/{id}", post().to(portal::comment));
    config.route("/portal/catalog", get().to(catalog::list));
    config.route("/portal/catalog/{service}", get().to(catalog::form));
    config.route("/portal/catalog/{service}", post().to(catalog::request));
    config.route("/legal/tickets", get().to(desk::list));
    config.route("/legal/tickets/{id}", get().to(desk::show));
    config.route("/legal/tickets/{id}", post().to(desk::comment));
    config.route("/legal/tickets/{id}/change", post().to(desk::change_it));
    config.route("/legal/tickets/{id}/matter", post().to(desk::matter));
    config.route("/admin/catalog", get().to(admin::list));
    config.route("/admin/catalog/new", get().to(admin::form_new));
    config.route("/admin/catalog/new", post().to(admin::create));
    config.route("/admin/catalog/{service}", get().to(admin::form));
    config.route("/admin/catalog/{service}", post().to(admin::save));
}
