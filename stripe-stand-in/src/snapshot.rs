//! The optional snapshot: the whole world in a file, written after every change, so that the stand-in survives being
//! killed together with what it serves.

use std::path::Path;

use crate::world::World;

pub fn read(path: &Path) -> std::io::Result<Option<World>> {
    match std::fs::read(path) {
        Ok(bytes) => serde_json::from_slice(&bytes).map(Some).map_err(std::io::Error::other),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

pub fn write(path: &Path, world: &World) -> std::io::Result<()> {
    let bytes = serde_json::to_vec(world).map_err(std::io::Error::other)?;
    let beside = path.with_extension("new");
    std::fs::write(&beside, bytes)?;
    std::fs::rename(&beside, path)
}
