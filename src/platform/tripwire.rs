//! Test tripwire: a changing request that succeeded without a committed audit line is a defect.
//! Armed by the tests only; costs nothing otherwise.

use std::{
    collections::HashSet,
    sync::atomic::{AtomicBool, Ordering},
};

use parking_lot::Mutex;

#[derive(Default)]
pub struct Tripwire {
    armed: AtomicBool,
    audited: Mutex<HashSet<String>>,
    fired: Mutex<Vec<String>>,
}

impl Tripwire {
    pub fn arm(&self) {
        self.armed.store(true, Ordering::SeqCst);
    }

    /// A unit of work of this request was committed with its audit line (or the reason why none is due).
    pub fn audited(&self, request_id: &str) {
        if self.armed.load(Ordering::Relaxed) {
            self.audited.lock().insert(request_id.to_owned());
        }
    }

    /// A changing request was answered with success.
    pub fn succeeded(&self, request_id: &str, what: &str) {
        if self.armed.load(Ordering::Relaxed) && !self.audited.lock().remove(request_id) {
            self.fired.lock().push(what.to_owned());
        }
    }

    /// The requests that changed something without an audit line.
    pub fn fired(&self) -> Vec<String> {
        self.fired.lock().clone()
    }
}
