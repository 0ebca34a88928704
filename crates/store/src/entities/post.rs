//! Parts of posts.

use sea_orm::{
    ActiveModelBehavior, DeriveEntityModel, DerivePrimaryKey, DeriveRelation, EntityTrait, EnumIter, PrimaryKeyTrait,
};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "post")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: i64,
    pub broadcast: i64,
    pub incident: i64,
    pub account: String,
    pub language: i16,
    pub part: i32,
    pub body: String,
    pub idempotency_key: String,
    pub state: i16,
    pub next_at: i64,
    pub lease: i64,
    pub lease_until: i64,
    pub attempts: i32,
    pub remote_id: Option<String>,
    pub code: i32,
    pub done_at: Option<i64>,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
