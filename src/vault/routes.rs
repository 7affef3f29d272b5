//! Addresses.

use actix_web::{
    guard::fn_guard,
    web::{ServiceConfig, get, post},
};

use super::{api, pages};
use crate::programs::by_key;

pub fn routes(config: &mut ServiceConfig) {
    config.route("/legal/vault", get().to(pages::list::list));
    config.route("/legal/vault/upload", get().to(pages::upload::form));
    config.route("/legal/vault/upload", post().to(pages::upload::submit));
    config.route("/legal/vault/{id}", get().to(pages::document::show));
    config.route("/legal/vault/{id}/download", get().to(pages::download::legal));
    config.route("/legal/vault/{id}/versions", get().to(pages::upload::version_form));
    config.route("/legal/vault/{id}/versions", post().to(pages::upload::submit_version));
    config.route("/portal/files", get().to(pages::files::list));
    config.route("/portal/files/{id}/download", get().to(pages::download::portal));
    config.route("/api/v1/documents", get().guard(fn_guard(by_key)).to(api::list_by_key));
    config.route("/api/v1/documents", get().to(api::list));
    config.route("/api/v1/documents/{id}", get().to(api::show));
    config.route("/api/v1/documents/{id}/content", get().to(pages::download::api));
}
