//! The local keyring: one master key on this machine, outside the database, mode 0600.
//!
//! Everything else derives from it by HKDF-SHA-256 with the purpose as info: sealing small secrets (TOTP secrets, job payloads),
//! wrapping tenant keys, signing audit heads. The vault asks for its key encryption key through [`KeyStore`],
//! which Azure Key Vault will fill as well.

use std::{
    fs,
    io::Write,
    os::unix::fs::{OpenOptionsExt, PermissionsExt},
    path::Path,
};

use aws_lc_rs::{
    aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey},
    hkdf,
};
use base64::{Engine, engine::general_purpose::STANDARD};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use zeroize::Zeroizing;

use super::{Config, Error, Result, config::SettingError, random};

/// Holds the key that never leaves it; wraps and unwraps tenant keys.
#[async_trait::async_trait]
pub trait KeyStore: Send + Sync {
    /// Names the wrapping key in use, kept beside what it wrapped.
    fn key_id(&self) -> String;
    /// Wraps `key` for this tenant; the context is authenticated.
    async fn wrap(&self, context: &[u8], key: &[u8; 32]) -> Result<Vec<u8>>;
    async fn unwrap(&self, key_id: &str, context: &[u8], wrapped: &[u8]) -> Result<Zeroizing<[u8; 32]>>;
}

pub struct Keyring {
    master: Zeroizing<[u8; 32]>,
    id: String,
}

#[derive(serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct KeyringFile {
    /// Names the master key.
    id: String,
    /// 32 bytes, base64.
    master: String,
}

impl Keyring {
    /// Reads `KEYRING_FILE`; makes it on the first start in an empty `DATA_DIR` only.
    pub fn open(config: &Config) -> Result<Self> {
        let path = &config.keyring_file;
        if !path.exists() {
            let has_data = config.data_dir.join("one-legal.db").exists() || config.blob_folder().exists();
            if has_data {
                return Err(Error::internal(SettingError {
                    setting: "KEYRING_FILE".to_owned(),
                    problem: format!("{} is missing, but DATA_DIR holds data encrypted with it", path.display()),
                    fix: "Put the keyring back from your backup; a new one could not read the data.".to_owned(),
                }));
            }
            Self::create(path)?;
        }
        Self::load(path)
    }

    fn create(path: &Path) -> Result<()> {
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        let file = KeyringFile {
            id: format!("local-{}", hex::encode(random::bytes::<4>())),
            master: STANDARD.encode(random::bytes::<32>()),
        };
        let text = Zeroizing::new(format!(
            "# The key of this installation. Without it no document, message or secret can be read: back it up apart from the data.\nid = \"{}\"\nmaster = \"{}\"\n",
            file.id, file.master
        ));
        let mut out = fs::OpenOptions::new().create_new(true).write(true).mode(0o600).open(path)?;
        out.write_all(text.as_bytes())?;
        out.sync_all()?;
        Ok(())
    }

    fn load(path: &Path) -> Result<Self> {
        let wrong = |problem: String, fix: &str| {
            Error::internal(SettingError { setting: "KEYRING_FILE".to_owned(), problem, fix: fix.to_owned() })
        };
        let mode = fs::metadata(path)?.permissions().mode() & 0o777;
        if mode & 0o077 != 0 {
            return Err(wrong(
                format!("{} can be read by others (mode {mode:o})", path.display()),
                &format!("Run: chmod 600 {}", path.display()),
            ));
        }
        let text = Zeroizing::new(fs::read_to_string(path)?);
        let file: KeyringFile =
            toml::from_str(&text).map_err(|e| wrong(e.message().to_owned(), "Put the keyring back from your backup."))?;
        let bytes = Zeroizing::new(STANDARD.decode(&file.master).unwrap_or_default());
        let master: [u8; 32] = bytes
            .as_slice()
            .try_into()
            .map_err(|_| wrong("the master key is not 32 bytes".to_owned(), "Put the keyring back from your backup."))?;
        if master.iter().all(|b| *b == master[0]) {
            return Err(wrong("the master key is not random".to_owned(), "Delete the file in an empty DATA_DIR and start again."));
        }
        Ok(Self { master: Zeroizing::new(master), id: file.id })
    }

