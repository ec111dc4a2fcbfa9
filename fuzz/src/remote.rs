//! What a technician's page and a supported computer say to each other.

use std::time::{Duration, Instant};

use conclave_protocol::personal::{DisplayName, Title};
use conclave_protocol::remote::{Capability, FromAgent, FromTechnician, LARGEST_MESSAGE};
use conclave_remote::{FileRules, FileWork, Input, Limits, Output, Person, Session};

/// A message has one form, and whatever it says does nothing to a computer whose person has permitted nothing.
pub(crate) fn technician(bytes: &[u8]) {
    let Ok(message) = FromTechnician::decode(bytes) else {
        return;
    };
    assert!(bytes.len() <= LARGEST_MESSAGE && message.encode() == bytes);
    let now = Instant::now();
    let technician = technician_of("00000000-0000-0000-0000-000000000001");
    let from = technician.participant;
    let mut session = Session::new(now, technician, limits());
    session.handle_input(now, Input::Message { from, message });
    loop {
        match session.poll_output() {
            Output::Wait(_) => break,
            output => assert!(is_harmless(&output)),
        }
    }
}

/// A message has one form.
pub(crate) fn agent(bytes: &[u8]) {
    if let Ok(message) = FromAgent::decode(bytes) {
        assert!(bytes.len() <= LARGEST_MESSAGE && message.encode() == bytes);
    }
}

/// What a session may do before anything is permitted: ask, show itself, say no, put on record, and end.
fn is_harmless(output: &Output) -> bool {
    match output {
        Output::StartCapture(_)
        | Output::StartRecording
        | Output::Inject(_)
        | Output::SetClipboard(_)
        | Output::ShowChat(_) => false,
        Output::File(work) => *work == FileWork::DiscardAll,
        _ => true,
    }
}

fn technician_of(id: &str) -> Person {
    Person {
        participant: id.parse().expect("it is an id"),
        name: DisplayName::parse("Kim").expect("it is a name"),
        organisation: Title::parse("Clinic").expect("it is a title"),
    }
}

fn limits() -> Limits {
    Limits {
        permitted: Capability::ALL.iter().copied().collect(),
        idle: Duration::from_secs(900),
        longest: Duration::from_secs(14_400),
        longest_consent: Duration::from_secs(3_600),
        must_record: false,
        sealed_to: None,
        files: FileRules {
            largest: 1 << 30,
            most: 20,
            programs: false,
        },
    }
}
