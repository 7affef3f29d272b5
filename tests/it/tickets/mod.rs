//! Tickets and the catalog: who sees what, what follows from what, and the PSA on the other side.

mod catalog;
mod life;
mod model;
mod people;
pub mod psa;
mod sync;

use reqwest::{Method, multipart::Form};

use crate::support::{Answer, Browser, Installation};

/// A form with files, as a browser sends it.
pub async fn send(browser: &mut Browser, path: &str, fields: &[(&str, &str)]) -> Answer {
    let mut form = Form::new();
    for (name, value) in fields {
        form = form.text((*name).to_owned(), (*value).to_owned());
    }
    let request = browser.request(Method::POST, path).header("accept", "text/html").multipart(form);
    browser.send(request).await
}

/// Opens a ticket and answers its id.
pub async fn open(browser: &mut Browser, subject: &str) -> String {
    let fields = [
        ("subject", subject),
        ("category", "hardware"),
        ("priority", "high"),
        ("description", "It blinks orange."),
        ("key", subject),
    ];
    let answer = send(browser, "/portal/tickets/new", &fields).await.expect(303);
    answer.location().strip_prefix("/portal/tickets/").expect("the ticket").to_owned()
}

/// The lines of this person's bell.
pub async fn bell(one: &Installation, key: &str) -> Vec<String> {
    let json = one.browser(key).await.get_json("/api/v1/notifications").await.expect(200).json();
    json["notifications"].as_array().expect("a list").iter().map(|line| line["words"].as_str().expect("words").to_owned()).collect()
}
