//! One setting's way through the layers. What is permitted and why are read from the same walk.

use conclave_protocol::policy::{Setting, SettingValue, Source, Word};

use super::layers::Floor;
use super::strictness::{rank, stricter};

/// Where one setting stands after the layers that were heard.
#[derive(Clone, Copy)]
pub(super) struct Walk {
    pub(super) value: SettingValue,
    pub(super) decided_by: Source,
    /// The last word asked for more than it got.
    pub(super) is_held: bool,
    /// What may be permitted at the most from here on, and whose lock says so. A word that asked for more moved neither.
    most: SettingValue,
    pub(super) holder: Source,
}

impl Walk {
    pub(super) fn start(setting: Setting, floor: &Floor) -> Self {
        let (start, most) = (floor.start.value(setting), floor.most.value(setting));
        let is_held = rank(most) < rank(start);
        Self {
            value: stricter(start, most),
            decided_by: match is_held {
                true => Source::Floor,
                false => Source::Default,
            },
            is_held: false,
            most,
            holder: Source::Floor,
        }
    }

    /// The words of one layer; of several the strictest counts, and each lock. None: nothing changes.
    pub(super) fn hear(self, words: &[(Source, Word)]) -> Self {
        let strictest = |words: &mut dyn Iterator<Item = &(Source, Word)>| {
            words
                .min_by_key(|(source, word)| (rank(word.value), *source))
                .copied()
        };
        let Some((decided_by, word)) = strictest(&mut words.iter()) else {
            return self;
        };
        let value = stricter(word.value, self.most);
        let lock = strictest(&mut words.iter().filter(|(_, word)| word.locked));
        let (most, holder) = match lock {
            Some((source, lock)) if rank(lock.value) < rank(self.most) => (lock.value, source),
            _ => (self.most, self.holder),
        };
        Self {
            value,
            decided_by,
            is_held: value != word.value,
            most,
            holder,
        }
    }
}
