//! The process with the desktop does what the person permits, and nothing else.

use std::os::unix::fs::PermissionsExt;
use std::time::{Duration, Instant};

use conclave_agent::ipc::{DeskToUi, Subject, UiToDesk};
use conclave_agent::platform::x11::MarkedWindows;
use conclave_protocol::remote::{
    Answer, Button, Capability, Chunk, Digest, EndReason, FileName, FileOffer, FileOutcome,
    FromAgent, FromTechnician, InputEvent, Key, MonitorId, PauseReason, Point, TransferId,
    TypedText,
};
use conclave_remote::{Surface, WindowId};
use sha2::Digest as _;
use x11rb::protocol::Event;
use x11rb::protocol::xproto::{AtomEnum, KEY_PRESS_EVENT, KEY_RELEASE_EVENT, PropMode};
use x11rb::wrapper::ConnectionExt as _;

use crate::client::at;
use crate::desktop::Desktop;
use crate::editor::Editor;
use crate::helped::{Helped, MONITOR, say};

const RETURN: u8 = 0x28;
const LETTER: u8 = 0x04;

#[test]
fn what_the_person_lets_be_seen_is_seen_pixel_by_pixel() {
    let desktop = Desktop::new();
    let client = desktop.client();
    let window = client.window(at(0, 0, 640, 480), 0);
    client.paint(window, 640, 480);

    let mut helped = Helped::viewed(&desktop);

    helped.sees(MONITOR, || client.screen(640, 480));
    client.fill(window, at(100, 50, 200, 90), 0xff_ff_00);
    helped.sees(MONITOR, || client.screen(640, 480));
}

// Shows: ABUSE-45.
#[test]
fn of_one_window_nothing_else_is_seen() {
    let desktop = Desktop::new();
    let client = desktop.client();
    let window = client.window(at(50, 50, 100, 80), 0x30_60_90);
    let title = (AtomEnum::WM_NAME, AtomEnum::STRING);
    client
        .change_property8(PropMode::REPLACE, window, title.0, title.1, b"Letter")
        .unwrap();
    client.window(at(60, 60, 300, 300), 0xff_00_00);
    let mut helped = Helped::at(&desktop);

    let question = helped.question(|helped| helped.say(&FromTechnician::Ask(Capability::View)));
    let mut offered = question.offered.windows.iter();
    let letter = offered.find(|it| it.title == "Letter").unwrap();
    assert_eq!(letter.id, WindowId(window.into()));
    helped.answer_yes(&question, Surface::Window(letter.id));

    let alone = MonitorId(u8::MAX);
    helped.sees(alone, || [0x90, 0x60, 0x30, 0].repeat(100 * 80));
    assert!(helped.decoder.picture(MONITOR).is_none());
}

#[test]
fn once_seeing_is_taken_back_nothing_more_is_seen() {
    let desktop = Desktop::new();
    let client = desktop.client();
    let window = client.window(at(0, 0, 640, 480), 0x30_60_90);
    let mut helped = Helped::viewed(&desktop);
    helped.sees(MONITOR, || client.screen(640, 480));
    let before = client.screen(640, 480);

    helped.do_locally(&UiToDesk::Withdraw(Capability::View));
    helped.heard(|message| (message == FromAgent::Withdrawn(Capability::View)).then_some(()));
    client.fill(window, at(0, 0, 640, 480), 0xff_ff_00);
    helped.say(&FromTechnician::Ask(Capability::Recording));
    helped.heard(|message| matches!(message, FromAgent::Answer { .. }).then_some(()));

    helped.sees(MONITOR, || before.clone());
}

#[test]
fn before_a_yes_nothing_is_seen() {
    let desktop = Desktop::new();
    let mut helped = Helped::at(&desktop);

    helped.say(&FromTechnician::Ask(Capability::Recording));
    helped.heard(|message| matches!(message, FromAgent::Answer { .. }).then_some(()));

    assert!(helped.decoder.picture(MONITOR).is_none());
}

#[test]
fn what_the_technician_types_arrives() {
    let desktop = Desktop::new();
    let editor = Editor::open(&desktop);
    let (mut helped, turn) = Helped::controlled(&desktop);

    let text = "größer €";
    helped.input(turn, InputEvent::Text(TypedText::parse(text).unwrap()));
    let key = Key::new(RETURN).unwrap();
    for down in [true, false] {
        helped.input(turn, InputEvent::Key { key, down });
    }

    assert_eq!(editor.line(), text);
}

// Shows: REQ-AC-16.
#[test]
fn the_stop_keys_end_it_though_the_windows_take_nothing() {
    let desktop = Desktop::new();
    let client = desktop.client();
    let (mut helped, _) = Helped::controlled(&desktop);

    let pressed = Instant::now();
    for key in [37, 50, 64, 96] {
        client.fake(KEY_PRESS_EVENT, key);
    }

    assert_eq!(helped.ending(), EndReason::Stopped);
    assert!(pressed.elapsed() < Duration::from_secs(2));
    for key in [96, 64, 50, 37] {
        client.fake(KEY_RELEASE_EVENT, key);
    }
}

