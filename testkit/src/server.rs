//! A real server process on free ports, with a data directory of its own.

use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, SystemTime};

use anyhow::{Context, ensure};
use conclave_livekit::token::{Claims, VideoGrants, sign};
use tempfile::TempDir;
use tokio::net::TcpStream;

/// `conclave serve --dev`, killed when dropped.
pub struct Server {
    child: Child,
    program: PathBuf,
    address: SocketAddr,
    /// Of the one-time link.
    owner_token: String,
    /// Deleted after the process has ended.
    data: TempDir,
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
        let anywhere = SocketAddr::from(([127, 0, 0, 1], 0));
        let child = spawn(program, data.path(), anywhere, errors)?;
        let mut server = Self {
            child,
            program: program.to_owned(),
            address: anywhere,
            owner_token: String::new(),
            data,
        };
        (server.address, server.owner_token) = announced(&mut server.child)?;
        Ok(server)
    }

    /// Kills it as a failing machine would, and starts it again with the same data at the same address.
    ///
    /// # Errors
    ///
    /// When it does not serve again within half a minute.
    pub async fn restart(&mut self) -> anyhow::Result<()> {
        self.child.kill()?;
        self.child.wait()?;
        let errors = Stdio::inherit();
        self.child = spawn(&self.program, self.data.path(), self.address, errors)?;
        for _ in 0..300 {
            if TcpStream::connect(self.address).await.is_ok() {
                return Ok(());
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        anyhow::bail!("the server does not serve again")
    }

    /// For LiveKit's clients, and for meeting channels.
    pub fn url(&self) -> String {
        format!("ws://{}", self.address)
    }

    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The secret of the one-time link that makes the owner.
    pub fn owner_token(&self) -> &str {
        &self.owner_token
    }

    /// The number of its process.
    pub fn process(&self) -> u32 {
        self.child.id()
    }

    /// Where it keeps everything.
    pub fn directory(&self) -> &Path {
        self.data.path()
    }

    /// A developer's token to join a room with all rights of a participant.
    ///
    /// # Panics
    ///
    /// Never: claims of short strings can be signed.
    pub fn token(&self, room: &str, identity: &str) -> String {
        developer_token(room, identity)
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

/// A developer's token to join a room with all rights of a participant, for a server in development.
///
/// # Panics
///
/// Never: claims of short strings can be signed.
pub fn developer_token(room: &str, identity: &str) -> String {
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

fn spawn(
    program: &Path,
    directory: &Path,
    listen: SocketAddr,
    errors: Stdio,
) -> anyhow::Result<Child> {
    Command::new(program)
        .args(["serve", "--dev", "--media-port", "0"])
        .args(["--listen", &listen.to_string()])
        .arg("--config")
        .arg(directory.join("conclave.toml"))
        .arg("--data-dir")
        .arg(directory.join("data"))
        .stdout(Stdio::piped())
        .stderr(errors)
        .spawn()
        .with_context(|| format!("{} does not start", program.display()))
}

/// The address and the token in the owner's link, which is printed when the server serves.
fn announced(child: &mut Child) -> anyhow::Result<(SocketAddr, String)> {
    let stdout = child.stdout.take().context("no standard output")?;
    let mut lines = BufReader::new(stdout).lines();
    for line in lines.by_ref() {
        let line = line?;
        if let Some((_, rest)) = line.split_once("http://") {
            let host = rest.split('/').next().unwrap_or_default();
            // By name, as browsers want it; what listens there is IPv4's loopback.
            let (_, port) = host.rsplit_once(':').unwrap_or_default();
            let port: u16 = port.parse().with_context(|| format!("a port: {host}"))?;
            let address = SocketAddr::from(([127, 0, 0, 1], port));
            let (_, token) = rest.split_once('#').unwrap_or_default();
            let token = token.trim().to_owned();
            // Nobody else reads what it prints later: a full pipe would stop it.
            std::thread::spawn(move || lines.for_each(drop));
            return Ok((address, token));
        }
    }
    let status = child.wait()?;
    ensure!(status.success(), "the server ended: {status}");
    anyhow::bail!("the server did not say where it listens")
}
