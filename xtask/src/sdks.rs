//! LiveKit's own SDKs, unchanged, against a server of the build.

use std::path::PathBuf;

use anyhow::Result;

use crate::server::Server;
use crate::{shell, web};

pub(crate) fn python() -> Result<()> {
    let python = environment("python", "testkit/sdks/python/requirements.txt")?;
    let server = Server::start(&shell::target().join("sdk-python"))?;
    let mut tests = std::process::Command::new(python);
    tests
        .current_dir(shell::root())
        .args([
            "-m",
            "pytest",
            "-q",
            "-p",
            "no:cacheprovider",
            // They wait for media, and compute it as well: more at once take from each other what they wait for.
            "--numprocesses=2",
            "testkit/sdks/python",
        ])
        .env("LIVEKIT_URL", format!("ws://{}", server.address));
    shell::run(&mut tests)
}

pub(crate) fn node() -> Result<()> {
    node_suite("testkit/sdks/node", "sdk-node", &[])
}

pub(crate) fn chromium() -> Result<()> {
    browser("sdk-chromium", "chromium.test.js")
}

pub(crate) fn firefox() -> Result<()> {
    browser("sdk-firefox", "firefox.test.js")
}

fn browser(name: &str, file: &str) -> Result<()> {
    node_suite("testkit/sdks/browser", name, &[file])
}

/// The named files of the directory, or all of its tests.
fn node_suite(directory: &str, name: &str, files: &[&str]) -> Result<()> {
    web::packages(directory)?;
    let server = Server::start(&shell::target().join(name))?;
    let mut tests = shell::command(directory, &["node", "--test", "--test-concurrency=1"]);
    tests
        .args(files)
        .env("LIVEKIT_URL", format!("ws://{}", server.address));
    shell::run(&mut tests)
}

/// A Python with the packages of a file, in a folder of its own below the target folder.
pub(crate) fn environment(name: &str, requirements: &str) -> Result<PathBuf> {
    let folder = shell::target().join(name);
    let python = folder.join("bin/python");
    let requirements = shell::root().join(requirements);
    let wanted = std::fs::read(&requirements)?;
    let mark = folder.join("installed.txt");
    if !std::fs::read(&mark).is_ok_and(|installed| installed == wanted) {
        shell::run(shell::command(".", &["python3", "-m", "venv"]).arg(&folder))?;
        shell::run(
            std::process::Command::new(&python)
                .args(["-m", "pip", "install", "--quiet", "--requirement"])
                .arg(&requirements),
        )?;
        std::fs::write(&mark, wanted)?;
    }
    Ok(python)
}
