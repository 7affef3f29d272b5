//! Password hashes: argon2id (m = 19 MiB, t = 2, p = 1; OWASP Password Storage), on a pool no larger than the cores, so that
//! a burst of logins cannot stall pages.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
    mpsc,
};

use argon2::{
    Algorithm, Argon2, Params, Version,
    password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash},
};
use parking_lot::Mutex;
use tokio::sync::oneshot;
use unicode_normalization::UnicodeNormalization;
use zeroize::Zeroizing;

use crate::platform::{Platform, Result, random};

type Task = Box<dyn FnOnce() + Send>;

/// As many threads as cores, always the same ones: the allocator keeps 19 MiB for each thread that has ever hashed. And how
/// often the pool has run.
pub struct HashingPool {
    tasks: Mutex<mpsc::Sender<Task>>,
    evaluations: AtomicU64,
}

impl Default for HashingPool {
    fn default() -> Self {
        let (tasks, waiting) = mpsc::channel::<Task>();
        let waiting = Arc::new(Mutex::new(waiting));
        for _ in 0..std::thread::available_parallelism().map_or(2, usize::from) {
            let waiting = Arc::clone(&waiting);
            let thread = std::thread::Builder::new().name("hashing".to_owned()).spawn(move || {
                loop {
                    // One thread waits in `recv`, the others for the lock; all end when the pool is gone.
                    let next = waiting.lock().recv();
                    match next {
                        Ok(task) => task(),
                        Err(_) => return,
                    }
                }
            });
            if let Err(error) = thread {
                tracing::error!(%error, "no thread for hashing");
            }
        }
        Self { tasks: Mutex::new(tasks), evaluations: AtomicU64::new(0) }
    }
}

/// How many hashes were evaluated since the start: what a guess costs, for every account alike.
pub fn evaluations(platform: &Platform) -> u64 {
    platform.shared::<HashingPool>().evaluations.load(Ordering::SeqCst)
}

const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;
const LANES: u32 = 1;

fn hasher() -> Argon2<'static> {
    Argon2::new(
        Algorithm::Argon2id,
        Version::V0x13,
        Params::new(MEMORY_KIB, PASSES, LANES, None).expect("the parameters are in range"),
    )
}

/// The same Unicode text, however it was typed (NFKC).
fn normalised(password: &str) -> Zeroizing<String> {
    Zeroizing::new(password.nfkc().collect())
}

async fn on_pool<T: Send + 'static>(platform: &Platform, job: impl FnOnce() -> T + Send + 'static) -> Result<T> {
    let pool: Arc<HashingPool> = platform.shared();
    let (answer, answered) = oneshot::channel();
    let task = move || {
        // Whoever has gone meanwhile costs nothing.
        if !answer.is_closed() {
            let _ = answer.send(job());
        }
    };
    pool.tasks.lock().send(Box::new(task)).map_err(|_| anyhow::anyhow!("the hashing threads are gone"))?;
    Ok(answered.await.map_err(|_| anyhow::anyhow!("a hash was not finished"))?)
}

/// A PHC string to keep.
pub async fn hash_password(platform: &Platform, password: &str) -> Result<String> {
    let password = normalised(password);
    let salt = random::bytes::<16>();
    let hash = on_pool(platform, move || {
        hasher().hash_password_with_salt(password.as_bytes(), &salt).map(|hash: PasswordHash| hash.to_string())
    })
    .await?;
    Ok(hash.map_err(|e| anyhow::anyhow!("argon2: {e}"))?)
}

/// Whether the password is the one behind the hash. Without a hash the same work is done, and the answer is no.
pub async fn verify_password(platform: &Platform, password: &str, hash: Option<String>) -> Result<bool> {
    /// A hash of nothing anybody knows, for accounts that do not exist.
    const DECOY: &str = "$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$Vd4hA5cmiyBJJZ8IXyD0FEW+TvsZLhJ3CMEGUf5eE0k";
    let known = hash.is_some();
    let hash = hash.unwrap_or_else(|| DECOY.to_owned());
    let password = normalised(password);
    platform.shared::<HashingPool>().evaluations.fetch_add(1, Ordering::SeqCst);
    let right = on_pool(platform, move || {
        PasswordHash::new(&hash).is_ok_and(|hash| hasher().verify_password(password.as_bytes(), &hash).is_ok())
    })
    .await?;
    Ok(right && known)
}

/// The hash is weaker than what is made today: it is done anew at the next right password.
pub fn needs_rehash(hash: &str) -> bool {
    let Ok(parsed) = PasswordHash::new(hash) else { return true };
    let decimal = |name: &str| parsed.params.get_decimal(name).unwrap_or(0);
    let strong = parsed.algorithm.as_str() == "argon2id"
        && parsed.version == Some(0x13)
        && decimal("m") >= MEMORY_KIB
        && decimal("t") >= PASSES
        && decimal("p") >= LANES;
    !strong
}

/// Why this password is not taken; none where it is good. `about`: what it may not be made of.
pub async fn judge_password(platform: &Platform, password: &str, about: Vec<String>) -> Result<Option<String>> {
    let password = normalised(password);
    on_pool(platform, move || {
        let about: Vec<&str> = about.iter().map(String::as_str).collect();
        super::strength::objection(&password, &about)
    })
    .await
}
