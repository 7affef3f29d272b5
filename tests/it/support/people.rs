//! Signing in as a person does: form by form, with the code of the moment.

use one_legal::{app::dev_mail, identity::totp};

use super::{Answer, Browser, Installation};

impl Installation {
    /// The code this person's app shows now.
    pub fn code(&self, key: &str) -> String {
        self.code_at(key, 0)
    }

    /// The code of so many steps before or after now.
    pub fn code_at(&self, key: &str, steps: i64) -> String {
        let secret = self.cast.person(key).totp_secret.clone().expect("a person with a second factor");
        totp::code_of_base32(&secret, self.platform.clock.now().plus(steps * totp::STEP_SECONDS * 1_000)).expect("a code")
    }

    /// The clock goes on to the next code.
    pub fn next_code(&self) {
        self.platform.clock.advance(totp::STEP_SECONDS * 1_000);
    }

    /// Posts e-mail and password at the right door.
    pub async fn password(&self, browser: &mut Browser, key: &str, password: &str) -> Answer {
        let person = self.cast.person(key);
        let door = match person.tenant_slug {
            Some(slug) if person.portal => format!("/portal/login?tenant={slug}"),
            _ => "/login".to_owned(),
        };
        browser.post(&door, &[("email", &person.email), ("password", password)]).await
    }

    /// The whole sign-in; answers what the last step answered.
    pub async fn sign_in(&self, browser: &mut Browser, key: &str) -> Answer {
        let password = self.cast.person(key).password.clone();
        let first = self.password(browser, key, &password).await;
        if self.cast.person(key).portal {
            return first;
        }
        assert_eq!(first.status, 303, "{}", first.text);
        let code = self.code(key);
        self.next_code();
        browser.post("/login/totp", &[("code", &code)]).await
    }

    /// The mails to this address, newest last, as a person reads them.
    pub fn letters_to(&self, email: &str) -> Vec<dev_mail::Letter> {
        self.mails().iter().map(|raw| dev_mail::read("", raw)).filter(|letter| letter.to.contains(email)).collect()
    }

    /// The path of the first link in the newest mail to this address.
    pub fn newest_link(&self, email: &str) -> String {
        let links = self.letters_to(email).into_iter().filter_map(|letter| {
            let at = letter.text.find(&self.url)?;
            letter.text[at + self.url.len()..].split_whitespace().next().map(str::to_owned)
        });
        // Mails of one moment have no order: a link that carries a token is the one meant.
        let (with_token, plain): (Vec<_>, Vec<_>) = links.partition(|link| link.len() > 40);
        with_token.last().or(plain.last()).unwrap_or_else(|| panic!("no mail with a link to {email}")).clone()
    }
}
