//! One window is seen, and nothing of any other.

use std::time::Duration;

use conclave_agent::platform::x11::WindowCapture;
use conclave_agent::platform::{Fault, ScreenSource, Seen};
use x11rb::protocol::xproto::{ConfigureWindowAux, ConnectionExt as _};
use x11rb::wrapper::ConnectionExt as _;

use crate::PATIENCE;
use crate::canvas::{Canvas, picture};
use crate::client::at;
use crate::desktop::Desktop;

const SHARED: u32 = 0x00_80_00;
const SECRET: u32 = 0xff_00_00;

// Shows: REQ-AC-15, ABUSE-45.
#[test]
fn what_lies_over_a_shared_window_is_not_in_its_picture() {
    let desktop = Desktop::new();
    let client = desktop.client();
    let shared = client.window(at(50, 50, 200, 150), SHARED);
    let mut capture = WindowCapture::open(desktop.name(), shared).unwrap();
    let mut canvas = Canvas::default();
    canvas.take(&picture(&mut capture));

    let over = client.window(at(0, 0, 640, 480), SECRET);
    client.fill(over, at(60, 60, 50, 50), SECRET);
    let drawn = client.paint(shared, 200, 150);
    while canvas.pixels != drawn {
        canvas.take(&picture(&mut capture));
        assert!(!canvas.has(SECRET));
    }

    assert_eq!((canvas.width, canvas.height), (200, 150));
    assert!(
        client
            .screen(640, 480)
            .chunks_exact(4)
            .all(|on| on == SECRET.to_le_bytes())
    );
}

// Shows: REQ-AC-15.
#[test]
fn a_window_that_is_covered_from_the_start_is_seen_all_the_same() {
    let desktop = Desktop::new();
    let client = desktop.client();
    let shared = client.window(at(50, 50, 200, 150), SHARED);
    client.window(at(0, 0, 640, 480), SECRET);

    let mut capture = WindowCapture::open(desktop.name(), shared).unwrap();
    let first = picture(&mut capture);
    client.fill(shared, at(0, 0, 200, 150), SHARED);
    let mut canvas = Canvas::default();
    canvas.take(&first);
    while !canvas
        .pixels
        .chunks_exact(4)
        .all(|on| on == SHARED.to_le_bytes())
    {
        assert!(!canvas.has(SECRET));
        canvas.take(&picture(&mut capture));
    }
}

// Shows: REQ-AC-15.
#[test]
fn what_was_on_the_desktop_is_not_in_the_picture_of_a_window_that_draws_nothing() {
    let desktop = Desktop::new();
    let client = desktop.client();
    let shared = client.bare_window(at(50, 50, 200, 150));
    client.window(at(0, 0, 640, 480), SECRET);
    client.events();

    let mut capture = WindowCapture::open(desktop.name(), shared).unwrap();
    let mut canvas = Canvas::default();
    canvas.take(&picture(&mut capture));
    assert!(!canvas.has(SECRET));

    client.exposed(shared);
    let drawn = client.paint(shared, 200, 150);
    while canvas.pixels != drawn {
        canvas.take(&picture(&mut capture));
        assert!(!canvas.has(SECRET));
    }
}

// Shows: REQ-AC-15.
#[test]
fn what_a_window_grows_over_is_not_in_its_picture() {
    let desktop = Desktop::new();
    let client = desktop.client();
    let shared = client.bare_window(at(50, 50, 100, 150));
    client.window(at(150, 0, 200, 480), SECRET);
    client.paint(shared, 100, 150);
    let mut capture = WindowCapture::open(desktop.name(), shared).unwrap();
    let mut canvas = Canvas::default();
    canvas.take(&picture(&mut capture));
    client.events();

    let larger = ConfigureWindowAux::new().width(250);
    client.configure_window(shared, &larger).unwrap();
    client.sync().unwrap();
    canvas.take(&picture(&mut capture));
    assert_eq!(canvas.width, 250);
    assert!(!canvas.has(SECRET));

    client.exposed(shared);
    let drawn = client.paint(shared, 250, 150);
    while canvas.pixels != drawn {
        canvas.take(&picture(&mut capture));
        assert!(!canvas.has(SECRET));
    }
}

