//! Invoices: from Books to the client they are for, and to nobody else.

pub mod books;
mod pages;
pub mod standin;
