//! Addresses of compliance.

use actix_web::{
    guard::fn_guard,
    web::{ServiceConfig, get},
};

use super::{api, pages};
use crate::programs::by_key;

pub fn routes(config: &mut ServiceConfig) {
    config.route("/legal/compliance", get().to(pages::overview));
    config.route("/legal/compliance/{company}", get().to(pages::company));
    config.route("/api/v1/compliance/{company}", get().guard(fn_guard(by_key)).to(api::company_by_key));
    config.route("/api/v1/compliance/{company}", get().to(api::company));
}
