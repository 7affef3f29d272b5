//! Every address of payouts, payment methods and Stripe.

use actix_web::web::{ServiceConfig, get, post};

use super::{api, pages};

pub fn routes(config: &mut ServiceConfig) {
    config.route("/api/v1/payouts", get().to(api::payouts_by_key));
    config.route("/webhooks/stripe", post().to(api::stripe));
    config.route("/legal/payouts", get().to(pages::list::list));
    config.route("/legal/payouts/year", get().to(pages::statements::year));
    config.route("/legal/payouts/1099.csv", get().to(pages::statements::year_csv));
    config.route("/legal/statements", get().to(pages::statements::show));
    config.route("/legal/statements.csv", get().to(pages::statements::csv));
    config.route("/legal/statements.pdf", get().to(pages::statements::pdf));
    config.route("/legal/payouts/{id}", get().to(pages::show::show));
    config.route("/legal/payouts/{id}/approve", post().to(pages::show::approve));
    config.route("/legal/payouts/{id}/try-again", post().to(pages::show::try_again));
    config.route("/legal/payouts/{id}/waive", post().to(pages::show::waive));
    config.route("/legal/payouts/{id}/confirm", post().to(pages::show::confirm));
    config.route("/legal/payouts/{id}/confirmed", get().to(pages::show::confirmed));
    config.route("/legal/billing", get().to(pages::billing::show));
    config.route("/legal/billing/set-up", post().to(pages::billing::set_up));
    config.route("/legal/billing/remove", post().to(pages::billing::remove));
    config.route("/legal/billing/back", get().to(pages::billing::back));
    config.route("/legal/profile/payouts", get().to(pages::account::show));
    config.route("/legal/profile/payouts", post().to(pages::account::open));
    config.route("/legal/profile/payouts/stripe", post().to(pages::account::stripe));
    config.route("/legal/profile/payouts/back", get().to(pages::account::back));
    config.route("/legal/profile/payouts/again", get().to(pages::account::again));
    config.route("/admin/payouts", get().to(pages::operator::stuck_here));
    config.route("/operator/payouts", get().to(pages::operator::stuck));
    config.route("/operator/payouts/reconcile", post().to(pages::operator::reconcile_now));
    config.route("/operator/payouts/{id}/look-again", post().to(pages::operator::look));
    config.route("/operator/webhooks", get().to(pages::operator::webhooks));
    config.route("/operator/webhooks/{event}", get().to(pages::operator::webhook));
    config.route("/operator/webhooks/{event}/replay", post().to(pages::operator::replay));
}
