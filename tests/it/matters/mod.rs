//! Matters: from open to closed, their walls, their files.

pub mod desk;
mod files;
mod life;
mod long;
mod portal;
mod walls;
