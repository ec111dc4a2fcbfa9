//! One entry of the audit log: who did what to which object, from where, with which outcome.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

use crate::canonical::{NotExact, canonical};
use crate::{Actor, Code, EntryTime, Event, Hex, Ruling, Sealed, Source};

/// The version of the serialised form, its member `v`.
pub const VERSION: u8 = 1;

/// The longest canonical form, its sequence number included. An entry without free text needs about 700 bytes.
pub const MAX_ENTRY_BYTES: usize = 8 * 1024;

/// What makes an entry itself: made by whoever has the clock and the randomness.
#[derive(Clone, Copy)]
pub struct Stamp {
    /// UUIDv7; an entry with an id that is already on record is the same entry.
    pub id: Uuid,
    pub time: EntryTime,
    /// 16 random bytes.
    pub salt: [u8; 16],
}

/// Built with [`Entry::new`] and the methods that follow it; the optional parts are public for readers.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    v: u8,
    pub id: Uuid,
    /// The place in its log, given when the log takes the entry.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seq: Option<u64>,
    pub time: EntryTime,
    /// What the server knew of its clock's error; absent when it knew nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub clock: Option<Clock>,
    #[serde(flatten)]
    pub event: Event,
    pub outcome: Outcome,
    pub actor: Actor,
    /// Part of the form from its first version on; nobody acts for somebody else yet.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub on_behalf_of: Option<Uuid>,
    /// The organisation whose log this is; absent for the installation's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub org: Option<Uuid>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub src: Option<Source>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<Code>,
    /// Of changes of policy: which revision they made, or which one kept them from being made.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub policy: Option<Ruling>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub req_id: Option<Uuid>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sealed: Option<Sealed>,
    pub salt: Hex<16>,
    /// The store could not write when this happened: it waited in the local spool.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub spooled: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Clock {
    pub ntp_synced: bool,
    pub offset_ms: i32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    Done,
    /// Tried, and wrong: a password that does not match.
    Failed,
    /// Not allowed, or not possible as things stood.
    Refused,
}

/// Why an entry has no canonical form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unwritable {
    #[error("the entry is longer than {MAX_ENTRY_BYTES} bytes")]
    TooLong,
    #[error("a number in the entry is not an integer of at most 53 bits")]
    InexactNumber,
    #[error("the entry's time is outside of RFC 3339's years")]
    TimeOutOfRange,
}

/// The bytes are no entry in canonical form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unreadable {
    #[error("the entry has a version that is not known here")]
    UnknownVersion,
    #[error("the bytes are no entry in canonical form")]
    Malformed,
}

impl Entry {
    /// An act that succeeded, in the installation's log.
    pub fn new(stamp: Stamp, actor: Actor, event: Event) -> Self {
        Self {
            v: VERSION,
            id: stamp.id,
            seq: None,
            time: stamp.time,
            clock: None,
            event,
            outcome: Outcome::Done,
            actor,
            on_behalf_of: None,
            org: None,
            src: None,
            reason: None,
            policy: None,
            req_id: None,
            sealed: None,
            salt: Hex(stamp.salt),
            spooled: false,
        }
    }

    #[must_use]
    pub fn failed(self, reason: Code) -> Self {
        self.not_done(Outcome::Failed, reason)
    }

    #[must_use]
    pub fn refused(self, reason: Code) -> Self {
        self.not_done(Outcome::Refused, reason)
    }

    /// What was sealed for the act is kept nowhere.
    fn not_done(mut self, outcome: Outcome, reason: Code) -> Self {
        self.outcome = outcome;
        self.reason = Some(reason);
        self.sealed = None;
        self
    }

    /// In the log of this organisation.
    #[must_use]
    pub fn in_organisation(mut self, org: Uuid) -> Self {
        self.org = Some(org);
        self
    }

    #[must_use]
    pub fn from_source(mut self, source: Source) -> Self {
        self.src = Some(source);
        self
    }

    #[must_use]
    pub fn for_request(mut self, request: Uuid) -> Self {
        self.req_id = Some(request);
        self
    }

    /// The bytes that stand for this entry: RFC 8785, the same on every machine.
    pub fn to_canonical(&self) -> Result<Vec<u8>, Unwritable> {
        // Only a time outside of RFC 3339's range makes these types fail to serialise.
        let mut value = serde_json::to_value(self).map_err(|_| Unwritable::TimeOutOfRange)?;
        if let (Value::Object(members), Some(object)) = (&mut value, self.event.object()) {
            let object = serde_json::to_value(object).map_err(|_| Unwritable::TimeOutOfRange)?;
            members.insert(OBJECT.to_owned(), object);
        }
        let bytes = canonical(&value).map_err(|NotExact| Unwritable::InexactNumber)?;
        let reserved = self.seq.map_or(SEQ_RESERVE, |_| 0);
        (bytes.len() + reserved <= MAX_ENTRY_BYTES)
            .then_some(bytes)
            .ok_or(Unwritable::TooLong)
    }

    /// Accepts only what [`Entry::to_canonical`] writes, byte for byte.
    pub fn from_canonical(bytes: &[u8]) -> Result<Self, Unreadable> {
        if bytes.len() > MAX_ENTRY_BYTES {
            return Err(Unreadable::Malformed);
        }
        let mut value: Value = serde_json::from_slice(bytes).map_err(|_| Unreadable::Malformed)?;
        if let Value::Object(members) = &mut value {
            let version = members.get("v").and_then(Value::as_u64);
            if version.is_some_and(|v| v != u64::from(VERSION)) {
                return Err(Unreadable::UnknownVersion);
            }
            members.remove(OBJECT);
        }
        let entry: Self = serde_json::from_value(value).map_err(|_| Unreadable::Malformed)?;
        let same = entry.to_canonical().is_ok_and(|written| written == bytes);
        same.then_some(entry).ok_or(Unreadable::Malformed)
    }
}

/// Derived from the event when written, checked against it when read.
const OBJECT: &str = "object";

/// Room for `"seq":9007199254740991,`, which the log adds to an entry that is already accepted.
const SEQ_RESERVE: usize = 23;

#[cfg(test)]
mod tests;
