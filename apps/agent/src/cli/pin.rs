//! `conclave-agent pin`: an organisation's own agent.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use conclave_client::KeyPin;

use super::complain;
use crate::check::in_one_line;
use crate::origin::Origin;
use crate::pinned::Pinned;

#[derive(Args)]
pub(super) struct Pin {
    /// The organisation's server.
    #[arg(long, value_name = "URL")]
    server: String,
    /// The SHA-256 of the server's public key (SubjectPublicKeyInfo), in hexadecimal. It may have no other.
    #[arg(long, value_name = "SHA256")]
    key: Option<String>,
    /// Where the copy is written. No file is there yet.
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
}

impl Pin {
    pub(super) fn run(self) -> ExitCode {
        let server = match Origin::parse(&self.server) {
            Ok(server) => server,
            Err(error) => return complain(&error.to_string()),
        };
        let key = match self.key.as_deref().map(KeyPin::parse).transpose() {
            Ok(key) => key,
            Err(error) => return complain(&error.to_string()),
        };
        match (Pinned { server, key }).write_copy(&self.out) {
            Ok(()) => ExitCode::SUCCESS,
            Err(fault) => complain(&in_one_line(&fault)),
        }
    }
}
