//! Incidents and planned work.

use sea_orm::{
    ActiveModelBehavior, DeriveEntityModel, DerivePrimaryKey, DeriveRelation, EntityTrait, EnumIter, PrimaryKeyTrait,
};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "incident")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: i64,
    pub number: i64,
    pub kind: String,
    pub organisation: String,
    pub languages: String,
    pub slug: String,
    pub opened_at: i64,
    pub starts_at: i64,
    pub ends_at: Option<i64>,
    pub published_at: Option<i64>,
    pub resolved_at: Option<i64>,
    pub changed: i64,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
