//! Jobs that gave up stand before the operator, who tries them again.

use entity::{
    Reach,
    ids::JobId,
    platform::job::{self, JobStatus},
    wall::Unwalled,
};
use one_legal::{
    payments::jobs::MailStatements,
    platform::{Actor, Mail, mail::To, web::FrameLook},
};
use sea_orm::{ColumnTrait, QueryFilter};

use crate::support::Installation;

/// A mail where no mail server is.
const NOWHERE: &[(&str, &str)] = &[("SMTP_URL", "smtp://127.0.0.1:9"), ("SES_FROM_ADDRESS", "legal@harbor.example")];

/// A mail that nobody takes.
async fn hopeless(one: &Installation) -> JobId {
    let mut work = one.platform.work(Actor::program("test"), Reach::Everything("a test")).await.expect("a unit of work");
    let id: uuid::Uuid = work.id();
    let to = To { realm: "legal", name: "Nobody", email: "nobody@harbor.example" };
    let mail = Mail::letter(id, to, &FrameLook::default(), "Hello", &[], None).expect("a letter");
    work.enqueue(&mail).await.expect("enqueued");
    work.commit().await.expect("committed");
    for _ in 0..12 {
        one.run_jobs().await;
        one.platform.clock.advance(entity::Moment::DAY);
    }
    let tx = one.tx().await;
    let row = job::Entity::rows().filter(job::Column::Status.eq(JobStatus::GaveUp)).one(&tx).await.expect("answers");
    row.expect("a job that gave up").id
}

#[actix_web::test]
async fn the_operator_sees_why_a_job_gave_up_and_tries_it_again() {
    let one = Installation::with(NOWHERE).await;
    let id = hopeless(&one).await;
    let mut olga = one.browser("olga").await;
    olga.get("/operator/jobs")
        .await
        .expect(200)
        .shows("Sends a mail")
        .shows("The mail server cannot be reached")
        .shows("Try again");
    olga.get("/operator/health").await.expect(200).shows("/operator/jobs");
    olga.post(&format!("/operator/jobs/{id}/retry"), &[]).await.expect(303);
    olga.get("/operator/jobs").await.expect(200).shows("is tried again now");
    olga.get("/operator/audit?action=job.").await.expect(200).shows("job.retried").shows("Olga Petrova");
    olga.post(&format!("/operator/jobs/{id}/retry"), &[]).await.expect(409).shows("has not given up");
    for key in ["mira", "ada", "dora"] {
        let mut browser = one.browser(key).await;
        browser.get("/operator/jobs").await.expect(404);
        browser.post(&format!("/operator/jobs/{id}/retry"), &[]).await.expect(404);
    }
}

#[actix_web::test]
async fn waiting_jobs_are_told_in_words_and_by_tenant() {
    let one = Installation::new().await;
    let mut work = one.platform.work(Actor::program("test"), Reach::Everything("a test")).await.expect("a unit of work");
    let month = "2026-02".to_owned();
    let at = one.platform.clock.now().plus(entity::Moment::HOUR);
    work.enqueue_at(&MailStatements { tenant: one.cast.harbor, month }, at).await.expect("enqueued");
    work.commit().await.expect("committed");
    let page = one.browser("olga").await.get("/operator/jobs?tab=waiting").await.expect(200);
    page.shows("Mails the month").shows("statements: Harbor IT");
}
