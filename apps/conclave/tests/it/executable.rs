//! `conclave serve` in a process of its own, for which time goes by when it is told to.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStderr, Command, Stdio};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use conclave::Config;
use tokio::task::spawn_blocking;
use url::Url;

/// Killed when dropped.
pub(crate) struct Executable {
    child: Child,
    main: SocketAddr,
    admin: SocketAddr,
    /// Its files beside its data.
    home: PathBuf,
    /// Keeps its log lines until it has ended.
    keeper: Option<JoinHandle<io::Result<u64>>>,
}

impl Executable {
    /// Serves as soon as it returns.
    pub(crate) async fn start(mut config: Config, home: &Path) -> Self {
        config.admin.listen = address_of_its_own();
        std::fs::write(home.join(SETTINGS), in_toml(&config)).unwrap();
        if !home.join(AHEAD).exists() {
            std::fs::write(home.join(AHEAD), "+0").unwrap();
        }
        let mut executable = Self {
            child: spawn(home),
            main: config.listen,
            admin: config.admin.listen,
            home: home.to_owned(),
            keeper: None,
        };
        executable.begin().await;
        executable
    }

    /// Stops, and serves again with the same data at the same address.
    pub(crate) async fn restart(self, mut config: Config) -> Self {
        config.listen = self.main;
        let home = self.home.clone();
        self.stop().await;
        // Another test may go out by its port in between.
        let begun = Instant::now();
        while TcpListener::bind(config.listen).is_err() {
            assert!(begun.elapsed() < PATIENCE, "its port is taken");
            tokio::time::sleep(BETWEEN_LOOKS).await;
        }
        Self::start(config, &home).await
    }

    async fn begin(&mut self) {
        let errors = self.child.stderr.take().unwrap();
        let log = File::create(self.home.join(LOG)).unwrap();
        self.keeper = spawn_blocking(move || serves(errors, log)).await.unwrap();
        if self.keeper.is_none() {
            let said = std::fs::read_to_string(self.home.join(LOG)).unwrap();
            panic!("it does not serve: {said}");
        }
        // Where any port will do, the link alone tells which it is.
        if let Some(link) = self.owner_link() {
            let port = Url::parse(&link).unwrap().port();
            self.main.set_port(port.unwrap());
        }
    }

    pub(crate) fn main(&self) -> SocketAddr {
        self.main
    }

    pub(crate) fn admin(&self) -> SocketAddr {
        self.admin
    }

    /// Where there was no owner when it started.
    pub(crate) fn owner_link(&self) -> Option<String> {
        let said = std::fs::read_to_string(self.home.join(SAID)).unwrap();
        let mut words = said.split_whitespace().map(str::to_owned);
        words.find(|word| word.starts_with("http://"))
    }

    /// For the process, as if time had gone by: in steps that it does not take for a mistake of its machine's clock.
    pub(crate) fn wait(&self, time: Duration) {
        assert!(time_library().exists(), "it needs libfaketime");
        let mut ahead = self.ahead();
        let end = ahead + time;
        while ahead < end {
            ahead = end.min(ahead + STEP);
            self.go_ahead(ahead);
            self.have_it_look();
        }
    }

    fn ahead(&self) -> Duration {
        let text = std::fs::read_to_string(self.home.join(AHEAD)).unwrap();
        Duration::from_secs_f64(text.parse().unwrap())
    }

    /// All at once: the process may read it at any moment.
    fn go_ahead(&self, ahead: Duration) {
        let beside = self.home.join("next");
        std::fs::write(&beside, format!("+{}", ahead.as_secs_f64())).unwrap();
        std::fs::rename(beside, self.home.join(AHEAD)).unwrap();
    }

    /// Each request begins with a look at the clock.
    fn have_it_look(&self) {
        let mut stream = TcpStream::connect(self.main).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        let request = "GET / HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n";
        stream.write_all(request.as_bytes()).unwrap();
        let read = stream.read_to_end(&mut Vec::new()).unwrap();
        assert!(read > 0, "it does not answer");
    }

    /// As its operator stops it.
    pub(crate) async fn stop(self) {
        spawn_blocking(move || self.end()).await.unwrap();
    }

