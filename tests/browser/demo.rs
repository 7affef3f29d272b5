//! The demo starts, and everybody of the cast can sign in with what it prints.

use crate::{chrome::Chrome, person::Person, product::Product};

#[tokio::test(flavor = "multi_thread")]
async fn everybody_of_the_demo_signs_in_with_what_it_prints() {
    let product = Product::start("demo").await;
    let chrome = Chrome::start().await;
    let people = product.people();
    assert_eq!(people["url"], product.url);
    let people = people["people"].as_array().expect("people").clone();
    assert!(people.len() > 10, "the whole cast");
    let browser = chrome.browser().await;
    let mut somebody = Person::new("Somebody", browser, &product.url);
    for person in people {
        let word = |field: &str| person[field].as_str().unwrap_or_default().to_owned();
        somebody.name = word("name");
        somebody.driver.delete_all_cookies().await.expect("a fresh browser");
        if person["portal"] == true {
            somebody.signs_in_at_the_portal(&word("tenant"), &word("email"), &word("password")).await;
            somebody.is_at("/portal/").await;
        } else {
            let (status, code) = product.run(&["demo", "--totp", &word("email")]);
            assert_eq!(status, 0, "{code}");
            somebody.signs_in(&word("email"), &word("password"), code.trim()).await;
            somebody.is_at(if word("role") == "Operator" { "/operator" } else { "/legal/dashboard" }).await;
        }
        somebody.sees(word("name").split(' ').next().unwrap_or_default()).await;
    }
    somebody.leaves().await;
}
