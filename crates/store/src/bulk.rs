//! Many rows into a table at once, by statements whose text is always the same: a database prepares each only once.
//!
//! SQLite takes rows as values, in portions of a few sizes. PostgreSQL takes each column as one array, whatever the
//! number of rows.

use sea_orm::{QueryResult, Value};

use crate::reference::hex;
use crate::{StoreError, Tx};

/// A table that is filled by many rows at once. Rows that conflict with others are left out.
pub(crate) struct Bulk {
    pub(crate) table: &'static str,
    /// Columns with their types on PostgreSQL. The first ones are the same for all rows.
    pub(crate) columns: &'static [(&'static str, Sort)],
    /// How many columns are the same for all rows.
    pub(crate) fixed: usize,
    /// What makes two rows conflict.
    pub(crate) unique: &'static str,
}

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sort {
    /// A `smallint`.
    Small,
    /// An `integer`.
    Integer,
    /// A `bigint`.
    Big,
    /// Raw bytes.
    Bytes,
}

/// A value of a row.
#[derive(Clone, Debug)]
pub(crate) enum Cell {
    Number(Option<i64>),
    Bytes(Option<Vec<u8>>),
}

impl From<i64> for Cell {
    fn from(number: i64) -> Self {
        Self::Number(Some(number))
    }
}

impl From<i32> for Cell {
    fn from(number: i32) -> Self {
        Self::Number(Some(number.into()))
    }
}

impl From<i16> for Cell {
    fn from(number: i16) -> Self {
        Self::Number(Some(number.into()))
    }
}

impl From<Cell> for Value {
    fn from(cell: Cell) -> Self {
        match cell {
            Cell::Number(number) => number.into(),
            Cell::Bytes(bytes) => bytes.into(),
        }
    }
}

/// Rows of one statement on SQLite: a group of texts fits one, and so does much of a large group.
const PORTIONS: [usize; 4] = [128, 20, 5, 1];

impl Bulk {
    /// One statement for so many rows, with bare placeholders: numbered ones are looked up by their names.
    fn sqlite(&self, rows: usize, returning: &str) -> String {
        let row = format!("({})", vec!["?"; self.columns.len()].join(", "));
        let Self { table, unique, .. } = self;
        let rows = vec![row; rows].join(", ");
        format!("INSERT INTO {table} ({}) VALUES {rows} ON CONFLICT ({unique}) DO NOTHING{returning}", self.names(0))
    }

    /// One statement for any number of rows. Arrays travel as text, which needs no more of the driver than texts do.
    fn postgres(&self, returning: &str) -> String {
        let Self { table, unique, fixed, columns } = self;
        let same = columns[..*fixed].iter().enumerate().map(|(place, (_, sort))| sort.value(place + 1));
        let each = columns[*fixed..].iter().map(|(name, sort)| sort.element(name));
        let select: Vec<String> = same.chain(each).collect();
        let arrays = columns[*fixed..].iter().enumerate().map(|(place, (_, sort))| sort.array(fixed + place + 1));
        format!(
            "INSERT INTO {table} ({}) SELECT {} FROM unnest({}) AS rows ({}) ON CONFLICT ({unique}) DO NOTHING{returning}",
            self.names(0),
            select.join(", "),
            arrays.collect::<Vec<_>>().join(", "),
            self.names(*fixed),
        )
    }

    fn names(&self, from: usize) -> String {
        self.columns[from..].iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ")
    }

    /// The values for PostgreSQL: those that are the same, and an array of each other column.
    fn transposed(&self, same: Vec<Cell>, rows: &[Cell]) -> Vec<Value> {
        let width = self.columns.len() - self.fixed;
        let column = |place: usize| rows.iter().skip(place).step_by(width);
        same.into_iter().map(Value::from).chain((0..width).map(|place| array(column(place)).into())).collect()
    }
}

impl Sort {
    const fn name(self) -> &'static str {
        match self {
            Self::Small => "smallint",
            Self::Integer => "integer",
            Self::Big => "bigint",
            Self::Bytes => "bytea",
        }
    }

    fn value(self, placeholder: usize) -> String {
        format!("CAST(${placeholder} AS {})", if self == Self::Bytes { "bytea" } else { "bigint" })
    }

    fn array(self, placeholder: usize) -> String {
        let element = if self == Self::Bytes { "text" } else { self.name() };
        format!("CAST(CAST(${placeholder} AS text) AS {element}[])")
    }

    fn element(self, name: &str) -> String {
        if self == Self::Bytes { format!("decode(rows.{name}, 'hex')") } else { format!("rows.{name}") }
    }
}