    fn end(mut self) {
        let id = self.child.id().to_string();
        let sent = Command::new("kill").args(["-TERM", &id]).status();
        assert!(sent.unwrap().success());
        let begun = Instant::now();
        let status = loop {
            match self.child.try_wait().unwrap() {
                Some(status) => break status,
                None => assert!(begun.elapsed() < PATIENCE, "it does not end"),
            }
            std::thread::sleep(BETWEEN_LOOKS);
        };
        assert_eq!(status.code(), Some(0));
        let keeper = self.keeper.take().unwrap();
        keeper.join().unwrap().unwrap();
    }
}

impl Drop for Executable {
    fn drop(&mut self) {
        let _ended_before = self.child.kill();
        let _status = self.child.wait();
    }
}

fn spawn(home: &Path) -> Child {
    let mut command = Command::new(env!("CARGO_BIN_EXE_conclave"));
    command.args(["serve", "--dev", "--config"]);
    command.arg(home.join(SETTINGS));
    // Neither is this test's.
    command
        .env_remove("CONCLAVE_DATA_DIR")
        .env_remove("FAKETIME");
    let library = time_library();
    if library.exists() {
        command
            .env("LD_PRELOAD", library)
            .env("FAKETIME_TIMESTAMP_FILE", home.join(AHEAD))
            .env("FAKETIME_NO_CACHE", "1")
            // Its older and its newer name: what waits goes by the true time.
            .env("DONT_FAKE_MONOTONIC", "1")
            .env("FAKETIME_DONT_FAKE_MONOTONIC", "1")
            .env("NO_FAKE_STAT", "1");
    }
    command
        .stdout(File::create(home.join(SAID)).unwrap())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

/// Waits for the line that says so. Whoever is answered goes on keeping lines, since a full pipe would stop the process; nobody
/// is where it has ended.
fn serves(errors: ChildStderr, mut log: File) -> Option<JoinHandle<io::Result<u64>>> {
    let mut errors = BufReader::new(errors);
    let mut line = String::new();
    while errors.read_line(&mut line).unwrap() > 0 {
        log.write_all(line.as_bytes()).unwrap();
        if line.trim_end().ends_with("conclave::cli: serving") {
            let keep = move || io::copy(&mut errors, &mut log);
            return Some(std::thread::spawn(keep));
        }
        line.clear();
    }
    None
}

/// As an operator would write it.
fn in_toml(config: &Config) -> String {
    let mut table = toml::Table::try_from(config).unwrap();
    // A word of the command line alone.
    table.remove("dev");
    for (_, section) in table.iter_mut() {
        let Some(section) = section.as_table_mut() else {
            continue;
        };
        for (_, value) in section.iter_mut() {
            if let Some(seconds) = value.get("secs").map(ToString::to_string) {
                assert_eq!(
                    value.get("nanos").and_then(toml::Value::as_integer),
                    Some(0)
                );
                *value = format!("{seconds}s").into();
            }
        }
    }
    table.to_string()
}

/// Loopback has millions: nobody takes the port between its choice and its use.
fn address_of_its_own() -> SocketAddr {
    let [a, b, c]: [u8; 3] = rand::random();
    SocketAddr::from(([127, 64 | (a / 4), b, c], 7883))
}

/// The one for programs of several threads: the other now and then tells them of times that were never set.
fn time_library() -> PathBuf {
    let of_machine = format!("{}-linux-gnu", std::env::consts::ARCH);
    let library = "faketime/libfaketimeMT.so.1";
    Path::new("/usr/lib").join(of_machine).join(library)
}

/// What it printed: the owner's link.
const SAID: &str = "said";
/// Its log lines, all of them once it has been stopped.
pub(crate) const LOG: &str = "log";
const SETTINGS: &str = "conclave.toml";
/// By how many seconds its time is ahead.
const AHEAD: &str = "ahead";
/// Less than what a server takes for a leap: ten minutes.
const STEP: Duration = Duration::from_secs(9 * 60);
/// For a program that is told to end, or is asked.
const PATIENCE: Duration = Duration::from_secs(60);
const BETWEEN_LOOKS: Duration = Duration::from_millis(10);
