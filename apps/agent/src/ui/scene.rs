//! What the tests of the windows begin with.

use std::time::Instant;

use conclave_protocol::ParticipantId;
use conclave_protocol::personal::{DisplayName, Title};
use conclave_protocol::remote::{Capabilities, Capability, MonitorId};
use conclave_remote::{Person, Phase};
use uuid::Uuid;

use super::question::Asked;
use crate::ipc::{Offered, Place, Question, Sign, Subject};

pub(super) fn person() -> Person {
    Person {
        participant: ParticipantId(Uuid::from_u128(5)),
        name: DisplayName::parse("Anna Berg").unwrap(),
        organisation: Title::parse("Northern Clinics").unwrap(),
    }
}

pub(super) fn question(subject: Subject) -> Question {
    Question {
        id: 7,
        technician: person(),
        subject,
        live_in: 2_000,
        ends_in: 30_000,
        offered: Offered::default(),
        sealed_to: None,
    }
}

pub(super) fn ask(now: Instant, capability: Capability) -> Asked {
    Asked::new(now, question(Subject::Capability(capability)))
}

pub(super) fn monitor(number: u8, x: i32) -> Place {
    Place {
        monitor: MonitorId(number),
        name: format!("HDMI-{number}"),
        x,
        y: 0,
        width: 800,
        height: 600,
    }
}

pub(super) fn sign(phase: Phase, permitted: &[Capability]) -> Sign {
    Sign {
        phase,
        technician: person(),
        watching: Vec::new(),
        permitted: permitted.iter().copied().collect::<Capabilities>(),
        pause: None,
        is_unattended: false,
        is_raised: false,
        monitors: vec![monitor(0, 0)],
    }
}
