//! Seats with frames between them, and a server that hands out slots in turn.

use std::collections::VecDeque;

use zeroize::Zeroizing;

use super::*;
use crate::context::Admission;
use crate::device::DeviceKeys;
use crate::frame::TrackKind;
use crate::frame::codec::Codec;
use crate::group::Opening;
use crate::identity::AccountId;
use crate::meeting::{DataMode, ExternalSender, Meeting, MeetingId, OrganisationId};
use crate::secret::MeetingSecret;
use crate::session::{FromServer, Silence, ToServer};
use crate::suite::Suite;

/// Seats 0, 1, …; the first is a host.
struct Room {
    now: Duration,
    seats: Vec<Seat>,
    joins: VecDeque<usize>,
    turns: VecDeque<usize>,
    live: Option<(GroupEpoch, Vec<u8>)>,
}

fn id(number: usize) -> ParticipantId {
    ParticipantId([number as u8; 16])
}

fn seed(number: usize, round: u8) -> Seed {
    let mut bytes = [number as u8; 32];
    bytes[0] = round;
    Seed(Zeroizing::new(bytes))
}

fn keys(number: usize) -> DeviceKeys {
    DeviceKeys::with_account(seed(number, 0))
}

fn config(number: usize) -> Config {
    let meeting = Meeting {
        meeting: MeetingId([1; 16]),
        organisation: OrganisationId([2; 16]),
        data_mode: DataMode::Conduit,
        suite: Suite::Hybrid,
        external_sender: ExternalSender {
            signature_key: keys(255).signer().public().to_vec(),
            identity: b"conclave".to_vec(),
        },
        host_accounts: keys(0).account_key().into_iter().collect(),
        admission: Admission::Open,
    };
    let account = (number == 0).then_some(AccountId([3; 16]));
    let name = format!("Seat {number}");
    let identity = keys(number).identity(id(number), name, account).unwrap();
    Config {
        opening: Opening::of(&meeting, &identity),
        meeting,
        secret: MeetingSecret::new(&[7; 32]).unwrap(),
        identity,
        signer: keys(number).signer(),
    }
}

fn microphone() -> Track {
    Track::new(TrackKind::Microphone, Codec::Opus, "1f").unwrap()
}

impl Room {
    fn with(count: usize) -> Self {
        let mut room = Self {
            now: Duration::from_secs(1_764_000_000),
            seats: Vec::new(),
            joins: VecDeque::new(),
            turns: VecDeque::new(),
            live: None,
        };
        for number in 0..count {
            room.seats.push(Seat::new(config(number), seed(number, 1)));
            room.input(number, Input::Enter);
            room.settle();
        }
        room.run(5);
        room
    }

    fn run(&mut self, seconds: u64) {
        for _ in 0..seconds * 2 {
            self.now += Duration::from_millis(500);
            for number in 0..self.seats.len() {
                self.input(number, Input::Timeout);
            }
            self.settle();
        }
    }

    fn input(&mut self, number: usize, input: Input<'_>) {
        self.seats[number].handle_input(self.now, input);
        self.drain(number);
    }

    fn hear(&mut self, number: usize, message: FromServer<'_>) {
        self.input(number, Input::Server(message));
    }

    fn settle(&mut self) {
        for _ in 0..100 {
            let live = self.live.clone();
            if let Some(number) = self.turns.pop_front() {
                let (at, _) = live.unwrap();
                let (group, epoch) = (at.group, at.epoch);
                self.hear(number, FromServer::SlotToCommit { group, epoch });
            } else if let Some(number) = self.joins.pop_front() {
                match live {
                    None => self.hear(number, FromServer::SlotToCreate),
                    Some((at, info)) => {
                        let message = FromServer::SlotToJoin {
                            group: at.group,
                            epoch: at.epoch,
                            group_info: &info,
                        };
                        self.hear(number, message);
                    }
                }
            } else {
                return;
            }
        }
        panic!("the messages never end");
    }

    fn drain(&mut self, number: usize) {
        loop {
            match self.seats[number].poll_output() {
                Output::Wait(_) => return,
                Output::Broadcast(bytes) => self.others(number, |room, other| {
                    room.input(other, Input::Heartbeat(&bytes));
                }),
                Output::Send(message) => self.take(number, message),
                _ => {}
            }
        }
    }

    fn others(&mut self, number: usize, mut each: impl FnMut(&mut Self, usize)) {
        for other in (0..self.seats.len()).filter(|other| *other != number) {
            each(self, other);
        }
    }

    fn take(&mut self, number: usize, message: ToServer) {
        match message {
            ToServer::Join => self.joins.push_back(number),
            ToServer::Turn { .. } => self.turns.push_back(number),
            ToServer::Create { group, group_info } => {
                self.live = Some((GroupEpoch { group, epoch: 0 }, group_info));
            }
            ToServer::Commit {
                group,
                epoch,
                commit,
                group_info,
                ..
            } => {
                let at = GroupEpoch {
                    group,
                    epoch: epoch + 1,
                };
                self.live = Some((at, group_info));
                for other in 0..self.seats.len() {
                    let message = FromServer::Commit {
                        group,
                        epoch,
                        sender: id(number),
                        commit: &commit,
                    };
                    self.hear(other, message);
                }
                for other in 0..self.seats.len() {
                    let epoch = epoch + 1;
                    self.hear(other, FromServer::AllProcessed { group, epoch });
                }
            }
            ToServer::Processed { .. } | ToServer::Invalid { .. } => {}
        }
    }

