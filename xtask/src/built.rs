//! The one build of the workspace that every step of the tests shares.
//!
//! It lints while it compiles: `cargo clippy` would check some hundred crates that are compiled all the same, and shares
//! nothing with that. A step that names one package alone would build it, and all below it, again with other features.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Result, bail};
use serde_json::Value;

use crate::shell;

/// A tool of ours with dependencies of its own, which nothing is linked with.
const EXCEPT: &str = "--exclude=conclave-bindgen";

const EVERYTHING: &[&str] = &["build", "--all-targets"];

/// Builds and lints everything, the server among it; a warning is an error.
pub(crate) fn everything() -> Result<()> {
    shell::run(&mut cargo(EVERYTHING)?)
}

/// Runs the tests of all packages.
pub(crate) fn tests() -> Result<()> {
    shell::run(&mut cargo(&["test"])?)
}

/// The package's test programs; each is to be run in the package's folder.
pub(crate) fn tests_of(package: &str) -> Result<Vec<PathBuf>> {
    let line = [EVERYTHING, &["--quiet", "--message-format=json"]].concat();
    let said = shell::output(&mut cargo(&line)?)?;
    let artifacts = said
        .lines()
        .filter_map(|line| serde_json::from_str(line).ok());
    let programs: Vec<PathBuf> = artifacts
        .filter_map(|artifact| test_program(&artifact, package))
        .collect();
    if programs.is_empty() {
        bail!("{package} has no tests");
    }
    Ok(programs)
}

/// Cargo, with clippy in the place of the compiler of our own crates.
fn cargo(arguments: &[&str]) -> Result<Command> {
    let mut cargo = shell::command(".", &["cargo"]);
    cargo
        .args(arguments)
        .args(["--locked", "--workspace", EXCEPT])
        .env("RUSTC_WORKSPACE_WRAPPER", clippy()?)
        // As `cargo clippy -- -D warnings` hands it on.
        .env("CLIPPY_ARGS", "-Dwarnings__CLIPPY_HACKERY__");
    Ok(cargo)
}

fn clippy() -> Result<PathBuf> {
    let sysroot = shell::output(&mut shell::command(".", &["rustc", "--print", "sysroot"]))?;
    let driver = PathBuf::from(sysroot.trim()).join("bin/clippy-driver");
    if !driver.exists() {
        bail!("this Rust has no clippy: run `rustup component add clippy`, then the command again");
    }
    Ok(driver)
}

fn test_program(artifact: &Value, package: &str) -> Option<PathBuf> {
    let is_of_package = artifact["package_id"]
        .as_str()?
        .contains(&format!("#{package}@"));
    let is_bench = artifact["target"]["kind"][0] == "bench";
    let is_test = artifact["profile"]["test"] == true && !is_bench;
    let program = artifact["executable"].as_str()?;
    (is_of_package && is_test).then(|| PathBuf::from(program))
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
                "target": { "kind": [kind] },
                "profile": { "test": test },
                "executable": executable,
            })
        };
        let found = |artifact: Value| test_program(&artifact, "conclave-store");
        let program = || json!("/t/it");

        let test = artifact("conclave-store", "test", true, program());
        assert_eq!(found(test), Some(PathBuf::from("/t/it")));
        for other in [
            artifact("conclave-store", "lib", true, Value::Null),
            artifact("conclave-store", "bin", false, program()),
            artifact("conclave-store", "bench", true, program()),
            artifact("conclave", "test", true, program()),
        ] {
            assert_eq!(found(other), None);
        }
    }
}
