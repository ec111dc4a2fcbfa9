//! VP8, recorded or made up: the same frames at the same moments, each time.

use std::time::{Duration, Instant};

use crate::publication::{VideoLayer, VideoOptions};
use crate::recording::Recording;
use crate::stamp::Stamp;
use crate::vp8::{Descriptor, Header, Temporal};

/// Encodes nothing, but at the pace and in the form of an encoder.
pub(crate) struct VideoSource {
    layers: Vec<Layer>,
    frame_time: Duration,
    temporal_layers: u8,
    epoch: Instant,
    clock: Option<Clock>,
}

/// One simulcast layer.
struct Layer {
    options: VideoLayer,
    recording: Option<Recording>,
    /// Somebody wants it, and the publisher sends it.
    active: bool,
    key_frame_due: bool,
    /// Frames so far.
    number: u32,
    picture_id: u16,
    tl0_pic_idx: u8,
    /// Frames since the last key frame.
    since_key: u32,
    /// Encoders of the layers of one camera do not share a zero.
    timestamp_offset: u32,
}

struct Clock {
    start: Instant,
    next: Instant,
}

/// One frame, before it is cut for the wire.
pub(crate) struct Frame {
    /// Index into the options' layers.
    pub(crate) layer: usize,
    /// 90 kHz.
    pub(crate) timestamp: u32,
    /// Of its first packet.
    descriptor: Descriptor,
    /// The VP8 data.
    pub(crate) data: Vec<u8>,
}

/// A key frame has the bytes of so many others.
const KEY_FRAME_WEIGHT: u32 = 4;
/// Of VP8 data in a packet: what browsers put there, headers and seal beside it.
const LARGEST_PACKET: usize = 1100;
/// In bytes: no frame of a layer is larger, whatever its options say.
const LARGEST_FRAME: u32 = 256 * 1024;
/// A sender that was held up for longer leaves frames out instead of sending them at once.
const LONGEST_DELAY: Duration = Duration::from_millis(100);
const CLOCK_RATE: u128 = 90_000;

impl VideoSource {
    pub(crate) fn new(options: &VideoOptions, epoch: Instant) -> Self {
        let layers = (options.layers.iter().take(crate::publication::RIDS.len()))
            .enumerate()
            .map(|(index, layer)| Layer::new(*layer, index, options.recording.clone()))
            .collect();
        Self {
            layers,
            frame_time: Duration::from_secs(1) / options.frames_per_second.clamp(1, 240),
            temporal_layers: options.temporal_layers.clamp(1, 3),
            epoch,
            clock: None,
        }
    }

    pub(crate) fn layer_count(&self) -> usize {
        self.layers.len()
    }

    pub(crate) fn wake(&self) -> Option<Instant> {
        self.clock.as_ref().map(|clock| clock.next)
    }

    /// From here on frames are due. Again after a pause: at a key frame.
    pub(crate) fn start(&mut self, now: Instant) {
        self.request_key_frames();
        match &mut self.clock {
            Some(clock) => clock.next = now,
            None => {
                self.clock = Some(Clock {
                    start: now,
                    next: now,
                })
            }
        }
    }

    /// Of one layer by its index, or of all.
    pub(crate) fn request_key_frame(&mut self, layer: Option<usize>) {
        for (index, of) in self.layers.iter_mut().enumerate() {
            of.key_frame_due |= layer.is_none_or(|layer| layer == index);
        }
    }

    pub(crate) fn request_key_frames(&mut self) {
        self.request_key_frame(None);
    }

    /// The layers that are sent; one that comes back does so at a key frame.
    pub(crate) fn want(&mut self, wanted: impl Fn(usize) -> bool) {
        for (index, layer) in self.layers.iter_mut().enumerate() {
            let active = wanted(index);
            layer.key_frame_due |= active && !layer.active;
            layer.active = active;
        }
    }

    pub(crate) fn want_all(&mut self) {
        self.want(|_| true);
    }

    /// The frames of all active layers that are due at `now`.
    pub(crate) fn poll(&mut self, now: Instant) -> Vec<Frame> {
        let Some(clock) = &mut self.clock else {
            return Vec::new();
        };
        if clock.next > now {
            return Vec::new();
        }
        let elapsed = clock.next.saturating_duration_since(clock.start);
        clock.next += self.frame_time;
        if clock.next + LONGEST_DELAY < now {
            clock.next = now;
        }
        let sent = now.saturating_duration_since(self.epoch);
        let ticks = ticks(elapsed);
        let (frame_time, temporal_layers) = (self.frame_time, self.temporal_layers);
        let layers = self.layers.iter_mut().enumerate();
        layers
            .filter(|(_, layer)| layer.active)
            .map(|(index, layer)| {
                let timestamp = ticks.wrapping_add(layer.timestamp_offset);
                let (descriptor, data) = layer.encode(index, sent, frame_time, temporal_layers);
                Frame {
                    layer: index,
                    timestamp,
                    descriptor,
                    data,
                }
            })
            .collect()
    }
}

