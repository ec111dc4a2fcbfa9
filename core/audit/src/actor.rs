//! Who acted: an opaque identity with the role and assurance it had at that moment.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{Code, Hex};

/// Never a name: an auditor with the right to it looks the id up.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Actor {
    /// The server of its own accord: starting, stopping, timing out.
    System,
    /// Whoever holds the machine's shell, or the one-time link that it printed.
    Operator,
    /// Somebody who has proved nothing yet.
    Anonymous,
    Account {
        id: Uuid,
        role: Code,
        #[serde(skip_serializing_if = "Option::is_none")]
        auth: Option<Assurance>,
    },
    /// Somebody in a meeting, by the credential they got when they joined it.
    Participant {
        id: Uuid,
        role: Code,
        #[serde(skip_serializing_if = "Option::is_none")]
        account: Option<Uuid>,
    },
    /// A developer's program.
    ApiKey {
        /// SHA-256 of the key's name, cut to 64 bits: the name is the operator's free text.
        key_hash: Hex<8>,
    },
    /// A program of an organisation, by a key of its own. Never with the rights of whoever made it.
    Program { id: Uuid },
}

/// How sure the server was of an account's holder.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Assurance {
    /// Authenticator assurance level, NIST SP 800-63B: 1 to 3.
    pub aal: u8,
    /// `password`, `totp`, `passkey` and so on, in the order they were given.
    pub methods: Vec<Code>,
    /// The stored hash of the web session, cut to 64 bits: tells two sessions apart, finds neither.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub session_hash: Option<Hex<8>>,
}
