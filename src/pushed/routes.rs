//! Every address of pushed documents.

use actix_web::web::{ServiceConfig, get, post};

use super::{api, pages};

pub fn routes(config: &mut ServiceConfig) {
    config.route("/internal/signing/push", post().to(api::push_document));
    config.route("/legal/pushed", get().to(pages::list));
    config.route("/legal/pushed/{pushed}", get().to(pages::show));
    config.route("/legal/pushed/{pushed}/withdraw", post().to(pages::withdraw));
}
