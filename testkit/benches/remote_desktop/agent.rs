//! The agent at a desktop: this very program, as the agent starts itself.

use std::process::{Child, Command, Stdio};
use std::time::Duration;

use anyhow::Context;
use tempfile::TempDir;

use crate::display::Display;
use crate::line::Line;
use crate::process::{argument, children, processor_time};

pub(crate) struct Agent {
    launcher: Child,
    _folder: TempDir,
}

impl Agent {
    /// At the other end of the line, where there is one.
    pub(crate) fn start(
        display: &Display,
        link: &str,
        line: Option<&Line>,
    ) -> anyhow::Result<Self> {
        let folder = tempfile::tempdir()?;
        let own = std::env::current_exe()?;
        let own = own.to_str().context("a path that is no text")?;
        let mut launcher = match line {
            Some(line) => line.there(own),
            None => Command::new(own),
        };
        let launcher = launcher
            .args(["help", link])
            .env("DISPLAY", display.name())
            .envs(["XDG_RUNTIME_DIR", "HOME"].map(|name| (name, folder.path())))
            .stdin(Stdio::null())
            .spawn()?;
        Ok(Self {
            launcher,
            _folder: folder,
        })
    }

    /// Of all its processes.
    pub(crate) fn processor_time(&self) -> anyhow::Result<Duration> {
        let mut sum = processor_time(self.launcher.id())?;
        for child in children(self.launcher.id())? {
            sum += processor_time(child)?;
        }
        Ok(sum)
    }

    /// Its windows draw nothing and take nothing from here on.
    pub(crate) fn freeze_windows(&self) -> anyhow::Result<()> {
        let mut children = children(self.launcher.id())?.into_iter();
        let windows = children.find(|child| argument(*child).as_deref() == Some("ui"));
        let windows = windows.context("it has no windows")?.to_string();
        Command::new("kill").args(["-STOP", &windows]).status()?;
        Ok(())
    }
}

impl Drop for Agent {
    /// What it started ends with it.
    fn drop(&mut self) {
        let _ended = self.launcher.kill();
        let _status = self.launcher.wait();
    }
}
