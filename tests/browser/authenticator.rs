//! An authenticator app: gives each code once, as a person does who waits for the next.

use std::time::{SystemTime, UNIX_EPOCH};

use entity::Moment;
use one_legal::identity::totp;

pub struct Authenticator {
    secret: String,
    last_step: i64,
}

impl Authenticator {
    pub fn new(secret: &str) -> Self {
        Self { secret: secret.to_owned(), last_step: 0 }
    }

    /// The code of now, or, where that was used, of the next step (which the server takes as drift), waiting for it if need be.
    pub async fn code(&mut self) -> String {
        loop {
            let now = SystemTime::now().duration_since(UNIX_EPOCH).expect("after 1970").as_secs() as i64 / totp::STEP_SECONDS;
            let step = now.max(self.last_step + 1);
            if step <= now + 1 {
                self.last_step = step;
                let at = Moment(step * totp::STEP_SECONDS * 1_000);
                return totp::code_of_base32(&self.secret, at).expect("the secret is base32");
            }
            tokio::time::sleep(std::time::Duration::from_millis(500)).await;
        }
    }
}
