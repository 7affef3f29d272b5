//! What every page shows around its content. A middleware of `app` fills it once per request; pages take it by [`Frame::of`].

use actix_web::{HttpMessage, HttpRequest};

/// The tenant's look, contrast already corrected.
#[derive(Clone, Debug, serde::Serialize, serde::Deserialize)]
pub struct FrameLook {
    pub name: String,
    /// `#rrggbb`
    pub primary: String,
    /// `139, 92, 246`
    pub primary_rgb: String,
    /// Text on the primary colour.
    pub on_primary: String,
    /// The brand as a colour of letters, on paper and at night.
    pub ink_day: String,
    pub ink_night: String,
    /// Lines beside the brand, on paper and at night.
    pub accent: String,
    pub accent_night: String,
    /// Addresses that carry the hash of what is behind them: a changed look is a new address.
    pub logo: Option<String>,
    pub favicon: Option<String>,
    /// The MSP's own rules, sanitised.
    pub stylesheet: Option<String>,
    /// The tenant's own host, where it has one that works.
    pub host: Option<String>,
    pub welcome: String,
    /// The client's face rather than the firm's.
    pub portal: bool,
}

impl Default for FrameLook {
    fn default() -> Self {
        Self {
            name: "The One Legal".to_owned(),
            primary: "#4f46e5".to_owned(),
            primary_rgb: "79, 70, 229".to_owned(),
            on_primary: "#ffffff".to_owned(),
            ink_day: "#453ccb".to_owned(),
            ink_night: "#aab3ff".to_owned(),
            accent: "#0f766e".to_owned(),
            accent_night: "#5eead4".to_owned(),
            logo: None,
            favicon: None,
            stylesheet: None,
            host: None,
            welcome: String::new(),
            portal: false,
        }
    }
}

#[derive(Clone, Debug)]
pub struct Person {
    pub name: String,
    pub initials: String,
    pub role: String,
    pub email: String,
}

#[derive(Clone, Debug)]
pub struct NavItem {
    pub label: String,
    pub href: String,
    pub icon: &'static str,
    pub active: bool,
    pub count: u64,
}

#[derive(Clone, Debug, serde::Serialize, serde::Deserialize)]
pub struct Toast {
    /// `success`, `danger`, `info` or `warning`
    pub tone: String,
    pub text: String,
}

/// What runs for this person, in the top bar of every page.
#[derive(Clone, Debug)]
pub struct FrameTimer {
    /// What it runs on.
    pub what: String,
    /// Where that is read.
    pub href: String,
    pub started_at: entity::Moment,
    /// So far; the page's script counts on.
    pub seconds: i64,
}

impl FrameTimer {
    /// `1:05`: hours and minutes.
    pub fn clock(&self) -> String {
        format!("{}:{:02}", self.seconds / 3_600, self.seconds / 60 % 60)
    }

    pub fn words(&self) -> String {
        match (self.seconds / 3_600, self.seconds / 60 % 60) {
            (0, minutes) => format!("{minutes} min"),
            (hours, 0) => format!("{hours} h"),
            (hours, minutes) => format!("{hours} h {minutes} min"),
        }
    }
}

#[derive(Clone, Debug, Default)]
pub struct Frame {
    pub nonce: String,
    pub path: String,
    pub theme: String,
    pub person: Option<Person>,
    pub nav: Vec<NavItem>,
    pub look: FrameLook,
    pub unread: u64,
    pub bell_href: String,
    pub profile_href: String,
    /// Where help is found; empty for whom there is none.
    pub help_href: String,
    pub toasts: Vec<Toast>,
    pub banner: Option<String>,
    pub timer: Option<FrameTimer>,
    /// The page of a form that was kept when the session had ended.
    pub kept_href: Option<String>,
    pub demo: bool,
}

impl Frame {
    /// The frame of this request; a bare one where no middleware has filled it (an error before sign-in was looked at).
    pub fn of(request: &HttpRequest) -> Self {
        let filled = request.extensions().get::<Self>().cloned();
        let mut frame = filled.unwrap_or_else(|| Self {
            theme: theme(request),
            toasts: super::answer::toasts(request),
            demo: super::platform(request).config.demo,
            ..Self::default()
        });
        frame.nonce = super::nonce(request);
        frame.path = request.path().to_owned();
        frame
    }
}

/// `light`, `dark` or `auto`, from the cookie the theme switch sets.
pub fn theme(request: &HttpRequest) -> String {
    let chosen = request.cookie("theme").map(|cookie| cookie.value().to_owned()).unwrap_or_default();
    if matches!(chosen.as_str(), "light" | "dark") { chosen } else { "auto".to_owned() }
}

/// `Ada Lovelace` → `AL`
pub fn initials(name: &str) -> String {
    let mut words = name.split_whitespace().filter_map(|word| word.chars().next());
    let first = words.next();
    let last = words.next_back();
    first.into_iter().chain(last).flat_map(char::to_uppercase).collect()
}
