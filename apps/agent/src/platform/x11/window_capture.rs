//! The picture of one window alone.
//!
//! # Security
//!
//! The window is drawn to memory of its own (Composite), and only that is read. What lies over it on the desktop is
//! not in there: no other window, no notification, no menu. A window that is not shown has no picture, and there is
//! no way from here to the desktop's. A window that is gone stays gone: the display may give its number to another
//! one, so pixels are handed out only when, after they were read, no end had been reported. The display reports in
//! order, and so does the end before the number's next use.
//!
//! The display fills that memory with what the desktop showed at the window's place, other windows among it, and a
//! window need not draw over all of it. So memory is made black when it is named, before anybody else is served, and
//! the window draws itself anew. Nothing is ever read from memory that was not.

use std::time::Duration;

use x11rb::NONE;
use x11rb::connection::Connection;
use x11rb::protocol::composite::{self, ConnectionExt as _, Redirect};
use x11rb::protocol::xproto::{
    ChangeWindowAttributesAux, ConfigureNotifyEvent, ConnectionExt as _, CreateGCAux, EventMask,
    MapState, Pixmap, Rectangle, Window,
};
use x11rb::protocol::{ErrorKind, Event};

use super::damage::DamageWatch;
use super::display::{Display, Woken, after};
use super::fault::unless;
use super::shared_picture::SharedPicture;
use crate::platform::{Area, Bell, Fault, Patch, Picture, ScreenSource, Seen, Size};

pub struct WindowCapture {
    display: Display,
    window: Window,
    damage: DamageWatch,
    shared: SharedPicture,
    state: State,
    is_damaged: bool,
}

enum State {
    /// Whether that has been said.
    Hidden {
        said: bool,
    },
    Shown(Surface),
    Closed,
}

/// What the window is drawn to, while it has this size.
#[derive(Clone, Copy)]
struct Surface {
    pixmap: Pixmap,
    size: Size,
    border: u16,
}

impl WindowCapture {
    /// `None`: the display that `DISPLAY` names.
    pub fn open(display: Option<&str>, window: u32) -> Result<Self, Fault> {
        let display = Display::open(display)?;
        display.needs(composite::X11_EXTENSION_NAME)?;
        display.composite_query_version(0, 4)?.reply()?;
        let ends = ChangeWindowAttributesAux::new().event_mask(EventMask::STRUCTURE_NOTIFY);
        let watched = display.change_window_attributes(window, &ends)?.check();
        unless(watched, &[ErrorKind::Window])?.ok_or(Fault::NoSuchWindow)?;
        let size = Size {
            width: 1,
            height: 1,
        };
        let redirect = display.composite_redirect_window(window, Redirect::AUTOMATIC)?;
        redirect.check()?;
        watch_around(&display, window)?;
        Ok(Self {
            damage: DamageWatch::new(&display, window)?,
            shared: SharedPicture::new(&display, size)?,
            window,
            state: State::Hidden { said: false },
            is_damaged: false,
            display,
        })
    }

    fn note(&mut self, event: &Event) -> Result<(), Fault> {
        match event {
            Event::DestroyNotify(end) if end.window == self.window => self.enter(State::Closed),
            Event::ConfigureNotify(now) if now.window != self.window || self.is_in_size(now) => {
                Ok(())
            }
            Event::ConfigureNotify(_) | Event::UnmapNotify(_) | Event::MapNotify(_) => {
                self.forget_surface()
            }
            Event::ReparentNotify(_) => {
                watch_around(&self.display, self.window)?;
                self.forget_surface()
            }
            Event::DamageNotify(_) => {
                self.is_damaged = true;
                Ok(())
            }
            _ => Ok(()),
        }
    }

    fn note_waiting(&mut self) -> Result<(), Fault> {
        while let Some(event) = self.display.poll_for_event()? {
            self.note(&event)?;
        }
        Ok(())
    }

