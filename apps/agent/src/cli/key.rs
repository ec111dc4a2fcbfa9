//! `conclave-agent key`: a key for an organisation's policy, or for releases of this program.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;

use super::told;
use crate::check::in_one_line;
use crate::signed::SecretKey;

#[derive(Args)]
pub(super) struct Key {
    /// Whose it is, without spaces: an organisation's policy names it, such as hospital.example.
    #[arg(long)]
    name: String,
    /// Where the secret part is written, for you alone. No file is there yet.
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
}

impl Key {
    pub(super) fn run(self) -> ExitCode {
        let made = SecretKey::make(&self.name, &self.out);
        let said = made.map(|public| format!("{public}\n"));
        told(said.map_err(|fault| in_one_line(&fault)))
    }
}
