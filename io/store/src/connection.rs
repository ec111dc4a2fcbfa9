//! Connections to whichever database is there: one that writes, several that read.

use std::time::Duration;

use sqlx::pool::PoolConnection;
use sqlx::postgres::{PgConnectOptions, PgConnection, PgPool, PgPoolOptions};
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqlitePool, SqlitePoolOptions,
    SqliteSynchronous,
};
use sqlx::{ConnectOptions, Connection as _, Executor, Postgres, Sqlite};

use crate::engine::Link;
use crate::error::{Cause, OpenError};
use crate::schema;

/// How to reach the database; connects again when a connection is lost.
pub(crate) enum Connector {
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
pub(crate) enum Reader {
    Sqlite(PoolConnection<Sqlite>),
    Postgres(PoolConnection<Postgres>),
}

/// The commits of all servers at one PostgreSQL database take turns under this key, so that
/// positions in the outbox rise in the order in which they become visible.
const COMMIT_TURN: &str = "SELECT pg_advisory_xact_lock(7308604759748114533)";

impl Connector {
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
        Self::Sqlite(Box::new(options))
    }

    pub(crate) fn postgres(address: &str, patience: Duration) -> Result<Self, OpenError> {
        let options: PgConnectOptions = address.parse().map_err(|_| OpenError::Address)?;
        let patience = patience.as_millis().to_string();
        let options = options
            .application_name("conclave")
            .options([
                ("statement_timeout", patience.as_str()),
                ("lock_timeout", patience.as_str()),
            ])
            .disable_statement_logging();
        Ok(Self::Postgres(Box::new(options)))
    }

    pub(crate) async fn connect(&self) -> Result<Connection, sqlx::Error> {
        Ok(match self {
            Self::Sqlite(options) => Connection::Sqlite(options.connect().await?),
            Self::Postgres(options) => Connection::Postgres(options.connect().await?),
        })
    }

    pub(crate) async fn readers(
        &self,
        most: u32,
        patience: Duration,
    ) -> Result<Readers, sqlx::Error> {
        Ok(match self {
            Self::Sqlite(options) => {
                let options = options.as_ref().clone().read_only(true);
                let pool = SqlitePoolOptions::new()
                    .max_connections(most)
                    .acquire_timeout(patience);
                Readers::Sqlite(pool.connect_with(options).await?)
            }
            Self::Postgres(options) => {
                let options = options
                    .as_ref()
                    .clone()
                    .options([("default_transaction_read_only", "on")]);
                let pool = PgPoolOptions::new()
                    .max_connections(most)
                    .acquire_timeout(patience);
                Readers::Postgres(pool.connect_with(options).await?)
            }
        })
    }
}

impl Connection {
    pub(crate) fn link(&mut self) -> Link<'_> {
        match self {
            Self::Sqlite(connection) => Link::Sqlite(connection),
            Self::Postgres(connection) => Link::Postgres(connection),
        }
    }

    pub(crate) async fn bring_up_to_date(&mut self) -> Result<(), OpenError> {
        match self {
            Self::Sqlite(connection) => schema::bring_up_to_date(connection, schema::SQLITE).await,
            Self::Postgres(connection) => {
                schema::bring_up_to_date(connection, schema::POSTGRES).await
            }
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
        Ok(match self {
            Self::Sqlite(pool) => Reader::Sqlite(pool.acquire().await?),
            Self::Postgres(pool) => Reader::Postgres(pool.acquire().await?),
        })
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
        match self {
            Self::Sqlite(connection) => Link::Sqlite(connection),
            Self::Postgres(connection) => Link::Postgres(connection),
        }
    }
}

impl Link<'_> {
    /// Runs a statement of transaction control.
    pub(crate) async fn command(&mut self, sql: &'static str) -> Result<(), sqlx::Error> {
        match self {
            Self::Sqlite(connection) => connection.execute(sql).await.map(drop),
            Self::Postgres(connection) => connection.execute(sql).await.map(drop),
        }
    }
}

impl From<sqlx::Error> for OpenError {
    fn from(error: sqlx::Error) -> Self {
        Self::Database(Cause::from(error))
    }
}
