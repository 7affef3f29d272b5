//! Two people in one conversation, in real browsers: at once, once, in order; through a kill; without a WebSocket.

use std::sync::Arc;

use entity::{Reach, identity::SessionStage, ids::ConversationId};
use one_legal::{
    app::{cast, cast::Cast, jobs},
    identity, messaging,
    platform::{Actor, Clock, Config, Platform, config::Source},
};
use thirtyfour::Cookie;

use crate::{causes, chrome::Chrome, person::Person, product::Product};

/// The cast and a conversation, written beside the running server.
async fn prepare(product: &Product) -> (Arc<Platform>, Cast, ConversationId) {
    let pairs =
        [("DATA_DIR", product.data().display().to_string()), ("BIND", product.url.trim_start_matches("http://").to_owned())];
    let config = Config::load(&Source::from_pairs(pairs)).expect("settings");
    let platform = Platform::open(config, Clock::system(), jobs::table(), jobs::LISTENERS).await.expect("a platform");
    let cast = cast::create(&platform).await.expect("the cast");
    let mut work = platform.work(Actor::program("test"), Reach::Tenants(vec![cast.harbor])).await.expect("a work");
    let id = messaging::open_conversation(&mut work, cast.harbor, "The disputed invoice").await.expect("opened");
    for key in ["ada", "cleo"] {
        let person = cast.person(key);
        messaging::join(&mut work, id, person.account, person.name).await.expect("joined");
    }
    work.commit().await.expect("committed");
    (platform, cast, id)
}

/// A browser in which this person is signed in.
async fn person(chrome: &Chrome, product: &Product, platform: &Arc<Platform>, cast: &Cast, key: &str) -> Person {
    let account = cast.person(key).account;
    let mut work = platform.work(Actor::program("test"), Reach::Everything("a test signs in")).await.expect("a work");
    let open = identity::OpenSession { account, stage: SessionStage::Full, method: "password" };
    let (_, token) = identity::open_session(&mut work, open).await.expect("a session");
    work.counts_as_audited("a test signs in");
    work.commit().await.expect("committed");
    let person = Person::new(cast.person(key).name, chrome.browser().await, &product.url);
    person.open("/healthz").await;
    let mut cookie = Cookie::new("session", token);
    cookie.set_path("/");
    person.driver.add_cookie(cookie).await.expect("signed in");
    person
}

async fn types(person: &Person, text: &str) {
    person.element(".composer textarea").await.send_keys(text).await.expect("typed");
}

/// The texts of the messages, in their order.
async fn bubbles(person: &Person) -> Vec<String> {
    let script = "return [...document.querySelectorAll('.message .bubble')].map((bubble) => bubble.textContent.trim())";
    person.driver.execute(script, vec![]).await.expect("a list").convert().expect("texts")
}

async fn until_bubbles(person: &Person, expected: &[&str]) {
    person.until(&format!("{expected:?}"), || async { bubbles(person).await == expected }).await;
}

const ENTER: char = '\u{e007}';

