//! A server of its own for one test: own ports, own directory, a clock that can be moved.

use std::num::NonZeroU32;
use std::path::Path;
use std::sync::Mutex;
use std::time::Duration;

use conclave::config::{Admin, Anomalies, Evidence, Limits, Media, Passwords};
use conclave::{Clock, Config, Running};
use conclave_audit::Entry;
use conclave_store::{Options, Store};
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{Connection, Executor, SqliteConnection};
use tempfile::TempDir;
use tokio::sync::OnceCell;
use totp_rs::{Builder, Secret, Totp};

pub(crate) struct Server {
    running: Running,
    directory: TempDir,
    clock: Clock,
    /// The owner's authenticator program.
    program: Mutex<Option<Totp>>,
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
        copy_database(&config.data_dir).await;
        Self::start_in(config, directory, Clock::default()).await
    }

    /// Stops, and starts again with the same data.
    pub(crate) async fn restart(self) -> Self {
        self.restart_with(|_| {}).await
    }

    /// As [`Self::restart`], configured otherwise.
    pub(crate) async fn restart_with(self, change: impl FnOnce(&mut Config)) -> Self {
        self.running.stop().await;
        let mut config = config(&self.directory);
        change(&mut config);
        let restarted = Self::start_in(config, self.directory, self.clock).await;
        Self {
            program: self.program,
            ..restarted
        }
    }

    /// On what another one left.
    pub(crate) async fn start_again(directory: TempDir, clock: Clock) -> Self {
        Self::start_in(config(&directory), directory, clock).await
    }

    /// Why no server starts on what another one left.
    pub(crate) async fn refuses(directory: TempDir, clock: Clock) -> (TempDir, String) {
        let refused = conclave::Server::start_at(config(&directory), clock).await;
        (directory, refused.err().unwrap().to_string())
    }

    async fn start_in(config: Config, directory: TempDir, clock: Clock) -> Self {
        let running = conclave::Server::start_at(config, clock.clone()).await;
        Self {
            running: running.unwrap(),
            directory,
            clock,
            program: Mutex::default(),
        }
    }

    pub(crate) fn keep_program(&self, secret: String) {
        let secret = Secret::try_from_base32(secret).unwrap();
        let program = Builder::new().with_secret(secret).build_noncompliant();
        *self.program.lock().unwrap() = Some(program);
    }

    /// What the owner's program shows; good once more, as if half a minute had gone.
    pub(crate) async fn code(&self) -> String {
        self.tamper("UPDATE account_totp SET last_step = 0").await;
        self.shown_code()
    }

    /// What the owner's program shows.
    pub(crate) fn shown_code(&self) -> String {
        let now = u64::try_from(self.clock.now().as_micros() / 1_000_000).unwrap();
        let program = self.program.lock().unwrap();
        program.as_ref().unwrap().generate(now).to_string()
    }

    /// Where the database and the keys are.
    pub(crate) fn data_dir(&self) -> std::path::PathBuf {
        self.directory.path().join("data")
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

    /// As its links have it: by the name that browsers make passkeys for.
    pub(crate) fn origin(&self) -> String {
        format!("http://localhost:{}", self.running.addresses().main.port())
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

    pub(crate) fn now(&self) -> conclave_protocol::Timestamp {
        self.clock.now()
    }

    pub(crate) fn wait(&self, time: Duration) {
        self.clock.advance(time);
    }

    pub(crate) fn store(&self) -> &Store {
        self.running.store()
    }

    /// What is on record, oldest first.
    pub(crate) async fn entries(&self) -> Vec<Entry> {
        self.entries_after(0).await.1
    }

    /// What came on record after a position, oldest first; and the position of the last.
    pub(crate) async fn entries_after(&self, position: i64) -> (i64, Vec<Entry>) {
        let recorded = self.store().recorded_after(position, 10_000).await.unwrap();
        let last = recorded.last().map_or(position, |last| last.position);
        let entries = recorded
            .iter()
            .map(|recorded| Entry::from_canonical(&recorded.bytes));
        (last, entries.collect::<Result<_, _>>().unwrap())
    }

    /// Runs a statement behind the server's back.
    pub(crate) async fn tamper(&self, sql: &'static str) {
        self.stranger().await.execute(sql).await.unwrap();
    }

    async fn stranger(&self) -> SqliteConnection {
        let path = self.data_dir().join("conclave.db");
        let options = SqliteConnectOptions::new().filename(path);
        SqliteConnection::connect_with(&options).await.unwrap()
    }

    /// Keeps the server from writing until the connection is dropped.
    pub(crate) async fn block_writes(&self) -> SqliteConnection {
        let mut stranger = self.stranger().await;
        stranger.execute("BEGIN IMMEDIATE").await.unwrap();
        stranger
    }

    /// Somebody sets the machine's clock.
    pub(crate) fn set_clock_by(&self, seconds: i64) {
        self.clock.set_by(seconds);
    }

    /// Stops, and leaves its files as long as what is answered is kept.
    pub(crate) async fn stop_and_leave(self) -> TempDir {
        self.running.stop().await;
        self.directory
    }

    pub(crate) async fn stop(self) {
        self.running.stop().await;
    }
}

/// Nothing that another test could meet, password hashes at their cheapest, and all the haste of a test.
/// A copy of one that was brought up to date and closed: to bring up each anew takes longer than most tests do.
async fn copy_database(data_dir: &Path) {
    static ORIGINAL: OnceCell<Vec<u8>> = OnceCell::const_new();
    let original = ORIGINAL.get_or_init(async || {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::open(Options::sqlite(dir.path())).await.unwrap();
        store.close().await;
        std::fs::read(dir.path().join("conclave.db")).unwrap()
    });
    std::fs::create_dir(data_dir).unwrap();
    std::fs::write(data_dir.join("conclave.db"), original.await).unwrap();
}

fn config(directory: &TempDir) -> Config {
    let any = "127.0.0.1:0".parse().unwrap();
    Config {
        listen: any,
        data_dir: directory.path().join("data"),
        dev: true,
        // Its rounds leave entries, which tests of others don't expect.
        evidence: Evidence {
            every: Duration::from_secs(60 * 60),
            ..Evidence::default()
        },
        anomalies: Anomalies {
            every: Duration::from_secs(60 * 60),
        },
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
