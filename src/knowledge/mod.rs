//! The knowledge base, and help: from a question to an article, a ticket or a person.
//!
//! Promise: a client finds what is published for clients of their MSP, by what they type and without any model; a draft reaches
//! nobody. Whoever wants a person gets a conversation of the one messaging, in which only they and the staff who took it are.
//! Owns: `knowledge_*`. Refuses: taking what somebody else has taken, closing without saying what came of it.
//! Tells: [`events`].
//!
//! [`answer`] finds what there is to a question. Where a model is set, and the MSP's admin leaves it on, it may write an answer from
//! what was found ([`commands::write_answer`]); what was found stands below it, and alone where there is no answer.

mod access;
mod article;
mod commands;
pub mod events;
mod pages;
mod queries;
mod reply;
pub mod routes;
mod search;

pub use access::{HelpWorker, ReadableArticle, Talk};
pub use article::SaveArticle;
pub use commands::{
    ask::{AskPerson, ask},
    claim::claim,
    close::{Closing, close},
    rate::{rate, see},
    save_article::save_article,
};
pub use queries::{Answer, Found, TalkLine, answer, talks_of, waiting_count, waiting_for_staff};
