//! Invoices: from Books to the client they are for, and to nobody else.

mod books;
mod pages;
mod standin;
