//! Passkeys, as far as the library knows them: which host they are for, and what its answers mean.
//!
//! A passkey belongs to one host: the product's own, or an MSP's domain. Browsers know no passkeys on bare addresses.

use url::Url;
use webauthn_rs::{Webauthn, WebauthnBuilder, prelude::WebauthnError};

use crate::platform::{Error, Refusal, Result};

/// The host that was asked, as a page of ours was reached by it.
#[derive(Clone, Debug)]
pub struct Place {
    pub host: String,
    origin: Url,
}

impl Place {
    /// `origin` is scheme, host and port as the browser has them; none where there can be no passkeys.
    pub fn of(origin: Url) -> Option<Self> {
        let Some(url::Host::Domain(host)) = origin.host() else { return None };
        let secure = origin.scheme() == "https" || host == "localhost" || host.ends_with(".localhost");
        secure.then(|| Self { host: host.to_owned(), origin: origin.clone() })
    }

    pub(super) fn library(&self) -> Result<Webauthn> {
        let built = WebauthnBuilder::new(&self.host, &self.origin).map(|builder| builder.rp_name("The One Legal"));
        built
            .and_then(WebauthnBuilder::build)
            .map_err(|error| Error::internal(anyhow::anyhow!("passkeys at {}: {error}", self.host)))
    }
}

/// A refusal for somebody whose device answered wrongly.
pub(super) fn unfit(error: &WebauthnError) -> Error {
    tracing::info!(%error, "a passkey was refused");
    refused("That passkey was not accepted.")
}

pub(super) fn refused(sentence: &'static str) -> Error {
    Refusal::new("passkey_refused", sentence, "Try once more, or sign in another way.").into()
}
