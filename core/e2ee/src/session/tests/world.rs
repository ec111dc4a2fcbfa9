//! People with sessions, a delivery service between them, and a clock that only the test moves.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::time::Duration;

use zeroize::Zeroizing;

use super::service::{Mail, Service};
use crate::context::Admission;
use crate::group::Opening;
use crate::identity::{Identity, ParticipantId, Standing};
use crate::meeting::{DataMode, ExternalSender, GroupEpoch, Meeting, MeetingId, OrganisationId};
use crate::provider::Seed;
use crate::secret::MeetingSecret;
use crate::session::{
    Alarm, Config, Difference, Input, KeyChange, Output, Sending, Session, Silence, ToServer,
};
use crate::signer::Signer;
use crate::suite::Suite;

pub(super) struct World {
    pub(super) now: Duration,
    pub(super) service: Service,
    pub(super) people: BTreeMap<u8, Person>,
    pub(super) expelled: BTreeSet<u8>,
    /// Whether a host answers those who need a voucher.
    pub(super) host_admits: bool,
    /// Members from whom the server keeps commits.
    pub(super) withheld: BTreeSet<u8>,
    /// Who was in which epoch, by the word of the members.
    pub(super) rosters: BTreeMap<GroupEpoch, BTreeSet<ParticipantId>>,
    seeds: u8,
}

pub(super) struct Person {
    pub(super) session: Session,
    pub(super) inbox: VecDeque<Mail>,
    pub(super) online: bool,
    pub(super) alarms: Vec<Alarm>,
    pub(super) sending: Sending,
    pub(super) open: BTreeSet<GroupEpoch>,
    pub(super) difference: Difference,
    /// Every base key that ever was in its hands.
    pub(super) held: BTreeMap<GroupEpoch, [u8; 32]>,
    pub(super) wants_voucher: bool,
    pub(super) wants_host: bool,
    pub(super) asked_by: Vec<ParticipantId>,
    pub(super) silent: Vec<ParticipantId>,
    pub(super) failed_wishes: usize,
}

pub(super) const SUITE: Suite = Suite::Fallback;

pub(super) fn id(number: u8) -> ParticipantId {
    ParticipantId([number; 16])
}

pub(super) fn key(number: u8) -> Vec<u8> {
    Signer::generate(SUITE, seed(number, 0)).public().to_vec()
}

pub(super) fn seed(number: u8, round: u8) -> Seed {
    let mut bytes = [number; 32];
    bytes[0] = round;
    Seed(Zeroizing::new(bytes))
}

pub(super) fn meeting() -> Meeting {
    Meeting {
        meeting: MeetingId([1; 16]),
        organisation: OrganisationId([2; 16]),
        data_mode: DataMode::Conduit,
        suite: SUITE,
        external_sender: ExternalSender {
            signature_key: Signer::generate(SUITE, seed(255, 0)).public().to_vec(),
            identity: b"conclave".to_vec(),
        },
        host_accounts: Vec::new(),
        admission: Admission::Open,
    }
}

pub(super) fn config(number: u8, meeting: Meeting, secret: &[u8]) -> Config {
    Config {
        meeting,
        secret: MeetingSecret::new(secret).unwrap(),
        identity: Identity {
            participant: id(number),
            display_name: format!("Guest {number}"),
            standing: Standing::Guest,
        },
        signer: Signer::generate(SUITE, seed(number, 0)),
        opening: Opening::ByHost(Admission::Open),
    }
}

pub(super) const SECRET: &[u8] = &[7; 32];

impl World {
    pub(super) fn new() -> Self {
        Self {
            now: Duration::from_secs(1_764_000_000),
            service: Service::new(Signer::generate(SUITE, seed(255, 0))),
            people: BTreeMap::new(),
            expelled: BTreeSet::new(),
            host_admits: true,
            withheld: BTreeSet::new(),
            rosters: BTreeMap::new(),
            seeds: 0,
        }
    }

    /// Members `1..=count` in one epoch; the first is a host.
    pub(super) fn with_members(count: u8) -> Self {
        let mut world = Self::new();
        for number in 1..=count {
            world.enter(number);
            world.run_for(Duration::from_secs(2));
        }
        world.check_agreement((1..=count).collect());
        world
    }

    /// Somebody comes, or comes back after a reload.
    pub(super) fn enter(&mut self, number: u8) {
        self.enter_as(number, config(number, meeting(), SECRET));
    }

    pub(super) fn enter_as(&mut self, number: u8, config: Config) {
        self.seeds += 1;
        let held = self.people.remove(&number).map(|person| person.held);
        let person = Person {
            session: Session::new(config, seed(number, self.seeds)),
            inbox: VecDeque::new(),
            online: true,
            alarms: Vec::new(),
            sending: Sending::Stopped(Silence::NoKey),
            open: BTreeSet::new(),
            difference: Difference::default(),
            held: held.unwrap_or_default(),
            wants_voucher: false,
            wants_host: false,
            asked_by: Vec::new(),
            silent: Vec::new(),
            failed_wishes: 0,
        };
        self.people.insert(number, person);
        self.service.online.insert(id(number));
        self.input(number, Input::Enter);
    }

