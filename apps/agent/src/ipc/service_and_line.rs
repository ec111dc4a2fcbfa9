//! Between the service, which has the computer's key, and the process that has its line to the server.

use conclave_protocol::unattended::{DeviceAnswer, NotCome};
use conclave_protocol::{AccountId, SupportSessionId};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

#[derive(Serialize, Deserialize)]
pub enum LineToService {
    /// The server wants a proof; answered by [`ServiceToLine::Signed`].
    Challenged {
        nonce: Vec<u8>,
    },
    /// The server takes it for the computer.
    Online,
    /// Somebody asks to be let in. Nobody has looked at it.
    Asked {
        session: SupportSessionId,
        technician: AccountId,
        attempt: u8,
        sealed: Vec<u8>,
    },
    Begin {
        session: SupportSessionId,
        /// The server hears why it would not come.
        hears: bool,
    },
    End(SupportSessionId),
    /// The organisation took the computer out.
    Revoked,
}

#[derive(Serialize, Deserialize)]
pub enum ServiceToLine {
    Signed {
        signature: Vec<u8>,
    },
    Answered {
        session: SupportSessionId,
        attempt: u8,
        answer: DeviceAnswer,
    },
    /// What began does not come.
    NotCome {
        session: SupportSessionId,
        why: NotCome,
    },
}

/// To the process that asks PAM, once, or that asks for rights. Without `Debug`: it holds a password, which is
/// overwritten when it goes.
#[derive(Serialize, Deserialize)]
pub struct Credentials {
    pub name: Zeroizing<String>,
    pub password: Zeroizing<String>,
}
