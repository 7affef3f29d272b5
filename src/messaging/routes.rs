//! Every address of messaging.

use actix_web::web::{self, ServiceConfig};

use super::{api, live, pages};

pub fn routes(config: &mut ServiceConfig) {
    config.route("/ws", web::get().to(live::socket));
    config.route("/api/v1/events", web::get().to(live::events));
    config.route("/api/v1/conversations/{id}/events", web::get().to(api::events));
    config.route("/api/v1/conversations/{id}/messages", web::post().to(api::send));
    config.route("/api/v1/conversations/{id}/messages/{seq}", web::patch().to(api::edit));
    config.route("/api/v1/conversations/{id}/messages/{seq}", web::delete().to(api::delete));
    config.route("/api/v1/conversations/{id}/attachments", web::post().to(api::attach));
    config.route("/api/v1/conversations/{id}/attachments/{document}", web::delete().to(api::detach));
    config.route("/api/v1/conversations/{id}/read", web::post().to(api::read));
    config.route("/api/v1/conversations/{id}/search", web::get().to(api::search));
    config.route("/conversations/{id}", web::get().to(pages::page));
    config.route("/conversations/{id}/messages", web::post().to(pages::send));
}

/// Whether this address is a connection that stays open: they come back all at once when a server was away.
pub fn stays_open(path: &str) -> bool {
    path == "/ws" || path == "/api/v1/events"
}
