//! Nothing from afar reaches our own windows.

use conclave_agent::platform::x11::MarkedWindows;
use conclave_agent::platform::{Area, Fault, Injected, Input, InputSink, OwnWindows, Point};
use conclave_protocol::remote::{Button, Key, TypedText};
use x11rb::protocol::Event;
use x11rb::protocol::xproto::{ConnectionExt as _, InputFocus};

use crate::client::at;
use crate::desktop::Desktop;
use crate::typing::injector;

// Shows: REQ-IN-07.
#[test]
fn a_prompt_is_not_pressed_from_afar() {
    let desktop = Desktop::new();
    let client = desktop.client();
    let prompt = client.window(at(100, 100, 200, 100), 0);
    let yes = client.child(prompt, at(20, 20, 60, 30), 0xff);
    let ours = MarkedWindows::open(desktop.name()).unwrap();
    ours.mark(prompt).unwrap();
    let mut injector = injector(&desktop);
    let button = Button::Left;

    injector
        .inject(&Input::PointerTo(Point { x: 130, y: 130 }))
        .unwrap();
    assert!(ours.under_pointer().unwrap());
    let pressed = injector.inject(&Input::Button { button, down: true });
    assert_eq!(pressed.unwrap(), Injected::OnOurOwnWindow);
    let turned = injector.inject(&Input::Wheel { up: 1, right: 0 });
    assert_eq!(turned.unwrap(), Injected::OnOurOwnWindow);
    let is_press = |event: &Event| matches!(event, Event::ButtonPress(_));
    assert!(!client.events().iter().any(is_press));

    let beside = client.window(at(400, 100, 50, 50), 0);
    assert_ne!(beside, yes);
    injector
        .inject(&Input::PointerTo(Point { x: 420, y: 120 }))
        .unwrap();
    assert!(!ours.under_pointer().unwrap());
    let pressed = injector.inject(&Input::Button { button, down: true });
    assert_eq!(pressed.unwrap(), Injected::Done);
    assert!(client.events().iter().any(is_press));
}

// Shows: REQ-IN-07.
#[test]
fn where_our_windows_are_is_known_as_long_as_they_are_shown() {
    let desktop = Desktop::new();
    let client = desktop.client();
    client.window(at(400, 100, 50, 50), 0);
    let frame = client.window(at(100, 80, 200, 120), 0xff);
    let prompt = client.child(frame, at(0, 20, 200, 100), 0);
    let ours = MarkedWindows::open(desktop.name()).unwrap();
    assert!(ours.areas().unwrap().is_empty());

    ours.mark(prompt).unwrap();

    let framed = Area {
        x: 100,
        y: 80,
        width: 200,
        height: 120,
    };
    assert_eq!(ours.areas().unwrap(), [framed]);
    client.unmap_window(frame).unwrap().check().unwrap();
    assert!(ours.areas().unwrap().is_empty());
}

// Shows: REQ-IN-07.
#[test]
fn a_prompt_is_not_typed_into_from_afar() {
    let desktop = Desktop::new();
    let client = desktop.client();
    let prompt = client.window(at(100, 100, 200, 100), 0);
    let field = client.child(prompt, at(20, 20, 60, 30), 0xff);
    let ours = MarkedWindows::open(desktop.name()).unwrap();
    ours.mark(prompt).unwrap();
    client.focus(field);
    let mut injector = injector(&desktop);

    assert!(ours.focused().unwrap());
    for input in [
        Input::Text(TypedText::parse("yes").unwrap()),
        Input::Key {
            key: Key::new(0x28).unwrap(),
            down: true,
        },
    ] {
        let typed = injector.inject(&input).unwrap();
        assert_eq!(typed, Injected::OnOurOwnWindow);
    }

    let is_key = |event: &Event| matches!(event, Event::KeyPress(_));
    assert!(!client.events().iter().any(is_key));
}

// Shows: REQ-IN-07.
#[test]
fn the_title_that_a_window_manager_gives_a_prompt_is_not_pressed_from_afar() {
    let desktop = Desktop::new();
    let client = desktop.client();
    let prompt = client.window(at(0, 0, 200, 100), 0);
    let frame = client.window(at(100, 80, 200, 120), 0xff);
    let wrapper = client.child(frame, at(0, 20, 200, 100), 0);
    let ours = MarkedWindows::open(desktop.name()).unwrap();
    ours.mark(prompt).unwrap();
    client.reparent_window(prompt, wrapper, 0, 0).unwrap();
    client.show(prompt);
    let mut injector = injector(&desktop);
    let button = Button::Left;

    let on_title = Point { x: 120, y: 90 };
    injector.inject(&Input::PointerTo(on_title)).unwrap();

    assert!(ours.under_pointer().unwrap());
    let pressed = injector.inject(&Input::Button { button, down: true });
    assert_eq!(pressed.unwrap(), Injected::OnOurOwnWindow);
    let is_press = |event: &Event| matches!(event, Event::ButtonPress(_));
    assert!(!client.events().iter().any(is_press));
}

// Shows: REQ-IN-07.
#[test]
fn a_prompt_under_the_pointer_is_not_typed_into_whatever_around_it_has_the_focus() {
    let desktop = Desktop::new();
    let client = desktop.client();
    let frame = client.window(at(100, 80, 200, 120), 0xff);
    let prompt = client.child(frame, at(0, 20, 200, 100), 0);
    let beside = client.window(at(400, 100, 50, 50), 0);
    let ours = MarkedWindows::open(desktop.name()).unwrap();
    ours.mark(prompt).unwrap();
    let mut injector = injector(&desktop);
    let key = Key::new(0x28).unwrap();
    let down = true;
    let is_key = |event: &Event| matches!(event, Event::KeyPress(_));

    client.fake_motion(130, 130);
    for focus in [client.root, frame, InputFocus::POINTER_ROOT.into()] {
        client.focus(focus);
        assert!(ours.focused().unwrap());
        let typed = injector.inject(&Input::Key { key, down }).unwrap();
        assert_eq!(typed, Injected::OnOurOwnWindow);
    }
    assert!(!client.events().iter().any(is_key));

    client.fake_motion(420, 120);
    for focus in [client.root, beside] {
        client.focus(focus);
        assert!(!ours.focused().unwrap());
    }
    let typed = injector.inject(&Input::Key { key, down }).unwrap();
    assert_eq!(typed, Injected::Done);
    assert!(client.events().iter().any(is_key));
}

#[test]
fn a_window_that_is_gone_can_not_be_ours() {
    let desktop = Desktop::new();
    let ours = MarkedWindows::open(desktop.name()).unwrap();

    let fault = ours.mark(0x0070_0001).err().unwrap();

    assert!(matches!(fault, Fault::NoSuchWindow), "{fault}");
    assert!(!ours.focused().unwrap());
}
