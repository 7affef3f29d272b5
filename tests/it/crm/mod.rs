//! The CRM: the MSP's clients come from it, and it hears their figures.

mod pages;
pub mod standin;
mod take;
mod tell;
