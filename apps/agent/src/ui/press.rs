//! What can be pressed in the windows, and which of it the keyboard is at.

use conclave_protocol::feedback::LONGEST_TEXT;
use conclave_protocol::remote::{Capability, MonitorId, TransferId};

/// One button or field. The same, whether a mouse or a key presses it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Press {
    Field(Field),
    Continue,
    Cancel,
    /// Of what can be shown, by its place in the list.
    Choose(usize),
    Minutes(u16),
    No,
    Yes,
    Stop,
    Details,
    PutAway,
    MoveBar(MonitorId),
    Withdraw(Capability),
    LetAsk(Capability),
    /// Of the parts of the screen, by its place in the list.
    Show(usize),
    CancelFile(TransferId),
    Send,
    /// Of the folder's entries, by its place in the list.
    Entry(usize),
    FolderAbove,
    PageBefore,
    PageAfter,
    NoFile,
    Solved(bool),
    Rate(u8),
    /// Of the organisation's own questions, by its place in the list.
    RateOne(usize, u8),
    SendFeedback,
    Close,
}

/// Where the person writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Field {
    Code,
    Name,
    Passcode,
    Message,
    /// To a question of the organisation's own, by its place in the list.
    Answer(usize),
}

/// A key that does something in every window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Key {
    Next,
    Previous,
    Enter,
    Space,
    Escape,
}

impl Press {
    /// Whether it is in a list that may be longer than its window.
    pub(super) fn is_listed(self) -> bool {
        matches!(
            self,
            Self::Choose(_)
                | Self::Withdraw(_)
                | Self::LetAsk(_)
                | Self::Show(_)
                | Self::CancelFile(_)
                | Self::RateOne(..)
                | Self::Field(Field::Answer(_))
        )
    }
}

impl Field {
    /// In characters; more is not taken.
    pub(super) fn longest(self) -> usize {
        match self {
            Self::Code => 2_000,
            Self::Name => 64,
            Self::Passcode => 64,
            Self::Message => 2_000,
            Self::Answer(_) => LONGEST_TEXT,
        }
    }

    /// What is typed, as far as it is taken.
    pub(super) fn taken(self, text: &str) -> String {
        text.chars().take(self.longest()).collect()
    }
}

/// The next stop of the keyboard, around and around.
pub(super) fn step(stops: &[Press], at: Option<Press>, key: Key) -> Option<Press> {
    let place = stops.iter().position(|stop| Some(*stop) == at);
    let count = stops.len();
    let next = match (place, key) {
        (None, _) => 0,
        (Some(place), Key::Previous) => (place + count - 1) % count,
        (Some(place), _) => (place + 1) % count,
    };
    stops.get(next).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_keyboard_goes_around_both_ways() {
        let stops = [Press::No, Press::Yes, Press::Stop];

        assert_eq!(step(&stops, Some(Press::Stop), Key::Next), Some(Press::No));
        assert_eq!(
            step(&stops, Some(Press::No), Key::Previous),
            Some(Press::Stop)
        );
    }

    #[test]
    fn what_is_gone_has_the_keyboard_no_more() {
        assert_eq!(
            step(&[Press::No], Some(Press::Yes), Key::Next),
            Some(Press::No)
        );
        assert_eq!(step(&[], Some(Press::Yes), Key::Next), None);
    }

    #[test]
    fn a_field_takes_so_much_and_no_more() {
        assert_eq!(Field::Name.taken(&"ä".repeat(100)).chars().count(), 64);
    }
}
