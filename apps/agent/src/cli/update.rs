//! `conclave-agent release` and `conclave-agent update`: a publisher signs a program, and it takes the place of an earlier one.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;

use super::told;
use crate::check::in_one_line;
use crate::signed::{SecretKey, read, write_note};
use crate::update::{Program, Release, Version};

#[derive(Args)]
pub(super) struct Publish {
    /// The program, as it was built.
    program: PathBuf,
    /// As the program says with `--version`.
    #[arg(long)]
    version: Version,
    /// The secret part of the publisher's key.
    #[arg(long, value_name = "FILE")]
    key: PathBuf,
    /// Where it is written. No file is there yet.
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
}

#[derive(Args)]
pub(super) struct Update {
    /// The program that takes the place of this one.
    #[arg(long, value_name = "FILE")]
    from: PathBuf,
    /// What `release` wrote of it. The same name with `.note` behind it, unless said otherwise.
    #[arg(long, value_name = "FILE")]
    signature: Option<PathBuf>,
}

impl Publish {
    pub(super) fn run(self) -> ExitCode {
        told(self.publish())
    }

    fn publish(self) -> Result<String, String> {
        let key = SecretKey::read(&self.key).map_err(|fault| in_one_line(&fault))?;
        let release = Release::of(self.version, &self.program);
        let release = release.map_err(|why| in_one_line(&why))?;
        let note = key.sign(&release).map_err(|fault| in_one_line(&fault))?;
        let written = write_note(&self.out, &note);
        written.map_err(|fault| in_one_line(&fault))?;
        Ok(format!(
            "release      {} {}\n",
            release.version, release.sha256
        ))
    }
}

impl Update {
    pub(super) fn run(self) -> ExitCode {
        told(self.update())
    }

    fn update(self) -> Result<String, String> {
        let note = self.signature.unwrap_or_else(|| beside(&self.from));
        let note = read(&note).map_err(|fault| in_one_line(&fault))?;
        let program = Program::own().map_err(|why| in_one_line(&why))?;
        let updated = program.update(&self.from, &note);
        let to = updated.map_err(|why| in_one_line(&why))?;
        Ok(format!(
            "updated      {} to {to}\nWhat runs already goes on as it was, until it is started anew.\n",
            program.version()
        ))
    }
}

fn beside(program: &Path) -> PathBuf {
    let mut name = program.as_os_str().to_owned();
    name.push(".note");
    name.into()
}
