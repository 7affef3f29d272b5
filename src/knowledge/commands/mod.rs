//! What can be done: keep articles, say whether one helped, have an answer written from them, ask for a person, take, join and close.
pub mod allow_model;
pub mod ask;
pub mod claim;
pub mod close;
pub mod rate;
pub mod save_article;
pub mod write_answer;
