//! Settings by name, wherever they were read from, and the checks that many of them share.

use std::{collections::BTreeMap, fmt, path::Path};

use secrecy::{ExposeSecret, SecretString};

use super::SETTINGS;

/// Characters of a key that opens an address of ours, or of others.
const SHORTEST_KEY: usize = 32;

/// A setting that must not be printed.
#[derive(Clone)]
pub struct Secret(SecretString);

impl Secret {
    pub fn new(text: impl Into<String>) -> Self {
        Self(SecretString::from(text.into()))
    }

    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

/// A setting that is wrong: which, why, and what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SettingError {
    pub setting: String,
    pub problem: String,
    pub fix: String,
}

impl fmt::Display for SettingError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}\n  fix: {}", self.setting, self.problem, self.fix)
    }
}

impl std::error::Error for SettingError {}

/// Settings by name from flags, environment and file.
#[derive(Clone, Debug, Default)]
pub struct Source {
    values: BTreeMap<String, String>,
}

impl Source {
    pub fn from_pairs<K: Into<String>, V: Into<String>>(pairs: impl IntoIterator<Item = (K, V)>) -> Self {
        Self { values: pairs.into_iter().map(|(k, v)| (k.into(), v.into())).collect() }
    }

    /// The file (lower-case names), under the environment, under the flags.
    #[expect(clippy::disallowed_methods, reason = "the one place that reads the environment")]
    pub fn read(file: Option<&Path>, flags: impl IntoIterator<Item = (String, String)>) -> Result<Self, SettingError> {
        let mut values = BTreeMap::new();
        if let Some(path) = file {
            let wrong = |problem: String| SettingError {
                setting: format!("--config {}", path.display()),
                problem,
                fix: "Give a TOML file of settings by their lower-case names, e.g. bind = \"127.0.0.1:8080\".".to_owned(),
            };
            let text = std::fs::read_to_string(path).map_err(|e| wrong(e.to_string()))?;
            let table: toml::Table = text.parse().map_err(|e: toml::de::Error| wrong(e.message().to_owned()))?;
            for (name, value) in table {
                let setting = name.to_uppercase();
                if !SETTINGS.contains(&setting.as_str()) {
                    return Err(wrong(format!("there is no setting `{name}`")));
                }
                let text = match value {
                    toml::Value::String(text) => text,
                    other => other.to_string(),
                };
                values.insert(setting, text);
            }
        }
        for name in SETTINGS {
            if let Ok(value) = std::env::var(name) {
                values.insert((*name).to_owned(), value);
            }
        }
        values.extend(flags);
        Ok(Self { values })
    }

    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.values.get(name).map(String::as_str).filter(|value| !value.is_empty())
    }

    /// A whole number within limits outside of which nothing would work.
    pub(super) fn number<T>(&self, name: &str, default: T, range: std::ops::RangeInclusive<T>) -> Result<T, SettingError>
    where
        T: std::str::FromStr<Err: fmt::Display> + PartialOrd + fmt::Display + Copy,
    {
        let fix = format!("Give a whole number from {} to {}, e.g. {name}={default}.", range.start(), range.end());
        let number = self.parse(name, default, &fix)?;
        if range.contains(&number) {
            return Ok(number);
        }
        Err(wrong(name, format!("{number} is out of range"), &fix))
    }

    /// A key that both sides hold.
    pub(super) fn key(&self, setting: &str) -> Result<Option<Secret>, SettingError> {
        let key = self.get(setting).map(Secret::new);
        if let Some(key) = &key
            && (key.expose().len() < SHORTEST_KEY || !key.expose().bytes().all(|byte| byte.is_ascii_graphic()))
        {
            return Err(wrong(
                setting,
                "it is shorter than 32 characters, or holds others than letters, digits and signs: it could be guessed",
                "Give 32 or more random characters on both sides, e.g. from `openssl rand -hex 32`.",
            ));
        }
        Ok(key)
    }

    pub(super) fn parse<T: std::str::FromStr>(&self, name: &str, default: T, fix: &str) -> Result<T, SettingError>
    where
        T::Err: fmt::Display,
    {
        match self.get(name) {
            None => Ok(default),
            Some(text) => text.trim().parse().map_err(|e: T::Err| SettingError {
                setting: name.to_owned(),
                problem: format!("`{text}` cannot be read: {e}"),
                fix: fix.to_owned(),
            }),
        }
    }
}

pub(super) fn wrong(setting: &str, problem: impl Into<String>, fix: impl Into<String>) -> SettingError {
    SettingError { setting: setting.to_owned(), problem: problem.into(), fix: fix.into() }
}

/// An address as a log may hold it: without who signs in there, and without what follows a question mark.
pub(super) fn shown(address: &str) -> String {
    let scheme = address.split_once("://").map_or(String::new(), |(scheme, _)| format!("{scheme}://"));
    let (who, rest) = address.rsplit_once('@').map_or((String::new(), address), |(_, rest)| (format!("{scheme}…@"), rest));
    match rest.split_once('?') {
        Some((rest, _)) => format!("{who}{rest}?…"),
        None => format!("{who}{rest}"),
    }
}

/// An address to which a key travels: https, or this machine.
pub(super) fn secure_address(setting: &str, text: &str) -> Result<url::Url, SettingError> {
    let url = url::Url::parse(text).ok().filter(|url| url.scheme() == "https" || (url.scheme() == "http" && is_loopback(url)));
    url.ok_or_else(|| {
        wrong(
            setting,
            format!("`{}` is no https address, nor one of this machine: the key would travel in the clear", shown(text)),
            "Give its https address; http is for a stand-in on this machine, e.g. http://127.0.0.1:12111.",
        )
    })
}

pub(super) fn is_loopback(url: &url::Url) -> bool {
    match url.host() {
        // Of a scheme that no browser knows the host is a word, also where it is an address.
        Some(url::Host::Domain(name)) => {
            name == "localhost"
                || name.ends_with(".localhost")
                || name.trim_matches(['[', ']']).parse::<std::net::IpAddr>().is_ok_and(|ip| ip.is_loopback())
        }
        Some(url::Host::Ipv4(ip)) => ip.is_loopback(),
        Some(url::Host::Ipv6(ip)) => ip.is_loopback(),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::{secure_address, shown};

    #[test]
    fn a_refused_address_is_named_without_who_signs_in_there() {
        for (address, words) in [
            ("http://books.example/api", "http://books.example/api"),
            ("http://one:s3cret@books.example", "http://…@books.example"),
            ("http://one:s3/c@ret?@books.example/api", "http://…@books.example/api"),
            ("one:s3cret@books.example", "…@books.example"),
            ("http://books.example/?key=s3cret", "http://books.example/?…"),
        ] {
            assert_eq!(shown(address), words, "{address}");
            let refused = secure_address("BOOKS_API_URL", address).expect_err("no https").to_string();
            assert!(!refused.contains("s3"), "{refused}");
        }
    }
}
