//! Keys: in memory for minutes only, disabled at once, re-wrapped without touching a document; what happens when the store is away.

use std::sync::{
    Arc,
    atomic::{AtomicBool, AtomicUsize, Ordering},
};

use entity::{Moment, Reach, Walled, ids::DataKeyId, vault::data_key};
use one_legal::{
    platform::{Actor, Error, Result, keyring::KeyStore},
    vault::{self, Audience, KeyCache},
};
use sea_orm::{EntityTrait, QueryFilter};
use zeroize::Zeroizing;

use super::store::{stored, work};
use crate::{causes, support::Installation};

/// A key store that counts and can be switched off.
#[derive(Default)]
struct Stub {
    away: AtomicBool,
    unwraps: AtomicUsize,
}

#[async_trait::async_trait]
impl KeyStore for Stub {
    fn key_id(&self) -> String {
        "stub".to_owned()
    }

    async fn wrap(&self, context: &[u8], key: &[u8; 32]) -> Result<Vec<u8>> {
        if self.away.load(Ordering::SeqCst) {
            return Err(Error::internal(anyhow::anyhow!("the stub is away")));
        }
        Ok([context, &key.map(|byte| byte ^ 0x5a)].concat())
    }

    async fn unwrap(&self, _: &str, context: &[u8], wrapped: &[u8]) -> Result<Zeroizing<[u8; 32]>> {
        self.unwraps.fetch_add(1, Ordering::SeqCst);
        let key = wrapped.strip_prefix(context).filter(|_| !self.away.load(Ordering::SeqCst));
        let key: [u8; 32] = key.and_then(|key| key.try_into().ok()).ok_or_else(|| anyhow::anyhow!("the stub is away"))?;
        Ok(Zeroizing::new(key.map(|byte| byte ^ 0x5a)))
    }
}

async fn with_stub() -> (Installation, Arc<Stub>) {
    let one = Installation::new().await;
    let stub = Arc::new(Stub::default());
    one.platform.shared::<KeyCache>().use_store(Arc::clone(&stub) as Arc<dyn KeyStore>);
    (one, stub)
}

async fn read(one: &Installation, id: entity::ids::DocumentId) -> Result<Vec<u8>> {
    let tx = one.platform.read(Reach::Tenants(vec![one.cast.harbor])).await?;
    vault::read(&one.platform, &tx, id).await
}

#[actix_web::test]
async fn unwrapped_keys_are_held_for_ten_minutes_and_no_longer() {
    let (one, stub) = with_stub().await;
    let id = stored(&one, vec![Audience::Staff], b"text").await;
    let cache = one.platform.shared::<KeyCache>();
    cache.forget();
    stub.unwraps.store(0, Ordering::SeqCst);
    for _ in 0..5 {
        read(&one, id).await.expect("read");
    }
    assert_eq!(stub.unwraps.load(Ordering::SeqCst), 1, "one unwrap serves many readings");
    one.platform.clock.advance(10 * Moment::MINUTE);
    assert_eq!(cache.sweep(one.platform.clock.now()), 0, "nothing is held any longer");
    read(&one, id).await.expect("read");
    assert_eq!(stub.unwraps.load(Ordering::SeqCst), 2);
}

#[actix_web::test]
async fn a_key_store_that_is_away_closes_documents_but_not_lists_and_heals_by_itself() {
    let (one, stub) = with_stub().await;
    let id = stored(&one, vec![Audience::Staff], b"text").await;
    one.platform.shared::<KeyCache>().forget();
    stub.away.store(true, Ordering::SeqCst);
    let mut tom = one.browser("tom").await;
    let answer = tom.get_json(&format!("/api/v1/documents/{id}/content")).await.expect(503);
    assert_eq!(answer.code(), "key_store_unavailable");
    tom.get(&format!("/legal/vault/{id}/download")).await.expect(503).shows("key store cannot be reached");
    tom.get("/legal/vault").await.expect(200).shows("Master Services Agreement").shows("The key store cannot be reached since");
    causes::named("L4.3", &tom.get("/legal/vault").await.expect(200).text);
    let form = reqwest::multipart::Form::new()
        .text("category", "contracts")
        .part("file", reqwest::multipart::Part::bytes(b"%PDF-1.7".to_vec()).file_name("a.pdf"));
    let request = tom.request(reqwest::Method::POST, "/legal/vault/upload").header("accept", "application/json").multipart(form);
    assert_eq!(tom.send(request).await.expect(503).code(), "key_store_unavailable");
    stub.away.store(false, Ordering::SeqCst);
    tom.get("/legal/vault").await.expect(200).hides("cannot be reached");
    assert_eq!(tom.get(&format!("/legal/vault/{id}/download")).await.expect(200).text, "text");
}

