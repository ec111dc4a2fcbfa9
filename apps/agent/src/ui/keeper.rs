//! What is done for the windows when something stirs on the display: the sign stays above all others, and what came up last
//! gets the keyboard.
//!
//! In a thread of its own, without a message to the loop that draws, which would draw every window anew for it.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use crate::platform::x11::{SignWindows, Stirrings};
use crate::platform::{Bell, Fault};

#[derive(Clone)]
pub(super) struct Keeper {
    kept: Arc<Mutex<Kept>>,
    bell: Bell,
}

pub(super) struct Kept {
    pub(super) sign: SignWindows,
    /// What nothing may lie over, the highest last.
    pub(super) highest: Vec<u32>,
    keyboard: Option<ForKeyboard>,
}

/// The one window that is to have the keyboard.
struct ForKeyboard {
    window: u32,
    /// It is given it so often more, until it has it.
    tries: u8,
}

impl Keeper {
    pub(super) fn open() -> Result<Self, Fault> {
        let kept = Kept {
            sign: SignWindows::open(None)?,
            highest: Vec::new(),
            keyboard: None,
        };
        Ok(Self {
            kept: Arc::new(Mutex::new(kept)),
            bell: Bell::new()?,
        })
    }

    pub(super) fn lock(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// It is tried now, and until it is shown.
    pub(super) fn give_keyboard(&self, window: u32) {
        let tries = TRIES;
        self.lock().keyboard = Some(ForKeyboard { window, tries });
        self.bell.ring();
    }

    /// From here on. `fails`: it can't go on.
    pub(super) fn watch(self, fails: impl FnOnce(Fault) + Send + 'static) -> Result<(), Fault> {
        let mut stirrings = Stirrings::open(None)?;
        stirrings.heed(self.bell.clone());
        thread::spawn(move || {
            loop {
                if let Err(fault) = self.heed(&mut stirrings) {
                    return fails(fault);
                }
                thread::sleep(REST);
            }
        });
        Ok(())
    }

    fn heed(&self, stirrings: &mut Stirrings) -> Result<(), Fault> {
        let patience = self.lock().patience();
        stirrings.next(patience)?;
        self.lock().keep()
    }
}

impl Kept {
    pub(super) fn keep(&mut self) -> Result<(), Fault> {
        self.try_keyboard()?;
        self.sign.keep_above(&self.highest)
    }

    /// So that Escape is a no at once.
    fn try_keyboard(&mut self) -> Result<(), Fault> {
        let Some(due) = &mut self.keyboard else {
            return Ok(());
        };
        due.tries = due.tries.saturating_sub(1);
        if self.sign.focus(due.window)? || due.tries == 0 {
            self.keyboard = None;
        }
        Ok(())
    }

    /// Until something is to be done though nothing stirs.
    fn patience(&self) -> Duration {
        match self.keyboard {
            Some(_) => Duration::ZERO,
            None => Duration::MAX,
        }
    }
}

/// For a window to be shown by a window manager that takes its time.
const TRIES: u8 = 20;

/// Five times a second at most: another program may want to be above, too.
const REST: Duration = Duration::from_millis(200);
