//! The handles through which everything goes: [`Store`] for all, [`Reads`] to look, [`Tx`] to write.

use std::collections::BTreeMap;
use std::ops::Deref;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use domain::Env;
use domain::delivery::ProviderName;
use sea_orm::{
    ConnectionTrait, DatabaseConnection, DatabaseExecutor, DatabaseTransaction, DbBackend, QueryResult,
    SqliteTransactionMode, Statement, TransactionOptions, TransactionTrait, Value,
};
use sqlx::PgPool;
use tokio::sync::{Mutex, OwnedMutexGuard};

use crate::batch::Batch;
use crate::column::{self, Placeholders};
use crate::connect::{BUSY_TIMEOUT, Place};
use crate::journal::Step;
use crate::key::Key;
use crate::vault::Vault;
use crate::watch::{Bell, Wake, Watch};
use crate::{Briefings, Published, ReceiptIn, Settings, StoreError, Subscriptions};

/// Everything the database can do. Cheap to clone.
#[derive(Clone)]
pub struct Store {
    reads: Arc<Reads>,
}

/// Looks at the database, on a connection of the pool or within a transaction.
pub struct Reads {
    conn: Conn,
    pub(crate) core: Arc<Core>,
}

/// A transaction that writes. What is not committed is rolled back when it is dropped.
pub struct Tx {
    reads: Reads,
    news: AtomicBool,
    work: AtomicBool,
    /// On SQLite the one writer of this process; the others wait here instead of in a busy loop.
    _turn: Option<OwnedMutexGuard<()>>,
}

enum Conn {
    Pool(DatabaseConnection),
    Transaction(DatabaseTransaction),
}

/// Providers by their names.
pub(crate) type Names = std::sync::Mutex<BTreeMap<ProviderName, i16>>;

pub(crate) struct Core {
    pub(crate) env: Env,
    pub(crate) vault: Vault,
    pub(crate) place: Place,
    pub(crate) receipts: Batch<ReceiptIn, bool>,
    pub(crate) steps: Batch<Step, Result<bool, StoreError>>,
    /// The numbers of providers, as far as they were asked for.
    pub(crate) providers: Names,
    /// For the rates that processes share on PostgreSQL.
    pub(crate) rates: Option<PgPool>,
    backend: DbBackend,
    bell: Bell,
    turn: Arc<Mutex<()>>,
}

impl Store {
    /// Connects, makes the SQLite file where there is none, and checks that the database answers.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] when it does not; [`StoreError::Broken`] for an address that makes no sense.
    pub async fn connect(settings: &Settings, key: &Key, env: Env) -> Result<Self, StoreError> {
        let store = Self::connect_lazy(settings, key, env)?;
        store.reads.core.place.create_if_missing().await?;
        store.ping().await?;
        Ok(store)
    }

    /// Touches nothing until the first use. A lost database is connected to again by whichever call comes next.
    ///
    /// # Errors
    /// [`StoreError::Broken`] for an address that makes no sense.
    pub fn connect_lazy(settings: &Settings, key: &Key, env: Env) -> Result<Self, StoreError> {
        let place = Place::from_settings(settings)?;
        let db = place.open(settings);
        let core = Core {
            vault: Vault::new(key, env.clone()),
            backend: db.get_database_backend(),
            bell: Bell::new(env.token()),
            turn: Arc::default(),
            receipts: Batch::default(),
            steps: Batch::default(),
            providers: Names::default(),
            rates: place.rate_pool(settings),
            place,
            env,
        };
        Ok(Self { reads: Arc::new(Reads { conn: Conn::Pool(db), core: Arc::new(core) }) })
    }

    /// Begins a transaction that writes; on SQLite it holds the write lock from here on.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] when the database or its write lock cannot be had in time.
    pub async fn begin(&self) -> Result<Tx, StoreError> {
        let Conn::Pool(db) = &self.reads.conn else { unreachable!("a store holds the pool") };
        let turn = self.take_turn().await?;
        let options = TransactionOptions {
            sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
            ..Default::default()
        };
        let transaction = db.begin_with_options(options).await?;
        let reads = Reads { conn: Conn::Transaction(transaction), core: Arc::clone(&self.reads.core) };
        Ok(Tx { reads, news: AtomicBool::new(false), work: AtomicBool::new(false), _turn: turn })
    }

    async fn take_turn(&self) -> Result<Option<OwnedMutexGuard<()>>, StoreError> {
        if !self.is_sqlite() {
            return Ok(None);
        }
        let turn = Arc::clone(&self.reads.core.turn).lock_owned();
        let waited = tokio::time::timeout(BUSY_TIMEOUT, turn).await;
        waited.map(Some).map_err(|_| StoreError::unavailable("another writer of this process holds the database"))
    }

    /// What the public page may see.
    #[must_use]
    pub fn published(&self) -> Published {
        Published::new(self.clone())
    }

    /// What staff at the unlisted address are told.
    #[must_use]
    pub fn briefings(&self) -> Briefings {
        Briefings::new(self.clone())
    }

