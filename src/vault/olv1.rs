//! The format of an encrypted object, version 1. `docs/security.md` tells it in words; the vectors in `tests/it/vault` hold it fast.
//!
//! ```text
//! header   magic "OLV1" (4) ‖ algorithm 1 (1) ‖ key id (16) ‖ segment size, big-endian (4) ‖ nonce prefix (7)
//! segment  AES-256-GCM ciphertext ‖ tag (16), the plain text cut every `segment size` bytes; an empty object has one empty segment
//! nonce    prefix (7) ‖ segment number from 0, big-endian (4) ‖ 1 for the last segment, else 0
//! AAD      header ‖ tenant id (16) ‖ object id (16), in every segment
//! ```
//!
//! That is the STREAM construction (Hoang, Reyhanitabar, Rogaway, Vizár 2015): a segment that is cut, moved, repeated, changed
//! or taken from another object does not open, and a missing end is noticed. No byte of a segment is released before its tag
//! was checked. This file is the one place that knows the cipher.

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use entity::ids::{DataKeyId, TenantId};
use uuid::Uuid;
use zeroize::Zeroize;

use crate::platform::random;

pub const MAGIC: [u8; 4] = *b"OLV1";
pub const HEADER: usize = 32;
pub const SEGMENT: usize = 64 * 1024;
pub const TAG: usize = 16;
const AES_256_GCM_STREAM: u8 = 1;
/// A header may name another size up to this; a larger one is not worth its memory.
const SEGMENT_LIMIT: usize = 1024 * 1024;

/// The object does not open: changed, cut, reordered, another's, or under another key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the encrypted object does not open: it was changed or cut, or it is another's")]
pub struct Damaged;

/// The first 32 bytes of an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Header {
    pub key: DataKeyId,
    segment: u32,
    prefix: [u8; 7],
}

impl Header {
    /// With a nonce prefix of its own; a data key encrypts one object only, so no nonce comes twice.
    pub fn fresh(key: DataKeyId) -> Self {
        Self { key, segment: SEGMENT as u32, prefix: random::bytes() }
    }

    pub fn parse(bytes: &[u8]) -> Result<Self, Damaged> {
        let bytes: &[u8; HEADER] = bytes.try_into().map_err(|_| Damaged)?;
        let (magic, rest) = bytes.split_at(4);
        let segment = u32::from_be_bytes(rest[17..21].try_into().map_err(|_| Damaged)?);
        if magic != MAGIC || rest[0] != AES_256_GCM_STREAM || segment == 0 || segment as usize > SEGMENT_LIMIT {
            return Err(Damaged);
        }
        let key = Uuid::from_slice(&rest[1..17]).map_err(|_| Damaged)?;
        Ok(Self { key: DataKeyId(key), segment, prefix: rest[21..28].try_into().map_err(|_| Damaged)? })
    }

    pub fn bytes(&self) -> [u8; HEADER] {
        let mut bytes = [0; HEADER];
        bytes[..4].copy_from_slice(&MAGIC);
        bytes[4] = AES_256_GCM_STREAM;
        bytes[5..21].copy_from_slice(self.key.0.as_bytes());
        bytes[21..25].copy_from_slice(&self.segment.to_be_bytes());
        bytes[25..].copy_from_slice(&self.prefix);
        bytes
    }
}

/// How many bytes an object of so many plain bytes has.
pub fn sealed_size(plain: u64) -> u64 {
    HEADER as u64 + plain + plain.div_ceil(SEGMENT as u64).max(1) * TAG as u64
}

/// What sealing and opening share: the cipher and where in the object it stands.
struct Segments {
    cipher: LessSafeKey,
    aad: [u8; HEADER + 32],
    prefix: [u8; 7],
    number: u32,
}

impl Segments {
    fn new(key: &[u8; 32], header: &Header, tenant: TenantId, object: Uuid) -> Self {
        let mut aad = [0; HEADER + 32];
        aad[..HEADER].copy_from_slice(&header.bytes());
        aad[HEADER..HEADER + 16].copy_from_slice(tenant.0.as_bytes());
        aad[HEADER + 16..].copy_from_slice(object.as_bytes());
        let cipher = LessSafeKey::new(UnboundKey::new(&AES_256_GCM, key).expect("the key is 32 bytes"));
        Self { cipher, aad, prefix: header.prefix, number: 0 }
    }

    fn next_nonce(&mut self, last: bool) -> Result<Nonce, Damaged> {
        let mut nonce = [0; 12];
        nonce[..7].copy_from_slice(&self.prefix);
        nonce[7..11].copy_from_slice(&self.number.to_be_bytes());
        nonce[11] = u8::from(last);
        // The very last number is left unused, so that the counter cannot wrap.
        self.number = self.number.checked_add(1).ok_or(Damaged)?;
        Ok(Nonce::assume_unique_for_key(nonce))
    }

    fn seal(&mut self, last: bool, plain: &[u8], out: &mut Vec<u8>) -> Result<(), Damaged> {
        let nonce = self.next_nonce(last)?;
        let start = out.len();
        out.extend_from_slice(plain);
        let tag = self.cipher.seal_in_place_separate_tag(nonce, Aad::from(self.aad), &mut out[start..]).map_err(|_| Damaged)?;
        out.extend_from_slice(tag.as_ref());
        Ok(())
    }

