//! That somebody looked for Mission pages in the portal of this MSP: on its host, or signed in as its client.

use sea_orm::entity::prelude::*;

use crate::{Moment, Walled, ids::TenantId};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "mission_astray")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant_id: TenantId,
    /// The host that was asked.
    pub host: String,
    pub at: Moment,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}
impl ActiveModelBehavior for ActiveModel {}
impl Walled for Entity {
    fn tenant_column() -> Column {
        Column::TenantId
    }
}
