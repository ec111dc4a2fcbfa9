//! Running other programs, in the workspace, with one line said first.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

/// The workspace's root folder.
pub(crate) fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here).to_path_buf()
}

/// Where Cargo builds.
pub(crate) fn target() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from)
}

/// A command in `directory` (relative to the root).
pub(crate) fn command(directory: &str, line: &[&str]) -> Command {
    let (program, arguments) = line.split_first().unwrap_or((&"true", &[]));
    let mut command = Command::new(program);
    command.args(arguments).current_dir(root().join(directory));
    command
}

/// Runs to the end, its output on ours; an exit code other than 0 is an error.
pub(crate) fn run(command: &mut Command) -> Result<()> {
    let shown = shown(command);
    println!("$ {shown}");
    let status = command
        .status()
        .with_context(|| format!("could not start `{shown}`"))?;
    if !status.success() {
        bail!("`{shown}` failed: {status}");
    }
    Ok(())
}

/// Runs to the end, or ends it after `most`. Whether it succeeded; an error says that it did not start.
pub(crate) fn run_within(command: &mut Command, most: Duration) -> Result<bool> {
    let shown = shown(command);
    println!("$ {shown}");
    let started = command.spawn();
    let mut child = started.with_context(|| format!("could not start `{shown}`"))?;
    let deadline = Instant::now() + most;
    while Instant::now() < deadline {
        if let Some(status) = child.try_wait()? {
            return Ok(status.success());
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    println!("`{shown}` took longer than {} s", most.as_secs());
    child.kill()?;
    child.wait()?;
    Ok(false)
}

/// Runs to the end and returns what it wrote to standard output.
pub(crate) fn output(command: &mut Command) -> Result<String> {
    let shown = shown(command);
    let output = command
        .output()
        .with_context(|| format!("could not start `{shown}`"))?;
    if !output.status.success() {
        let errors = String::from_utf8_lossy(&output.stderr);
        bail!("`{shown}` failed: {}\n{errors}", output.status);
    }
    String::from_utf8(output.stdout).with_context(|| format!("`{shown}` wrote no UTF-8"))
}

/// Is the program there, and does it start?
pub(crate) fn has(program: &str) -> bool {
    Command::new(program)
        .arg("--version")
        .stdout(std::process::Stdio::null())
        .stderr(std::process::Stdio::null())
        .status()
        .is_ok()
}

fn shown(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    words
        .map(|word| word.to_string_lossy())
        .collect::<Vec<_>>()
        .join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_is_waited_for_until_its_time_is_over() {
        let soon = Duration::from_secs(20);
        let run = |line: &[&str], most| run_within(&mut command(".", line), most).ok();

        assert_eq!(run(&["true"], soon), Some(true));
        assert_eq!(run(&["false"], soon), Some(false));
        assert_eq!(run(&["sleep", "60"], Duration::ZERO), Some(false));
        assert_eq!(run(&["no-such-program"], soon), None);
    }
}
