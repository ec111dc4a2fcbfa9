//! People, what is on the way between them and the room, and what must hold whatever arrives first.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use conclave_livekit::join::Topology;
use conclave_protocol::meeting::Sharing;
use livekit_protocol as proto;
use proto::request_response::Reason;
use proto::signal_request::Message as Ask;
use proto::signal_response::Message;
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};

use super::record::{Act, Asked, HOST, Record, identity, number};
use crate::command::{ApiRequest, RoomName, SessionId};
use crate::connection::{ConnectionId, Side};
use crate::departed::Departed;
use crate::fact::{EndReason, Fact};
use crate::participant::ParticipantKey;
use crate::presenting::{Rule, Turns, is_screen};
use crate::room::stories::stage::{Stage, add_track, answer, offer};

pub(super) const PEOPLE: usize = 20;
/// Of these, who are in when it begins.
const INSIDE: usize = 7;
/// Of each kind of wish that is frequent.
const OFTEN: usize = 20;
const RARELY: usize = 8;
/// The host's, by its cid and its section.
const MICROPHONE: &str = "mic";

pub(super) struct Play {
    rng: StdRng,
    record: Record,
    stage: Stage,
    /// What people ask for, all at the same moment.
    wishes: Vec<Wish>,
    /// What is under way. On one way nothing overtakes.
    ways: BTreeMap<Way, VecDeque<Parcel>>,
    /// Each person's latest.
    sessions: BTreeMap<usize, SessionId>,
    /// What each sends on, also when it is closed.
    connections: BTreeMap<usize, ConnectionId>,
    /// What each shows, as they believe.
    screens: BTreeMap<usize, String>,
    /// Stands before the room, as a shard has it.
    departed: Departed,
    /// Whose end the room has heard of.
    out: BTreeSet<usize>,
    /// The latest that the room has heard of.
    rule: Option<Rule>,
    leads: BTreeMap<usize, (bool, u64)>,
    numbers: u64,
    total: Total,
}

/// How often something happened that the test is about.
#[derive(Clone, Copy, Default)]
pub(super) struct Total {
    /// Connections that came after their owner's end, by a decision from before, and were refused.
    pub(super) overtaken: usize,
    /// Reports of such, answered with another end.
    pub(super) sent_away: usize,
    /// Screens.
    pub(super) refused: usize,
    /// Packets of screens that somebody got.
    pub(super) seen: usize,
}

enum Wish {
    Act(Act),
    Share(usize),
    /// Their socket breaks.
    Lose(usize),
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Way {
    /// What follows from one decision, or somebody's media.
    Alone(u64),
    /// What is said on a socket.
    Socket(SessionId),
    /// What the room reports.
    Facts,
}

enum Parcel {
    Asked(Asked),
    Said(usize, SessionId, Box<Ask>),
    Media(usize),
    Reported(usize),
}

impl Total {
    pub(super) fn add(&mut self, other: Self) {
        self.overtaken += other.overtaken;
        self.sent_away += other.sent_away;
        self.refused += other.refused;
        self.seen += other.seen;
    }
}

impl Play {
    /// Those who are in from the beginning have come, in some order.
    pub(super) fn new(seed: u64) -> Self {
        let mut play = Self {
            rng: StdRng::seed_from_u64(seed),
            record: Record::new(PEOPLE, INSIDE),
            stage: Stage::new(),
            wishes: Vec::new(),
            ways: BTreeMap::new(),
            sessions: BTreeMap::new(),
            connections: BTreeMap::new(),
            screens: BTreeMap::new(),
            departed: Departed::new(),
            out: BTreeSet::new(),
            rule: None,
            leads: BTreeMap::new(),
            numbers: 0,
            total: Total::default(),
        };
        for whose in 0..INSIDE {
            let resumes = false;
            play.wish(Act::Connect { whose, resumes });
        }
        play.run();
        play
    }

    pub(super) fn total(&self) -> Total {
        self.total
    }

    pub(super) fn ask_for_everything_at_once(&mut self) {
        for whose in INSIDE..PEOPLE {
            let by_link = self.rng.random_bool(0.7);
            self.wish(Act::Arrive { whose, by_link });
        }
        for _ in 0..OFTEN {
            for _ in 0..2 {
                let (whose, resumes) = (self.anybody(), self.rng.random_bool(0.3));
                self.wish(Act::Connect { whose, resumes });
            }
            for _ in 0..4 {
                let share = Wish::Share(self.anybody());
                self.wishes.push(share);
            }
        }
        for _ in 0..RARELY {
            self.ask_rarely();
        }
        if self.rng.random_bool(0.5) {
            self.wish(Act::End);
        }
    }

