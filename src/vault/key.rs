//! Keys in memory: a data key that opens things, and the cache that forgets it within ten minutes.

use std::{
    collections::HashMap,
    fmt,
    sync::{Arc, Weak},
    time::Duration,
};

use actix_web::http::StatusCode;
use entity::{
    Moment,
    ids::{DataKeyId, TenantId, TenantKeyId},
};
use parking_lot::Mutex;
use zeroize::Zeroizing;

use crate::platform::{
    Clock, Error, Platform, Refusal, Result,
    keyring::{KeyStore, open_with, seal_with},
    random,
};

pub(super) type Secret = Zeroizing<[u8; 32]>;

/// The unwrapped key of one document version or one conversation; wiped when the last user lets go.
pub struct DataKey {
    pub id: DataKeyId,
    pub tenant: TenantId,
    secret: Secret,
}

impl fmt::Debug for DataKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DataKey({}, ***)", self.id)
    }
}

impl DataKey {
    /// 256 bits from the operating system.
    pub(super) fn fresh(id: DataKeyId, tenant: TenantId) -> Self {
        Self { id, tenant, secret: Zeroizing::new(random::bytes()) }
    }

    /// Wrapped under the tenant's key; tenant and key id are authenticated.
    pub(super) fn wrap(&self, tenant_key: &Secret) -> Vec<u8> {
        seal_with(tenant_key, &wrap_context(self.tenant, self.id), &self.secret[..])
    }

    pub(super) fn unwrap(tenant_key: &Secret, id: DataKeyId, tenant: TenantId, wrapped: &[u8]) -> Result<Self> {
        let plain = open_with(tenant_key, &wrap_context(tenant, id), wrapped)?;
        let secret: [u8; 32] = plain.as_slice().try_into().map_err(|_| anyhow::anyhow!("a data key is 32 bytes"))?;
        Ok(Self { id, tenant, secret: Zeroizing::new(secret) })
    }

    pub(super) fn secret(&self) -> &[u8; 32] {
        &self.secret
    }

    /// Encrypts something small (a message): nonce ‖ ciphertext ‖ tag. Tenant, key and `context` are authenticated.
    pub fn seal(&self, context: &[u8], plain: &[u8]) -> Vec<u8> {
        seal_with(&self.secret, &self.context(context), plain)
    }

    /// Decrypts what [`DataKey::seal`] made with the same context; anything else fails.
    pub fn open(&self, context: &[u8], sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>> {
        open_with(&self.secret, &self.context(context), sealed)
    }

    fn context(&self, context: &[u8]) -> Vec<u8> {
        [b"data".as_slice(), self.tenant.0.as_bytes(), self.id.0.as_bytes(), context].concat()
    }
}

fn wrap_context(tenant: TenantId, id: DataKeyId) -> Vec<u8> {
    [b"data-key".as_slice(), tenant.0.as_bytes(), id.0.as_bytes()].concat()
}

/// How long an unwrapped key may live in memory.
const LIFE: i64 = 10 * Moment::MINUTE;
/// The key store's answer is waited for this long.
const PATIENCE: Duration = Duration::from_secs(3);

/// Unwrapped keys, in memory only, and whether the stores answered last time.
#[derive(Default)]
pub struct KeyCache {
    tenants: Mutex<HashMap<TenantKeyId, (Arc<Secret>, Moment)>>,
    data: Mutex<HashMap<DataKeyId, (Arc<DataKey>, Moment)>>,
    sweeping: Mutex<bool>,
    /// In place of the local keyring where set.
    store: Mutex<Option<Arc<dyn KeyStore>>>,
    pub(super) trouble: Mutex<Trouble>,
}

/// What did not answer when it was last asked, and since when.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Trouble {
    pub keys: Option<Moment>,
    pub blobs: Option<Moment>,
}

impl KeyCache {
    pub(super) fn data(&self, id: DataKeyId, now: Moment) -> Option<Arc<DataKey>> {
        self.data.lock().get(&id).filter(|(_, until)| *until > now).map(|(key, _)| Arc::clone(key))
    }

    pub(super) fn tenant(&self, id: TenantKeyId, now: Moment) -> Option<Arc<Secret>> {
        self.tenants.lock().get(&id).filter(|(_, until)| *until > now).map(|(key, _)| Arc::clone(key))
    }

    pub(super) fn keep_data(self: &Arc<Self>, key: Arc<DataKey>, clock: &Clock) {
        self.data.lock().insert(key.id, (key, clock.now().plus(LIFE)));
        self.sweep_later(clock);
    }

    pub(super) fn keep_tenant(self: &Arc<Self>, id: TenantKeyId, key: Arc<Secret>, clock: &Clock) {
        self.tenants.lock().insert(id, (key, clock.now().plus(LIFE)));
        self.sweep_later(clock);
    }

