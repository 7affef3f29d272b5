//! The demo's story: every status is there, and what it left behind holds.

use crate::support::{Installation, World};
use entity::{
    Moment,
    policies::{PolicyStatus, policy},
    wall::Walled,
};

#[actix_web::test]
async fn the_story_has_a_policy_in_every_status_and_leaves_an_unbroken_log() {
    let one = Installation::new().await;
    let before = one.platform.clock.now();
    let began = std::time::Instant::now();
    let world = World::create(&one).await;
    println!("told in {} ms", began.elapsed().as_millis());
    assert_eq!(one.platform.clock.now().since(before), one_legal::app::demo::SPAN, "it ends where it should");
    let tx = one.tx().await;
    let rows = policy::Entity::within(tx.reach()).all(&tx).await.expect("policies");
    for status in PolicyStatus::ALL {
        assert!(rows.iter().any(|row| row.status == *status), "no policy is {status}");
    }
    let found = |id| rows.iter().find(|row| row.id == id).expect("a policy").status;
    let s = &world.story;
    for (id, status) in [
        (s.superseded, PolicyStatus::Superseded),
        (s.published, PolicyStatus::Published),
        (s.client_review, PolicyStatus::ClientReview),
        (s.sent_back, PolicyStatus::Draft),
        (s.draft, PolicyStatus::Draft),
        (s.internal_review, PolicyStatus::InternalReview),
        (s.final_approval, PolicyStatus::FinalApproval),
        (s.archived, PolicyStatus::Archived),
        (s.cancelled, PolicyStatus::Cancelled),
    ] {
        assert_eq!(found(id), status);
    }
    assert!(rows.iter().all(|row| row.updated_at.since(before) < one_legal::app::demo::SPAN + Moment::MINUTE));
}
