//! What the tests of this run came to, signed by the server that they tested, about itself: `target/tests.note`.
//!
//! A server shows its sentences while such a report is about its own program (`docs/evidence.md`). What is tested here is the
//! debug build, and the report is about that one and says so: a release is another program, with another hash. Whoever
//! releases keeps the key in a file that `CONCLAVE_TESTS_KEY` names; elsewhere one is made beside the report, and vouches for
//! nobody.

use std::fmt::Write as _;
use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::SystemTime;

use anyhow::{Context, Result, bail};

use crate::passed::Passed;
use crate::{requirements, shell};

/// The program that the tests of a run are about.
pub(crate) struct Tested {
    length: u64,
    modified: SystemTime,
}

impl Tested {
    /// As it lies there, once it is built.
    pub(crate) fn find() -> Result<Self> {
        let found = std::fs::metadata(program()).context("the server is not built")?;
        Ok(Self {
            length: found.len(),
            modified: found.modified()?,
        })
    }

    /// Signs which tests that show a requirement passed, and which did not run. Refused where the program was built anew
    /// meanwhile.
    pub(crate) fn report(&self, passed: &Passed) -> Result<()> {
        let lies_there = Self::find()?;
        if (self.length, self.modified) != (lies_there.length, lies_there.modified) {
            bail!("the server was built anew while it was tested: nothing is known of this one");
        }
        let mut lines = String::new();
        for (id, test) in requirements::shown()? {
            if passed.has(&test) {
                writeln!(lines, "{id} passed {test}")?;
            } else {
                writeln!(lines, "{id} missing {test}")?;
                println!("missing in the report, as it did not run here: {id}: {test}");
            }
        }
        let signed = sign(&lines)?;
        let note = shell::target().join("tests.note");
        std::fs::write(&note, signed)?;
        println!(
            "the tests of {} are reported in {}",
            program().display(),
            note.display()
        );
        Ok(())
    }
}

fn sign(lines: &str) -> Result<Vec<u8>> {
    let key = std::env::var_os("CONCLAVE_TESTS_KEY").map(PathBuf::from);
    let key = key.unwrap_or_else(|| shell::target().join("tests.key"));
    let name = std::env::var("CONCLAVE_TESTS_NAME").unwrap_or_else(|_| "this-machine".to_owned());
    let mut server = Command::new(program());
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
    let mut input = signing.stdin.take().context("the server reads nothing")?;
    input.write_all(lines.as_bytes())?;
    drop(input);
    let signed = signing.wait_with_output()?;
    if !signed.status.success() {
        bail!("the report of the tests was not signed");
    }
    Ok(signed.stdout)
}

fn program() -> PathBuf {
    shell::target().join("debug/conclave")
}
