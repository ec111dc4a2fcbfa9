//! `conclave-agent pin`: an organisation's own agent.

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::SystemTime;

use clap::Args;
use conclave_client::KeyPin;

use super::told;
use crate::check::in_one_line;
use crate::origin::Origin;
use crate::pinned::Pinned;
use crate::policy::PinnedPolicy;
use crate::signed::{PublicKey, read};

#[derive(Args)]
pub(super) struct Pin {
    /// The organisation's server.
    #[arg(long, value_name = "URL")]
    server: String,
    /// The SHA-256 of the server's public key (SubjectPublicKeyInfo), in hexadecimal. It may have no other.
    #[arg(long, value_name = "SHA256")]
    key: Option<String>,
    /// The organisation's policy, as `policy sign` wrote it: what the copy's people may be asked for, whatever the server says.
    #[arg(long, value_name = "FILE", requires = "policy_key")]
    policy: Option<PathBuf>,
    /// The public part of the key that signs the policy, and each that follows it.
    #[arg(long, value_name = "KEY", requires = "policy")]
    policy_key: Option<PublicKey>,
    /// The public part of the key that signs releases, by which the copy can be updated.
    #[arg(long, value_name = "KEY")]
    release_key: Option<PublicKey>,
    /// Where the copy is written. No file is there yet.
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
}

impl Pin {
    pub(super) fn run(self) -> ExitCode {
        let written = self.pinned().and_then(|pinned| {
            let written = pinned.write_copy(&self.out);
            written.map_err(|fault| in_one_line(&fault))
        });
        told(written.map(|()| String::new()))
    }

    fn pinned(&self) -> Result<Pinned, String> {
        let server = Origin::parse(&self.server).map_err(|error| error.to_string())?;
        let key = self.key.as_deref().map(KeyPin::parse).transpose();
        Ok(Pinned {
            key: key.map_err(|error| error.to_string())?,
            policy: self.policy(&server)?,
            release: self.release_key.clone(),
            server,
        })
    }

    /// A policy that would not count is not stamped into anything.
    fn policy(&self, server: &Origin) -> Result<Option<PinnedPolicy>, String> {
        let (Some(file), Some(key)) = (&self.policy, &self.policy_key) else {
            return Ok(None);
        };
        let (note, key) = (read(file), key.clone());
        let note = note.map_err(|fault| in_one_line(&fault))?;
        let stamped = PinnedPolicy { key, note };
        let own = Pinned::own().map_err(|fault| in_one_line(&fault))?;
        let counts = stamped.counts(server, own.as_ref(), SystemTime::now().into());
        counts.map_err(|refused| in_one_line(&refused))?;
        Ok(Some(stamped))
    }
}
