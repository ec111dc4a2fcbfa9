//! An X server of the benchmark's own, of 1920x1080.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use anyhow::{Context, ensure};

use crate::line::Line;

pub(crate) struct Display {
    server: Child,
    name: String,
}

impl Display {
    /// What the agent captures.
    pub(crate) fn xvfb() -> anyhow::Result<Self> {
        let mut server = Command::new("Xvfb");
        server.args(["-screen", "0", "1920x1080x24"]);
        Self::start(server)
    }

    /// Which also speaks with viewers, at this port.
    pub(crate) fn tigervnc(port: u16, line: Option<&Line>) -> anyhow::Result<Self> {
        let mut server = match line {
            Some(line) => line.there("Xtigervnc"),
            None => Command::new("Xtigervnc"),
        };
        server.args(["-geometry", "1920x1080", "-depth", "24"]);
        server.args(["-SecurityTypes", "None", "-rfbport", &port.to_string()]);
        Self::start(server)
    }

    /// A server tells its number on standard output, once it takes connections.
    fn start(mut server: Command) -> anyhow::Result<Self> {
        let mut server = server
            .args(["-displayfd", "1", "-nolisten", "tcp", "-noreset", "-ac"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .context("there is no such X server")?;
        let said = server.stdout.take().context("it says nothing")?;
        let mut number = String::new();
        BufReader::new(said).read_line(&mut number)?;
        ensure!(!number.trim().is_empty(), "the X server did not start");
        let name = format!(":{}", number.trim());
        Ok(Self { server, name })
    }

    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    pub(crate) fn process(&self) -> u32 {
        self.server.id()
    }
}

impl Drop for Display {
    /// A server that is asked to end takes its socket away.
    fn drop(&mut self) {
        let process = self.server.id().to_string();
        let _asked = Command::new("kill").arg(process).status();
        let _ended = self.server.wait();
    }
}
