//! Addresses of the bell, for both faces.

use actix_web::web::{ServiceConfig, get, post};

use super::{api, pages};

pub fn routes(config: &mut ServiceConfig) {
    config.route("/legal/notifications", get().to(pages::list));
    config.route("/legal/notifications", post().to(pages::mark));
    config.route("/portal/notifications", get().to(pages::list));
    config.route("/portal/notifications", post().to(pages::mark));
    config.route("/legal/settings", get().to(pages::settings));
    config.route("/legal/settings", post().to(pages::save_settings));
    config.route("/portal/settings", get().to(pages::settings));
    config.route("/portal/settings", post().to(pages::save_settings));
    config.route("/webhooks/mail", post().to(api::mail));
    config.route("/api/v1/notifications", get().to(pages::json));
}
