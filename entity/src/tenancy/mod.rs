//! MSPs, their people, their client companies and the contacts there.
pub mod alias;
pub mod company;
pub mod contact;
pub mod domain;
pub mod engagement;
pub mod look;
pub mod look_file;
pub mod staff;
pub mod tenant;

pub use alias::AliasKind;
pub use contact::AccessLevel;
pub use domain::DomainState;
pub use engagement::AttorneyRole;
pub use staff::StaffRole;
pub use tenant::TenantKind;
