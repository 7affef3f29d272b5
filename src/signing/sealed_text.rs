//! The text of an envelope lies sealed under the envelope's own key; only here it is closed and opened.

use std::sync::Arc;

use entity::{
    ids::{DataKeyId, EnvelopeId, TenantId},
    signing::envelope,
};
use zeroize::Zeroizing;

use crate::{
    platform::{Error, Platform, Result, Tx, Work, secret},
    vault,
};

/// Seals the text under a fresh key; the envelope's id is authenticated with it.
pub(super) async fn close(work: &mut Work, tenant: TenantId, envelope: EnvelopeId, text: &str) -> Result<(DataKeyId, Vec<u8>)> {
    let id = vault::new_data_key(work, tenant, &format!("envelope:{envelope}")).await?;
    let platform = Arc::clone(work.platform());
    let key = vault::data_key(&platform, work.read(), id).await?;
    Ok((id, key.seal(envelope.0.as_bytes(), text.as_bytes())))
}

/// The exact bytes shown; an error where they are not those the envelope's hash names.
pub(super) async fn open(platform: &Arc<Platform>, tx: &Tx, row: &envelope::Model) -> Result<Zeroizing<String>> {
    let key = vault::data_key(platform, tx, row.key_id).await?;
    let bytes = key.open(row.id.0.as_bytes(), &row.text)?;
    if secret::sha256_hex(&bytes) != row.sha256 {
        return Err(Error::Internal(anyhow::anyhow!("the text of envelope {} is not the one its hash names", row.id)));
    }
    let text =
        String::from_utf8(bytes.to_vec()).map_err(|e| anyhow::anyhow!("the text of an envelope is UTF-8: {}", e.utf8_error()))?;
    Ok(Zeroizing::new(text))
}

/// Whether the stored text is still the one the envelope's hash names.
pub(super) async fn is_whole(platform: &Arc<Platform>, tx: &Tx, row: &envelope::Model) -> Result<bool> {
    let key = vault::data_key(platform, tx, row.key_id).await?;
    Ok(key.open(row.id.0.as_bytes(), &row.text).is_ok_and(|bytes| secret::sha256_hex(&bytes) == row.sha256))
}