// Shows: REQ-IN-07, ABUSE-47.
#[test]
fn after_control_is_taken_back_nothing_that_is_on_its_way_is_done() {
    let desktop = Desktop::new();
    let client = desktop.client();
    let window = client.window(at(0, 0, 100, 100), 0);
    client.focus(window);
    let (mut helped, turn) = Helped::controlled(&desktop);
    let key = Key::new(LETTER).unwrap();
    let net = helped.net.again().unwrap();
    let types = std::thread::spawn(move || {
        for number in 0..1_000 {
            let down = number % 2 == 0;
            let event = InputEvent::Key { key, down };
            say(
                &net,
                &FromTechnician::Input {
                    turn,
                    number,
                    event,
                },
            );
        }
        say(&net, &FromTechnician::Ask(Capability::Recording));
    });
    let is_press = |event: &Event| matches!(event, Event::KeyPress(_));
    client.event(|event| is_press(&event).then_some(()));

    helped.do_locally(&UiToDesk::Withdraw(Capability::Control));
    helped.heard(|message| (message == FromAgent::ControlEnds(turn)).then_some(()));
    client.events();
    helped.heard(|message| match message {
        FromAgent::Answer {
            to: Capability::Recording,
            answer: Answer::Busy | Answer::NotPermitted,
        } => Some(()),
        FromAgent::Answer { .. } => None,
        _ => None,
    });

    types.join().unwrap();
    assert!(!client.events().iter().any(is_press));
    assert!(!client.is_down(38));
}

// Shows: REQ-IN-07, ABUSE-48.
#[test]
fn while_the_person_uses_the_computer_nothing_of_the_technicians_is_done() {
    let desktop = Desktop::new();
    let client = desktop.client();
    let window = client.window(at(0, 0, 100, 100), 0);
    client.focus(window);
    let (mut helped, turn) = Helped::controlled(&desktop);
    let key = Key::new(LETTER).unwrap();
    let pressed = |event: Event| matches!(event, Event::KeyPress(_)).then_some(());
    helped.input(turn, InputEvent::Key { key, down: true });
    client.event(pressed);

    client.fake_motion(300, 200);
    let paused = FromAgent::Paused(PauseReason::LocalInput);
    helped.heard(|message| (message == paused).then_some(()));
    client.event(|event| matches!(event, Event::KeyRelease(_)).then_some(()));
    for down in [true, false] {
        helped.input(turn, InputEvent::Key { key, down });
    }
    helped.heard(|message| (message == FromAgent::Resumed).then_some(()));

    let during = client.events();
    assert!(during.into_iter().find_map(pressed).is_none());
    helped.input(turn, InputEvent::Key { key, down: true });
    client.event(pressed);
}

// Shows: ABUSE-56.
#[test]
fn where_the_system_says_that_it_be_over_nothing_stays_pressed() {
    let desktop = Desktop::new();
    let client = desktop.client();
    let window = client.window(at(0, 0, 100, 100), 0);
    client.focus(window);
    let (mut helped, turn) = Helped::controlled(&desktop);
    let key = Key::new(LETTER).unwrap();
    helped.input(turn, InputEvent::Key { key, down: true });
    client.event(|event| matches!(event, Event::KeyPress(_)).then_some(()));

    helped.terminate();

    assert_eq!(helped.ending(), EndReason::AgentStopped);
    client.event(|event| matches!(event, Event::KeyRelease(_)).then_some(()));
}

// Shows: REQ-IN-07.
#[test]
fn the_technician_presses_no_window_of_ours() {
    let desktop = Desktop::new();
    let client = desktop.client();
    let prompt = client.window(at(100, 100, 200, 100), 0);
    let beside = client.window(at(400, 100, 50, 50), 0);
    let ours = MarkedWindows::open(desktop.name()).unwrap();
    ours.mark(prompt).unwrap();
    let (mut helped, turn) = Helped::controlled(&desktop);

    for (x, y) in [(150, 150), (420, 120)] {
        let (button, at) = (Button::Left, point(x, y));
        for down in [true, false] {
            helped.input(turn, InputEvent::Button { at, button, down });
        }
    }

    let pressed = client.event(|event| match event {
        Event::ButtonPress(press) => Some(press.event),
        _ => None,
    });
    assert_eq!(pressed, beside);
}

#[test]
fn where_nothing_shows_the_session_there_is_none() {
    let desktop = Desktop::new();
    let mut helped = Helped::viewed(&desktop);

    helped.close_windows();

    assert_eq!(helped.ending(), EndReason::SignLost);
}

