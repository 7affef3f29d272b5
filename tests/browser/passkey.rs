//! Passkeys with Chromium's own virtual authenticator: added, used at both doors and for a fresh proof, and stopped once copied.

use serde_json::{Value, json};

use crate::{
    chrome::Chrome,
    person::Person,
    product::{Product, mails},
};

/// A device with a fingerprint reader that always says yes.
async fn device(chrome: &Chrome, person: &Person) -> String {
    chrome.tool(&person.driver, "WebAuthn.enable", json!({})).await;
    let options = json!({ "options": {
        "protocol": "ctap2", "transport": "internal", "hasResidentKey": true, "hasUserVerification": true,
        "isUserVerified": true, "automaticPresenceSimulation": true,
    } });
    let made = chrome.tool(&person.driver, "WebAuthn.addVirtualAuthenticator", options).await;
    made["authenticatorId"].as_str().expect("a device").to_owned()
}

async fn credentials(chrome: &Chrome, person: &Person, device: &str) -> Vec<Value> {
    let kept = chrome.tool(&person.driver, "WebAuthn.getCredentials", json!({ "authenticatorId": device })).await;
    kept["credentials"].as_array().expect("a list").clone()
}

/// Whether somebody touches the device whenever it asks.
async fn somebody_is_at_it(chrome: &Chrome, person: &Person, device: &str, there: bool) {
    let set = json!({ "authenticatorId": device, "enabled": there });
    chrome.tool(&person.driver, "WebAuthn.setAutomaticPresenceSimulation", set).await;
}

/// The page has its question for the device.
async fn is_asked(person: &Person) -> bool {
    let script = "return performance.getEntriesByType('resource').some(e=>e.name.endsWith('/passkey/ask')&&e.responseEnd>0);";
    person.driver.execute(script, vec![]).await.is_ok_and(|answer| answer.json().as_bool() == Some(true))
}

