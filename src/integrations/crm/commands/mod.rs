//! What can be done: tell the CRM a client's figures.

pub mod tell;
