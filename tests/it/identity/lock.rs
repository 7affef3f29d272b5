//! Three wrong tries lock for 15 minutes; who is unknown, known, invited or locked looks alike to a stranger.

use std::sync::Arc;

use one_legal::identity::evaluations;

use crate::support::{Answer, Browser, Installation};

const MINUTE: i64 = 60_000;

/// What a stranger can tell two answers apart by: status, headers but the request's own, and body.
fn looks(answer: &Answer, email: &str) -> (u16, Vec<(String, String)>, String) {
    let own = ["x-request-id", "server-timing", "date", "content-security-policy", "content-length"];
    let headers = answer
        .headers
        .iter()
        .filter(|(name, _)| !own.contains(&name.as_str()))
        .map(|(name, value)| (name.to_string(), value.to_str().expect("ASCII").to_owned()))
        .collect();
    let nonce = answer.text.split("nonce=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap_or("-").to_owned();
    (answer.status, headers, answer.text.replace(&nonce, "N").replace(email, "E"))
}

#[actix_web::test]
async fn unknown_known_invited_and_locked_accounts_answer_a_stranger_alike() {
    let one = Installation::with(&[("LOGIN_RATE", "1000")]).await;
    let emails = ["ada@whitfield.example", "nobody@whitfield.example", "invited@whitfield.example", "gone@whitfield.example"];
    plant(&one, emails[2], entity::identity::AccountStatus::Invited).await;
    plant(&one, emails[3], entity::identity::AccountStatus::Deactivated).await;
    // Three tries, and two more while locked: at each the same bytes, and the same number of hashes evaluated.
    for n in 0..5 {
        let mut seen = Vec::new();
        for email in emails {
            let before = evaluations(&one.platform);
            let mut stranger = one.stranger();
            let answer = stranger.post("/login", &[("email", email), ("password", "wrong-wrong-wrong")]).await;
            seen.push((looks(&answer, email), evaluations(&one.platform) - before));
        }
        for other in &seen[1..] {
            assert_eq!(seen[0], *other, "try {n}");
        }
        let words = if n < 2 { "Invalid credentials" } else { "locked for 15 minutes" };
        assert!(seen[0].0.2.contains(words), "try {n}: {}", seen[0].0.2);
        assert_eq!(seen[0].1, u64::from(n < 3), "hashes evaluated at try {n}");
    }
    let reset = |email: &'static str| {
        let mut stranger = one.stranger();
        async move {
            let answer = stranger.post("/forgot", &[("email", email)]).await;
            looks(&answer, email)
        }
    };
    let known = reset(emails[0]).await;
    for email in &emails[1..] {
        assert_eq!(known, reset(email).await);
    }
}

/// An account of that e-mail at the firm's door, with the cast's password, in that status.
async fn plant(one: &Installation, email: &str, status: entity::identity::AccountStatus) {
    use entity::{identity::account, wall::Unwalled};
    use sea_orm::{ActiveModelTrait, ColumnTrait, IntoActiveModel, QueryFilter, Set};
    let reach = entity::Reach::Everything("a test plants an account");
    let mut work = one.platform.work(one_legal::platform::Actor::program("test"), reach).await.expect("work");
    let ada = account::Entity::rows()
        .filter(account::Column::Email.eq("ada@whitfield.example"))
        .one(work.read())
        .await
        .expect("read")
        .expect("Ada");
    let mut row = ada.into_active_model().reset_all();
    row.id = Set(work.id());
    row.email = Set(email.to_owned());
    row.status = Set(status);
    row.insert(work.write()).await.expect("planted");
    work.counts_as_audited("a test");
    work.commit().await.expect("committed");
}

#[actix_web::test]
async fn three_wrong_tries_lock_ada_out_for_fifteen_minutes_with_the_words_saying_so() {
    let one = Installation::with(&[("LOGIN_RATE", "1000")]).await;
    let mut ada = one.stranger();
    one.password(&mut ada, "ada", "wrong").await.expect(422).shows("Invalid credentials");
    one.password(&mut ada, "ada", "wrong").await.expect(422).shows("Invalid credentials");
    one.password(&mut ada, "ada", "wrong").await.expect(422).shows("locked for 15 minutes").shows("try again in 15 minutes");
    one.platform.clock.advance(10 * MINUTE);
    one.password(&mut ada, "ada", "harbor-lights-over-quiet-water").await.expect(422).shows("try again in 5 minutes");
    one.platform.clock.advance(5 * MINUTE - 1_000);
    one.password(&mut ada, "ada", "harbor-lights-over-quiet-water").await.expect(422);
    one.platform.clock.advance(2_000);
    one.sign_in(&mut ada, "ada").await.expect(303);
    one.run_jobs().await;
    let letters = one.letters_to("ada@whitfield.example");
    assert_eq!(letters.len(), 1, "told once");
    assert!(letters[0].subject.contains("locked"), "{}", letters[0].subject);
}

