//! The two wires: what is sent, and what each event of the answer says. No network.
//!
//! Anthropic's Messages as of `anthropic-version: 2026-10-21`; chat completions as OpenAI publishes them and vLLM, Ollama, llama.cpp,
//! Azure and many gateways speak them. Of what may come only what is needed is read; the rest may grow.

use reqwest::RequestBuilder;
use serde::Deserialize;
use serde_json::{Value, json};
use url::Url;

use super::{End, Prompt, sse::Event};
use crate::platform::remote::CallError;

/// What an event says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Heard {
    /// The next piece of text.
    Piece(String),
    /// Why it stops; a little may still come.
    Why(End),
    /// That was the last.
    Over,
}

pub trait Wire: Send + Sync {
    /// The key goes where this wire wants it.
    fn sign(&self, request: RequestBuilder, key: &str) -> RequestBuilder;
    fn body(&self, address: &Url, model: &str, prompt: &Prompt) -> Value;
    fn read(&self, event: &Event) -> Result<Vec<Heard>, CallError>;
}

/// The wire that an address speaks, and where exactly it is spoken.
pub fn of(url: &Url) -> (Box<dyn Wire>, Url) {
    let below = |base: &Url, rest: &str| {
        let mut url = base.clone();
        url.set_path(&format!("{}/{rest}", base.path().trim_end_matches('/')));
        url
    };
    let path = url.path().trim_end_matches('/');
    if path.ends_with("/messages") {
        (Box::new(Messages), url.clone())
    } else if path.ends_with("/chat/completions") {
        (Box::new(ChatCompletions), url.clone())
    } else if url.host_str() == Some("api.anthropic.com") {
        let rest = if path.ends_with("/v1") { "messages" } else { "v1/messages" };
        (Box::new(Messages), below(url, rest))
    } else {
        (Box::new(ChatCompletions), below(url, "chat/completions"))
    }
}

fn parsed<'a, T: Deserialize<'a>>(event: &'a Event) -> Result<T, CallError> {
    // What it holds is somebody's text: the place alone is told.
    serde_json::from_str(&event.data)
        .map_err(|error| CallError::Garbage(format!("an event that cannot be read, column {}", error.column())))
}

/// The kind of an error as both wires name it (`error.type`, `error.code`); its sentence may repeat what was asked.
pub fn kind_of(bytes: &[u8]) -> String {
    #[derive(Deserialize)]
    struct Refusal {
        error: Kind,
    }
    #[derive(Deserialize)]
    struct Kind {
        #[serde(default)]
        r#type: Option<String>,
        #[serde(default)]
        code: Option<Value>,
    }
    let Ok(Refusal { error }) = serde_json::from_slice::<Refusal>(bytes) else { return String::new() };
    let code = error.code.as_ref().and_then(Value::as_str).map(str::to_owned);
    let is_word =
        |word: &String| word.len() <= 60 && word.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.'));
    let mut words: Vec<String> = [error.r#type, code].into_iter().flatten().filter(is_word).collect();
    words.dedup();
    words.join(", ")
}

/// What an error in the midst of an answer comes to.
fn broken_off(event: &Event) -> CallError {
    let kind = kind_of(event.data.as_bytes());
    match () {
        () if kind.contains("overloaded") => CallError::Failed(529),
        () if kind.contains("rate_limit") => CallError::Failed(429),
        () if kind.contains("authentication") || kind.contains("permission") => CallError::KeyRefused,
        () => CallError::Failed(500),
    }
}

pub struct Messages;

#[derive(Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum MessageEvent {
    ContentBlockDelta {
        delta: BlockDelta,
    },
    MessageDelta {
        delta: StopDelta,
    },
    MessageStop,
    Error,
    /// `message_start`, `ping`, what may come.
    #[serde(other)]
    Other,
}

#[derive(Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum BlockDelta {
    TextDelta {
        text: String,
    },
    /// What it thinks, tools it would use.
    #[serde(other)]
    Other,
}

#[derive(Deserialize)]
struct StopDelta {
    #[serde(default)]
    stop_reason: Option<String>,
}

impl Wire for Messages {
    fn sign(&self, request: RequestBuilder, key: &str) -> RequestBuilder {
        request.header("x-api-key", key).header("anthropic-version", "2026-10-21")
    }

    fn body(&self, _: &Url, model: &str, prompt: &Prompt) -> Value {
        json!({
            "model": model,
            "max_tokens": prompt.max_tokens,
            "stream": true,
            "system": prompt.system,
            "messages": [{ "role": "user", "content": prompt.asked }],
        })
    }