    /// Forgets what is over; answers how many keys are still held.
    pub fn sweep(&self, now: Moment) -> usize {
        let mut tenants = self.tenants.lock();
        let mut data = self.data.lock();
        tenants.retain(|_, (_, until)| *until > now);
        data.retain(|_, (_, until)| *until > now);
        tenants.len() + data.len()
    }

    /// Forgets everything now.
    pub fn forget(&self) {
        self.tenants.lock().clear();
        self.data.lock().clear();
    }

    /// A key that nobody asks for again is forgotten all the same: a task looks every half minute while there are any.
    fn sweep_later(self: &Arc<Self>, clock: &Clock) {
        let mut sweeping = self.sweeping.lock();
        if *sweeping || tokio::runtime::Handle::try_current().is_err() {
            return;
        }
        *sweeping = true;
        let cache: Weak<Self> = Arc::downgrade(self);
        let clock = clock.clone();
        tokio::spawn(async move {
            loop {
                tokio::time::sleep(Duration::from_secs(30)).await;
                let Some(cache) = cache.upgrade() else { return };
                let mut sweeping = cache.sweeping.lock();
                if cache.sweep(clock.now()) == 0 {
                    *sweeping = false;
                    return;
                }
            }
        });
    }

    /// Another key store than the local keyring: Azure Key Vault, or a test's.
    pub fn use_store(&self, store: Arc<dyn KeyStore>) {
        *self.store.lock() = Some(store);
    }
}

/// Wraps a new tenant key: which key of the store did it, and the result.
pub(super) async fn wrap_tenant_key(platform: &Arc<Platform>, tenant: TenantId, secret: &Secret) -> Result<(String, Vec<u8>)> {
    let cache = platform.shared::<KeyCache>();
    let other = cache.store.lock().clone();
    let store: &dyn KeyStore = match &other {
        Some(store) => store.as_ref(),
        None => &platform.keyring,
    };
    let wrapped = ask(platform, store.wrap(tenant.0.as_bytes(), secret)).await?;
    Ok((store.key_id(), wrapped))
}

pub(super) async fn unwrap_tenant_key(
    platform: &Arc<Platform>,
    tenant: TenantId,
    store_key: &str,
    wrapped: &[u8],
) -> Result<Arc<Secret>> {
    let cache = platform.shared::<KeyCache>();
    let other = cache.store.lock().clone();
    let store: &dyn KeyStore = match &other {
        Some(store) => store.as_ref(),
        None => &platform.keyring,
    };
    ask(platform, store.unwrap(store_key, tenant.0.as_bytes(), wrapped)).await.map(Arc::new)
}

/// Asks the key store; where it fails or is silent, 503 with a clear text, and the lists show a banner until it answers.
async fn ask<T>(platform: &Arc<Platform>, question: impl Future<Output = Result<T>>) -> Result<T> {
    let cache = platform.shared::<KeyCache>();
    let cause = match tokio::time::timeout(PATIENCE, question).await {
        Ok(Ok(answer)) => {
            cache.trouble.lock().keys = None;
            return Ok(answer);
        }
        Ok(Err(error)) => error.to_string(),
        Err(_) => "no answer within 3 s".to_owned(),
    };
    tracing::error!(cause, "the key store does not answer");
    cache.trouble.lock().keys.get_or_insert(platform.clock.now());
    Err(key_store_away())
}

/// Whether the key store answers by now; wraps a key that nobody uses.
pub(super) async fn look_again(platform: &Arc<Platform>) {
    let _ = wrap_tenant_key(platform, TenantId(uuid::Uuid::nil()), &Zeroizing::new(random::bytes())).await;
}

fn key_store_away() -> Error {
    Refusal::new(
        "key_store_unavailable",
        "The key store cannot be reached, so documents cannot be opened or added right now. Nothing is lost.",
        "Try again in a minute; it heals by itself once the key store answers.",
    )
    .status(StatusCode::SERVICE_UNAVAILABLE)
    .retry_after(10)
    .into()
}

/// Remembers for the banner that the blob store failed, or that it answers again.
pub(super) fn note_blobs<T>(platform: &Arc<Platform>, answer: Result<T>) -> Result<T> {
    let cache = platform.shared::<KeyCache>();
    match &answer {
        Ok(_) => cache.trouble.lock().blobs = None,
        Err(Error::Refused(refusal)) if refusal.code == "file_store_unavailable" => {
            cache.trouble.lock().blobs.get_or_insert(platform.clock.now());
        }
        Err(_) => {}
    }
    answer
}

/// A tenant key as the operator sees it: never the key.
#[derive(Clone, Debug)]
pub struct TenantKeyRow {
    pub tenant: TenantId,
    pub version: i32,
    pub store_key: String,
    pub created_at: Moment,
    pub data_keys: u64,
    pub disabled: u64,
}
