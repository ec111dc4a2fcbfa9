//! Writing a packet into the engine's queue.

use str0m::Rtc;
use str0m::rtp::{RtpWrite, Vp8Descriptor, Vp8Patch};

use super::extensions;
use super::packet::{OutgoingPacket, Vp8Rewrite};
use super::sinks::Sinks;
use super::{MAX_RTP_PAYLOAD, SendError};

/// What would not fit the engine's buffer is refused: it would fail there, and not at the client
/// that sent it.
pub(super) fn check(packet: &OutgoingPacket) -> Result<(), SendError> {
    let descriptor = packet.dependency_descriptor.as_ref();
    if packet.payload.len() > MAX_RTP_PAYLOAD
        || descriptor.is_some_and(|d| d.len() > extensions::MAX_DESCRIPTOR_BYTES)
    {
        return Err(SendError::TooLong);
    }
    Ok(())
}

pub(super) fn write(
    rtc: &mut Rtc,
    sinks: &mut Sinks,
    packet: OutgoingPacket,
) -> Result<(), SendError> {
    let sink = sinks.sink(rtc, packet.mid, packet.codec)?;
    let values = extensions::values_of(&packet);
    let patch = packet
        .vp8
        .and_then(|rewrite| vp8_patch(&packet.payload, rewrite));
    let mut rtp = RtpWrite::new(
        sink.payload_type,
        packet.sequence.into(),
        packet.timestamp,
        packet.arrival,
        packet.payload,
    )
    .marker(packet.marker)
    .nackable(packet.retransmit)
    .ext_vals(values);
    if let Some(patch) = patch {
        rtp = rtp.vp8_patch(patch);
    }
    let mut api = rtc.direct_api();
    let stream = api.stream_tx(&sink.ssrc).ok_or(SendError::NoSection)?;
    stream.write_rtp(rtp);
    Ok(())
}

fn vp8_patch(payload: &[u8], rewrite: Vp8Rewrite) -> Option<Vp8Patch> {
    let descriptor = Vp8Descriptor::parse(payload).ok()?;
    let mut patch = descriptor.patch();
    if let Some(value) = rewrite
        .picture_id
        .filter(|_| descriptor.picture_id().is_some())
    {
        patch = patch.picture_id(value);
    }
    if let Some(value) = rewrite
        .tl0_pic_idx
        .filter(|_| descriptor.tl0_pic_idx().is_some())
    {
        patch = patch.tl0_pic_idx(value);
    }
    if let Some(value) = rewrite.key_idx.filter(|_| descriptor.key_idx().is_some()) {
        patch = patch.key_idx(value & 0x1f);
    }
    patch.build().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_without_room_in_the_descriptor_changes_nothing() {
        let short = [0x90, 0x80, 0x05, 1, 2];
        let rewrite = |picture_id| Vp8Rewrite {
            picture_id: Some(picture_id),
            tl0_pic_idx: Some(1),
            key_idx: Some(1),
        };

        assert!(vp8_patch(&short, rewrite(127)).is_some());
        assert!(vp8_patch(&short, rewrite(128)).is_none());
        assert!(vp8_patch(&[], rewrite(1)).is_none());
    }
}
