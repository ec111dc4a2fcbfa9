//! The clipboard, as text in both directions, where the system counts its changes and wakes nobody.

use std::time::{Duration, Instant};

use conclave_protocol::remote::ClipboardText;

use super::handbell::{Bell, Woken, after};
use super::{Clipboard, Fault};

pub struct TextClipboard {
    board: arboard::Clipboard,
    count: fn() -> i64,
    put: fn(&mut arboard::Clipboard, &str) -> Result<(), arboard::Error>,
    /// The last change that was looked at, or was ours.
    seen: i64,
    is_ours: bool,
    bell: Bell,
}

impl TextClipboard {
    /// `count` says how often it changed, `put` keeps what is put out of the system's own records.
    pub(super) fn new(
        count: fn() -> i64,
        put: fn(&mut arboard::Clipboard, &str) -> Result<(), arboard::Error>,
    ) -> Result<Self, Fault> {
        Ok(Self {
            board: arboard::Clipboard::new().map_err(fault)?,
            count,
            put,
            seen: count(),
            is_ours: false,
            bell: Bell::silent(),
        })
    }

    /// Whether another program copied since.
    fn has_changed(&mut self) -> bool {
        let count = (self.count)();
        let has_changed = count != self.seen;
        self.seen = count;
        self.is_ours &= !has_changed;
        has_changed
    }

    /// `None`: it is no text, or longer than what is taken, or was replaced meanwhile.
    fn read(&mut self) -> Result<Option<ClipboardText>, Fault> {
        match self.board.get_text() {
            Ok(text) => Ok(ClipboardText::parse(&text).ok()),
            Err(
                arboard::Error::ContentNotAvailable
                | arboard::Error::ClipboardOccupied
                | arboard::Error::ConversionFailure,
            ) => Ok(None),
            Err(error) => Err(fault(error)),
        }
    }
}

impl Clipboard for TextClipboard {
    fn next(&mut self, within: Duration) -> Result<Option<ClipboardText>, Fault> {
        let until = after(within);
        loop {
            if self.has_changed()
                && let Some(text) = self.read()?
            {
                return Ok(Some(text));
            }
            let look_again = (Instant::now() + BETWEEN_LOOKS).min(until);
            match self.bell.or(look_again, || None::<()>) {
                Woken::Late if Instant::now() < until => {}
                Woken::By(()) | Woken::ByBell | Woken::Late => return Ok(None),
            }
        }
    }

    fn heed(&mut self, bell: Bell) {
        self.bell = bell;
    }

    fn put(&mut self, text: ClipboardText) -> Result<(), Fault> {
        (self.put)(&mut self.board, text.as_str()).map_err(fault)?;
        self.seen = (self.count)();
        self.is_ours = true;
        Ok(())
    }

    fn clear(&mut self) -> Result<(), Fault> {
        let was_ours = self.is_ours && (self.count)() == self.seen;
        self.is_ours = false;
        if was_ours {
            self.board.clear().map_err(fault)?;
            self.seen = (self.count)();
        }
        Ok(())
    }
}

impl Drop for TextClipboard {
    fn drop(&mut self) {
        let _gone = self.clear();
    }
}

fn fault(error: arboard::Error) -> Fault {
    match error {
        arboard::Error::ClipboardNotSupported => Fault::Lacks("a clipboard"),
        arboard::Error::ClipboardOccupied => Fault::Held("the clipboard"),
        error => Fault::Refused(Box::new(error)),
    }
}

/// Nobody copies and looks elsewhere sooner.
const BETWEEN_LOOKS: Duration = Duration::from_millis(200);
