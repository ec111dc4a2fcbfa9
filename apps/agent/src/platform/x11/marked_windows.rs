//! Our own windows, known by a property that our programs put on them.
//!
//! # Security
//!
//! Whoever can put that property on a window, or take it off, is a program of the person at the computer, and could as
//! well press the buttons of a prompt itself. What comes from afar is input alone, and input changes no property.

use x11rb::NONE;
use x11rb::cookie::Cookie;
use x11rb::errors::ConnectionError;
use x11rb::protocol::ErrorKind;
use x11rb::protocol::shape::{ConnectionExt as _, SK};
use x11rb::protocol::xproto::{
    Atom, AtomEnum, ConnectionExt as _, GetPropertyReply, InputFocus, MapState, PropMode, Window,
};
use x11rb::rust_connection::RustConnection;
use x11rb::wrapper::ConnectionExt as _;

use super::display::Display;
use super::fault::unless;
use crate::platform::{Area, Fault, OwnWindows};

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
        let marked = self.mark.put(&self.display, window)?;
        marked.ok_or(Fault::NoSuchWindow)
    }
}

impl OwnWindows for MarkedWindows {
    fn areas(&self) -> Result<Vec<Area>, Fault> {
        self.display.forget_events()?;
        let mut areas = Vec::new();
        for window in within(&self.display, &[self.display.root()])? {
            if let Some(area) = shown_at(&self.display, window)?
                && self.mark.is_among(&self.display, &[window])?
                && takes_input(&self.display, window)?
            {
                areas.push(area);
            }
        }
        Ok(areas)
    }

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

    /// `None`: there is no such window.
    pub(super) fn put(self, display: &Display, window: Window) -> Result<Option<()>, Fault> {
        let (replace, kind) = (PropMode::REPLACE, AtomEnum::CARDINAL);
        let changed = display.change_property32(replace, window, self.0, kind, &[1])?;
        unless(changed.check(), &[ErrorKind::Window])
    }

    pub(super) fn is_on(self, display: &Display, window: Window) -> Result<bool, Fault> {
        self.is_on_any(display, &[window])
    }

    /// Whether a window at the pointer is ours, is within one that is, or frames one.
    pub(super) fn is_under_pointer(self, display: &Display) -> Result<bool, Fault> {
        match under_pointer(display)? {
            Some(windows) => self.is_among(display, &windows),
            None => Ok(true),
        }
    }

    /// Whether keys go to one of ours. Where the focus is on what is around the pointer, they go to what is under it.
    pub(super) fn is_focused(self, display: &Display) -> Result<bool, Fault> {
        let focus = display.get_input_focus()?.reply()?.focus;
        let Some(under) = under_pointer(display)? else {
            return Ok(true);
        };
        let anywhere = [
            u32::from(u8::from(InputFocus::POINTER_ROOT)),
            display.root(),
        ];
        if anywhere.contains(&focus) || under.contains(&focus) {
            return self.is_among(display, &under);
        }
        match around(display, focus)? {
            Some(windows) => self.is_among(display, &windows),
            None => Ok(true),
        }
    }

    /// Of windows in each other, the outermost first. That one may be a frame, as of a window manager: what is done to
    /// its title is done to what is in it.
    fn is_among(self, display: &Display, windows: &[Window]) -> Result<bool, Fault> {
        let Some(outermost) = windows.first() else {
            return Ok(false);
        };
        Ok(self.is_on_any(display, windows)? || self.is_framed_by(display, *outermost)?)
    }

    fn is_framed_by(self, display: &Display, outermost: Window) -> Result<bool, Fault> {
        let mut level = vec![outermost];
        for _ in 0..DEEPEST_FRAME {
            level = within(display, &level)?;
            if level.len() > MOST_IN_A_FRAME || self.is_on_any(display, &level)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn is_on_any(self, display: &Display, windows: &[Window]) -> Result<bool, Fault> {
        let asked = windows.iter().map(|window| self.ask(display, *window));
        let asked = asked.collect::<Result<Vec<_>, _>>()?;
        let mut is_on = false;
        for property in asked {
            let property = unless(property.reply(), &[ErrorKind::Window])?;
            is_on |= property.is_some_and(|property| property.type_ != NONE);
        }
        Ok(is_on)
    }

    fn ask(self, display: &Display, window: Window) -> Result<Asked<'_>, ConnectionError> {
        display.get_property(false, window, self.0, AtomEnum::ANY, 0, 0)
    }
}

type Asked<'a> = Cookie<'a, RustConnection, GetPropertyReply>;

/// With its border. `None`: nobody sees it.
fn shown_at(display: &Display, window: Window) -> Result<Option<Area>, Fault> {
    let attributes = display.get_window_attributes(window)?;
    let geometry = display.get_geometry(window)?;
    let attributes = unless(attributes.reply(), &[ErrorKind::Window])?;
    let geometry = unless(geometry.reply(), &[ErrorKind::Drawable])?;
    let is_shown = attributes.is_some_and(|is| is.map_state == MapState::VIEWABLE);
    Ok(geometry.filter(|_| is_shown).map(|geometry| {
        let borders = 2 * u32::from(geometry.border_width);
        Area {
            x: geometry.x.into(),
            y: geometry.y.into(),
            width: u32::from(geometry.width) + borders,
            height: u32::from(geometry.height) + borders,
        }
    }))
}

/// What is pressed on a window that takes none goes to what is under it.
fn takes_input(display: &Display, window: Window) -> Result<bool, Fault> {
    let shape = display.shape_get_rectangles(window, SK::INPUT)?.reply();
    let shape = unless(shape, &[ErrorKind::Window])?;
    Ok(shape.is_some_and(|shape| !shape.rectangles.is_empty()))
}

/// From the outermost to the innermost, without the root. `None`: deeper than is looked.
fn under_pointer(display: &Display) -> Result<Option<Vec<Window>>, Fault> {
    let mut windows = Vec::new();
    let mut window = display.root();
    for _ in 0..DEEPEST {
        let at = display.query_pointer(window)?.reply();
        match unless(at, &[ErrorKind::Window])? {
            Some(at) if at.child != NONE => window = at.child,
            Some(_) | None => return Ok(Some(windows)),
        }
        windows.push(window);
    }
    Ok(None)
}

/// This one and those around it, the outermost first, without the root. `None`: deeper than is looked.
fn around(display: &Display, mut window: Window) -> Result<Option<Vec<Window>>, Fault> {
    let mut windows = Vec::new();
    for _ in 0..DEEPEST {
        if window == NONE || window == display.root() {
            windows.reverse();
            return Ok(Some(windows));
        }
        windows.push(window);
        let tree = display.query_tree(window)?.reply();
        let tree = unless(tree, &[ErrorKind::Window])?;
        window = tree.map_or(NONE, |tree| tree.parent);
    }
    Ok(None)
}

/// The windows in these.
fn within(display: &Display, windows: &[Window]) -> Result<Vec<Window>, Fault> {
    let asked = windows.iter().map(|window| display.query_tree(*window));
    let asked = asked.collect::<Result<Vec<_>, _>>()?;
    let mut found = Vec::new();
    for tree in asked {
        let tree = unless(tree.reply(), &[ErrorKind::Window])?;
        found.extend(tree.into_iter().flat_map(|tree| tree.children));
    }
    Ok(found)
}

/// Windows are nested a few times; what goes deeper may hide anything, so it counts as ours.
const DEEPEST: usize = 64;

/// Of a window in its frame: frames have one more window around it, or two.
const DEEPEST_FRAME: usize = 4;

/// Of one depth. More may hide anything, too.
const MOST_IN_A_FRAME: usize = 4096;
