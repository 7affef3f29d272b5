//! What the MSP has written down for its clients, who found it of help, and who asked for a person.
pub mod answering;
pub mod article;
pub mod help;
pub mod reader;

pub use article::ArticleStatus;
pub use help::{HelpStatus, Resolution};
