//! Every address of announcements.

use actix_web::web::{ServiceConfig, get, post};

use super::pages::{admin, portal};

pub fn routes(config: &mut ServiceConfig) {
    config.route("/portal/announcements", get().to(portal::list));
    config.route("/portal/announcements/{id}", get().to(portal::show));
    config.route("/portal/announcements/{id}", post().to(portal::open));
    config.route("/portal/announcements/{id}/read", post().to(portal::read));
    config.route("/admin/announcements", get().to(admin::list));
    config.route("/admin/announcements/new", get().to(admin::form_new));
    config.route("/admin/announcements/new", post().to(admin::create));
    config.route("/admin/announcements/{id}", get().to(admin::show));
    config.route("/admin/announcements/{id}/edit", get().to(admin::form));
    config.route("/admin/announcements/{id}/edit", post().to(admin::save_it));
    config.route("/admin/announcements/{id}/withdraw", post().to(admin::withdraw_it));
    config.route("/admin/announcements/{id}/delete", post().to(admin::delete_it));
}
