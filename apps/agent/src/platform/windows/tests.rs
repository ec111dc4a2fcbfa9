//! This back-end on a display, which `cargo xtask test windows` gives it.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "what fails here is a test that fails"
)]

#[expect(unsafe_code, reason = "Windows is asked in C")]
mod editor;

use std::time::Duration;

use conclave_protocol::remote::{Button, ClipboardText, Key, TypedText};

use self::editor::Editor;
use super::{
    DesktopCapture, Injector, LocalWatch, ProcessWindows, StopKeys, WindowCapture, clipboard,
    desktop,
};
use crate::platform::{
    Area, Clipboard as _, Fault, Injected, Input, InputSink as _, LocalAct, LocalInput as _, Mark,
    OwnWindows as _, Picture, Point, ScreenSource, Seen, Source, StopHotkey as _,
};

/// What comes, comes long before.
const PATIENCE: Duration = Duration::from_secs(20);

/// Nobody's windows are its own.
fn stranger() -> Injector {
    Injector::open(Mark::new(), ProcessWindows::of(Vec::new()))
}

fn picture(source: &mut impl ScreenSource) -> Picture {
    match source.next(PATIENCE).unwrap() {
        Some(Seen::Picture(picture)) => picture,
        Some(Seen::Hidden | Seen::Closed) | None => panic!("nothing is to be seen"),
    }
}

fn key(usage: u8, down: bool) -> Input {
    let key = Key::new(usage).unwrap();
    Input::Key { key, down }
}

fn point_in(area: Area) -> Point {
    let (x, y) = (area.x + 9, area.y + 9);
    Point { x, y }
}

#[test]
fn a_picture_has_the_colour_that_the_display_is_painted_in() {
    let colour = std::env::var("CONCLAVE_PAINTED").expect("a colour, as `336699`");
    let [_, red, green, blue] = u32::from_str_radix(&colour, 16).unwrap().to_be_bytes();

    let seen = picture(&mut DesktopCapture::open().unwrap());

    assert_eq!(seen.patches.len(), 1);
    let patch = &seen.patches[0];
    assert_eq!(patch.area, Area::whole(seen.size));
    assert_eq!(patch.pixels[..4], [blue, green, red, 0]);
}

#[test]
fn after_the_first_picture_what_changed_is_seen_alone() {
    let mut capture = DesktopCapture::open().unwrap();
    let size = picture(&mut capture).size;

    let editor = Editor::shown();
    let mut then = picture(&mut capture);
    while then.patches.is_empty() {
        then = picture(&mut capture);
    }

    let around = editor.area();
    for patch in &then.patches {
        assert_ne!(patch.area, Area::whole(size));
        assert!(patch.area.intersection(around).is_some());
    }
}

#[test]
fn a_window_is_seen_alone_until_it_is_gone() {
    let editor = Editor::shown();
    let area = editor.area();
    let mut capture = WindowCapture::open(editor.number()).unwrap();

    let seen = picture(&mut capture);
    drop(editor);

    assert_eq!(
        (seen.size.width, seen.size.height),
        (area.width, area.height)
    );
    assert!(matches!(capture.next(PATIENCE), Ok(Some(Seen::Closed))));
}

#[test]
fn the_pointer_goes_to_the_pixel_that_it_is_sent_to() {
    let size = desktop::size().unwrap();
    let (right, bottom) = (size.width.cast_signed() - 1, size.height.cast_signed() - 1);
    let mut injector = stranger();

    for (x, y) in [(0, 0), (right, bottom), (1, bottom - 1), (321, 123)] {
        let to = Point { x, y };
        injector.inject(&Input::PointerTo(to)).unwrap();
        assert_eq!(injector.pointer().unwrap(), to);
    }
}

#[test]
fn what_is_typed_and_pressed_arrives() {
    let editor = Editor::shown();
    let mut injector = stranger();

    for pressed in [0x0b, 0x0c].map(|usage| [key(usage, true), key(usage, false)]) {
        for input in &pressed {
            assert_eq!(injector.inject(input).unwrap(), Injected::Done);
        }
    }
    let text = TypedText::parse(" Jürgen €").unwrap();
    assert_eq!(injector.inject(&Input::Text(text)).unwrap(), Injected::Done);

    assert_eq!(editor.text_of(11), "hi Jürgen €");
}

#[test]
fn nothing_is_pressed_on_our_own_windows() {
    let editor = Editor::shown();
    let own = ProcessWindows::own();
    let mut injector = Injector::open(Mark::new(), own.clone());
    let to = point_in(editor.area());
    injector.inject(&Input::PointerTo(to)).unwrap();
    assert_eq!(own.areas().unwrap(), [editor.area()]);
    assert!(own.under_pointer().unwrap() && own.focused().unwrap());

    let (button, down) = (Button::Left, true);
    let text = TypedText::parse("yes").unwrap();
    for input in [
        Input::Button { button, down },
        Input::Wheel { up: 1, right: 0 },
        Input::Wheel { up: 0, right: 1 },
        key(0x28, true),
        Input::Text(text),
    ] {
        let injected = injector.inject(&input).unwrap();
        assert_eq!(injected, Injected::OnOurOwnWindow);
    }
}

#[test]
fn what_other_programs_inject_is_the_persons() {
    let mark = Mark::new();
    let mut watch = LocalWatch::open(mark).unwrap();
    let mut ours = Injector::open(mark, ProcessWindows::own());
    let moved = |x| Input::PointerTo(Point { x, y: 40 });

    ours.inject(&moved(40)).unwrap();
    let first = watch.next_of_anybody(PATIENCE);
    assert_eq!(first, Some((Source::Injected, LocalAct::Motion)));

    ours.inject(&moved(50)).unwrap();
    stranger().inject(&moved(60)).unwrap();
    assert_eq!(watch.next(PATIENCE).unwrap(), Some(LocalAct::Motion));
}

#[test]
fn the_stop_keys_are_held_by_one_and_heard() {
    let _editor = Editor::shown();
    let mut keys = StopKeys::open().unwrap();
    assert!(matches!(StopKeys::open(), Err(Fault::Held(_))));

    let mut injector = stranger();
    let control_alt_shift_f12 = [0xe0, 0xe2, 0xe1, 0x45];
    for usage in control_alt_shift_f12 {
        injector.inject(&key(usage, true)).unwrap();
    }
    injector.release_all().unwrap();

    assert!(keys.pressed(PATIENCE).unwrap());
    assert!(!keys.pressed(Duration::ZERO).unwrap());
    drop(keys);
    StopKeys::open().unwrap();
}

#[test]
fn text_is_copied_from_one_program_to_another() {
    let mut ours = clipboard().unwrap();
    let mut theirs = clipboard().unwrap();
    let text = ClipboardText::parse("Tür 7").unwrap();

    theirs.put(text).unwrap();

    let copied = ours.next(PATIENCE).unwrap().unwrap();
    assert_eq!(copied.as_str(), "Tür 7");
    assert!(theirs.next(Duration::ZERO).unwrap().is_none());
    theirs.clear().unwrap();
    assert!(ours.next(Duration::ZERO).unwrap().is_none());
}
