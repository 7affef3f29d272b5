//! Settings that are wrong: the program refuses to start, naming the setting and the fix.

use std::{
    io::Write,
    os::unix::fs::{OpenOptionsExt, PermissionsExt},
    path::Path,
};

use one_legal::{
    app::{jobs, start},
    platform::{
        Clock, Config, Error, Platform,
        config::{SettingError, Source},
    },
};

fn load(pairs: &[(&str, &str)]) -> Result<Config, SettingError> {
    Config::load(&Source::from_pairs(pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))))
}

/// Opens an installation over that folder, as `serve` does before it listens.
async fn open(folder: &Path, more: &[(&str, &str)]) -> Result<(), String> {
    let data_dir = folder.display().to_string();
    let mut pairs = vec![("DATA_DIR", data_dir.as_str())];
    pairs.extend_from_slice(more);
    let config = load(&pairs).map_err(|error| error.to_string())?;
    match start::open(config, Clock::system()).await {
        Ok(platform) => {
            platform.db.close().await;
            Ok(())
        }
        Err(error) => Err(error.to_string()),
    }
}

fn refusal(folder: &Path, words: &[&str], answer: Result<(), String>) {
    let error = answer.expect_err(&format!("refused for {words:?} in {}", folder.display()));
    for word in words {
        assert!(error.contains(word), "`{word}` is not in: {error}");
    }
    assert!(error.contains("fix: "), "{error}");
}

#[test]
fn a_wrong_value_names_the_setting_and_the_fix() {
    let wrong: &[(&str, &str)] = &[
        ("BIND", "8080"),
        ("BIND", "localhost:http"),
        ("PUBLIC_URL", "legal.example.com"),
        ("PUBLIC_URL", "ftp://legal.example.com"),
        ("PUBLIC_URL", "http://legal.example.com"),
        ("PUBLIC_URL", "http://10.0.0.5"),
        ("PUBLIC_URL", "http://0.0.0.0:8080"),
        ("DATABASE_URL", "mysql://root@localhost/legal"),
        ("DATABASE_URL", "one-legal.db"),
        ("DATABASE_CONNECTIONS", "many"),
        ("DATABASE_CONNECTIONS", "-1"),
        ("SESSION_KEY", "short"),
        ("SESSION_KEY", "1234567890123456789012345678901"),
        ("STORAGE_URL", "s3://bucket"),
        ("SMTP_URL", "mail.example.com:587"),
        ("SMTP_URL", "smtp://user:password@mail.example.com:587"),
        ("MAIL_EVENTS_KEY", "short"),
        ("DATABASE_CONNECTIONS", "0"),
        ("SENDS_PER_10S", "0"),
        ("STRIPE_TIMEOUT_MS", "1"),
        ("REMOTE_TIMEOUT_MS", "600000"),
        ("SES_FROM_ADDRESS", "nobody"),
        ("TRUSTED_PROXIES", "10.0.0.1, proxy.local"),
        ("TRUSTED_PROXIES", "10.0.0.0/8"),
        ("LEGAL_HOST", "https://legal.example.com"),
        ("PORTAL_HOST", "portal example com"),
        ("UPLOAD_LIMIT_MB", "0"),
        ("UPLOAD_LIMIT_MB", "5000"),
        ("UPLOAD_LIMIT_MB", "lots"),
        ("BULK_READ_LIMIT", "0"),
        ("AUDIT_ANCHOR", "./data/audit.anchor"),
        ("API_RATE", "0"),
        ("HOOKS_HOSTS", "https://example.com"),
        ("HOOKS_HOSTS", "127.0.0.1"),
        ("HOOKS_TO_LOOPBACK", "yes"),
        ("PORTAL_INTEGRATION_KEY", "short"),
        ("CRM_INTEGRATION_KEY", "short"),
        ("STRIPE_API_BASE", "http://stripe.example.com"),
        ("PSA_API_URL", "http://psa.example.com"),
        ("PSA_SERVICE_KEY", "short"),
        ("BOOKS_SERVICE_KEY", "thirty-two characters with blanks"),
        ("BOOKS_API_URL", "ftp://books.example.com"),
        ("MISSION_API_URL", "http://mission.example.com"),
        ("MISSION_SERVICE_KEY", "short"),
        ("MISSION_HOSTS", "portal.example.org,https://members.example.org"),
        ("REMOTE_TIMEOUT_MS", "soon"),
        ("LLM_API_URL", "http://models.example.com/v1"),
        ("LLM_API_URL", "api.example.com"),
        ("LLM_API_KEY", "\"quoted key\""),
        ("LLM_MODEL", "two words"),
        ("LLM_TIMEOUT_MS", "0"),
        ("LOG_FORMAT", "xml"),
    ];
    for (setting, value) in wrong {
        let error = load(&[(setting, value)]).expect_err(&format!("{setting}={value}"));
        assert_eq!(error.setting, *setting, "{setting}={value}: {error}");
        assert!(!error.fix.is_empty() && !error.problem.is_empty(), "{setting}={value}");
        assert!(error.to_string().contains("fix: "), "{error}");
    }
}

