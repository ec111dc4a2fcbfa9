//! The stop keys work, whoever has the keyboard.

use std::time::Duration;

use conclave_agent::platform::x11::StopKeys;
use conclave_agent::platform::{Fault, StopHotkey};
use x11rb::CURRENT_TIME;
use x11rb::protocol::Event;
use x11rb::protocol::xproto::{
    ConnectionExt as _, GrabMode, GrabStatus, KEY_PRESS_EVENT, KEY_RELEASE_EVENT,
};

use crate::PATIENCE;
use crate::client::{Client, at};
use crate::desktop::Desktop;
use crate::person::Person;

const CONTROL: u8 = 37;
const SHIFT: u8 = 50;
const ALT: u8 = 64;
const F12: u8 = 96;
const CAPITALS: u8 = 66;
const NUMBERS: u8 = 77;

// Shows: REQ-AC-16.
#[test]
fn the_stop_keys_are_ours_while_another_window_has_the_focus() {
    let desktop = Desktop::new();
    let client = desktop.client();
    let window = client.window(at(0, 0, 100, 100), 0);
    client.focus(window);
    let mut stop = StopKeys::open(desktop.name()).unwrap();

    chord(&client);

    assert!(stop.pressed(PATIENCE).unwrap());
    assert!(!stop.pressed(Duration::ZERO).unwrap());
    let is_stop = |event: &Event| matches!(event, Event::KeyPress(press) if press.detail == F12);
    assert!(!client.events().iter().any(is_stop));
}

// Shows: REQ-AC-16.
#[test]
fn locks_do_not_lock_the_stop_keys() {
    let desktop = Desktop::new();
    let client = desktop.client();
    let mut stop = StopKeys::open(desktop.name()).unwrap();

    for lock in [CAPITALS, NUMBERS] {
        client.fake(KEY_PRESS_EVENT, lock);
        client.fake(KEY_RELEASE_EVENT, lock);
        chord(&client);
        assert!(stop.pressed(PATIENCE).unwrap());
    }
}

// Shows: REQ-AC-16.
#[test]
fn the_stop_keys_work_while_another_program_has_the_keyboard() {
    let desktop = Desktop::new();
    let client = desktop.client();
    let mode = GrabMode::ASYNC;
    let grab = client.grab_keyboard(true, client.root, CURRENT_TIME, mode, mode);
    assert_eq!(grab.unwrap().reply().unwrap().status, GrabStatus::SUCCESS);
    let mut stop = StopKeys::open(desktop.name()).unwrap();

    chord(&client);

    assert!(stop.pressed(PATIENCE).unwrap());
    assert!(!stop.pressed(Duration::ZERO).unwrap());
}

// Shows: REQ-AC-16.
#[test]
fn the_stop_keys_work_after_the_keyboard_was_changed() {
    let mut person = Person::new();
    let mut stop = StopKeys::open(person.desktop.name()).unwrap();

    person.desktop.lay_out("de");
    for symbol in [0xffe3, 0xffe1, 0xffe9, 0xffc9] {
        person.key(symbol, true);
    }

    assert!(stop.pressed(PATIENCE).unwrap());
}

#[test]
fn the_same_key_alone_stops_nothing() {
    let desktop = Desktop::new();
    let client = desktop.client();
    let mut stop = StopKeys::open(desktop.name()).unwrap();

    client.fake(KEY_PRESS_EVENT, F12);
    client.fake(KEY_RELEASE_EVENT, F12);
    client.fake(KEY_PRESS_EVENT, CONTROL);
    client.fake(KEY_PRESS_EVENT, F12);
    client.fake(KEY_RELEASE_EVENT, F12);
    client.fake(KEY_RELEASE_EVENT, CONTROL);

    assert!(!stop.pressed(Duration::from_millis(50)).unwrap());
}

#[test]
fn stop_keys_that_another_program_holds_are_named() {
    let desktop = Desktop::new();
    let _first = StopKeys::open(desktop.name()).unwrap();

    let fault = StopKeys::open(desktop.name()).err().unwrap();

    assert!(
        matches!(fault, Fault::Held("Ctrl+Alt+Shift+F12")),
        "{fault}"
    );
}

fn chord(client: &Client) {
    let keys = [CONTROL, SHIFT, ALT, F12];
    keys.iter()
        .for_each(|key| client.fake(KEY_PRESS_EVENT, *key));
    keys.iter()
        .rev()
        .for_each(|key| client.fake(KEY_RELEASE_EVENT, *key));
}
