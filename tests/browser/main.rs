//! Tests in a real Chromium against the real binary, started with `serve` or `demo` on a folder of its own.

#![allow(clippy::disallowed_methods, reason = "tests read the environment and live in real time")]

mod access;
mod authenticator;
#[path = "../causes/mod.rs"]
mod causes;
mod chrome;
mod conversation;
mod demo;
mod help;
mod passkey;
mod path;
mod payout;
mod person;
mod product;
#[path = "../it/knowledge/standin.rs"]
#[allow(dead_code, reason = "the moods that other tests need")]
mod standin;
mod till;
mod troubles;
mod ways_in;