    /// A key for one purpose.
    pub fn derive(&self, purpose: &str) -> Zeroizing<[u8; 32]> {
        let salt = hkdf::Salt::new(hkdf::HKDF_SHA256, b"one-legal keyring v1");
        let pseudo_random = salt.extract(&self.master[..]);
        let mut key = Zeroizing::new([0; 32]);
        pseudo_random
            .expand(&[purpose.as_bytes()], hkdf::HKDF_SHA256)
            .and_then(|okm| okm.fill(&mut key[..]))
            .expect("32 bytes is one block of HKDF-SHA-256");
        key
    }

    /// Encrypts a small secret: 12-byte nonce ‖ ciphertext ‖ tag. `context` must be the same when opening.
    pub fn seal(&self, purpose: &str, context: &[u8], plain: &[u8]) -> Vec<u8> {
        seal_with(&self.derive(purpose), context, plain)
    }

    /// Decrypts what [`Keyring::seal`] made; any changed byte, purpose or context fails.
    pub fn open_sealed(&self, purpose: &str, context: &[u8], sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>> {
        open_with(&self.derive(purpose), context, sealed)
    }

    /// HMAC-SHA-256 under the purpose's key, hex.
    pub fn sign(&self, purpose: &str, message: &[u8]) -> String {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.derive(purpose)[..]).expect("HMAC takes any key length");
        mac.update(message);
        hex::encode(mac.finalize().into_bytes())
    }
}

#[async_trait::async_trait]
impl KeyStore for Keyring {
    fn key_id(&self) -> String {
        self.id.clone()
    }

    async fn wrap(&self, context: &[u8], key: &[u8; 32]) -> Result<Vec<u8>> {
        Ok(self.seal("tenant-key", context, key))
    }

    async fn unwrap(&self, key_id: &str, context: &[u8], wrapped: &[u8]) -> Result<Zeroizing<[u8; 32]>> {
        if key_id != self.id {
            return Err(Error::Internal(anyhow::anyhow!("wrapped by key {key_id}, the keyring holds {}", self.id)));
        }
        let plain = self.open_sealed("tenant-key", context, wrapped)?;
        let key: [u8; 32] = plain.as_slice().try_into().map_err(|_| anyhow::anyhow!("a tenant key is 32 bytes"))?;
        Ok(Zeroizing::new(key))
    }
}

/// AES-256-GCM with a fresh random nonce: nonce ‖ ciphertext ‖ tag.
pub fn seal_with(key: &[u8; 32], context: &[u8], plain: &[u8]) -> Vec<u8> {
    let nonce = random::bytes::<12>();
    let cipher = cipher(key);
    let mut out = Vec::with_capacity(12 + plain.len() + 16);
    out.extend_from_slice(&nonce);
    let mut body = plain.to_vec();
    cipher
        .seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), Aad::from(context), &mut body)
        .expect("AES-GCM takes up to 64 GiB");
    out.extend_from_slice(&body);
    out
}

/// The reverse of [`seal_with`].
pub fn open_with(key: &[u8; 32], context: &[u8], sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>> {
    let broken = || Error::Internal(anyhow::anyhow!("a sealed value does not open: wrong key, or it was changed"));
    let (nonce, body) = sealed.split_at_checked(12).ok_or_else(broken)?;
    let nonce: [u8; 12] = nonce.try_into().map_err(|_| broken())?;
    let mut body = Zeroizing::new(body.to_vec());
    let length =
        cipher(key).open_in_place(Nonce::assume_unique_for_key(nonce), Aad::from(context), &mut body).map_err(|_| broken())?.len();
    body.truncate(length);
    Ok(body)
}

fn cipher(key: &[u8; 32]) -> LessSafeKey {
    LessSafeKey::new(UnboundKey::new(&AES_256_GCM, key).expect("the key is 32 bytes"))
}
