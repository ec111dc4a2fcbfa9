//! Tells what the person at the computer does from what our injector did, by the mark on that.

use std::time::{Duration, Instant};

use core_graphics::event::{CGEvent, CGEventType, EventField};

use super::tap::Tap;
use crate::platform::handbell::{Woken, after};
use crate::platform::tray::Tray;
use crate::platform::{Bell, Fault, LocalAct, LocalInput, Mark};

pub struct LocalWatch {
    tray: Tray<(Source, LocalAct)>,
    _tap: Tap,
}

/// Whose act it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    Local,
    /// This program's, by its mark.
    Injected,
}

impl LocalWatch {
    pub fn open(mark: Mark) -> Result<Self, Fault> {
        let tray = Tray::new();
        let told = tray.clone();
        let heard = move |kind, event: &CGEvent| told.lay((source(event, mark), act(kind)));
        let tap = Tap::start(heard)?;
        Ok(Self { tray, _tap: tap })
    }

    /// The next act of anybody.
    pub fn next_of_anybody(&mut self, within: Duration) -> Option<(Source, LocalAct)> {
        match self.tray.next(within) {
            Woken::By(act) => Some(act),
            Woken::ByBell | Woken::Late => None,
        }
    }
}

impl LocalInput for LocalWatch {
    fn next(&mut self, within: Duration) -> Result<Option<LocalAct>, Fault> {
        let until = after(within);
        loop {
            let left = until.saturating_duration_since(Instant::now());
            match self.tray.next(left) {
                Woken::By((Source::Local, act)) => return Ok(Some(act)),
                Woken::By((Source::Injected, _)) => {}
                Woken::ByBell | Woken::Late => return Ok(None),
            }
        }
    }

    fn heed(&mut self, bell: Bell) {
        self.tray.heed(bell);
    }
}

fn source(event: &CGEvent, mark: Mark) -> Source {
    let of_event = event.get_integer_value_field(EventField::EVENT_SOURCE_USER_DATA);
    if of_event == i64::from(mark.number()) {
        Source::Injected
    } else {
        Source::Local
    }
}

fn act(kind: CGEventType) -> LocalAct {
    match kind {
        CGEventType::KeyDown | CGEventType::KeyUp | CGEventType::FlagsChanged => LocalAct::Key,
        CGEventType::MouseMoved
        | CGEventType::LeftMouseDragged
        | CGEventType::RightMouseDragged
        | CGEventType::OtherMouseDragged => LocalAct::Motion,
        _ => LocalAct::Button,
    }
}
