//! The database goes away in the middle of a broadcast, and comes back.

use std::time::Duration;

use domain::ChannelKind;
use scenarios::databases::{Database, POSTGRES};
use scenarios::installation::Installation;
use scenarios::people::People;
use scenarios::postgres_server::PostgresServer;
use scenarios::update::Update;
use scenarios::waiting::{until, until_within};
use simulator::Channel;
use sqlx::{Connection, PgConnection, SqliteConnection};

/// A database that nobody can write to, until it is dropped or given back.
enum Outage {
    /// Another process, such as a backup, holds the write lock of the file.
    Locked(SqliteConnection),
    /// The server ends every connection and takes no new one, as in a fail-over.
    Closed(String),
}

impl Outage {
    async fn of(db: &Database) -> Self {
        if db.store.is_sqlite() {
            let mut lock = SqliteConnection::connect(&db.settings.url).await.unwrap();
            let immediate = sqlx::raw_sql("PRAGMA busy_timeout = 5000; BEGIN IMMEDIATE");
            immediate.execute(&mut lock).await.unwrap();
            return Self::Locked(lock);
        }
        let name = db.settings.url.rsplit('/').next().unwrap();
        server_sql(&format!("ALTER DATABASE {name} WITH ALLOW_CONNECTIONS false")).await;
        server_sql(&format!("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'")).await;
        Self::Closed(name.to_owned())
    }

    async fn end(self) {
        match self {
            Self::Locked(lock) => lock.close().await.unwrap(),
            Self::Closed(name) => server_sql(&format!("ALTER DATABASE {name} WITH ALLOW_CONNECTIONS true")).await,
        }
    }
}

/// Runs SQL on the server's own database, where it works when ours is closed.
async fn server_sql(sql: &str) {
    let mut connection = PgConnection::connect(&std::env::var(POSTGRES).unwrap()).await.unwrap();
    sqlx::raw_sql(sqlx::AssertSqlSafe(sql.to_owned())).execute(&mut connection).await.unwrap();
    connection.close().await.unwrap();
}

/// What is under way when it goes is not sent again by whoever comes next.
pub(super) async fn longer_than_a_lease(db: &Database) {
    let app = Installation::with(db).rate(150).configured(|config| config.authoring.chunk_size = 100).start().await;
    app.subscribe(People::phones(0, 1_000)).await;
    let published = app.publish(&Update::first().on(&[ChannelKind::Sms])).await;
    let accepted = || app.world.simulator.totals(Channel::Sms).accepted;
    until("the broadcast is under way", async || accepted() > 200).await;
    let outage = Outage::of(db).await;
    // Longer than a lease: what is under way must not be sent again by whoever comes next.
    let env = &app.parts.env;
    let free_at = env.machine_now() + Duration::from_secs(app.parts.config.notifier.lease_seconds);
    until("every lease has run out", async || env.machine_now() > free_at).await;
    outage.end().await;
    until_within(Duration::from_secs(60), "everyone has an outcome", async || {
        app.store().progress(published.broadcast).await.is_ok_and(|all| all.values().all(|one| one.remaining == 0))
    })
    .await;
    let totals = app.world.simulator.totals(Channel::Sms);
    println!("outage longer than a lease: missed {}, repeated {}", 1_000 - totals.distinct, totals.repeats);
    assert_eq!((totals.distinct, totals.repeats), (1_000, 0));
    until("every receipt has found its text", async || {
        app.progress(published.broadcast, ChannelKind::Sms).await.delivered == 1_000
    })
    .await;
}

/// Every process of a PostgreSQL dies at once, three times, and it is started again on what it had written by then.
pub(super) async fn of_a_server_that_is_killed() {
    const PHONES: u64 = 1_500;
    let Some(server) = PostgresServer::start().await else { return };
    let db = server.database().await;
    let app = Installation::with(&db).rate(300).configured(|config| config.authoring.chunk_size = 100).start().await;
    app.subscribe(People::phones(0, PHONES as usize)).await;
    let published = app.publish(&Update::first().on(&[ChannelKind::Sms])).await;
    let accepted = || app.world.simulator.totals(Channel::Sms).accepted;
    for moment in [200, 600, 1_000] {
        until("the broadcast is under way", async || accepted() > moment).await;
        server.kill();
        server.start_again().await;
    }
    until_within(Duration::from_secs(60), "everyone has an outcome", async || {
        app.store().progress(published.broadcast).await.is_ok_and(|all| all.values().all(|one| one.remaining == 0))
    })
    .await;
    let totals = app.world.simulator.totals(Channel::Sms);
    println!("a server killed three times: missed {}, repeated {}", PHONES - totals.distinct, totals.repeats);
    assert_eq!((totals.distinct, totals.repeats), (PHONES, 0));
    until("every receipt has found its text", async || {
        app.progress(published.broadcast, ChannelKind::Sms).await.delivered == PHONES.cast_signed()
    })
    .await;
}
