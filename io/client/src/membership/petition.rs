//! Somebody with the code and the passcode asks hosts for the link: in the lobby they show that they know the passcode,
//! and once they are let in they are given what the link holds, sealed under what both sides know.
//!
//! Who is a host is the server's word, and needs no trust: whoever answers proves that they know the passcode too.

use std::time::{Duration, Instant};

use conclave_e2ee::Seed;
use conclave_e2ee::asker::{Answered, SecretAsker};
use conclave_e2ee::identity::ParticipantId;
use conclave_e2ee::letter::Passage;
use conclave_e2ee::meeting::MeetingId;
use conclave_e2ee::passcode::Passcode;
use conclave_protocol::channel::{MeetingFacts, PasscodeWanted};
use conclave_protocol::meeting::MeetingCode;
use conclave_protocol::mls::MlsState;

use super::{Link, Membership, News, Words, id};
use crate::invitation::Invitation;

/// What somebody has of a meeting's secret.
pub enum Means {
    Link(Invitation),
    /// Digits that hosts know too.
    Passcode(Box<Petition>),
}

/// A question to hosts, in the lobby and again inside. Has no printable form.
pub struct Petition {
    code: MeetingCode,
    at_the_door: Asking,
    inside: Asking,
    /// With what the server let us in.
    let_in: Option<LetIn>,
}

/// Why the link is not given. What a host says of it the server can forge.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotGiven {
    WrongPasscode,
    /// That host answers by passcode no more.
    PasscodeSpent,
    /// Nobody has shown that they know the passcode.
    Unanswered,
}

struct LetIn {
    facts: MeetingFacts,
    mls: MlsState,
}

/// One asker, whom it asks, and when again.
struct Asking {
    asker: SecretAsker,
    hosts: Vec<ParticipantId>,
    again_at: Option<Instant>,
    is_over: bool,
}

/// Between two questions. As often as a browser asks: the other side forgives so many.
const AGAIN: Duration = Duration::from_secs(3);

impl Petition {
    /// The seeds: random bytes, each for one use.
    #[must_use]
    pub fn new(code: MeetingCode, passcode: &Passcode, at_the_door: Seed, inside: Seed) -> Self {
        Self {
            code,
            at_the_door: Asking::new(at_the_door, passcode),
            inside: Asking::new(inside, passcode),
            let_in: None,
        }
    }

    fn asking(&self) -> &Asking {
        match self.let_in {
            None => &self.at_the_door,
            Some(_) => &self.inside,
        }
    }

    fn asking_mut(&mut self) -> &mut Asking {
        match self.let_in {
            None => &mut self.at_the_door,
            Some(_) => &mut self.inside,
        }
    }

    /// What is given in the lobby is none: there a host's page only learns that the passcode is known.
    fn take(&mut self, passage: Passage, letter: &[u8]) -> Option<Answered> {
        let is_inside = self.let_in.is_some();
        let answered = self.asking_mut().take(passage, letter)?;
        let is_given = matches!(answered, Answered::Secret { .. });
        (is_inside || !is_given).then_some(answered)
    }
}

impl Asking {
    fn new(seed: Seed, passcode: &Passcode) -> Self {
        Self {
            asker: SecretAsker::new(seed, Some(passcode.clone())),
            hosts: Vec::new(),
            again_at: None,
            is_over: false,
        }
    }

    /// The first are asked at once, others with the next question.
    fn follow(&mut self, now: Instant, hosts: Vec<ParticipantId>) {
        if self.hosts.is_empty() {
            self.again_at = Some(now);
        }
        self.hosts = hosts;
    }

    fn wake(&self) -> Option<Instant> {
        let asks = !self.is_over && !self.hosts.is_empty();
        self.again_at.filter(|_| asks)
    }

    /// The letter to each of [`Self::hosts`], when it is time.
    fn question(&mut self, now: Instant) -> Option<Vec<u8>> {
        self.wake().filter(|at| *at <= now)?;
        self.again_at = Some(now + AGAIN);
        Some(self.asker.ask())
    }