    pub(super) fn leave(&mut self, number: u8) {
        self.input(number, Input::Leave);
        self.disconnect(number);
        self.service.remove(id(number));
        self.settle_service();
    }

    pub(super) fn expel(&mut self, number: u8) {
        self.expelled.insert(number);
        self.input(1, Input::Expel(&key(number)));
    }

    pub(super) fn disconnect(&mut self, number: u8) {
        self.service.online.remove(&id(number));
        self.person(number).online = false;
    }

    /// Back on the network; `resumed` with the events in between.
    pub(super) fn reconnect(&mut self, number: u8, resumed: bool) {
        self.service.online.insert(id(number));
        let state = self
            .service
            .live
            .as_ref()
            .map(|live| Mail::State(live.id, live.epoch));
        let person = self.person(number);
        person.online = true;
        if !resumed {
            person.inbox.clear();
            person.inbox.extend(state);
        }
    }

    pub(super) fn person(&mut self, number: u8) -> &mut Person {
        self.people.get_mut(&number).unwrap()
    }

    /// The epoch that somebody sends with.
    pub(super) fn sends_with(&self, number: u8) -> Option<u64> {
        match self.people[&number].sending {
            Sending::With(at) => Some(at.epoch),
            Sending::Stopped(_) => None,
        }
    }

    pub(super) fn has_open(&self, number: u8, epoch: u64) -> bool {
        let mut open = self.people[&number].open.iter();
        open.any(|at| at.epoch == epoch)
    }

    pub(super) fn input(&mut self, number: u8, input: Input<'_>) {
        let now = self.now;
        self.person(number).session.handle_input(now, input);
        self.drain(number);
    }

    pub(super) fn take(&mut self, number: u8, mail: &Mail) {
        match (mail, mail.as_message()) {
            (Mail::Heartbeat(bytes), _) => self.input(number, Input::Heartbeat(bytes)),
            (Mail::Letter(from, bytes), _) => {
                let letter = Input::Letter { from: *from, bytes };
                self.input(number, letter);
            }
            (_, Some(message)) => self.input(number, Input::Server(message)),
            (_, None) => {}
        }
    }

    fn drain(&mut self, number: u8) {
        self.drain_keys(number);
        for _ in 0..10_000 {
            let output = self.person(number).session.poll_output();
            match output {
                Output::Wait(_) => return,
                Output::Send(message) => self.send(number, message),
                Output::Broadcast(bytes) => self.broadcast(number, &bytes),
                Output::Letter { to, bytes } => self.forward(number, to, bytes),
                other => self.note(number, other),
            }
        }
        panic!("the outputs never end");
    }

    fn drain_keys(&mut self, number: u8) {
        let person = self.people.get_mut(&number).unwrap();
        while let Some(change) = person.session.poll_key_change() {
            match change {
                KeyChange::Open(opened) => {
                    person.held.insert(opened.at, *opened.base_key);
                    person.open.insert(opened.at);
                    let people = opened.leaves.iter().map(|(who, _)| *who).collect();
                    self.rosters.insert(opened.at, people);
                }
                KeyChange::Close(at) => assert!(person.open.remove(&at), "closes what is open"),
            }
        }
    }

    fn send(&mut self, number: u8, message: ToServer) {
        if self.person(number).online {
            self.service.handle(self.now, id(number), message);
            self.post();
        }
    }

    fn broadcast(&mut self, number: u8, bytes: &[u8]) {
        if !self.person(number).online {
            return;
        }
        for (other, person) in &mut self.people {
            if *other != number && person.online {
                person.inbox.push_back(Mail::Heartbeat(bytes.to_vec()));
            }
        }
    }

    fn forward(&mut self, number: u8, to: ParticipantId, bytes: Vec<u8>) {
        let [receiver, ..] = to.0;
        let is_sent = self.person(number).online;
        if let Some(person) = self
            .people
            .get_mut(&receiver)
            .filter(|one| one.online && is_sent)
        {
            person.inbox.push_back(Mail::Letter(id(number), bytes));
        }
    }

    fn note(&mut self, number: u8, output: Output) {
        let person = self.people.get_mut(&number).unwrap();
        match output {
            Output::Sending(sending) => person.sending = sending,
            Output::Alarm(alarm) => person.alarms.push(alarm),
            Output::Difference(difference) => person.difference = difference,
            Output::NeedsVoucher(_) => person.wants_voucher = true,
            Output::NeedsHost => person.wants_host = true,
            Output::Silent(silent) => person.silent = silent,
            Output::WishFailed => person.failed_wishes += 1,
            Output::VoucherAsked(who) => person.asked_by.push(who),
            Output::Changed
            | Output::Send(_)
            | Output::Broadcast(_)
            | Output::Letter { .. }
            | Output::Wait(_) => {}
        }
    }

