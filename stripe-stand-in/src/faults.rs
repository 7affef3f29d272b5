//! What can go wrong on the way, by the test's wish: on the n-th call to an address, or by dice.

use serde::{Deserialize, Serialize};

use crate::world::World;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FaultKind {
    /// Nothing happens and nobody answers.
    TimeoutBefore,
    /// It happens, and nobody answers.
    TimeoutAfter,
    /// The connection is cut before anything happens.
    CutBefore,
    /// It happens, and the connection is cut.
    CutAfter,
    /// 429, without effect, not remembered by the key.
    RateLimit,
    /// 500 before anything was begun: the key forgets it.
    ErrorBefore,
    /// 500 without effect, and the key remembers the 500.
    ErrorStored,
    /// It happens, the answer is 500, and the key remembers the 500.
    ErrorAfter,
    /// The card or bank declines with this code (`insufficient_funds`, `authentication_required`, …).
    Decline { code: String },
    /// It happens at once and is answered after so many real milliseconds; meanwhile the key is in use.
    Slow { ms: u64 },
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fault {
    /// `POST`, `GET`, or `*`.
    #[serde(default = "star")]
    pub method: String,
    /// `/v1/transfers`, `/v1/payment_intents/*`; `*` at the end stands for any rest, between slashes for one word.
    #[serde(default = "star")]
    pub path: String,
    pub kind: FaultKind,
    /// Only from the n-th matching call on (the first is 1).
    #[serde(default)]
    pub nth: u64,
    /// How often it strikes; 0 is always.
    #[serde(default)]
    pub times: u64,
    /// With this probability; not given is always.
    #[serde(default)]
    pub probability: Option<f64>,
    #[serde(default)]
    pub seen: u64,
    #[serde(default)]
    pub struck: u64,
}

fn star() -> String {
    "*".to_owned()
}

impl Fault {
    /// A fault that strikes once, at the next call of this address.
    pub fn once(method: &str, path: &str, kind: FaultKind) -> Fault {
        Fault { times: 1, ..Fault::always(method, path, kind) }
    }

    pub fn always(method: &str, path: &str, kind: FaultKind) -> Fault {
        Fault { method: method.to_owned(), path: path.to_owned(), kind, nth: 0, times: 0, probability: None, seen: 0, struck: 0 }
    }

    pub fn with_probability(mut self, probability: f64) -> Fault {
        self.probability = Some(probability);
        self
    }

    pub fn from_call(mut self, nth: u64) -> Fault {
        self.nth = nth;
        self
    }

    fn is_for(&self, method: &str, path: &str) -> bool {
        (self.method == "*" || self.method.eq_ignore_ascii_case(method)) && path_matches(&self.path, path)
    }
}

fn path_matches(pattern: &str, path: &str) -> bool {
    let mut words = path.split('/');
    let mut wanted = pattern.split('/').peekable();
    while let Some(want) = wanted.next() {
        if want == "*" && wanted.peek().is_none() {
            return pattern == "*" || words.next().is_some();
        }
        match words.next() {
            Some(word) if want == "*" || want == word => {}
            _ => return false,
        }
    }
    words.next().is_none()
}

impl World {
    /// The fault that strikes this call, if any. Every matching rule counts the call; the first that strikes is taken.
    pub fn fault(&mut self, method: &str, path: &str) -> Option<FaultKind> {
        let mut struck = None;
        let (faults, dice) = (&mut self.faults, &mut self.dice);
        for fault in faults.iter_mut().filter(|fault| fault.is_for(method, path)) {
            fault.seen += 1;
            let spent = fault.times > 0 && fault.struck >= fault.times;
            if struck.is_some() || spent || fault.seen < fault.nth {
                continue;
            }
            if fault.probability.is_none_or(|p| dice.chance(p)) {
                fault.struck += 1;
                struck = Some(fault.kind.clone());
            }
        }
        struck
    }
}
