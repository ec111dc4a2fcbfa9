//! A question as it is shown.

use std::time::Instant;

use conclave_protocol::remote::{Capability, DiagnosticItem, TransferId};
use conclave_remote::{Person, WindowId};
use serde::{Deserialize, Serialize};

use super::Place;

/// Without `Debug`: it names people.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Question {
    pub id: u32,
    pub technician: Person,
    pub subject: Subject,
    /// In milliseconds from when it is read: before that a yes doesn't count.
    pub live_in: u32,
    /// In milliseconds from when it is read: then the answer is no.
    pub ends_in: u32,
    /// What can be shown; of a question about seeing the screen.
    pub offered: Offered,
    /// The fingerprint of the key that all of it is sealed to; of a question about recording.
    pub sealed_to: Option<[u8; 32]>,
}

#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Subject {
    Capability(Capability),
    FileIn {
        transfer: TransferId,
        name: String,
        size: u64,
    },
    FileOut(TransferId),
    /// All of this, and nothing else, is told.
    Diagnostics(Vec<(DiagnosticItem, String)>),
    Watcher(Person),
    HandOver(Person),
    Restart,
}

/// Of the screen.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Offered {
    pub monitors: Vec<Place>,
    pub windows: Vec<Window>,
}

/// Of a program of the person's.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Window {
    pub id: WindowId,
    pub title: String,
}

impl Question {
    pub(crate) fn new(now: Instant, question: conclave_remote::Question, offered: Offered) -> Self {
        Self {
            id: question.id.0,
            technician: question.technician,
            subject: Subject::of(question.subject),
            live_in: milliseconds(now, question.live_from),
            ends_in: milliseconds(now, question.until),
            offered,
            sealed_to: None,
        }
    }
}

impl Subject {
    fn of(subject: conclave_remote::Subject) -> Self {
        use conclave_remote::Subject as Asked;
        match subject {
            Asked::Capability(capability) => Self::Capability(capability),
            Asked::FileIn(offer) => Self::FileIn {
                transfer: offer.transfer,
                name: offer.name.as_str().to_owned(),
                size: offer.size,
            },
            Asked::FileOut(transfer) => Self::FileOut(transfer),
            Asked::Diagnostics(report) => Self::Diagnostics(report.lines().to_vec()),
            Asked::Watcher(person) => Self::Watcher(person),
            Asked::HandOver(person) => Self::HandOver(person),
            Asked::Restart => Self::Restart,
        }
    }
}

fn milliseconds(now: Instant, until: Instant) -> u32 {
    let left = until.saturating_duration_since(now).as_millis();
    u32::try_from(left).unwrap_or(u32::MAX)
}
