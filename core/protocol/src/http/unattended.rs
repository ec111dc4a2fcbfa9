//! Bodies of unattended support: computers that an administrator enrolled, who may help at each, and what such a computer
//! and the server say to each other on its line.
//!
//! What opens a computer (the session's link, and the name and password of an administrator of that computer) crosses here
//! sealed to the computer's own key; nobody else reads it.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::mls::Opaque;
use crate::personal::{DisplayName, Label, Secret, Title};
use crate::support::SupportSession;
use crate::{AccountId, SupportDeviceId, SupportSessionId, Timestamp};

/// Of a computer's key that signs (Ed25519), in bytes.
pub const SIGNING_KEY_BYTES: usize = 32;
/// Of a computer's key that is sealed to (X-Wing), in bytes.
pub const SEALING_KEY_BYTES: usize = 1_216;
/// Of what a technician's page seals for a computer, in bytes: all are as long as the longest.
pub const LARGEST_ADMITTANCE: usize = 4_096;
/// Tries of one session.
pub const MOST_ATTEMPTS: u8 = 5;

/// `POST /api/v1/support/devices/enrolments` and `POST /api/v1/support/devices/{device}/renew`: for how long the computer may be
/// helped when nobody is there.
#[derive(Clone, Copy, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EnrolmentTerm {
    /// From now on: 1 to 730; 365 where it is absent. Wide, so that whoever is far off is told what is right.
    pub days: Option<i64>,
}

/// Answers `POST /api/v1/support/devices/enrolments`: what is typed at the computer, once.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
pub struct EnrolmentMade {
    /// For `conclave-agent enrol`.
    pub link: String,
    pub expires_at: Timestamp,
}

/// `POST /api/v1/support/devices/enrol`: a computer says who it is. Its private keys stay there.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EnrolDevice {
    /// Of the link.
    pub token: Secret,
    pub name: Label,
    pub signing_key: Opaque,
    pub sealing_key: Opaque,
}

#[derive(Clone, Serialize, Deserialize, ToSchema)]
pub struct DeviceEnrolled {
    pub id: SupportDeviceId,
    pub organisation: Title,
}

/// Answers `GET /api/v1/support/devices`, by name; 500 at the most.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
pub struct SupportDevices {
    pub devices: Vec<SupportDevice>,
}

/// A computer as whoever looks after it sees it.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
pub struct SupportDevice {
    pub id: SupportDeviceId,
    pub name: Label,
    /// SHA-256 of its keys, in hexadecimal: the computer shows the same.
    pub fingerprint: String,
    pub enrolled_by_name: DisplayName,
    pub enrolled_at: Timestamp,
    /// Nobody helps there from then on, unless it is renewed. Absent for one that was enrolled before there were ends.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ends_at: Option<Timestamp>,
    /// It is over by its time.
    pub has_ended: bool,
    pub is_online: bool,
    /// Somebody is helped there at this moment.
    pub is_busy: bool,
    pub grants: Vec<DeviceGrant>,
}

/// Somebody who may help at a computer when nobody is there.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
pub struct DeviceGrant {
    pub account: AccountId,
    pub display_name: DisplayName,
    pub granted_at: Timestamp,
}

/// `POST /api/v1/support/devices/{device}/grants`.
#[derive(Clone, Copy, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct GrantDevice {
    pub account: AccountId,
}

/// Answers `GET /api/v1/support/devices/granted`: where the caller may help, by name.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
pub struct GrantedDevices {
    pub devices: Vec<GrantedDevice>,
}

#[derive(Clone, Serialize, Deserialize, ToSchema)]
pub struct GrantedDevice {
    pub id: SupportDeviceId,
    pub name: Label,
    /// As [`SupportDevice::fingerprint`]: a page that knows another one of this computer asks before it seals anything.
    pub fingerprint: String,
    pub is_online: bool,
    /// Somebody is helped there at this moment.
    pub is_busy: bool,
}

/// Answers `POST /api/v1/support/devices/{device}/sessions`: a session, and what is needed to be let into the computer.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
pub struct UnattendedOpened {
    pub session: SupportSession,
    pub sealing_key: Opaque,
    pub signing_key: Opaque,
    /// Of the computer's service as it runs: what is sealed for it is worth nothing to the next. 32 hexadecimal digits.
    pub run: String,
}

/// `POST /api/v1/support/sessions/{support}/credentials`: asks to be let in.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SendCredentials {
    /// From 1 on; each is good once.
    #[schema(minimum = 1, maximum = 5)]
    pub attempt: u8,
    /// By [the computer's key](UnattendedOpened::sealing_key).
    pub sealed: Opaque,
}

