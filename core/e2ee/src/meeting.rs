//! What a meeting must be, as its invitation and its organisation say: everything that a group is checked against.

use crate::context::{Admission, Rules};
use crate::group::Proof;
use crate::identity::{Identity, Standing};
use crate::suite::Suite;

/// The version of the encryption protocol that this crate speaks.
pub const PROTOCOL_VERSION: u16 = 1;

/// Sixteen bytes of a UUID.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct MeetingId(pub [u8; 16]);

/// Sixteen bytes of a UUID.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct OrganisationId(pub [u8; 16]);

/// One MLS group: sixteen random bytes of its creator. An empty meeting's group ends; the next is another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct GroupId(pub [u8; 16]);

/// Epochs of different groups have the same numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct GroupEpoch {
    pub group: GroupId,
    pub epoch: u64,
}

/// What may be kept of a meeting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DataMode {
    Conduit,
    Retain,
    Archive,
}

impl DataMode {
    pub(crate) fn code(self) -> u8 {
        match self {
            Self::Conduit => 0,
            Self::Retain => 1,
            Self::Archive => 2,
        }
    }
}

/// The server's key for proposing removals.
#[derive(Clone, PartialEq, Eq)]
pub struct ExternalSender {
    /// Of the suite's signature scheme: RFC 9420 verifies an external sender with the group's suite.
    pub signature_key: Vec<u8>,
    /// The identity of its basic credential.
    pub identity: Vec<u8>,
}

/// The terms of a meeting. Two clients with different terms end in different groups.
#[derive(Clone)]
pub struct Meeting {
    pub meeting: MeetingId,
    pub organisation: OrganisationId,
    pub data_mode: DataMode,
    pub suite: Suite,
    pub external_sender: ExternalSender,
    /// The account keys (Ed25519) of those who may be hosts, by the invitation: only they make groups, and only they
    /// let people in. Without any, whoever comes first may.
    pub host_accounts: Vec<[u8; 32]>,
    /// The least that a group asks of joiners.
    pub admission: Admission,
}

impl Meeting {
    /// Whether the invitation lets this person be a host.
    pub(crate) fn may_host(&self, identity: &Identity) -> bool {
        self.host_accounts.is_empty() || self.proof(identity) == Proof::HostAccount
    }

    /// Whether a member with this key leads the group: each device of an account that the invitation names does. Where
    /// it names none, the group's rules say who.
    pub(crate) fn leads(&self, rules: &Rules, key: &[u8], identity: &Identity) -> bool {
        if self.host_accounts.is_empty() {
            return rules.hosts.iter().any(|host| host == key);
        }
        self.proof(identity) == Proof::HostAccount
    }

    /// The certificate has been checked with the leaf.
    pub(crate) fn proof(&self, identity: &Identity) -> Proof {
        match &identity.standing {
            Standing::Guest => Proof::Guest,
            Standing::Account { certificate, .. }
                if self.host_accounts.contains(&certificate.account_key) =>
            {
                Proof::HostAccount
            }
            Standing::Account { .. } => Proof::Account,
        }
    }

    /// The bytes that the terms add to whatever is derived for this meeting:
    /// meeting id, organisation id, data mode, protocol version, suite, admission, hosts' account keys.
    pub(crate) fn binding(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        bytes.extend(self.meeting.0);
        bytes.extend(self.organisation.0);
        bytes.push(self.data_mode.code());
        bytes.extend(PROTOCOL_VERSION.to_be_bytes());
        bytes.extend(self.suite.code_point().to_be_bytes());
        bytes.push(self.admission.code());
        bytes.extend(self.host_accounts.iter().flatten());
        bytes
    }
}
