//! The one build of the workspace that every step of the tests shares.
//!
//! It lints while it compiles: `cargo clippy` would check some hundred crates that are compiled all the same, and shares
//! nothing with that. A step that names one package alone would build it, and all below it, again with other features.

use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Result, bail};
use serde_json::Value;

use crate::shell;

/// A tool of ours with dependencies of its own, which nothing is linked with.
const EXCEPT: &str = "--exclude=conclave-bindgen";

const EVERYTHING: &[&str] = &["build", "--all-targets"];

/// Builds and lints everything, the server among it; a warning is an error.
pub(crate) fn everything() -> Result<()> {
    // The server keeps the way to its pages as it is found while it is compiled, which may be before they are.
    std::fs::create_dir_all(shell::root().join("web/dist"))?;
    shell::run(&mut cargo(EVERYTHING)?)
}

/// Runs the tests of all packages but [`CALLS`] and those that judge nothing by a clock, those of `apps/` last.
pub(crate) fn tests() -> Result<()> {
    let mut programs = programs(|package| package != CALLS)?;
    programs.retain(|program| !program.has_no_clock());
    programs.sort_by_key(Program::waits);
    run(&programs)
}

/// Runs the tests that judge nothing by a clock: those of `core/`, and of the store on SQLite.
pub(crate) fn without_clock() -> Result<()> {
    let mut programs = programs(|_| true)?;
    programs.retain(Program::has_no_clock);
    run(&programs)
}

/// Runs the tests in which people call each other in real time: they wait most of it.
pub(crate) fn calls() -> Result<()> {
    run(&tests_of(CALLS)?)
}

const CALLS: &str = "conclave-testkit";

/// A program of tests.
pub(crate) struct Program {
    path: PathBuf,
    /// Its package's folder: where Cargo runs it.
    folder: PathBuf,
}

impl Program {
    fn has_no_clock(&self) -> bool {
        let root = shell::root();
        self.folder.starts_with(root.join("core")) || self.folder == root.join("io/store")
    }

    /// For servers that stop, for windows that open and for what times out: four of its tests at once keep two cores busy.
    fn waits(&self) -> bool {
        self.folder.starts_with(shell::root().join("apps"))
    }

    pub(crate) fn command(&self) -> Command {
        let mut command = Command::new(&self.path);
        command.current_dir(&self.folder);
        command
    }
}

/// The package's test programs.
pub(crate) fn tests_of(package: &str) -> Result<Vec<Program>> {
    programs(|name| name == package)
}

fn programs(is_wanted: impl Fn(&str) -> bool) -> Result<Vec<Program>> {
    let line = [EVERYTHING, &["--quiet", "--message-format=json"]].concat();
    let said = shell::output(&mut cargo(&line)?)?;
    let artifacts = said
        .lines()
        .filter_map(|line| serde_json::from_str(line).ok());
    let programs: Vec<Program> = artifacts
        .filter_map(|artifact| test_program(&artifact, &is_wanted))
        .collect();
    if programs.is_empty() {
        bail!("there are no tests");
    }
    Ok(programs)
}

fn run(programs: &[Program]) -> Result<()> {
    for program in programs {
        println!("\nTests of {}", program.path.display());
        let mut tests = program.command();
        if program.waits() {
            tests.env("RUST_TEST_THREADS", "4");
        }
        shell::run(&mut tests)?;
    }
    Ok(())
}

/// Cargo, with [`LINTER`] in the place of the compiler of our own crates.
fn cargo(arguments: &[&str]) -> Result<Command> {
    let mut cargo = shell::command(".", &["cargo"]);
    cargo
        .args(arguments)
        .args(["--locked", "--workspace", EXCEPT])
        .env("RUSTC_WORKSPACE_WRAPPER", linter()?)
        .env("CLIPPY_DRIVER", clippy()?)
        // As `cargo clippy -- -D warnings` hands it on.
        .env("CLIPPY_ARGS", "-Dwarnings__CLIPPY_HACKERY__");
    Ok(cargo)
}