    fn read(&self, event: &Event) -> Result<Vec<Heard>, CallError> {
        Ok(vec![match parsed(event)? {
            MessageEvent::ContentBlockDelta { delta: BlockDelta::TextDelta { text } } => Heard::Piece(text),
            MessageEvent::MessageDelta { delta: StopDelta { stop_reason: Some(why) } } => Heard::Why(match why.as_str() {
                "max_tokens" | "model_context_window_exceeded" => End::CutOff,
                "refusal" => End::Declined,
                _ => End::Whole,
            }),
            MessageEvent::MessageStop => Heard::Over,
            MessageEvent::Error => return Err(broken_off(event)),
            _ => return Ok(Vec::new()),
        }])
    }
}

pub struct ChatCompletions;

#[derive(Deserialize)]
struct Chunk {
    #[serde(default)]
    choices: Vec<Choice>,
    #[serde(default)]
    error: Option<Value>,
}

#[derive(Deserialize)]
struct Choice {
    #[serde(default)]
    delta: Option<ChoiceDelta>,
    #[serde(default)]
    finish_reason: Option<String>,
}

#[derive(Default, Deserialize)]
struct ChoiceDelta {
    #[serde(default)]
    content: Option<String>,
    /// What it says where it says no.
    #[serde(default)]
    refusal: Option<String>,
}

impl Wire for ChatCompletions {
    fn sign(&self, request: RequestBuilder, key: &str) -> RequestBuilder {
        request.bearer_auth(key)
    }

    fn body(&self, address: &Url, model: &str, prompt: &Prompt) -> Value {
        // Newer models there refuse the older name; servers of one's own may not know the newer.
        let newer = address.host_str().is_some_and(|host| host == "api.openai.com" || host.ends_with(".openai.azure.com"));
        let limit = if newer { "max_completion_tokens" } else { "max_tokens" };
        json!({
            "model": model,
            limit: prompt.max_tokens,
            "stream": true,
            "messages": [
                { "role": "system", "content": prompt.system },
                { "role": "user", "content": prompt.asked },
            ],
        })
    }

    fn read(&self, event: &Event) -> Result<Vec<Heard>, CallError> {
        if event.data.trim() == "[DONE]" {
            return Ok(vec![Heard::Over]);
        }
        let chunk: Chunk = parsed(event)?;
        if chunk.error.is_some() || event.name == "error" {
            return Err(broken_off(event));
        }
        let Some(choice) = chunk.choices.into_iter().next() else { return Ok(Vec::new()) };
        let delta = choice.delta.unwrap_or_default();
        let why = choice.finish_reason.map(|why| match why.as_str() {
            "length" => End::CutOff,
            "content_filter" => End::Declined,
            _ => End::Whole,
        });
        let declined = delta.refusal.map(|_| Heard::Why(End::Declined));
        let piece = delta.content.filter(|text| !text.is_empty()).map(Heard::Piece);
        Ok([piece, why.map(Heard::Why), declined].into_iter().flatten().collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_says_which_wire_is_spoken_and_where() {
        for (url, address) in [
            ("https://api.anthropic.com", "https://api.anthropic.com/v1/messages"),
            ("https://api.anthropic.com/v1/", "https://api.anthropic.com/v1/messages"),
            ("https://gateway.example/anthropic/v1/messages", "https://gateway.example/anthropic/v1/messages"),
            ("https://api.openai.com/v1", "https://api.openai.com/v1/chat/completions"),
            ("http://127.0.0.1:11434/v1/", "http://127.0.0.1:11434/v1/chat/completions"),
            ("https://x.example/v1/chat/completions?version=2", "https://x.example/v1/chat/completions?version=2"),
        ] {
            assert_eq!(of(&Url::parse(url).expect("an address")).1.as_str(), address);
        }
    }

    #[test]
    fn of_a_refusal_its_kind_is_kept_and_no_sentence_of_it() {
        let refusal = br#"{"type":"error","error":{"type":"invalid_request_error","message":"CANARY is too long"}}"#;
        assert_eq!(kind_of(refusal), "invalid_request_error");
        let refusal = br#"{"error":{"message":"CANARY","type":"invalid_request_error","param":null,"code":"model_not_found"}}"#;
        assert_eq!(kind_of(refusal), "invalid_request_error, model_not_found");
        assert_eq!(kind_of(br#"{"error":{"type":"what was asked: CANARY","code":404}}"#), "");
        assert_eq!(kind_of(b"<h1>Bad gateway</h1>"), "");
    }
}