async fn adds_a_passkey(person: &Person, profile: &str, name: &str) {
    person.open(profile).await;
    person.press("Add a passkey").await;
    person.sees("unlocks it by fingerprint").await;
    person.fill("name", name).await;
    person.press_css("form[data-passkey-new] [type=submit]:enabled").await;
    person.sees("The passkey is added").await;
    person.sees(name).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_passkey_opens_the_portal_stands_in_for_a_code_proves_afresh_and_is_stopped_once_copied() {
    let product = Product::start_with("demo", |url| vec![("PUBLIC_URL".to_owned(), url.replace("127.0.0.1", "localhost"))]).await;
    let url = product.url.replace("127.0.0.1", "localhost");
    let chrome = Chrome::start().await;
    let people = product.people();
    let of = |name: &str| {
        let all = people["people"].as_array().expect("people");
        all.iter().find(|person| person["name"].as_str().is_some_and(|full| full.starts_with(name))).expect("of the cast").clone()
    };
    let word = |person: &Value, field: &str| person[field].as_str().unwrap_or_default().to_owned();

    // Cleo adds one, is told, and from then on types nothing.
    let cleo_row = of("Cleo");
    let cleo = Person::new("Cleo", chrome.browser().await, &url);
    let phone = device(&chrome, &cleo).await;
    cleo.signs_in_at_the_portal("harbor", &word(&cleo_row, "email"), &word(&cleo_row, "password")).await;
    cleo.is_at("/portal/dashboard").await;
    adds_a_passkey(&cleo, "/portal/profile", "Cleo's phone").await;
    cleo.sees("localhost").await;
    cleo.until("a mail", || async {
        mails(&product.data().join("outbox")).iter().any(|mail| mail.contains("A passkey was added"))
    })
    .await;
    // The browser offers it at the door, and the device says yes by itself.
    cleo.driver.delete_all_cookies().await.expect("signed out");
    cleo.open("/portal/login?tenant=harbor").await;
    cleo.is_at("/portal/dashboard").await;
    // A passkey of Harbor's opens nothing at Pine's door, where the browser offers it no second time.
    cleo.driver.delete_all_cookies().await.expect("signed out");
    cleo.open("/portal/login?tenant=pine").await;
    cleo.sees("This passkey opens nothing here").await;
    cleo.is_at("/portal/login?tenant=pine&way=again").await;
    // By the button, where nothing is offered; and pressed while the offer waits, which it ends.
    cleo.open("/portal/login?tenant=harbor&way=again").await;
    cleo.press("Use a passkey").await;
    cleo.is_at("/portal/dashboard").await;
    cleo.driver.delete_all_cookies().await.expect("signed out");
    somebody_is_at_it(&chrome, &cleo, &phone, false).await;
    cleo.open("/portal/login?tenant=harbor").await;
    cleo.until("the offer", || is_asked(&cleo)).await;
    somebody_is_at_it(&chrome, &cleo, &phone, true).await;
    cleo.press("Use a passkey").await;
    cleo.is_at("/portal/dashboard").await;

    // A fresh proof: the page that asks has the same form.
    cleo.open("/portal/profile").await;
    let ask = "const f=document.createElement('form');f.method='post';f.action='/portal/prove/passkey';f.dataset.passkey='/portal/prove/passkey/ask';\
        for(const n of ['ceremony','credential','next']){const i=document.createElement('input');i.type='hidden';i.name=n;f.append(i);}\
        f.elements.next.value='/portal/profile';document.body.append(f);\
        const done=arguments[0];import('/static/entrance/passkey.js?again').then(()=>{done(1);f.requestSubmit();});";
    cleo.driver.execute_async(ask, vec![]).await.expect("asked");
    cleo.sees("Thank you. Now press the button again.").await;

    // Its counter went back: it may have been copied, and is stopped.
    let mut kept = credentials(&chrome, &cleo, &phone).await;
    assert_eq!(kept.len(), 1, "{kept:?}");
    assert!(kept[0]["signCount"].as_u64().is_some_and(|count| count >= 3), "{kept:?}");
    kept[0]["signCount"] = json!(1);
    let gone = json!({ "authenticatorId": phone, "credentialId": kept[0]["credentialId"] });
    chrome.tool(&cleo.driver, "WebAuthn.removeCredential", gone).await;
    chrome.tool(&cleo.driver, "WebAuthn.addCredential", json!({ "authenticatorId": phone, "credential": kept[0] })).await;
    cleo.driver.delete_all_cookies().await.expect("signed out");
    cleo.open("/portal/login?tenant=harbor&way=again").await;
    cleo.press("Use a passkey").await;
    cleo.sees("may have been copied").await;
    // Nobody touches it while she types.
    somebody_is_at_it(&chrome, &cleo, &phone, false).await;
    cleo.signs_in_at_the_portal("harbor", &word(&cleo_row, "email"), &word(&cleo_row, "password")).await;
    cleo.is_at("/portal/dashboard").await;
    cleo.open("/portal/profile").await;
    cleo.sees("may have been copied").await;
    cleo.press("Remove").await;
    cleo.press_css("form[action$='/remove'] button[type=submit]").await;
    cleo.sees("opens nothing here any more").await;
    cleo.leaves().await;

    // Ada: the password first, always; then the passkey instead of the code.
    let ada_row = of("Ada");
    let ada = Person::new("Ada", chrome.browser().await, &url);
    device(&chrome, &ada).await;
    let (_, code) = product.run(&["demo", "--totp", &word(&ada_row, "email")]);
    ada.signs_in(&word(&ada_row, "email"), &word(&ada_row, "password"), code.trim()).await;
    ada.is_at("/legal/dashboard").await;
    adds_a_passkey(&ada, "/legal/profile", "Ada's key").await;
    ada.driver.delete_all_cookies().await.expect("signed out");
    ada.open("/login").await;
    ada.sees_not("Use a passkey").await;
    ada.gives_password(&word(&ada_row, "email"), &word(&ada_row, "password")).await;
    ada.press("Use a passkey").await;
    ada.is_at("/legal/dashboard").await;
    ada.leaves().await;
}
