//! The ways in of clients: from the mail to the first signature, and links of the Hub signed by PyJWT, each with its page.

use std::{
    io::Write,
    path::Path,
    process::{Command, Stdio},
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

use serde_json::{Value, json};

use crate::{
    chrome::Chrome,
    person::Person,
    product::{Product, mails},
};

const SECRET: &str = "the-hub-and-the-portal-share-this-one";

fn row(product: &Product, name: &str) -> Value {
    let people = product.people();
    let all = people["people"].as_array().expect("people");
    all.iter().find(|person| person["name"].as_str().is_some_and(|full| full.starts_with(name))).expect("of the cast").clone()
}

async fn firm(product: &Product, chrome: &Chrome, name: &str) -> Person {
    let (row, person) = (row(product, name), Person::new(name, chrome.browser().await, &product.url));
    let word = |field: &str| row[field].as_str().unwrap_or_default();
    let (_, code) = product.run(&["demo", "--totp", word("email")]);
    person.signs_in(word("email"), word("password"), code.trim()).await;
    person.is_at("/legal/dashboard").await;
    person
}

/// A contact of Acme, invited, and asked for a signature on the demo's open agreement's kind.
async fn invites(product: &Product, mira: &Person, name: &str, email: &str) {
    let acme = row(product, "Cleo")["company_id"].as_str().expect("a company").to_owned();
    mira.open(&format!("/admin/clients/{acme}")).await;
    mira.fill("name", name).await;
    mira.fill("email", email).await;
    mira.fill("title", "Bookkeeper").await;
    mira.fill("access", "own").await;
    mira.press_css("form[action$='/contacts'] button[type=submit]").await;
    mira.sees(email).await;
}

/// Mira drafts, Ada approves, Mira sends: an agreement for this contact alone.
async fn is_asked_to_sign(mira: &Person, ada: &Person, name: &str) -> String {
    mira.open("/legal/policies/new").await;
    mira.fill("company", "Acme Dental").await;
    mira.fill("template", "Master Services Agreement").await;
    mira.press("Next: details").await;
    mira.sees("Preview").await;
    let policy = mira.path().await.split('/').nth(3).expect("/legal/policies/ID/wizard/2").to_owned();
    mira.fills_what_is_missing().await;
    mira.press("Next: acknowledgement").await;
    mira.is_at(&format!("/legal/policies/{policy}/wizard/3")).await;
    mira.tick("input[name=acknowledgement][value=required]").await;
    mira.tick("input[name=signers][value=specific]").await;
    mira.chooses_contact(name).await;
    mira.press("Next: review").await;
    mira.press("Send to the attorney").await;
    mira.sees("Attorney review").await;
    ada.open(&format!("/legal/policies/{policy}")).await;
    ada.press("Approve").await;
    ada.sees("approved").await;
    mira.open(&format!("/legal/policies/{policy}")).await;
    mira.press("Send to the client").await;
    mira.press_css("details[open] .confirm-panel button[type=submit]").await;
    mira.sees("With the client").await;
    policy
}

async fn link_in_mail(product: &Product, to: &str, part: &str) -> String {
    let deadline = Instant::now() + Duration::from_secs(20);
    loop {
        let link = mails(&product.data().join("outbox")).into_iter().rev().filter(|mail| mail.contains(to)).find_map(|mail| {
            let start = mail.find(&format!("{}{part}", product.url))?;
            mail[start..]
                .split([' ', '\r', '\n', '"', '<', '>'])
                .next()
                .map(|link| link.replace("&amp;", "&").replace("&#38;", "&"))
        });
        if let Some(link) = link {
            return link;
        }
        assert!(Instant::now() < deadline, "no mail to {to} with {part}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// Counts what a person has to do.
#[derive(Default)]
struct Effort {
    clicks: u32,
    fields: u32,
}

#[tokio::test(flavor = "multi_thread")]
async fn from_the_mail_to_the_first_signature_within_a_minute_and_few_clicks() {
    let product = Product::start("demo").await;
    let chrome = Chrome::start().await;
    let (mira, ada) = (firm(&product, &chrome, "Mira").await, firm(&product, &chrome, "Ada").await);
    invites(&product, &mira, "Hugo Lind", "hugo@acmedental.example").await;
    let policy = is_asked_to_sign(&mira, &ada, "Hugo Lind").await;
    let link = link_in_mail(&product, "hugo@acmedental.example", "/portal/register?invite").await;
    let hugo = Person::new("Hugo Lind", chrome.browser().await, &product.url);
    let mut effort = Effort::default();
    let started = Instant::now();
    // The mail's button is the first click.
    hugo.open(&link).await;
    effort.clicks += 1;
    hugo.fill("password", "quiet harbour lanterns at dawn").await;
    effort.fields += 1;
    hugo.press("Accept and sign in").await;
    effort.clicks += 1;
    hugo.until("a page behind the door", || async { !hugo.path().await.starts_with("/portal/register") }).await;
    if !hugo.path().await.contains("/sign") {
        hugo.press_css("main a[href*='/portal/documents'], main .todo-list a, main .todo-list button").await;
        effort.clicks += 1;
        if !hugo.path().await.contains(&policy) {
            hugo.press("Review & Sign").await;
            effort.clicks += 1;
        }
    }
    hugo.is_at(&format!("/portal/documents/{policy}/sign")).await;
    hugo.reads_to_the_end().await;
    hugo.press("Continue").await;
    effort.clicks += 1;
    hugo.fill("typed_name", "Hugo Lind").await;
    hugo.fill("title", "Bookkeeper").await;
    effort.fields += 2;
    hugo.tick("[name=consent]").await;
    effort.clicks += 1;
    hugo.press("Sign Document").await;
    effort.clicks += 1;
    hugo.sees("You have signed this document").await;
    let took = started.elapsed();
    println!(
        "from the mail to the first signature: {} clicks, {} fields, {:.1} s",
        effort.clicks,
        effort.fields,
        took.as_secs_f64()
    );
    assert!(effort.clicks <= 8 && effort.fields <= 3 && took < Duration::from_secs(60), "{took:?}");
    for person in [mira, ada, hugo] {
        person.leaves().await;
    }
}

/// One token a case, signed by PyJWT.
fn signed(cases: &[(Value, &str)]) -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/python");
    let library = Path::new(env!("CARGO_TARGET_TMPDIR")).join("python");
    if !library.join("jwt").is_dir() {
        let arguments = ["-m", "pip", "install", "--quiet", "-r", "requirements.txt", "--target"];
        let installed = Command::new("python3").args(arguments).arg(&library).current_dir(&folder).output();
        let installed = installed.expect("python3 is needed: ./check installs it");
        assert!(installed.status.success(), "pip install: {}", String::from_utf8_lossy(&installed.stderr));
    }
    let mut python = Command::new("python3")
        .arg("tickets.py")
        .current_dir(folder)
        .env("PYTHONPATH", library)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("python3");
    let lines: String =
        cases.iter().map(|(claims, secret)| format!("{}\n", json!({ "claims": claims, "secret": secret }))).collect();
    python.stdin.take().expect("its input").write_all(lines.as_bytes()).expect("written");
    let output = python.wait_with_output().expect("it ends");
    String::from_utf8_lossy(&output.stdout).lines().map(str::to_owned).collect()
}

fn ticket(product: &Product, email: &str, jti: &str, age: i64) -> Value {
    let cleo = row(product, "Cleo");
    let iat = SystemTime::now().duration_since(UNIX_EPOCH).expect("after 1970").as_secs() as i64 - age;
    json!({
        "sub": format!("hub-{email}"), "email": email, "name": "Hugo Lind", "tenant_id": cleo["tenant_id"], "tenant_slug": "harbor",
        "client_id": cleo["company_id"], "access_level": "own", "psa_contact_id": format!("psa-{email}"), "org_type": "msp",
        "context": "client_portal", "iat": iat, "exp": iat + 70, "jti": jti,
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn each_link_of_the_hub_opens_or_says_why_not_and_the_invited_find_what_was_issued_to_them() {
    let product = Product::start_with("demo", |_| vec![("PORTAL_CLIENT_SSO_SECRET".to_owned(), SECRET.to_owned())]).await;
    let chrome = Chrome::start().await;
    let (mira, ada) = (firm(&product, &chrome, "Mira").await, firm(&product, &chrome, "Ada").await);
    let email = "hugo@acmedental.example";
    invites(&product, &mira, "Hugo Lind", email).await;
    let policy = is_asked_to_sign(&mira, &ada, "Hugo Lind").await;
    let mut other = ticket(&product, email, "j-context", 0);
    other["context"] = json!("crm");
    let tokens = signed(&[
        (ticket(&product, email, "j-old", 71), SECRET),
        (ticket(&product, email, "j-forged", 0), "another-secret-of-thirty-two-letters"),
        (other, SECRET),
        (ticket(&product, email, "j-good", 0), SECRET),
    ]);
    let address = |token: &str| format!("/api/auth/client-hub-sso?token={token}");
    let hugo = Person::new("Hugo", chrome.browser().await, &product.url);
    for (token, title) in tokens.iter().zip(["This link is too old", "This link cannot be trusted", "This link is not for here"]) {
        hugo.open(&address(token)).await;
        hugo.sees(title).await;
        hugo.sees("Go to sign-in").await;
    }
    // A scanner of the mail opens it first, twice; that uses nothing up.
    let good = &tokens[3];
    let scanner = reqwest::Client::builder().no_proxy().build().expect("a client");
    for _ in 0..2 {
        assert_eq!(scanner.get(format!("{}{}", product.url, address(good))).send().await.expect("an answer").status(), 200);
    }
    hugo.open(&address(good)).await;
    hugo.sees("The Hub says that you are").await;
    hugo.press("Continue").await;
    hugo.is_at("/portal/").await;
    // Invited by mail, let in by the Hub, and one person: what was issued before is theirs.
    hugo.open("/portal/documents").await;
    hugo.sees("Master Services Agreement").await;
    hugo.open(&format!("/portal/documents/{policy}/sign")).await;
    hugo.sees("Definitions").await;
    let again = Person::new("Somebody else", chrome.browser().await, &product.url);
    again.open(&address(good)).await;
    again.sees("This link has been used").await;
    for person in [mira, ada, hugo, again] {
        person.leaves().await;
    }
    // Without the secret nobody's link is believed, and the page says what is missing.
    let bare = Product::start("serve").await;
    let person = Person::new("Hugo", chrome.browser().await, &bare.url);
    person.open(&address(good)).await;
    person.sees("Client SSO not configured").await;
    person.leaves().await;
}
