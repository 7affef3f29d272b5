//! The screens, one file each.
pub mod audit;
pub mod branding;
pub mod clients;
pub mod documents;
pub mod domains;
pub mod health;
pub mod integrations;
pub mod jobs;
pub mod operator;
pub mod people;
pub mod resets;
pub mod sign_in;
pub mod staff;

use crate::platform::{Error, FieldErrors, Result};

const ACCESS_LEVELS: &[(&str, &str)] =
    &[("own", "Own items"), ("company", "Everything of the company"), ("company_admin", "Everything, and the company's team")];

const STAFF_ROLES: &[(&str, &str)] = &[("owner", "Owner"), ("admin", "Admin"), ("member", "Technician"), ("viewer", "Viewer")];

const ATTORNEY_ROLES: &[(&str, &str)] = &[
    ("primary", "Primary attorney"),
    ("associate", "Associate attorney"),
    ("of_counsel", "Of counsel"),
    ("paralegal", "Paralegal"),
    ("outside_counsel", "Outside counsel"),
];

/// Zones offered in forms; any IANA name is taken.
fn zones() -> &'static [(&'static str, &'static str)] {
    &[
        ("America/New_York", "Eastern (New York)"),
        ("America/Chicago", "Central (Chicago)"),
        ("America/Denver", "Mountain (Denver)"),
        ("America/Phoenix", "Arizona (Phoenix)"),
        ("America/Los_Angeles", "Pacific (Los Angeles)"),
        ("America/Anchorage", "Alaska (Anchorage)"),
        ("Pacific/Honolulu", "Hawaii (Honolulu)"),
        ("America/Toronto", "Toronto"),
        ("Europe/London", "London"),
        ("Europe/Berlin", "Berlin"),
        ("Australia/Sydney", "Sydney"),
        ("UTC", "UTC"),
    ]
}

/// What belongs into the form again: wrong fields beside them, a rule's no above. Any other error goes up.
fn shown(error: Error) -> Result<FieldErrors> {
    match error {
        Error::Invalid(errors) => Ok(errors),
        Error::Refused(refusal) if refusal.status == actix_web::http::StatusCode::CONFLICT => {
            let mut errors = FieldErrors::default();
            errors.add("", format!("{} {}", refusal.sentence, refusal.next_step));
            Ok(errors)
        }
        other => Err(other),
    }
}
