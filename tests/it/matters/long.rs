//! A long conversation: the matter's page shows the end of it.

use entity::messaging::EventKind;
use one_legal::{messaging, platform::Actor};

use super::desk;
use crate::support::Installation;

#[actix_web::test]
async fn a_matter_with_a_thousand_lines_shows_the_last_fifty() {
    let one = Installation::new().await;
    let mut tom = one.browser("tom").await;
    let matter = desk::open(&one, &mut tom, &[]).await;
    let list = tom.get_json("/api/v1/matters").await.expect(200).json();
    let conversation = list["items"][0]["conversation_id"].as_str().expect("an id").parse().expect("an id");
    let reach = entity::Reach::Tenants(vec![one.cast.harbor]);
    let mut work = one.platform.work(Actor::program("test"), reach).await.expect("a unit of work");
    for number in 0..1_000 {
        messaging::post_status(&mut work, conversation, &format!("line number {number:04}")).await.expect("posted");
    }
    work.counts_as_audited("a test writes a long conversation");
    work.commit().await.expect("committed");
    let page = tom.get(&matter).await.expect(200).shows("line number 0999").shows("line number 0950").hides("line number 0940");
    assert!(page.text.len() < 200_000, "{} bytes", page.text.len());
    assert!(EventKind::ALL.contains(&EventKind::Status));
}