#[tokio::test(flavor = "multi_thread")]
async fn two_people_talk_through_a_kill_and_everything_is_there_once() {
    let mut product = Product::start("serve").await;
    let (platform, cast, id) = prepare(&product).await;
    let chrome = Chrome::start().await;
    let ada = person(&chrome, &product, &platform, &cast, "ada").await;
    let cleo = person(&chrome, &product, &platform, &cast, "cleo").await;
    let page = format!("/conversations/{id}");
    ada.open(&page).await;
    cleo.open(&page).await;
    ada.element("[data-person].is-here").await;
    types(&ada, &format!("Good **morning** <img src=x onerror=\"document.title='pwned'\">{ENTER}")).await;
    let hostile = "Good morning <img src=x onerror=\"document.title='pwned'\">";
    until_bubbles(&cleo, &[hostile]).await;
    until_bubbles(&ada, &[hostile]).await;
    cleo.element(".bubble strong").await;
    ada.sees("Read by Cleo Vance").await;
    types(&cleo, "typing").await;
    ada.sees("Cleo Vance is typing").await;
    types(&cleo, &format!(" back{ENTER}")).await;
    until_bubbles(&ada, &[hostile, "typing back"]).await;

    product.kill();
    ada.sees("Reconnecting").await;
    types(&ada, &format!("while away 1{ENTER}")).await;
    types(&ada, &format!("while away 2{ENTER}")).await;
    ada.sees("2 waiting to be sent").await;
    causes::named("L5.1", &ada.text().await);
    // A reload in the middle forgets nothing: the server is there again, the tab sends what it kept.
    product.spawn().await;
    let all = [hostile, "typing back", "while away 1", "while away 2"];
    until_bubbles(&cleo, &all).await;
    until_bubbles(&ada, &all).await;
    ada.until("no banner", || async {
        let script = "return document.querySelector('.conversation-banner').hidden && !document.querySelector('.is-waiting')";
        ada.driver.execute(script, vec![]).await.expect("an answer").convert::<bool>().expect("yes or no")
    })
    .await;

    // Edit and delete one's own.
    let script = "document.querySelectorAll('.message-own .message-tools [title=Edit]')[1].click()";
    ada.driver.execute(script, vec![]).await.expect("edited");
    ada.element(".composer textarea").await.clear().await.expect("cleared");
    types(&ada, &format!("while I was away{ENTER}")).await;
    until_bubbles(&cleo, &[hostile, "typing back", "while I was away", "while away 2"]).await;
    cleo.sees("edited").await;
    let script = "window.confirm = () => true; [...document.querySelectorAll('.message-own [title=Delete]')].at(-1).click()";
    ada.driver.execute(script, vec![]).await.expect("deleted");
    let after = [hostile, "typing back", "while I was away", "This message was deleted."];
    until_bubbles(&cleo, &after).await;
    for person in [&ada, &cleo] {
        person.open(&page).await;
        until_bubbles(person, &after).await;
        person.screenshot("conversation").await;
        assert_ne!(person.driver.title().await.expect("a title"), "pwned");
    }
    ada.leaves().await;
    cleo.leaves().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_websocket_it_goes_on_by_events_and_posts() {
    let product = Product::start("serve").await;
    let (platform, cast, id) = prepare(&product).await;
    let chrome = Chrome::start().await;
    let ada = person(&chrome, &product, &platform, &cast, "ada").await;
    let cleo = person(&chrome, &product, &platform, &cast, "cleo").await;
    let blocked = serde_json::json!({ "source": "window.WebSocket = class { constructor() { throw new Error('blocked'); } }" });
    chrome.tool(&cleo.driver, "Page.addScriptToEvaluateOnNewDocument", blocked).await;
    let page = format!("/conversations/{id}");
    ada.open(&page).await;
    cleo.open(&page).await;
    ada.element("[data-person].is-here").await;
    types(&ada, &format!("can you hear me?{ENTER}")).await;
    until_bubbles(&cleo, &["can you hear me?"]).await;
    types(&cleo, &format!("yes{ENTER}")).await;
    until_bubbles(&ada, &["can you hear me?", "yes"]).await;
    until_bubbles(&cleo, &["can you hear me?", "yes"]).await;
    ada.sees("Read by").await;
    ada.leaves().await;
    cleo.leaves().await;
    causes::impossible("L5.2");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_people_write_runs_nothing_and_hurts_no_policy() {
    let product = Product::start("serve").await;
    let (platform, cast, id) = prepare(&product).await;
    let chrome = Chrome::start().await;
    let ada = person(&chrome, &product, &platform, &cast, "ada").await;
    let cleo = person(&chrome, &product, &platform, &cast, "cleo").await;
    let page = format!("/conversations/{id}");
    ada.open(&page).await;
    cleo.open(&page).await;
    ada.element("[data-person].is-here").await;
    let watch =
        "window.hurt = []; document.addEventListener('securitypolicyviolation', (e) => window.hurt.push(e.violatedDirective))";
    cleo.driver.execute(watch, vec![]).await.expect("watching");
    let nasty = "<svg/onload=window.pwned=1></script><script>window.pwned=2</script>\u{202e}gpj.exe";
    let shown = "<svg/onload=window.pwned=1></script><script>window.pwned=2</script>gpj.exe";
    types(&ada, &format!("{nasty}{ENTER}")).await;
    until_bubbles(&cleo, &[shown]).await;
    let hurt = cleo.driver.execute("return window.hurt.length + (window.pwned === undefined ? 0 : 100)", vec![]).await;
    assert_eq!(hurt.expect("a number").json().as_i64(), Some(0), "the push ran nothing and asked for nothing");
    cleo.open(&page).await;
    until_bubbles(&cleo, &[shown]).await;
    let ran = cleo
        .driver
        .execute("return [typeof window.pwned, document.querySelectorAll('.bubble svg, .bubble script').length]", vec![]);
    assert_eq!(*ran.await.expect("a list").json(), serde_json::json!(["undefined", 0]), "nor did the page");
}
