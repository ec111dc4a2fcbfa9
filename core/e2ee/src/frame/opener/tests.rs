//! A sealer, an opener, and a server between them that lies (abuse case 38).

use zeroize::Zeroizing;

use super::super::codec::Codec;
use super::super::data::Channel;
use super::super::replay::WINDOW;
use super::super::sealer::Sealer;
use super::super::track::TrackKind;
use super::*;

struct Meeting {
    sealer: Sealer,
    track: Context,
    opener: Opener,
}

impl Meeting {
    /// Both sides are in epoch 1.
    fn new() -> Self {
        let mut sealer = Sealer::new(leaf(3));
        let track = sealer.add_track(track("camera")).unwrap();
        let opener = Opener::new();
        let mut meeting = Self {
            sealer,
            track,
            opener,
        };
        meeting.enter(1);
        meeting
    }

    fn enter(&mut self, epoch: u64) {
        self.sealer.switch(&keys(epoch)).unwrap();
        self.opener.install(&keys(epoch), leaves()).unwrap();
    }

    fn seal(&mut self, frame: &[u8]) -> Vec<u8> {
        let mut out = Vec::new();
        let sealed = self.sealer.seal_frame(self.track, frame, &mut out);
        sealed.unwrap();
        out
    }

    fn open(&mut self, bytes: &[u8]) -> Result<Vec<u8>, Unopened> {
        open(&mut self.opener, &mut source(3), bytes)
    }
}

fn open(opener: &mut Opener, source: &mut Source, bytes: &[u8]) -> Result<Vec<u8>, Unopened> {
    let mut out = vec![0xee; 5];
    let opened = opener.open_frame(source, bytes, &mut out);
    assert!(opened.is_ok() || out.is_empty());
    opened.map(|_| out)
}

/// The camera of the participant at a leaf.
fn source(index: u8) -> Source {
    Source::new(id(index), track("camera"))
}

fn track(name: &str) -> Track {
    Track::new(TrackKind::Camera, Codec::Vp9, name).unwrap()
}

fn id(index: u8) -> ParticipantId {
    ParticipantId([index; 16])
}

fn leaves() -> Leaves {
    [3, 4]
        .map(|index| (id(index), leaf(u32::from(index))))
        .into()
}

fn leaf(index: u32) -> Leaf {
    Leaf::new(index).unwrap()
}

fn keys(epoch: u64) -> EpochKeys {
    let mut base_key = Zeroizing::new([0x5a; 32]);
    base_key[..8].copy_from_slice(&epoch.to_be_bytes());
    EpochKeys::new(epoch, &base_key)
}

fn only(reason: Reason) -> Drops {
    let mut drops = Drops::default();
    drops.count(reason);
    drops
}

#[test]
fn a_frame_opens_once() {
    let mut meeting = Meeting::new();
    let frame = meeting.seal(b"a picture");

    assert_eq!(meeting.open(&frame).unwrap(), b"a picture");
    assert_eq!(meeting.open(&frame), Err(Unopened));
    assert_eq!(meeting.opener.drops(), only(Reason::Replayed));
}

#[test]
fn frames_may_come_in_any_order_within_the_window() {
    let mut meeting = Meeting::new();
    let frames: Vec<Vec<u8>> = (0..=WINDOW)
        .map(|at| meeting.seal(&at.to_be_bytes()))
        .collect();

    let (first, others) = frames.split_first().unwrap();
    for frame in others.iter().rev() {
        assert!(meeting.open(frame).is_ok());
    }
    assert_eq!(meeting.open(first), Err(Unopened));
    for frame in others {
        assert_eq!(meeting.open(frame), Err(Unopened));
    }
}

#[test]
fn a_forged_counter_does_not_move_the_window() {
    let mut meeting = Meeting::new();
    let first = meeting.seal(b"first");
    let mut forged = Vec::new();
    let far = Header {
        key_id: KeyId::new(1, leaf(3), meeting.track).bits(),
        counter: 1 << 40,
    };
    far.write(&mut forged);
    forged.extend([0; 30]);
    forged.insert(0, forged.len() as u8);

    assert_eq!(meeting.open(&forged), Err(Unopened));
    assert_eq!(meeting.opener.drops(), only(Reason::Forged));
    assert!(meeting.open(&first).is_ok());
}

#[test]
fn a_relabelled_senders_frame_is_dropped() {
    let mut meeting = Meeting::new();
    let frame = meeting.seal(b"said by leaf 3");

    assert_eq!(
        open(&mut meeting.opener, &mut source(4), &frame),
        Err(Unopened)
    );
    assert_eq!(meeting.opener.drops(), only(Reason::Misattributed));
    assert!(meeting.open(&frame).is_ok());
}

