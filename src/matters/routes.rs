//! Every address of matters.

use actix_web::{
    guard::fn_guard,
    web::{ServiceConfig, get, post},
};

use super::{api, pages};
use crate::programs::by_key;

pub fn routes(config: &mut ServiceConfig) {
    config.route("/legal/matters", get().to(pages::list::list));
    config.route("/legal/matters/new", get().to(pages::new::form));
    config.route("/legal/matters/new", post().to(pages::new::create));
    config.route("/legal/matters/{id}", get().to(pages::show::show));
    config.route("/legal/matters/{id}/documents", get().to(pages::documents::list));
    config.route("/legal/matters/{id}/documents", post().to(pages::documents::add));
    config.route("/legal/matters/{id}/activity", get().to(pages::activity::show));
    config.route("/legal/matters/{id}/people", get().to(pages::people::list));
    config.route("/legal/matters/{id}/people", post().to(pages::people::add));
    config.route("/legal/matters/{id}/people/remove", post().to(pages::people::remove));
    config.route("/legal/matters/{id}/edit", get().to(pages::edit::form));
    config.route("/legal/matters/{id}/edit", post().to(pages::edit::save));
    config.route("/legal/matters/{id}/claim", post().to(pages::steps::claim));
    config.route("/legal/matters/{id}/join", post().to(pages::steps::join));
    config.route("/legal/matters/{id}/resolve", post().to(pages::steps::resolve));
    config.route("/legal/matters/{id}/close", post().to(pages::steps::close));
    config.route("/legal/matters/{id}/reopen", post().to(pages::steps::reopen));
    config.route("/api/v1/matters", get().guard(fn_guard(by_key)).to(api::list_by_key));
    config.route("/api/v1/matters", get().to(api::list));
    config.route("/api/v1/matters", post().to(api::create));
}
