//! Addresses of the portal's home, documents, signing and messages.

use actix_web::web::{ServiceConfig, get, post};

use super::{api, pages};

pub fn routes(config: &mut ServiceConfig) {
    config.route("/portal/dashboard", get().to(pages::dashboard::show));
    config.route("/portal/documents", get().to(pages::documents::list));
    config.route("/portal/documents/{policy}/sign", get().to(pages::sign::show));
    config.route("/portal/documents/{policy}/sign", post().to(pages::sign::submit));
    config.route("/portal/documents/{policy}/next", post().to(pages::sign::next));
    config.route("/portal/documents/{policy}/decline", get().to(pages::to_document));
    config.route("/portal/documents/{policy}/decline", post().to(pages::sign::decline));
    config.route("/portal/documents/{policy}/reading", post().to(api::reading));
    config.route("/portal/messages", get().to(pages::messages::list));
    config.route("/portal/messages/{id}", get().to(pages::messages::show));
    config.route("/portal/team", get().to(pages::team::show));
    config.route("/portal/team", post().to(pages::team::invite));
    config.route("/portal/team/{contact}", get().to(pages::team::back_to));
    config.route("/portal/team/{contact}", post().to(pages::team::change));
    config.route("/portal/team/{contact}/{verb}", post().to(pages::team::act));
    config.route("/portal/signing/acknowledge", post().to(api::acknowledge));
}
