//! Where the chains stand, written down outside: `AUDIT_ANCHOR` names a file that is not in `DATA_DIR`, best on another machine or
//! an append-only mount. Whoever puts the database back to an earlier state of itself, head and all, is found by it.
//!
//! One line a chain that has grown: time, chain, row, hash, and the keyring's HMAC over them.

use std::{
    collections::HashMap,
    io::Write,
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use entity::{
    Moment, Reach,
    audit::{entry, head},
    wall::Unwalled,
};
use sea_orm::{ColumnTrait, QueryFilter, QueryOrder, QuerySelect};

use super::Broken;
use crate::platform::{Error, Keyring, Platform, Result, Tx, config::SettingError, secret};

/// A line is written for each chain that has grown, at the start, every hour and at the end of `serve`.
const EVERY: Duration = Duration::from_secs(3_600);

struct Anchor {
    at: Moment,
    chain: String,
    seq: i64,
    hash: String,
    signature: String,
}

impl Anchor {
    fn text(&self) -> String {
        format!("{} {} {} {}", self.at.rfc3339(), self.chain, self.seq, self.hash)
    }

    fn signed(keyring: &Keyring, at: Moment, head: head::Model) -> Self {
        let mut anchor = Self { at, chain: head.chain, seq: head.seq, hash: head.hash, signature: String::new() };
        anchor.signature = keyring.sign("audit-anchor", anchor.text().as_bytes());
        anchor
    }

    fn is_ours(&self, keyring: &Keyring) -> bool {
        secret::same(keyring.sign("audit-anchor", self.text().as_bytes()).as_bytes(), self.signature.as_bytes())
    }

    fn read(line: &str) -> Option<Self> {
        let mut words = line.split(' ');
        let at = time::OffsetDateTime::parse(words.next()?, &time::format_description::well_known::Rfc3339).ok()?;
        let (chain, seq) = (words.next()?.to_owned(), words.next()?.parse().ok()?);
        let (hash, signature) = (words.next()?.to_owned(), words.next()?.to_owned());
        Some(Self { at: Moment::from_datetime(at), chain, seq, hash, signature })
    }
}

/// The file; where a folder is named, one in it.
fn file(platform: &Platform) -> Option<PathBuf> {
    let path = platform.config.audit_anchor.as_ref()?;
    Some(if path.is_dir() { path.join("one-legal-audit.anchor") } else { path.clone() })
}

fn lines(path: &Path) -> Result<Vec<String>> {
    match std::fs::read_to_string(path) {
        Ok(text) => Ok(text.lines().map(str::to_owned).collect()),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Vec::new()),
        Err(error) => Err(error.into()),
    }
}

/// Writes down where each chain that has grown stands; answers how many lines that were.
pub async fn anchor(platform: &Platform) -> Result<usize> {
    let Some(path) = file(platform) else { return Ok(0) };
    let known: HashMap<String, i64> =
        lines(&path)?.iter().filter_map(|line| Anchor::read(line)).map(|anchor| (anchor.chain, anchor.seq)).collect();
    let tx = platform.read(Reach::Everything("the audit log is anchored")).await?;
    let mut heads = head::Entity::rows().order_by_asc(head::Column::Chain).all(&tx).await?;
    drop(tx);
    heads.retain(|head| known.get(&head.chain) != Some(&head.seq));
    let now = platform.clock.now();
    let fresh: Vec<Anchor> = heads.into_iter().map(|head| Anchor::signed(&platform.keyring, now, head)).collect();
    let text: String = fresh.iter().map(|anchor| format!("{} {}\n", anchor.text(), anchor.signature)).collect();
    let mut file = std::fs::OpenOptions::new().create(true).append(true).mode(0o600).open(&path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    Ok(fresh.len())
}

/// At the start of `serve`: a file that cannot be written is a wrong setting.
pub async fn anchor_first(platform: &Platform) -> Result<()> {
    let cannot = |error: Error| {
        Error::internal(SettingError {
            setting: "AUDIT_ANCHOR".to_owned(),
            problem: format!("the anchor of the audit log cannot be written: {error}"),
            fix: "Name a file in a folder that is there and that this user may write, outside DATA_DIR.".to_owned(),
        })
    };
    anchor(platform).await.map(drop).map_err(cannot)
}

/// Every hour, until the end of the process.
pub async fn anchor_forever(platform: Arc<Platform>) {
    loop {
        tokio::time::sleep(EVERY).await;
        if let Err(error) = anchor(&platform).await {
            tracing::error!(%error, "the audit log cannot be anchored; look at AUDIT_ANCHOR");
        }
    }
}

/// When the last line was written; none where there is none.
pub fn last_anchored(platform: &Platform) -> Result<Option<Moment>> {
    let Some(path) = file(platform) else { return Ok(None) };
    Ok(lines(&path)?.iter().rev().find_map(|line| Anchor::read(line)).map(|anchor| anchor.at))
}

/// Compares the chains with what was written down outside; answers how many lines were compared.
pub(super) async fn compare(platform: &Platform, tx: &Tx, only: Option<&str>) -> Result<std::result::Result<usize, Broken>> {
    let Some(path) = file(platform) else { return Ok(Ok(0)) };
    let mut anchors: HashMap<String, Vec<Anchor>> = HashMap::new();
    for (at, line) in lines(&path)?.into_iter().enumerate() {
        let Some(anchor) = Anchor::read(&line).filter(|anchor| anchor.is_ours(&platform.keyring)) else {
            let what = format!("line {} of the anchor file is not ours", at + 1);
            return Ok(Err(Broken { chain: only.unwrap_or("installation").to_owned(), seq: 0, what }));
        };
        if only.is_none_or(|only| anchor.chain == only) {
            anchors.entry(anchor.chain.clone()).or_default().push(anchor);
        }
    }
    let mut compared = 0;
    for (chain, mut anchors) in anchors {
        anchors.sort_by_key(|anchor| anchor.seq);
        let end: Option<i64> = last_row(tx, &chain).await?;
        for some in anchors.chunks(500) {
            let rows: Vec<(i64, String)> = entry::Entity::rows()
                .filter(entry::Column::Chain.eq(&chain))
                .filter(entry::Column::Seq.is_in(some.iter().map(|anchor| anchor.seq)))
                .select_only()
                .columns([entry::Column::Seq, entry::Column::Hash])
                .into_tuple()
                .all(tx)
                .await?;
            let rows: HashMap<i64, String> = rows.into_iter().collect();
            for anchor in some {
                compared += 1;
                let (seq, what) = match rows.get(&anchor.seq) {
                    Some(hash) if *hash == anchor.hash => continue,
                    Some(_) => (anchor.seq, "the row is another than the one anchored".to_owned()),
                    None => (end.unwrap_or(0) + 1, format!("the end was cut off: row {} was anchored", anchor.seq)),
                };
                return Ok(Err(Broken { chain, seq, what: format!("{what} on {}", anchor.at.words()) }));
            }
        }
    }
    Ok(Ok(compared))
}

async fn last_row(tx: &Tx, chain: &str) -> Result<Option<i64>> {
    let rows = entry::Entity::rows().filter(entry::Column::Chain.eq(chain)).order_by_desc(entry::Column::Seq);
    Ok(rows.select_only().column(entry::Column::Seq).into_tuple().one(tx).await?)
}