    /// A window that only moves goes on being drawn to the same memory.
    fn is_in_size(&self, now: &ConfigureNotifyEvent) -> bool {
        let size = Size {
            width: now.width.into(),
            height: now.height.into(),
        };
        let is_same = |it: &Surface| it.size == size && it.border == now.border_width;
        matches!(&self.state, State::Shown(surface) if is_same(surface))
    }

    /// The window is looked for anew, unless it is gone.
    fn forget_surface(&mut self) -> Result<(), Fault> {
        if matches!(self.state, State::Shown(_)) {
            self.enter(State::Hidden { said: false })?;
        }
        Ok(())
    }

    fn enter(&mut self, state: State) -> Result<(), Fault> {
        if let State::Shown(surface) = std::mem::replace(&mut self.state, state) {
            self.display.free_pixmap(surface.pixmap)?;
        }
        Ok(())
    }

    fn look(&mut self) -> Result<Option<Seen>, Fault> {
        let seen = match self.state {
            State::Closed => return Ok(Some(Seen::Closed)),
            State::Shown(surface) if self.is_shown()? => self.changed_parts(surface)?,
            State::Shown(_) => {
                self.enter(State::Hidden { said: false })?;
                self.say_hidden()
            }
            State::Hidden { .. } => self.whole()?,
        };
        self.note_waiting()?;
        if matches!(self.state, State::Closed) {
            return Ok(Some(Seen::Closed));
        }
        Ok(seen)
    }

    fn is_shown(&self) -> Result<bool, Fault> {
        let attributes = self.display.get_window_attributes(self.window)?.reply();
        let attributes = unless(attributes, &[ErrorKind::Window])?;
        Ok(attributes.is_some_and(|is| is.map_state == MapState::VIEWABLE))
    }

    fn say_hidden(&mut self) -> Option<Seen> {
        let State::Hidden { said } = &mut self.state else {
            return None;
        };
        let is_news = !std::mem::replace(said, true);
        is_news.then_some(Seen::Hidden)
    }

    fn changed_parts(&mut self, surface: Surface) -> Result<Option<Seen>, Fault> {
        if !std::mem::replace(&mut self.is_damaged, false) {
            return Ok(None);
        }
        let areas = self.damage.take(&self.display)?;
        self.read(surface, &areas)
    }

    /// All of it, when it is shown.
    fn whole(&mut self) -> Result<Option<Seen>, Fault> {
        // Nobody is held up for what is hidden.
        if !self.is_shown()? {
            return Ok(self.say_hidden());
        }
        let Some(surface) = self.surface()? else {
            return Ok(self.say_hidden());
        };
        self.enter(State::Shown(surface))?;
        self.is_damaged = false;
        self.damage.take(&self.display)?;
        self.shared.fit(&self.display, surface.size)?;
        self.read(surface, &[Area::whole(surface.size)])
    }

    /// `None`: the window is not shown. Nobody else is served before its memory is black.
    fn surface(&self) -> Result<Option<Surface>, Fault> {
        self.display.grab_server()?;
        let surface = self.black_surface();
        self.display.ungrab_server()?;
        self.display.flush()?;
        surface
    }

    fn black_surface(&self) -> Result<Option<Surface>, Fault> {
        let surface = self.named_surface()?;
        if let Some(surface) = surface {
            self.blacken(surface)?;
            self.have_drawn_anew()?;
        }
        Ok(surface)
    }

    fn named_surface(&self) -> Result<Option<Surface>, Fault> {
        if !self.is_shown()? {
            return Ok(None);
        }
        let pixmap = self.display.generate_id()?;
        let named = self
            .display
            .composite_name_window_pixmap(self.window, pixmap)?;
        let hidden = [ErrorKind::Match, ErrorKind::Window];
        if unless(named.check(), &hidden)?.is_none() {
            return Ok(None);
        }
        let geometry = self.display.get_geometry(self.window)?.reply()?;
        Ok(Some(Surface {
            pixmap,
            size: Size {
                width: geometry.width.into(),
                height: geometry.height.into(),
            },
            border: geometry.border_width,
        }))
    }

