//! Random histories of meetings with the real router, real clients and real cryptography.
//!
//! Few and long, beside the thousands that `core/sfu` plays without cryptography.

use std::collections::BTreeMap;
use std::time::Duration;

use conclave_client::{AudioOptions, Cid, DataMessage, Event, Topology, VideoLayer, VideoOptions};
use conclave_testkit::{Conditions, GuestId, Way, World};
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};

#[test]
fn people_come_and_go_and_nobody_gets_what_is_not_theirs() {
    for seed in 0..HISTORIES {
        let told = Told(seed);
        let mut meeting = Meeting::new(seed);
        for _ in 0..STEPS {
            meeting.step();
            meeting.judge();
        }
        meeting.settle();
        drop(told);
    }
}

const HISTORIES: u64 = 6;
const STEPS: usize = 40;
const MOST_GUESTS: usize = 5;
const MOST_TRACKS: usize = 3;

struct Meeting {
    world: World,
    random: StdRng,
    guests: Vec<Guest>,
}

struct Guest {
    id: GuestId,
    identity: String,
    /// Published, and whether muted.
    tracks: BTreeMap<Cid, bool>,
    /// Tracks that it does not want.
    unwanted: Vec<String>,
}

impl Meeting {
    fn new(seed: u64) -> Self {
        let mut meeting = Self {
            world: World::new(seed),
            random: StdRng::seed_from_u64(seed),
            guests: Vec::new(),
        };
        for _ in 0..3 {
            meeting.enter();
        }
        meeting
    }

    fn step(&mut self) {
        let at = self.random.random_range(0..self.guests.len());
        match self.random.random_range(0..20) {
            0..3 => self.enter(),
            3 => self.leave(at),
            4..9 => self.publish(at),
            9..11 => self.unpublish(at),
            11..13 => self.mute(at),
            13..15 => self.subscribe(at),
            15..17 => self.cut_signal(at),
            17 => self.lose(at),
            _ => self.whisper(at),
        }
        let wait = self.random.random_range(20..1_500);
        self.world.run(Duration::from_millis(wait));
    }

    fn enter(&mut self) {
        if self.guests.len() >= MOST_GUESTS {
            return;
        }
        let identity = format!("guest{}", self.random.random_range(0..1_000_000));
        let topology = if self.random.random_bool(0.5) {
            Topology::Single
        } else {
            Topology::Dual
        };
        let id = self.world.enter("room", &identity, topology, |_| {});
        self.guests.push(Guest {
            id,
            identity,
            tracks: BTreeMap::new(),
            unwanted: Vec::new(),
        });
    }

    fn leave(&mut self, at: usize) {
        if self.guests.len() > 2 {
            let guest = self.guests.remove(at);
            self.world
                .tell(guest.id, |endpoint, now| endpoint.leave(now));
        }
    }

    fn publish(&mut self, at: usize) {
        let video = self.random.random_bool(0.6);
        let guest = &mut self.guests[at];
        if guest.tracks.len() >= MOST_TRACKS {
            return;
        }
        let published = self.world.tell(guest.id, |endpoint, now| {
            if video {
                let layer = VideoLayer::new(320, 180, 100_000);
                endpoint.publish_video(now, &VideoOptions::camera([layer]))
            } else {
                endpoint.publish_audio(now, &AudioOptions::default())
            }
        });
        guest.tracks.extend(published.map(|cid| (cid, false)));
    }

    fn unpublish(&mut self, at: usize) {
        let guest = &mut self.guests[at];
        if let Some((cid, _)) = guest.tracks.pop_first() {
            let unpublish =
                |endpoint: &mut conclave_client::Endpoint, now| endpoint.unpublish(now, &cid);
            self.world.tell(guest.id, unpublish).unwrap();
        }
    }

    fn mute(&mut self, at: usize) {
        let guest = &mut self.guests[at];
        if let Some((cid, muted)) = guest.tracks.iter_mut().next() {
            *muted = !*muted;
            let muted = *muted;
            self.world
                .tell(guest.id, |endpoint, now| endpoint.mute(now, cid, muted))
                .unwrap();
        }
    }

