//! A server of the build, for tests that speak to one over the network.

use std::io::{BufRead, BufReader};
use std::net::{TcpListener, UdpSocket};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use crate::shell;

/// `conclave serve --dev` on free ports, with a data directory of its own; ended when dropped.
pub(crate) struct Server {
    child: Child,
    pub(crate) address: String,
}

impl Server {
    pub(crate) fn start(data: &Path) -> Result<Self> {
        if data.exists() {
            std::fs::remove_dir_all(data).context("could not clear the server's data directory")?;
        }
        let address = format!("127.0.0.1:{}", free_tcp_port()?);
        let media = free_media_port()?;
        let admin = free_tcp_port()?;
        let config = data.with_extension("toml");
        std::fs::write(
            &config,
            format!("[admin]\nlisten = \"127.0.0.1:{admin}\"\n"),
        )
        .context("could not write the server's configuration")?;
        let mut child = Command::new(shell::target().join("debug/conclave"))
            .args([
                "serve",
                "--dev",
                "--listen",
                &address,
                "--media-port",
                &media.to_string(),
            ])
            .arg("--config")
            .arg(&config)
            .arg("--data-dir")
            .arg(data)
            .stdout(Stdio::piped())
            .stderr(std::fs::File::create(data.with_extension("log"))?)
            .spawn()
            .context("could not start the server")?;
        drain(&mut child);
        let server = Self { child, address };
        server.wait_until_ready()?;
        Ok(server)
    }

    fn wait_until_ready(&self) -> Result<()> {
        let deadline = Instant::now() + Duration::from_secs(30);
        while std::net::TcpStream::connect(&self.address).is_err() {
            if Instant::now() > deadline {
                bail!(
                    "the server did not listen on {} within 30 seconds",
                    self.address
                );
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        Ok(())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let asked = Command::new("kill")
            .arg(self.child.id().to_string())
            .status();
        if !asked.is_ok_and(|status| status.success()) {
            let _gone_already = self.child.kill();
        }
        let _exit = self.child.wait();
    }
}

/// Reads what the server prints, so that its pipe never fills.
fn drain(child: &mut Child) {
    if let Some(output) = child.stdout.take() {
        std::thread::spawn(move || for _line in BufReader::new(output).lines() {});
    }
}

fn free_tcp_port() -> Result<u16> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?.port())
}

/// Media uses one number for UDP and TCP.
fn free_media_port() -> Result<u16> {
    for _ in 0..100 {
        let port = free_tcp_port()?;
        if UdpSocket::bind(("127.0.0.1", port)).is_ok() {
            return Ok(port);
        }
    }
    bail!("no port is free for both UDP and TCP")
}
