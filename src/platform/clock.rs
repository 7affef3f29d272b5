//! The clock: the machine's, or one that a test moves. Nothing else in the program reads the time.

use std::{
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

use entity::Moment;
use time::OffsetDateTime;

#[derive(Clone, Default)]
pub struct Clock {
    /// Where set: the time stands still here until it is moved.
    standing: Option<Arc<AtomicI64>>,
}

impl Clock {
    pub fn system() -> Self {
        Self::default()
    }

    /// A clock that stands at `at` until [`Clock::advance`].
    pub fn standing(at: Moment) -> Self {
        Self { standing: Some(Arc::new(AtomicI64::new(at.0))) }
    }

    #[expect(clippy::disallowed_methods, reason = "the one place that reads the machine's clock")]
    pub fn now(&self) -> Moment {
        match &self.standing {
            Some(at) => Moment(at.load(Ordering::SeqCst)),
            None => Moment::from_datetime(OffsetDateTime::now_utc()),
        }
    }

    pub fn is_standing(&self) -> bool {
        self.standing.is_some()
    }

    /// Lets that much time pass; where the time stands still, nobody waits for it.
    pub async fn pass(&self, time: Duration) {
        if !self.is_standing() {
            tokio::time::sleep(time).await;
        }
    }

    /// Moves a standing clock by milliseconds; the machine's clock is left alone.
    pub fn advance(&self, milliseconds: i64) {
        if let Some(at) = &self.standing {
            at.fetch_add(milliseconds, Ordering::SeqCst);
        }
    }
}
