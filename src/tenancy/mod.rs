//! MSPs, client companies, contacts, engagements, roles and look: who is calling, and where.
//!
//! Owns: `tenancy_*`. [`Caller`] is the answer to "who asks", made once per request by the session middleware.

pub mod caller;
mod commands;
pub mod domain;
mod look;
pub mod picture;
mod queries;
pub mod sheet;

pub use caller::{Caller, Seat};
pub use commands::{
    act_on_contact::act_on_contact,
    add_contact::{AddContact, add_contact, change_contact},
    close_sessions::{close_as_admin, close_as_operator, may_close, person_here, person_of_firm},
    create_company::{CreateCompany, Imported, change_company, create_company, import_companies},
    create_tenant::{CreateTenant, create_tenant},
    domains::{add_domain, check_domain, check_due, check_forever, remove_domain},
    engage::{
        deactivate_in_firm, end_engagement, engage, first_operator, invite_attorney, invite_operator, reactivate_in_firm,
        resend_to_firm,
    },
    enter_by_ticket::{BY_TICKET, enter_by_ticket, tenant_of_ticket},
    follow_email::follow_email,
    invite_contact::{NOT_INVITABLE, deactivate_contact, invitation_link, invite_contact, reactivate_contact},
    invite_staff::{
        InviteStaff, change_role, deactivate_staff, invite_owner, invite_staff, reactivate_staff, resend_staff, unlock_staff,
    },
    known_contact::{Known, know_by_psa_number, known_contact},
    reset_factor::{cancel_as_operator, cancel_as_owner, confirm_as_operator, confirm_as_owner, start_as_operator, works_here},
    set_alias::set_company_number,
    set_branding::{SetBranding, keep_look_file, restore_branding, set_branding},
    set_sign_proof::{set_sign_proof, take_lost_factor},
};
pub use look::{Shade, contrast, first_color, look, readable, rgb, shades};
pub use queries::{
    Reachable, alias, attorneys_of, caller_of, companies, companies_among, companies_leaf, company_in, company_names,
    company_number, contact_by_email, contact_in, contact_of_account, contacts_in, contacts_leaf, contacts_of, domain_holder,
    domains, engaged_with, engagement_of, engagements, every_or, is_named_host, look_file, looks, msps, only_tenant, reachable,
    roles_ever, seats, staff_by_account, staff_in, staff_of, tenant, tenant_by_host, tenant_by_slug, tenants, tenants_among,
};