async fn keys(one: &Installation) -> Vec<data_key::Model> {
    let tx = one.platform.read(Reach::Everything("a test looks at keys")).await.expect("a view");
    data_key::Entity::within(tx.reach()).all(&tx).await.expect("rows")
}

#[actix_web::test]
async fn a_disabled_key_opens_nothing_from_that_moment_and_opens_again_when_enabled() {
    let one = Installation::new().await;
    let id = stored(&one, vec![Audience::Staff], b"text").await;
    read(&one, id).await.expect("the key is in memory now");
    let key: DataKeyId = keys(&one).await[0].id;
    let mut unit = work(&one).await;
    vault::disable_key(&mut unit, key).await.expect("disabled");
    unit.commit().await.expect("committed");
    let refused = read(&one, id).await.expect_err("closed");
    assert_eq!(refused.code(), "key_disabled");
    let mut tom = one.browser("tom").await;
    tom.get(&format!("/legal/vault/{id}/download")).await.expect(409).shows("disabled");
    let mut unit = work(&one).await;
    vault::enable_key(&mut unit, key).await.expect("enabled");
    unit.commit().await.expect("committed");
    assert_eq!(read(&one, id).await.expect("open"), b"text");
}

#[actix_web::test]
async fn rotation_rewraps_every_key_touches_no_document_and_goes_on_after_a_crash() {
    let one = Installation::new().await;
    let mut ids = Vec::new();
    for n in 0..5_u8 {
        ids.push(stored(&one, vec![Audience::Staff], &[n; 100]).await);
    }
    let before = keys(&one).await;
    let actor = Actor::program("test");
    assert_eq!(vault::rotate_keys(&one.platform, &actor, one.cast.harbor).await.expect("rotated"), 5);
    let after = keys(&one).await;
    assert!(after.iter().all(|key| key.tenant_key_id != before[0].tenant_key_id));
    assert!(after.iter().zip(&before).all(|(a, b)| a.wrapped != b.wrapped));
    // A rotation that stopped half-way: one key stands under the old tenant key again.
    let half = before.iter().find(|key| key.id == after[0].id).expect("the same key").clone();
    let mut unit = work(&one).await;
    data_key::Entity::update_many()
        .col_expr(data_key::Column::Wrapped, sea_orm::sea_query::Expr::value(half.wrapped))
        .col_expr(data_key::Column::TenantKeyId, sea_orm::sea_query::Expr::value(half.tenant_key_id.0))
        .filter(sea_orm::ColumnTrait::eq(&data_key::Column::Id, half.id))
        .exec(unit.write())
        .await
        .expect("written");
    unit.counts_as_audited("a test");
    unit.commit().await.expect("committed");
    one.platform.shared::<KeyCache>().forget();
    for (n, id) in ids.iter().enumerate() {
        assert_eq!(read(&one, *id).await.expect("readable throughout"), [n as u8; 100]);
    }
    assert_eq!(vault::rewrap_keys(&one.platform, &actor, one.cast.harbor).await.expect("the rest"), 1);
    one.platform.shared::<KeyCache>().forget();
    for (n, id) in ids.iter().enumerate() {
        assert_eq!(read(&one, *id).await.expect("read"), [n as u8; 100]);
    }
}

#[actix_web::test]
async fn keys_print_as_stars() {
    let one = Installation::new().await;
    let mut unit = work(&one).await;
    let id = vault::new_data_key(&mut unit, one.cast.harbor, "conversation:1").await.expect("a key");
    unit.counts_as_audited("a test");
    unit.commit().await.expect("committed");
    let tx = one.platform.read(Reach::Tenants(vec![one.cast.harbor])).await.expect("a view");
    let key = vault::data_key(&one.platform, &tx, id).await.expect("a key");
    assert_eq!(format!("{key:?}"), format!("DataKey({id}, ***)"));
}
