//! `conclave-agent policy`: what an organisation caps, signed by its own key, and installed at an enrolled computer.

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::SystemTime;

use clap::{Args, Subcommand};
use conclave_client::protocol::Timestamp;
use conclave_protocol::remote::{Capabilities, Capability};
use conclave_remote::Caps;

use super::told;
use crate::check::in_one_line;
use crate::origin::Origin;
use crate::pinned::Pinned;
use crate::policy::{HelpPolicy, Kind, POLICIES, install};
use crate::signed::{SecretKey, read, write_note};

#[derive(Subcommand)]
pub(super) enum Policy {
    /// Signs what may be asked of an organisation's people, whatever its server says.
    Sign(Sign),
    /// Puts a policy in force at this computer, by an agent that was pinned with one. By root.
    Install(Install),
}

#[derive(Args)]
pub(super) struct Sign {
    /// The secret part of the organisation's key.
    #[arg(long, value_name = "FILE")]
    key: PathBuf,
    /// The organisation's server.
    #[arg(long, value_name = "URL")]
    server: String,
    /// Higher than that of each policy before.
    #[arg(long, value_name = "NUMBER")]
    version: u64,
    /// The first day (UTC) on which it permits nothing any more, such as 2027-10-01.
    #[arg(long, value_name = "DAY", value_parser = day)]
    until: Timestamp,
    /// What may be asked for, such as view,control,chat.
    #[arg(long, value_name = "CAPABILITIES", value_delimiter = ',', value_parser = capability, required = true)]
    permit: Vec<Capability>,
    /// Nothing else may be asked for before recording is permitted.
    #[arg(long)]
    must_record: bool,
    /// Where the policy is written. No file is there yet.
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
}

#[derive(Args)]
pub(super) struct Install {
    /// What `policy sign` wrote.
    file: PathBuf,
    /// Where the policy is kept, as in an image of a computer: the agent itself looks in no other folder than its own.
    #[arg(long, value_name = "DIR", default_value = POLICIES)]
    directory: PathBuf,
}

impl Policy {
    pub(super) fn run(self) -> ExitCode {
        told(match self {
            Self::Sign(sign) => sign.run(),
            Self::Install(install) => install.run(),
        })
    }
}

impl Sign {
    fn run(self) -> Result<String, String> {
        let key = SecretKey::read(&self.key).map_err(|fault| in_one_line(&fault))?;
        let policy = self.policy(key.public().name().as_str())?;
        let over = policy.at(SystemTime::now().into());
        over.map_err(|refused| in_one_line(&refused))?;
        let note = key.sign(&policy).map_err(|fault| in_one_line(&fault))?;
        let written = write_note(&self.out, &note);
        written.map_err(|fault| in_one_line(&fault))?;
        Ok(said(&policy))
    }

    fn policy(&self, organisation: &str) -> Result<HelpPolicy, String> {
        let permitted: Capabilities = self.permit.iter().copied().collect();
        if self.must_record && !permitted.contains(Capability::Recording) {
            return Err(
                "what must be recorded has to be permitted to be: --permit recording".into(),
            );
        }
        Ok(HelpPolicy {
            is: Kind::HelpPolicy,
            organisation: organisation.to_owned(),
            server: Origin::parse(&self.server).map_err(|error| error.to_string())?,
            version: self.version,
            until: self.until,
            caps: Caps {
                permitted,
                must_record: self.must_record,
            },
        })
    }
}

impl Install {
    fn run(self) -> Result<String, String> {
        let pinned = Pinned::own().map_err(|fault| in_one_line(&fault))?;
        let own = pinned.and_then(|pinned| Some((pinned.policy?, pinned.server)));
        let (policy, server) = own.ok_or("this agent knows nobody who signs its policy")?;
        let note = read(&self.file).map_err(|fault| in_one_line(&fault))?;
        let now = SystemTime::now().into();
        let installed = install(now, &self.directory, &policy, &server, &note);
        installed
            .map(|policy| said(&policy))
            .map_err(|why| in_one_line(&why))
    }
}

fn said(policy: &HelpPolicy) -> String {
    let (version, organisation) = (policy.version, &policy.organisation);
    format!("policy       version {version} of {organisation}\n")
}

/// Its first moment.
fn day(text: &str) -> Result<Timestamp, String> {
    let midnight = serde_json::Value::from(format!("{text}T00:00:00Z"));
    serde_json::from_value(midnight).map_err(|_| "a day is written as 2027-10-01".to_owned())
}

fn capability(name: &str) -> Result<Capability, String> {
    let mut all = Capability::ALL.iter().copied();
    let found = all.find(|capability| capability.code() == name);
    found.ok_or_else(|| {
        let known: Vec<_> = Capability::ALL.iter().map(|it| it.code()).collect();
        format!("it is one of {}", known.join(", "))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_and_a_capability_are_what_they_are_called() {
        let until = day("1970-01-02").unwrap();
        assert_eq!(until, Timestamp::from_micros(86_400_000_000));
        for wrong in ["", "soon", "1970-01-02T00:00:00Z", "1970-13-01"] {
            assert!(day(wrong).is_err(), "{wrong}");
        }
        for known in Capability::ALL {
            assert_eq!(capability(known.code()), Ok(*known));
        }
        assert!(capability("shell").is_err());
    }
}
