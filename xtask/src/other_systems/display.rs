//! A display of X in memory, painted and looked at from outside of what runs on it.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use anyhow::{Context, Result};

use crate::shell;

pub(super) const WIDTH: u32 = 640;
pub(super) const HEIGHT: u32 = 480;

/// Ended when dropped.
pub(super) struct Display {
    server: Child,
    name: String,
}

#[derive(Debug, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) x: u32,
    pub(super) y: u32,
}

impl Display {
    /// Of a number that nobody has. It stays as it is when nobody is connected.
    pub(super) fn start() -> Result<Self> {
        let screen = format!("{WIDTH}x{HEIGHT}x24");
        let mut server = Command::new("Xvfb");
        server.args(["-displayfd", "1", "-noreset", "-nolisten", "tcp"]);
        server.args(["-screen", "0", &screen]);
        server.stdout(Stdio::piped()).stderr(Stdio::null());
        let mut server = server.spawn().context("could not start Xvfb")?;
        let said = server.stdout.take().context("Xvfb has no output")?;
        let mut display = Self {
            server,
            name: String::new(),
        };
        let mut number = String::new();
        BufReader::new(said).read_line(&mut number)?;
        let number: u16 = number.trim().parse().context("Xvfb did not start")?;
        display.name = format!(":{number}");
        Ok(display)
    }

    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// `colour` is red, green and blue in hexadecimal.
    pub(super) fn paint(&self, colour: &str) -> Result<()> {
        let colour = format!("#{colour}");
        shell::run(&mut self.command(&["xsetroot", "-solid", &colour]))
    }

    pub(super) fn put_pointer(&self, to: Place) -> Result<()> {
        let (x, y) = (to.x.to_string(), to.y.to_string());
        shell::run(&mut self.command(&["xdotool", "mousemove", &x, &y]))
    }

    pub(super) fn pointer(&self) -> Result<Place> {
        let line = ["xdotool", "getmouselocation", "--shell"];
        let said = shell::output(&mut self.command(&line))?;
        let value = |name: &str| {
            let mut lines = said.lines();
            let value = lines.find_map(|line| line.strip_prefix(name)?.strip_prefix('='));
            value.context("the display does not say where its pointer is")
        };
        Ok(Place {
            x: value("X")?.parse()?,
            y: value("Y")?.parse()?,
        })
    }

    fn command(&self, line: &[&str]) -> Command {
        let mut command = shell::command(".", line);
        command.env("DISPLAY", &self.name);
        command
    }
}

impl Drop for Display {
    fn drop(&mut self) {
        let _ended = self.server.kill();
        let _its_end = self.server.wait();
    }
}
