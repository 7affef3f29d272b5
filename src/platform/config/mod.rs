//! Settings: read once, checked whole at start. Flags win over the environment, the environment over the file.
//! Each refusal names the setting and the fix.

mod llm;
mod mail;
mod services;
mod source;

use std::path::PathBuf;

pub use llm::LlmSettings;
pub use services::{Service, SsoSecrets};
pub use source::{Secret, SettingError, Source};
use source::{is_loopback, secure_address, shown, wrong};

/// Every setting there is; an unknown name in the file is refused.
pub const SETTINGS: &[&str] = &[
    "BIND",
    "PUBLIC_URL",
    "DATA_DIR",
    "DATABASE_URL",
    "DATABASE_CONNECTIONS",
    "KEYRING_FILE",
    "SESSION_KEY",
    "STORAGE_URL",
    "SMTP_URL",
    "SES_FROM_ADDRESS",
    "MAIL_EVENTS_KEY",
    "TRUSTED_PROXIES",
    "LEGAL_HOST",
    "PORTAL_HOST",
    "DNS_RESOLVER",
    "PORTAL_SSO_SECRET",
    "PORTAL_CLIENT_SSO_SECRET",
    "UPLOAD_LIMIT_MB",
    "SENDS_PER_10S",
    "LOGIN_RATE",
    "BULK_READ_LIMIT",
    "AUDIT_ANCHOR",
    "STRIPE_SECRET_KEY",
    "STRIPE_WEBHOOK_SECRET",
    "STRIPE_API_BASE",
    "STRIPE_TIMEOUT_MS",
    "PAYOUT_RETRY_DAYS",
    "PAYOUT_APPROVAL_LIMIT",
    "PSA_API_URL",
    "PSA_SERVICE_KEY",
    "BOOKS_API_URL",
    "BOOKS_SERVICE_KEY",
    "MISSION_API_URL",
    "MISSION_SERVICE_KEY",
    "MISSION_HOSTS",
    "REMOTE_TIMEOUT_MS",
    "LLM_API_URL",
    "LLM_API_KEY",
    "LLM_MODEL",
    "LLM_TIMEOUT_MS",
    "API_RATE",
    "PORTAL_INTEGRATION_KEY",
    "CRM_API_URL",
    "CRM_INTEGRATION_KEY",
    "HOOKS_HOSTS",
    "HOOKS_TO_LOOPBACK",
    "RUST_LOG",
    "LOG_FORMAT",
];

/// Where members of mission organisations come in, where nothing else is set.
const MISSION_HOSTS: &str = "portal.theonemission.com,portal.theonemission.app";

