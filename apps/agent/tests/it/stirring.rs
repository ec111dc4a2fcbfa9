//! What stirs on a desktop is told, and nothing else.

use std::time::Duration;

use conclave_agent::platform::Bell;
use conclave_agent::platform::x11::Stirrings;
use x11rb::cookie::VoidCookie;
use x11rb::errors::ConnectionError;
use x11rb::protocol::xproto::{ConfigureWindowAux, ConnectionExt as _, InputFocus, StackMode};
use x11rb::rust_connection::RustConnection;

use crate::PATIENCE;
use crate::client::at;
use crate::desktop::Desktop;

const SHORTLY: Duration = Duration::from_millis(50);

#[test]
fn a_window_that_comes_goes_moves_or_rises_stirs() {
    let desktop = Desktop::new();
    let client = desktop.client();
    let window = client.window(at(10, 10, 50, 50), 0);
    client.window(at(20, 20, 50, 50), 0);
    let moves = ConfigureWindowAux::new().x(100);
    let rises = ConfigureWindowAux::new().stack_mode(StackMode::ABOVE);

    let happenings: [&dyn Fn(); 5] = [
        &|| check(client.configure_window(window, &moves)),
        &|| check(client.configure_window(window, &rises)),
        &|| check(client.unmap_window(window)),
        &|| check(client.map_window(window)),
        &|| client.resize(320, 240),
    ];
    for happens in happenings {
        let mut stirrings = Stirrings::open(desktop.name()).unwrap();
        assert!(!stirrings.next(SHORTLY).unwrap());

        happens();

        assert!(stirrings.next(PATIENCE).unwrap());
    }
}

#[test]
fn the_keyboard_that_goes_to_another_window_stirs() {
    let desktop = Desktop::new();
    let client = desktop.client();
    let one = client.window(at(10, 10, 50, 50), 0);
    let other = client.window(at(100, 10, 50, 50), 0);
    client.focus(one);
    let mut stirrings = Stirrings::open(desktop.name()).unwrap();

    for focus in [
        other,
        one,
        InputFocus::POINTER_ROOT.into(),
        one,
        client.root,
    ] {
        settle(&mut stirrings);

        client.focus(focus);

        assert!(stirrings.next(PATIENCE).unwrap());
    }
}

#[test]
fn the_pointer_stirs_where_the_keyboard_follows_it_and_not_elsewhere() {
    let desktop = Desktop::new();
    let client = desktop.client();
    let window = client.window(at(10, 10, 50, 50), 0);
    let mut stirrings = Stirrings::open(desktop.name()).unwrap();

    client.focus(InputFocus::POINTER_ROOT.into());
    settle(&mut stirrings);
    client.fake_motion(300, 200);
    assert!(stirrings.next(PATIENCE).unwrap());

    client.focus(window);
    settle(&mut stirrings);
    client.fake_motion(20, 30);
    assert!(!stirrings.next(SHORTLY).unwrap());
}

#[test]
fn who_waits_for_a_still_desktop_is_woken_by_the_bell() {
    let desktop = Desktop::new();
    let mut stirrings = Stirrings::open(desktop.name()).unwrap();
    let bell = Bell::new().unwrap();
    stirrings.heed(bell.clone());

    let rings = std::thread::spawn(move || bell.ring());

    // For ever, were it not for the bell.
    assert!(!stirrings.next(Duration::MAX).unwrap());
    rings.join().unwrap();
}

fn check(done: Result<VoidCookie<'_, RustConnection>, ConnectionError>) {
    done.unwrap().check().unwrap();
}

/// All that was told is passed over.
fn settle(stirrings: &mut Stirrings) {
    stirrings.follow_keyboard().unwrap();
    while stirrings.next(SHORTLY).unwrap() {}
}
