//! A server of its own for one test: own ports, own directory, a clock that can be moved. In the test's own process, or in one
//! of its own.

use std::net::SocketAddr;
use std::sync::Mutex;
use std::time::Duration;

use conclave::{Clock, Config, Running};
use conclave_audit::{Entry, Event};
use conclave_store::{Beside, Options, Store};
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{Connection, Executor, SqliteConnection};
use tempfile::TempDir;
use totp_rs::{Builder, Secret, Totp};

use crate::executable::Executable;
use crate::installation::{config, installed};

pub(crate) struct Server {
    runs: Runs,
    /// Deleted after it has ended.
    directory: TempDir,
    clock: Clock,
    /// The owner's authenticator program.
    program: Mutex<Option<Totp>>,
}

/// How it runs.
enum Runs {
    /// Quickly.
    Here(Box<Running>),
    /// As operators run it.
    Apart(Executable),
}

impl Server {
    /// A development server without an owner.
    pub(crate) async fn start() -> Self {
        Self::start_with(|_| {}).await
    }

    /// As [`Self::start`], configured otherwise until its restart.
    pub(crate) async fn start_with(change: impl FnOnce(&mut Config)) -> Self {
        let (config, directory) = installed(change).await;
        Self::start_in(config, directory, Clock::default()).await
    }

    /// As [`Self::start`], by the program that operators run.
    pub(crate) async fn executable() -> Self {
        Self::executable_with(|_| {}).await
    }

    /// As [`Self::start_with`], by the program that operators run.
    pub(crate) async fn executable_with(change: impl FnOnce(&mut Config)) -> Self {
        let (config, directory) = installed(change).await;
        let executable = Executable::start(config, directory.path()).await;
        Self::new(Runs::Apart(executable), directory, Clock::default())
    }

    /// Stops, and starts again with the same data.
    pub(crate) async fn restart(self) -> Self {
        self.restart_with(|_| {}).await
    }

    /// As [`Self::restart`], configured otherwise.
    pub(crate) async fn restart_with(self, change: impl FnOnce(&mut Config)) -> Self {
        let mut config = config(&self.directory);
        change(&mut config);
        let runs = match self.runs {
            Runs::Here(running) => {
                running.stop().await;
                Runs::here(config, &self.clock).await
            }
            Runs::Apart(executable) => Runs::Apart(executable.restart(config).await),
        };
        Self { runs, ..self }
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
        let runs = Runs::here(config, &clock).await;
        Self::new(runs, directory, clock)
    }

    fn new(runs: Runs, directory: TempDir, clock: Clock) -> Self {
        Self {
            runs,
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

    pub(crate) fn address(&self) -> SocketAddr {
        match &self.runs {
            Runs::Here(running) => running.addresses().main,
            Runs::Apart(executable) => executable.main(),
        }
    }

    pub(crate) fn admin_address(&self) -> SocketAddr {
        match &self.runs {
            Runs::Here(running) => running.addresses().admin,
            Runs::Apart(executable) => executable.admin(),
        }
    }

    /// Without a slash at the end.
    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address())
    }

    /// As its links have it: by the name that browsers make passkeys for.
    pub(crate) fn origin(&self) -> String {
        format!("http://localhost:{}", self.address().port())
    }

    pub(crate) fn admin_url(&self) -> String {
        format!("http://{}", self.admin_address())
    }

    pub(crate) fn socket_url(&self) -> String {
        format!("ws://{}", self.address())
    }

    /// The secret of the one-time link.
    pub(crate) fn owner_token(&self) -> String {
        let link = match &self.runs {
            Runs::Here(running) => running.owner_link().map(str::to_owned),
            Runs::Apart(executable) => executable.owner_link(),
        };
        let link = link.expect("there is no owner yet");
        let (_, token) = link.split_once('#').unwrap();
        token.to_owned()
    }

    pub(crate) fn now(&self) -> conclave_protocol::Timestamp {
        self.clock.now()
    }

    pub(crate) fn wait(&self, time: Duration) {
        self.clock.advance(time);
        if let Runs::Apart(executable) = &self.runs {
            executable.wait(time);
        }
    }

    /// Of a server in this process.
    pub(crate) fn store(&self) -> &Store {
        match &self.runs {
            Runs::Here(running) => running.store(),
            Runs::Apart(_) => panic!("the program keeps its store to itself"),
        }
    }

    /// What is on record, oldest first.
    pub(crate) async fn entries(&self) -> Vec<Entry> {
        self.entries_after(0).await.1
    }

    /// What came on record after a position, oldest first; and the position of the last.
    pub(crate) async fn entries_after(&self, position: i64) -> (i64, Vec<Entry>) {
        let recorded = match &self.runs {
            Runs::Here(running) => running.store().recorded_after(position, 10_000).await,
            Runs::Apart(_) => {
                let beside = Beside::open(&Options::sqlite(self.data_dir())).await;
                let mut logs = beside.unwrap().into_logs();
                logs.recorded_after(position, 10_000).await
            }
        };
        let recorded = recorded.unwrap();
        let last = recorded.last().map_or(position, |last| last.position);
        let entries = recorded
            .iter()
            .map(|recorded| Entry::from_canonical(&recorded.bytes));
        let mut entries: Vec<_> = entries.collect::<Result<_, _>>().unwrap();
        if let Runs::Apart(_) = self.runs {
            // How a process is made to wait looks to it as if its machine's clock had been set.
            let waited =
                |event: &Event| matches!(event, Event::SystemClock { offset_ms } if *offset_ms > 0);
            entries.retain(|entry| !waited(&entry.event));
        }
        (last, entries)
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

    /// Somebody sets the machine's clock, of a server in this process.
    pub(crate) fn set_clock_by(&self, seconds: i64) {
        assert!(matches!(self.runs, Runs::Here(_)));
        self.clock.set_by(seconds);
    }

    /// Stops, and leaves its files as long as what is answered is kept.
    pub(crate) async fn stop_and_leave(self) -> TempDir {
        self.runs.stop().await;
        self.directory
    }

    pub(crate) async fn stop(self) {
        self.runs.stop().await;
    }
}

impl Runs {
    async fn here(config: Config, clock: &Clock) -> Self {
        let running = conclave::Server::start_at(config, clock.clone()).await;
        Self::Here(Box::new(running.unwrap()))
    }

    async fn stop(self) {
        match self {
            Self::Here(running) => running.stop().await,
            Self::Apart(executable) => executable.stop().await,
        }
    }
}