#[derive(Clone, Debug)]
pub struct Config {
    pub bind: std::net::SocketAddr,
    /// Where people reach us; `https` makes cookies `Secure`.
    pub public_url: url::Url,
    pub data_dir: PathBuf,
    pub database_url: Secret,
    /// PostgreSQL pool size.
    pub database_connections: u32,
    pub keyring_file: PathBuf,
    pub session_key: Option<Secret>,
    pub storage_url: Option<String>,
    pub smtp_url: Option<Secret>,
    pub mail_from: String,
    /// The password with which Amazon SNS brings news of mails; none: it may bring none.
    pub mail_events_key: Option<Secret>,
    /// Peers whose `X-Forwarded-For` and `X-Forwarded-Proto` count.
    pub trusted_proxies: Vec<std::net::IpAddr>,
    pub legal_host: Option<String>,
    pub portal_host: Option<String>,
    /// The name server that is asked about domains; none: those of this machine.
    pub dns_resolver: Option<std::net::SocketAddr>,
    /// What the Hub signs the links of MSP staff with.
    pub staff_sso: SsoSecrets,
    /// What the Hub signs the links of clients with.
    pub client_sso: SsoSecrets,
    /// Bytes one uploaded file may have.
    pub upload_limit: u64,
    /// Messages one person may send in ten seconds.
    pub sends_per_10s: usize,
    /// Tries to sign in that one source address has a minute.
    pub login_rate: u32,
    /// Documents one person may open within ten minutes before their MSP is told.
    pub bulk_read_limit: u64,
    /// Where the heads of the audit log are written down, outside `DATA_DIR`.
    pub audit_anchor: Option<PathBuf>,
    /// None: payments are off.
    pub stripe_secret_key: Option<Secret>,
    /// Several while one is being replaced.
    pub stripe_webhook_secrets: Vec<Secret>,
    /// Where Stripe's API is, if not at its own address.
    pub stripe_api_base: Option<url::Url>,
    /// How long one call to Stripe may take.
    pub stripe_timeout_ms: u64,
    /// Days between the tries of a charge that failed; so many retries as there are days.
    pub payout_retry_days: Vec<i64>,
    /// Major units of the tenant's currency; a settlement above it needs two people.
    pub payout_approval_limit: i64,
    pub psa: Service,
    pub books: Service,
    pub mission: Service,
    /// Hosts before which members of mission organisations stand, and nobody else.
    pub mission_hosts: Vec<String>,
    /// The MSPs' clients come from it, and it shows their scores.
    pub crm: Service,
    /// Other installations that push documents for signature; they have a key here and no address.
    pub push: Service,
    /// Host names (and what is below them) that webhooks may go to; empty: any on the internet.
    pub hooks_hosts: Vec<String>,
    /// Webhooks may go to this machine: for tests and development.
    pub hooks_to_loopback: bool,
    /// How long one call to another program may take.
    pub remote_timeout_ms: u64,
    pub llm: LlmSettings,
    /// Requests a minute with one API key.
    pub api_rate: u32,
    pub log_filter: String,
    pub log_json: bool,
    /// Demo mode: `/dev/mail` shows the outbox.
    pub demo: bool,
}

