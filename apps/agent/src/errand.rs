//! What the launcher gives the process with the network to do.

use std::path::PathBuf;

use conclave_client::{KeyPin, NoAuthority, Trust};
use conclave_protocol::personal::{DisplayName, Title};
use conclave_protocol::{MeetingId, ParticipantId};
use serde::{Deserialize, Serialize};

use crate::origin::Origin;
use crate::policy::InForce;

/// Has no printable form: it may hold a link's secret, so it goes by the environment, which other people of the
/// computer can't read, and not by the command line.
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Errand {
    /// The only one, if it is there.
    pub server: Option<Origin>,
    /// The only key that it may have.
    pub key: Option<KeyPin>,
    /// Authorities beside the system's, in PEM.
    pub trust: Option<PathBuf>,
    /// A code or a link, as it was given.
    pub wanted: Option<String>,
    /// What the computer is called, where nobody need sit at it: nobody is asked anything on the way in.
    #[serde(default)]
    pub unattended: Option<String>,
    /// The link into the meeting of whoever presents this computer. Nobody is helped then.
    #[serde(default)]
    pub presents: Option<String>,
    /// What the organisation's own policy caps. `None`: there is none.
    #[serde(default)]
    pub caps: Option<InForce>,
    /// The place that this computer comes back to after a restart, by the code or link of [`Self::wanted`].
    #[serde(default)]
    pub returns: Option<Return>,
}

/// A place in a session, and whom the person agreed to there. Has no printable form: the credential is secret.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Return {
    /// Beside a code.
    pub passcode: Option<String>,
    pub name: DisplayName,
    pub technician: DisplayName,
    pub organisation: Title,
    pub meeting: MeetingId,
    pub participant: ParticipantId,
    pub credential: String,
    /// Of the device that has the place in the room's group.
    pub device: Vec<u8>,
    /// So many times it came back, with this one.
    pub number: u32,
}

/// Of the variable that holds it.
pub const ERRAND: &str = "CONCLAVE_AGENT_ERRAND";

impl Errand {
    /// `None`: there is none, or it is none.
    #[must_use]
    pub fn read() -> Option<Self> {
        serde_json::from_str(&std::env::var(ERRAND).ok()?).ok()
    }

    /// Whom it trusts: the system's authorities are read at this moment.
    pub fn trust(&self) -> Result<Trust, NoAuthority> {
        let mut trust = Trust::system();
        if let Some(file) = &self.trust {
            trust = trust.and_file(file)?;
        }
        Ok(match self.key {
            Some(key) => trust.and_only(key),
            None => trust,
        })
    }
}
