//! The data channels of a connection, by their names.

use std::collections::BTreeMap;

use str0m::Rtc;
use str0m::channel::{ChannelConfig, ChannelId, Reliability};

use super::output::DataChannel;
use super::{DataError, MAX_BUFFERED_DATA, MAX_DATA_MESSAGE};

/// Those of LiveKit's names that are open.
#[derive(Default)]
pub(super) struct Channels {
    open: BTreeMap<DataChannel, ChannelId>,
    /// Opened by the client in the connection's life, whatever their names.
    opened: usize,
}

impl Channels {
    /// `None`: not one of LiveKit's names.
    pub(super) fn opened(&mut self, id: ChannelId, label: &str) -> Option<DataChannel> {
        self.opened += 1;
        let channel = DataChannel::from_label(label)?;
        self.open.insert(channel, id);
        Some(channel)
    }

    pub(super) fn closed(&mut self, id: ChannelId) -> Option<DataChannel> {
        let channel = self.channel(id)?;
        self.open.remove(&channel);
        Some(channel)
    }

    pub(super) fn channel(&self, id: ChannelId) -> Option<DataChannel> {
        let mut open = self.open.iter();
        open.find_map(|(channel, of)| (*of == id).then_some(*channel))
    }

    pub(super) fn is_open(&self, channel: DataChannel) -> bool {
        self.open.contains_key(&channel)
    }

    /// More than any honest client opens: each costs the engine memory and time.
    pub(super) fn are_too_many(&self) -> bool {
        self.opened > MAX_OPENED
    }

    pub(super) fn id(&self, channel: DataChannel) -> Option<ChannelId> {
        self.open.get(&channel).copied()
    }
}

pub(super) fn write(
    rtc: &mut Rtc,
    channel: DataChannel,
    id: ChannelId,
    bytes: &[u8],
) -> Result<(), DataError> {
    if bytes.len() > MAX_DATA_MESSAGE {
        return Err(DataError::TooLong);
    }
    let mut engine = rtc.channel(id).ok_or(DataError::NotOpen)?;
    if engine.buffered_amount() + bytes.len() > limit(channel) {
        return Err(DataError::Full);
    }
    match engine.write(true, bytes) {
        Ok(true) => Ok(()),
        Ok(false) => Err(DataError::Full),
        Err(_) => Err(DataError::NotOpen),
    }
}

/// What the server opens on a subscriber connection (v0).
pub(super) fn configuration(channel: DataChannel) -> ChannelConfig {
    let ordered = channel == DataChannel::Reliable;
    ChannelConfig {
        label: channel.label().to_owned(),
        ordered,
        reliability: if ordered {
            Reliability::Reliable
        } else {
            Reliability::MaxRetransmits { retransmits: 0 }
        },
        ..ChannelConfig::default()
    }
}

fn limit(channel: DataChannel) -> usize {
    match channel {
        DataChannel::Reliable => MAX_BUFFERED_DATA,
        DataChannel::Lossy | DataChannel::Track => MAX_BUFFERED_LOSSY,
    }
}

/// Old news is worth nothing on a lossy channel: what waits longer than this much is dropped.
const MAX_BUFFERED_LOSSY: usize = 256 << 10;
const MAX_OPENED: usize = 32;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_reliable_channel_is_ordered_and_retransmits() {
        for channel in DataChannel::ALL {
            let config = configuration(channel);
            let reliable = channel == DataChannel::Reliable;
            assert_eq!(config.label, channel.label());
            assert_eq!(config.ordered, reliable);
            assert_eq!(
                matches!(config.reliability, Reliability::Reliable),
                reliable
            );
        }
    }
}