impl Config {
    pub fn load(source: &Source) -> Result<Self, SettingError> {
        let bind: std::net::SocketAddr =
            source.parse("BIND", ([127, 0, 0, 1], 8080).into(), "Give address:port, e.g. BIND=127.0.0.1:8080.")?;
        let data_dir = PathBuf::from(source.get("DATA_DIR").unwrap_or("./data"));
        let public_url = match source.get("PUBLIC_URL") {
            Some(text) => url::Url::parse(text)
                .ok()
                .filter(|url| matches!(url.scheme(), "http" | "https") && url.host_str().is_some())
                .ok_or_else(|| {
                    wrong(
                        "PUBLIC_URL",
                        format!("`{}` is no address", shown(text)),
                        "Give the address people use, e.g. PUBLIC_URL=https://legal.example.com.",
                    )
                })?,
            None => {
                let host = if bind.ip().is_unspecified() { "127.0.0.1".to_owned() } else { bind.ip().to_string() };
                url::Url::parse(&format!("http://{host}:{}", bind.port()))
                    .map_err(|e| wrong("BIND", e.to_string(), "Give address:port."))?
            }
        };
        if public_url.scheme() == "http" && !is_loopback(&public_url) {
            return Err(wrong(
                "PUBLIC_URL",
                "it is plain http on an address that is not this machine: sessions and documents would travel in the clear",
                "Put a TLS proxy in front and give its https address.",
            ));
        }
        let database_url = match source.get("DATABASE_URL") {
            Some(text) if text.starts_with("sqlite:") || text.starts_with("postgres://") || text.starts_with("postgresql://") => {
                text.to_owned()
            }
            Some(_) => {
                return Err(wrong(
                    "DATABASE_URL",
                    "it names neither SQLite nor PostgreSQL",
                    "Give sqlite:///path/one-legal.db or postgres://user:password@host/database.",
                ));
            }
            None => format!("sqlite://{}", data_dir.join("one-legal.db").display()),
        };
        let session_key = source.get("SESSION_KEY").map(Secret::new);
        if let Some(key) = &session_key
            && key.expose().len() < 32
        {
            return Err(wrong(
                "SESSION_KEY",
                "it is shorter than 32 characters",
                "Leave it out (the keyring makes one) or give 32 or more random characters, e.g. from `openssl rand -base64 48`.",
            ));
        }
        let storage_url = source.get("STORAGE_URL").map(str::to_owned);
        if let Some(url) = &storage_url
            && !url.starts_with("file:")
        {
            return Err(wrong(
                "STORAGE_URL",
                format!("`{url}` names a store this build does not speak"),
                "Give file:/path/to/folder, or leave it out for DATA_DIR/blobs.",
            ));
        }
        let mut trusted_proxies = Vec::new();
        for part in source.get("TRUSTED_PROXIES").unwrap_or("").split(',').map(str::trim).filter(|p| !p.is_empty()) {
            trusted_proxies.push(part.parse().map_err(|_| {
                wrong(
                    "TRUSTED_PROXIES",
                    format!("`{part}` is no IP address"),
                    "Give addresses separated by commas, e.g. 127.0.0.1,10.0.0.2.",
                )
            })?);
        }
        let (smtp_url, mail_from) = mail::checked(source)?;
        let megabytes: u64 = source.parse("UPLOAD_LIMIT_MB", 200, "Give megabytes, e.g. UPLOAD_LIMIT_MB=200.")?;
        if !(1..=4_096).contains(&megabytes) {
            return Err(wrong("UPLOAD_LIMIT_MB", format!("{megabytes} is out of range"), "Give 1 to 4096."));
        }
        let login_rate: u32 = source.parse("LOGIN_RATE", 20, "Give tries a minute from one address, e.g. LOGIN_RATE=20.")?;
        if login_rate == 0 {
            return Err(wrong("LOGIN_RATE", "0 would let nobody sign in", "Give 1 or more, e.g. LOGIN_RATE=20."));
        }
        let bulk_read_limit: u64 =
            source.parse("BULK_READ_LIMIT", 50, "Give documents within ten minutes, e.g. BULK_READ_LIMIT=50.")?;
        if bulk_read_limit == 0 {
            return Err(wrong("BULK_READ_LIMIT", "0 would report every opening", "Give 1 or more, e.g. BULK_READ_LIMIT=50."));
        }
        let api_rate: u32 = source.number("API_RATE", 600, 1..=10_000_000)?;
        let audit_anchor = source.get("AUDIT_ANCHOR").map(PathBuf::from);
        if let Some(path) = &audit_anchor
            && (std::path::absolute(path).ok().zip(std::path::absolute(&data_dir).ok()))
                .is_none_or(|(path, data)| path.starts_with(data))
        {
            return Err(wrong(
                "AUDIT_ANCHOR",
                "it lies inside DATA_DIR: whoever changes the log there changes its anchor as well",
                "Name a file elsewhere, best on another machine, e.g. AUDIT_ANCHOR=/mnt/anchor/one-legal.anchor.",
            ));
        }
        let stripe_secret_key = source.get("STRIPE_SECRET_KEY").map(Secret::new);
        if let Some(key) = &stripe_secret_key
            && !["sk_test_", "sk_live_", "rk_test_", "rk_live_"].iter().any(|start| key.expose().starts_with(start))
        {
            return Err(wrong(
                "STRIPE_SECRET_KEY",
                "it is no secret key of Stripe's",
                "Give the secret (or a restricted) key from Stripe's Developers page: sk_test_… or sk_live_….",
            ));
        }
        let stripe_webhook_secrets: Vec<Secret> = source
            .get("STRIPE_WEBHOOK_SECRET")
            .unwrap_or("")
            .split(',')
            .map(str::trim)
            .filter(|secret| !secret.is_empty())
            .map(Secret::new)
            .collect();
        if stripe_webhook_secrets.iter().any(|secret| !secret.expose().starts_with("whsec_") || secret.expose().len() < 12) {
            return Err(wrong(
                "STRIPE_WEBHOOK_SECRET",
                "it is no signing secret of a webhook endpoint",
                "Give whsec_… of the endpoint at Stripe; several separated by commas while you replace one.",
            ));
        }
        if stripe_secret_key.is_some() && stripe_webhook_secrets.is_empty() {
            return Err(wrong(
                "STRIPE_WEBHOOK_SECRET",
                "STRIPE_SECRET_KEY is set and this is not: what Stripe tells could not be believed",
                "Make a webhook endpoint for PUBLIC_URL/webhooks/stripe at Stripe and give its signing secret (whsec_…).",
            ));
        }
        let stripe_api_base = source.get("STRIPE_API_BASE").map(|text| secure_address("STRIPE_API_BASE", text)).transpose()?;
        let retry_days = source.get("PAYOUT_RETRY_DAYS").unwrap_or("1,3,7");
        let payout_retry_days = retry_days
            .split(',')
            .map(|day| day.trim().parse::<i64>().ok().filter(|days| (1..=60).contains(days)))
            .collect::<Option<Vec<_>>>()
            .filter(|days| days.len() <= 10)
            .ok_or_else(|| {
                wrong(
                    "PAYOUT_RETRY_DAYS",
                    format!("`{retry_days}` is no list of days"),
                    "Give the days between the tries, each from 1 to 60, e.g. PAYOUT_RETRY_DAYS=1,3,7.",
                )
            })?;
        let payout_approval_limit: i64 = source.parse(
            "PAYOUT_APPROVAL_LIMIT",
            10_000,
            "Give an amount in whole units of the tenant's currency, e.g. PAYOUT_APPROVAL_LIMIT=10000.",
        )?;
        if payout_approval_limit < 0 {
            return Err(wrong("PAYOUT_APPROVAL_LIMIT", "it is below zero", "Give 0 (each needs two people) or more."));
        }
        let mut hooks_hosts = Vec::new();
        for part in source.get("HOOKS_HOSTS").unwrap_or("").split(',').map(str::trim).filter(|part| !part.is_empty()) {
            match url::Host::parse(part) {
                Ok(url::Host::Domain(name)) => hooks_hosts.push(name),
                _ => {
                    let fix = "Give host names separated by commas, e.g. HOOKS_HOSTS=example.com,hooks.example.org.";
                    return Err(wrong("HOOKS_HOSTS", format!("`{part}` is no host name"), fix));
                }
            }
        }
        let log_json = match source.get("LOG_FORMAT").unwrap_or("text") {
            "text" => false,
            "json" => true,
            other => return Err(wrong("LOG_FORMAT", format!("`{other}` is unknown"), "Give text or json.")),
        };
        let mut mission_hosts = Vec::new();
        for part in source.get("MISSION_HOSTS").unwrap_or(MISSION_HOSTS).split(',').map(str::trim).filter(|p| !p.is_empty()) {
            if part.contains([':', '/', ' ']) || url::Host::parse(part).is_err() {
                return Err(wrong(
                    "MISSION_HOSTS",
                    format!("`{part}` is no host name"),
                    "Give host names separated by commas, e.g. portal.theonemission.com,members.example.org.",
                ));
            }
            mission_hosts.push(part.to_lowercase());
        }
        let host = |name: &str| -> Result<Option<String>, SettingError> {
            match source.get(name) {
                Some(text) if text.contains([':', '/', ' ']) || url::Host::parse(text).is_err() => {
                    Err(wrong(name, format!("`{text}` is no host name"), "Give a host name only, e.g. legal.example.com."))
                }
                other => Ok(other.map(str::to_lowercase)),
            }
        };
        Ok(Self {
            keyring_file: source.get("KEYRING_FILE").map_or_else(|| data_dir.join("keyring.toml"), PathBuf::from),
            database_connections: source.number("DATABASE_CONNECTIONS", 16, 2..=1_000)?,
            legal_host: host("LEGAL_HOST")?,
            portal_host: host("PORTAL_HOST")?,
            dns_resolver: match source.get("DNS_RESOLVER") {
                None => None,
                Some(text) => {
                    let port = if text.parse::<std::net::IpAddr>().is_ok() { format!("{text}:53") } else { text.to_owned() };
                    Some(port.parse().map_err(|_| {
                        wrong(
                            "DNS_RESOLVER",
                            format!("`{text}` is no address of a name server"),
                            "Give its IP address, with a port where it is not 53, e.g. DNS_RESOLVER=9.9.9.9; or leave it out.",
                        )
                    })?)
                }
            },
            staff_sso: SsoSecrets::read(source.get("PORTAL_SSO_SECRET").unwrap_or("")),
            client_sso: SsoSecrets::read(source.get("PORTAL_CLIENT_SSO_SECRET").unwrap_or("")),
            log_filter: source.get("RUST_LOG").unwrap_or("info,sqlx=warn").to_owned(),
            bind,
            public_url,
            data_dir,
            database_url: Secret::new(database_url),
            session_key,
            storage_url,
            smtp_url,
            mail_from,
            mail_events_key: source.key("MAIL_EVENTS_KEY")?,
            trusted_proxies,
            upload_limit: megabytes * 1024 * 1024,
            sends_per_10s: source.number("SENDS_PER_10S", 30, 1..=10_000_000)?,
            login_rate,
            api_rate,
            bulk_read_limit,
            audit_anchor,
            stripe_secret_key,
            stripe_webhook_secrets,
            stripe_api_base,
            stripe_timeout_ms: source.number("STRIPE_TIMEOUT_MS", 30_000, 100..=120_000)?,
            payout_retry_days,
            payout_approval_limit,
            psa: Service::load(source, "PSA", "PSA_API_URL", "PSA_SERVICE_KEY")?,
            books: Service::load(source, "Books", "BOOKS_API_URL", "BOOKS_SERVICE_KEY")?,
            mission: Service::load(source, "Mission", "MISSION_API_URL", "MISSION_SERVICE_KEY")?,
            mission_hosts,
            crm: Service::load(source, "CRM", "CRM_API_URL", "CRM_INTEGRATION_KEY")?,
            push: Service::load(source, "Push", "", "PORTAL_INTEGRATION_KEY")?,
            hooks_hosts,
            hooks_to_loopback: source.parse(
                "HOOKS_TO_LOOPBACK",
                false,
                "Give true or false; true is for tests and development.",
            )?,
            remote_timeout_ms: source.number("REMOTE_TIMEOUT_MS", 5_000, 100..=120_000)?,
            llm: LlmSettings::load(source)?,
            log_json,
            demo: false,
        })
    }

