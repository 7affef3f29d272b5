//! Every address of templates and policies.

use actix_web::{
    guard::fn_guard,
    web::{ServiceConfig, get, post},
};

use super::{
    api,
    pages::{actions, detail, editor, library, list, wizard},
};
use crate::programs::by_key;

pub fn routes(config: &mut ServiceConfig) {
    config.route("/legal/policies", get().to(list::list));
    config.route("/legal/policies/new", get().to(wizard::new));
    config.route("/legal/policies/new", post().to(wizard::create));
    config.route("/legal/policies/existing", get().to(wizard::existing));
    config.route("/legal/policies/templates", get().to(library::library));
    config.route("/legal/policies/templates/new", get().to(editor::new));
    config.route("/legal/policies/templates/new", post().to(editor::create));
    config.route("/legal/policies/templates/{id}", get().to(library::template));
    config.route("/legal/policies/templates/{id}/edit", get().to(editor::edit));
    config.route("/legal/policies/templates/{id}/edit", post().to(editor::save));
    config.route("/legal/policies/templates/{id}/publish", post().to(library::publish));
    config.route("/legal/policies/templates/{id}/archive", post().to(library::archive));
    config.route("/legal/policies/{id}", get().to(detail::detail));
    config.route("/legal/policies/{id}/wizard/{page}", get().to(wizard::show));
    config.route("/legal/policies/{id}/wizard/{page}", post().to(wizard::save));
    config.route("/legal/policies/{id}/submit", post().to(actions::submit));
    config.route("/legal/policies/{id}/recall", post().to(actions::recall));
    config.route("/legal/policies/{id}/approve", post().to(actions::approve));
    config.route("/legal/policies/{id}/send-back", post().to(actions::send_back));
    config.route("/legal/policies/{id}/send", post().to(actions::send));
    config.route("/legal/policies/{id}/final-approval", post().to(actions::approve_finally));
    config.route("/legal/policies/{id}/cancel", post().to(actions::cancel));
    config.route("/legal/policies/{id}/archive", post().to(actions::archive));
    config.route("/legal/policies/{id}/renew", post().to(actions::renew));
    config.route("/legal/policies/{id}/remind", post().to(actions::remind));
    config.route("/legal/policies/{id}/replace-signer", post().to(actions::replace_signer));
    config.route("/legal/policies/{id}/people", post().to(actions::people));
    config.route("/legal/policies/{id}/comments", post().to(actions::comment));
    config.route("/legal/policies/{id}/comments/{comment}/resolve", post().to(actions::resolve));
    config.route("/api/v1/templates", get().to(api::templates));
    config.route("/api/v1/policies", get().guard(fn_guard(by_key)).to(api::list_by_key));
    config.route("/api/v1/policies", get().to(api::list));
    config.route("/api/v1/policies/{id}", get().guard(fn_guard(by_key)).to(api::one_by_key));
    config.route("/api/v1/policies/{id}", get().to(api::one));
}
