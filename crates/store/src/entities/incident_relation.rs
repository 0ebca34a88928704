//! What one incident says of another.

use sea_orm::{
    ActiveModelBehavior, DeriveEntityModel, DerivePrimaryKey, DeriveRelation, EntityTrait, EnumIter, PrimaryKeyTrait,
};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "incident_relation")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub incident: i64,
    #[sea_orm(primary_key, auto_increment = false)]
    pub other: i64,
    pub kind: String,
    pub stated_by: Option<String>,
    pub stated_at: Option<i64>,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
