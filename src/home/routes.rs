//! The address of the firm's first screen.

use actix_web::web::{ServiceConfig, get};

use super::pages;

pub fn routes(config: &mut ServiceConfig) {
    config.route("/legal/dashboard", get().to(pages::dashboard));
}
