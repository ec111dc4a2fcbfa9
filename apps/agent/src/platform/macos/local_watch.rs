//! Tells what the person at the computer does from what our injector did, by the mark on that.

use core_graphics::event::{CGEvent, CGEventType, EventField};

use super::tap::Tap;
use crate::platform::{Fault, LocalAct, Mark, MarkedWatch, Source};

pub type LocalWatch = MarkedWatch<Tap>;

impl LocalWatch {
    pub fn open(mark: Mark) -> Result<Self, Fault> {
        Self::of(|tray| {
            Tap::start(move |kind, event: &CGEvent| tray.lay((source(event, mark), act(kind))))
        })
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