    fn subscribe(&mut self, at: usize) {
        let guest = &mut self.guests[at];
        let endpoint = self.world.endpoint(guest.id);
        let tracks = endpoint.participants().flat_map(|other| &other.tracks);
        let Some(sid) = tracks.map(|track| track.sid.clone()).next() else {
            return;
        };
        let known = guest.unwanted.iter().position(|unwanted| *unwanted == sid);
        match known {
            Some(at) => {
                guest.unwanted.remove(at);
            }
            None => guest.unwanted.push(sid.clone()),
        }
        self.world.tell(guest.id, |endpoint, now| {
            endpoint.subscribe(now, &sid, known.is_some());
        });
    }

    /// A client that was never let in has nothing to come back to.
    fn cut_signal(&mut self, at: usize) {
        let id = self.guests[at].id;
        if self.world.endpoint(id).participant_sid().is_some() {
            self.world.cut_signal(id);
        }
    }

    /// The line is bad for a while.
    fn lose(&mut self, at: usize) {
        let id = self.guests[at].id;
        let conditions = Conditions {
            loss: 0.1,
            ..Conditions::default()
        };
        self.world.set_line(id, Way::Down, conditions);
        self.world.run(Duration::from_secs(1));
        self.world.set_line(id, Way::Down, Conditions::default());
    }

    fn whisper(&mut self, at: usize) {
        let to = self.random.random_range(0..self.guests.len());
        let addressed_the_old_way = self.random.random_bool(0.5);
        let message = DataMessage {
            reliable: true,
            to: vec![self.guests[to].identity.clone()],
            payload: self.guests[to].identity.clone().into_bytes(),
            addressed_the_old_way,
            ..DataMessage::default()
        };
        let id = self.guests[at].id;
        // Before its channel is open, a client can't send.
        let _ = self
            .world
            .tell(id, |endpoint, now| endpoint.send_data(now, &message));
    }

    fn judge(&mut self) {
        for guest in &self.guests {
            for report in self.world.reports(guest.id) {
                assert_eq!(report.corrupt, 0, "{}: {report:?}", guest.identity);
            }
            for event in self.world.events(guest.id) {
                match event {
                    Event::Data(received) => {
                        let payload = received.payload().map(<[u8]>::to_vec);
                        let read = payload.map(|bytes| String::from_utf8(bytes).unwrap());
                        assert_eq!(read.as_ref(), Some(&guest.identity));
                    }
                    Event::Ended(end) => panic!("{} ended: {end:?}", guest.identity),
                    _ => {}
                }
            }
        }
    }

    /// Everybody gets everything that is published, not muted and wanted.
    fn settle(&mut self) {
        self.world.run(Duration::from_secs(15));
        let before = self.frames();
        self.world.run(Duration::from_secs(3));
        self.judge();
        let after = self.frames();

        for watcher in &self.guests {
            for publisher in self.guests.iter().filter(|guest| guest.id != watcher.id) {
                for (cid, muted) in &publisher.tracks {
                    let track = self.world.endpoint(publisher.id).published(cid);
                    let sid = track.expect("the server knows the track").sid.clone();
                    let key = (watcher.id, sid.clone());
                    let grown = after.get(&key).unwrap_or(&0) - before.get(&key).unwrap_or(&0);
                    let due = !muted && !watcher.unwanted.contains(&sid);
                    assert_eq!(
                        grown > 30,
                        due,
                        "{} of {} at {}: {grown} frames",
                        sid,
                        publisher.identity,
                        watcher.identity
                    );
                }
            }
        }
    }

    fn frames(&self) -> BTreeMap<(GuestId, String), u64> {
        let reports = |guest: &Guest| {
            let id = guest.id;
            let reports = self.world.reports(id).into_iter();
            reports.map(move |report| ((id, report.track_sid), report.frames))
        };
        self.guests.iter().flat_map(reports).collect()
    }
}

/// Prints the seed when a history panics.
struct Told(u64);

impl Drop for Told {
    fn drop(&mut self) {
        if std::thread::panicking() {
            println!("the history of seed {}", self.0);
        }
    }
}
