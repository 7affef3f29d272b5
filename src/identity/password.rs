//! Password hashes: argon2id (m = 19 MiB, t = 2, p = 1; OWASP Password Storage), on a pool no larger than the cores, so that
//! a burst of logins cannot stall pages.

use std::{
    collections::VecDeque,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use argon2::{
    Algorithm, Argon2, Block, Params, Version,
    password_hash::phc::{Output, ParamsString, PasswordHash, Salt},
};
use parking_lot::{Condvar, Mutex, MutexGuard};
use tokio::sync::oneshot;
use unicode_normalization::UnicodeNormalization;
use zeroize::{Zeroize, Zeroizing};

use crate::platform::{Platform, Result, random};

type Task = Box<dyn FnOnce(&mut Memory) + Send>;

/// As many threads as cores, each with the memory of one hash. And how often the pool has run.
pub struct HashingPool {
    line: Arc<Line>,
    evaluations: AtomicU64,
}

impl Default for HashingPool {
    fn default() -> Self {
        let line = Arc::new(Line::default());
        for _ in 0..std::thread::available_parallelism().map_or(2, usize::from) {
            let line = Arc::clone(&line);
            let thread = std::thread::Builder::new().name("hashing".to_owned()).spawn(move || {
                step_back();
                let mut memory = Memory::default();
                while let Some(task) = line.next(&mut memory) {
                    // Whoever waits for a task that broke hears that it was not finished.
                    let _ = catch_unwind(AssertUnwindSafe(|| task(&mut memory)));
                }
            });
            if let Err(error) = thread {
                tracing::error!(%error, "no thread for hashing");
            }
        }
        Self { line, evaluations: AtomicU64::new(0) }
    }
}

/// This thread runs while nobody else wants the core, and makes way at once: a message crosses half a dozen threads, and before
/// each of them it would wait until a hash has used up its slice of time. (A low nice value makes it run less, not make way.)
fn step_back() {
    use thread_priority::{NormalThreadSchedulePolicy::Idle, ThreadPriority, ThreadSchedulePolicy::Normal};
    let thread = thread_priority::thread_native_id();
    if let Err(error) = thread_priority::set_thread_priority_and_policy(thread, ThreadPriority::Min, Normal(Idle)) {
        tracing::warn!(%error, "hashing runs at the priority of everything else");
    }
}

impl Drop for HashingPool {
    fn drop(&mut self) {
        self.line.waiting.lock().closed = true;
        self.line.more.notify_all();
    }
}

/// What waits to be hashed.
#[derive(Default)]
struct Line {
    waiting: Mutex<Waiting>,
    more: Condvar,
}

#[derive(Default)]
struct Waiting {
    tasks: VecDeque<Task>,
    closed: bool,
}

/// After so long without a password the memory is made clean: between two that follow each other it would cost a tenth of a hash.
const PAUSE: Duration = Duration::from_millis(50);
/// After so long it is given back.
const REST: Duration = Duration::from_secs(10);

impl Line {
    fn add(&self, task: Task) {
        self.waiting.lock().tasks.push_back(task);
        self.more.notify_one();
    }

    /// The next task; none when the pool is gone. While it waits, the memory is soon clean, and after a while given back.
    fn next(&self, memory: &mut Memory) -> Option<Task> {
        let mut waiting = self.waiting.lock();
        loop {
            if let Some(task) = waiting.tasks.pop_front() {
                return Some(task);
            }
            if waiting.closed {
                return None;
            }
            if memory.used > 0 {
                if self.more.wait_for(&mut waiting, PAUSE).timed_out() {
                    MutexGuard::unlocked(&mut waiting, || memory.clean());
                }
            } else if memory.blocks.capacity() == 0 {
                self.more.wait(&mut waiting);
            } else if self.more.wait_for(&mut waiting, REST).timed_out() {
                memory.blocks = Vec::new();
            }
        }
    }
}

/// The blocks of one hash, kept from one to the next: an allocator that is asked for 19 MiB again and again keeps several of
/// them for each thread.
#[derive(Default)]
struct Memory {
    blocks: Vec<Block>,
    used: usize,
}

/// More than 32 MiB of addresses, of which only what is used becomes memory: glibc gives such a piece back when it is freed,
/// and does not take its size as the measure of what to keep from then on (mallopt(3), M_MMAP_THRESHOLD).
const ADDRESSES: usize = 33 * 1024;

impl Memory {
    fn of(&mut self, blocks: usize) -> &mut [Block] {
        if self.blocks.len() < blocks {
            self.blocks = Vec::new();
            self.blocks.reserve_exact(blocks.max(ADDRESSES));
            self.blocks.resize(blocks, Block::new());
        }
        self.used = self.used.max(blocks);
        &mut self.blocks[..blocks]
    }

    /// From the blocks a guess could be checked without the work of a hash.
    fn clean(&mut self) {
        self.blocks[..self.used].iter_mut().for_each(Block::zeroize);
        self.used = 0;
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

async fn on_pool<T: Send + 'static>(platform: &Platform, job: impl FnOnce(&mut Memory) -> T + Send + 'static) -> Result<T> {
    let pool: Arc<HashingPool> = platform.shared();
    let (answer, answered) = oneshot::channel();
    let task = move |memory: &mut Memory| {
        // Whoever has gone meanwhile costs nothing.
        if !answer.is_closed() {
            let _ = answer.send(job(memory));
        }
    };
    pool.line.add(Box::new(task));
    Ok(answered.await.map_err(|_| anyhow::anyhow!("a hash was not finished"))?)
}

/// A PHC string to keep.
pub async fn hash_password(platform: &Platform, password: &str) -> Result<String> {
    let password = normalised(password);
    let salt = random::bytes::<16>();
    let hash = on_pool(platform, move |memory| {
        let hasher = hasher();
        let hash = evaluate(&hasher, password.as_bytes(), &salt, memory)?;
        Ok(PasswordHash {
            algorithm: Algorithm::Argon2id.ident(),
            version: Some(Version::V0x13.into()),
            params: ParamsString::try_from(hasher.params())?,
            salt: Some(Salt::new(&salt)?),
            hash: Some(hash),
        }
        .to_string())
    })
    .await?;
    Ok(hash.map_err(|e: argon2::password_hash::Error| anyhow::anyhow!("argon2: {e}"))?)
}

fn evaluate(hasher: &Argon2<'_>, password: &[u8], salt: &[u8], memory: &mut Memory) -> argon2::password_hash::Result<Output> {
    let mut out = [0; Output::MAX_LENGTH];
    let out = &mut out[..hasher.params().output_len().unwrap_or(Params::DEFAULT_OUTPUT_LEN)];
    hasher.hash_password_into_with_memory(password, salt, out, memory.of(hasher.params().block_count()))?;
    Ok(Output::new(out)?)
}

/// Whether this password has that hash, by the parameters that stand in the hash.
fn is_behind(password: &[u8], hash: &str, memory: &mut Memory) -> argon2::password_hash::Result<bool> {
    let hash = PasswordHash::new(hash)?;
    let (Some(salt), Some(right)) = (&hash.salt, &hash.hash) else { return Ok(false) };
    let algorithm = Algorithm::try_from(hash.algorithm.as_str())?;
    let version = hash.version.map_or(Ok(Version::V0x13), Version::try_from)?;
    let hasher = Argon2::new(algorithm, version, Params::try_from(&hash)?);
    // Compared in constant time.
    Ok(evaluate(&hasher, password, salt, memory)? == *right)
}

/// Whether the password is the one behind the hash. Without a hash the same work is done, and the answer is no.
pub async fn verify_password(platform: &Platform, password: &str, hash: Option<String>) -> Result<bool> {
    /// A hash of nothing anybody knows, for accounts that do not exist.
    const DECOY: &str = "$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$Vd4hA5cmiyBJJZ8IXyD0FEW+TvsZLhJ3CMEGUf5eE0k";
    let known = hash.is_some();
    let hash = hash.unwrap_or_else(|| DECOY.to_owned());
    let password = normalised(password);
    platform.shared::<HashingPool>().evaluations.fetch_add(1, Ordering::SeqCst);
    let right = on_pool(platform, move |memory| is_behind(password.as_bytes(), &hash, memory).unwrap_or(false)).await?;
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
    on_pool(platform, move |_| {
        let about: Vec<&str> = about.iter().map(String::as_str).collect();
        super::strength::objection(&password, &about)
    })
    .await
}
