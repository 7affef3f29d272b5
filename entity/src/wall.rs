//! The wall between tenants, as the type system sees it: a table that holds a tenant's data is
//! [`Walled`] and is only read through a [`Reach`]; `EntityTrait::find` is forbidden by clippy.
//! On PostgreSQL the same reach is enforced a second time by row-level security.

use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, Select};

use crate::ids::TenantId;

/// Whose data a unit of work may touch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reach {
    /// Every tenant: for sign-in, jobs and the command line, never for a request's own data. Says why.
    Everything(&'static str),
    /// These tenants and no other.
    Tenants(Vec<TenantId>),
}

impl Reach {
    /// As PostgreSQL's row-level security reads it from `app.tenants`: `*` or a comma-separated list.
    pub fn setting(&self) -> String {
        match self {
            Self::Everything(_) => "*".to_owned(),
            Self::Tenants(tenants) => tenants.iter().map(ToString::to_string).collect::<Vec<_>>().join(","),
        }
    }

    pub fn covers(&self, tenant: TenantId) -> bool {
        match self {
            Self::Everything(_) => true,
            Self::Tenants(tenants) => tenants.contains(&tenant),
        }
    }
}

/// A table whose rows belong to a tenant.
pub trait Walled: EntityTrait {
    fn tenant_column() -> Self::Column;

    /// The rows inside the reach.
    #[expect(clippy::disallowed_methods, reason = "the scoped finder itself")]
    fn within(reach: &Reach) -> Select<Self> {
        match reach {
            Reach::Everything(_) => Self::find(),
            Reach::Tenants(tenants) => {
                Self::find().filter(Condition::all().add(Self::tenant_column().is_in(tenants.iter().map(|t| t.0))))
            }
        }
    }
}

/// A table that holds no tenant's data (accounts, sessions, jobs): its slice decides who may read it.
pub trait Unwalled: EntityTrait {
    #[expect(clippy::disallowed_methods, reason = "the finder of tables outside the wall")]
    fn rows() -> Select<Self> {
        Self::find()
    }
}
