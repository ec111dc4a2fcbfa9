//! The dependency table of ARCHITECTURE.md, held against what Cargo resolved.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::shell;

/// Which crates of ours a crate may depend on. `None`: anything.
const TABLE: &[(&str, Option<&[&str]>)] = &[
    ("conclave-protocol", Some(&[])),
    ("conclave-livekit", Some(&[])),
    ("conclave-audit", Some(&[])),
    ("conclave-policy", Some(&["conclave-protocol"])),
    ("conclave-e2ee", Some(&["conclave-protocol"])),
    ("conclave-remote", Some(&["conclave-protocol"])),
    (
        "conclave-sfu",
        Some(&["conclave-livekit", "conclave-protocol"]),
    ),
    (
        "conclave-store",
        Some(&["conclave-policy", "conclave-audit", "conclave-protocol"]),
    ),
    (
        "conclave-client",
        Some(&[
            "conclave-e2ee",
            "conclave-audit",
            "conclave-livekit",
            "conclave-protocol",
        ]),
    ),
    (
        "conclave-wasm",
        Some(&["conclave-e2ee", "conclave-protocol"]),
    ),
    (
        "conclave",
        Some(&[
            "conclave-policy",
            "conclave-audit",
            "conclave-sfu",
            "conclave-store",
            "conclave-livekit",
            "conclave-protocol",
        ]),
    ),
    (
        "conclave-agent",
        Some(&[
            "conclave-client",
            "conclave-video",
            "conclave-remote",
            "conclave-protocol",
        ]),
    ),
    ("conclave-video", Some(&[])),
    ("conclave-wasm-audit", Some(&["conclave-audit"])),
    (
        "conclave-wasm-remote",
        Some(&["conclave-remote", "conclave-protocol"]),
    ),
    ("conclave-testkit", None),
    ("conclave-fuzz", None),
    ("conclave-bindgen", Some(&[])),
    ("xtask", Some(&[])),
];

/// Crates that the server may not contain: it can't decrypt because the code isn't there.
const NOT_IN_THE_SERVER: &[&str] = &["conclave-e2ee", "openmls", "mls-rs", "sframe"];

pub(crate) fn check() -> Result<()> {
    let metadata = shell::output(&mut shell::command(
        ".",
        &[
            "cargo",
            "metadata",
            "--format-version=1",
            "--no-deps",
            "--locked",
        ],
    ))?;
    let found = dependencies(&serde_json::from_str(&metadata)?)?;
    let violations = violations(&found);
    if !violations.is_empty() {
        bail!("the floors don't hold:\n{}", violations.join("\n"));
    }
    println!("{} crates keep to the dependency table", found.len());
    the_server_cannot_decrypt()
}

fn the_server_cannot_decrypt() -> Result<()> {
    let tree = shell::output(&mut shell::command(
        ".",
        &[
            "cargo",
            "tree",
            "--locked",
            "-p",
            "conclave",
            "-e",
            "normal,build",
            "--prefix",
            "none",
        ],
    ))?;
    let linked: BTreeSet<&str> = tree
        .lines()
        .filter_map(|line| line.split(' ').next())
        .collect();
    if let Some(name) = NOT_IN_THE_SERVER
        .iter()
        .find(|name| linked.contains(**name))
    {
        bail!("the server links {name}");
    }
    println!("the server links none of {}", NOT_IN_THE_SERVER.join(", "));
    Ok(())
}

/// Each workspace crate with the workspace crates it names, other than for its tests.
fn dependencies(metadata: &Value) -> Result<BTreeMap<String, Vec<String>>> {
    let packages = metadata["packages"]
        .as_array()
        .context("cargo metadata has no packages")?;
    let name_of = |value: &Value| value["name"].as_str().map(str::to_owned);
    let ours: BTreeSet<String> = packages.iter().filter_map(name_of).collect();
    packages
        .iter()
        .map(|package| {
            let name = name_of(package).context("a package has no name")?;
            let named = package["dependencies"].as_array().into_iter().flatten();
            let normal = named
                .filter(|dependency| dependency["kind"] != "dev")
                .filter_map(name_of)
                .filter(|dependency| ours.contains(dependency))
                .collect();
            Ok((name, normal))
        })
        .collect()
}

fn violations(found: &BTreeMap<String, Vec<String>>) -> Vec<String> {
    let mut violations = Vec::new();
    for (name, dependencies) in found {
        match TABLE.iter().find(|(known, _)| known == name) {
            None => violations.push(format!("  {name} is not in the table")),
            Some((_, None)) => {}
            Some((_, Some(allowed))) => violations.extend(
                dependencies
                    .iter()
                    .filter(|dependency| !allowed.contains(&dependency.as_str()))
                    .map(|dependency| format!("  {name} may not depend on {dependency}")),
            ),
        }
    }
    violations
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(name: &str, dependencies: &[&str]) -> BTreeMap<String, Vec<String>> {
        let dependencies = dependencies.iter().map(|name| (*name).to_owned()).collect();
        BTreeMap::from([(name.to_owned(), dependencies)])
    }

    #[test]
    fn a_sideways_dependency_is_named() {
        let violations = violations(&found("conclave-sfu", &["conclave-policy"]));

        assert_eq!(
            violations,
            ["  conclave-sfu may not depend on conclave-policy"]
        );
    }

    #[test]
    fn a_crate_that_the_table_does_not_know_is_named() {
        assert_eq!(violations(&found("conclave-utils", &[])).len(), 1);
    }

    #[test]
    fn what_the_table_allows_passes() {
        assert!(violations(&found("conclave-sfu", &["conclave-livekit"])).is_empty());
    }
}
