//! The windows that a person can choose from to share.

use x11rb::protocol::ErrorKind;
use x11rb::protocol::xproto::{Atom, AtomEnum, ConnectionExt as _, MapState, Window};

use super::display::Display;
use super::fault::unless;
use super::marked_windows::Mark;
use crate::platform::Fault;

pub struct WindowList {
    display: Display,
    ours: Mark,
    names: Names,
}

/// Without `Debug`: a title says what somebody works on.
pub struct ListedWindow {
    pub window: u32,
    pub title: String,
}

struct Names {
    clients: Atom,
    title: Atom,
}

impl WindowList {
    /// `None`: the display that `DISPLAY` names.
    pub fn open(display: Option<&str>) -> Result<Self, Fault> {
        let display = Display::open(display)?;
        let names = Names {
            clients: display.atom("_NET_CLIENT_LIST")?,
            title: display.atom("_NET_WM_NAME")?,
        };
        Ok(Self {
            ours: Mark::new(&display)?,
            names,
            display,
        })
    }

    /// Those that are shown, have a title, and are not ours.
    pub fn windows(&self) -> Result<Vec<ListedWindow>, Fault> {
        self.display.forget_events()?;
        let mut listed = Vec::new();
        for window in self.clients()? {
            if listed.len() < MOST_WINDOWS
                && self.is_shown(window)?
                && !self.ours.is_on(&self.display, window)?
                && let Some(title) = self.title(window)?
            {
                listed.push(ListedWindow { window, title });
            }
        }
        Ok(listed)
    }

    /// As the window manager knows them; where there is none, those of the display.
    fn clients(&self) -> Result<Vec<Window>, Fault> {
        let (root, clients) = (self.display.root(), self.names.clients);
        let listed = self.display.get_property(
            false,
            root,
            clients,
            AtomEnum::WINDOW,
            0,
            MOST_WINDOWS as u32 * 4,
        )?;
        let listed = listed.reply()?;
        match listed.value32() {
            Some(windows) => Ok(windows.collect()),
            None => Ok(self.display.query_tree(root)?.reply()?.children),
        }
    }

    fn is_shown(&self, window: Window) -> Result<bool, Fault> {
        let attributes = self.display.get_window_attributes(window)?.reply();
        let attributes = unless(attributes, &[ErrorKind::Window])?;
        Ok(attributes.is_some_and(|is| is.map_state == MapState::VIEWABLE))
    }

    fn title(&self, window: Window) -> Result<Option<String>, Fault> {
        for name in [self.names.title, AtomEnum::WM_NAME.into()] {
            let length = LONGEST_TITLE as u32;
            let title = self
                .display
                .get_property(false, window, name, AtomEnum::ANY, 0, length)?;
            let title = unless(title.reply(), &[ErrorKind::Window])?;
            if let Some(line) = title.and_then(|title| line(&title.value)) {
                return Ok(Some(line));
            }
        }
        Ok(None)
    }
}

/// What is seen of a title; `None` if that is nothing.
fn line(title: &[u8]) -> Option<String> {
    let title = String::from_utf8_lossy(title);
    let seen = title.chars().filter(|c| !c.is_control());
    let line: String = seen.take(LONGEST_TITLE).collect();
    (!line.trim().is_empty()).then_some(line)
}

/// More than somebody looks through.
const MOST_WINDOWS: usize = 64;

/// In characters.
const LONGEST_TITLE: usize = 120;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_is_a_line() {
        assert_eq!(line(b"Letter\n- Writer").as_deref(), Some("Letter- Writer"));
        assert_eq!(line(b" \n"), None);
        assert_eq!(line(&[b'x'; 500]).unwrap().len(), LONGEST_TITLE);
    }
}