#[actix_web::test]
async fn every_spelling_of_the_e_mail_is_one_count() {
    let one = Installation::with(&[("LOGIN_RATE", "1000")]).await;
    let mut stranger = one.stranger();
    let spellings = ["ADA@whitfield.example", "  ada@whitfield.example ", "ａｄａ@whitfield.example"];
    for (n, spelling) in spellings.iter().enumerate() {
        let answer = stranger.post("/login", &[("email", spelling), ("password", "wrong")]).await.expect(422);
        assert_eq!(answer.text.contains("locked for 15 minutes"), n == 2, "{spelling}");
    }
    one.password(&mut stranger, "ada", "harbor-lights-over-quiet-water").await.expect(422).shows("locked for 15 minutes");
}

#[actix_web::test]
async fn of_fifty_guesses_at_once_on_two_nodes_at_most_three_are_evaluated() {
    let one = Installation::with(&[("LOGIN_RATE", "1000")]).await;
    let node = one.another_node().await;
    let evaluated = || {
        let here = evaluations(&one.platform);
        if Arc::ptr_eq(&one.platform, &node.platform) { here } else { here + evaluations(&node.platform) }
    };
    let before = evaluated();
    let guesses =
        (0..50).map(|n| {
            let mut stranger = if n % 2 == 0 { one.stranger() } else { Browser::new(&node.url) };
            async move {
                stranger.post("/login", &[("email", "ada@whitfield.example"), ("password", &format!("guess-{n}"))]).await.status
            }
        });
    let statuses = futures_util::future::join_all(guesses).await;
    assert!(statuses.iter().all(|status| *status == 422), "{statuses:?}");
    assert!(evaluated() - before <= 3, "{} were evaluated", evaluated() - before);
    let mut ada = Browser::new(&node.url);
    one.password(&mut ada, "ada", "harbor-lights-over-quiet-water").await.expect(422).shows("locked for 15 minutes");
    one.run_jobs().await;
    assert_eq!(one.letters_to("ada@whitfield.example").len(), 1, "told once");
}

#[actix_web::test]
async fn passwords_and_codes_count_together_and_a_right_password_does_not_reset_the_count() {
    let one = Installation::with(&[("LOGIN_RATE", "1000")]).await;
    for n in 0..3 {
        let mut guesser = one.stranger();
        one.password(&mut guesser, "ada", "harbor-lights-over-quiet-water").await.expect(303);
        let answer = guesser.post("/login/totp", &[("code", "000000")]).await.expect(422);
        assert_eq!(answer.text.contains("locked for 15 minutes"), n == 2, "guess {n}");
        if n == 2 {
            guesser.get("/login/totp").await.expect(303);
        }
    }
    let mut ada = one.stranger();
    one.password(&mut ada, "ada", "harbor-lights-over-quiet-water").await.expect(422).shows("locked for 15 minutes");
}

#[actix_web::test]
async fn a_lock_ends_no_live_session_and_does_not_reach_a_known_device() {
    let one = Installation::with(&[("LOGIN_RATE", "1000")]).await;
    let mut ada = one.stranger();
    one.sign_in(&mut ada, "ada").await.expect(303);
    let mut thief = one.stranger();
    for _ in 0..4 {
        one.password(&mut thief, "ada", "wrong").await.expect(422);
    }
    ada.get("/legal/profile").await.expect(200);
    // Her own browser, signed out, still has its device cookie.
    ada.post("/logout", &[]).await.expect(303);
    one.sign_in(&mut ada, "ada").await.expect(303);
    // Its own wrong tries lock it, and it alone.
    ada.post("/logout", &[]).await.expect(303);
    for _ in 0..3 {
        one.password(&mut ada, "ada", "wrong").await.expect(422);
    }
    one.password(&mut ada, "ada", "harbor-lights-over-quiet-water").await.expect(422).shows("locked for 15 minutes");
    // A device known to another account is a stranger's.
    let mut tom = one.stranger();
    one.sign_in(&mut tom, "tom").await.expect(303);
    tom.post("/logout", &[]).await.expect(303);
    one.password(&mut tom, "ada", "harbor-lights-over-quiet-water").await.expect(422).shows("locked for 15 minutes");
}
