//! What an installation held before the migration that keeps the last activity of a conversation stands there after it.

use entity::{messaging::conversation, wall::Walled};
use migration::{Migrator, MigratorTrait};

use crate::support::{Installation, World};

async fn activity(one: &Installation) -> Vec<conversation::Model> {
    let tx = one.tx().await;
    conversation::Entity::within(tx.reach()).all(&tx).await.expect("a reading")
}

#[actix_web::test]
async fn the_last_activity_of_conversations_from_before_is_that_of_their_events() {
    let one = Installation::new().await;
    World::create(&one).await;
    let before = activity(&one).await;
    assert!(before.iter().any(|row| row.active_at > row.created_at), "something happened in one of them");
    let migrations = Migrator::migrations();
    let at = migrations.iter().position(|migration| migration.name() == "messaging_002_activity").expect("it is there");
    let since = u32::try_from(migrations.len() - at).expect("few");
    Migrator::down(one.platform.db.whole(), Some(since)).await.expect("down");
    Migrator::up(one.platform.db.whole(), None).await.expect("up");
    let sorted = |mut rows: Vec<conversation::Model>| {
        rows.sort_by_key(|row| row.id);
        rows
    };
    assert_eq!(sorted(activity(&one).await), sorted(before));
}
