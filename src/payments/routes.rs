//! Every address of payouts, payment methods and Stripe.

use actix_web::web::{ServiceConfig, post};

use super::api;

pub fn routes(config: &mut ServiceConfig) {
    config.route("/webhooks/stripe", post().to(api::stripe));
}
