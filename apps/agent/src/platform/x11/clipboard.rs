//! The selection `CLIPBOARD`, as text in both directions.

mod incoming;
mod outgoing;

use std::time::Duration;

use conclave_protocol::remote::ClipboardText;
use x11rb::connection::Connection as _;
use x11rb::protocol::Event;
use x11rb::protocol::xfixes::{self, ConnectionExt as _, SelectionEventMask};
use x11rb::protocol::xproto::{
    Atom, AtomEnum, ConnectionExt as _, CreateWindowAux, EventMask, PropMode, Timestamp, Window,
    WindowClass,
};
use x11rb::wrapper::ConnectionExt as _;
use x11rb::{COPY_FROM_PARENT, NONE};

use self::incoming::Incoming;
use super::display::{Display, Woken, after};
use crate::platform::{Bell, Clipboard, Fault};

pub struct SelectionClipboard {
    display: Display,
    /// It is never shown; selections belong to windows.
    window: Window,
    names: Names,
    ours: Option<Ours>,
    incoming: Option<Incoming>,
    /// It came while something else was awaited.
    arrived: Option<ClipboardText>,
}

struct Ours {
    text: ClipboardText,
    /// When the selection became ours, by the display's clock.
    since: Timestamp,
}

#[derive(Clone, Copy)]
struct Names {
    clipboard: Atom,
    utf8: Atom,
    targets: Atom,
    incremental: Atom,
    /// Where others put what we asked for.
    arrival: Atom,
    /// Where we put nothing, to be told the time.
    time: Atom,
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
            arrived: None,
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

    /// Asks the owner for its text, unless that is us, also since the change that is told.
    fn changed_hands(&mut self, owner: Window, since: Timestamp) -> Result<(), Fault> {
        if owner == self.window || (self.ours.is_some() && self.is_owner()?) {
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

    /// By the display's clock. What happens meanwhile is noted.
    fn now(&mut self) -> Result<Timestamp, Fault> {
        let (window, place) = (self.window, self.names.time);
        let (append, kind) = (PropMode::APPEND, AtomEnum::STRING);
        self.display
            .change_property8(append, window, place, kind, &[])?;
        let until = after(LONGEST_ANSWER);
        while let Some(event) = self.display.next_event(until)? {
            match event {
                Event::PropertyNotify(told) if told.atom == place => return Ok(told.time),
                event => self.arrived = self.note(&event)?.or(self.arrived.take()),
            }
        }
        Err(Fault::Lacks("a clock"))
    }

    /// Where others have not taken it since: an older time than theirs changes nothing.
    fn own(&self, owner: Window, since: Timestamp) -> Result<(), Fault> {
        let clipboard = self.names.clipboard;
        let owned = self.display.set_selection_owner(owner, clipboard, since)?;
        Ok(owned.check()?)
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
        if let Some(text) = self.arrived.take() {
            return Ok(Some(text));
        }
        let until = after(within);
        while let Woken::By(event) = self.display.woken(until)? {
            if let Some(text) = self.note(&event)? {
                return Ok(Some(text));
            }
        }
        Ok(None)
    }

    fn heed(&mut self, bell: Bell) {
        self.display.heed(bell);
    }

    fn put(&mut self, text: ClipboardText) -> Result<(), Fault> {
        let since = self.now()?;
        self.own(self.window, since)?;
        if !self.is_owner()? {
            return Err(Fault::Held("the clipboard"));
        }
        self.incoming = None;
        self.ours = Some(Ours { text, since });
        Ok(())
    }

    fn clear(&mut self) -> Result<(), Fault> {
        match self.ours.take() {
            Some(ours) if self.is_owner()? => self.own(NONE, ours.since),
            Some(_) | None => Ok(()),
        }
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
            time: display.atom("_CONCLAVE_TIME")?,
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

/// A display that takes longer to tell the time is stuck.
const LONGEST_ANSWER: Duration = Duration::from_secs(5);
