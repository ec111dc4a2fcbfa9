//! Connections to whichever database is there: one that writes, several that read.

use std::time::Duration;

use sqlx::postgres::{PgConnectOptions, PgConnection, PgPool, PgPoolOptions};
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqlitePool, SqlitePoolOptions,
    SqliteSynchronous,
};
use sqlx::{ConnectOptions, Connection as _, Executor};

use crate::engine::{Either, Lent, Link};
use crate::error::{Cause, OpenError};
use crate::schema;

/// How to reach the database; connects again when a connection is lost.
pub(crate) struct Connector {
    database: Address,
    patience: Duration,
}

enum Address {
    Sqlite(Box<SqliteConnectOptions>),
    Postgres(Box<PgConnectOptions>),
}

/// The connection of the one writer.
pub(crate) enum Connection {
    Sqlite(SqliteConnection),
    Postgres(PgConnection),
}

/// Connections that read.
pub(crate) enum Readers {
    Sqlite(SqlitePool),
    Postgres(PgPool),
}

/// One connection of the readers.
pub(crate) struct Reader(Box<dyn Lent>);

/// The commits of all servers at one PostgreSQL schema take turns, so that positions in the outbox
/// rise in the order in which they become visible.
const COMMIT_TURN: &str =
    "SELECT pg_advisory_xact_lock(hashtextextended(current_schema(), 7308604759748114533))";

impl Connector {
    /// `patience` is how long a statement waits for another's lock.
    pub(crate) fn sqlite(path: &std::path::Path, patience: Duration) -> Self {
        let options = SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            // Else INSERT OR REPLACE would delete without asking the triggers of the outbox.
            .pragma("recursive_triggers", "ON")
            .busy_timeout(patience)
            .disable_statement_logging();
        Self {
            database: Address::Sqlite(Box::new(options)),
            patience,
        }
    }

    /// As on a disk that holds no more than this.
    #[cfg(test)]
    pub(crate) fn sqlite_of_pages(path: &std::path::Path, pages: u32) -> Self {
        let mut connector = Self::sqlite(path, Duration::from_secs(5));
        if let Address::Sqlite(options) = &mut connector.database {
            let small = options.as_ref().clone();
            **options = small.pragma("max_page_count", pages.to_string());
        }
        connector
    }

    pub(crate) fn postgres(address: &str, patience: Duration) -> Result<Self, OpenError> {
        let ours = ["postgres://", "postgresql://"];
        if !ours.iter().any(|scheme| address.starts_with(scheme)) {
            return Err(OpenError::Address);
        }
        let options: PgConnectOptions = address.parse().map_err(|_| OpenError::Address)?;
        let options = options
            .application_name("conclave")
            .disable_statement_logging();
        Ok(Self {
            database: Address::Postgres(Box::new(options)),
            patience,
        })
    }

    pub(crate) async fn connect(&self) -> Result<Connection, sqlx::Error> {
        Ok(match &self.database {
            Address::Sqlite(options) => Connection::Sqlite(options.connect().await?),
            Address::Postgres(options) => {
                let options = options.as_ref().clone().options(self.time_limits());
                Connection::Postgres(options.connect().await?)
            }
        })
    }

    /// Brings the schema up to date, over a connection without time limits: a step may take long.
    pub(crate) async fn bring_up_to_date(&self) -> Result<(), OpenError> {
        match &self.database {
            Address::Sqlite(options) => {
                let mut connection = options.connect().await?;
                schema::bring_up_to_date(&mut connection, schema::SQLITE).await?;
                Ok(connection.close().await?)
            }
            Address::Postgres(options) => {
                let mut connection = options.connect().await?;
                schema::bring_up_to_date(&mut connection, schema::POSTGRES).await?;
                Ok(connection.close().await?)
            }
        }
    }

    pub(crate) async fn readers(&self, most: u32) -> Result<Readers, sqlx::Error> {
        Ok(match &self.database {
            Address::Sqlite(options) => {
                let options = options.as_ref().clone().read_only(true);
                let pool = SqlitePoolOptions::new()
                    .max_connections(most)
                    .acquire_timeout(self.longest());
                Readers::Sqlite(pool.connect_with(options).await?)
            }
            Address::Postgres(options) => {
                let options = options
                    .as_ref()
                    .clone()
                    .options(self.time_limits())
                    .options([("default_transaction_read_only", "on")]);
                let pool = PgPoolOptions::new()
                    .max_connections(most)
                    .acquire_timeout(self.longest());
                Readers::Postgres(pool.connect_with(options).await?)
            }
        })
    }

    /// In milliseconds.
    fn time_limits(&self) -> [(&'static str, u128); 2] {
        [
            ("lock_timeout", self.patience.as_millis()),
            ("statement_timeout", self.longest().as_millis()),
        ]
    }

    /// How long a statement may take in all, or a question wait for a connection.
    fn longest(&self) -> Duration {
        self.patience.saturating_mul(4)
    }
}

impl Connection {
    pub(crate) fn link(&mut self) -> Link<'_> {
        match self {
            Self::Sqlite(connection) => Link::of(connection),
            Self::Postgres(connection) => Link::of(connection),
        }
    }

    /// Starts a transaction that nobody else writes beside.
    pub(crate) async fn begin(&mut self) -> Result<(), sqlx::Error> {
        match self {
            Self::Sqlite(_) => self.link().command("BEGIN IMMEDIATE").await,
            Self::Postgres(_) => {
                self.link().command("BEGIN").await?;
                self.link().command(COMMIT_TURN).await
            }
        }
    }

    pub(crate) async fn close(self) {
        // The file is whole whether or not closing goes well: what is committed is durable.
        let _closed = match self {
            Self::Sqlite(connection) => connection.close().await,
            Self::Postgres(connection) => connection.close().await,
        };
    }
}

impl Readers {
    pub(crate) async fn reader(&self) -> Result<Reader, sqlx::Error> {
        Ok(Reader(match self {
            Self::Sqlite(pool) => Box::new(pool.acquire().await?),
            Self::Postgres(pool) => Box::new(pool.acquire().await?),
        }))
    }

    pub(crate) async fn close(&self) {
        match self {
            Self::Sqlite(pool) => pool.close().await,
            Self::Postgres(pool) => pool.close().await,
        }
    }
}

impl Reader {
    pub(crate) fn link(&mut self) -> Link<'_> {
        Link::of(self.0.as_mut())
    }
}

impl Link<'_> {
    /// Runs a statement of transaction control.
    pub(crate) async fn command(&mut self, sql: &'static str) -> Result<(), sqlx::Error> {
        match self.either() {
            Either::Sqlite(connection) => connection.execute(sql).await.map(drop),
            Either::Postgres(connection) => connection.execute(sql).await.map(drop),
        }
    }
}

impl From<sqlx::Error> for OpenError {
    fn from(error: sqlx::Error) -> Self {
        Self::Database(Cause::from(error))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn what_is_committed_to_sqlite_survives_a_power_failure() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("conclave.db");
        let connector = Connector::sqlite(&path, Duration::from_secs(5));
        let Connection::Sqlite(mut connection) = connector.connect().await.unwrap() else {
            panic!("not a connection to SQLite");
        };

        let mode: String = sqlx::query_scalar("PRAGMA journal_mode")
            .fetch_one(&mut connection)
            .await
            .unwrap();
        let synchronous: i64 = sqlx::query_scalar("PRAGMA synchronous")
            .fetch_one(&mut connection)
            .await
            .unwrap();

        const FULL: i64 = 2;
        assert_eq!((mode.as_str(), synchronous), ("wal", FULL));
    }
}
