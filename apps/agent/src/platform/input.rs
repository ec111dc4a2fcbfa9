//! Moves the pointer and types, for somebody who is not at the computer.

use conclave_protocol::remote::{Button, Key, TypedText};

use super::{Fault, Point};

pub trait InputSink {
    /// When it returns, the desktop has taken all of it.
    fn inject(&mut self, input: &Input) -> Result<Injected, Fault>;

    /// Lets go of every key and button that is held, and gives back what it changed.
    fn release_all(&mut self) -> Result<(), Fault>;
}

/// Without `Debug`: passwords are typed.
pub enum Input {
    PointerTo(Point),
    Button {
        button: Button,
        down: bool,
    },
    /// In notches; away from the user, and to the right, are positive.
    Wheel {
        up: i16,
        right: i16,
    },
    /// The desktop's layout says what it means.
    Key {
        key: Key,
        down: bool,
    },
    /// Characters, whatever the desktop's layout is.
    Text(TypedText),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Injected {
    Done,
    /// It would have reached one of our own windows: what is asked there, only the person at the computer answers.
    OnOurOwnWindow,
    /// The desktop has no such key.
    NoSuchKey,
}
