//! A Windows of Wine's, which nobody else has, and which is gone when it is dropped.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use anyhow::{Context, Result, ensure};

use super::LINKER;
use super::display::Display;
use crate::shell;

pub(super) struct Wine {
    /// Its drive `C:` and its registry.
    folder: PathBuf,
    display: String,
}

impl Wine {
    pub(super) fn start(display: &Display) -> Result<Self> {
        let name = format!("conclave-wine-{}", std::process::id());
        let folder = std::env::temp_dir().join(name);
        // Of a run that was killed, and had this number.
        let _left = fs::remove_dir_all(&folder);
        fs::create_dir(&folder).with_context(|| format!("could not make {}", folder.display()))?;
        let wine = Self {
            folder,
            display: display.name().to_owned(),
        };
        ensure!(
            wine.run(wine.command(Path::new("wineboot")).arg("--init"))?,
            "Wine does not start"
        );
        wine.add_random_numbers()?;
        Ok(wine)
    }

    pub(super) fn command(&self, program: &Path) -> Command {
        let mut command = self.with_environment(WINE);
        command.arg(program);
        command
    }

    /// Whether it succeeds in time.
    pub(super) fn run(&self, command: &mut Command) -> Result<bool> {
        shell::run_within(command, LONGEST)
    }

    /// What it writes to standard output, if it succeeds in time.
    pub(super) fn says(&self, command: &mut Command) -> Result<String> {
        let said = self.folder.join("said");
        let did = self.run(command.stdout(File::create(&said)?))?;
        let said = fs::read_to_string(said)?;
        ensure!(did, "it failed, and said: {said}");
        Ok(said)
    }

    /// What it writes to standard error, where it ends in time and refuses.
    pub(super) fn says_why_not(&self, command: &mut Command) -> Result<String> {
        let said = self.folder.join("said");
        let did = self.run(command.stderr(File::create(&said)?))?;
        ensure!(!did, "it succeeded");
        Ok(fs::read_to_string(said)?)
    }

    /// Rust's library asks a part of Windows for them that the Wine of Debian 12 lacks.
    fn add_random_numbers(&self) -> Result<()> {
        let library = self.folder.join("drive_c/windows/system32");
        let library = library.join("bcryptprimitives.dll");
        let line = [LINKER, "-shared", "-O1", RANDOM_NUMBERS, "-o"];
        let mut compile = shell::command(".", &line);
        shell::run(compile.arg(library).arg("-ladvapi32"))
    }

    /// It says what is wrong with itself to nobody, and asks for nothing to be installed.
    fn with_environment(&self, program: &str) -> Command {
        let mut command = shell::command(".", &[program]);
        command
            .env("DISPLAY", &self.display)
            .env("WINEPREFIX", &self.folder)
            .env("WINEDEBUG", "-all")
            .env("WINEDLLOVERRIDES", "mscoree,mshtml=")
            .stdin(Stdio::null());
        command
    }
}

impl Drop for Wine {
    fn drop(&mut self) {
        let mut end = self.with_environment(SERVER);
        let _ended = shell::run_within(end.arg("--kill"), LONGEST);
        let _left = fs::remove_dir_all(&self.folder);
    }
}

/// Where Debian has them: beside each other, and not among the programs.
const WINE: &str = "/usr/lib/wine/wine64";
const SERVER: &str = "/usr/lib/wine/wineserver64";

const RANDOM_NUMBERS: &str = "xtask/wine/bcryptprimitives.c";

/// Each of its programs takes some seconds.
const LONGEST: Duration = Duration::from_secs(300);