#[test]
fn right_values_are_taken_and_an_empty_one_is_as_good_as_none() {
    for pairs in [
        &[][..],
        &[("PUBLIC_URL", "https://legal.example.com")],
        &[("PUBLIC_URL", "http://localhost:8080")],
        &[("PUBLIC_URL", "http://[::1]:8080")],
        &[("SESSION_KEY", "12345678901234567890123456789012")],
        &[("SESSION_KEY", ""), ("SMTP_URL", ""), ("TRUSTED_PROXIES", "")],
        &[("TRUSTED_PROXIES", "10.0.0.1, ::1")],
        &[("DATABASE_URL", "postgres://one:two@db/legal")],
    ] {
        load(pairs).unwrap_or_else(|error| panic!("{pairs:?}: {error}"));
    }
}

#[test]
fn a_mail_leads_to_the_host_of_its_face() {
    let one = load(&[("PUBLIC_URL", "https://one.example.com:8443")]).expect("right");
    assert_eq!(one.link("/portal/documents"), "https://one.example.com:8443/portal/documents");
    assert_eq!(one.link("/invite/x"), "https://one.example.com:8443/invite/x");
    let two = load(&[
        ("PUBLIC_URL", "https://one.example.com"),
        ("LEGAL_HOST", "legal.example.com"),
        ("PORTAL_HOST", "portal.example.com"),
    ])
    .expect("right");
    assert_eq!(two.link("/portal/documents"), "https://portal.example.com/portal/documents");
    assert_eq!(two.link("/invite/x"), "https://legal.example.com/invite/x");
}

#[test]
fn a_secret_setting_is_never_printed() {
    let config = load(&[
        ("SESSION_KEY", "canary-12345678901234567890123456789012"),
        ("SMTP_URL", "smtps://user:canary@mail.example.com"),
        ("SES_FROM_ADDRESS", "legal@harbor.example"),
        ("DATABASE_URL", "postgres://one:canary@db/legal"),
    ]);
    let printed = format!("{:?}", config.expect("right settings"));
    assert!(!printed.contains("canary"), "{printed}");
    let wrong = load(&[("SMTP_URL", "user:canary@mail")]).expect_err("wrong").to_string();
    assert!(!wrong.contains("canary"), "{wrong}");
    let wrong = load(&[("DATABASE_URL", "mysql://one:canary@db")]).expect_err("wrong").to_string();
    assert!(!wrong.contains("canary"), "{wrong}");
}

#[test]
fn an_unknown_setting_in_the_file_is_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("one-legal.toml");
    std::fs::write(&path, "bind = \"127.0.0.1:9\"\nupload_limit_mb = 7\n").expect("written");
    let config = Config::load(&Source::read(Some(&path), []).expect("read")).expect("right");
    assert_eq!(config.upload_limit, 7 * 1024 * 1024);
    std::fs::write(&path, "publik_url = \"https://legal.example.com\"\n").expect("written");
    let error = Source::read(Some(&path), []).expect_err("refused");
    assert!(error.problem.contains("publik_url") && error.setting.contains("one-legal.toml"), "{error}");
    std::fs::write(&path, "bind = \n").expect("written");
    Source::read(Some(&path), []).expect_err("no TOML");
    Source::read(Some(&folder.path().join("missing.toml")), []).expect_err("no file");
}

#[test]
fn a_flag_wins_over_the_file() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("one-legal.toml");
    std::fs::write(&path, "bind = \"127.0.0.1:9\"\n").expect("written");
    let flags = [("BIND".to_owned(), "127.0.0.1:10".to_owned())];
    assert_eq!(Config::load(&Source::read(Some(&path), flags).expect("read")).expect("right").bind.port(), 10);
}

