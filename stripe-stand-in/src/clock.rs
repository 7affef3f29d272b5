//! The stand-in's own clock, in seconds as Stripe tells time: standing until it is moved, or following the machine's
//! with an offset.

use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Clock {
    standing: Option<i64>,
    offset: i64,
}

#[allow(clippy::disallowed_methods, reason = "the only place of this crate that reads the machine's clock")]
fn machine() -> i64 {
    std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).map(|d| d.as_secs() as i64).unwrap_or_default()
}

impl Clock {
    pub fn standing(at: i64) -> Clock {
        Clock { standing: Some(at), offset: 0 }
    }

    pub fn following() -> Clock {
        Clock { standing: None, offset: 0 }
    }

    pub fn now(&self) -> i64 {
        self.standing.unwrap_or_else(|| machine() + self.offset)
    }

    pub fn stands(&self) -> bool {
        self.standing.is_some()
    }

    /// Moves to this second. A following clock keeps following from there.
    pub fn set(&mut self, at: i64) {
        match &mut self.standing {
            Some(standing) => *standing = at,
            None => self.offset = at - machine(),
        }
    }

    pub fn stop(&mut self) {
        self.standing = Some(self.now());
    }

    pub fn run(&mut self) {
        self.offset = self.now() - machine();
        self.standing = None;
    }
}

/// A seed nobody chose.
#[allow(clippy::disallowed_methods, reason = "a seed for ids that need not be repeated")]
pub fn seed() -> u64 {
    std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).map(|d| d.as_nanos() as u64).unwrap_or(1)
}