// Shows: REQ-AC-15.
#[test]
fn what_was_at_the_place_of_a_window_that_is_shown_again_is_not_in_its_picture() {
    let desktop = Desktop::new();
    let client = desktop.client();
    let shared = client.bare_window(at(50, 50, 200, 150));
    let mut capture = WindowCapture::open(desktop.name(), shared).unwrap();
    picture(&mut capture);

    client.unmap_window(shared).unwrap();
    client.window(at(0, 0, 640, 480), SECRET);
    client.show(shared);

    let mut canvas = Canvas::default();
    canvas.take(&picture(&mut capture));
    assert!(!canvas.has(SECRET));
}

// Shows: REQ-AC-15.
#[test]
fn a_window_that_is_not_shown_has_no_picture() {
    let desktop = Desktop::new();
    let client = desktop.client();
    client.window(at(0, 0, 640, 480), SECRET);
    let shared = client.window(at(50, 50, 200, 150), SHARED);
    let mut capture = WindowCapture::open(desktop.name(), shared).unwrap();
    picture(&mut capture);

    client.unmap_window(shared).unwrap();
    client.sync().unwrap();
    assert!(matches!(
        capture.next(PATIENCE).unwrap(),
        Some(Seen::Hidden)
    ));
    assert!(capture.next(Duration::ZERO).unwrap().is_none());

    client.show(shared);
    let mut canvas = Canvas::default();
    canvas.take(&picture(&mut capture));
    assert_eq!((canvas.width, canvas.height), (200, 150));
    assert!(!canvas.has(SECRET));
}

// Shows: REQ-AC-15.
#[test]
fn a_window_whose_frame_is_not_shown_has_no_picture() {
    let desktop = Desktop::new();
    let client = desktop.client();
    let frame = client.window(at(50, 50, 200, 170), SECRET);
    let shared = client.child(frame, at(0, 20, 200, 150), SHARED);
    let mut capture = WindowCapture::open(desktop.name(), shared).unwrap();
    picture(&mut capture);

    client.unmap_window(frame).unwrap();
    client.sync().unwrap();
    while !matches!(capture.next(PATIENCE).unwrap().unwrap(), Seen::Hidden) {}

    client.show(frame);
    let mut canvas = Canvas::default();
    canvas.take(&picture(&mut capture));
    assert_eq!((canvas.width, canvas.height), (200, 150));
    assert!(!canvas.has(SECRET));
}

#[test]
fn a_window_of_another_size_is_seen_whole() {
    let desktop = Desktop::new();
    let client = desktop.client();
    let shared = client.window(at(50, 50, 200, 150), SHARED);
    let mut capture = WindowCapture::open(desktop.name(), shared).unwrap();
    picture(&mut capture);

    let larger = ConfigureWindowAux::new().width(300).height(250);
    client.configure_window(shared, &larger).unwrap();
    client.sync().unwrap();
    let mut canvas = Canvas::default();
    canvas.take(&picture(&mut capture));
    let drawn = client.paint(shared, 300, 250);
    while canvas.pixels != drawn {
        canvas.take(&picture(&mut capture));
    }
}

#[test]
fn a_window_that_is_moved_is_seen_all_the_same() {
    let desktop = Desktop::new();
    let client = desktop.client();
    let shared = client.window(at(50, 50, 200, 150), SHARED);
    let mut capture = WindowCapture::open(desktop.name(), shared).unwrap();
    let mut canvas = Canvas::default();
    canvas.take(&picture(&mut capture));

    let half_outside = ConfigureWindowAux::new().x(540).y(-75);
    client.configure_window(shared, &half_outside).unwrap();
    let drawn = client.paint(shared, 200, 150);
    while canvas.pixels != drawn {
        canvas.take(&picture(&mut capture));
    }
}

// Shows: REQ-AC-15.
#[test]
fn a_window_that_is_gone_stays_gone() {
    let desktop = Desktop::new();
    let client = desktop.client();
    client.window(at(0, 0, 640, 480), SECRET);
    let shared = client.window(at(50, 50, 200, 150), SHARED);
    let mut capture = WindowCapture::open(desktop.name(), shared).unwrap();
    picture(&mut capture);

    client.destroy_window(shared).unwrap();
    client.sync().unwrap();

    for _ in 0..3 {
        assert!(matches!(
            capture.next(PATIENCE).unwrap(),
            Some(Seen::Closed)
        ));
    }
    let fault = WindowCapture::open(desktop.name(), shared).err().unwrap();
    assert!(matches!(fault, Fault::NoSuchWindow), "{fault}");
}
