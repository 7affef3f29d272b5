//! Announcements: written by the MSP's admins, read by those they are for and by nobody else.

mod life;
mod walls;

use crate::support::{Answer, Browser};

/// The form of an announcement, filled in.
pub async fn write(admin: &mut Browser, title: &str, more: &[(&str, &str)]) -> Answer {
    let mut fields = vec![("title", title), ("body", "It is **so**."), ("whom", "all"), ("when", "now")];
    for (name, value) in more {
        if *name != "companies" {
            fields.retain(|(known, _)| known != name);
        }
        fields.push((name, value));
    }
    admin.post("/admin/announcements/new", &fields).await
}
