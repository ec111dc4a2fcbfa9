//! A real server process on free ports, with a data directory of its own.

use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, SystemTime};

use anyhow::{Context, ensure};
use conclave_livekit::token::{Claims, VideoGrants, sign};
use tempfile::TempDir;

/// `conclave serve --dev`, killed when dropped.
pub struct Server {
    child: Child,
    address: SocketAddr,
    /// Deleted after the process has ended.
    _data: TempDir,
}

impl Server {
    /// Starts `program`, which takes the arguments of `conclave`, and waits until it serves.
    ///
    /// # Errors
    ///
    /// When it does not start; what it printed is in the error or on standard error.
    pub fn start(program: &Path) -> anyhow::Result<Self> {
        Self::start_with(program, "", Stdio::inherit())
    }

    /// As [`Server::start`], with more configuration, and standard error elsewhere.
    ///
    /// # Errors
    ///
    /// When it does not start.
    pub fn start_with(program: &Path, more: &str, errors: Stdio) -> anyhow::Result<Self> {
        let data = TempDir::new().context("no temporary directory")?;
        let configuration = data.path().join("conclave.toml");
        let admin = "[admin]\nlisten = \"127.0.0.1:0\"\n";
        std::fs::write(&configuration, format!("{admin}{more}"))?;
        let mut child = Command::new(program)
            .args([
                "serve",
                "--dev",
                "--listen",
                "127.0.0.1:0",
                "--media-port",
                "0",
            ])
            .arg("--config")
            .arg(&configuration)
            .arg("--data-dir")
            .arg(data.path().join("data"))
            .stdout(Stdio::piped())
            .stderr(errors)
            .spawn()
            .with_context(|| format!("{} does not start", program.display()))?;
        let address = announced(&mut child);
        let mut server = Self {
            child,
            address: SocketAddr::from(([127, 0, 0, 1], 0)),
            _data: data,
        };
        server.address = address?;
        Ok(server)
    }

    /// For LiveKit's clients.
    pub fn url(&self) -> String {
        format!("ws://{}", self.address)
    }

    /// A developer's token to join a room with all rights of a participant.
    ///
    /// # Panics
    ///
    /// Never: claims of short strings can be signed.
    pub fn token(&self, room: &str, identity: &str) -> String {
        let claims = Claims {
            issuer: "devkey".to_owned(),
            identity: identity.to_owned(),
            video: Some(VideoGrants {
                room_join: true,
                room: room.to_owned(),
                ..VideoGrants::default()
            }),
            ..Claims::default()
        };
        let claims = claims.valid_for(SystemTime::now(), Duration::from_secs(3600));
        sign(&claims, b"secret").expect("claims of short strings can be signed")
    }

    /// The memory that it occupies, in bytes.
    ///
    /// # Errors
    ///
    /// When it has ended.
    pub fn resident_memory(&self) -> anyhow::Result<u64> {
        let status = std::fs::read_to_string(self.process_file("status"))?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        let kilobytes = line.and_then(|line| line.split_whitespace().next());
        let kilobytes: u64 = kilobytes.context("the process has ended")?.parse()?;
        Ok(kilobytes * 1024)
    }

    /// The processor time that it has used, in user mode and in the system.
    ///
    /// # Errors
    ///
    /// When it has ended.
    pub fn processor_time(&self) -> anyhow::Result<Duration> {
        const TICKS_PER_SECOND: u64 = 100;
        let stat = std::fs::read_to_string(self.process_file("stat"))?;
        // The name, in parentheses, may hold spaces; user and system time are the 12th and the
        // 13th word behind it.
        let (_, words) = stat.rsplit_once(')').context("no process status")?;
        let mut times = words.split_whitespace().skip(11).map(str::parse::<u64>);
        let mut next = || times.next().context("no processor time");
        let ticks = next()?? + next()??;
        Ok(Duration::from_millis(ticks * 1000 / TICKS_PER_SECOND))
    }

    fn process_file(&self, name: &str) -> String {
        format!("/proc/{}/{name}", self.child.id())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ended_before = self.child.kill();
        let _status = self.child.wait();
    }
}

/// The address in the owner's link, which is printed when the server serves.
fn announced(child: &mut Child) -> anyhow::Result<SocketAddr> {
    let stdout = child.stdout.take().context("no standard output")?;
    let mut lines = BufReader::new(stdout).lines();
    for line in lines.by_ref() {
        let line = line?;
        if let Some((_, rest)) = line.split_once("http://") {
            let host = rest.split('/').next().unwrap_or_default();
            let address = host
                .parse()
                .with_context(|| format!("an address: {host}"))?;
            // Nobody else reads what it prints later: a full pipe would stop it.
            std::thread::spawn(move || lines.for_each(drop));
            return Ok(address);
        }
    }
    let status = child.wait()?;
    ensure!(status.success(), "the server ended: {status}");
    anyhow::bail!("the server did not say where it listens")
}