    fn ask_rarely(&mut self) {
        let sharing = match self.rng.random_bool(0.5) {
            true => Sharing::Everybody,
            false => Sharing::Hosts,
        };
        let leads = self.rng.random_bool(0.7);
        let locked = self.rng.random_bool(0.5);
        let [first, second, waits, next, whose, loses] = [(); 6].map(|()| self.anybody());
        for act in [
            Act::Expel(first),
            Act::Expel(second),
            Act::Admit(waits),
            Act::HandOver(next),
            Act::Appoint { whose, leads },
            Act::SetSharing(sharing),
            Act::Lock(locked),
        ] {
            self.wish(act);
        }
        self.wishes.push(Wish::Lose(loses));
    }

    pub(super) fn share_a_hundred_times(&mut self) {
        for number in 0..100 {
            self.wishes.push(Wish::Share(number % INSIDE));
        }
    }

    /// Until everything has been asked for and has arrived.
    pub(super) fn run(&mut self) {
        while !self.wishes.is_empty() || !self.ways.is_empty() {
            self.step();
        }
    }

    /// What must hold when nothing is under way any more.
    pub(super) fn settle(&mut self) {
        self.send();
        let room = &self.stage.room;
        for (_, participant) in room.roster.iter() {
            let whose = number(&participant.card.identity);
            assert!(self.record.has_a_place(whose), "p{whose} is still there");
            let leads = participant.card.lead.leads();
            assert_eq!(leads, self.record.leads(whose), "p{whose} leads");
        }
        if !room.roster.is_empty() {
            let rule = room.rule.as_ref().expect("somebody brought one");
            assert_eq!(rule.presenters, self.record.rule().presenters);
        }
    }