#[test]
fn a_header_that_names_another_leaf_does_not_help() {
    let mut meeting = Meeting::new();
    let frame = meeting.seal(b"said by leaf 3");
    let (header, _, ciphertext) = Header::split(&frame[1..]).unwrap();
    let mut renamed = Vec::new();
    let header = Header {
        key_id: KeyId::new(1, leaf(4), meeting.track).bits(),
        ..header
    };
    header.write(&mut renamed);
    renamed.extend(ciphertext);
    renamed.insert(0, renamed.len() as u8);

    assert_eq!(
        open(&mut meeting.opener, &mut source(4), &renamed),
        Err(Unopened)
    );
    assert_eq!(meeting.opener.drops(), only(Reason::Forged));
}

#[test]
fn a_track_keeps_to_the_stream_that_it_began_with() {
    let mut meeting = Meeting::new();
    let camera = meeting.seal(b"camera");
    let mut source = source(3);
    assert!(open(&mut meeting.opener, &mut source, &camera).is_ok());
    meeting.sealer.add_track(track("another")).unwrap();
    meeting.sealer.remove_track(meeting.track);
    meeting.sealer.add_track(track("in its place")).unwrap();
    meeting.track = meeting.sealer.add_track(track("camera")).unwrap();
    let other = meeting.seal(b"of the same name");

    assert_eq!(
        open(&mut meeting.opener, &mut source, &other),
        Err(Unopened)
    );
    assert_eq!(meeting.opener.drops(), only(Reason::Misattributed));
    assert!(meeting.open(&other).is_ok());
}

#[test]
fn a_frame_opens_as_what_it_was_sealed_as_and_as_nothing_else() {
    let mut meeting = Meeting::new();
    let frame = meeting.seal(b"a face");
    let others = [
        (TrackKind::Screen, Codec::Vp9, "camera"),
        (TrackKind::Camera, Codec::Opus, "camera"),
        (TrackKind::Camera, Codec::Vp9, "the camera before"),
        (TrackKind::Camera, Codec::Vp9, ""),
    ];
    for (kind, codec, name) in others {
        let mut other = Source::new(id(3), Track::new(kind, codec, name).unwrap());
        assert_eq!(open(&mut meeting.opener, &mut other, &frame), Err(Unopened));
        assert!(other.context.is_none());
    }
    assert!(meeting.open(&frame).is_ok());
}

/// Four leaves its leaf, and Three comes into it.
#[test]
fn a_leaf_is_whose_it_is_in_the_frames_epoch() {
    let mut meeting = Meeting::new();
    let moved = Leaves::from([(id(4), leaf(3))]);
    let old = meeting.seal(b"said by 3");
    meeting.sealer.switch(&keys(2)).unwrap();
    meeting.opener.install(&keys(2), moved).unwrap();
    let new = meeting.seal(b"said by 4");

    for (number, frame) in [(4, &old), (3, &new)] {
        let opened = open(&mut meeting.opener, &mut source(number), frame);
        assert_eq!(opened, Err(Unopened));
    }
    for (number, frame) in [(3, &old), (4, &new)] {
        assert!(open(&mut meeting.opener, &mut source(number), frame).is_ok());
    }
}

#[test]
fn a_frame_of_an_epoch_without_keys_is_dropped_until_they_come() {
    let mut meeting = Meeting::new();
    meeting.sealer.switch(&keys(2)).unwrap();
    let frame = meeting.seal(b"early");

    assert_eq!(meeting.open(&frame), Err(Unopened));
    assert_eq!(meeting.opener.drops(), only(Reason::Keyless));
    meeting.opener.install(&keys(2), leaves()).unwrap();
    assert!(meeting.open(&frame).is_ok());
}

#[test]
fn old_keys_open_until_they_are_given_up_and_do_not_come_back() {
    let mut meeting = Meeting::new();
    let frames = [meeting.seal(b"old"), meeting.seal(b"older")];
    meeting.enter(2);
    let current = meeting.seal(b"current");

    assert!(meeting.open(&frames[0]).is_ok());
    meeting.opener.retire(1);
    assert_eq!(meeting.open(&frames[1]), Err(Unopened));
    assert_eq!(meeting.opener.drops(), only(Reason::Keyless));
    assert_eq!(meeting.opener.install(&keys(1), leaves()), Err(Stale));
    assert_eq!(meeting.opener.install(&keys(2), leaves()), Err(Stale));
    assert!(meeting.open(&current).is_ok());
    assert_eq!(meeting.open(&current), Err(Unopened));
}

