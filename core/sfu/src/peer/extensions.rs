//! The RTP header extensions that a connection reads and writes.

use std::sync::Arc;

use str0m::rtp::{
    AbsCaptureTime, Extension, ExtensionMap, ExtensionSerializer, ExtensionValues, VideoOrientation,
};

use super::packet::{AudioLevel, CaptureTime, OutgoingPacket};

/// The numbers count in our own offers only; answers take the client's.
pub(super) fn extension_map() -> ExtensionMap {
    let mut map = ExtensionMap::empty();
    map.set(1, Extension::AudioLevel);
    map.set(2, Extension::AbsoluteSendTime);
    map.set(3, Extension::TransportSequenceNumber);
    map.set(4, Extension::RtpMid);
    map.set(5, Extension::AbsoluteCaptureTime);
    map.set(10, Extension::RtpStreamId);
    map.set(11, Extension::RepairedRtpStreamId);
    map.set(12, Extension::with_serializer(DESCRIPTOR_URI, Opaque));
    map.set(13, Extension::VideoOrientation);
    map
}

/// The values to send with a packet; the engine adds those of the transport.
pub(super) fn values_of(packet: &OutgoingPacket) -> ExtensionValues {
    let mut values = ExtensionValues::default();
    if let Some(level) = packet.audio_level {
        let attenuation = level.attenuation.min(AudioLevel::SILENCE);
        values.audio_level = Some(-attenuation.cast_signed());
        values.voice_activity = Some(level.voice);
    }
    if let Some(descriptor) = &packet.dependency_descriptor {
        values.user_values.set(Descriptor(Arc::clone(descriptor)));
    }
    values.video_orientation = packet.rotation.map(VideoOrientation::from);
    values.abs_capture_time = packet.capture_time.map(|time| AbsCaptureTime {
        capture_time: time.at,
        clock_offset: time.clock_offset,
    });
    values
}

pub(super) fn audio_level(values: &ExtensionValues) -> Option<AudioLevel> {
    Some(AudioLevel {
        attenuation: values.audio_level?.unsigned_abs(),
        voice: values.voice_activity.unwrap_or_default(),
    })
}

pub(super) fn dependency_descriptor(values: &ExtensionValues) -> Option<Arc<[u8]>> {
    let descriptor: &Descriptor = values.user_values.get()?;
    Some(Arc::clone(&descriptor.0))
}

pub(super) fn rotation(values: &ExtensionValues) -> Option<u8> {
    values
        .video_orientation
        .map(|orientation| orientation as u8)
}

pub(super) fn capture_time(values: &ExtensionValues) -> Option<CaptureTime> {
    let time = values.abs_capture_time.as_ref()?;
    Some(CaptureTime {
        at: time.capture_time,
        clock_offset: time.clock_offset,
    })
}

const DESCRIPTOR_URI: &str =
    "https://aomediacodec.github.io/av1-rtp-spec/#dependency-descriptor-rtp-header-extension";

/// What the two-byte form (RFC 8285, section 4.3) can carry.
pub(super) const MAX_DESCRIPTOR_BYTES: usize = 255;

/// A dependency descriptor as it is on the wire.
struct Descriptor(Arc<[u8]>);

/// Passes dependency descriptors through unread.
#[derive(Debug)]
struct Opaque;

impl ExtensionSerializer for Opaque {
    fn write_to(&self, buffer: &mut [u8], values: &ExtensionValues) -> usize {
        let Some(Descriptor(bytes)) = values.user_values.get() else {
            return 0;
        };
        match buffer.get_mut(..bytes.len()) {
            Some(room) => {
                room.copy_from_slice(bytes);
                bytes.len()
            }
            None => 0,
        }
    }

    fn parse_value(&self, bytes: &[u8], values: &mut ExtensionValues) -> bool {
        values.user_values.set(Descriptor(bytes.into()));
        true
    }

    fn is_video(&self) -> bool {
        true
    }

    fn is_audio(&self) -> bool {
        false
    }

    fn requires_two_byte_form(&self, values: &ExtensionValues) -> bool {
        const ONE_BYTE_FORM: usize = 16;
        values
            .user_values
            .get::<Descriptor>()
            .is_some_and(|Descriptor(bytes)| bytes.len() > ONE_BYTE_FORM)
    }
}