impl Frame {
    /// The last one carries the marker.
    pub(crate) fn packets(&self) -> Vec<Vec<u8>> {
        cut(&self.data, self.descriptor)
    }
}

impl Layer {
    fn new(options: VideoLayer, index: usize, recording: Option<Recording>) -> Self {
        let index = index as u32;
        Self {
            options,
            recording,
            active: true,
            key_frame_due: true,
            number: 0,
            picture_id: 1000 * index as u16,
            tl0_pic_idx: 50 * index as u8,
            since_key: 0,
            timestamp_offset: 1_000_003 * index,
        }
    }

    fn encode(
        &mut self,
        index: usize,
        sent: Duration,
        frame_time: Duration,
        temporal_layers: u8,
    ) -> (Descriptor, Vec<u8>) {
        let is_key = std::mem::take(&mut self.key_frame_due);
        self.since_key = if is_key {
            0
        } else {
            self.since_key.wrapping_add(1)
        };
        let temporal = pattern(temporal_layers, self.since_key);
        self.picture_id = self.picture_id.wrapping_add(1) & 0x7fff;
        if temporal.layer == 0 {
            self.tl0_pic_idx = self.tl0_pic_idx.wrapping_add(1);
        }

        let stamp = Stamp {
            layer: index as u8,
            number: self.number,
            sent,
        };
        self.number = self.number.wrapping_add(1);
        let frame = match &self.recording {
            Some(recording) => recording.after(self.since_key).to_vec(),
            None => self.made_up(is_key, stamp, frame_time),
        };
        let descriptor = Descriptor {
            starts_frame: true,
            picture_id: Some(self.picture_id),
            tl0_pic_idx: Some(self.tl0_pic_idx),
            temporal: Some(temporal),
        };
        (descriptor, frame)
    }

    fn made_up(&self, is_key: bool, stamp: Stamp, frame_time: Duration) -> Vec<u8> {
        let VideoLayer { width, height, .. } = self.options;
        let header = if is_key {
            Header::Key { width, height }
        } else {
            Header::Delta
        };
        let mut frame = Vec::new();
        header.write(&mut frame);
        stamp.write(&mut frame, self.size(is_key, frame_time));
        frame
    }

    fn size(&self, is_key: bool, frame_time: Duration) -> usize {
        let bits = u128::from(self.options.bitrate) * frame_time.as_micros() / 1_000_000;
        let delta = u32::try_from(bits / 8).unwrap_or(LARGEST_FRAME);
        let size = if is_key {
            delta.saturating_mul(KEY_FRAME_WEIGHT)
        } else {
            delta
        };
        size.min(LARGEST_FRAME) as usize
    }
}

/// 0 0 0 0, or 0 1 0 1, or 0 2 1 2: frames per temporal layer as LiveKit's clients encode them.
fn pattern(temporal_layers: u8, since_key: u32) -> Temporal {
    let (layer, sync) = match (temporal_layers, since_key % 4) {
        (2, 1 | 3) => (1, true),
        (3, 1) => (2, true),
        (3, 2) => (1, true),
        (3, 3) => (2, false),
        _ => (0, false),
    };
    Temporal { layer, sync }
}

fn cut(frame: &[u8], first: Descriptor) -> Vec<Vec<u8>> {
    let chunks = frame.chunks(LARGEST_PACKET).enumerate();
    chunks
        .map(|(index, chunk)| {
            let descriptor = Descriptor {
                starts_frame: index == 0,
                ..first
            };
            let mut packet = Vec::with_capacity(chunk.len() + 8);
            descriptor.write(&mut packet);
            packet.extend_from_slice(chunk);
            packet
        })
        .collect()
}

