//! A language model, spoken to over its provider's wire: Anthropic's Messages, or the chat completions that many others speak.
//!
//! The address says which: one that ends in `/messages` is Anthropic's, one that ends in `/chat/completions` the other; below
//! `api.anthropic.com` it is Anthropic's, at any other base (`…/v1`) the other.
//!
//! Answers come in pieces (server-sent events), so that whoever waits can read along. Bounded: what is asked, what comes back, the
//! silence between two pieces, and the whole. Asking changes nothing over there, so a try that failed before its first piece is
//! repeated. Neither what was asked nor what came back is ever logged. Never ask within a `Work`.

mod sse;
mod wire;

use std::{sync::Arc, time::Duration};

use parking_lot::Mutex;
use reqwest::{header::CONTENT_TYPE, redirect::Policy};
use tokio::sync::mpsc;

use super::{
    Clock, Platform,
    config::{LlmSettings, Secret},
    remote::{self, CallError, Standing},
};

use wire::{Heard, Wire};

/// How it is called among other programs ([`remote::seen`]).
pub const NAME: &str = "LLM";

/// Bytes that may be asked.
const ASKED: usize = 256 * 1024;
/// Bytes an answer's text may have.
const ANSWER: usize = 256 * 1024;
/// Bytes that may come for it, with all that is around the text.
const STREAM: usize = 8 * 1024 * 1024;
/// Bytes of a refusal that are read.
const REFUSAL: usize = 64 * 1024;
/// Somebody waits: one more try, not three.
const TRIES: u32 = 2;

/// What is asked.
#[derive(Clone, Debug)]
pub struct Prompt {
    /// What it shall do; our words alone.
    pub system: String,
    /// What it shall do it with; anybody's words.
    pub asked: String,
    /// Tokens its answer may have.
    pub max_tokens: u32,
    /// How long the whole may take.
    pub patience: Duration,
}

/// Why it stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// It had said everything.
    Whole,
    /// There was no room for more.
    CutOff,
    /// It would not.
    Declined,
    /// Nobody listens any more.
    Left,
}

/// All it said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    pub text: String,
    pub end: End,
}

/// The model of this installation.
pub struct Llm {
    wire: Box<dyn Wire>,
    address: url::Url,
    key: Secret,
    model: String,
    client: reqwest::Client,
    standing: Standing,
}

#[derive(Default)]
struct Known(Mutex<Option<Arc<Llm>>>);

impl Llm {
    /// The model of the settings, or the setting that is missing.
    pub fn of(platform: &Platform) -> Result<Arc<Self>, CallError> {
        let settings = &platform.config.llm;
        let url = settings.url.as_ref().ok_or(CallError::NotSet(LlmSettings::URL))?;
        let key = settings.key.as_ref().ok_or(CallError::NotSet(LlmSettings::KEY))?;
        let model = settings.model.as_ref().ok_or(CallError::NotSet(LlmSettings::MODEL))?;
        let known = platform.shared::<Known>();
        let mut known = known.0.lock();
        if let Some(llm) = &*known {
            return Ok(Arc::clone(llm));
        }
        let (wire, address) = wire::of(url);
        let client = reqwest::Client::builder()
            .redirect(Policy::none())
            .no_proxy()
            .connect_timeout(Duration::from_secs(3))
            .read_timeout(Duration::from_millis(settings.timeout_ms))
            .build()
            .map_err(|error| CallError::Unreachable(error.to_string()))?;
        let made = Self { wire, address, key: key.clone(), model: model.clone(), client, standing: Standing::of(NAME) };
        let made = Arc::new(made);
        *known = Some(Arc::clone(&made));
        Ok(made)
    }

    /// Its name, as set.
    pub fn model(&self) -> &str {
        &self.model
    }

    /// The host to which everything goes that it is asked.
    pub fn host(&self) -> &str {
        self.address.host_str().unwrap_or_default()
    }