/// An array as PostgreSQL writes it.
fn array<'a>(cells: impl Iterator<Item = &'a Cell>) -> String {
    let mut text = String::from("{");
    for cell in cells {
        if text.len() > 1 {
            text.push(',');
        }
        match cell {
            Cell::Number(Some(number)) => text.push_str(&number.to_string()),
            Cell::Bytes(Some(bytes)) => text.extend(["\"", &hex(bytes), "\""]),
            Cell::Number(None) | Cell::Bytes(None) => text.push_str("NULL"),
        }
    }
    text.push('}');
    text
}

impl Tx {
    /// Inserts rows, one after another in `rows`, and returns how many were not there yet.
    pub(crate) async fn insert_all(&self, bulk: &Bulk, same: Vec<Cell>, rows: Vec<Cell>) -> Result<u64, StoreError> {
        let mut inserted = 0;
        for (sql, values) in self.statements(bulk, same, rows, "") {
            inserted += self.run(sql, values).await?;
        }
        Ok(inserted)
    }

    /// As [`Tx::insert_all`], but returns these columns of each row that was not there yet.
    pub(crate) async fn insert_all_returning(
        &self,
        bulk: &Bulk,
        (same, rows): (Vec<Cell>, Vec<Cell>),
        columns: &str,
    ) -> Result<Vec<QueryResult>, StoreError> {
        let mut inserted = Vec::new();
        for (sql, values) in self.statements(bulk, same, rows, &format!(" RETURNING {columns}")) {
            inserted.extend(self.rows(sql, values).await?);
        }
        Ok(inserted)
    }

    fn statements(&self, bulk: &Bulk, same: Vec<Cell>, rows: Vec<Cell>, end: &str) -> Vec<(String, Vec<Value>)> {
        if rows.is_empty() {
            return Vec::new();
        }
        if !self.is_sqlite() {
            return vec![(bulk.postgres(end), bulk.transposed(same, &rows))];
        }
        let width = bulk.columns.len() - bulk.fixed;
        let mut left = rows.len() / width;
        let mut cells = rows.into_iter();
        let mut statements = Vec::new();
        for portion in PORTIONS {
            while left >= portion {
                let mut values = Vec::with_capacity(portion * bulk.columns.len());
                for _ in 0..portion {
                    values.extend(same.iter().cloned().map(Value::from));
                    values.extend(cells.by_ref().take(width).map(Value::from));
                }
                statements.push((bulk.sqlite(portion, end), values));
                left -= portion;
            }
        }
        statements
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BULK: Bulk = Bulk {
        table: "t",
        columns: &[("a", Sort::Big), ("b", Sort::Small), ("c", Sort::Bytes)],
        fixed: 1,
        unique: "a, b",
    };

    #[test]
    fn postgres_takes_columns_and_sqlite_takes_rows() {
        let postgres = "INSERT INTO t (a, b, c) SELECT CAST($1 AS bigint), rows.b, decode(rows.c, 'hex') \
            FROM unnest(CAST(CAST($2 AS text) AS smallint[]), CAST(CAST($3 AS text) AS text[])) AS rows (b, c) \
            ON CONFLICT (a, b) DO NOTHING RETURNING b";
        assert_eq!(BULK.postgres(" RETURNING b"), postgres);
        let sqlite = "INSERT INTO t (a, b, c) VALUES (?, ?, ?), (?, ?, ?) ON CONFLICT (a, b) DO NOTHING";
        assert_eq!(BULK.sqlite(2, ""), sqlite);
    }

    #[test]
    fn arrays_hold_numbers_bytes_and_nothing() {
        let rows = [Cell::from(-5_i64), Cell::Bytes(Some(vec![1, 255])), Cell::Number(None), Cell::Bytes(None)];
        let values = BULK.transposed(vec![Cell::from(7_i16)], &rows);
        let expected: [Value; 3] = [7_i64.into(), "{-5,NULL}".into(), "{\"01ff\",NULL}".into()];
        assert_eq!(values, expected);
    }
}
