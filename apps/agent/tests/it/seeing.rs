//! The whole desktop is seen as it is.

use std::time::{Duration, Instant};

use conclave_agent::platform::x11::{DesktopCapture, monitors};
use conclave_agent::platform::{Area, Bell, Fault, Point, ScreenSource};
use x11rb::connection::Connection as _;
use x11rb::protocol::randr::{ConnectionExt as _, MonitorInfo};
use x11rb::protocol::xproto::{ChangeWindowAttributesAux, ConnectionExt as _, FontWrapper, Window};
use x11rb::wrapper::ConnectionExt as _;

use crate::canvas::{Canvas, picture};
use crate::client::{Client, at};
use crate::desktop::Desktop;

#[test]
fn what_is_drawn_is_seen_pixel_by_pixel() {
    let desktop = Desktop::new();
    let client = desktop.client();
    let window = client.window(at(0, 0, 640, 480), 0);
    let drawn = client.paint(window, 640, 480);

    let mut capture = DesktopCapture::open(desktop.name()).unwrap();
    let first = picture(&mut capture);

    assert_eq!(first.patches.len(), 1);
    assert!(first.patches[0].pixels == drawn);
}

#[test]
fn a_change_is_seen_and_nothing_beside_it_is_fetched() {
    let desktop = Desktop::new();
    let client = desktop.client();
    let window = client.window(at(0, 0, 640, 480), 0x30_60_90);
    let mut capture = DesktopCapture::open(desktop.name()).unwrap();
    let mut canvas = Canvas::default();
    canvas.take(&picture(&mut capture));

    client.fill(window, at(100, 50, 20, 10), 0xff_ff_00);
    let change = picture(&mut capture);
    canvas.take(&change);

    let areas: Vec<Area> = change.patches.iter().map(|patch| patch.area).collect();
    let drawn = Area {
        x: 100,
        y: 50,
        width: 20,
        height: 10,
    };
    assert_eq!(areas, [drawn]);
    assert!(canvas.pixels == client.screen(640, 480));
}

#[test]
fn a_copy_stays_equal_through_many_changes() {
    let desktop = Desktop::new();
    let client = desktop.client();
    let mut capture = DesktopCapture::open(desktop.name()).unwrap();
    let mut canvas = Canvas::default();
    canvas.take(&picture(&mut capture));
    let window = client.window(at(40, 40, 500, 400), 0x10_20_30);

    for step in 0_i16..150 {
        let (x, y) = (step * 37 % 480, step * 53 % 380);
        client.fill(window, at(x, y, 30, 25), 0x01_01_01 * (step as u32 + 40));
        if step % 7 == 0 {
            canvas.take(&picture(&mut capture));
        }
    }
    while canvas.pixels != client.screen(640, 480) {
        canvas.take(&picture(&mut capture));
    }
}

#[test]
fn a_still_desktop_is_not_looked_at_again() {
    let desktop = Desktop::new();
    let mut capture = DesktopCapture::open(desktop.name()).unwrap();
    picture(&mut capture);

    assert!(capture.next(Duration::from_millis(50)).unwrap().is_none());
}

#[test]
fn a_wait_for_a_still_desktop_ends_with_the_bell() {
    let desktop = Desktop::new();
    let client = desktop.client();
    let mut capture = DesktopCapture::open(desktop.name()).unwrap();
    picture(&mut capture);
    let (bell, began) = (Bell::new().unwrap(), Instant::now());
    capture.heed(bell.clone());

    bell.ring();

    assert!(capture.next(crate::PATIENCE).unwrap().is_none());
    assert!(began.elapsed() < crate::PATIENCE);
    client.window(at(0, 0, 20, 20), 0xff);
    assert!(!picture(&mut capture).patches.is_empty());
}

#[test]
fn the_pointer_is_told_apart_from_the_picture() {
    let desktop = Desktop::new();
    let client = desktop.client();
    let window = client.window(at(0, 0, 640, 480), 0);
    client.fake_motion(10, 20);
    let mut capture = DesktopCapture::open(desktop.name()).unwrap();
    let first = picture(&mut capture).cursor.unwrap();
    assert_eq!(first.at, Point { x: 10, y: 20 });
    assert!(first.image.is_some());

    client.fake_motion(300, 200);
    let moved = picture(&mut capture);
    assert_eq!(moved.cursor.unwrap().at, Point { x: 300, y: 200 });
    assert!(moved.patches.is_empty());

    shape(&client, window);
    let shaped = picture(&mut capture).cursor.unwrap().image.unwrap();
    let pixels = shaped.size.width * shaped.size.height;
    assert_eq!(shaped.pixels.len(), pixels as usize);
    assert_ne!(Some(shaped), first.image);
}

/// A pencil, as the font of cursors has it.
fn shape(client: &Client, window: Window) {
    let font = FontWrapper::open_font(&**client, b"cursor").unwrap();
    let cursor = client.generate_id().unwrap();
    let (pencil, mask, font) = (86, 87, font.font());
    client
        .create_glyph_cursor(cursor, font, font, pencil, mask, 0, 0, 0, 0xffff, 0, 0)
        .unwrap();
    let changes = ChangeWindowAttributesAux::new().cursor(cursor);
    client.change_window_attributes(window, &changes).unwrap();
    client.sync().unwrap();
}

#[test]
fn a_desktop_of_another_size_is_seen_whole() {
    let desktop = Desktop::new();
    let client = desktop.client();
    let mut capture = DesktopCapture::open(desktop.name()).unwrap();
    let mut canvas = Canvas::default();
    canvas.take(&picture(&mut capture));

    client.resize(320, 240);
    canvas.take(&picture(&mut capture));

    assert_eq!((canvas.width, canvas.height), (320, 240));
    assert!(canvas.pixels == client.screen(320, 240));
}

#[test]
fn monitors_are_listed_with_the_primary_one_first() {
    let desktop = Desktop::new();
    let client = desktop.client();
    let name = client.intern_atom(false, b"beside").unwrap();
    let outputs = client.randr_get_screen_resources(client.root).unwrap();
    let outputs = outputs.reply().unwrap().outputs;
    let monitor = MonitorInfo {
        name: name.reply().unwrap().atom,
        primary: true,
        automatic: false,
        x: 320,
        y: 0,
        width: 320,
        height: 480,
        width_in_millimeters: 100,
        height_in_millimeters: 100,
        outputs,
    };
    client.randr_set_monitor(client.root, monitor).unwrap();
    client.sync().unwrap();

    let found = monitors(desktop.name()).unwrap();

    assert_eq!(found[0].name, "beside");
    assert!(found[0].primary);
    let Area { x, width, .. } = found[0].area;
    assert_eq!((x, width), (320, 320));
}

#[test]
fn a_display_that_shares_no_memory_is_refused_and_named() {
    let desktop = Desktop::with(&["-extension", "MIT-SHM"]);

    let fault = DesktopCapture::open(desktop.name()).err().unwrap();

    assert!(matches!(fault, Fault::Lacks("MIT-SHM")), "{fault}");
}

#[test]
fn a_desktop_that_ends_is_gone() {
    let desktop = Desktop::new();
    let mut capture = DesktopCapture::open(desktop.name()).unwrap();
    picture(&mut capture);
    drop(desktop);

    let fault = capture.next(crate::PATIENCE).err().unwrap();

    assert!(matches!(fault, Fault::Gone(_)), "{fault}");
}
