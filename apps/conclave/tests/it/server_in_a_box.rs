//! A server of its own for one test: own ports, own directory, a clock that can be moved.

use std::num::NonZeroU32;
use std::time::Duration;

use conclave::config::{Admin, Limits, Media, Passwords};
use conclave::{Clock, Config, Running};
use conclave_audit::Entry;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{Connection, Executor, SqliteConnection};
use tempfile::TempDir;

pub(crate) struct Server {
    running: Running,
    directory: TempDir,
    clock: Clock,
}

impl Server {
    /// A development server without an owner.
    pub(crate) async fn start() -> Self {
        Self::start_with(|_| {}).await
    }

    /// As [`Self::start`], configured otherwise until its restart.
    pub(crate) async fn start_with(change: impl FnOnce(&mut Config)) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let mut config = config(&directory);
        change(&mut config);
        Self::start_in(config, directory, Clock::default()).await
    }

    /// Stops, and starts again with the same data.
    pub(crate) async fn restart(self) -> Self {
        self.running.stop().await;
        Self::start_in(config(&self.directory), self.directory, self.clock).await
    }

    async fn start_in(config: Config, directory: TempDir, clock: Clock) -> Self {
        let running = conclave::Server::start_at(config, clock.clone()).await;
        Self {
            running: running.unwrap(),
            directory,
            clock,
        }
    }

    pub(crate) fn address(&self) -> std::net::SocketAddr {
        self.running.addresses().main
    }

    pub(crate) fn admin_address(&self) -> std::net::SocketAddr {
        self.running.addresses().admin
    }

    /// Without a slash at the end.
    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.running.addresses().main)
    }

    pub(crate) fn admin_url(&self) -> String {
        format!("http://{}", self.running.addresses().admin)
    }

    pub(crate) fn socket_url(&self) -> String {
        format!("ws://{}", self.running.addresses().main)
    }

    /// The secret of the one-time link.
    pub(crate) fn owner_token(&self) -> String {
        let link = self.running.owner_link().expect("there is no owner yet");
        let (_, token) = link.split_once('#').unwrap();
        token.to_owned()
    }

    pub(crate) fn wait(&self, time: Duration) {
        self.clock.advance(time);
    }

    pub(crate) fn store(&self) -> &conclave_store::Store {
        self.running.store()
    }

    /// What is on record, oldest first.
    pub(crate) async fn entries(&self) -> Vec<Entry> {
        let recorded = self.store().recorded_after(0, 10_000).await.unwrap();
        let entries = recorded
            .iter()
            .map(|recorded| Entry::from_canonical(&recorded.bytes));
        entries.collect::<Result<_, _>>().unwrap()
    }

    /// Runs a statement behind the server's back.
    pub(crate) async fn tamper(&self, sql: &'static str) {
        self.stranger().await.execute(sql).await.unwrap();
    }

    async fn stranger(&self) -> SqliteConnection {
        let path = self.directory.path().join("data/conclave.db");
        let options = SqliteConnectOptions::new().filename(path);
        SqliteConnection::connect_with(&options).await.unwrap()
    }

    /// Keeps the server from writing until the connection is dropped.
    pub(crate) async fn block_writes(&self) -> SqliteConnection {
        let mut stranger = self.stranger().await;
        stranger.execute("BEGIN IMMEDIATE").await.unwrap();
        stranger
    }

    pub(crate) async fn stop(self) {
        self.running.stop().await;
    }
}

/// Nothing that another test could meet, password hashes at their cheapest, and all the haste of a test.
fn config(directory: &TempDir) -> Config {
    let any = "127.0.0.1:0".parse().unwrap();
    Config {
        listen: any,
        data_dir: directory.path().join("data"),
        dev: true,
        admin: Admin {
            listen: any,
            ..Admin::default()
        },
        media: Media {
            port: 0,
            threads: 1,
            ..Media::default()
        },
        limits: Limits {
            changes_per_second: NonZeroU32::new(100_000).unwrap(),
            ..Limits::default()
        },
        passwords: Passwords {
            memory_kib: Passwords::LEAST_MEMORY_KIB,
            passes: 2,
            ..Passwords::default()
        },
        ..Config::default()
    }
}