    /// Asks; hands on each piece as it comes, and the whole at the end. Who drops the receiver is not written for any longer.
    pub async fn ask(&self, platform: &Arc<Platform>, prompt: &Prompt, pieces: &mpsc::Sender<String>) -> Result<Said, CallError> {
        if prompt.system.len() + prompt.asked.len() > ASKED {
            return Err(CallError::Refused { status: 413, detail: "more than may be asked".to_owned() });
        }
        self.standing.may_ask(platform.clock.now())?;
        let said = match tokio::time::timeout(prompt.patience, self.tried(&platform.clock, prompt, pieces)).await {
            Ok(said) => said,
            Err(_) => Err(CallError::TimedOut),
        };
        let now = platform.clock.now();
        // That it says no to one question leaves it open to the next; it is written down all the same, since an account without
        // credit says no to every one.
        self.standing.count(now, matches!(said, Ok(_) | Err(CallError::Refused { .. })));
        self.standing.write_down(platform, now, said.as_ref().map(|_| ())).await;
        said
    }

    async fn tried(&self, clock: &Clock, prompt: &Prompt, pieces: &mpsc::Sender<String>) -> Result<Said, CallError> {
        let mut tried = 0;
        loop {
            tried += 1;
            let mut text = String::new();
            let (error, wait) = match self.once(prompt, pieces, &mut text).await {
                Ok(end) => return Ok(Said { text, end }),
                Err(failed) => failed,
            };
            // What was heard cannot be taken back, and who has waited a whole time-out does not wait for another.
            if !text.is_empty() || !error.is_passing() || error == CallError::TimedOut || tried == TRIES {
                return Err(error);
            }
            remote::pause(clock, tried, wait).await;
        }
    }

    /// Why it stopped, or the failure and how long it asks to be left alone.
    async fn once(
        &self,
        prompt: &Prompt,
        pieces: &mpsc::Sender<String>,
        text: &mut String,
    ) -> Result<End, (CallError, Option<Duration>)> {
        let lasting = |error| (error, None);
        let broken = |error| lasting(CallError::of_transport(error));
        let request = self.wire.sign(self.client.post(self.address.clone()), self.key.expose());
        let request = request.header("accept", "text/event-stream").json(&self.wire.body(&self.address, &self.model, prompt));
        let mut response = request.send().await.map_err(broken)?;
        let status = response.status();
        if !status.is_success() {
            let wait = remote::asked_wait(response.headers());
            let mut bytes = Vec::new();
            while let Some(chunk) = response.chunk().await.map_err(broken)? {
                bytes.extend_from_slice(&chunk[..chunk.len().min(REFUSAL - bytes.len())]);
                if bytes.len() == REFUSAL {
                    break;
                }
            }
            return Err((CallError::of_status(status, || wire::kind_of(&bytes)), wait));
        }
        let kind = response.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
        if !kind.starts_with("text/event-stream") {
            return Err(lasting(CallError::Garbage("no stream of events".to_owned())));
        }
        let mut events = sse::Events::default();
        let (mut came, mut end) = (0, None);
        while let Some(chunk) = response.chunk().await.map_err(broken)? {
            came += chunk.len();
            if came > STREAM {
                return Err(lasting(CallError::Garbage("longer than 8 MiB".to_owned())));
            }
            for event in events.take(&chunk) {
                for heard in self.wire.read(&event).map_err(lasting)? {
                    match heard {
                        Heard::Piece(piece) => {
                            if text.len() + piece.len() > ANSWER {
                                return Err(lasting(CallError::Garbage("more text than was asked for".to_owned())));
                            }
                            text.push_str(&piece);
                            if pieces.send(piece).await.is_err() {
                                return Ok(End::Left);
                            }
                        }
                        // Who has said no may still say that this was all.
                        Heard::Why(why) => end = end.filter(|known| *known == End::Declined).or(Some(why)),
                        Heard::Over => {
                            let nothing = || lasting(CallError::Garbage("an end without its reason".to_owned()));
                            return end.ok_or_else(nothing);
                        }
                    }
                }
            }
        }
        if let Some(end) = end {
            return Ok(end);
        }
        Err(lasting(CallError::Unreachable("it stopped in the middle of its answer".to_owned())))
    }
}
