//! Other programs: where they are, and what both sides hold.

use super::source::{Secret, SettingError, Source, secure_address};

/// Another program: where it is, and the key both sides hold. Either may be missing; the health pages say which.
#[derive(Clone, Debug)]
pub struct Service {
    /// As people read it: `PSA`.
    pub name: &'static str,
    pub url_setting: &'static str,
    pub key_setting: &'static str,
    pub url: Option<url::Url>,
    pub key: Option<Secret>,
}

impl Service {
    /// Neither is set: nobody wants it.
    pub fn is_off(&self) -> bool {
        self.url.is_none() && self.key.is_none()
    }

    pub(super) fn load(
        source: &Source,
        name: &'static str,
        url_setting: &'static str,
        key_setting: &'static str,
    ) -> Result<Self, SettingError> {
        let url = source.get(url_setting).map(|text| secure_address(url_setting, text)).transpose()?.map(|mut url| {
            // What is joined to an address without a slash at its end takes the place of its last word.
            if !url.path().ends_with('/') {
                url.set_path(&format!("{}/", url.path()));
            }
            url
        });
        Ok(Self { name, url_setting, key_setting, url, key: source.key(key_setting)? })
    }
}

/// Secrets shared with the Hub; several while one is being replaced. Without a usable one its links are off.
#[derive(Clone, Debug, Default)]
pub struct SsoSecrets {
    pub usable: Vec<Secret>,
    /// How many are set that are shorter than [`SsoSecrets::SHORTEST`] bytes, and so count as not set.
    pub short: usize,
}

impl SsoSecrets {
    pub const SHORTEST: usize = 32;

    pub(super) fn read(text: &str) -> Self {
        let (usable, short): (Vec<&str>, Vec<&str>) =
            text.split(',').map(str::trim).filter(|secret| !secret.is_empty()).partition(|secret| secret.len() >= Self::SHORTEST);
        Self { usable: usable.into_iter().map(Secret::new).collect(), short: short.len() }
    }

    /// One of them is the other's as well: then either could sign for both.
    pub fn shares_with(&self, other: &Self) -> bool {
        self.usable.iter().any(|one| other.usable.iter().any(|two| one.expose() == two.expose()))
    }
}
