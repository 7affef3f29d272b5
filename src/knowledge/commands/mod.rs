//! What can be done: keep articles, say whether one helped, ask for a person, take, join and close.
pub mod ask;
pub mod claim;
pub mod close;
pub mod rate;
pub mod save_article;
