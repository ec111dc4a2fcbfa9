//! What a technician can be permitted at a supported computer, each thing by itself.

use serde::{Deserialize, Serialize};

use super::wire::{Malformed, Reader, Writer, coded};

coded! {
    /// One thing that the local person permits or not.
    Capability {
        /// To see the screen, or the part of it that the local person chose.
        View = 0,
        /// To use keyboard and mouse.
        Control = 1,
        /// To put text onto the computer's clipboard.
        ClipboardIn = 2,
        /// To get the text that is on it.
        ClipboardOut = 3,
        /// To leave a file in the computer's inbox.
        FileIn = 4,
        /// To get a file that the local person picks.
        FileOut = 5,
        /// To get the facts of a fixed list.
        Diagnostics = 6,
        /// To write messages, and to get them.
        Chat = 7,
        /// To keep what is seen.
        Recording = 8,
        /// To show that they are an administrator of the computer, and to restart it then.
        Administrator = 9,
    }
}

impl Capability {
    /// Its stable name.
    pub const fn code(self) -> &'static str {
        match self {
            Self::View => "view",
            Self::Control => "control",
            Self::ClipboardIn => "clipboard_in",
            Self::ClipboardOut => "clipboard_out",
            Self::FileIn => "file_in",
            Self::FileOut => "file_out",
            Self::Diagnostics => "diagnostics",
            Self::Chat => "chat",
            Self::Recording => "recording",
            Self::Administrator => "administrator",
        }
    }
}

/// A set of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Vec<Capability>", into = "Vec<Capability>")]
pub struct Capabilities(u16);

/// What became of an [`Ask`](super::FromTechnician::Ask), or of what asks by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    Granted {
        /// From here on, unless it is taken back.
        seconds: u32,
    },
    /// The local person said no, or nothing.
    Denied,
    /// The organisation's policy doesn't permit it, or what is shown doesn't allow it.
    NotPermitted,
    /// The local person is being asked something, or was just now: ask again later.
    Busy,
    /// The local person said no before and is not asked again.
    AskedEnough,
}

impl Capabilities {
    pub const NONE: Self = Self(0);

    #[must_use]
    pub fn with(self, capability: Capability) -> Self {
        Self(self.0 | bit(capability))
    }

    #[must_use]
    pub fn without(self, capability: Capability) -> Self {
        Self(self.0 & !bit(capability))
    }

    /// What is in both.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    pub fn contains(self, capability: Capability) -> bool {
        self.0 & bit(capability) != 0
    }

    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    pub fn iter(self) -> impl Iterator<Item = Capability> {
        let all = Capability::ALL.iter().copied();
        all.filter(move |capability| self.contains(*capability))
    }
}

impl FromIterator<Capability> for Capabilities {
    fn from_iter<I: IntoIterator<Item = Capability>>(capabilities: I) -> Self {
        capabilities.into_iter().fold(Self::NONE, Self::with)
    }
}

impl From<Vec<Capability>> for Capabilities {
    fn from(capabilities: Vec<Capability>) -> Self {
        capabilities.into_iter().collect()
    }
}

impl From<Capabilities> for Vec<Capability> {
    fn from(capabilities: Capabilities) -> Self {
        capabilities.iter().collect()
    }
}

fn bit(capability: Capability) -> u16 {
    1 << capability as u16
}

impl Answer {
    pub(super) fn read(reader: &mut Reader<'_>) -> Result<Self, Malformed> {
        match reader.u8()? {
            0 => Ok(Self::Granted {
                seconds: reader.u32()?,
            }),
            1 => Ok(Self::Denied),
            2 => Ok(Self::NotPermitted),
            3 => Ok(Self::Busy),
            4 => Ok(Self::AskedEnough),
            _ => Err(Malformed),
        }
    }

    pub(super) fn write(self, writer: &mut Writer) {
        match self {
            Self::Granted { seconds } => {
                writer.u8(0);
                writer.u32(seconds);
            }
            Self::Denied => writer.u8(1),
            Self::NotPermitted => writer.u8(2),
            Self::Busy => writer.u8(3),
            Self::AskedEnough => writer.u8(4),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_crosses_the_wire_under_its_name() {
        for capability in Capability::ALL {
            assert_eq!(serde_json::to_value(capability).unwrap(), capability.code());
        }
    }

    #[test]
    fn a_set_holds_what_was_put_in_and_nothing_else() {
        let set = Capabilities::from_iter([Capability::View, Capability::Chat]);

        assert!(set.contains(Capability::View) && !set.contains(Capability::Control));
        assert_eq!(set.iter().count(), 2);
        assert!(
            set.without(Capability::View)
                .without(Capability::Chat)
                .is_empty()
        );
        let all: Capabilities = Capability::ALL.iter().copied().collect();
        assert_eq!(all.and(set), set);
    }
}
