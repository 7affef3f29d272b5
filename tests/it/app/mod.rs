//! Health, settings, the law of modules, and what every route has in common: headers, origins, the wire.

mod addresses;
mod broken;
pub mod crawl;
mod crowd;
mod escaping;
mod faces;
mod headers;
mod health;
mod jobs;
mod law;
mod nonsense;
mod origin;
mod remote;
mod settings;
mod slow;
mod statements;
mod statics;
mod story;
mod styles;
mod wire;
