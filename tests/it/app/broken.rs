//! Settings broken one at a time, more than forty: `serve` refuses those that would lose or leak, `doctor` and Health name the others; each
//! with the setting and the fix.

use std::{
    os::unix::fs::PermissionsExt,
    path::Path,
    process::{Command, Output},
};

use one_legal::platform::config::SETTINGS;

use crate::support::Installation;

const KEY: &str = "a-key-that-both-sides-hold-0123456789";

/// The program with these settings and no others, over that folder.
fn run(folder: &Path, command: &[&str], settings: &[(&str, &str)]) -> Output {
    let mut program = Command::new(env!("CARGO_BIN_EXE_one-legal"));
    for name in SETTINGS {
        program.env_remove(name);
    }
    program.args(command).env("DATA_DIR", folder).env("BIND", "127.0.0.1:1").env("RUST_LOG", "error");
    program.envs(settings.iter().copied()).output().expect("the program runs")
}

fn words(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

/// What would lose or leak: the setting that is named, and how it is broken.
const REFUSED: &[(&str, Settings)] = &[
    ("BIND", &[("BIND", "8080")]),
    ("PUBLIC_URL", &[("PUBLIC_URL", "legal.example.com")]),
    ("PUBLIC_URL", &[("PUBLIC_URL", "http://legal.example.com")]),
    ("DATABASE_URL", &[("DATABASE_URL", "mysql://root@localhost/legal")]),
    ("DATABASE_CONNECTIONS", &[("DATABASE_CONNECTIONS", "0")]),
    ("SESSION_KEY", &[("SESSION_KEY", "short")]),
    ("STORAGE_URL", &[("STORAGE_URL", "ftp://somewhere/else")]),
    ("SMTP_URL", &[("SMTP_URL", "mail.example.com:587")]),
    ("SMTP_URL", &[("SMTP_URL", "smtp://user:canary@mail.example.com"), ("SES_FROM_ADDRESS", "legal@example.com")]),
    ("SES_FROM_ADDRESS", &[("SMTP_URL", "smtps://user:canary@mail.example.com")]),
    ("SES_FROM_ADDRESS", &[("SES_FROM_ADDRESS", "nobody")]),
    ("MAIL_EVENTS_KEY", &[("MAIL_EVENTS_KEY", "short")]),
    ("TRUSTED_PROXIES", &[("TRUSTED_PROXIES", "proxy.local")]),
    ("LEGAL_HOST", &[("LEGAL_HOST", "https://legal.example.com")]),
    ("PORTAL_HOST", &[("PORTAL_HOST", "portal example com")]),
    ("DNS_RESOLVER", &[("DNS_RESOLVER", "dns.example.com")]),
    ("UPLOAD_LIMIT_MB", &[("UPLOAD_LIMIT_MB", "0")]),
    ("SENDS_PER_10S", &[("SENDS_PER_10S", "0")]),
    ("LOGIN_RATE", &[("LOGIN_RATE", "0")]),
    ("BULK_READ_LIMIT", &[("BULK_READ_LIMIT", "0")]),
    ("AUDIT_ANCHOR", &[("DATA_DIR", "./data"), ("AUDIT_ANCHOR", "./data/audit.anchor")]),
    ("STRIPE_SECRET_KEY", &[("STRIPE_SECRET_KEY", "pk_live_this_is_the_public_one")]),
    ("STRIPE_WEBHOOK_SECRET", &[("STRIPE_SECRET_KEY", "sk_test_1"), ("STRIPE_WEBHOOK_SECRET", "secret")]),
    ("STRIPE_API_BASE", &[("STRIPE_API_BASE", "http://stripe.example.com")]),
    ("STRIPE_TIMEOUT_MS", &[("STRIPE_TIMEOUT_MS", "0")]),
    ("PAYOUT_RETRY_DAYS", &[("PAYOUT_RETRY_DAYS", "soon")]),
    ("PAYOUT_APPROVAL_LIMIT", &[("PAYOUT_APPROVAL_LIMIT", "-1")]),
    ("PSA_API_URL", &[("PSA_API_URL", "http://psa.example.com")]),
    ("PSA_SERVICE_KEY", &[("PSA_SERVICE_KEY", "short")]),
    ("BOOKS_API_URL", &[("BOOKS_API_URL", "ftp://books.example.com")]),
    ("BOOKS_SERVICE_KEY", &[("BOOKS_SERVICE_KEY", "thirty-two characters with blanks")]),
    ("MISSION_API_URL", &[("MISSION_API_URL", "http://mission.example.com")]),
    ("MISSION_SERVICE_KEY", &[("MISSION_SERVICE_KEY", "short")]),
    ("MISSION_HOSTS", &[("MISSION_HOSTS", "https://portal.example.org")]),
    ("REMOTE_TIMEOUT_MS", &[("REMOTE_TIMEOUT_MS", "1")]),
    ("LLM_API_URL", &[("LLM_API_URL", "http://models.example.com/v1")]),
    ("LLM_API_URL", &[("LLM_API_URL", "https://user:canary@models.example.com/v1")]),
    ("LLM_API_KEY", &[("LLM_API_KEY", "canary with blanks")]),
    ("LLM_MODEL", &[("LLM_MODEL", "the best one")]),
    ("LLM_TIMEOUT_MS", &[("LLM_TIMEOUT_MS", "1")]),
    ("LOG_FORMAT", &[("LOG_FORMAT", "xml")]),
    ("API_RATE", &[("API_RATE", "0")]),
    ("HOOKS_HOSTS", &[("HOOKS_HOSTS", "10.0.0.1")]),
    ("HOOKS_TO_LOOPBACK", &[("HOOKS_TO_LOOPBACK", "maybe")]),
    ("CRM_INTEGRATION_KEY", &[("CRM_INTEGRATION_KEY", "short")]),
    ("PORTAL_INTEGRATION_KEY", &[("PORTAL_INTEGRATION_KEY", "short")]),
];

/// The four ways in which a folder is not as it was come on top.
const _: () = assert!(REFUSED.len() + NAMED.len() >= 46);

#[test]
fn what_would_lose_or_leak_is_refused_by_name_with_the_fix() {
    for (named, settings) in REFUSED {
        for command in [&["serve"][..], &["doctor"], &["doctor", "--json"]] {
            let folder = tempfile::tempdir().expect("a folder");
            let output = run(folder.path(), command, settings);
            let words = words(&output);
            assert!(!output.status.success(), "{command:?} goes on with {settings:?}: {words}");
            assert!(words.contains(named) && words.contains("fix: "), "{command:?} with {settings:?}: {words}");
            assert!(!words.contains("canary"), "a secret is printed: {words}");
        }
    }
}

#[test]
fn a_folder_that_is_not_as_it_was_is_refused_with_the_fix() {
    type Breaks = fn(&Path);
    let ways: &[(&str, Breaks)] = &[
        ("KEYRING_FILE", |folder| {
            let open = std::fs::Permissions::from_mode(0o644);
            std::fs::set_permissions(folder.join("keyring.toml"), open).expect("opened to all");
        }),
        ("KEYRING_FILE", |folder| std::fs::remove_file(folder.join("keyring.toml")).expect("lost")),
        ("KEYRING_FILE", |folder| std::fs::write(folder.join("keyring.toml"), "id = \"local-1\"\n").expect("cut off")),
        ("DATABASE_URL", |folder| std::fs::write(folder.join("one-legal.db"), "no database").expect("overwritten")),
    ];
    let prepared = tempfile::tempdir().expect("a folder");
    assert!(run(prepared.path(), &["migrate", "up"], &[]).status.success());
    for (named, breaks) in ways {
        let folder = tempfile::tempdir().expect("a folder");
        for name in ["keyring.toml", "one-legal.db"] {
            std::fs::copy(prepared.path().join(name), folder.path().join(name)).expect("a copy");
        }
        breaks(folder.path());
        for command in ["serve", "doctor"] {
            let output = run(folder.path(), &[command], &[]);
            let words = words(&output);
            assert!(!output.status.success(), "{command} goes on: {words}");
            assert!(words.contains(named) && words.contains("fix: "), "{command}: {words}");
        }
    }
}

type Settings = &'static [(&'static str, &'static str)];

/// What runs, with somebody worse off: settings, the check, its state, words of it.
const NAMED: &[(Settings, &str, &str, &str)] = &[
    (&[], "mail", "warning", "No SMTP_URL"),
    (&[], "anchor", "warning", "No AUDIT_ANCHOR"),
    (&[], "public_url", "warning", "plain http"),
    (&[], "stripe", "warning", "Payments are not set up"),
    (&[], "sso_secrets", "warning", "PORTAL_CLIENT_SSO_SECRET"),
    (&[], "books", "warning", "Books is not connected"),
    (&[], "push", "warning", "PORTAL_INTEGRATION_KEY is not set"),
    (&[("PORTAL_CLIENT_SSO_SECRET", "too short")], "sso_secrets", "failing", "PORTAL_CLIENT_SSO_SECRET"),
    (&[("PORTAL_SSO_SECRET", "too short")], "sso_secrets", "failing", "PORTAL_SSO_SECRET"),
    (&[("PORTAL_SSO_SECRET", KEY), ("PORTAL_CLIENT_SSO_SECRET", KEY)], "sso_secrets", "failing", "the same secret"),
    (&[("PSA_API_URL", "http://127.0.0.1:9")], "psa", "failing", "PSA_SERVICE_KEY is not set"),
    (&[("PSA_SERVICE_KEY", KEY)], "psa", "failing", "PSA_API_URL is not set"),
    (&[("BOOKS_API_URL", "http://127.0.0.1:9")], "books", "failing", "BOOKS_SERVICE_KEY is not set"),
    (&[("BOOKS_SERVICE_KEY", KEY)], "books", "failing", "BOOKS_API_URL is not set"),
    (&[("MISSION_API_URL", "http://127.0.0.1:9")], "mission", "failing", "MISSION_SERVICE_KEY is not set"),
    (&[("MISSION_SERVICE_KEY", KEY)], "mission", "failing", "MISSION_API_URL is not set"),
    (&[], "crm", "warning", "CRM is not connected"),
    (&[("CRM_API_URL", "http://127.0.0.1:9")], "crm", "failing", "CRM_INTEGRATION_KEY is not set"),
    (&[("CRM_INTEGRATION_KEY", KEY)], "crm", "failing", "CRM_API_URL is not set"),
    (&[("LLM_API_URL", "http://127.0.0.1:9/v1")], "model", "failing", "LLM_API_KEY is not set"),
    (&[("LLM_API_URL", "http://127.0.0.1:9/v1"), ("LLM_API_KEY", "word")], "model", "failing", "LLM_MODEL is not set"),
    (&[("LLM_MODEL", "standin-1")], "model", "failing", "LLM_API_URL is not set"),
    (
        &[("LLM_API_URL", "http://127.0.0.1:9/v1"), ("LLM_API_KEY", "word"), ("LLM_MODEL", "standin-1")],
        "model",
        "warning",
        "not asked yet",
    ),
    (&[("BULK_READ_LIMIT", "5000")], "bulk_reads", "warning", "5000 documents"),
    (
        &[
            ("STRIPE_SECRET_KEY", "sk_test_1"),
            ("STRIPE_WEBHOOK_SECRET", "whsec_0123456789"),
            ("STRIPE_API_BASE", "http://127.0.0.1:9"),
        ],
        "stripe",
        "failing",
        "Stripe does not take our calls",
    ),
    (&[("SMTP_URL", "smtp://127.0.0.1:9"), ("SES_FROM_ADDRESS", "legal@example.com")], "mail_events", "warning", "MAIL_EVENTS_KEY"),
];

#[actix_web::test]
async fn what_leaves_somebody_worse_off_is_named_by_doctor_and_health_with_the_fix() {
    let folder = tempfile::tempdir().expect("a folder");
    assert!(run(folder.path(), &["migrate", "up"], &[]).status.success());
    for (settings, check, state, words) in NAMED {
        let output = run(folder.path(), &["doctor", "--json"], settings);
        let found: serde_json::Value =
            serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{}", self::words(&output)));
        let finding = found.as_array().expect("findings").iter().find(|one| one["check"] == *check);
        let finding = finding.unwrap_or_else(|| panic!("doctor says nothing of {check} with {settings:?}"));
        assert_eq!(finding["state"], *state, "{settings:?}: {finding}");
        assert!(finding["what"].as_str().expect("words").contains(words), "{settings:?}: {finding}");
        assert!(finding["fix"].as_str().expect("a fix").len() > 10 && !finding["hits"].as_str().expect("whom").is_empty());
        assert_eq!(
            output.status.code(),
            Some(i32::from(found.as_array().expect("findings").iter().any(|one| one["state"] == "failing")))
        );
        let one = Installation::with(settings).await;
        one.browser("olga").await.get("/operator/health").await.expect(200).shows(words);
    }
}