fn ticks(elapsed: Duration) -> u32 {
    (elapsed.as_nanos() * CLOCK_RATE / 1_000_000_000) as u32
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stamp::Verdict;

    #[test]
    fn a_second_has_the_frames_and_the_bytes_that_were_asked_for() {
        let now = Instant::now();
        let mut source = VideoSource::new(&VideoOptions::small_camera(), now);
        source.start(now);
        assert_eq!(source.poll(now).len(), 1);
        let mut bytes = 0;
        for _ in 0..25 {
            let frames = source.poll(source.wake().unwrap());
            assert_eq!(frames.len(), 1);
            bytes += frames[0].packets().iter().map(Vec::len).sum::<usize>();
        }

        assert!(
            (480_000..530_000).contains(&(bytes * 8)),
            "{} bits",
            bytes * 8
        );
        assert_eq!(source.wake().unwrap() - now, Duration::from_millis(26 * 40));
    }

    #[test]
    fn each_packet_of_a_frame_describes_it_and_the_whole_is_intact() {
        let now = Instant::now();
        let mut source = VideoSource::new(&VideoOptions::simulcast_camera(), now);
        source.start(now);

        let frames = source.poll(now + Duration::from_millis(3));

        assert_eq!(frames.len(), 3);
        for frame in frames {
            let packets = frame.packets();
            let read: Vec<_> = packets
                .iter()
                .map(|packet| Descriptor::read(packet).unwrap())
                .collect();
            let starts = read
                .iter()
                .filter(|(descriptor, _)| descriptor.starts_frame)
                .count();
            let whole: Vec<u8> = read
                .iter()
                .flat_map(|(_, data)| data.iter().copied())
                .collect();
            let (header, body) = Header::read(&whole).unwrap();
            let VideoLayer { width, height, .. } =
                VideoOptions::simulcast_camera().layers[frame.layer];
            let stamp = Stamp {
                layer: frame.layer as u8,
                number: 0,
                sent: Duration::from_millis(3),
            };
            assert_eq!(starts, 1);
            assert_eq!(header, Header::Key { width, height });
            assert_eq!(Stamp::read(body), Verdict::Intact(stamp));
        }
    }

    #[test]
    fn only_the_asked_layer_sends_a_key_frame() {
        let now = Instant::now();
        let mut source = VideoSource::new(&VideoOptions::simulcast_camera(), now);
        source.start(now);
        source.poll(now);

        source.request_key_frame(Some(1));

        let frames = source.poll(source.wake().unwrap());
        let keys: Vec<_> = frames
            .iter()
            .filter(|frame| is_key(frame))
            .map(|f| f.layer)
            .collect();
        assert_eq!(keys, [1]);
    }

    #[test]
    fn a_recording_begins_anew_where_a_key_frame_is_asked_for() {
        let now = Instant::now();
        let options = VideoOptions {
            recording: Recording::new(vec![vec![0], vec![1], vec![2]]),
            ..VideoOptions::small_camera()
        };
        let mut source = VideoSource::new(&options, now);
        source.start(now);
        let mut next = |asked| {
            if asked {
                source.request_key_frames();
            }
            let at = source.wake().unwrap();
            source.poll(at).remove(0).data[0]
        };

        let numbers = [false, false, false, false, false, true, false].map(&mut next);

        assert_eq!(numbers, [0, 1, 2, 0, 1, 0, 1]);
    }

    #[test]
    fn an_unwanted_layer_is_silent_and_comes_back_at_a_key_frame() {
        let now = Instant::now();
        let mut source = VideoSource::new(&VideoOptions::simulcast_camera(), now);
        source.start(now);
        source.poll(now);

        source.want(|layer| layer == 0);
        let low: Vec<_> = source
            .poll(source.wake().unwrap())
            .iter()
            .map(|f| f.layer)
            .collect();
        source.want_all();
        let all = source.poll(source.wake().unwrap());

        assert_eq!(low, [0]);
        assert_eq!(
            all.iter().map(is_key).collect::<Vec<_>>(),
            [false, true, true]
        );
    }

    #[test]
    fn a_late_source_leaves_frames_out() {
        let now = Instant::now();
        let mut source = VideoSource::new(&VideoOptions::small_camera(), now);
        source.start(now);
        source.poll(now);

        let late = now + Duration::from_secs(5);

        assert_eq!(source.poll(late).len(), 1);
        assert_eq!(source.wake(), Some(late));
    }

    #[test]
    fn three_temporal_layers_follow_the_pattern() {
        let layers: Vec<_> = (0..8).map(|frame| pattern(3, frame).layer).collect();

        assert_eq!(layers, [0, 2, 1, 2, 0, 2, 1, 2]);
    }

    #[test]
    fn no_frame_is_larger_than_the_bound() {
        let now = Instant::now();
        let options = VideoOptions::camera([VideoLayer::new(1, 1, u32::MAX)]);
        let mut source = VideoSource::new(&options, now);
        source.start(now);

        let frames = source.poll(now);

        let bytes: usize = frames[0].packets().iter().map(Vec::len).sum();
        assert!(bytes < 2 * LARGEST_FRAME as usize);
    }

    fn is_key(frame: &Frame) -> bool {
        matches!(Header::read(&frame.data), Some((Header::Key { .. }, _)))
    }
}
