//! Text is copied and pasted in both directions.

use std::io::{Read, Write};
use std::process::Stdio;
use std::time::{Duration, Instant};

use conclave_agent::platform::Clipboard;
use conclave_agent::platform::x11::SelectionClipboard;
use conclave_protocol::remote::ClipboardText;
use x11rb::CURRENT_TIME;
use x11rb::protocol::Event;
use x11rb::protocol::xfixes::{ConnectionExt as _, SelectionEventMask};
use x11rb::protocol::xproto::{
    Atom, ChangeWindowAttributesAux, ConnectionExt as _, EventMask, PropMode, Property,
    SELECTION_NOTIFY_EVENT, SelectionNotifyEvent, SelectionRequestEvent, Window,
};
use x11rb::wrapper::ConnectionExt as _;

use crate::PATIENCE;
use crate::client::{Client, at};
use crate::desktop::Desktop;

const LETTER: &str = "Grüße aus Köln: 5 €, ж\nund 日本 🙂";

#[test]
fn what_another_program_copies_arrives() {
    let desktop = Desktop::new();
    let mut clipboard = SelectionClipboard::open(desktop.name()).unwrap();

    for text in [LETTER, "and another"] {
        copy(&desktop, text);
        let arrived = clipboard.next(PATIENCE).unwrap().unwrap();
        assert_eq!(arrived.as_str(), text);
    }
}

#[test]
fn what_was_copied_before_stays_where_it_is() {
    let desktop = Desktop::new();
    copy(&desktop, "a password");

    let mut clipboard = SelectionClipboard::open(desktop.name()).unwrap();

    let arrived = clipboard.next(Duration::from_millis(50)).unwrap();
    assert!(arrived.is_none());
}

#[test]
fn another_program_pastes_what_was_put_until_it_is_cleared() {
    let desktop = Desktop::new();
    let mut clipboard = SelectionClipboard::open(desktop.name()).unwrap();
    let longest = "ü".repeat(ClipboardText::LONGEST / 2);

    for text in [LETTER, &longest] {
        clipboard.put(ClipboardText::parse(text).unwrap()).unwrap();
        assert_eq!(paste(&desktop, &mut clipboard), text);
    }
    clipboard.clear().unwrap();

    assert_eq!(paste(&desktop, &mut clipboard), "");
}

#[test]
fn what_another_program_copied_since_is_not_cleared() {
    let desktop = Desktop::new();
    let mut clipboard = SelectionClipboard::open(desktop.name()).unwrap();
    clipboard
        .put(ClipboardText::parse("ours").unwrap())
        .unwrap();
    copy(&desktop, "theirs");

    clipboard.clear().unwrap();
    drop(clipboard);

    let mut other = SelectionClipboard::open(desktop.name()).unwrap();
    assert_eq!(paste(&desktop, &mut other), "theirs");
}

#[test]
fn what_another_program_copied_before_takes_nothing_back() {
    let desktop = Desktop::new();
    let mut clipboard = SelectionClipboard::open(desktop.name()).unwrap();
    copy(&desktop, "theirs");

    clipboard
        .put(ClipboardText::parse("ours").unwrap())
        .unwrap();

    assert_eq!(paste(&desktop, &mut clipboard), "ours");
    clipboard.clear().unwrap();
    assert_eq!(paste(&desktop, &mut clipboard), "");
}

#[test]
fn text_arrives_piece_by_piece() {
    let desktop = Desktop::new();
    let mut clipboard = SelectionClipboard::open(desktop.name()).unwrap();
    let owner = Owner::new(desktop.client());
    let pieces: Vec<Vec<u8>> = LETTER.as_bytes().chunks(7).map(<[u8]>::to_vec).collect();

    let owner = std::thread::spawn(move || owner.hand_out(&pieces));
    let arrived = clipboard.next(PATIENCE).unwrap().unwrap();

    assert_eq!(arrived.as_str(), LETTER);
    owner.join().unwrap();
}

#[test]
fn text_that_is_too_long_does_not_arrive_and_what_follows_does() {
    let desktop = Desktop::new();
    let mut clipboard = SelectionClipboard::open(desktop.name()).unwrap();
    let owner = Owner::new(desktop.client());
    let pieces = vec![vec![b'x'; 10_000]; 5];

    let owner = std::thread::spawn(move || owner.hand_out(&pieces));
    while !owner.is_finished() {
        let arrived = clipboard.next(Duration::from_millis(10)).unwrap();
        assert!(arrived.is_none());
    }
    owner.join().unwrap();
    copy(&desktop, &"y".repeat(ClipboardText::LONGEST + 1));
    copy(&desktop, "short");

    assert_eq!(clipboard.next(PATIENCE).unwrap().unwrap().as_str(), "short");
}

