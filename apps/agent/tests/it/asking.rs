//! The person is asked, sees who is there, and stops them.

use conclave_agent::ipc::{DeskToUi, NetToUi, UiToDesk, UiToNet};
use conclave_agent::ui::places::{BAR, NO, STOP_FROM_RIGHT, YES};
use conclave_protocol::remote::{Capability, EndReason};
use conclave_remote::Phase;

use crate::windows::{HEIGHT, WIDTH, Windows};

const ESCAPE: u8 = 9;
const TAB: u8 = 23;
const RETURN: u8 = 36;
/// Longer than a yes waits.
const LIVE: usize = 4;

// Shows: REQ-AC-19, REQ-RS-07, ABUSE-46.
#[test]
fn a_yes_is_pressed_after_two_seconds_and_not_before() {
    let windows = Windows::new();
    windows.indicate(Phase::Requested);
    let question = windows.ask(Capability::Control);

    windows.click(question, YES);
    windows.say_nothing_for(LIVE);
    windows.click(question, YES);

    let answer = windows.to_desk();
    assert!(matches!(
        answer,
        UiToDesk::Answer {
            question: 7,
            yes: true,
            minutes: 30,
            ..
        }
    ));
    windows.gone("Conclave asks");
}

#[test]
fn a_no_is_pressed_at_once() {
    let windows = Windows::new();
    let question = windows.ask(Capability::View);

    windows.click(question, NO);

    assert!(matches!(
        windows.to_desk(),
        UiToDesk::Answer { yes: false, .. }
    ));
}

#[test]
fn escape_is_a_no() {
    let windows = Windows::new();
    let question = windows.ask(Capability::View);
    windows.has_keyboard(question);

    windows.key(ESCAPE);

    assert!(matches!(
        windows.to_desk(),
        UiToDesk::Answer { yes: false, .. }
    ));
}

#[test]
fn a_keyboard_alone_says_yes() {
    let windows = Windows::new();
    let question = windows.ask(Capability::Control);
    windows.has_keyboard(question);
    windows.key(RETURN);
    windows.say_nothing_for(LIVE);

    windows.key(TAB);
    windows.key(RETURN);

    assert!(matches!(
        windows.to_desk(),
        UiToDesk::Answer { yes: true, .. }
    ));
}

#[test]
fn what_is_not_answered_is_closed() {
    let windows = Windows::new();
    windows.ask(Capability::View);

    windows.tell_as_desk(&DeskToUi::CloseQuestion);

    windows.gone("Conclave asks");
}

// Shows: REQ-AC-16.
#[test]
fn the_bar_stops_the_session() {
    let windows = Windows::new();
    let bar = windows.indicate(Phase::Controlled);

    windows.click(bar, (BAR.0 - STOP_FROM_RIGHT.0, STOP_FROM_RIGHT.1));

    assert!(matches!(windows.to_desk(), UiToDesk::Stop));
}

// Shows: ABUSE-46.
#[test]
fn every_window_is_marked_before_it_is_seen() {
    let windows = Windows::new();
    windows.shown("Conclave");
    windows.indicate(Phase::Viewing);
    windows.ask(Capability::View);
    windows.shown("Conclave session details");

    let shown = windows.all_shown();

    assert!(shown.len() >= 7, "{shown:?}");
    assert!(shown.into_iter().all(|window| windows.is_marked(window)));
}

// Shows: ABUSE-58.
#[test]
fn a_frame_is_around_what_is_seen_while_it_is() {
    let windows = Windows::new();
    let seen = || corner(&windows) == 0x000b_4f8a;
    windows.indicate(Phase::Viewing);
    windows.say_nothing_for(1);
    assert!(seen());

    windows.indicate(Phase::Consented);
    windows.say_nothing_for(2);

    assert!(!seen());
}

#[test]
fn a_code_goes_to_the_network_and_the_end_is_told() {
    let windows = Windows::new();
    windows.tell_as_net(&NetToUi::AskForCode { why: None });
    let start = windows.shown("Conclave");
    windows.has_keyboard(start);
    windows.key(ESCAPE);
    assert!(matches!(windows.to_net(), UiToNet::Cancel));
    windows.gone("Conclave");
}

#[test]
fn the_last_window_is_closed_by_a_key() {
    let windows = Windows::new();
    windows.tell_as_desk(&DeskToUi::Ended(EndReason::Stopped));
    let ended = windows.shown("Conclave ended");
    windows.has_keyboard(ended);

    windows.key(ESCAPE);

    windows.ends();
}

/// The colour of the desktop's last pixel, as red, green and blue.
fn corner(windows: &Windows) -> u32 {
    let pixels = windows.client.screen(WIDTH, HEIGHT);
    let [.., blue, green, red, _] = pixels[..] else {
        return 0;
    };
    u32::from_be_bytes([0, red, green, blue])
}