    /// What a visitor may change.
    #[must_use]
    pub fn subscriptions(&self) -> Subscriptions {
        Subscriptions::new(self.clone())
    }

    /// Wakes up when something is committed that others wait for.
    #[must_use]
    pub fn watch(&self) -> Watch {
        self.reads.core.bell.watch(self.reads.core.place.listener_pool())
    }

    /// Whether this is SQLite: one notifier process, and one host.
    #[must_use]
    pub fn is_sqlite(&self) -> bool {
        self.reads.is_sqlite()
    }
}

impl Tx {
    /// Makes everything written last, and wakes who waits for it.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] when the database went away; then nothing was written, or all of it.
    pub async fn commit(self) -> Result<(), StoreError> {
        let wakes = self.wakes();
        let Self { reads, _turn, .. } = self;
        for wake in &wakes {
            reads.notify_others(*wake).await?;
        }
        let Reads { conn: Conn::Transaction(transaction), core } = reads else {
            unreachable!("a Tx holds a transaction")
        };
        transaction.commit().await?;
        wakes.into_iter().for_each(|wake| core.bell.ring(wake));
        Ok(())
    }

    /// At the commit, whoever waits for this is woken.
    pub(crate) fn announce(&self, wake: Wake) {
        match wake {
            Wake::Publication => self.news.store(true, Ordering::Relaxed),
            Wake::Work => self.work.store(true, Ordering::Relaxed),
            Wake::Floor => {}
        }
    }

    fn wakes(&self) -> Vec<Wake> {
        let news = self.news.load(Ordering::Relaxed).then_some(Wake::Publication);
        let work = self.work.load(Ordering::Relaxed).then_some(Wake::Work);
        news.into_iter().chain(work).collect()
    }
}

impl Reads {
    /// What the query builder runs on.
    pub(crate) fn db(&self) -> DatabaseExecutor<'_> {
        match &self.conn {
            Conn::Pool(db) => db.into(),
            Conn::Transaction(transaction) => transaction.into(),
        }
    }

    pub(crate) const fn as_transaction(&self) -> Option<&DatabaseTransaction> {
        match &self.conn {
            Conn::Pool(_) => None,
            Conn::Transaction(transaction) => Some(transaction),
        }
    }

    pub(crate) fn is_sqlite(&self) -> bool {
        self.core.backend == DbBackend::Sqlite
    }

    /// `sqlite` on SQLite, `postgres` on PostgreSQL: for the few statements that differ.
    pub(crate) fn either(&self, sqlite: &'static str, postgres: &'static str) -> &'static str {
        if self.is_sqlite() { sqlite } else { postgres }
    }

    /// The placeholders of some rows, for a statement that has no others.
    pub(crate) fn tuples(&self, rows: usize, columns: usize) -> String {
        let style = if self.is_sqlite() { Placeholders::Bare } else { Placeholders::Numbered };
        column::tuples(rows, columns, style)
    }

    /// Every row of a statement with `$1` placeholders.
    pub(crate) async fn rows(
        &self,
        sql: impl Into<String>,
        values: impl IntoIterator<Item = Value>,
    ) -> Result<Vec<QueryResult>, StoreError> {
        Ok(self.db().query_all_raw(self.statement(sql, values)).await?)
    }

    /// The first row, if any.
    pub(crate) async fn row(
        &self,
        sql: impl Into<String>,
        values: impl IntoIterator<Item = Value>,
    ) -> Result<Option<QueryResult>, StoreError> {
        Ok(self.db().query_one_raw(self.statement(sql, values)).await?)
    }

    /// How many rows a statement changed.
    pub(crate) async fn run(
        &self,
        sql: impl Into<String>,
        values: impl IntoIterator<Item = Value>,
    ) -> Result<u64, StoreError> {
        Ok(self.db().execute_raw(self.statement(sql, values)).await?.rows_affected())
    }

    fn statement(&self, sql: impl Into<String>, values: impl IntoIterator<Item = Value>) -> Statement {
        Statement::from_sql_and_values(self.core.backend, sql, values)
    }

    async fn notify_others(&self, wake: Wake) -> Result<(), StoreError> {
        if !self.is_sqlite() {
            let (channel, payload) = self.core.bell.notice(wake);
            self.row("SELECT pg_notify($1, $2)", [channel.into(), payload.into()]).await?;
        }
        Ok(())
    }

    /// A random fencing token for a lease, never 0.
    pub(crate) fn new_lease(&self) -> i64 {
        i64::from_be_bytes(self.core.env.bytes()) | 1
    }

    /// Now and the end of a lease, in milliseconds of machine time.
    pub(crate) fn lease_times(&self, lease_for: Duration) -> (i64, i64) {
        let now = self.core.env.machine_now().timestamp_millis();
        (now, now.saturating_add(i64::try_from(lease_for.as_millis()).unwrap_or(i64::MAX)))
    }
}

impl Deref for Store {
    type Target = Reads;

    fn deref(&self) -> &Reads {
        &self.reads
    }
}

impl Deref for Tx {
    type Target = Reads;

    fn deref(&self) -> &Reads {
        &self.reads
    }
}