/// What a computer says on its line.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum FromDevice {
    /// The first message: answers [`ToDevice::Challenge`].
    Proof {
        device: SupportDeviceId,
        /// Of [`line_content`], by its signing key.
        signature: Opaque,
        /// 32 hexadecimal digits, drawn as its service starts.
        run: String,
    },
    Answered {
        session: SupportSessionId,
        attempt: u8,
        answer: DeviceAnswer,
    },
    /// What [`ToDevice::Begin`] began does not come. Only to a server that hears it.
    NotCome {
        session: SupportSessionId,
        why: NotCome,
    },
}

/// Why a computer does not come into the session that was to begin there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum NotCome {
    /// The desktop that could be shown is gone.
    NoDesktop,
    /// Its agent can't be started.
    NotStarted,
    /// Its agent ended without having come.
    Ended,
}

/// What came of one try to be let in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum DeviceAnswer {
    /// It was an administrator of the computer. Nothing begins before [`ToDevice::Begin`].
    Verified,
    /// Wrong name or password, or not an administrator's: they look alike.
    Wrong,
    TooMany,
    /// It is not for this computer, session or try, or was seen before.
    NotOpened,
    /// No desktop is there that could be shown.
    NoDesktop,
    Failed,
}

/// What the server says on a computer's line.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum ToDevice {
    /// The first message. Whoever answers it is the computer.
    Challenge {
        /// 32 bytes.
        nonce: Opaque,
    },
    Welcome,
    /// Somebody who was granted it asks to be let in.
    Asked {
        session: SupportSessionId,
        technician: AccountId,
        attempt: u8,
        sealed: Opaque,
    },
    /// The grant was looked at again: what [`DeviceAnswer::Verified`] answered begins.
    Begin {
        session: SupportSessionId,
        /// The server hears [`FromDevice::NotCome`].
        #[serde(default)]
        hears: bool,
    },
    /// It is over, or was taken back.
    End {
        session: SupportSessionId,
    },
    /// The last message.
    Bye {
        reason: DeviceBye,
    },
}

/// Why a line ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum DeviceBye {
    /// The organisation took the computer out; it does not come back.
    Revoked,
    /// The computer's enrolment is over by its time, until it is renewed.
    Expired,
    NotAuthenticated,
    /// A line of the same computer that began later is served.
    Replaced,
    Malformed,
    ServerStopping,
}

/// What a computer signs to prove that it is the one. With what the signature is for, it can be taken for no other.
pub fn line_content(device: SupportDeviceId, nonce: &[u8], run: &str) -> Vec<u8> {
    let SupportDeviceId(device) = device;
    [
        b"conclave computer line 1".as_slice(),
        device.as_bytes(),
        nonce,
        run.as_bytes(),
    ]
    .concat()
}

/// Whether it is one of a service as it runs.
pub fn is_run(text: &str) -> bool {
    text.len() == 32 && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use uuid::Uuid;

    use super::*;

    #[test]
    fn a_computer_says_what_it_names_and_nothing_else() {
        let session = Uuid::from_u128(7);
        let answered = json!({
            "type": "answered", "session": session, "attempt": 1, "answer": "verified"
        });
        assert!(serde_json::from_value::<FromDevice>(answered).is_ok());
        let not_come = json!({"type": "not_come", "session": session, "why": "ended"});
        assert!(serde_json::from_value::<FromDevice>(not_come).is_ok());
        for wrong in [
            json!({ "type": "answered", "session": session, "attempt": 1, "answer": "yes" }),
            json!({ "type": "answered", "session": session, "answer": "wrong" }),
            json!({ "type": "begin", "session": session }),
            json!({
                "type": "answered", "session": session, "attempt": 1, "answer": "wrong", "name": "root"
            }),
        ] {
            assert!(serde_json::from_value::<FromDevice>(wrong).is_err());
        }
    }

    #[test]
    fn an_earlier_server_that_lets_begin_hears_nothing_of_what_does_not_come() {
        let begin = json!({"type": "begin", "session": Uuid::from_u128(7)});

        let begin = serde_json::from_value(begin);

        assert!(matches!(begin, Ok(ToDevice::Begin { hears: false, .. })));
    }

    #[test]
    fn a_proof_is_for_one_computer_one_challenge_and_one_run() {
        let device = |number| SupportDeviceId(Uuid::from_u128(number));
        let content = line_content(device(1), &[1; 32], "a");
        for other in [
            line_content(device(2), &[1; 32], "a"),
            line_content(device(1), &[2; 32], "a"),
            line_content(device(1), &[1; 32], "b"),
        ] {
            assert_ne!(content, other);
        }
        assert!(is_run(&"0a".repeat(16)));
        assert!(!is_run("0a") && !is_run(&"0A".repeat(16)));
    }
}
