//! What happens by itself when its time comes: bank debits settle, payouts are made and arrive, sessions expire.

use serde::{Deserialize, Serialize};

use crate::api;
use crate::world::World;

#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum Due {
    /// A bank debit succeeds, or fails with this code.
    DebitSettles {
        intent: String,
        failure: Option<String>,
    },
    /// A debit that had succeeded is returned by the bank.
    DebitReturned {
        charge: String,
        reason: String,
    },
    /// A card holder disputes.
    Disputed {
        charge: String,
        reason: String,
    },
    /// The last day for evidence has passed.
    EvidenceLapses {
        dispute: String,
    },
    PayoutMade {
        account: String,
        currency: String,
    },
    PayoutArrives {
        payout: String,
    },
    SessionExpires {
        session: String,
    },
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Timed {
    pub at: i64,
    pub order: u64,
    pub what: Due,
}

impl World {
    pub fn schedule(&mut self, at: i64, what: Due) {
        let order = self.count();
        let place = self.due.partition_point(|timed| (timed.at, timed.order) < (at, order));
        self.due.insert(place, Timed { at, order, what });
    }

    /// Does everything that has fallen due, each at its own moment.
    pub fn tick(&mut self) {
        while self.due.first().is_some_and(|timed| timed.at <= self.clock.now()) {
            let timed = self.due.remove(0);
            self.at = Some(timed.at);
            match timed.what {
                Due::DebitSettles { intent, failure } => api::debits::settle(self, &intent, failure.as_deref()),
                Due::DebitReturned { charge, reason } | Due::Disputed { charge, reason } => {
                    if api::disputes::disputable(self, &charge).is_ok() {
                        api::disputes::open(self, &charge, &reason);
                    }
                }
                Due::EvidenceLapses { dispute } => api::disputes::lapse(self, &dispute),
                Due::PayoutMade { account, currency } => api::payouts::make_automatic(self, &account, &currency),
                Due::PayoutArrives { payout } => api::payouts::arrive(self, &payout),
                Due::SessionExpires { session } => api::checkout_sessions::expire_now(self, &session),
            }
            self.at = None;
        }
    }
}
