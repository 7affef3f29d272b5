//! Help in the panel of every page: what was found at once, and above it an answer that a model writes piece by piece.

use serde_json::Value;

use crate::{
    chrome::Chrome,
    person::Person,
    product::Product,
    standin::{Mood, Provider, Wire},
};

/// What the page was stopped from doing by its own policy.
const REFUSED: &str = "return window.refused";

async fn listens(person: &Person) {
    let listen = "window.refused = []; addEventListener('securitypolicyviolation', (event) => window.refused.push(event.violatedDirective));";
    person.driver.execute(listen, vec![]).await.expect("a script");
}

async fn asks(person: &Person, question: &str) {
    person.fill("q", question).await;
    person.press_css("[data-help-form] button[type=submit]").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_is_written_into_the_panel_and_one_that_cannot_be_written_leaves_what_was_found() {
    let provider = Provider::start(Wire::Messages);
    let settings: Vec<(String, String)> =
        provider.settings().iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    let product = Product::start_with("demo", |_| settings).await;
    let chrome = Chrome::start().await;
    let cleo = Person::new("Cleo", chrome.browser().await, &product.url);
    let people = product.people();
    let row = people["people"]
        .as_array()
        .expect("people")
        .iter()
        .find(|row| row["name"].as_str().is_some_and(|name| name.starts_with("Cleo")));
    let word = |field: &str| row.expect("of the cast")[field].as_str().unwrap_or_default().to_owned();
    cleo.signs_in_at_the_portal("harbor", &word("email"), &word("password")).await;
    cleo.is_at("/portal/dashboard").await;

    listens(&cleo).await;
    cleo.press_css("[data-help-button]").await;
    provider.says("Take the paper out and **close every door** [1].");
    asks(&cleo, "My printer does not print").await;
    cleo.sees("Answered from these articles").await;
    cleo.sees("close every door").await;
    cleo.sees("Written by a language model").await;
    let sources = cleo.words_of(".help-sources a").await;
    assert_eq!(sources, ["The printer does not print"], "the article it is drawn from, linked");
    assert_eq!(cleo.path().await, "/portal/dashboard", "in the panel, on the page where it was asked");
    cleo.photographed(&chrome, "help-written").await;

    // The next question stands in its place; what cannot be written says so, and what was found is there.
    provider.feels(Mood::Overloaded);
    asks(&cleo, "How do I get mail on my phone?").await;
    cleo.sees("No answer can be written just now").await;
    cleo.sees("Your mail on a phone").await;
    cleo.sees_not("close every door").await;
    let refused = cleo.driver.execute(REFUSED, vec![]).await.expect("a script").json().clone();
    assert_eq!(refused, Value::Array(Vec::new()), "the page's own policy stopped something");

    // Without the panel: the page itself, by its own button.
    provider.feels(Mood::Well);
    cleo.open("/portal/help?q=printer").await;
    cleo.sees("Take the paper out").await;
    cleo.leaves().await;
}
