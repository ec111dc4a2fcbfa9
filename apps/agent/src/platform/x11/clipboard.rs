//! The selection `CLIPBOARD`, as text in both directions.

mod incoming;
mod outgoing;

use std::time::{Duration, Instant};

use conclave_protocol::remote::ClipboardText;
use x11rb::connection::Connection as _;
use x11rb::protocol::Event;
use x11rb::protocol::xfixes::{self, ConnectionExt as _, SelectionEventMask};
use x11rb::protocol::xproto::{
    Atom, ConnectionExt as _, CreateWindowAux, EventMask, Timestamp, Window, WindowClass,
};
use x11rb::{COPY_FROM_PARENT, CURRENT_TIME, NONE};

use self::incoming::Incoming;
use super::display::Display;
use crate::platform::{Clipboard, Fault};

pub struct SelectionClipboard {
    display: Display,
    /// It is never shown; selections belong to windows.
    window: Window,
    names: Names,
    ours: Option<ClipboardText>,
    incoming: Option<Incoming>,
}

#[derive(Clone, Copy)]
struct Names {
    clipboard: Atom,
    utf8: Atom,
    targets: Atom,
    incremental: Atom,
    /// Where others put what we asked for.
    arrival: Atom,
}

impl SelectionClipboard {
    /// `None`: the display that `DISPLAY` names.
    pub fn open(display: Option<&str>) -> Result<Self, Fault> {
        let display = Display::open(display)?;
        display.needs(xfixes::X11_EXTENSION_NAME)?;
        display.xfixes_query_version(5, 0)?.reply()?;
        let names = Names::of(&display)?;
        let window = window(&display)?;
        let owners = SelectionEventMask::SET_SELECTION_OWNER;
        let selected = display.xfixes_select_selection_input(window, names.clipboard, owners)?;
        selected.check()?;
        Ok(Self {
            display,
            window,
            names,
            ours: None,
            incoming: None,
        })
    }

    fn note(&mut self, event: &Event) -> Result<Option<ClipboardText>, Fault> {
        match event {
            Event::XfixesSelectionNotify(change) => {
                self.changed_hands(change.owner, change.selection_timestamp)?;
            }
            Event::SelectionRequest(request) => self.answer(request)?,
            Event::SelectionNotify(_) | Event::PropertyNotify(_) => return self.receive(event),
            _ => {}
        }
        Ok(None)
    }

    /// Asks the owner for its text, unless that is us.
    fn changed_hands(&mut self, owner: Window, since: Timestamp) -> Result<(), Fault> {
        if owner == self.window {
            return Ok(());
        }
        self.ours = None;
        self.incoming = (owner != NONE).then(|| Incoming::asked(since));
        if owner != NONE {
            let (names, window) = (self.names, self.window);
            self.display.convert_selection(
                window,
                names.clipboard,
                names.utf8,
                names.arrival,
                since,
            )?;
        }
        Ok(())
    }

    fn is_owner(&self) -> Result<bool, Fault> {
        let owner = self.display.get_selection_owner(self.names.clipboard)?;
        Ok(owner.reply()?.owner == self.window)
    }

    fn receive(&mut self, event: &Event) -> Result<Option<ClipboardText>, Fault> {
        let Some(incoming) = &mut self.incoming else {
            return Ok(None);
        };
        let (display, window, names) = (&self.display, self.window, self.names);
        if incoming.note(display, window, names, event)?.is_pending() {
            return Ok(None);
        }
        let incoming = self.incoming.take();
        Ok(incoming.and_then(Incoming::text))
    }
}

impl Clipboard for SelectionClipboard {
    fn next(&mut self, within: Duration) -> Result<Option<ClipboardText>, Fault> {
        let until = Instant::now() + within;
        while let Some(event) = self.display.next_event(until)? {
            if let Some(text) = self.note(&event)? {
                return Ok(Some(text));
            }
        }
        Ok(None)
    }

    fn put(&mut self, text: ClipboardText) -> Result<(), Fault> {
        let (window, clipboard) = (self.window, self.names.clipboard);
        self.display
            .set_selection_owner(window, clipboard, CURRENT_TIME)?
            .check()?;
        if !self.is_owner()? {
            return Err(Fault::Held("the clipboard"));
        }
        self.incoming = None;
        self.ours = Some(text);
        Ok(())
    }

    fn clear(&mut self) -> Result<(), Fault> {
        if self.ours.take().is_some() && self.is_owner()? {
            let clipboard = self.names.clipboard;
            self.display
                .set_selection_owner(NONE, clipboard, CURRENT_TIME)?
                .check()?;
        }
        Ok(())
    }
}

impl Names {
    fn of(display: &Display) -> Result<Self, Fault> {
        Ok(Self {
            clipboard: display.atom("CLIPBOARD")?,
            utf8: display.atom("UTF8_STRING")?,
            targets: display.atom("TARGETS")?,
            incremental: display.atom("INCR")?,
            arrival: display.atom("_CONCLAVE_CLIPBOARD")?,
        })
    }
}

fn window(display: &Display) -> Result<Window, Fault> {
    let window = display.generate_id()?;
    let changes = CreateWindowAux::new().event_mask(EventMask::PROPERTY_CHANGE);
    let (root, class) = (display.root(), WindowClass::INPUT_ONLY);
    display
        .create_window(
            0,
            window,
            root,
            0,
            0,
            1,
            1,
            0,
            class,
            COPY_FROM_PARENT,
            &changes,
        )?
        .check()?;
    Ok(window)
}