    /// Whose screens are published.
    pub(super) fn presenters(&self) -> BTreeSet<ParticipantKey> {
        let tracks = self.stage.room.tracks.values();
        tracks
            .filter(|track| is_screen(track.info.r#type(), track.info.source()))
            .map(|track| track.publisher)
            .collect()
    }

    fn step(&mut self) {
        let none_waits = self.ways.is_empty();
        if none_waits || (!self.wishes.is_empty() && self.rng.random_bool(0.4)) {
            let at = self.rng.random_range(0..self.wishes.len());
            let wish = self.wishes.swap_remove(at);
            self.grant(wish);
        } else {
            let parcel = self.next_parcel();
            self.deliver(parcel);
        }
        self.listen();
        assert!(self.presenters().len() <= 1, "two show a screen");
        if self.rng.random_bool(0.3) {
            self.send();
        }
    }

    fn grant(&mut self, wish: Wish) {
        match wish {
            Wish::Act(act) => self.decide(act),
            Wish::Share(whose) => self.share(whose),
            Wish::Lose(whose) => {
                if self.sessions.contains_key(&whose) {
                    self.stage.cut_signal(&identity(whose));
                }
            }
        }
    }

    /// Whoever is let in connects.
    fn decide(&mut self, act: Act) {
        if let Some(asked) = self.record.decide(act) {
            self.send_off(Parcel::Asked(asked));
        }
        if let Act::Arrive { whose, .. } | Act::Admit(whose) = act
            && self.record.has_a_place(whose)
        {
            let resumes = false;
            self.wish(Act::Connect { whose, resumes });
        }
    }

    fn next_parcel(&mut self) -> Parcel {
        let at = self.rng.random_range(0..self.ways.len());
        let way = *self.ways.keys().nth(at).expect("one of them");
        let parcels = self.ways.get_mut(&way).expect("one of them");
        let parcel = parcels.pop_front().expect("no way is empty");
        if parcels.is_empty() {
            self.ways.remove(&way);
        }
        parcel
    }

    fn deliver(&mut self, parcel: Parcel) {
        match parcel {
            Parcel::Asked(asked) => self.carry_out(asked),
            Parcel::Said(whose, session, ask) => match *ask {
                Ask::AddTrack(request) if request.cid != MICROPHONE => {
                    self.announce(whose, session, request);
                }
                ask => self.stage.ask_on(session, ask),
            },
            Parcel::Media(whose) => {
                let identity = identity(whose);
                if self.stage.is_there(&identity) {
                    self.stage.bring_up(&identity);
                }
            }
            Parcel::Reported(whose) => {
                self.total.sent_away += usize::from(!self.record.has_a_place(whose));
                for asked in self.record.told_of_media(whose) {
                    self.send_off(Parcel::Asked(asked));
                }
            }
        }
    }

    fn carry_out(&mut self, asked: Asked) {
        match asked {
            Asked::Connect {
                whose,
                resumes,
                turns,
            } => self.connect(whose, resumes, turns),
            Asked::PutOut(whose) => {
                let identity = identity(whose);
                self.api(ApiRequest::PutOut { identity });
                self.out.insert(whose);
            }
            Asked::SendAway(whose) => {
                let identity = proto::RoomParticipantIdentity {
                    identity: identity(whose),
                    ..Default::default()
                };
                self.api(ApiRequest::RemoveParticipant(identity));
            }
            Asked::Present(rule) => {
                self.api(ApiRequest::Present(rule.clone()));
                self.note_rule(rule);
            }
            Asked::Lead {
                whose,
                leads,
                revision,
            } => {
                self.note_lead(whose, leads, revision);
                self.api(ApiRequest::Lead {
                    identity: identity(whose),
                    leads,
                    revision,
                });
            }
            Asked::End => {
                self.api(ApiRequest::End(EndReason::RoomClosed));
                self.out.extend(0..PEOPLE);
            }
        }
    }

    /// A room that is over is not there for anybody, and whoever is gone can't be told anything.
    fn api(&mut self, request: ApiRequest) {
        self.departed.note(self.stage.now, &room(), &request);
        if !self.stage.room.is_over() {
            let _refused = self.stage.api(request);
        }
    }

    fn connect(&mut self, whose: usize, resumes: bool, turns: Turns) {
        let name = identity(whose);
        let refuses = self.departed.refuses(self.stage.now, &room(), &name);
        if refuses.is_some() {
            assert!(!self.record.has_a_place(whose), "was put out for nothing");
            self.total.overtaken += 1;
            return;
        }
        let (rule, leads) = (turns.rule.clone(), turns.leads);
        let session = match resumes {
            true => self.stage.resume(&name, Topology::Dual, ""),
            false => self.stage.enter_with(&name, Topology::Dual, |connect| {
                connect.access.turns = Some(turns);
            }),
        };
        self.sessions.insert(whose, session);
        let Some(participant) = self.stage.room.roster.by_identity(&name) else {
            return;
        };
        assert!(!self.out.contains(&whose), "p{whose} came back in");
        let side = Side::Publisher;
        self.connections
            .insert(whose, ConnectionId { participant, side });
        if resumes {
            return;
        }
        self.leads.insert(whose, (leads, rule.revision));
        self.note_rule(rule);
        self.screens.remove(&whose);
        self.send_off(Parcel::Media(whose));
        if whose == HOST {
            self.ask(
                whose,
                session,
                Ask::AddTrack(add_track("audio", MICROPHONE)),
            );
            self.offer(whose, session, None);
        }
    }

    fn note_rule(&mut self, rule: Rule) {
        let known = self.rule.as_ref();
        if known.is_none_or(|known| known.revision < rule.revision) {
            self.rule = Some(rule);
        }
    }

    fn note_lead(&mut self, whose: usize, leads: bool, revision: u64) {
        if let Some(known) = self.leads.get_mut(&whose)
            && known.1 <= revision
        {
            *known = (leads, revision);
        }
    }

    /// Announces a screen and offers its section, whatever is answered.
    fn share(&mut self, whose: usize) {
        let Some(session) = self.sessions.get(&whose).copied() else {
            return;
        };
        self.numbers += 1;
        let cid = format!("screen{}", self.numbers);
        let request = proto::AddTrackRequest {
            source: proto::TrackSource::ScreenShare as i32,
            ..add_track("video", &cid)
        };
        self.ask(whose, session, Ask::AddTrack(request));
        self.offer(whose, session, Some(&cid));
        self.screens.insert(whose, cid);
    }

    fn offer(&mut self, whose: usize, session: SessionId, screen: Option<&str>) {
        self.numbers += 1;
        let microphone = (whose == HOST).then_some(("audio", MICROPHONE, Some(MICROPHONE)));
        let screen = screen.map(|cid| ("video", cid, Some(cid)));
        let sections: Vec<_> = microphone.into_iter().chain(screen).collect();
        let id = u32::try_from(self.numbers).unwrap();
        self.ask(whose, session, Ask::Offer(offer(id, &sections)));
    }

    /// The room's answer follows from what it has heard of by then.
    fn announce(&mut self, whose: usize, session: SessionId, request: proto::AddTrackRequest) {
        let (may, is_taken) = (self.may_show(whose), self.is_shown_by_another(whose));
        self.stage.ask_on(session, Ask::AddTrack(request));
        for message in self.stage.told_on(session) {
            match &message {
                Message::TrackPublished(_) => assert!(may, "p{whose} may show no screen"),
                Message::RequestResponse(refused) if refused.reason() == Reason::NotAllowed => {
                    assert!(!may || is_taken, "p{whose} was refused for nothing");
                    self.total.refused += 1;
                }
                _ => {}
            }
            self.hear(whose, session, message);
        }
    }

    fn may_show(&self, whose: usize) -> bool {
        let leads = self.leads.get(&whose).is_some_and(|(leads, _)| *leads);
        let is_there = |identity: &str| self.stage.is_there(identity);
        self.rule.as_ref().is_none_or(|rule| {
            let presenters = &rule.presenters;
            presenters.include(&identity(whose), leads, is_there)
        })
    }

    fn is_shown_by_another(&self, whose: usize) -> bool {
        let roster = &self.stage.room.roster;
        let own = roster.by_identity(&identity(whose));
        let published = self.presenters();
        let mut others = roster.iter().filter(|(key, _)| Some(*key) != own);
        others.any(|(key, other)| {
            let mut announced = other.publishing.announced();
            published.contains(&key)
                || announced.any(|info| is_screen(info.r#type(), info.source()))
        })
    }

    /// What people are told, and what the room reports.
    fn listen(&mut self) {
        for (whose, session) in self.sessions.clone() {
            for message in self.stage.told_on(session) {
                self.hear(whose, session, message);
            }
        }
        for fact in std::mem::take(&mut self.stage.facts) {
            if let Fact::ParticipantActive { identity, .. } = fact {
                self.post(Way::Facts, Parcel::Reported(number(&identity)));
            }
        }
    }

    fn hear(&mut self, whose: usize, session: SessionId, message: Message) {
        if let Message::Offer(offer) = message {
            self.ask(whose, session, answer(offer.id));
        }
    }

    /// Everybody sends what they believe to show, and the host speaks.
    fn send(&mut self) {
        self.is_received(HOST, "audio", MICROPHONE);
        let mut seen = 0;
        for (whose, cid) in self.screens.clone() {
            seen += usize::from(self.is_received(whose, "video", &cid));
        }
        assert!(seen <= 1, "the packets of {seen} screens are passed on");
        self.total.seen += seen;
    }

    fn is_received(&mut self, whose: usize, kind: &str, cid: &str) -> bool {
        let Some(id) = self.connections.get(&whose).copied() else {
            return false;
        };
        self.numbers += 1;
        self.stage.packet_on(id, kind, cid, self.numbers);
        let receivers = self.stage.receivers();
        for receiver in &receivers {
            let receiver = number(receiver);
            assert!(!self.out.contains(&whose), "p{whose} is out, and heard");
            assert!(
                !self.out.contains(&receiver),
                "p{receiver} is out, and gets"
            );
            assert!(self.record.was_inside(receiver), "p{receiver} never came");
        }
        !receivers.is_empty()
    }

    fn anybody(&mut self) -> usize {
        self.rng.random_range(0..PEOPLE)
    }

    fn wish(&mut self, act: Act) {
        self.wishes.push(Wish::Act(act));
    }

    fn ask(&mut self, whose: usize, session: SessionId, ask: Ask) {
        let said = Parcel::Said(whose, session, Box::new(ask));
        self.post(Way::Socket(session), said);
    }

    fn send_off(&mut self, parcel: Parcel) {
        self.numbers += 1;
        self.post(Way::Alone(self.numbers), parcel);
    }

    fn post(&mut self, way: Way, parcel: Parcel) {
        self.ways.entry(way).or_default().push_back(parcel);
    }
}

fn room() -> RoomName {
    RoomName("room".to_owned())
}
