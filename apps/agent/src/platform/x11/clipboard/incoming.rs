//! Text on its way from another program: at once, or piece by piece (INCR).

use conclave_protocol::remote::ClipboardText;
use x11rb::NONE;
use x11rb::protocol::Event;
use x11rb::protocol::xproto::{AtomEnum, ConnectionExt as _, Property, Timestamp, Window};

use super::Names;
use crate::platform::Fault;
use crate::platform::x11::display::Display;

pub(super) struct Incoming {
    /// An owner that is asked late answers what was asked before, too.
    asked: Timestamp,
    bytes: Vec<u8>,
    is_by_pieces: bool,
    is_too_long: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Progress {
    Pending,
    Ended,
}

impl Progress {
    pub(super) fn is_pending(self) -> bool {
        self == Self::Pending
    }
}

impl Incoming {
    /// For what is owned since then.
    pub(super) fn asked(since: Timestamp) -> Self {
        Self {
            asked: since,
            bytes: Vec::new(),
            is_by_pieces: false,
            is_too_long: false,
        }
    }

    pub(super) fn note(
        &mut self,
        display: &Display,
        window: Window,
        names: Names,
        event: &Event,
    ) -> Result<Progress, Fault> {
        match event {
            Event::SelectionNotify(answer) if answer.time != self.asked => Ok(Progress::Pending),
            // The owner has no text.
            Event::SelectionNotify(answer) if answer.property == NONE => Ok(Progress::Ended),
            Event::SelectionNotify(_) => self.first(display, window, names),
            Event::PropertyNotify(change)
                if self.is_by_pieces
                    && change.atom == names.arrival
                    && change.state == Property::NEW_VALUE =>
            {
                self.piece(display, window, names)
            }
            _ => Ok(Progress::Pending),
        }
    }

    /// `None`: it was no text, or longer than what is taken.
    pub(super) fn text(self) -> Option<ClipboardText> {
        let is_whole = !self.is_too_long && !self.bytes.is_empty();
        let text = str::from_utf8(&self.bytes).ok().filter(|_| is_whole)?;
        ClipboardText::parse(text).ok()
    }

    fn first(
        &mut self,
        display: &Display,
        window: Window,
        names: Names,
    ) -> Result<Progress, Fault> {
        let (kind, bytes) = take(display, window, names)?;
        if kind == names.incremental {
            self.is_by_pieces = true;
            return Ok(Progress::Pending);
        }
        if kind == names.utf8 {
            self.add(&bytes);
        }
        Ok(Progress::Ended)
    }

    /// An empty piece is the last.
    fn piece(
        &mut self,
        display: &Display,
        window: Window,
        names: Names,
    ) -> Result<Progress, Fault> {
        let (_, bytes) = take(display, window, names)?;
        self.add(&bytes);
        Ok(if bytes.is_empty() {
            Progress::Ended
        } else {
            Progress::Pending
        })
    }

    fn add(&mut self, bytes: &[u8]) {
        self.is_too_long |= self.bytes.len() + bytes.len() > ClipboardText::LONGEST;
        if !self.is_too_long {
            self.bytes.extend_from_slice(bytes);
        }
    }
}

/// What is there, with its kind; taking it away asks for the next piece.
fn take(display: &Display, window: Window, names: Names) -> Result<(u32, Vec<u8>), Fault> {
    let longest = u32::try_from(ClipboardText::LONGEST / 4 + 1).unwrap_or(u32::MAX);
    let any = AtomEnum::ANY;
    let property = display.get_property(true, window, names.arrival, any, 0, longest)?;
    let property = property.reply()?;
    if property.bytes_after > 0 {
        display.delete_property(window, names.arrival)?;
    }
    Ok((property.type_, property.value))
}
