//! Everything that this member sends: tracks and messages, sealed under the current epoch.

use std::collections::BTreeMap;

use zeroize::Zeroize;

use super::codec::MAX_FRAME_BYTES;
use super::data::{Channel, Label, MAX_MESSAGE_BYTES};
use super::epoch::EpochKeys;
use super::key_id::{Context, Leaf};
use super::outgoing::Outgoing;
use super::refusal::{Stale, Unsealed};
use super::track::Track;

/// Fails closed: without a key, and after an error, nothing is there to be sent.
///
/// # Security
///
/// No key seals two frames with one counter. A key is of one epoch, leaf and stream; a stream's
/// counter only rises, through all epochs, and is kept when its track ends and another one takes
/// its place, and when the member gets another leaf or comes into another group. So a member has one
/// `Sealer`, which is never stored or copied; after a reload it joins anew, in a later epoch.
pub struct Sealer {
    leaf: Leaf,
    /// The newest that it was switched to, with or without keys.
    epoch: Option<u64>,
    keys: Option<EpochKeys>,
    /// Every one that was ever in use.
    streams: BTreeMap<Context, Stream>,
    messages: BTreeMap<(Label, Channel), Outgoing>,
}

struct Stream {
    outgoing: Outgoing,
    /// `None` when it is over.
    track: Option<Track>,
}

impl Sealer {
    /// Seals nothing yet.
    pub fn new(leaf: Leaf) -> Self {
        let ways = Label::ALL.map(|label| Channel::ALL.map(|channel| (label, channel)));
        let messages = ways.into_iter().flatten();
        Self {
            leaf,
            epoch: None,
            keys: None,
            streams: BTreeMap::new(),
            messages: messages
                .map(|way| (way, Outgoing::new(leaf, way.1.context())))
                .collect(),
        }
    }

    /// Seals under these keys from here on. An epoch that is behind changes nothing.
    pub fn switch(&mut self, keys: &EpochKeys) -> Result<(), Stale> {
        if self.epoch > Some(keys.epoch()) {
            return Err(Stale);
        }
        self.epoch = Some(keys.epoch());
        self.keys = Some(keys.clone());
        for stream in self.streams.values_mut() {
            stream.outgoing.switch(keys);
        }
        for label in Label::ALL {
            let keys = keys.under(label.text());
            let ways = self.messages.range_mut((label, Channel::Reliable)..);
            ways.take_while(|((of, _), _)| *of == label)
                .for_each(|(_, outgoing)| outgoing.switch(&keys));
        }
        Ok(())
    }

    /// Seals for another leaf, or for another group, whose epochs count from the start: nothing until the next
    /// [`Sealer::switch`].
    pub fn move_to(&mut self, leaf: Leaf) {
        self.leaf = leaf;
        self.epoch = None;
        self.keys = None;
        let streams = self.streams.values_mut().map(|stream| &mut stream.outgoing);
        streams
            .chain(self.messages.values_mut())
            .for_each(|outgoing| outgoing.move_to(leaf));
    }

    /// Forgets the keys: nothing is sealed until the next [`Sealer::switch`].
    pub fn stop(&mut self) {
        self.keys = None;
        let streams = self.streams.values_mut().map(|stream| &mut stream.outgoing);
        streams
            .chain(self.messages.values_mut())
            .for_each(Outgoing::stop);
    }

    /// The epoch under which it seals.
    pub fn epoch(&self) -> Option<u64> {
        self.keys.as_ref().map(EpochKeys::epoch)
    }

    /// A stream for one track, that is for one encoder or for all layers of a simulcast that
    /// pass through one place. `None` if all are in use, or one of them for a track like it: the server could
    /// exchange the two.
    pub fn add_track(&mut self, track: Track) -> Option<Context> {
        let mut tracks = self
            .streams
            .values()
            .filter_map(|stream| stream.track.as_ref());
        if tracks.any(|other| *other == track) {
            return None;
        }
        let used = |context: &Context| {
            let stream = self.streams.get(context);
            stream.is_some_and(|stream| stream.track.is_some())
        };
        let context = Context::all().find(|context| !used(context))?;
        let stream = self.streams.entry(context).or_insert_with(|| Stream {
            outgoing: Outgoing::new(self.leaf, context),
            track: None,
        });
        stream.track = Some(track);
        if let Some(keys) = &self.keys {
            stream.outgoing.switch(keys);
        }
        Some(context)
    }

    /// The track is over; its place is free, its counter stays.
    pub fn remove_track(&mut self, context: Context) {
        if let Some(stream) = self.streams.get_mut(&context) {
            stream.track = None;
        }
    }

    /// Replaces what is in `out` by the sealed frame; after an error `out` is empty.
    pub fn seal_frame(
        &mut self,
        track: Context,
        frame: &[u8],
        out: &mut Vec<u8>,
    ) -> Result<(), Unsealed> {
        out.clear();
        if frame.len() > MAX_FRAME_BYTES {
            return Err(Unsealed::TooLarge);
        }
        let stream = self.streams.get_mut(&track).ok_or(Unsealed::NoTrack)?;
        let track = stream.track.as_ref().ok_or(Unsealed::NoTrack)?;
        let record = stream.outgoing.reserve(track.bound())?;
        let sealed = track.codec().seal(frame, record, out);
        sealed.inspect_err(|_| out.zeroize())
    }

