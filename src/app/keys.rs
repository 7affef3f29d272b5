//! `one-legal keys`: tenant and data keys from the command line.

use std::sync::Arc;

use clap::Subcommand;
use entity::{
    Reach,
    ids::{DataKeyId, TenantId},
};

use crate::{
    platform::{Actor, Error, Platform, Result},
    tenancy, vault,
};

#[derive(Subcommand)]
pub enum KeysCommand {
    /// The tenant keys, and how many data keys stand under each
    List,
    /// Gives a tenant a new key and re-wraps its data keys; started again after a crash, it does the rest
    Rotate {
        #[arg(long, value_name = "SLUG")]
        tenant: String,
    },
    /// Closes one document version or conversation, at once and on every node
    Disable { key: DataKeyId },
    /// Opens it again
    Enable { key: DataKeyId },
}

pub async fn run(platform: &Arc<Platform>, command: KeysCommand) -> Result<i32> {
    let reach = Reach::Everything("the operator keeps the keys");
    match command {
        KeysCommand::List => {
            let tx = platform.read(reach).await?;
            for key in vault::tenant_keys(&tx).await? {
                let name = tenancy::tenant(&tx, key.tenant).await?.map(|tenant| tenant.slug).unwrap_or_default();
                println!(
                    "{name:<20} version {:<3} wrapped by {:<20} {:>6} data keys, {} disabled, since {}",
                    key.version,
                    key.store_key,
                    key.data_keys,
                    key.disabled,
                    key.created_at.words()
                );
            }
            Ok(0)
        }
        KeysCommand::Rotate { tenant } => {
            let Some(id) = tenant_id(platform, &tenant).await? else {
                eprintln!("There is no tenant `{tenant}`.");
                return Ok(2);
            };
            let actor = Actor::program("command keys rotate");
            // What an earlier rotation left undone comes first.
            let rest = vault::rewrap_keys(platform, &actor, id).await;
            match rest {
                Err(Error::NotFound) => {
                    println!("{tenant} has no key yet: nothing was ever encrypted for it.");
                    Ok(0)
                }
                Err(error) => Err(error),
                Ok(rest) => {
                    let keys = vault::rotate_keys(platform, &actor, id).await?;
                    println!("{tenant}: a new tenant key, {} data keys re-wrapped", keys.max(rest));
                    Ok(0)
                }
            }
        }
        KeysCommand::Disable { key } => {
            let mut work = platform.work(Actor::program("command keys disable"), reach).await?;
            vault::disable_key(&mut work, key).await?;
            work.commit().await?;
            println!("{key} is disabled: nothing under it opens until `one-legal keys enable {key}`.");
            Ok(0)
        }
        KeysCommand::Enable { key } => {
            let mut work = platform.work(Actor::program("command keys enable"), reach).await?;
            vault::enable_key(&mut work, key).await?;
            work.commit().await?;
            println!("{key} is enabled.");
            Ok(0)
        }
    }
}

async fn tenant_id(platform: &Arc<Platform>, slug: &str) -> Result<Option<TenantId>> {
    let tx = platform.read(Reach::Everything("a tenant by its slug")).await?;
    Ok(tenancy::tenant_by_slug(&tx, slug).await?.map(|tenant| tenant.id))
}
