//! Tells that something stirs on the display: a window, the monitors, or the keyboard goes to somebody else.
//!
//! It says that, and not what: whoever is told looks for themselves, and need not look while nothing stirs.

use std::time::Duration;

use x11rb::NONE;
use x11rb::errors::ReplyError;
use x11rb::protocol::randr::{self, ConnectionExt as _, NotifyMask};
use x11rb::protocol::xinput::{self, ConnectionExt as _, Device, XIEventMask};
use x11rb::protocol::xproto::{
    ChangeWindowAttributesAux, ConnectionExt as _, EventMask, InputFocus, Window,
};
use x11rb::protocol::{ErrorKind, Event};

use super::display::{Display, Woken, after};
use super::fault::unless;
use crate::platform::{Bell, Fault};

pub struct Stirrings {
    display: Display,
    /// What had the keyboard when it was last looked for.
    focus: Option<Window>,
}

impl Stirrings {
    /// `None`: the display that `DISPLAY` names.
    pub fn open(display: Option<&str>) -> Result<Self, Fault> {
        let display = Display::open(display)?;
        let root = display.root();
        let windows = EventMask::SUBSTRUCTURE_NOTIFY | EventMask::STRUCTURE_NOTIFY;
        watch(&display, root, windows | EventMask::FOCUS_CHANGE)?;
        display.needs(randr::X11_EXTENSION_NAME)?;
        display.randr_query_version(1, 5)?.reply()?;
        let monitors =
            NotifyMask::SCREEN_CHANGE | NotifyMask::CRTC_CHANGE | NotifyMask::OUTPUT_CHANGE;
        display.randr_select_input(root, monitors)?.check()?;
        display.needs(xinput::X11_EXTENSION_NAME)?;
        display.xinput_xi_query_version(2, 2)?.reply()?;
        Ok(Self {
            display,
            focus: None,
        })
    }

    /// From then on a wait ends early, with false, where this is rung.
    pub fn heed(&mut self, bell: Bell) {
        self.display.heed(bell);
    }

    /// Waits at most so long. True: something stirred. All that was told by then is passed over.
    pub fn next(&mut self, within: Duration) -> Result<bool, Fault> {
        match self.display.woken(after(within))? {
            Woken::By(Event::Error(error)) => Err(ReplyError::X11Error(error).into()),
            Woken::By(_) => self.display.forget_events().map(|()| true),
            Woken::ByBell | Woken::Late => Ok(false),
        }
    }

    /// Tells when the keyboard goes from whoever has it to somebody else. To be called before each look at who that is:
    /// what was told by then is passed over.
    pub fn follow_keyboard(&mut self) -> Result<(), Fault> {
        self.display.forget_events()?;
        for _ in 0..MOST_TURNS {
            let focus = self.display.get_input_focus()?.reply()?.focus;
            if self.focus == Some(focus) {
                break;
            }
            self.follow(focus)?;
        }
        Ok(())
    }

    /// It may have gone on before it was watched, which is seen by looking again.
    fn follow(&mut self, focus: Window) -> Result<(), Fault> {
        if let Some(before) = self.focus.filter(|before| self.is_one(*before)) {
            watch(&self.display, before, EventMask::NO_EVENT)?;
        }
        if self.is_one(focus) {
            watch(&self.display, focus, EventMask::FOCUS_CHANGE)?;
        }
        self.follow_pointer(!self.is_one(focus))?;
        self.focus = Some(focus);
        Ok(())
    }

    /// Keys that nobody in particular has go to what is under the pointer.
    fn follow_pointer(&self, follows: bool) -> Result<(), Fault> {
        let motion = xinput::EventMask {
            deviceid: Device::ALL_MASTER.into(),
            mask: vec![match follows {
                true => XIEventMask::RAW_MOTION,
                false => XIEventMask::default(),
            }],
        };
        let root = self.display.root();
        let selected = self.display.xinput_xi_select_events(root, &[motion])?;
        Ok(selected.check()?)
    }

    /// A window of its own. Of the root it is told from the beginning.
    fn is_one(&self, focus: Window) -> bool {
        let none = [
            NONE,
            u32::from(u8::from(InputFocus::POINTER_ROOT)),
            self.display.root(),
        ];
        !none.contains(&focus)
    }
}

/// One that is gone tells nothing.
fn watch(display: &Display, window: Window, of: EventMask) -> Result<(), Fault> {
    let of = ChangeWindowAttributesAux::new().event_mask(of);
    let watched = display.change_window_attributes(window, &of)?.check();
    unless(watched, &[ErrorKind::Window]).map(|_| ())
}

/// The keyboard goes on no faster than it is followed, but for a program that plays with it.
const MOST_TURNS: usize = 8;
