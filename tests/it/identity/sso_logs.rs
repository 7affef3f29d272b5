//! S28: a link of the Hub holds a secret for a minute; it is in no log and in no table, however much is logged.

use std::{
    net::TcpListener,
    path::Path,
    process::{Child, Command, Stdio},
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

use entity::identity::SsoFace;
use one_legal::identity::ticket::{self, Ticket};
use serde_json::Value;

const SECRET: &str = "the-hub-and-the-portal-share-this-one";

/// The real program over a fresh demo, logging all it can.
struct Loud {
    child: Child,
    url: String,
    folder: tempfile::TempDir,
}

impl Loud {
    async fn start(format: &str) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let address = TcpListener::bind("127.0.0.1:0").and_then(|probe| probe.local_addr()).expect("a free port");
        let log = |name: &str| std::fs::File::create(folder.path().join(name)).expect("a log");
        let child = Command::new(env!("CARGO_BIN_EXE_one-legal"))
            .arg("demo")
            .env("BIND", address.to_string())
            .env("DATA_DIR", folder.path().join("data"))
            .envs([("PORTAL_CLIENT_SSO_SECRET", SECRET), ("PORTAL_SSO_SECRET", SECRET)])
            .envs([("RUST_LOG", "trace"), ("LOG_FORMAT", format)])
            .stdout(Stdio::from(log("stdout")))
            .stderr(Stdio::from(log("stderr")))
            .spawn()
            .expect("the program starts");
        let one = Self { child, url: format!("http://{address}"), folder };
        let began = Instant::now();
        while !reqwest::get(format!("{}/readyz", one.url)).await.is_ok_and(|answer| answer.status() == 200) {
            assert!(began.elapsed() < Duration::from_secs(180), "the server is ready within three minutes");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        one
    }

    fn person(&self, name: &str) -> Value {
        let text = std::fs::read_to_string(self.folder.path().join("data/demo/people.json")).expect("people.json");
        let people: Value = serde_json::from_str(&text).expect("JSON");
        let all = people["people"].as_array().expect("people");
        all.iter().find(|row| row["name"].as_str().is_some_and(|full| full.starts_with(name))).expect("of the cast").clone()
    }
}

impl Drop for Loud {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A link for this person of the cast.
fn token(person: &Value, face: SsoFace, secret: &str, jti: &str, age: i64) -> String {
    let word = |name: &str| person[name].as_str().unwrap_or_default().to_owned();
    let ticket = Ticket {
        face,
        sub: format!("hub-{}", word("email")),
        email: word("email"),
        name: word("name"),
        tenant_id: word("tenant_id"),
        tenant_slug: word("tenant"),
        company: word("company_id"),
        access_level: "company".to_owned(),
        psa_contact: String::new(),
        org_type: "msp".to_owned(),
        org_role: "owner".to_owned(),
        entitlements: Some(vec!["legal".to_owned()]),
        jti: jti.to_owned(),
    };
    let now = SystemTime::now().duration_since(UNIX_EPOCH).expect("after 1970").as_secs() as i64;
    ticket::sign(secret, &ticket, now - age).expect("signed")
}

/// Every file under a folder.
fn files(folder: &Path, found: &mut Vec<std::path::PathBuf>) {
    for path in std::fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path()) {
        if path.is_dir() { files(&path, found) } else { found.push(path) }
    }
}

fn holds(bytes: &[u8], word: &str) -> bool {
    memchr::memmem::find(bytes, word.as_bytes()).is_some()
}

#[actix_web::test]
async fn the_token_of_a_link_is_in_no_log_and_no_table_at_the_loudest_whatever_becomes_of_it() {
    for format in ["text", "json"] {
        let one = Loud::start(format).await;
        let client = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().expect("a client");
        let mut tokens = Vec::new();
        for (face, name, door, home) in [
            (SsoFace::Client, "Cleo", "/api/auth/client-hub-sso", "/portal/dashboard"),
            // The Hub vouches for who she is; the code of her app is asked for all the same.
            (SsoFace::Staff, "Mira", "/api/auth/hub-sso", "/login/totp"),
        ] {
            let person = one.person(name);
            let good = token(&person, face, SECRET, &format!("good-{name}"), 0);
            let old = token(&person, face, SECRET, &format!("old-{name}"), 71);
            let forged = token(&person, face, "another-secret-of-thirty-two-letters", &format!("forged-{name}"), 0);
            let address = |token: &str| format!("{}{door}?token={token}", one.url);
            let look =
                async |token: &str| client.get(address(token)).header("accept", "text/html").send().await.expect("an answer");
            let press = async |token: &str, by_address: bool| {
                let post = client.post(if by_address { address(token) } else { format!("{}{door}", one.url) });
                let post = post.header("accept", "text/html").header("sec-fetch-site", "same-origin");
                let fields: &[(&str, &str)] = if by_address { &[] } else { &[("token", token)] };
                post.form(fields).send().await.expect("an answer")
            };
            assert_eq!(look(&good).await.status(), 200);
            let entered = press(&good, false).await;
            assert_eq!(entered.status(), 303);
            let header = |name: &str| entered.headers()[name].to_str().expect("text").to_owned();
            assert_eq!(header("location"), home, "a clean address");
            assert_eq!((header("referrer-policy").as_str(), header("cache-control").as_str()), ("no-referrer", "no-store"));
            for (token, status) in [(&good, 410), (&old, 410), (&forged, 400)] {
                assert_eq!(look(token).await.status(), status);
                for by_address in [false, true] {
                    assert_eq!(press(token, by_address).await.status(), status);
                }
                let told = client.get(address(token)).header("accept", "application/json").send().await.expect("an answer");
                assert_eq!(told.status(), status);
                // What breaks before it is read: another site, a method that is not there, a body that is no form.
                let other = client.post(address(token)).header("origin", "https://evil.example").send().await.expect("an answer");
                assert_eq!(other.status(), 403);
                assert!(
                    client
                        .put(address(token))
                        .header("sec-fetch-site", "same-origin")
                        .send()
                        .await
                        .expect("an answer")
                        .status()
                        .is_client_error()
                );
            }
            tokens.extend([good, old, forged]);
        }
        let mut found = Vec::new();
        files(one.folder.path(), &mut found);
        let log = std::fs::read(one.folder.path().join("stderr")).expect("the log");
        assert!(holds(&log, "/api/auth/client-hub-sso") && holds(&log, "TRACE"), "it did log, and all it can");
        assert!(found.iter().any(|path| path.extension().is_some_and(|end| end == "db")), "{found:?}");
        for path in found {
            let bytes = std::fs::read(&path).expect("a file");
            for token in &tokens {
                // The header is the same in every ticket; what it says and its signature are not.
                for part in token.split('.').skip(1) {
                    assert!(!holds(&bytes, part), "{} holds {part}", path.display());
                }
            }
        }
    }
}
