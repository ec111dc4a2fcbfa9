//! A desktop that nobody sees: an X server of the test's own, on a display that is free.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use crate::client::Client;

pub(crate) struct Desktop {
    server: Child,
    name: String,
}

impl Desktop {
    pub(crate) fn new() -> Self {
        Self::with(&[])
    }

    pub(crate) fn with(arguments: &[&str]) -> Self {
        let screen = ["-screen", "0", "640x480x24"];
        Self::of("Xvfb", &[&screen[..], arguments].concat())
    }

    /// A server tells its number on standard output, once it takes connections.
    pub(crate) fn of(server: &str, arguments: &[&str]) -> Self {
        let mut server = Command::new(server)
            .args(["-displayfd", "1", "-nolisten", "tcp", "-noreset", "-ac"])
            .args(arguments)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut number = String::new();
        let mut said = BufReader::new(server.stdout.take().unwrap());
        said.read_line(&mut number).unwrap();
        assert!(!number.trim().is_empty(), "the X server did not start");
        let name = format!(":{}", number.trim());
        Self { server, name }
    }

    pub(crate) fn name(&self) -> Option<&str> {
        Some(&self.name)
    }

    pub(crate) fn client(&self) -> Client {
        Client::new(&self.name)
    }

    pub(crate) fn program(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        command.env("DISPLAY", &self.name).env("LC_ALL", "C.UTF-8");
        // Whoever runs the tests may be in another kind of session.
        command
            .env_remove("WAYLAND_DISPLAY")
            .env_remove("XDG_SESSION_TYPE");
        command
    }

    /// Loads another keyboard layout, as a person does.
    pub(crate) fn lay_out(&self, layout: &str) {
        let status = self.program("setxkbmap").arg(layout).status().unwrap();
        assert!(status.success());
    }
}

impl Drop for Desktop {
    /// A server that is asked to end takes its socket away.
    fn drop(&mut self) {
        let process = self.server.id().to_string();
        let asked = Command::new("kill").arg(process).status();
        if !asked.is_ok_and(|status| status.success()) {
            self.server.kill().unwrap();
        }
        self.server.wait().unwrap();
    }
}