    /// Its border and whatever is outside its shape too.
    fn blacken(&self, surface: Surface) -> Result<(), Fault> {
        let brush = self.display.generate_id()?;
        let black = CreateGCAux::new().foreground(0);
        self.display.create_gc(brush, surface.pixmap, &black)?;
        let all = Rectangle {
            x: 0,
            y: 0,
            width: u16::MAX,
            height: u16::MAX,
        };
        self.display
            .poly_fill_rectangle(surface.pixmap, brush, &[all])?;
        self.display.free_gc(brush)?;
        Ok(())
    }

    /// By those within it too; one without pixels refuses, and one that is not reached stays black until it draws.
    fn have_drawn_anew(&self) -> Result<(), Fault> {
        let mut windows = vec![self.window];
        let mut next = 0;
        while let Some(window) = windows.get(next).copied() {
            next += 1;
            let cleared = self.display.clear_area(true, window, 0, 0, 0, 0)?;
            cleared.ignore_error();
            if windows.len() < MOST_WINDOWS {
                windows.extend(self.display.query_tree(window)?.reply()?.children);
            }
        }
        Ok(())
    }

    fn read(&self, surface: Surface, areas: &[Area]) -> Result<Option<Seen>, Fault> {
        let whole = Area::whole(surface.size);
        let mut patches = Vec::new();
        for area in areas.iter().filter_map(|area| area.intersection(whole)) {
            patches.extend(self.patch(surface, area)?);
        }
        let picture = Picture {
            size: surface.size,
            patches,
            cursor: None,
        };
        Ok((!picture.patches.is_empty()).then_some(Seen::Picture(picture)))
    }

    /// `None`: the window has another size, and is about to say so.
    fn patch(&self, surface: Surface, area: Area) -> Result<Option<Patch>, Fault> {
        let border = i32::from(surface.border);
        let in_pixmap = Area {
            x: area.x + border,
            y: area.y + border,
            ..area
        };
        let patch = self.shared.read(&self.display, surface.pixmap, in_pixmap)?;
        Ok(patch.map(|patch| Patch { area, ..patch }))
    }
}

impl ScreenSource for WindowCapture {
    fn next(&mut self, within: Duration) -> Result<Option<Seen>, Fault> {
        let until = after(within);
        loop {
            self.note_waiting()?;
            if let Some(seen) = self.look()? {
                return Ok(Some(seen));
            }
            let again = until.min(after(BETWEEN_LOOKS));
            match self.display.woken(again)? {
                Woken::By(event) => self.note(&event)?,
                Woken::Late if again < until => {}
                Woken::ByBell | Woken::Late => return Ok(None),
            }
        }
    }

    fn heed(&mut self, bell: Bell) {
        self.display.heed(bell);
    }
}

/// What a window lies in, such as its frame, takes it along when it is hidden, and the display tells that of it alone.
fn watch_around(display: &Display, mut window: Window) -> Result<(), Fault> {
    let ends = ChangeWindowAttributesAux::new().event_mask(EventMask::STRUCTURE_NOTIFY);
    for _ in 0..DEEPEST {
        let tree = display.query_tree(window)?.reply();
        let around = unless(tree, &[ErrorKind::Window])?.map_or(NONE, |tree| tree.parent);
        if around == NONE || around == display.root() {
            break;
        }
        let watched = display.change_window_attributes(around, &ends)?.check();
        unless(watched, &[ErrorKind::Window])?;
        window = around;
    }
    Ok(())
}

/// Whether it is shown, where nobody said that it is not: one request.
const BETWEEN_LOOKS: Duration = Duration::from_secs(1);

/// Windows are nested a few times.
const DEEPEST: usize = 64;

/// Of which one consists. Programs have a few, or a few hundred.
const MOST_WINDOWS: usize = 1024;