#[test]
fn a_file_arrives_whole() {
    let desktop = Desktop::new();
    let mut helped = Helped::at(&desktop);
    let bytes: Vec<u8> = (0..100_000_u32).map(|at| (at % 251) as u8).collect();

    let outcome = send_file(&mut helped, &bytes, sha2::Sha256::digest(&bytes).into());

    assert_eq!(outcome, FileOutcome::Complete);
    let path = helped.shown(|message| match message {
        DeskToUi::FileArrived { path } => Some(path),
        _ => None,
    });
    assert!(std::fs::read(&path).unwrap() == bytes);
    let mode = std::fs::metadata(&path).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let names = std::fs::read_dir(helped.downloads()).unwrap();
    assert_eq!(names.count(), 1);
}

// Shows: ABUSE-54.
#[test]
fn of_a_file_that_is_not_what_was_promised_nothing_is_left() {
    let desktop = Desktop::new();
    let mut helped = Helped::at(&desktop);
    let before = helped.files();

    let outcome = send_file(&mut helped, b"something else", [7; 32]);

    assert_eq!(outcome, FileOutcome::Damaged);
    helped.do_locally(&UiToDesk::Stop);
    helped.ending();
    let ended = |message| matches!(message, DeskToUi::Ended(_)).then_some(());
    helped.shown(ended);
    assert_eq!(helped.files(), before);
}

// Shows: REQ-LO-04, REQ-RS-06, ABUSE-56.
#[test]
fn of_an_agent_that_is_killed_nothing_is_left_in_the_file_system() {
    let desktop = Desktop::new();
    let mut helped = Helped::controlled(&desktop).0;
    let before = helped.files();
    let size = 2 * Chunk::LARGEST;
    let transfer = offer_file(&mut helped, size, [7; 32]);
    helped.heard(|message| matches!(message, FromAgent::Fetch { offset: 0, .. }).then_some(()));
    helped.say(&FromTechnician::Chunk {
        transfer,
        offset: 0,
        bytes: Chunk::new(vec![7; Chunk::LARGEST]).unwrap(),
    });
    // What is said after it is answered after it.
    helped.say(&FromTechnician::Ask(Capability::Recording));
    helped.heard(|message| matches!(message, FromAgent::Answer { .. }).then_some(()));
    assert_eq!(helped.files(), before);

    helped.kill();

    assert_eq!(helped.files(), before);
}

#[test]
fn the_person_sees_all_that_is_told_of_the_computer() {
    let desktop = Desktop::new();
    let mut helped = Helped::at(&desktop);

    let question = helped.question(|helped| helped.say(&FromTechnician::AskDiagnostics));
    let Subject::Diagnostics(shown) = &question.subject else {
        panic!("something else is asked");
    };
    let displays = shown.iter().any(|(_, text)| text == "640x480");
    assert!(displays);
    helped.answer_yes(&question, Surface::Desktop);

    let told = helped.heard(|message| match message {
        FromAgent::Diagnostics(report) => Some(report),
        _ => None,
    });
    assert!(told.lines() == shown.as_slice());
}

#[test]
fn the_process_with_the_desktop_has_no_network() {
    let desktop = Desktop::new();
    let helped = Helped::at(&desktop);

    let status = std::fs::read_to_string(format!("/proc/{}/status", helped.process()));

    let status = status.unwrap();
    let filtered = status.lines().any(|line| line == "Seccomp:\t2");
    assert!(filtered, "{status}");
}

/// The person agrees to it.
fn offer_file(helped: &mut Helped, size: usize, sha256: [u8; 32]) -> TransferId {
    let mut transfer = TransferId(0);
    let question = helped.question(|helped| {
        transfer = TransferId(transfer.0 + 1);
        helped.say(&FromTechnician::OfferFile(FileOffer {
            transfer,
            name: FileName::parse("report.pdf").unwrap(),
            size: size as u64,
            sha256: Digest(sha256),
        }));
    });
    helped.answer_yes(&question, Surface::Desktop);
    transfer
}

fn send_file(helped: &mut Helped, bytes: &[u8], sha256: [u8; 32]) -> FileOutcome {
    let transfer = offer_file(helped, bytes.len(), sha256);
    loop {
        let next = helped.heard(|message| match message {
            FromAgent::Fetch { offset, .. } => Some(Ok(offset)),
            FromAgent::FileEnded { outcome, .. } => Some(Err(outcome)),
            _ => None,
        });
        let offset = match next {
            Ok(offset) => offset,
            Err(outcome) => return outcome,
        };
        let piece = bytes[offset as usize..].chunks(Chunk::LARGEST).next();
        helped.say(&FromTechnician::Chunk {
            transfer,
            offset,
            bytes: Chunk::new(piece.unwrap().to_vec()).unwrap(),
        });
    }
}

fn point(x: u16, y: u16) -> Point {
    let monitor = MONITOR;
    Point { monitor, x, y }
}