#[test]
fn an_epoch_takes_the_place_of_the_one_that_looks_like_it() {
    let mut meeting = Meeting::new();
    let old = meeting.seal(b"of epoch 1");
    meeting.enter(257);
    let new = meeting.seal(b"of epoch 257");

    assert_eq!(meeting.open(&old), Err(Unopened));
    assert_eq!(meeting.opener.drops(), only(Reason::Forged));
    assert_eq!(meeting.open(&new).unwrap(), b"of epoch 257");
}

#[test]
fn frames_open_across_every_turn_of_the_epochs_low_bits() {
    let mut meeting = Meeting::new();
    for epoch in 2..600 {
        let before = meeting.seal(b"before");
        meeting.enter(epoch);
        let after = meeting.seal(b"after");
        assert!(meeting.open(&after).is_ok());
        assert!(meeting.open(&before).is_ok());
        assert_eq!(meeting.open(&before), Err(Unopened));
    }
    assert_eq!(meeting.opener.epochs.len(), MAX_EPOCHS);
}

#[test]
fn the_oldest_of_too_many_epochs_goes() {
    let mut meeting = Meeting::new();
    let first = meeting.seal(b"of epoch 1");
    let mut second = Vec::new();
    for epoch in 2..=MAX_EPOCHS as u64 + 1 {
        meeting.enter(epoch);
        if epoch == 2 {
            second = meeting.seal(b"of epoch 2");
        }
    }

    assert_eq!(meeting.open(&first), Err(Unopened));
    assert!(meeting.open(&second).is_ok());
}

#[test]
fn strangers_key_ids_take_no_memory() {
    let mut meeting = Meeting::new();
    for context in Context::all() {
        let mut forged = Vec::new();
        let header = Header {
            key_id: KeyId::new(1, leaf(3), context).bits(),
            counter: 0,
        };
        header.write(&mut forged);
        forged.extend([0; 30]);
        forged.insert(0, forged.len() as u8);
        assert_eq!(meeting.open(&forged), Err(Unopened));
    }
    let epoch = &meeting.opener.epochs[&1];
    assert_eq!(epoch.media.streams(), 0);
}

#[test]
fn a_message_opens_once_under_its_label_and_what_it_is_bound_to() {
    let mut meeting = Meeting::new();
    let mut message = Vec::new();
    let sealed = meeting.sealer.seal_message(
        Label::Chat,
        Channel::Reliable,
        b"to all",
        b"hi",
        &mut message,
    );
    sealed.unwrap();
    let mut open = |index, label, bound: &[u8]| {
        let mut out = vec![1];
        let opened = meeting
            .opener
            .open_message(id(index), label, bound, &message, &mut out);
        assert!(opened.is_ok() || out.is_empty());
        opened.map(|()| out)
    };

    assert_eq!(open(3, Label::File, b"to all"), Err(Unopened));
    assert_eq!(open(3, Label::Chat, b"to one"), Err(Unopened));
    assert_eq!(open(4, Label::Chat, b"to all"), Err(Unopened));
    assert_eq!(open(3, Label::Chat, b"to all").unwrap(), b"hi");
    assert_eq!(open(3, Label::Chat, b"to all"), Err(Unopened));
}

#[test]
fn a_message_is_no_frame_and_a_frame_no_message() {
    let mut meeting = Meeting::new();
    let frame = meeting.seal(b"a picture");
    let mut out = Vec::new();
    for label in Label::ALL {
        let opened = meeting
            .opener
            .open_message(id(3), label, &[], &frame[1..], &mut out);
        assert_eq!(opened, Err(Unopened));
        for channel in Channel::ALL {
            let mut message = Vec::new();
            let sealed = meeting
                .sealer
                .seal_message(label, channel, &[], b"x", &mut message);
            sealed.unwrap();
            message.insert(0, message.len() as u8);
            assert_eq!(meeting.open(&message), Err(Unopened));
        }
    }
}

#[test]
fn a_key_that_was_typed_long_ago_comes_after_thousands_of_movements() {
    let mut meeting = Meeting::new();
    let mut key = Vec::new();
    let sealed =
        meeting
            .sealer
            .seal_message(Label::Input, Channel::Reliable, &[], b"key", &mut key);
    sealed.unwrap();
    let mut out = Vec::new();
    for _ in 0..3 * WINDOW {
        let mut movement = Vec::new();
        let sealed =
            meeting
                .sealer
                .seal_message(Label::Input, Channel::Lossy, &[], b"move", &mut movement);
        sealed.unwrap();
        let opened = meeting
            .opener
            .open_message(id(3), Label::Input, &[], &movement, &mut out);
        opened.unwrap();
    }

    let opened = meeting
        .opener
        .open_message(id(3), Label::Input, &[], &key, &mut out);
    assert_eq!(opened, Ok(()));
}
