//! Buttons and wheels reach the window under the pointer.

use conclave_agent::platform::{Input, InputSink, Point};
use conclave_protocol::remote::Button;
use x11rb::protocol::Event;
use x11rb::protocol::xproto::ConnectionExt as _;

use crate::client::{Client, at};
use crate::desktop::Desktop;
use crate::typing::injector;

#[test]
fn a_click_reaches_the_window_at_the_pointer() {
    let desktop = Desktop::new();
    let client = desktop.client();
    client.window(at(100, 100, 50, 50), 0);
    let mut injector = injector(&desktop);

    injector
        .inject(&Input::PointerTo(Point { x: 110, y: 120 }))
        .unwrap();
    for down in [true, false] {
        let button = Button::Right;
        injector.inject(&Input::Button { button, down }).unwrap();
    }

    let press = client.event(|event| match event {
        Event::ButtonPress(press) => Some(press),
        _ => None,
    });
    assert_eq!((press.detail, press.event_x, press.event_y), (3, 10, 20));
}

#[test]
fn a_left_hander_s_buttons_mean_what_was_asked_for() {
    let desktop = Desktop::new();
    let client = desktop.client();
    client.window(at(0, 0, 640, 480), 0);
    let buttons = client.get_pointer_mapping().unwrap().reply().unwrap().map;
    let mut swapped = buttons.clone();
    swapped.swap(0, 2);
    client
        .set_pointer_mapping(&swapped)
        .unwrap()
        .reply()
        .unwrap();
    let mut injector = injector(&desktop);

    for down in [true, false] {
        let button = Button::Left;
        injector.inject(&Input::Button { button, down }).unwrap();
    }

    assert_eq!(presses(&client), [1]);
}

#[test]
fn a_wheel_turns_notch_by_notch_and_not_for_ever() {
    let desktop = Desktop::new();
    let client = desktop.client();
    client.window(at(0, 0, 640, 480), 0);
    let mut injector = injector(&desktop);

    injector.inject(&Input::Wheel { up: 2, right: -1 }).unwrap();
    assert_eq!(presses(&client), [4, 4, 6]);

    let (up, right) = (i16::MIN, 0);
    injector.inject(&Input::Wheel { up, right }).unwrap();
    assert_eq!(presses(&client), [5; 20]);
}

#[test]
fn a_pointer_stays_on_the_desktop() {
    let desktop = Desktop::new();
    let mut injector = injector(&desktop);

    let far = Point {
        x: i32::MAX,
        y: i32::MIN,
    };
    injector.inject(&Input::PointerTo(far)).unwrap();

    assert_eq!(injector.pointer().unwrap(), Point { x: 639, y: 0 });
}

fn presses(client: &Client) -> Vec<u8> {
    let events = client.events().into_iter();
    let presses = events.filter_map(|event| match event {
        Event::ButtonPress(press) => Some(press.detail),
        _ => None,
    });
    presses.collect()
}
