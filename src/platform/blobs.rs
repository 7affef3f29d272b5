//! Where encrypted objects lie: a folder, or what `STORAGE_URL` names. Holds ciphertext only.
//!
//! Every failure of the store is 503 with a clear text; a part-written object is taken away when its writer is dropped.

use std::{io::Read, path::PathBuf, sync::Arc, time::SystemTime};

use actix_web::http::StatusCode;
use bytes::Bytes;
use futures_util::{StreamExt, stream::BoxStream};
use object_store::{
    GetResultPayload, MultipartUpload, ObjectStore, ObjectStoreExt, PutPayload, local::LocalFileSystem, path::Path,
};

use super::{Config, Error, Refusal, Result};

#[derive(Clone)]
pub struct Blobs {
    pub store: Arc<dyn ObjectStore>,
    folder: PathBuf,
}

/// Bytes of one part on its way to the store, and of one read from it.
pub const PART: usize = 256 * 1024;

impl Blobs {
    /// `file:` is the folder `DATA_DIR/blobs` unless `STORAGE_URL` names another.
    pub fn open(config: &Config) -> Result<Self> {
        let folder = config.blob_folder();
        std::fs::create_dir_all(&folder)?;
        let store = LocalFileSystem::new_with_prefix(&folder)?.with_fsync(true);
        Ok(Self { store: Arc::new(store), folder })
    }

    /// Whether something can be put there: a small object is written and taken away.
    pub async fn writable(&self) -> Result<()> {
        let probe = Path::from("probe");
        self.store.put(&probe, Bytes::from_static(b"probe").into()).await.map_err(away)?;
        self.store.delete(&probe).await.map_err(away)
    }

    /// A whole small object, on disk when this answers.
    pub async fn put(&self, name: &str, bytes: Vec<u8>) -> Result<()> {
        self.store.put(&Path::from(name), PutPayload::from(bytes)).await.map(drop).map_err(away)
    }

    /// An object written as it comes.
    pub async fn writer(&self, name: &str) -> Result<BlobWriter> {
        let upload = self.store.put_multipart(&Path::from(name)).await.map_err(away)?;
        Ok(BlobWriter { upload, part: Vec::with_capacity(PART) })
    }

    /// An object read as it is wanted.
    pub async fn reader(&self, name: &str) -> Result<BlobReader> {
        let got = self.store.get(&Path::from(name)).await.map_err(away)?;
        Ok(match got.payload {
            // Read in large pieces: the store's own stream takes 8 KiB at a time.
            GetResultPayload::File(file, _) => BlobReader::File(Some(file)),
            GetResultPayload::Stream(stream) => BlobReader::Stream(stream),
        })
    }

    pub async fn delete(&self, name: &str) -> Result<()> {
        match self.store.delete(&Path::from(name)).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(away(error)),
        }
    }

    /// The objects last written before `before`, by name.
    pub async fn older_than(&self, before: entity::Moment) -> Result<Vec<String>> {
        let mut list = self.store.list(None);
        let mut names = Vec::new();
        while let Some(object) = list.next().await {
            let object = object.map_err(away)?;
            if object.last_modified.timestamp_millis() < before.0 {
                names.push(object.location.to_string());
            }
        }
        Ok(names)
    }

    /// Takes away half-written files a killed process left, untouched since `before`; answers how many.
    pub fn sweep_parts(&self, before: entity::Moment) -> Result<usize> {
        fn walk(folder: &std::path::Path, before: SystemTime, taken: &mut usize) -> std::io::Result<()> {
            for entry in std::fs::read_dir(folder)? {
                let entry = entry?;
                let kind = entry.file_type()?;
                let name = entry.file_name().to_string_lossy().into_owned();
                let is_part = name.rsplit_once('#').is_some_and(|(_, n)| !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit()));
                if kind.is_dir() {
                    walk(&entry.path(), before, taken)?;
                } else if is_part && entry.metadata()?.modified()? < before {
                    std::fs::remove_file(entry.path())?;
                    *taken += 1;
                }
            }
            Ok(())
        }
        let mut taken = 0;
        let before = SystemTime::UNIX_EPOCH + std::time::Duration::from_millis(u64::try_from(before.0).unwrap_or(0));
        walk(&self.folder, before, &mut taken)?;
        Ok(taken)
    }
}

/// Writes parts of 256 KiB; what was not finished is taken away when it is dropped.
pub struct BlobWriter {
    upload: Box<dyn MultipartUpload>,
    part: Vec<u8>,
}

impl BlobWriter {
    /// Where the next bytes go; [`BlobWriter::flush_full`] sends them on.
    pub fn buffer(&mut self) -> &mut Vec<u8> {
        &mut self.part
    }

    /// Sends on what has grown to a part.
    pub async fn flush_full(&mut self) -> Result<()> {
        if self.part.len() >= PART { self.flush().await } else { Ok(()) }
    }

    async fn flush(&mut self) -> Result<()> {
        let part = std::mem::replace(&mut self.part, Vec::with_capacity(PART + PART / 2));
        self.upload.put_part(PutPayload::from(part)).await.map_err(away)
    }

    /// On disk, under its name, when this answers.
    pub async fn finish(mut self) -> Result<()> {
        if !self.part.is_empty() {
            self.flush().await?;
        }
        self.upload.complete().await.map(drop).map_err(away)
    }

    /// Takes away what was written.
    pub async fn abort(mut self) {
        if let Err(error) = self.upload.abort().await {
            tracing::warn!(%error, "a part-written object could not be taken away");
        }
    }
}

/// Reads up to 256 KiB at a time.
pub enum BlobReader {
    File(Option<std::fs::File>),
    Stream(BoxStream<'static, object_store::Result<Bytes>>),
}

impl BlobReader {
    /// None at the end.
    pub async fn next(&mut self) -> Result<Option<Bytes>> {
        match self {
            Self::Stream(stream) => stream.next().await.transpose().map_err(away),
            Self::File(slot) => {
                let Some(file) = slot.take() else { return Ok(None) };
                let read = tokio::task::spawn_blocking(move || {
                    let mut bytes = Vec::with_capacity(PART);
                    (&file).take(PART as u64).read_to_end(&mut bytes).map(|_| (file, bytes))
                });
                let (file, bytes) = read.await.map_err(|e| anyhow::anyhow!("{e}"))?.map_err(|e| unavailable(&e))?;
                if bytes.is_empty() {
                    return Ok(None);
                }
                *slot = Some(file);
                Ok(Some(bytes.into()))
            }
        }
    }
}

#[expect(clippy::needless_pass_by_value, reason = "fits map_err")]
fn away(cause: object_store::Error) -> Error {
    unavailable(&cause)
}

/// 503: the file store does not answer, is full, or has lost the object.
fn unavailable(cause: &dyn std::fmt::Display) -> Error {
    tracing::error!(%cause, "the file store failed");
    Refusal::new(
        "file_store_unavailable",
        "The file store cannot be reached or is full, so files cannot be opened or added right now. What was confirmed before is safe.",
        "Try again in a minute; if it goes on, tell the operator to look at the storage.",
    )
    .status(StatusCode::SERVICE_UNAVAILABLE)
    .retry_after(10)
    .into()
}
