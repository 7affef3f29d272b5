//! Passkeys at the profile, as far as no device is needed: `tests/browser/passkey.rs` has one.

use entity::{Moment, Reach, audit::entry, identity::passkey, ids::PasskeyId, wall::Unwalled};
use one_legal::platform::Actor;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, Set};

use crate::support::Installation;

/// A passkey of this person, as it lies there after the device's answer.
async fn planted(one: &Installation, key: &str, name: &str) -> PasskeyId {
    let mut work = one.platform.work(Actor::program("test"), Reach::Everything("a test")).await.expect("work");
    let id: PasskeyId = work.id();
    let row = passkey::ActiveModel {
        id: Set(id),
        account_id: Set(one.cast.person(key).account),
        host: Set("localhost".to_owned()),
        credential: Set(id.to_string()),
        key: Set(b"{}".to_vec()),
        name: Set(name.to_owned()),
        created_at: Set(work.now()),
        last_used_at: Set(None::<Moment>),
        stopped_at: Set(None),
    };
    passkey::Entity::insert(row).exec_without_returning(work.write()).await.expect("planted");
    work.counts_as_audited("a test");
    work.commit().await.expect("committed");
    id
}

#[actix_web::test]
async fn a_passkey_gets_another_name_and_a_bad_one_is_shown_again_beside_its_error() {
    let one = Installation::new().await;
    for (key, face) in [("cleo", "/portal/profile"), ("ada", "/legal/profile")] {
        let id = planted(&one, key, "Old telephone").await;
        let address = format!("{face}/passkeys/{id}/name");
        let mut owner = one.browser(key).await;
        owner.get(face).await.expect(200).shows("Old telephone").shows(&address);
        let long = "n".repeat(61);
        for (typed, why) in [(" ", "Give it a name"), (long.as_str(), "within 60 characters")] {
            owner
                .post(&address, &[("passkey_name", typed)])
                .await
                .expect(422)
                .shows(why)
                .shows(&format!("value=\"{typed}\""))
                .shows("Old telephone");
        }
        owner.post(&address, &[("passkey_name", "  Blue <telephone>  ")]).await.expect(303);
        owner.get(face).await.expect(200).shows("Blue &#60;telephone&#62;").shows("Named a passkey anew");
        // Nobody else's, whoever asks, and no other one.
        for other in ["ben", "eve", "tom"] {
            let mut other = one.browser(other).await;
            for face in ["/portal/profile", "/legal/profile"] {
                other.post(&format!("{face}/passkeys/{id}/name"), &[("passkey_name", "Mine")]).await.expect(404);
            }
        }
        owner.post(&format!("{face}/passkeys/{}/name", one.cast.acme), &[("passkey_name", "Mine")]).await.expect(404);
        let tx = one.tx().await;
        let row = passkey::Entity::rows().filter(passkey::Column::Id.eq(id)).one(&tx).await.expect("read").expect("the passkey");
        assert_eq!(row.name, "Blue <telephone>");
        let lines = entry::Entity::rows().filter(entry::Column::Action.eq("passkey.renamed")).all(&tx).await.expect("read");
        let line = lines.last().expect("an audit line");
        assert!(line.detail.contains("Blue <telephone>") && line.detail.contains("telephone"), "{}", line.detail);
    }
}
