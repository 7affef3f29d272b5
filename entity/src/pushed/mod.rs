//! Documents that another installation pushed for signature.

pub mod document;
