//! Every address of the knowledge base and of help.

use actix_web::web::{ServiceConfig, get, post};

use super::pages::{admin, desk, portal};

pub fn routes(config: &mut ServiceConfig) {
    config.route("/portal/help", get().to(portal::show));
    config.route("/portal/help", post().to(portal::person));
    config.route("/portal/help/answer", get().to(portal::back_to));
    config.route("/portal/help/answer", post().to(portal::write));
    config.route("/portal/help/articles/{article}", get().to(portal::read));
    config.route("/portal/help/articles/{article}/seen", post().to(portal::seen));
    config.route("/portal/help/articles/{article}/rate", post().to(portal::rate_it));
    config.route("/portal/help/{id}", get().to(portal::talk));
    config.route("/portal/help/{id}/close", post().to(portal::close_it));
    config.route("/legal/help", get().to(desk::list));
    config.route("/legal/help/{id}", get().to(desk::show));
    config.route("/legal/help/{id}/claim", post().to(desk::claim_it));
    config.route("/legal/help/{id}/join", post().to(desk::join_it));
    config.route("/legal/help/{id}/close", post().to(desk::close_it));
    config.route("/admin/knowledge", get().to(admin::list));
    config.route("/admin/knowledge/new", get().to(admin::form_new));
    config.route("/admin/knowledge/new", post().to(admin::create));
    config.route("/admin/knowledge/model", post().to(admin::allow));
    config.route("/admin/knowledge/{article}", get().to(admin::form));
    config.route("/admin/knowledge/{article}", post().to(admin::save_it));
}
