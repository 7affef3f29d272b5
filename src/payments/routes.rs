//! Every address of payouts, payment methods and Stripe.
pub fn routes(_config: &mut actix_web::web::ServiceConfig) {}