/// When it returns, the text is there to be pasted.
fn copy(desktop: &Desktop, text: &str) {
    let client = desktop.client();
    client.xfixes_query_version(5, 0).unwrap().reply().unwrap();
    let (clipboard, change) = (
        atom(&client, "CLIPBOARD"),
        SelectionEventMask::SET_SELECTION_OWNER,
    );
    let watched = client.xfixes_select_selection_input(client.root, clipboard, change);
    watched.unwrap().check().unwrap();
    let mut copying = desktop.program("xclip");
    copying.args(["-selection", "clipboard", "-in"]);
    copying.stdout(Stdio::null()).stderr(Stdio::null());
    let mut copying = copying.stdin(Stdio::piped()).spawn().unwrap();
    let mut text_in = copying.stdin.take().unwrap();
    text_in.write_all(text.as_bytes()).unwrap();
    drop(text_in);
    assert!(copying.wait().unwrap().success());
    client.event(|event| matches!(event, Event::XfixesSelectionNotify(_)).then_some(()));
}

/// Meanwhile the clipboard answers.
fn paste(desktop: &Desktop, clipboard: &mut SelectionClipboard) -> String {
    let mut pasting = desktop.program("xclip");
    pasting.args(["-selection", "clipboard", "-out", "-target", "UTF8_STRING"]);
    pasting.stdout(Stdio::piped()).stderr(Stdio::null());
    let mut pasting = pasting.spawn().unwrap();
    let mut out = pasting.stdout.take().unwrap();
    let pasted = std::thread::spawn(move || {
        let mut text = String::new();
        out.read_to_string(&mut text).unwrap();
        text
    });
    let until = Instant::now() + PATIENCE;
    while !pasted.is_finished() {
        assert!(Instant::now() < until);
        clipboard.next(Duration::from_millis(10)).unwrap();
    }
    pasting.wait().unwrap();
    pasted.join().unwrap()
}

/// A program that hands out its text in pieces (INCR).
struct Owner {
    client: Client,
    window: Window,
}

impl Owner {
    fn new(client: Client) -> Self {
        let window = client.window(at(0, 0, 1, 1), 0);
        let clipboard = atom(&client, "CLIPBOARD");
        let owned = client.set_selection_owner(window, clipboard, CURRENT_TIME);
        owned.unwrap().check().unwrap();
        Self { client, window }
    }

    fn hand_out(&self, pieces: &[Vec<u8>]) {
        let request = self.client.event(|event| match event {
            Event::SelectionRequest(request) => Some(request),
            _ => None,
        });
        assert_eq!(request.owner, self.window);
        let changes = ChangeWindowAttributesAux::new().event_mask(EventMask::PROPERTY_CHANGE);
        let to = request.requestor;
        self.client.change_window_attributes(to, &changes).unwrap();
        self.put(&request, atom(&self.client, "INCR"), &[0; 4]);
        self.tell(&request);
        for piece in pieces.iter().map(Vec::as_slice).chain([&[][..]]) {
            self.taken(&request);
            self.put(&request, request.target, piece);
        }
        self.taken(&request);
    }

    fn put(&self, request: &SelectionRequestEvent, kind: Atom, bytes: &[u8]) {
        let (to, place) = (request.requestor, request.property);
        let replace = PropMode::REPLACE;
        if kind == request.target {
            self.client
                .change_property8(replace, to, place, kind, bytes)
                .unwrap();
        } else {
            self.client
                .change_property32(replace, to, place, kind, &[0])
                .unwrap();
        }
        self.client.sync().unwrap();
    }

    fn taken(&self, request: &SelectionRequestEvent) {
        self.client.event(|event| match event {
            Event::PropertyNotify(change)
                if change.atom == request.property && change.state == Property::DELETE =>
            {
                Some(())
            }
            _ => None,
        });
    }

    fn tell(&self, request: &SelectionRequestEvent) {
        let answer = SelectionNotifyEvent {
            response_type: SELECTION_NOTIFY_EVENT,
            sequence: 0,
            time: request.time,
            requestor: request.requestor,
            selection: request.selection,
            target: request.target,
            property: request.property,
        };
        let (to, mask) = (request.requestor, EventMask::NO_EVENT);
        self.client.send_event(false, to, mask, answer).unwrap();
        self.client.sync().unwrap();
    }
}

fn atom(client: &Client, name: &str) -> Atom {
    let atom = client.intern_atom(false, name.as_bytes()).unwrap();
    atom.reply().unwrap().atom
}
