//! Who asks in the CRM's name.

use actix_web::HttpRequest;

use crate::platform::{
    Result, remote,
    web::{Prove, platform},
};

/// A program that holds `CRM_INTEGRATION_KEY`.
#[derive(Debug)]
pub struct Crm {
    _proof: (),
}

impl Prove for Crm {
    async fn prove(request: &HttpRequest) -> Result<Self> {
        remote::prove_key(request, &platform(request).config.crm).await?;
        Ok(Self { _proof: () })
    }
}
