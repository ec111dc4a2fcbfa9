//! The programs of `cargo test --workspace`: a step that names one package alone would build it, and all below it, a
//! second time, with other features.

use std::path::PathBuf;

use anyhow::{Result, bail};
use serde_json::Value;

use crate::shell;

/// A tool of ours with dependencies of its own, which nothing is linked with.
pub(crate) const EXCEPT: &str = "--exclude=conclave-bindgen";

const BUILD: &[&str] = &[
    "cargo",
    "test",
    "--locked",
    "--workspace",
    EXCEPT,
    "--no-run",
];

/// Builds everything that tests need, the server among it.
pub(crate) fn everything() -> Result<()> {
    shell::run(&mut shell::command(".", BUILD))
}

/// The package's test programs; each is to be run in the package's folder.
pub(crate) fn tests_of(package: &str) -> Result<Vec<PathBuf>> {
    everything()?;
    let line = [BUILD, &["--quiet", "--message-format=json"]].concat();
    let said = shell::output(&mut shell::command(".", &line))?;
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

fn test_program(artifact: &Value, package: &str) -> Option<PathBuf> {
    let is_of_package = artifact["package_id"]
        .as_str()?
        .contains(&format!("#{package}@"));
    let is_test = artifact["profile"]["test"] == true;
    let program = artifact["executable"].as_str()?;
    (is_of_package && is_test).then(|| PathBuf::from(program))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_test_programs_of_one_package_are_told_from_the_rest() {
        let artifact = |package: &str, test: bool, executable: Value| {
            json!({
                "package_id": format!("path+file:///x/store#{package}@0.1.0"),
                "profile": { "test": test },
                "executable": executable,
            })
        };
        let found = |artifact: Value| test_program(&artifact, "conclave-store");

        let program = Some(PathBuf::from("/t/it"));
        assert_eq!(
            found(artifact("conclave-store", true, json!("/t/it"))),
            program
        );
        assert_eq!(found(artifact("conclave-store", true, Value::Null)), None);
        assert_eq!(
            found(artifact("conclave-store", false, json!("/t/it"))),
            None
        );
        assert_eq!(found(artifact("conclave", true, json!("/t/it"))), None);
    }
}
