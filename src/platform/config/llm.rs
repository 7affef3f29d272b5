//! The language model: three settings that belong together.

use super::source::{Secret, SettingError, Source, secure_address, wrong};

/// Where a model is, its key, its name. All three, or nobody is asked; the health pages say which is missing.
#[derive(Clone, Debug)]
pub struct LlmSettings {
    pub url: Option<url::Url>,
    pub key: Option<Secret>,
    pub model: Option<String>,
    /// How long it may be silent: before its first word, and between two.
    pub timeout_ms: u64,
}

impl LlmSettings {
    pub const URL: &str = "LLM_API_URL";
    pub const KEY: &str = "LLM_API_KEY";
    pub const MODEL: &str = "LLM_MODEL";

    /// None of the three is set: nobody wants it.
    pub fn is_off(&self) -> bool {
        self.url.is_none() && self.key.is_none() && self.model.is_none()
    }

    /// The first that is missing, where others are set or not.
    pub fn missing(&self) -> Option<&'static str> {
        [(self.url.is_none(), Self::URL), (self.key.is_none(), Self::KEY), (self.model.is_none(), Self::MODEL)]
            .into_iter()
            .find_map(|(missing, setting)| missing.then_some(setting))
    }

    pub(super) fn load(source: &Source) -> Result<Self, SettingError> {
        let url = source.get(Self::URL).map(|text| secure_address(Self::URL, text)).transpose()?;
        if let Some(url) = &url
            && !(url.username().is_empty() && url.password().is_none() && url.fragment().is_none())
        {
            return Err(wrong(
                Self::URL,
                "it holds a name, a password or a #: what stands there would be shown on health pages",
                "Give the address alone, and the key as LLM_API_KEY.",
            ));
        }
        // Keys are the other side's, of any length; a server of one's own takes any word.
        let key = source.get(Self::KEY).map(Secret::new);
        if let Some(key) = &key
            && (key.expose().len() > 1_000 || !key.expose().bytes().all(|byte| byte.is_ascii_graphic()))
        {
            return Err(wrong(
                Self::KEY,
                "it holds blanks or others than letters, digits and signs, or more than 1,000 of them: no key looks like that",
                "Give the key as the model's provider shows it, without quotes or line ends; for a server that asks for none, any word.",
            ));
        }
        let model = source.get(Self::MODEL).map(str::to_owned);
        if let Some(model) = &model
            && (model.len() > 200 || !model.bytes().all(|byte| byte.is_ascii_graphic()))
        {
            return Err(wrong(
                Self::MODEL,
                "it is no name of a model",
                "Give the name as the provider lists it, without blanks, e.g. LLM_MODEL=claude-sonnet-4-5.",
            ));
        }
        Ok(Self { url, key, model, timeout_ms: source.number("LLM_TIMEOUT_MS", 20_000, 100..=600_000)? })
    }
}
