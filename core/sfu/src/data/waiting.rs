//! Reliable data for a participant whose channel is not open yet.

use std::sync::Arc;

/// Empties once, when the channel opens for the first time; that is later than the connection.
#[derive(Default)]
pub(crate) struct WaitingData {
    packets: Vec<Arc<[u8]>>,
    bytes: usize,
    is_over: bool,
}

/// Connecting takes a second or two; whoever is sent more meanwhile loses the rest.
pub(crate) const MOST_BYTES: usize = 1 << 20;

impl WaitingData {
    /// False: there is no room for it, or nobody waits any more.
    pub(crate) fn add(&mut self, packet: Arc<[u8]>) -> bool {
        if self.is_over || self.bytes + packet.len() > MOST_BYTES {
            return false;
        }
        self.bytes += packet.len();
        self.packets.push(packet);
        true
    }

    /// What waits is gone.
    pub(crate) fn flush(&mut self) {
        self.bytes = 0;
        self.packets.clear();
    }

    pub(crate) fn take(&mut self) -> Vec<Arc<[u8]>> {
        self.is_over = true;
        self.bytes = 0;
        std::mem::take(&mut self.packets)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packets_wait_in_order_and_are_taken_once() {
        let mut waiting = WaitingData::default();
        assert!(waiting.add(vec![1].into()) && waiting.add(vec![2].into()));

        assert_eq!(
            waiting.take(),
            [vec![1].into(), vec![2].into()] as [Arc<[u8]>; 2]
        );
        assert!(waiting.take().is_empty());
    }

    #[test]
    fn nothing_waits_for_a_channel_that_was_open() {
        let mut waiting = WaitingData::default();
        waiting.take();

        assert!(!waiting.add(vec![1].into()));
    }

    #[test]
    fn what_is_flushed_is_gone_and_what_follows_waits() {
        let mut waiting = WaitingData::default();
        assert!(waiting.add(vec![1].into()));

        waiting.flush();

        assert!(waiting.add(vec![2].into()));
        assert_eq!(waiting.take(), [vec![2].into()] as [Arc<[u8]>; 1]);
    }

    #[test]
    fn what_waits_is_bounded() {
        let mut waiting = WaitingData::default();
        assert!(waiting.add(vec![0; MOST_BYTES].into()));

        assert!(!waiting.add(vec![0].into()));
    }
}