#[actix_web::test]
async fn a_fresh_folder_gets_a_private_keyring_and_a_private_database() {
    let folder = tempfile::tempdir().expect("a folder");
    open(folder.path(), &[]).await.expect("it opens");
    for name in ["keyring.toml", "one-legal.db"] {
        let mode = std::fs::metadata(folder.path().join(name)).expect(name).permissions().mode() & 0o777;
        assert_eq!(mode, 0o600, "{name} is mode {mode:o}");
    }
    open(folder.path(), &[]).await.expect("it opens again");
}

#[actix_web::test]
async fn a_keyring_others_can_read_is_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    open(folder.path(), &[]).await.expect("it opens");
    let keyring = folder.path().join("keyring.toml");
    for mode in [0o644, 0o640, 0o604, 0o620] {
        std::fs::set_permissions(&keyring, std::fs::Permissions::from_mode(mode)).expect("set");
        refusal(folder.path(), &["KEYRING_FILE", "can be read by others", "chmod 600"], open(folder.path(), &[]).await);
    }
    std::fs::set_permissions(&keyring, std::fs::Permissions::from_mode(0o400)).expect("set");
    open(folder.path(), &[]).await.expect("tighter is fine");
}

#[actix_web::test]
async fn a_missing_keyring_beside_data_is_not_replaced() {
    let folder = tempfile::tempdir().expect("a folder");
    open(folder.path(), &[]).await.expect("it opens");
    let keyring = folder.path().join("keyring.toml");
    std::fs::remove_file(&keyring).expect("gone");
    refusal(folder.path(), &["KEYRING_FILE", "missing", "backup"], open(folder.path(), &[]).await);
    assert!(!keyring.exists(), "no new key was made");
}

#[actix_web::test]
async fn a_weak_or_broken_keyring_is_refused() {
    use base64::{Engine, engine::general_purpose::STANDARD};
    let broken = [
        (format!("id = \"local-1\"\nmaster = \"{}\"\n", STANDARD.encode([0_u8; 32])), "not random"),
        (format!("id = \"local-1\"\nmaster = \"{}\"\n", STANDARD.encode([7_u8; 32])), "not random"),
        (format!("id = \"local-1\"\nmaster = \"{}\"\n", STANDARD.encode([1_u8, 2, 3])), "not 32 bytes"),
        ("id = \"local-1\"\nmaster = \"\"\n".to_owned(), "not 32 bytes"),
        ("id = \"local-1\"\n".to_owned(), "master"),
        (String::new(), "id"),
        ("id = \"a\"\nmaster = \"b\"\nextra = 1\n".to_owned(), "extra"),
    ];
    for (text, words) in broken {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("keyring.toml");
        let mut file = std::fs::OpenOptions::new().create_new(true).write(true).mode(0o600).open(&path).expect("a file");
        file.write_all(text.as_bytes()).expect("written");
        refusal(folder.path(), &["KEYRING_FILE", words], open(folder.path(), &[]).await);
    }
}

#[actix_web::test]
async fn a_schema_of_a_newer_program_is_left_alone() {
    use sea_orm::ConnectionTrait;
    let folder = tempfile::tempdir().expect("a folder");
    open(folder.path(), &[]).await.expect("it opens");
    let data_dir = folder.path().display().to_string();
    let config = load(&[("DATA_DIR", &data_dir)]).expect("right");
    let platform = Platform::open(config, Clock::system(), jobs::table(), jobs::LISTENERS).await.expect("opens");
    let newer = "INSERT INTO seaql_migrations (version, applied_at) VALUES ('billing_099_from_the_future', 1)";
    platform.db.whole().execute_unprepared(newer).await.expect("planted");
    platform.db.close().await;
    refusal(folder.path(), &["DATABASE_URL", "newer program", "billing_099_from_the_future"], open(folder.path(), &[]).await);
}

#[actix_web::test]
async fn an_address_in_use_names_bind() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let folder = tempfile::tempdir().expect("a folder");
    let bind = taken.local_addr().expect("an address").to_string();
    let data_dir = folder.path().display().to_string();
    let config = load(&[("DATA_DIR", &data_dir), ("BIND", &bind)]).expect("right");
    let platform = start::open(config, Clock::system()).await.expect("opens");
    let error: Error = start::serve(platform).await.expect_err("taken");
    let words = error.to_string();
    assert!(words.contains("BIND") && words.contains("fix: "), "{words}");
}
