//! Reminders: by button, by schedule, never too often.

use entity::Moment;
use one_legal::{platform::Actor, signing};

use super::paper::{REACH, TERMS, Terms, send};
use crate::support::Installation;

#[actix_web::test]
async fn the_button_reminds_those_awaited_at_most_once_an_hour() {
    let one = Installation::new().await;
    let paper = send(&one, &TERMS).await;
    paper.read_and_sign(&mut one.browser("cleo").await, "Cleo Vance").await.expect(201);
    one.run_jobs().await;
    let before = (one.letters_to("cleo@acmedental.example").len(), one.letters_to("dora@acmedental.example").len());
    let remind = async || {
        let mut work = one.platform.work(Actor::program("test"), REACH).await.expect("a unit of work");
        signing::remind(&mut work, paper.envelope).await?;
        work.commit().await
    };
    remind().await.expect("reminded");
    assert_eq!(remind().await.expect_err("too soon").code(), "reminded_just_now");
    one.platform.clock.advance(Moment::HOUR);
    remind().await.expect("reminded");
    one.run_jobs().await;
    let after = (one.letters_to("cleo@acmedental.example").len(), one.letters_to("dora@acmedental.example").len());
    assert_eq!((after.0 - before.0, after.1 - before.1), (0, 2), "only Dora is awaited");
}

#[actix_web::test]
async fn who_cannot_sign_in_any_more_is_told_nothing_of_what_they_were_to_sign() {
    let one = Installation::new().await;
    let paper = send(&one, &TERMS).await;
    one.run_jobs().await;
    let contact = one.cast.person("dora").contact.expect("a contact");
    one.browser("mira").await.post(&format!("/admin/contacts/{contact}/deactivate"), &[]).await.expect(303);
    one.run_jobs().await;
    let letters = || one.letters_to("dora@acmedental.example").iter().filter(|letter| letter.subject.contains("Reminder")).count();
    let mut work = one.platform.work(Actor::program("test"), REACH).await.expect("a unit of work");
    signing::remind(&mut work, paper.envelope).await.expect("reminded");
    work.commit().await.expect("committed");
    one.run_jobs().await;
    assert_eq!(letters(), 0);
}

#[actix_web::test]
async fn the_schedule_reminds_until_all_have_signed() {
    let one = Installation::new().await;
    let paper = send(&one, &Terms { signers: &["dora"], reminders_days: Some(3), ..TERMS }).await;
    one.run_jobs().await;
    let letters = || one.letters_to("dora@acmedental.example").iter().filter(|letter| letter.subject.contains("Reminder")).count();
    for day in [2, 1, 3] {
        one.platform.clock.advance(day * Moment::DAY);
        one.run_jobs().await;
    }
    assert_eq!(letters(), 2, "after three days and after six");
    paper.read_and_sign(&mut one.browser("dora").await, "Dora Kim").await.expect(201);
    one.platform.clock.advance(30 * Moment::DAY);
    one.run_jobs().await;
    assert_eq!(letters(), 2);
}

#[actix_web::test]
async fn the_day_before_the_deadline_is_a_reminder_too_and_after_it_overdue_shows() {
    let one = Installation::new().await;
    let deadline = one.platform.clock.now().plus(5 * Moment::DAY);
    send(&one, &Terms { signers: &["dora"], deadline: Some(deadline), ..TERMS }).await;
    one.run_jobs().await;
    one.platform.clock.advance(4 * Moment::DAY);
    one.run_jobs().await;
    assert_eq!(one.letters_to("dora@acmedental.example").len(), 2);
    one.platform.clock.advance(2 * Moment::DAY);
    let mut dora = one.browser("dora").await;
    dora.get("/portal/documents").await.expect(200).shows("Overdue").shows("Issued 6 days ago");
    dora.get("/portal/dashboard").await.expect(200).shows("Overdue");
}

#[actix_web::test]
async fn the_last_day_for_signing_is_the_day_that_was_chosen_where_the_msp_is() {
    let one = Installation::new().await;
    let day = (one.platform.clock.now().plus(5 * Moment::DAY)).date();
    let deadline = signing::end_of_day(day, one_legal::app::cast::ZONE);
    let paper = send(&one, &Terms { signers: &["dora"], deadline, ..TERMS }).await;
    let words = Moment::of_day(day).day_words();
    let mut dora = one.browser("dora").await;
    dora.get("/portal/documents").await.expect(200).shows(&words);
    dora.get("/portal/dashboard").await.expect(200).shows(&format!("due {words}"));
    one.platform.clock.advance(7 * Moment::DAY);
    let mut dora = one.browser("dora").await;
    dora.get(&paper.sign_page()).await.expect(200).shows(&format!("It was due on {words}."));
}
