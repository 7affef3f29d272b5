//! Session tokens lie in the database under a key that does not: `SESSION_KEY`, or one of the keyring.

use std::sync::Arc;

use entity::{Reach, identity::session};
use one_legal::{
    app::jobs,
    identity,
    platform::{Clock, Config, Platform, config::Source, secret},
};

use crate::support::Installation;

/// The same installation as a process with this `SESSION_KEY` sees it.
async fn started_with(one: &Installation, key: Option<&str>) -> Arc<Platform> {
    let config = &one.platform.config;
    let mut pairs = vec![
        ("DATA_DIR".to_owned(), one.data_dir.path().display().to_string()),
        ("DATABASE_URL".to_owned(), config.database_url.expose().to_owned()),
        ("DATABASE_CONNECTIONS".to_owned(), "2".to_owned()),
    ];
    pairs.extend(key.map(|key| ("SESSION_KEY".to_owned(), key.to_owned())));
    let config = Config::load(&Source::from_pairs(pairs)).expect("right settings");
    let clock = Clock::standing(one.platform.clock.now());
    Platform::open(config, clock, jobs::table(), jobs::LISTENERS).await.expect("opens")
}

async fn knows(platform: &Platform, token: &str) -> bool {
    let tx = platform.read(Reach::Everything("a test looks")).await.expect("a view");
    identity::signed_in(platform, &tx, token).await.expect("read").is_some()
}

#[actix_web::test]
async fn a_new_session_key_ends_every_session_and_the_old_one_brings_them_back() {
    const KEY: &str = "0123456789abcdef0123456789abcdef";
    let one = Installation::with(&[("SESSION_KEY", KEY)]).await;
    let token = one.browser("mira").await.cookie("session").expect("a cookie").to_owned();
    assert!(knows(&one.platform, &token).await);
    for (key, known) in [(Some("another key of thirty-two letters"), false), (None, false), (Some(KEY), true)] {
        let platform = started_with(&one, key).await;
        assert_eq!(knows(&platform, &token).await, known, "{key:?}");
        platform.db.close().await;
    }
}

#[actix_web::test]
async fn without_the_setting_the_key_is_the_keyrings() {
    let one = Installation::new().await;
    let token = one.browser("mira").await.cookie("session").expect("a cookie").to_owned();
    let platform = started_with(&one, None).await;
    assert!(knows(&platform, &token).await, "a restart ends nothing");
    platform.db.close().await;
}

#[actix_web::test]
async fn who_can_write_the_database_but_holds_no_key_plants_no_session() {
    use sea_orm::{ActiveModelTrait, IntoActiveModel, Set};
    let one = Installation::new().await;
    let token = one.browser("mira").await.cookie("session").expect("a cookie").to_owned();
    let tx = one.tx().await;
    let known = identity::signed_in(&one.platform, &tx, &token).await.expect("read").expect("signed in").session;
    drop(tx);
    let mut planted: session::ActiveModel = known.into_active_model();
    planted.token_hash = Set(secret::token_hash("planted"));
    planted.update(one.platform.db.whole()).await.expect("written by hand");
    assert!(!knows(&one.platform, "planted").await);
}
