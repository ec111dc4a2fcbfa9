//! Licences, sources and bans of every dependency, by cargo-deny with `deny.toml`.

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use anyhow::Result;

use crate::shell;

const VERSION: &str = "0.20.2";

/// Builds cargo-deny into the target folder once. Advisories are asked where their database can be
/// fetched, or was fetched before.
pub(crate) fn check() -> Result<()> {
    let program = installed()?;
    let run = |arguments: &[&str], what: &[&str]| {
        let mut command = Command::new(&program);
        command
            .current_dir(shell::root())
            .args(["--locked", "--workspace"])
            .args(arguments)
            .args(["check", "--hide-inclusion-graph"])
            .args(what);
        shell::run(&mut command)
    };
    run(&[], &["bans", "licenses", "sources"])?;
    if fetch_advisories(&program)? {
        run(&[], &["advisories"])
    } else if advisory_database_is_at_hand() {
        run(&["--offline"], &["advisories"])
    } else {
        println!("advisories: skipped, their database can't be reached from this machine");
        Ok(())
    }
}

/// Whether the database is as new as can be. A network that swallows packets costs [`FETCH_TIME`].
fn fetch_advisories(program: &Path) -> Result<bool> {
    let mut fetch = Command::new(program);
    fetch
        .current_dir(shell::root())
        .args(["--locked", "--workspace", "fetch", "db"]);
    shell::run_within(&mut fetch, FETCH_TIME)
}

/// The database has some megabytes.
const FETCH_TIME: Duration = Duration::from_secs(120);

fn installed() -> Result<std::path::PathBuf> {
    let tools = shell::target().join("tools");
    let program = tools.join("bin/cargo-deny");
    let current = shell::output(Command::new(&program).arg("--version"))
        .is_ok_and(|version| version.trim().ends_with(VERSION));
    if !current {
        let mut install = shell::command(
            ".",
            &[
                "cargo",
                "install",
                "cargo-deny",
                "--version",
                VERSION,
                "--locked",
                "--debug",
                "--root",
            ],
        );
        install.arg(&tools).env("CARGO_PROFILE_DEV_DEBUG", "0");
        shell::run(&mut install)?;
    }
    Ok(program)
}

fn advisory_database_is_at_hand() -> bool {
    let cargo_home = std::env::var_os("CARGO_HOME")
        .map(std::path::PathBuf::from)
        .or_else(|| std::env::home_dir().map(|home| home.join(".cargo")));
    // A fetch that failed leaves its lock there.
    cargo_home.is_some_and(|home| {
        std::fs::read_dir(home.join("advisory-dbs")).is_ok_and(|entries| {
            let mut folders = entries.flatten().map(|entry| entry.path());
            folders.any(|folder| folder.join(".git").exists())
        })
    })
}
