//! What the person at the computer does is told from what is injected.

use std::time::Duration;

use conclave_agent::platform::x11::{Injector, Ledger, LocalWatch, Source};
use conclave_agent::platform::{Input, InputSink, LocalAct, LocalInput, Point};
use conclave_protocol::remote::{Button, TypedText};
use x11rb::CURRENT_TIME;
use x11rb::protocol::xproto::{ConnectionExt as _, GrabMode, GrabStatus, KEY_PRESS_EVENT};

use crate::PATIENCE;
use crate::desktop::Desktop;
use crate::person::Person;

// Shows: REQ-IN-07.
#[test]
fn a_persons_keys_and_mouse_are_told_from_what_is_injected() {
    let mut person = Person::new();
    let (mut injector, mut watch) = both(&person.desktop);

    injector
        .inject(&Input::PointerTo(Point { x: 50, y: 60 }))
        .unwrap();
    assert_eq!(next(&mut watch), (Source::Injected, LocalAct::Motion));
    person.pointer(80, 90, 0);
    assert_eq!(next(&mut watch), (Source::Local, LocalAct::Motion));

    type_in(&mut injector, "a");
    for _ in ["down", "up"] {
        assert_eq!(next(&mut watch), (Source::Injected, LocalAct::Key));
    }
    for down in [true, false] {
        person.key('a'.into(), down);
        assert_eq!(next(&mut watch), (Source::Local, LocalAct::Key));
    }

    let button = Button::Left;
    for down in [true, false] {
        injector.inject(&Input::Button { button, down }).unwrap();
        assert_eq!(next(&mut watch), (Source::Injected, LocalAct::Button));
    }
    person.pointer(80, 90, 1);
    let pressed = watch.next(PATIENCE).unwrap();
    assert!(pressed.is_some());
}

// Shows: REQ-IN-07.
#[test]
fn a_person_is_noticed_among_much_that_is_injected() {
    let mut person = Person::new();
    let (mut injector, mut watch) = both(&person.desktop);

    for _ in 0..30 {
        type_in(&mut injector, "Ein längerer Text, € und ж");
    }
    person.key('b'.into(), true);

    assert_eq!(watch.next(PATIENCE).unwrap(), Some(LocalAct::Key));
}

// Shows: REQ-IN-07.
#[test]
fn a_keyboard_on_the_screen_is_the_persons_too() {
    let desktop = Desktop::new();
    let client = desktop.client();
    let (mut injector, mut watch) = both(&desktop);

    client.fake(KEY_PRESS_EVENT, 38);
    assert_eq!(next(&mut watch), (Source::Local, LocalAct::Key));
    client.fake_motion(5, 5);
    assert_eq!(next(&mut watch), (Source::Local, LocalAct::Motion));

    injector
        .inject(&Input::PointerTo(Point { x: 50, y: 60 }))
        .unwrap();
    assert_eq!(next(&mut watch), (Source::Injected, LocalAct::Motion));
    client.fake_motion(5, 5);
    assert_eq!(next(&mut watch), (Source::Local, LocalAct::Motion));
}

// Shows: REQ-IN-07.
#[test]
fn a_person_is_noticed_while_another_program_has_the_keyboard() {
    let mut person = Person::new();
    let client = person.desktop.client();
    let mode = GrabMode::ASYNC;
    let grab = client.grab_keyboard(true, client.root, CURRENT_TIME, mode, mode);
    assert_eq!(grab.unwrap().reply().unwrap().status, GrabStatus::SUCCESS);
    let (_injector, mut watch) = both(&person.desktop);

    person.key('c'.into(), true);

    assert_eq!(watch.next(PATIENCE).unwrap(), Some(LocalAct::Key));
}

// Shows: REQ-IN-07.
#[test]
fn a_hand_that_rests_on_a_key_is_told_until_it_is_taken_away() {
    let mut person = Person::new();
    let (mut injector, mut watch) = both(&person.desktop);
    person.key('d'.into(), true);
    assert_eq!(watch.next(PATIENCE).unwrap(), Some(LocalAct::Key));

    injector
        .inject(&Input::PointerTo(Point { x: 50, y: 60 }))
        .unwrap();
    assert_eq!(watch.next(PATIENCE).unwrap(), Some(LocalAct::Key));
    assert_eq!(watch.next(PATIENCE).unwrap(), Some(LocalAct::Key));

    person.key('d'.into(), false);
    assert_eq!(watch.next(PATIENCE).unwrap(), Some(LocalAct::Key));
    assert_eq!(watch.next(Duration::from_millis(1_500)).unwrap(), None);
}

fn both(desktop: &Desktop) -> (Injector, LocalWatch) {
    let ledger = Ledger::default();
    let watch = LocalWatch::open(desktop.name(), ledger.clone()).unwrap();
    (Injector::open(desktop.name(), ledger).unwrap(), watch)
}

fn next(watch: &mut LocalWatch) -> (Source, LocalAct) {
    watch.next_of_anybody(PATIENCE).unwrap().unwrap()
}

fn type_in(injector: &mut Injector, text: &str) {
    let text = TypedText::parse(text).unwrap();
    injector.inject(&Input::Text(text)).unwrap();
}
