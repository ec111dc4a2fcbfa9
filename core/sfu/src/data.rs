//! Data packets between participants: who wrote them, who may read them, what a resume replays.
//!
//! # Security
//!
//! An addressed message reaches nobody else. Its addressees stand in one of three places, and a
//! message with any of them filled is addressed even if it names nobody who is here. The sender's
//! name is ours, not the packet's.

mod cache;
mod pace;
mod packet;
mod waiting;

pub(crate) use cache::{CachedPacket, DataCache};
pub(crate) use pace::DataPace;
pub(crate) use packet::compose;
pub use packet::{Content, Envelope, Malformed, Recipients, Sender};
pub(crate) use waiting::WaitingData;

/// What a participant sends: drops repetitions, remembers for replays.
#[derive(Default)]
pub(crate) struct DataSource {
    /// Of the reliable channel; 0 before the first.
    last_sequence: u32,
    pub(crate) cache: DataCache,
    pub(crate) pace: DataPace,
}

impl DataSource {
    /// False: it has come before. Senders number from 1; 0 is unnumbered and always fresh.
    pub(crate) fn is_fresh(&mut self, sequence: u32) -> bool {
        if sequence == 0 {
            return true;
        }
        if sequence <= self.last_sequence {
            return false;
        }
        self.last_sequence = sequence;
        true
    }

    pub(crate) fn last_sequence(&self) -> u32 {
        self.last_sequence
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_repetition_is_not_fresh() {
        let mut source = DataSource::default();

        assert!(source.is_fresh(1) && source.is_fresh(3));
        assert!(!source.is_fresh(3) && !source.is_fresh(2));
        assert_eq!(source.last_sequence(), 3);
    }

    #[test]
    fn unnumbered_packets_are_always_fresh() {
        let mut source = DataSource::default();
        source.is_fresh(5);

        assert!(source.is_fresh(0) && source.is_fresh(0));
        assert_eq!(source.last_sequence(), 5);
    }
}
