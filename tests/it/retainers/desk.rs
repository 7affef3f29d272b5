//! What the tests of retainers do again and again.

use serde_json::Value;

use crate::support::{Browser, Installation};

/// 10 hours for $1,500, $250 an hour beyond, from 1 March 2026.
pub const TERMS: [(&str, &str); 5] =
    [("fee", "1,500"), ("included", "10"), ("rate", "250.00"), ("starts_on", "2026-03-01"), ("billing_day", "1")];

/// Ada offers; answers the retainer's address.
pub async fn offer(ada: &mut Browser) -> String {
    let mut fields = TERMS.to_vec();
    fields.push(("then", "offer"));
    ada.post("/legal/retainers/new", &fields).await.expect(303).location().to_owned()
}

/// Ada offers, Mira accepts.
pub async fn running(one: &Installation) -> String {
    let retainer = offer(&mut one.browser("ada").await).await;
    one.browser("mira").await.post(&format!("{retainer}/accept"), &[("terms_version", "1")]).await.expect(303);
    retainer
}

/// The meter as this person's programs read it.
pub async fn meter(browser: &mut Browser) -> Value {
    browser.get_json("/api/v1/retainers").await.expect(200).json()["items"][0]["meter"].clone()
}