/// Libraries are compiled twice, with their tests and for who links them; clippy looks at them once, with their tests.
/// Those of two crates run for less than it takes to compile them well, which is for who links their libraries.
///
/// Of bash: other shells drop variables whose names have a hyphen, which Cargo sets.
const LINTER: &str = r#"#!/usr/bin/env bash
case " $* " in
*" --crate-name conclave_e2ee "*" --test "* | *" --crate-name conclave_sfu "*" --test "*) set -- "$@" -Copt-level=0 ;;
*" --test "*) ;;
*" --crate-type lib "*) exec "$@" -Dwarnings ;;
esac
exec "$CLIPPY_DRIVER" "$@"
"#;

/// The way to it, which stays the same: Cargo builds anew when it changes.
fn linter() -> Result<PathBuf> {
    let linter = shell::target().join("linter");
    if std::fs::read(&linter).is_ok_and(|written| written == LINTER.as_bytes()) {
        return Ok(linter);
    }
    let of_this_run = shell::target().join(format!("linter-{}", std::process::id()));
    std::fs::create_dir_all(shell::target())?;
    std::fs::write(&of_this_run, LINTER)?;
    std::fs::set_permissions(&of_this_run, Permissions::from_mode(0o755))?;
    std::fs::rename(of_this_run, &linter)?;
    Ok(linter)
}

fn clippy() -> Result<PathBuf> {
    let sysroot = shell::output(&mut shell::command(".", &["rustc", "--print", "sysroot"]))?;
    let driver = PathBuf::from(sysroot.trim()).join("bin/clippy-driver");
    if !driver.exists() {
        bail!("this Rust has no clippy: run `rustup component add clippy`, then the command again");
    }
    Ok(driver)
}

fn test_program(artifact: &Value, is_wanted: impl Fn(&str) -> bool) -> Option<Program> {
    let package = package_of(artifact["package_id"].as_str()?)?;
    let is_bench = artifact["target"]["kind"][0] == "bench";
    let is_test = artifact["profile"]["test"] == true && !is_bench;
    let program = || {
        let manifest = Path::new(artifact["manifest_path"].as_str()?);
        Some(Program {
            path: artifact["executable"].as_str()?.into(),
            folder: manifest.parent()?.into(),
        })
    };
    (is_test && is_wanted(package)).then(program)?
}

/// The name in Cargo's package identifier, which leaves it out where the folder bears it.
fn package_of(id: &str) -> Option<&str> {
    let (place, version) = id.rsplit_once('#')?;
    let named = version.split_once('@').map(|(name, _)| name);
    named.or_else(|| Some(place.rsplit_once('/')?.1))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_test_programs_of_one_package_are_told_from_the_rest() {
        let artifact = |package: &str, kind: &str, test: bool, executable: Value| {
            json!({
                "package_id": format!("path+file:///x/store#{package}@0.1.0"),
                "manifest_path": "/x/store/Cargo.toml",
                "target": { "kind": [kind] },
                "profile": { "test": test },
                "executable": executable,
            })
        };
        let found = |artifact: Value| {
            let program = test_program(&artifact, |package| package == "conclave-store")?;
            Some((program.path, program.folder))
        };
        let program = || json!("/t/it");

        let test = artifact("conclave-store", "test", true, program());
        assert_eq!(found(test), Some(("/t/it".into(), "/x/store".into())));
        for other in [
            artifact("conclave-store", "lib", true, Value::Null),
            artifact("conclave-store", "bin", false, program()),
            artifact("conclave-store", "bench", true, program()),
            artifact("conclave", "test", true, program()),
        ] {
            assert_eq!(found(other), None);
        }
    }

    #[test]
    fn a_package_that_is_called_as_its_folder_is_known_too() {
        for (id, package) in [
            (
                "path+file:///x/core/policy#conclave-policy@0.1.0",
                "conclave-policy",
            ),
            ("path+file:///x/apps/conclave#0.1.0", "conclave"),
        ] {
            assert_eq!(package_of(id), Some(package));
        }
    }
}