    /// Replaces what is in `out` by the sealed message; after an error `out` is empty.
    ///
    /// `bound` is authenticated and not sent; it is opened by who names the same.
    pub fn seal_message(
        &mut self,
        label: Label,
        channel: Channel,
        bound: &[u8],
        message: &[u8],
        out: &mut Vec<u8>,
    ) -> Result<(), Unsealed> {
        out.clear();
        if message.len() > MAX_MESSAGE_BYTES {
            return Err(Unsealed::TooLarge);
        }
        let outgoing = self.messages.get_mut(&(label, channel));
        let record = outgoing.ok_or(Unsealed::NoKey)?.reserve(bound)?;
        out.reserve(record.length(message.len()));
        record.write(&[], out, |out| out.extend_from_slice(message))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;
    use zeroize::Zeroizing;

    use super::super::codec::Codec;
    use super::super::header::Header;
    use super::super::outgoing::LAST_COUNTER;
    use super::super::track::TrackKind;
    use super::*;

    fn keys(epoch: u64) -> EpochKeys {
        EpochKeys::new(epoch, &Zeroizing::new([epoch as u8; 32]))
    }

    fn sealer() -> Sealer {
        Sealer::new(Leaf::new(3).unwrap())
    }

    fn track(codec: Codec, name: &str) -> Track {
        Track::new(TrackKind::Camera, codec, name).unwrap()
    }

    fn add(sealer: &mut Sealer) -> Context {
        sealer.add_track(track(Codec::Opus, "")).unwrap()
    }

    fn header(record: &[u8]) -> Header {
        Header::split(record).unwrap().0
    }

    #[test]
    fn without_a_key_nothing_goes_out() {
        let mut sealer = sealer();
        let track = add(&mut sealer);
        let mut out = vec![1, 2, 3];

        let frame = sealer.seal_frame(track, b"spoken", &mut out);
        assert_eq!(frame, Err(Unsealed::NoKey));
        assert!(out.is_empty());

        let message = sealer.seal_message(Label::Chat, Channel::Reliable, &[], b"hi", &mut out);
        assert_eq!(message, Err(Unsealed::NoKey));
        assert!(out.is_empty());
    }

    #[test]
    fn a_stopped_sealer_seals_nothing_until_it_is_switched() {
        let mut sealer = sealer();
        let first = add(&mut sealer);
        let mut out = Vec::new();
        sealer.switch(&keys(1)).unwrap();
        assert_eq!(sealer.epoch(), Some(1));

        sealer.stop();
        let later = sealer.add_track(track(Codec::Opus, "later")).unwrap();
        for context in [first, later] {
            let stopped = sealer.seal_frame(context, b"spoken", &mut out);
            assert_eq!(stopped, Err(Unsealed::NoKey));
        }
        let stopped = sealer.seal_message(Label::Input, Channel::Lossy, &[], b"x", &mut out);
        assert_eq!(stopped, Err(Unsealed::NoKey));
        assert_eq!(sealer.epoch(), None);

        sealer.switch(&keys(1)).unwrap();
        assert_eq!(sealer.seal_frame(first, b"spoken", &mut out), Ok(()));
    }

    #[test]
    fn an_epoch_that_is_behind_changes_nothing() {
        let mut sealer = sealer();
        sealer.switch(&keys(7)).unwrap();

        assert_eq!(sealer.switch(&keys(6)), Err(Stale));
        assert_eq!(sealer.epoch(), Some(7));
        sealer.stop();
        assert_eq!(sealer.switch(&keys(6)), Err(Stale));
        assert_eq!(sealer.epoch(), None);
    }

    #[test]
    fn used_up_counters_end_the_stream() {
        let mut sealer = sealer();
        let track = add(&mut sealer);
        sealer.switch(&keys(1)).unwrap();
        let mut out = Vec::new();
        let outgoing = &mut sealer.streams.get_mut(&track).unwrap().outgoing;
        outgoing.skip_to(LAST_COUNTER);

        assert_eq!(sealer.seal_frame(track, b"last", &mut out), Ok(()));
        for epoch in 1..3 {
            sealer.switch(&keys(epoch)).unwrap();
            let refused = sealer.seal_frame(track, b"more", &mut out);
            assert_eq!(refused, Err(Unsealed::Exhausted));
            assert!(out.is_empty());
        }
    }

    #[test]
    fn what_is_too_large_or_malformed_leaves_nothing_behind() {
        let mut sealer = sealer();
        let opus = add(&mut sealer);
        sealer.switch(&keys(1)).unwrap();
        let mut out = vec![1];
        let frame = vec![0; MAX_FRAME_BYTES + 1];

        let large = sealer.seal_frame(opus, &frame, &mut out);
        assert_eq!(large, Err(Unsealed::TooLarge));
        let message = &frame[..=MAX_MESSAGE_BYTES];
        let large = sealer.seal_message(Label::File, Channel::Reliable, &[], message, &mut out);
        assert_eq!(large, Err(Unsealed::TooLarge));
        for (codec, frame) in [
            (Codec::Vp8, &[0x10, 0x02][..]),
            (Codec::Av1, &[0x0a, 0x01, 0x00, 0x32, 0x7f]),
            (Codec::Av1, &[0x12, 0x00]),
            (Codec::H264, &[0, 0, 1, 0x67, 0x42]),
            (Codec::H264, &[0x65, 0x88]),
        ] {
            let context = sealer.add_track(track(codec, "")).unwrap();
            let malformed = sealer.seal_frame(context, frame, &mut out);
            sealer.remove_track(context);
            assert_eq!(malformed, Err(Unsealed::Malformed));
            assert!(out.is_empty());
        }
    }

    #[test]
    fn a_member_has_so_many_tracks_and_no_more() {
        let mut sealer = sealer();
        let mut names = (0..).map(|name: u8| track(Codec::Opus, &name.to_string()));
        let tracks: BTreeSet<Context> =
            std::iter::from_fn(|| sealer.add_track(names.next()?)).collect();
        assert_eq!(tracks.len(), 64);

        let last = *tracks.last().unwrap();
        sealer.remove_track(last);
        sealer.switch(&keys(1)).unwrap();
        let gone = sealer.seal_frame(last, b"late", &mut Vec::new());
        assert_eq!(gone, Err(Unsealed::NoTrack));
        assert_eq!(sealer.add_track(track(Codec::Opus, "next")), Some(last));
    }

    #[test]
    fn no_two_tracks_are_alike() {
        let mut sealer = sealer();
        let context = add(&mut sealer);
        assert_eq!(sealer.add_track(track(Codec::Opus, "")), None);
        assert!(sealer.add_track(track(Codec::Vp8, "")).is_some());
        sealer.remove_track(context);
        assert_eq!(sealer.add_track(track(Codec::Opus, "")), Some(context));
    }

    #[derive(Clone, Debug)]
    enum Step {
        Move(u32),
        Switch(u64),
        Stop,
        Add(Codec),
        Remove(u8),
        Frame(u8, Vec<u8>),
        Message(usize, usize),
    }

    fn step() -> impl Strategy<Value = Step> {
        let codec = prop::sample::select(vec![
            Codec::Opus,
            Codec::Vp8,
            Codec::Vp9,
            Codec::Av1,
            Codec::H264,
        ]);
        let frame = prop::collection::vec(any::<u8>(), 0..20);
        prop_oneof![
            1 => (0_u32..3).prop_map(Step::Move),
            2 => (0_u64..600).prop_map(Step::Switch),
            1 => Just(Step::Stop),
            2 => codec.prop_map(Step::Add),
            1 => (0_u8..6).prop_map(Step::Remove),
            12 => (0_u8..6, frame).prop_map(|(at, frame)| Step::Frame(at, frame)),
            4 => (0_usize..4, 0_usize..2).prop_map(|(label, way)| Step::Message(label, way)),
        ]
    }

    proptest! {
        /// Of VP9 and messages the header is easily read; the other codecs burn counters too.
        #[test]
        fn no_life_of_a_sealer_repeats_a_nonce(steps in prop::collection::vec(step(), 1..150)) {
            let mut sealer = sealer();
            let mut used = BTreeSet::new();
            let mut codecs = BTreeMap::new();
            let mut names = 0;
            let mut out = Vec::new();
            for step in steps {
                match step {
                    Step::Move(leaf) => sealer.move_to(Leaf::new(leaf).unwrap()),
                    Step::Switch(epoch) => drop(sealer.switch(&keys(epoch))),
                    Step::Stop => sealer.stop(),
                    Step::Add(codec) => {
                        names += 1;
                        let added = sealer.add_track(track(codec, &names.to_string()));
                        codecs.extend(added.map(|context| (context, codec)));
                    }
                    Step::Remove(at) => sealer.remove_track(Context::new(at).unwrap()),
                    Step::Frame(at, frame) => {
                        let track = Context::new(at).unwrap();
                        let sealed = sealer.seal_frame(track, &frame, &mut out);
                        prop_assert_eq!(sealed.is_err(), out.is_empty());
                        if sealed.is_ok() && codecs[&track] == Codec::Vp9 {
                            let header = header(&out[1..]);
                            prop_assert!(used.insert((None, sealer.epoch(), header.key_id, header.counter)));
                        }
                    }
                    Step::Message(label, channel) => {
                        let (label, channel) = (Label::ALL[label], Channel::ALL[channel]);
                        if sealer.seal_message(label, channel, &[], b"x", &mut out).is_ok() {
                            let header = header(&out);
                            prop_assert!(used.insert((Some(label), sealer.epoch(), header.key_id, header.counter)));
                        }
                    }
                }
            }
        }
    }
}
