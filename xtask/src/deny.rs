//! Licences, sources and bans of every dependency, by cargo-deny with `deny.toml`.

use anyhow::Result;

use crate::shell;

const VERSION: &str = "0.20.2";

/// Builds cargo-deny into the target folder once; advisories are asked only where their database is at hand.
pub(crate) fn check() -> Result<()> {
    let program = installed()?;
    let check = |what: &[&str]| {
        let mut command = std::process::Command::new(&program);
        command
            .current_dir(shell::root())
            .args(["--locked", "--workspace", "check", "--hide-inclusion-graph"])
            .args(what);
        shell::run(&mut command)
    };
    check(&["bans", "licenses", "sources"])?;
    if advisory_database_is_at_hand() {
        check(&["--disable-fetch", "advisories"])
    } else {
        println!(
            "advisories: skipped, their database is not on this machine (`cargo deny fetch` gets it)"
        );
        Ok(())
    }
}

fn installed() -> Result<std::path::PathBuf> {
    let tools = shell::target().join("tools");
    let program = tools.join("bin/cargo-deny");
    let current = shell::output(std::process::Command::new(&program).arg("--version"))
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
    cargo_home.is_some_and(|home| {
        std::fs::read_dir(home.join("advisory-dbs"))
            .is_ok_and(|mut entries| entries.next().is_some())
    })
}
