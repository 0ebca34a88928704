//! Updates, from draft to publication.

use sea_orm::{
    ActiveModelBehavior, DeriveEntityModel, DerivePrimaryKey, DeriveRelation, EntityTrait, EnumIter, PrimaryKeyTrait,
};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "revision")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: i64,
    pub incident: i64,
    pub number: Option<i64>,
    pub purpose: String,
    pub state: String,
    pub content: String,
    pub version: i64,
    pub author: i64,
    pub writers: String,
    pub submitted_by: Option<i64>,
    pub approved_by: Option<i64>,
    pub approved_hash: Option<String>,
    pub rejection: Option<String>,
    pub break_glass: Option<String>,
    pub created_at: i64,
    pub updated_at: i64,
    pub published_at: Option<i64>,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