    fn take(&mut self, passage: Passage, letter: &[u8]) -> Option<Answered> {
        if self.is_over || !self.hosts.contains(&passage.from) {
            return None;
        }
        let answered = self.asker.take(passage, letter)?;
        self.is_over = !matches!(answered, Answered::Send(_));
        Some(answered)
    }
}

impl Membership {
    /// Who has no link asks for it first.
    pub(super) fn let_in(&mut self, now: Instant, facts: MeetingFacts, mls: MlsState) {
        match &mut self.member.means {
            Means::Link(_) => self.enter(now, &facts, &mls),
            Means::Passcode(petition) => {
                petition.let_in = Some(LetIn { facts, mls });
                self.follow_hosts(now);
            }
        }
    }

    /// In the lobby: whom to show that the passcode is known. Nobody any more, once a host's page has said so.
    pub(super) fn follow_door(&mut self, now: Instant, wanted: Option<PasscodeWanted>) {
        if let Means::Passcode(petition) = &mut self.member.means {
            let hosts = wanted.map_or_else(Vec::new, |wanted| wanted.hosts);
            let hosts = hosts.into_iter().map(id).collect();
            petition.at_the_door.follow(now, hosts);
        }
    }

    pub(super) fn follow_hosts(&mut self, now: Instant) {
        if let Means::Passcode(petition) = &mut self.member.means {
            let hosts = self.hosts.iter().copied().collect();
            petition.inside.follow(now, hosts);
        }
    }

    /// When the next question is due; without a connection none is.
    pub(super) fn asks_at(&self) -> Option<Instant> {
        match &self.member.means {
            Means::Passcode(petition) if self.link == Link::Open => petition.asking().wake(),
            Means::Passcode(_) | Means::Link(_) => None,
        }
    }

    pub(super) fn ask_hosts(&mut self, now: Instant) {
        if self.asks_at().is_none() {
            return;
        }
        let Means::Passcode(petition) = &mut self.member.means else {
            return;
        };
        let asking = petition.asking_mut();
        let Some(letter) = asking.question(now) else {
            return;
        };
        for host in asking.hosts.clone() {
            self.say(Words::letter(host, &letter));
        }
    }

    /// False: a member's letter, which is the seat's to read.
    pub(super) fn hear_answer(&mut self, now: Instant, from: ParticipantId, letter: &[u8]) -> bool {
        let passage = Passage {
            meeting: MeetingId(self.member.place.meeting.0.into_bytes()),
            from,
            to: id(self.member.place.participant),
        };
        let Means::Passcode(petition) = &mut self.member.means else {
            return false;
        };
        match petition.take(passage, letter) {
            Some(Answered::Send(letter)) => self.say(Words::letter(from, &letter)),
            Some(Answered::Secret { fragment, .. }) => self.given(now, &fragment),
            Some(Answered::WrongPasscode) => self.not_given(NotGiven::WrongPasscode),
            Some(Answered::PasscodeSpent) => self.not_given(NotGiven::PasscodeSpent),
            Some(Answered::Unanswered) => self.not_given(NotGiven::Unanswered),
            None => {}
        }
        true
    }

    fn given(&mut self, now: Instant, fragment: &str) {
        let Means::Passcode(petition) = &mut self.member.means else {
            return;
        };
        let invitation = Invitation::of(petition.code, fragment);
        match (invitation, petition.let_in.take()) {
            (Ok(invitation), Some(LetIn { facts, mls })) => {
                self.member.means = Means::Link(invitation);
                self.enter(now, &facts, &mls);
                self.present(now);
            }
            // Whoever knows the passcode and gives something else has nothing to give.
            _ => self.not_given(NotGiven::Unanswered),
        }
    }

    fn not_given(&mut self, why: NotGiven) {
        self.tell(News::NotGiven(why));
    }
}
