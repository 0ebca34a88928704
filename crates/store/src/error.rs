//! What can go wrong with the database, sorted by what the caller can do about it.

use domain::{HasKind, Kind};
use sea_orm::{DbErr, RuntimeErr};
use sqlx::error::{DatabaseError, ErrorKind};

/// A failure of the database. Its texts hold codes and names of tables, never values.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// It cannot be reached, or it is locked, read-only, full or damaged. Later the same call may work.
    #[error("the database cannot be used now")]
    Unavailable(#[source] Cause),
    /// The row is there already, or it changed in the meantime.
    #[error("it is there already, or it changed in the meantime")]
    Conflict(#[source] Cause),
    /// A defect, or data that no longer makes sense.
    #[error("the database did not do what it must")]
    Broken(#[source] Cause),
}

/// What the database said, for the log.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct Cause(String);

impl StoreError {
    pub(crate) fn unavailable(cause: impl Into<String>) -> Self {
        Self::Unavailable(Cause(cause.into()))
    }

    pub(crate) fn broken(cause: impl Into<String>) -> Self {
        Self::Broken(Cause(cause.into()))
    }
}

impl HasKind for StoreError {
    fn kind(&self) -> Kind {
        match self {
            Self::Unavailable(_) => Kind::Unavailable,
            Self::Conflict(_) => Kind::Conflict,
            Self::Broken(_) => Kind::Broken,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::Unavailable(_) => "database-unavailable",
            Self::Conflict(_) => "changed-meanwhile",
            Self::Broken(_) => "broken",
        }
    }
}

impl From<DbErr> for StoreError {
    fn from(error: DbErr) -> Self {
        match &error {
            DbErr::Conn(RuntimeErr::SqlxError(inner))
            | DbErr::Exec(RuntimeErr::SqlxError(inner))
            | DbErr::Query(RuntimeErr::SqlxError(inner)) => Self::from(&**inner),
            DbErr::Conn(_) | DbErr::ConnectionAcquire(_) => Self::unavailable(error.to_string()),
            _ => Self::broken(error.to_string()),
        }
    }
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        Self::from(&error)
    }
}

impl From<&sqlx::Error> for StoreError {
    fn from(error: &sqlx::Error) -> Self {
        match error {
            sqlx::Error::Database(inner) => from_database(&**inner),
            sqlx::Error::Io(_)
            | sqlx::Error::Tls(_)
            | sqlx::Error::Protocol(_)
            | sqlx::Error::PoolTimedOut
            | sqlx::Error::PoolClosed
            | sqlx::Error::WorkerCrashed => Self::unavailable(error.to_string()),
            // The text of a decoding error can quote the value.
            sqlx::Error::ColumnDecode { index, .. } => Self::broken(format!("column {index} cannot be decoded")),
            sqlx::Error::Decode(_) => Self::broken("a value cannot be decoded"),
            _ => Self::broken(error.to_string()),
        }
    }
}

impl From<serde_json::Error> for StoreError {
    fn from(error: serde_json::Error) -> Self {
        // The text of the error can quote the value.
        Self::broken(format!("stored JSON does not fit: {:?} at column {}", error.classify(), error.column()))
    }
}

fn from_database(error: &dyn DatabaseError) -> StoreError {
    let code = error.code().unwrap_or_default();
    if error.kind() == ErrorKind::UniqueViolation {
        return StoreError::Conflict(Cause(format!("{code}: unique constraint")));
    }
    let unavailable = match code.parse::<i32>() {
        Ok(number) if error.try_downcast_ref::<sqlx::sqlite::SqliteError>().is_some() => is_sqlite_outage(number),
        _ => is_postgres_outage(&code),
    };
    // The message of class 22 (a value that does not fit) quotes the value.
    let message = if code.starts_with("22") { "a value does not fit" } else { error.message() };
    let cause = format!("{code}: {message}");
    if unavailable { StoreError::unavailable(cause) } else { StoreError::broken(cause) }
}

/// PERM, BUSY, LOCKED, READONLY, INTERRUPT, IOERR, CORRUPT, FULL, CANTOPEN, PROTOCOL, AUTH, NOTADB; the upper bytes
/// of the number are details (<https://sqlite.org/rescode.html>).
const fn is_sqlite_outage(number: i32) -> bool {
    matches!(number & 0xff, 3 | 5 | 6 | 8 | 9 | 10 | 11 | 13 | 14 | 15 | 23 | 26)
}

/// Classes of SQLSTATE: connection, authorisation, no such database, rolled back for others' sake, resources, not
/// in a state to answer, operator intervention, system error, damage; and the code of a read-only database.
fn is_postgres_outage(code: &str) -> bool {
    ["08", "28", "3D", "40", "53", "55", "57", "58", "XX"].iter().any(|class| code.starts_with(class))
        || code == "25006"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_busy_full_or_damaged_file_is_an_outage_and_a_defect_is_not() {
        for number in [5, 261, 517, 8, 1032, 10, 266, 11, 13, 14, 26] {
            assert!(is_sqlite_outage(number), "{number}");
        }
        for number in [1, 19, 787, 1299, 20, 25] {
            assert!(!is_sqlite_outage(number), "{number}");
        }
    }

    #[test]
    fn a_restarting_server_is_an_outage_and_a_syntax_error_is_not() {
        for code in ["57P01", "57P03", "08006", "53300", "40P01", "25006", "XX001"] {
            assert!(is_postgres_outage(code), "{code}");
        }
        for code in ["42601", "42P01", "22003", "23503"] {
            assert!(!is_postgres_outage(code), "{code}");
        }
    }

    #[test]
    fn damaged_json_is_told_without_its_content() {
        let error: serde_json::Error = serde_json::from_str::<i64>("\"07700900123\"").unwrap_err();
        let StoreError::Broken(cause) = StoreError::from(error) else { panic!("a defect") };
        assert!(!cause.to_string().contains("07700900123"));
    }
}
