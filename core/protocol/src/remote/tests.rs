use uuid::Uuid;

use super::*;
use crate::ParticipantId;
use crate::personal::Words;

#[test]
fn what_a_technician_says_is_read_as_it_was_written() {
    for (number, message) in from_technician().into_iter().enumerate() {
        let bytes = message.encode();

        assert!(bytes.len() <= LARGEST_MESSAGE);
        assert!(FromTechnician::decode(&bytes) == Ok(message), "{number}");
    }
}

#[test]
fn what_an_agent_says_is_read_as_it_was_written() {
    for (number, message) in from_agent().into_iter().enumerate() {
        let bytes = message.encode();

        assert!(bytes.len() <= LARGEST_MESSAGE);
        assert!(FromAgent::decode(&bytes) == Ok(message), "{number}");
    }
}

#[test]
fn a_message_is_as_small_as_what_it_says() {
    let moved = FromTechnician::Input {
        turn: Turn(1),
        number: 7,
        event: InputEvent::Move(point()),
    };

    let bytes = moved.encode();

    assert_eq!(bytes, [1, 2, 0, 0, 0, 1, 0, 0, 0, 7, 0, 2, 1, 44, 0, 200]);
}

#[test]
fn another_version_is_not_guessed_at() {
    let mut bytes = FromTechnician::Leave.encode();
    bytes[0] = VERSION + 1;

    assert!(FromTechnician::decode(&bytes) == Err(Malformed));
}

// Shows: REQ-IN-04.
#[test]
fn a_message_that_is_cut_or_has_a_tail_is_none() {
    for message in from_technician() {
        let mut bytes = message.encode();
        for length in 0..bytes.len().min(64) {
            assert!(FromTechnician::decode(&bytes[..length]) == Err(Malformed));
        }
        bytes.push(0);
        assert!(FromTechnician::decode(&bytes) == Err(Malformed));
    }
}

// Shows: REQ-IN-04.
#[test]
fn what_is_longer_than_the_longest_is_refused_unread() {
    assert!(FromTechnician::decode(&vec![VERSION; LARGEST_MESSAGE + 1]) == Err(Malformed));
    assert!(FromAgent::decode(&vec![VERSION; LARGEST_MESSAGE + 1]) == Err(Malformed));
}

// Shows: REQ-IN-04.
#[test]
fn a_value_has_one_form() {
    let padded = [&[VERSION, 5, 0, 3][..], b" hi"].concat();
    let neither_up_nor_down = [VERSION, 2, 0, 0, 0, 0, 0, 0, 0, 0, 3, 4, 2];
    let twice_the_same_monitor = [VERSION, 6, 2, 0, 0, 1, 0, 1, 0, 0, 1, 0, 1];

    assert!(FromTechnician::decode(&padded) == Err(Malformed));
    assert!(FromTechnician::decode(&neither_up_nor_down) == Err(Malformed));
    assert!(FromAgent::decode(&twice_the_same_monitor) == Err(Malformed));
}

fn point() -> Point {
    Point {
        monitor: MonitorId(2),
        x: 300,
        y: 200,
    }
}

fn offer() -> FileOffer {
    FileOffer {
        transfer: TransferId(4),
        name: FileName::parse("report.pdf").unwrap(),
        size: 1 << 40,
        sha256: Digest([7; 32]),
    }
}

fn input(event: InputEvent) -> FromTechnician {
    FromTechnician::Input {
        turn: Turn(3),
        number: u32::MAX,
        event,
    }
}

fn from_technician() -> Vec<FromTechnician> {
    let at = point();
    vec![
        FromTechnician::Ask(Capability::View),
        FromTechnician::GiveBack(Capability::Recording),
        input(InputEvent::Move(at)),
        input(InputEvent::Button {
            at,
            button: Button::Forward,
            down: true,
        }),
        input(InputEvent::Wheel {
            at,
            up: -3,
            right: 1,
        }),
        input(InputEvent::Key {
            key: Key::new(0xe1).unwrap(),
            down: false,
        }),
        input(InputEvent::Text(TypedText::parse("größer €").unwrap())),
        FromTechnician::Watch(MonitorId(1)),
        FromTechnician::Clipboard(
            ClipboardText::parse(&"ä".repeat(ClipboardText::LONGEST / 2)).unwrap(),
        ),
        FromTechnician::Chat(Words::parse("one\ntwo").unwrap()),
        FromTechnician::OfferFile(offer()),
        FromTechnician::Chunk {
            transfer: TransferId(4),
            offset: 1 << 33,
            bytes: Chunk::new(vec![5; Chunk::LARGEST]).unwrap(),
        },
        FromTechnician::AskFile(TransferId(5)),
        FromTechnician::Fetch {
            transfer: TransferId(5),
            offset: 9,
        },
        FromTechnician::CancelFile(TransferId(5)),
        FromTechnician::AskDiagnostics,
        FromTechnician::HandOver(ParticipantId(Uuid::from_u128(8))),
        FromTechnician::StillHere,
        FromTechnician::Hello,
        FromTechnician::Raise(Credential::parse("amy", "größer als").unwrap()),
        FromTechnician::Restart,
        FromTechnician::Leave,
    ]
}

fn from_agent() -> Vec<FromAgent> {
    let monitor = |id| Monitor {
        id: MonitorId(id),
        width: 1_920,
        height: 1_080,
    };
    let report = vec![(DiagnosticItem::Kernel, "6.1.0".to_owned())];
    vec![
        FromAgent::Answer {
            to: Capability::Control,
            answer: Answer::Granted { seconds: 600 },
        },
        FromAgent::Answer {
            to: Capability::Chat,
            answer: Answer::AskedEnough,
        },
        FromAgent::Withdrawn(Capability::View),
        FromAgent::ControlBegins(Turn(1)),
        FromAgent::ControlEnds(Turn(1)),
        FromAgent::Paused(PauseReason::LocalInput),
        FromAgent::Resumed,
        FromAgent::Monitors(Monitors::new(vec![monitor(0), monitor(3)]).unwrap()),
        FromAgent::Watching(MonitorId(3)),
        FromAgent::Clipboard(ClipboardText::parse("x").unwrap()),
        FromAgent::Chat(Words::parse("hello").unwrap()),
        FromAgent::OfferFile(offer()),
        FromAgent::Chunk {
            transfer: TransferId(4),
            offset: 0,
            bytes: Chunk::new(vec![1]).unwrap(),
        },
        FromAgent::Fetch {
            transfer: TransferId(4),
            offset: 1,
        },
        FromAgent::FileEnded {
            transfer: TransferId(4),
            outcome: FileOutcome::Damaged,
        },
        FromAgent::Diagnostics(DiagnosticReport::new(report).unwrap()),
        FromAgent::HandOver(true),
        FromAgent::Leads(TransferId(9)),
        FromAgent::Watches,
        FromAgent::Rests(true),
        FromAgent::EndsSoon {
            reason: EndReason::Idle,
            seconds: 60,
        },
        FromAgent::Raised(Raising::Wrong),
        FromAgent::Lowered,
        FromAgent::NoRestart,
        FromAgent::Ended(EndReason::Stopped),
    ]
}