    fn seal(&mut self, number: usize, track: Context, frame: &[u8]) -> Result<Vec<u8>, Unsealed> {
        let mut out = vec![1];
        let sealed = self.seats[number].seal_frame(self.now, track, frame, &mut out);
        assert_eq!(sealed.is_err(), out.is_empty());
        sealed.map(|()| out)
    }

    fn open(&mut self, number: usize, source: &mut Source, bytes: &[u8]) -> Option<Vec<u8>> {
        let mut out = vec![1];
        let opened = self.seats[number].open_frame(self.now, source, bytes, &mut out);
        assert_eq!(opened.is_err(), out.is_empty());
        opened.ok().map(|()| out)
    }

    fn track(&mut self, number: usize) -> (Context, Source) {
        let track = microphone();
        let context = self.seats[number].add_track(track.clone()).unwrap();
        (context, Source::new(id(number), track))
    }

    /// Whether one hears what another says on a track.
    fn carries(&mut self, from: usize, track: Context, to: usize, source: &mut Source) -> bool {
        let sealed = self.seal(from, track, b"spoken").unwrap();
        self.open(to, source, &sealed).as_deref() == Some(b"spoken")
    }
}

#[test]
fn each_hears_each_other_and_nobody_else() {
    let mut room = Room::with(3);
    for from in 0..3 {
        let (track, mut source) = room.track(from);
        for to in (0..3).filter(|to| *to != from) {
            assert!(room.carries(from, track, to, &mut source));
        }
        let sealed = room.seal(from, track, b"spoken").unwrap();
        let mut relabelled = Source::new(id((from + 1) % 3), microphone());
        assert!(
            room.open((from + 2) % 3, &mut relabelled, &sealed)
                .is_none()
        );
    }
}

#[test]
fn whoever_is_put_out_seals_nothing_and_opens_nothing() {
    let mut room = Room::with(3);
    let [(host, mut from_host), (theirs, _)] = [0, 2].map(|number| room.track(number));
    let key = keys(2).signer().public().to_vec();
    room.input(0, Input::Expel(&key));
    room.settle();
    assert_eq!(room.seats[2].sending(), Sending::Stopped(Silence::Over));
    assert_eq!(room.seal(2, theirs, b"hello"), Err(Unsealed::NoKey));
    let private = room.seal(0, host, b"in private").unwrap();
    assert!(room.open(2, &mut from_host, &private).is_none());
    assert!(room.open(1, &mut from_host, &private).is_some());
    assert!(room.carries(0, host, 1, &mut from_host));
}

/// The old group's epochs have higher numbers than the new one's, and close when the new one's are there.
#[test]
fn a_group_that_follows_another_is_heard_though_its_epochs_are_lower() {
    let mut room = Room::with(2);
    let (track, mut source) = room.track(0);
    for _ in 0..5 {
        let rules = room.seats[0].group().unwrap().rules();
        room.input(0, Input::ChangeRules(rules));
        room.settle();
    }
    assert!(room.carries(0, track, 1, &mut source));
    let (before, _) = room.live.take().unwrap();
    let ended = before.group;
    for number in 0..2 {
        room.hear(number, FromServer::Ended { group: ended });
    }
    room.settle();
    room.run(20);
    let (after, _) = room.live.clone().unwrap();
    assert!(after.group != before.group && after.epoch < before.epoch);
    assert!(room.carries(0, track, 1, &mut source));
}

/// Bob's device slept, and comes back by a commit of its own; the server says that the group goes on elsewhere.
#[test]
fn keys_of_the_group_before_close_without_those_of_the_next() {
    let mut room = Room::with(2);
    let (track, mut source) = room.track(0);
    for _ in 0..5 {
        let rules = room.seats[0].group().unwrap().rules();
        room.input(0, Input::ChangeRules(rules));
        room.settle();
    }
    let (before, _) = room.live.take().unwrap();
    let (group, epoch) = (before.group, before.epoch + 5);
    // Ann's group ends; Bob falls behind in it, so that his keys wait for their ten seconds.
    room.hear(1, FromServer::State { group, epoch });
    room.joins.clear();
    room.hear(0, FromServer::Ended { group });
    room.settle();
    room.joins.push_back(1);
    room.settle();
    room.run(4);
    assert!(room.carries(0, track, 1, &mut source));
    room.run(20);
    assert!(room.carries(0, track, 1, &mut source));
}

#[test]
fn a_track_goes_on_when_its_sender_comes_back() {
    let mut room = Room::with(2);
    let (track, mut source) = room.track(1);
    assert!(room.carries(1, track, 0, &mut source));
    let (at, _) = room.live.clone().unwrap();
    let (group, epoch) = (at.group, at.epoch + 1);
    room.hear(1, FromServer::State { group, epoch });
    assert_eq!(room.seal(1, track, b"hello"), Err(Unsealed::NoKey));
    room.settle();
    room.run(5);
    assert!(room.carries(1, track, 0, &mut source));
}

#[test]
fn a_late_timer_lets_nothing_out_and_nothing_in() {
    let mut room = Room::with(2);
    let (track, mut source) = room.track(0);
    let old = room.seal(0, track, b"old").unwrap();
    let rules = room.seats[0].group().unwrap().rules();
    room.input(0, Input::ChangeRules(rules));
    room.settle();
    room.now += Duration::from_secs(10);
    assert!(room.open(1, &mut source, &old).is_none());
    assert_eq!(room.seats[1].drops().keyless, 1);
    assert_eq!(room.seal(0, track, b"hello"), Err(Unsealed::NoKey));
}
