//! Moves the pointer.
//!
//! # Security
//!
//! Nothing is pressed: it could reach a window of ours, and which windows are ours is not to be asked safely.

use core_graphics::event::{CGEvent, CGEventTapLocation, CGEventType, CGMouseButton, EventField};

use super::display;
use crate::platform::{Fault, Injected, Input, InputSink, Mark, Point};

pub struct Injector {
    mark: Mark,
}

impl Injector {
    pub fn open(mark: Mark) -> Self {
        Self { mark }
    }

    /// Where the pointer is.
    pub fn pointer(&self) -> Result<Point, Fault> {
        display::pointer()
    }

    fn move_to(&self, to: Point) -> Result<Injected, Fault> {
        let (moved, at) = (CGEventType::MouseMoved, display::point(to)?);
        let event = CGEvent::new_mouse_event(display::source()?, moved, at, CGMouseButton::Left);
        let event = event.map_err(|()| Fault::Lacks("a pointer"))?;
        let mark = self.mark.number().into();
        event.set_integer_value_field(EventField::EVENT_SOURCE_USER_DATA, mark);
        event.post(CGEventTapLocation::HID);
        Ok(Injected::Done)
    }
}

impl InputSink for Injector {
    fn inject(&mut self, input: &Input) -> Result<Injected, Fault> {
        match input {
            Input::PointerTo(to) => self.move_to(*to),
            Input::Button { .. } | Input::Wheel { .. } | Input::Key { .. } | Input::Text(_) => {
                Err(PRESSES_NOTHING)
            }
        }
    }

    /// Nothing is ever held.
    fn release_all(&mut self) -> Result<(), Fault> {
        Ok(())
    }
}

pub(super) const PRESSES_NOTHING: Fault =
    Fault::Lacks("a look at which windows are the agent's own, without which it presses nothing");
