//! E-mail addresses as they are compared: one spelling for all the ways to type one. And the realms they are unique in.

use entity::ids::TenantId;
use unicode_normalization::UnicodeNormalization;

/// The realm of operators, MSP staff and attorneys.
pub const FIRM: &str = "legal";

/// The realm of a tenant's clients and members.
pub fn portal_realm(tenant: TenantId) -> String {
    format!("portal:{tenant}")
}

/// The realm of those a tenant invited to its staff under an address that signs in for somebody else: nobody signs in there, and who
/// invited them sees an invitation like any other (ASVS 6.3.8: no account is told by how an answer looks).
pub fn elsewhere_realm(tenant: TenantId) -> String {
    format!("elsewhere:{tenant}")
}

/// The tenant a realm belongs to; none for the firm's.
pub fn realm_tenant(realm: &str) -> Option<TenantId> {
    realm.strip_prefix("portal:").and_then(|id| id.parse().ok())
}

/// NFKC, lower case, trimmed; cut where no address is that long.
pub fn normalise(email: &str) -> String {
    email.trim().nfkc().flat_map(char::to_lowercase).filter(|c| !c.is_control()).take(254).collect::<String>().trim().to_owned()
}

/// The address in its one spelling, if mail can be sent there.
pub fn parse(email: &str) -> Option<String> {
    let email = normalise(email);
    let host = email.rsplit_once('@')?.1;
    (host.contains('.') && email.parse::<lettre::Address>().is_ok()).then_some(email)
}
