//! People who asked to be told, or to be told no more.

use sea_orm::{
    ActiveModelBehavior, DeriveEntityModel, DerivePrimaryKey, DeriveRelation, EntityTrait, EnumIter, PrimaryKeyTrait,
};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "subscriber")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: i64,
    pub channel: i16,
    pub blind: Vec<u8>,
    pub contact: Option<Vec<u8>>,
    pub language: i16,
    pub areas: i64,
    pub min_severity: i16,
    pub state: i16,
    pub source: String,
    pub wording: String,
    pub consented_at: i64,
    pub changed_at: i64,
    pub reason: Option<String>,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