    pub fn secure_cookies(&self) -> bool {
        self.public_url.scheme() == "https"
    }

    pub fn blob_folder(&self) -> PathBuf {
        match self.storage_url.as_deref().and_then(|url| url.strip_prefix("file:")) {
            Some(path) => PathBuf::from(path.trim_start_matches("//")),
            None => self.data_dir.join("blobs"),
        }
    }

    pub fn outbox_folder(&self) -> PathBuf {
        self.data_dir.join("outbox")
    }

    /// Where an MSP's own domain must lead: a host name of this installation; none where it has only an address.
    pub fn portal_target(&self) -> Option<String> {
        let own = match self.public_url.host() {
            Some(url::Host::Domain(name)) if name != "localhost" && !name.ends_with(".localhost") => Some(name.to_owned()),
            _ => None,
        };
        self.portal_host.clone().or(own)
    }

    /// Whether members of mission organisations come in by this host, or by a name before it.
    pub fn is_mission_host(&self, host: &str) -> bool {
        self.mission_hosts
            .iter()
            .any(|known| host.strip_suffix(known.as_str()).is_some_and(|rest| rest.is_empty() || rest.ends_with('.')))
    }

    /// An absolute address for a mail or a QR code, on the host of its face: `PORTAL_HOST` for the clients', `LEGAL_HOST` for the
    /// firm's; scheme and port are those of `PUBLIC_URL`, and so is the host where none is set.
    pub fn link(&self, path: &str) -> String {
        self.link_at(None, path)
    }

    /// The same on the host a tenant's portal has of its own.
    pub fn link_at(&self, own: Option<&str>, path: &str) -> String {
        let portal = path.starts_with("/portal") || path.starts_with("/api/auth/client-");
        let host = match own {
            Some(host) if portal => Some(host),
            _ if portal => self.portal_host.as_deref(),
            _ => self.legal_host.as_deref(),
        };
        let mut base = self.public_url.clone();
        if let Some(host) = host {
            // `host` was checked at the start to be a host name.
            let _ = base.set_host(Some(host));
        }
        format!("{}{path}", base.as_str().trim_end_matches('/'))
    }
}
