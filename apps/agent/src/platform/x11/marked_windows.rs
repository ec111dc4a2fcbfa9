//! Our own windows, known by a property that our programs put on them.
//!
//! # Security
//!
//! Whoever can put that property on a window, or take it off, is a program of the person at the computer, and could as
//! well press the buttons of a prompt itself. What comes from afar is input alone, and input changes no property.

use x11rb::NONE;
use x11rb::protocol::ErrorKind;
use x11rb::protocol::xproto::{Atom, AtomEnum, ConnectionExt as _, InputFocus, PropMode, Window};
use x11rb::wrapper::ConnectionExt as _;

use super::display::Display;
use super::fault::unless;
use crate::platform::{Fault, OwnWindows};

pub struct MarkedWindows {
    display: Display,
    mark: Mark,
}

impl MarkedWindows {
    /// `None`: the display that `DISPLAY` names.
    pub fn open(display: Option<&str>) -> Result<Self, Fault> {
        let display = Display::open(display)?;
        let mark = Mark::new(&display)?;
        Ok(Self { display, mark })
    }

    /// From then on this window is ours.
    pub fn mark(&self, window: u32) -> Result<(), Fault> {
        let Mark(mark) = self.mark;
        let (replace, kind) = (PropMode::REPLACE, AtomEnum::CARDINAL);
        let changed = self
            .display
            .change_property32(replace, window, mark, kind, &[1])?;
        unless(changed.check(), &[ErrorKind::Window])?.ok_or(Fault::NoSuchWindow)
    }
}

impl OwnWindows for MarkedWindows {
    fn under_pointer(&self) -> Result<bool, Fault> {
        self.display.forget_events()?;
        self.mark.is_under_pointer(&self.display)
    }

    fn focused(&self) -> Result<bool, Fault> {
        self.display.forget_events()?;
        self.mark.is_focused(&self.display)
    }
}

/// The name of the property.
#[derive(Clone, Copy)]
pub(super) struct Mark(Atom);

impl Mark {
    pub(super) fn new(display: &Display) -> Result<Self, Fault> {
        display.atom("_CONCLAVE_WINDOW").map(Self)
    }

    /// Whether a window at the pointer is ours, or is within one that is.
    pub(super) fn is_under_pointer(self, display: &Display) -> Result<bool, Fault> {
        let mut window = display.root();
        for _ in 0..DEEPEST {
            let at = display.query_pointer(window)?.reply();
            match unless(at, &[ErrorKind::Window])? {
                Some(at) if at.child != NONE => window = at.child,
                Some(_) | None => return Ok(false),
            }
            if self.is_on(display, window)? {
                return Ok(true);
            }
        }
        Ok(true)
    }

    /// Whether keys go to one of ours.
    pub(super) fn is_focused(self, display: &Display) -> Result<bool, Fault> {
        let mut window = display.get_input_focus()?.reply()?.focus;
        if window == u32::from(u8::from(InputFocus::POINTER_ROOT)) {
            return self.is_under_pointer(display);
        }
        for _ in 0..DEEPEST {
            if window == NONE || window == display.root() {
                return Ok(false);
            }
            if self.is_on(display, window)? {
                return Ok(true);
            }
            let tree = display.query_tree(window)?.reply();
            let tree = unless(tree, &[ErrorKind::Window])?;
            window = tree.map_or(NONE, |tree| tree.parent);
        }
        Ok(true)
    }

    fn is_on(self, display: &Display, window: Window) -> Result<bool, Fault> {
        let property = display.get_property(false, window, self.0, AtomEnum::ANY, 0, 0)?;
        let property = unless(property.reply(), &[ErrorKind::Window])?;
        Ok(property.is_some_and(|property| property.type_ != NONE))
    }
}

/// Windows are nested a few times; what goes deeper may hide anything, so it counts as ours.
const DEEPEST: usize = 64;
