//! What tenancy can do.
pub mod add_contact;
pub mod close_sessions;
pub mod create_company;
pub mod create_tenant;
pub mod engage;
pub mod follow_email;
pub mod invite_contact;
pub mod invite_staff;
pub mod reset_factor;
pub mod set_branding;
