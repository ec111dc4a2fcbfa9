//! Keyboard and mouse of a technician.

use serde::{Deserialize, Serialize};

use super::screen::MonitorId;
use super::wire::{Malformed, Reader, Writer, coded};
use crate::personal::Unfit;

/// One time that control was given. Input of an earlier one is late, and nothing else.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Turn(pub u32);

/// What the technician did. Without `Debug`: passwords are typed.
#[derive(Clone, PartialEq, Eq)]
pub enum InputEvent {
    Move(Point),
    Button {
        /// Where it is pressed or let go: the pointer goes there first.
        at: Point,
        button: Button,
        down: bool,
    },
    /// In notches; away from the user, and to the right, are positive.
    Wheel {
        at: Point,
        up: i16,
        right: i16,
    },
    /// By position: what it means is the computer's layout to say.
    Key {
        key: Key,
        down: bool,
    },
    /// By text, however the computer's keys lie.
    Text(TypedText),
}

/// A pixel of one monitor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Point {
    pub monitor: MonitorId,
    pub x: u16,
    pub y: u16,
}

coded! {
    /// Of a mouse.
    Button {
        Left = 0,
        Middle = 1,
        Right = 2,
        Back = 3,
        Forward = 4,
    }
}

/// A key's place, by its usage on the keyboard page of USB HID (page 7): 0x04 to 0xE7. What a browser calls
/// `KeyboardEvent.code`. Without `Debug`: passwords are typed.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Key(u8);

/// 1 to 32 characters, none of them a control character.
#[derive(Clone, PartialEq, Eq)]
pub struct TypedText(String);

impl Key {
    pub fn new(usage: u8) -> Option<Self> {
        (0x04..=0xe7).contains(&usage).then_some(Self(usage))
    }

    pub fn usage(self) -> u8 {
        self.0
    }

    /// Control, Shift, Alt, or the one with the system's sign.
    pub fn is_modifier(self) -> bool {
        self.0 >= 0xe0
    }
}

impl TypedText {
    pub fn parse(text: &str) -> Result<Self, Unfit> {
        let length = text.chars().count();
        let fits = (1..=32).contains(&length) && !text.chars().any(char::is_control);
        fits.then(|| Self(text.to_owned())).ok_or(Unfit(
            "1 to 32 characters are typed at once, none of control",
        ))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl InputEvent {
    pub(super) fn read(reader: &mut Reader<'_>) -> Result<Self, Malformed> {
        match reader.u8()? {
            0 => Point::read(reader).map(Self::Move),
            1 => Ok(Self::Button {
                at: Point::read(reader)?,
                button: Button::read(reader)?,
                down: reader.flag()?,
            }),
            2 => Ok(Self::Wheel {
                at: Point::read(reader)?,
                up: reader.i16()?,
                right: reader.i16()?,
            }),
            3 => Ok(Self::Key {
                key: Key::new(reader.u8()?).ok_or(Malformed)?,
                down: reader.flag()?,
            }),
            4 => TypedText::parse(reader.text()?)
                .map(Self::Text)
                .map_err(|_| Malformed),
            _ => Err(Malformed),
        }
    }

    pub(super) fn write(&self, writer: &mut Writer) {
        match self {
            Self::Move(at) => {
                writer.u8(0);
                at.write(writer);
            }
            Self::Button { at, button, down } => {
                writer.u8(1);
                at.write(writer);
                button.write(writer);
                writer.flag(*down);
            }
            Self::Wheel { at, up, right } => {
                writer.u8(2);
                at.write(writer);
                writer.i16(*up);
                writer.i16(*right);
            }
            Self::Key { key, down } => {
                writer.u8(3);
                writer.u8(key.usage());
                writer.flag(*down);
            }
            Self::Text(text) => {
                writer.u8(4);
                writer.text(text.as_str());
            }
        }
    }
}

impl Point {
    fn read(reader: &mut Reader<'_>) -> Result<Self, Malformed> {
        Ok(Self {
            monitor: MonitorId::read(reader)?,
            x: reader.u16()?,
            y: reader.u16()?,
        })
    }

    fn write(self, writer: &mut Writer) {
        self.monitor.write(writer);
        writer.u16(self.x);
        writer.u16(self.y);
    }
}

impl Turn {
    pub(super) fn read(reader: &mut Reader<'_>) -> Result<Self, Malformed> {
        reader.u32().map(Self)
    }

    pub(super) fn write(self, writer: &mut Writer) {
        writer.u32(self.0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_one_of_a_keyboard() {
        assert!(Key::new(0x03).is_none() && Key::new(0xe8).is_none());
        assert!(Key::new(0x04).is_some_and(|key| !key.is_modifier()));
        assert!(Key::new(0xe0).is_some_and(Key::is_modifier));
    }

    #[test]
    fn what_is_typed_is_short_and_visible() {
        assert!(TypedText::parse("ä € 日本").is_ok());
        for wrong in ["", "\n", "a\u{1b}", &"x".repeat(33)] {
            assert!(TypedText::parse(wrong).is_err(), "{wrong:?}");
        }
    }
}
