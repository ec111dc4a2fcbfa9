//! What all tests came to, signed by the server that they tested, about itself: `target/tests.note`.
//!
//! A server shows its sentences while such a report is about its own program (`docs/evidence.md`). Whoever releases keeps the
//! key in a file that `CONCLAVE_TESTS_KEY` names; elsewhere one is made beside the report, and vouches for nobody.

use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

use crate::{requirements, shell};

/// After everything has passed: each test that shows a requirement did, too.
pub(crate) fn write() -> Result<()> {
    let key = std::env::var_os("CONCLAVE_TESTS_KEY").map(PathBuf::from);
    let key = key.unwrap_or_else(|| shell::target().join("tests.key"));
    let name = std::env::var("CONCLAVE_TESTS_NAME").unwrap_or_else(|_| "this-machine".to_owned());
    let mut server = Command::new(shell::target().join("debug/conclave"));
    server
        .arg("sign-tests")
        .arg("--key")
        .arg(key)
        .args(["--name", &name]);
    let mut signing = server
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .context("could not start the server that was tested")?;
    let mut lines = signing.stdin.take().context("the server reads nothing")?;
    lines.write_all(requirements::passed()?.as_bytes())?;
    drop(lines);
    let signed = signing.wait_with_output()?;
    if !signed.status.success() {
        bail!("the report of the tests was not signed");
    }
    std::fs::write(shell::target().join("tests.note"), signed.stdout)?;
    println!(
        "the tests are reported in {}",
        shell::target().join("tests.note").display()
    );
    Ok(())
}
