//! How often somebody may come: a burst, then an even pace (generic cell rate algorithm). In memory; forgotten at exit.

use std::collections::HashMap;

use entity::Moment;
use parking_lot::Mutex;

/// When each has used up what it was granted.
#[derive(Default)]
pub struct Pace(Mutex<HashMap<String, Moment>>);

/// How many are remembered before those at rest are forgotten.
const REMEMBERED: usize = 50_000;

impl Pace {
    /// Lets one through, or says how many seconds to wait. A minute's worth may come at once.
    pub fn pass(&self, now: Moment, who: &str, a_minute: u32) -> Result<(), u64> {
        let (pace, burst) = ((Moment::MINUTE / i64::from(a_minute.max(1))).max(1), Moment::MINUTE);
        let mut known = self.0.lock();
        if known.len() > REMEMBERED {
            known.retain(|_, until| *until > now);
        }
        let until = known.entry(who.to_owned()).or_insert(now);
        let after = Moment(until.0.max(now.0)).plus(pace);
        if after.since(now) > burst {
            let wait = (after.since(now) - burst + Moment::SECOND - 1).div_euclid(Moment::SECOND).max(1);
            return Err(wait.unsigned_abs());
        }
        *until = after;
        Ok(())
    }
}