    fn open(&mut self, last: bool, sealed: &[u8], out: &mut Vec<u8>) -> Result<(), Damaged> {
        let nonce = self.next_nonce(last)?;
        let start = out.len();
        out.extend_from_slice(sealed);
        match self.cipher.open_in_place(nonce, Aad::from(self.aad), &mut out[start..]) {
            Ok(plain) => {
                let length = plain.len();
                out.truncate(start + length);
                Ok(())
            }
            Err(_) => {
                out[start..].zeroize();
                out.truncate(start);
                Err(Damaged)
            }
        }
    }
}

/// Encrypts as the bytes come; holds back at most one segment.
pub struct Sealer {
    segments: Segments,
    size: usize,
    pending: Vec<u8>,
}

impl Sealer {
    /// Writes the header to `out` first.
    pub fn new(key: &[u8; 32], header: &Header, tenant: TenantId, object: Uuid, out: &mut Vec<u8>) -> Self {
        out.extend_from_slice(&header.bytes());
        let size = header.segment as usize;
        Self { segments: Segments::new(key, header, tenant, object), size, pending: Vec::with_capacity(size) }
    }

    pub fn push(&mut self, mut plain: &[u8], out: &mut Vec<u8>) -> Result<(), Damaged> {
        while !plain.is_empty() {
            // A full segment is sealed when it is known not to be the last.
            if self.pending.len() == self.size {
                self.segments.seal(false, &self.pending, out)?;
                self.pending.clear();
            }
            let (now, later) = plain.split_at(plain.len().min(self.size - self.pending.len()));
            self.pending.extend_from_slice(now);
            plain = later;
        }
        Ok(())
    }

    pub fn finish(mut self, out: &mut Vec<u8>) -> Result<(), Damaged> {
        let pending = std::mem::take(&mut self.pending);
        let sealed = self.segments.seal(true, &pending, out);
        self.pending = pending;
        sealed
    }
}

impl Drop for Sealer {
    fn drop(&mut self) {
        self.pending.zeroize();
    }
}

/// Decrypts as the bytes come; only what was authenticated goes out.
pub struct Opener {
    key: zeroize::Zeroizing<[u8; 32]>,
    key_id: DataKeyId,
    tenant: TenantId,
    object: Uuid,
    /// Known once the header is read.
    segments: Option<(Segments, usize)>,
    pending: Vec<u8>,
    failed: bool,
}

impl Opener {
    pub fn new(key: &[u8; 32], key_id: DataKeyId, tenant: TenantId, object: Uuid) -> Self {
        Self {
            key: zeroize::Zeroizing::new(*key),
            key_id,
            tenant,
            object,
            segments: None,
            pending: Vec::with_capacity(SEGMENT + TAG),
            failed: false,
        }
    }

    pub fn push(&mut self, sealed: &[u8], out: &mut Vec<u8>) -> Result<(), Damaged> {
        let pushed = self.try_push(sealed, out);
        self.failed |= pushed.is_err();
        pushed
    }

    fn try_push(&mut self, mut sealed: &[u8], out: &mut Vec<u8>) -> Result<(), Damaged> {
        if self.failed {
            return Err(Damaged);
        }
        while !sealed.is_empty() {
            let Some((segments, size)) = &mut self.segments else {
                sealed = fill(&mut self.pending, HEADER, sealed);
                if self.pending.len() == HEADER {
                    let header = Header::parse(&self.pending)?;
                    if header.key != self.key_id {
                        return Err(Damaged);
                    }
                    let segments = Segments::new(&self.key, &header, self.tenant, self.object);
                    self.segments = Some((segments, header.segment as usize + TAG));
                    self.pending.clear();
                }
                continue;
            };
            if self.pending.len() == *size {
                segments.open(false, &self.pending, out)?;
                self.pending.clear();
            }
            sealed = fill(&mut self.pending, *size, sealed);
        }
        Ok(())
    }

    /// The end: fails unless the last segment stands here and says so.
    pub fn finish(mut self, out: &mut Vec<u8>) -> Result<(), Damaged> {
        match &mut self.segments {
            Some((segments, _)) if !self.failed => segments.open(true, &self.pending, out),
            _ => Err(Damaged),
        }
    }
}

/// Fills `pending` up to `size`; what is left over comes back.
fn fill<'a>(pending: &mut Vec<u8>, size: usize, bytes: &'a [u8]) -> &'a [u8] {
    let (now, later) = bytes.split_at(bytes.len().min(size - pending.len()));
    pending.extend_from_slice(now);
    later
}

/// A whole object at once, for small ones.
pub fn seal(key: &[u8; 32], header: &Header, tenant: TenantId, object: Uuid, plain: &[u8]) -> Result<Vec<u8>, Damaged> {
    let mut out = Vec::with_capacity(sealed_size(plain.len() as u64) as usize);
    let mut sealer = Sealer::new(key, header, tenant, object, &mut out);
    sealer.push(plain, &mut out)?;
    sealer.finish(&mut out)?;
    Ok(out)
}

/// The reverse of [`seal`].
pub fn open(key: &[u8; 32], key_id: DataKeyId, tenant: TenantId, object: Uuid, sealed: &[u8]) -> Result<Vec<u8>, Damaged> {
    let mut out = Vec::with_capacity(sealed.len());
    let mut opener = Opener::new(key, key_id, tenant, object);
    opener.push(sealed, &mut out)?;
    opener.finish(&mut out)?;
    Ok(out)
}
