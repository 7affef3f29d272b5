//! The client's invoices, and the admin's page of Books.

pub mod books;
pub mod list;
pub mod show;