    /// Mail from the service into the inboxes; what isn't numbered is lost for whoever is away.
    fn post(&mut self) {
        while let Some((to, mail)) = self.service.poll() {
            let [number, ..] = to.0;
            if let Some(person) = self.people.get_mut(&number)
                && (person.online || mail.is_numbered())
                && !(matches!(mail, Mail::Commit(..)) && self.withheld.contains(&number))
            {
                person.inbox.push_back(mail);
            }
        }
    }

    fn settle_service(&mut self) {
        for number in self.expelled.clone() {
            let host = self.people.get(&1).and_then(|host| host.session.group());
            let is_out = host.is_some_and(|group| {
                group
                    .roster()
                    .iter()
                    .all(|occupant| occupant.identity.participant != id(number))
            });
            if is_out {
                self.service.forget(id(number));
            }
        }
        self.service.settle(self.now);
        self.post();
    }

    /// Delivers one message to somebody; `choice` says to whom. False when there is none.
    pub(super) fn step(&mut self, choice: usize) -> bool {
        let ready = self
            .people
            .iter()
            .filter(|(_, person)| person.online && !person.inbox.is_empty());
        let ready: Vec<u8> = ready.map(|(number, _)| *number).collect();
        let Some(number) = ready.get(choice % ready.len().max(1)).copied() else {
            return false;
        };
        let mail = self.person(number).inbox.pop_front().unwrap();
        self.take(number, &mail);
        true
    }

    /// Delivers everything that is on its way.
    pub(super) fn deliver(&mut self) {
        for _ in 0..100_000 {
            self.settle_service();
            self.grant_vouchers();
            if !self.step(0) {
                return;
            }
        }
        panic!("the messages never end");
    }

    /// The host's person clicks on those who wait.
    fn grant_vouchers(&mut self) {
        let waiting = self.people.iter_mut().filter_map(|(number, person)| {
            let waits = person.wants_voucher && person.online;
            waits.then_some(id(*number))
        });
        let mut waiting: Vec<ParticipantId> = waiting.collect();
        if !self.host_admits || !self.people[&1].online {
            return;
        }
        waiting.append(&mut self.person(1).asked_by);
        for who in waiting {
            let [number, ..] = who.0;
            self.person(number).wants_voucher = false;
            if !self.expelled.contains(&number) {
                self.input(1, Input::Admitted(who));
            }
        }
    }

    /// Lets time pass, stopping wherever somebody wants to be woken.
    pub(super) fn run_for(&mut self, time: Duration) {
        let end = self.now + time;
        for _ in 0..100_000 {
            self.deliver();
            if self.now >= end {
                return;
            }
            let next = self.now + Duration::from_millis(1);
            let wakes =
                self.people
                    .values_mut()
                    .filter_map(|person| match person.session.poll_output() {
                        Output::Wait(at) => at,
                        _ => panic!("drained"),
                    });
            let wake = wakes.chain(self.service.wake_at()).min();
            self.now = wake.map_or(end, |at| at.max(next)).min(end);
            for number in self.people.keys().copied().collect::<Vec<_>>() {
                self.input(number, Input::Timeout);
            }
        }
        panic!("time doesn't pass");
    }

    /// These, and nobody else, are in one epoch, and send with it.
    pub(super) fn check_agreement(&self, members: BTreeSet<u8>) {
        let first = self.people[members.first().unwrap()]
            .session
            .group()
            .unwrap();
        let keys = first.base_key();
        let at = GroupEpoch {
            group: first.id(),
            epoch: first.epoch(),
        };
        for (number, person) in &self.people {
            if !person.online && !members.contains(number) {
                assert!(
                    matches!(person.sending, Sending::Stopped(_)),
                    "{number} sends on"
                );
                continue;
            }
            let Some(group) = person.session.group() else {
                assert!(!members.contains(number), "{number} is not in");
                continue;
            };
            assert!(members.contains(number), "{number} is in");
            assert!(
                group.id() == first.id() && group.base_key() == keys,
                "{number} is elsewhere"
            );
            assert_eq!(group.security_code(), first.security_code());
            assert_eq!(person.sending, Sending::With(at), "{number} doesn't send");
            assert!(person.open.contains(&at));
        }
        let roster: BTreeSet<u8> = first
            .roster()
            .iter()
            .map(|occupant| occupant.identity.participant.0[0])
            .collect();
        assert_eq!(roster, members);
    }

    /// Whoever held an epoch's key was in its roster; all held the same.
    pub(super) fn check_secrecy(&self) {
        let mut keys = BTreeMap::new();
        for (number, person) in &self.people {
            for (place, key) in &person.held {
                assert!(
                    self.rosters[place].contains(&id(*number)),
                    "{number} held a foreign key"
                );
                assert_eq!(keys.entry(*place).or_insert(*key), key);
            }
        }
        let different: BTreeSet<[u8; 32]> = keys.values().copied().collect();
        assert_eq!(
            different.len(),
            keys.len(),
            "each epoch has a key of its own"
        );
    }

    pub(super) fn check_calm(&self) {
        for (number, person) in &self.people {
            assert!(person.alarms.is_empty(), "{number} is alarmed");
        }
    }
}
