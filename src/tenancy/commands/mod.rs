//! What tenancy can do.
pub mod act_on_contact;
pub mod add_contact;
pub mod close_sessions;
pub mod create_company;
pub mod create_tenant;
pub mod domains;
pub mod engage;
pub mod enter_by_ticket;
pub mod follow_email;
pub mod invite_contact;
pub mod invite_staff;
pub mod known_contact;
pub mod reset_factor;
pub mod set_alias;
pub mod set_branding;
pub mod set_sign_proof;
