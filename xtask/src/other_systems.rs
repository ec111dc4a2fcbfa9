//! The agent for systems that this machine does not run: compiled for macOS, and for Windows, where Wine tries it.
//!
//! Rust's own toolchain is used where it has the target (`rustup target add`). Otherwise Cargo builds the target's library
//! of the sources that the compiler for browsers came with.

mod display;
mod wine;

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result, bail, ensure};
use serde_json::Value;

use self::display::{Display, Place};
use self::wine::Wine;
use crate::{shell, wasm};

const WINDOWS: &str = "x86_64-pc-windows-gnu";
const MACOS: &str = "aarch64-apple-darwin";

/// What the agent tries of a desktop, all of which Wine has.
const ABILITIES: [&str; 7] = [
    "desktop",
    "window",
    "input",
    "own windows",
    "override",
    "stop keys",
    "clipboard",
];

/// Which test leaves the pointer where it sent it last, and where that is.
const SENT: &str = "platform::windows::tests::the_pointer_goes_to_the_pixel_that_it_is_sent_to";
const SENT_TO: Place = Place { x: 321, y: 123 };

const COLOUR: &str = "336699";

/// Builds it, and runs it and its tests on a display that is painted before and looked at after.
pub(crate) fn windows() -> Result<()> {
    let (agent, tests) = (agent()?, tests()?);
    if std::env::consts::ARCH != "x86_64" {
        println!("it was not run: this machine runs no programs for {WINDOWS}");
        return Ok(());
    }
    let display = Display::start()?;
    display.paint(COLOUR)?;
    let wine = Wine::start(&display)?;
    let report = wine.says(wine.command(&agent).args(["check", "--json"]))?;
    judge(&serde_json::from_str(&report).context("`check` printed no JSON")?)?;
    // A hang and a crash are not an answer either.
    let refused = wine.says_why_not(wine.command(&agent).arg("help"))?;
    ensure!(
        refused.contains("conclave-agent check"),
        "the agent does not say what it can do on Windows: {refused}"
    );
    let tests = || {
        let mut command = wine.command(&tests);
        command.arg("--test-threads=1");
        command.env("CONCLAVE_PAINTED", COLOUR);
        command
    };
    ensure!(wine.run(&mut tests())?, "tests failed");
    display.put_pointer(Place { x: 5, y: 5 })?;
    ensure!(wine.run(tests().args(["--exact", SENT]))?, "a test failed");
    let at = display.pointer()?;
    ensure!(at == SENT_TO, "the display has the pointer at {at:?}");
    Ok(())
}

/// Checks its types; no linker for macOS is to be had here.
pub(crate) fn macos() -> Result<()> {
    let line = ["check", "--quiet", "--bin", "conclave-agent"];
    shell::run(&mut cargo(&line, MACOS)?)
}

fn judge(report: &Value) -> Result<()> {
    let size = (&report["size"]["width"], &report["size"]["height"]);
    if size != (&Value::from(display::WIDTH), &Value::from(display::HEIGHT)) {
        bail!("the desktop is said to be of another size: {size:?}");
    }
    let abilities = report["abilities"].as_array();
    for name in ABILITIES {
        let mut found = abilities.into_iter().flatten();
        let ability = found.find(|ability| ability["name"] == name);
        let ability = ability.with_context(|| format!("`{name}` was not tried"))?;
        println!("{name}: {}", ability["what"].as_str().unwrap_or_default());
        ensure!(ability["works"] == true, "`{name}` does not work");
    }
    Ok(())
}

fn agent() -> Result<PathBuf> {
    let line = ["build", "--quiet", "--bin", "conclave-agent"];
    shell::run(&mut cargo(&line, WINDOWS)?)?;
    let built = target().join(WINDOWS).join("debug");
    Ok(built.join("conclave-agent.exe"))
}

/// The program of the library's tests.
fn tests() -> Result<PathBuf> {
    let line = [
        "test",
        "--quiet",
        "--no-run",
        "--lib",
        "--message-format=json",
    ];
    let said = shell::output(&mut cargo(&line, WINDOWS)?)?;
    let artifacts = said.lines().map(serde_json::from_str::<Value>);
    let mut programs = artifacts.filter_map(|artifact| {
        let executable = artifact.ok()?["executable"].as_str()?.to_owned();
        Some(PathBuf::from(executable))
    });
    programs.next().context("there are no tests for Windows")
}

fn cargo(line: &[&str], system: &str) -> Result<Command> {
    let mut cargo = shell::command(".", &["cargo"]);
    cargo
        .args(line)
        .args(["--locked", "--package", "conclave-agent"])
        .args(["--target", system, "--target-dir"])
        .arg(target())
        .env("CARGO_INCREMENTAL", "0")
        .env("CARGO_PROFILE_DEV_DEBUG", "0")
        .env("CARGO_TARGET_X86_64_PC_WINDOWS_GNU_LINKER", LINKER);
    if let Some(compiler) = wasm::compiler::with_sources(system)? {
        cargo
            .arg(format!("-Zbuild-std={}", libraries(system)))
            .arg("-Zbuild-std-features=")
            .env("RUSTC", compiler)
            .env("RUSTC_BOOTSTRAP", "1");
    }
    wasm::set_flags(&mut cargo, &[]);
    Ok(cargo)
}

/// Of Rust: nothing is tested on macOS.
fn libraries(system: &str) -> &'static str {
    if system == MACOS {
        "std,panic_unwind"
    } else {
        "std,panic_unwind,test"
    }
}

/// Of its own: another compiler would have Cargo build the rest anew each time.
fn target() -> PathBuf {
    shell::target().join("other-systems")
}

const LINKER: &str = "x86_64-w64-mingw32-gcc";
