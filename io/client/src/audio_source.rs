//! Opus, recorded or made up: a packet each 20 ms; one that is made up has what its receiver needs to judge it.

use std::time::{Duration, Instant};

use str0m::rtp::{RedEncoder, RedundantBlock};

use crate::publication::AudioOptions;
use crate::recording::Recording;
use crate::stamp::Stamp;

/// Encodes nothing, but at the pace and in the form of an encoder.
pub(crate) struct AudioSource {
    size: usize,
    attenuation: u8,
    epoch: Instant,
    clock: Option<Clock>,
    number: u32,
    recording: Option<Recording>,
    /// For redundancy.
    previous: Option<(u32, Vec<u8>)>,
}

struct Clock {
    start: Instant,
    next: Instant,
}

/// One packet.
pub(crate) struct Frame {
    /// 48 kHz.
    pub(crate) timestamp: u32,
    pub(crate) payload: Vec<u8>,
    /// The first after silence.
    pub(crate) starts_talk: bool,
    pub(crate) attenuation: u8,
}

/// RFC 6716, section 3.1: CELT, fullband, 20 ms, one mono frame.
const TABLE_OF_CONTENTS: u8 = 31 << 3;
const FRAME_TIME: Duration = Duration::from_millis(20);
const FRAMES_PER_SECOND: u32 = 50;
const CLOCK_RATE: u128 = 48_000;
/// In bytes: RFC 6716, section 3.2.1.
const LARGEST_FRAME: usize = 1275;
/// A sender that was held up for longer leaves packets out instead of sending them at once.
const LONGEST_DELAY: Duration = Duration::from_millis(200);

impl AudioSource {
    pub(crate) fn new(options: &AudioOptions, epoch: Instant) -> Self {
        let size = (options.bitrate / 8 / FRAMES_PER_SECOND) as usize;
        Self {
            size: size.min(LARGEST_FRAME - 1),
            attenuation: options.attenuation,
            epoch,
            clock: None,
            number: 0,
            recording: options.recording.clone(),
            previous: None,
        }
    }

    pub(crate) fn wake(&self) -> Option<Instant> {
        self.clock.as_ref().map(|clock| clock.next)
    }

    /// From here on packets are due; again after a pause.
    pub(crate) fn start(&mut self, now: Instant) {
        self.previous = None;
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

    /// The packet that is due at `now`. `red`: the payload type of Opus, when the packet is to be
    /// redundant.
    pub(crate) fn poll(&mut self, now: Instant, red: Option<u8>) -> Option<Frame> {
        let clock = self.clock.as_mut().filter(|clock| clock.next <= now)?;
        let elapsed = clock.next.saturating_duration_since(clock.start);
        clock.next += FRAME_TIME;
        if clock.next + LONGEST_DELAY < now {
            clock.next = now;
        }
        let timestamp = (elapsed.as_nanos() * CLOCK_RATE / 1_000_000_000) as u32;
        let starts_talk = self.previous.is_none();
        let opus = self.encode(now);
        let payload = match red {
            Some(opus_type) => self.redundant(opus_type, timestamp, &opus),
            None => opus.clone(),
        };
        self.previous = Some((timestamp, opus));
        Some(Frame {
            timestamp,
            payload,
            starts_talk,
            attenuation: self.attenuation,
        })
    }

    fn encode(&mut self, now: Instant) -> Vec<u8> {
        let stamp = Stamp {
            layer: 0,
            number: self.number,
            sent: now.saturating_duration_since(self.epoch),
        };
        let number = self.number;
        self.number = number.wrapping_add(1);
        if let Some(recording) = &self.recording {
            return recording.after(number).to_vec();
        }
        let mut opus = vec![TABLE_OF_CONTENTS];
        stamp.write(&mut opus, self.size);
        opus
    }

    fn redundant(&self, opus_type: u8, timestamp: u32, opus: &[u8]) -> Vec<u8> {
        let previous = self
            .previous
            .as_ref()
            .map(|(before, payload)| RedundantBlock {
                pt: opus_type,
                timestamp_offset: timestamp.wrapping_sub(*before),
                payload: payload.clone(),
            });
        RedEncoder::encode(opus_type, opus, previous.as_slice())
    }
}

/// What the stamp of an Opus packet is read from.
pub(crate) fn body(opus: &[u8]) -> &[u8] {
    opus.get(1..).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use str0m::rtp::RedDecoder;

    use super::*;
    use crate::stamp::Verdict;

    #[test]
    fn a_second_has_fifty_packets_of_the_bitrate() {
        let now = Instant::now();
        let mut source = AudioSource::new(&AudioOptions::default(), now);
        source.start(now);

        let frames: Vec<_> = (0..50)
            .map(|_| source.poll(source.wake().unwrap(), None).unwrap())
            .collect();

        let bytes: usize = frames.iter().map(|frame| frame.payload.len()).sum();
        assert_eq!(source.wake().unwrap() - now, Duration::from_secs(1));
        assert_eq!(bytes, 50 * 81);
        assert_eq!(frames[49].timestamp, 49 * 960);
        assert!(frames[0].starts_talk && !frames[1].starts_talk);
        assert!(source.poll(now, None).is_none());
    }

    #[test]
    fn a_redundant_packet_repeats_the_one_before() {
        let now = Instant::now();
        let mut source = AudioSource::new(&AudioOptions::default(), now);
        source.start(now);
        let first = source.poll(now, Some(111)).unwrap();
        let second = source.poll(now + FRAME_TIME, Some(111)).unwrap();

        let blocks = RedDecoder::decode(&second.payload).unwrap();

        assert_eq!(blocks.len(), 2);
        assert_eq!(blocks[0].timestamp_offset, 960);
        assert_eq!(
            RedDecoder::decode(&first.payload).unwrap()[0].payload,
            blocks[0].payload
        );
        assert!(matches!(
            Stamp::read(body(blocks[1].payload)),
            Verdict::Intact(_)
        ));
    }

    #[test]
    fn a_recording_is_sent_again_and_again() {
        let now = Instant::now();
        let options = AudioOptions {
            recording: Recording::new(vec![vec![1], vec![2]]),
            ..AudioOptions::default()
        };
        let mut source = AudioSource::new(&options, now);
        source.start(now);

        let mut next = || source.poll(source.wake().unwrap(), None).unwrap().payload;
        assert_eq!([next(), next(), next()], [[1], [2], [1]]);
    }

    #[test]
    fn no_packet_is_larger_than_opus_allows() {
        let now = Instant::now();
        let options = AudioOptions {
            bitrate: u32::MAX,
            ..AudioOptions::default()
        };
        let mut source = AudioSource::new(&options, now);
        source.start(now);

        assert!(source.poll(now, None).unwrap().payload.len() <= LARGEST_FRAME);
    }
}
