//! The browser application: its packages, its build, its checks.

use std::path::Path;
use std::process::Command;
use std::time::SystemTime;

use anyhow::{Context, Result};

use crate::{shell, wasm};

/// Installs the packages of `package-lock.json`, unless that very file was installed last.
///
/// `npm ci` would refuse where a registry lacks a package of another platform; `--no-save` keeps the
/// lock file as it is, and `npm` checks what it installs against the lock's hashes all the same.
pub(crate) fn packages(directory: &str) -> Result<()> {
    let folder = shell::root().join(directory);
    let lock = std::fs::read(folder.join("package-lock.json"))
        .with_context(|| format!("could not read {directory}/package-lock.json"))?;
    let mark = folder.join("node_modules/.installed-lock");
    if std::fs::read(&mark).is_ok_and(|installed| installed == lock) {
        return Ok(());
    }
    shell::run(&mut shell::command(
        directory,
        &["npm", "install", "--no-save", "--no-audit", "--no-fund"],
    ))?;
    std::fs::write(&mark, lock).context("could not mark the packages as installed")
}

/// Builds `web/dist` with its WebAssembly, unless nothing of both changed since.
pub(crate) fn build() -> Result<()> {
    packages("web")?;
    wasm::build()?;
    let folder = shell::root().join("web");
    let built = modified(&folder.join("dist/index.html"));
    if built.is_some_and(|built| newest(&folder).is_some_and(|newest| newest <= built)) {
        return Ok(());
    }
    shell::run(&mut shell::command(
        "web",
        &["npm", "run", "--silent", "build"],
    ))
}

pub(crate) fn script(name: &str) -> Result<()> {
    shell::run(&mut shell::command(
        "web",
        &["npm", "run", "--silent", name],
    ))
}

/// Tests that say the name of each, passed or failed.
pub(crate) fn tests(name: &str) -> Result<()> {
    shell::run(&mut tests_of(name))
}

pub(crate) fn tests_of(name: &str) -> Command {
    let line = ["npm", "run", "--silent", name, "--", "--reporter=verbose"];
    shell::command("web", &line)
}

/// When the youngest source file below `folder` was written.
fn newest(folder: &Path) -> Option<SystemTime> {
    let mut youngest = None;
    for entry in std::fs::read_dir(folder).ok()?.flatten() {
        let path = entry.path();
        let name = entry.file_name();
        if name == "node_modules" || name == "dist" {
            continue;
        }
        let time = if path.is_dir() {
            newest(&path)
        } else {
            modified(&path)
        };
        youngest = youngest.max(time);
    }
    youngest
}

/// When the file was written; `None` where there is none.
pub(crate) fn modified(path: &Path) -> Option<SystemTime> {
    std::fs::metadata(path).ok()?.modified().ok()
}
