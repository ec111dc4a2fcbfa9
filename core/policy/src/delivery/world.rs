//! A meeting's delivery service, its store, and clients that behave as the contract says, or do not.

use std::collections::{BTreeMap, VecDeque};

use conclave_protocol::mls::{CurrentGroup, Slot};
use uuid::Uuid;

use super::forge::{self, Change, ENTRANCE};
use super::framing::Sender;
use super::*;

pub(super) struct World {
    pub(super) now: Timestamp,
    pub(super) delivery: Delivery,
    pub(super) store: Option<Kept>,
    pub(super) trouble: Option<Trouble>,
    pub(super) clients: BTreeMap<ParticipantId, Client>,
    /// The accepted commit of each epoch, as events told it.
    pub(super) accepted: BTreeMap<(GroupId, Epoch), ParticipantId>,
    pub(super) proposed: Vec<ParticipantId>,
    pub(super) distrusted: Vec<ParticipantId>,
    pub(super) not_passed: Vec<NotPassed>,
    wait: Option<Timestamp>,
    groups: u8,
    /// Whose leaf is whose, as members know it.
    trees: BTreeMap<GroupId, BTreeMap<u32, ParticipantId>>,
    /// What members were told to remove in an epoch.
    removals: BTreeMap<(GroupId, Epoch), BTreeSet<u32>>,
    /// Whom the commit of an epoch left without a leaf.
    removed: BTreeMap<(GroupId, Epoch), BTreeSet<ParticipantId>>,
    /// Leaves whose removal no member can make anything of.
    pub(super) impossible: BTreeSet<u32>,
    /// Groups that nobody can enter any more: a commit that is none made their GroupInfo.
    broken: BTreeSet<GroupId>,
}

/// What the store does to every change.
#[derive(Clone, Copy)]
pub(super) enum Trouble {
    /// Does not keep it.
    Fails,
    /// Keeps it, and is too late to say so.
    IsLate,
}

/// One participant's program.
#[derive(Default)]
pub(super) struct Client {
    pub(super) connected: bool,
    pub(super) gone: bool,
    /// A host or co-host of the meeting.
    pub(super) leads: bool,
    /// Does not commit, though asked.
    pub(super) silent: bool,
    pub(super) inbox: VecDeque<Heard>,
    pub(super) group: Option<View>,
    pub(super) told: Vec<String>,
    creates: Option<GroupId>,
    /// Has asked for a turn, and uses it as the test says.
    wants_turn: bool,
    /// The leaves that the removals of the latest epoch are about.
    removal: Option<(GroupId, Epoch, BTreeSet<u32>)>,
    asks_at: Option<Timestamp>,
}

/// A group as a member knows it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct View {
    pub(super) id: GroupId,
    pub(super) epoch: Epoch,
}

pub(super) enum Heard {
    Message(Downstream),
    Event(Event),
    /// The whole state, as it was then.
    Welcome(Option<CurrentGroup>),
}

impl World {
    pub(super) fn new() -> Self {
        Self {
            now: Timestamp::from_micros(1_000_000_000),
            delivery: Delivery::new(terms(), None),
            store: None,
            trouble: None,
            clients: BTreeMap::new(),
            accepted: BTreeMap::new(),
            proposed: Vec::new(),
            distrusted: Vec::new(),
            not_passed: Vec::new(),
            wait: None,
            groups: 0,
            trees: BTreeMap::new(),
            removals: BTreeMap::new(),
            removed: BTreeMap::new(),
            impossible: BTreeSet::new(),
            broken: BTreeSet::new(),
        }
    }

    /// `count` members in one group, at leaves 0, 1, ….
    pub(super) fn with_members(count: u32) -> (Self, Vec<ParticipantId>) {
        let mut world = Self::new();
        let people: Vec<_> = (0..count).map(|_| world.newcomer()).collect();
        for somebody in &people {
            world.connect(*somebody, false);
            world.run();
        }
        for client in world.clients.values_mut() {
            assert!(client.group.is_some());
            client.told.clear();
        }
        (world, people)
    }

    pub(super) fn newcomer(&mut self) -> ParticipantId {
        let id = ParticipantId(Uuid::from_u128(self.clients.len() as u128 + 1));
        self.clients.insert(id, Client::default());
        id
    }

    pub(super) fn connect(&mut self, participant: ParticipantId, resumed: bool) {
        let group = self.delivery.state().group;
        let client = self.clients.get_mut(&participant).unwrap();
        client.connected = true;
        if !resumed {
            client.inbox.clear();
            client.inbox.push_back(Heard::Welcome(group));
        }
        self.input(Input::Present {
            participant,
            resumed,
        });
    }

    /// `keeps`: the channel's log holds what comes meanwhile.
    pub(super) fn disconnect(&mut self, participant: ParticipantId) {
        let client = self.clients.get_mut(&participant).unwrap();
        client.connected = false;
        // What was for this connection only is lost with it.
        client
            .inbox
            .retain(|heard| !matches!(heard, Heard::Message(_)));
        self.input(Input::Absent { participant });
    }

    pub(super) fn lose(&mut self, participant: ParticipantId) {
        let client = self.clients.get_mut(&participant).unwrap();
        client.gone = true;
        client.connected = false;
        client.inbox.clear();
        self.input(Input::Gone { participant });
    }

    pub(super) fn restart(&mut self) {
        self.delivery = Delivery::new(terms(), self.store.clone());
        for client in self.clients.values_mut() {
            client.connected = false;
            client.inbox.clear();
        }
        let gone: Vec<_> = self
            .clients
            .iter()
            .filter(|(_, client)| client.gone)
            .map(|(id, _)| *id)
            .collect();
        gone.into_iter()
            .for_each(|participant| self.input(Input::Gone { participant }));
    }

    pub(super) fn wait(&mut self, time: Duration) {
        let until = self.now.plus(time);
        while let Some(at) = self.wait.filter(|at| *at <= until) {
            self.now = self.now.max(at);
            self.input(Input::Timeout);
        }
        self.now = until;
        self.input(Input::Timeout);
    }

    pub(super) fn submit(&mut self, participant: ParticipantId, submission: Submission) {
        let leads = self.clients[&participant].leads;
        self.submit_as(participant, leads, submission);
    }

    pub(super) fn submit_as(
        &mut self,
        participant: ParticipantId,
        leads: bool,
        submission: Submission,
    ) {
        if let Submission::Turn { .. } = submission {
            self.clients.get_mut(&participant).unwrap().wants_turn = true;
        }
        self.input(Input::Submitted {
            participant,
            leads,
            submission,
        });
    }

    /// A commit of a member, or of a joiner at `leaf`, to the group's epoch.
    pub(super) fn forged(
        &self,
        member: Option<u32>,
        leaf: Option<u32>,
        changes: &[Change],
    ) -> Submission {
        let group = self.current();
        let signer = member.or(leaf).unwrap_or_default();
        commit_to(group.id, group.epoch, member, leaf, signer, changes)
    }

    /// A member's commit of the server's removals of these leaves.
    pub(super) fn removal(&self, member: u32, leaves: &[u32]) -> Submission {
        let View { id, epoch } = self.current();
        let changes = references(id, epoch, leaves.iter().copied());
        self.forged(Some(member), None, &changes)
    }

    /// A commit of a member that no other member accepts, and that looks right from outside.
    pub(super) fn broken(&self, member: u32) -> Submission {
        let mut submission = self.forged(Some(member), None, &[]);
        if let Submission::Commit { commit, .. } = &mut submission {
            *commit = broken(commit);
        }
        submission
    }

    /// A member's commit that is right, with a GroupInfo that nobody can enter by.
    pub(super) fn shut(&self, member: u32) -> Submission {
        let mut shut = self.forged(Some(member), None, &[]);
        if let Submission::Commit { group_info, .. } = &mut shut {
            *group_info = broken(group_info);
        }
        shut
    }

    pub(super) fn current(&self) -> View {
        let group = self.delivery.state().group.expect("there is a group");
        View {
            id: group.id,
            epoch: group.epoch,
        }
    }

    /// Everybody hears everything, and answers.
    pub(super) fn run(&mut self) {
        for _ in 0..10_000 {
            let ready = self
                .clients
                .iter()
                .filter(|(_, client)| client.has_to_do(self.now));
            let ready: Vec<_> = ready.map(|(id, _)| *id).collect();
            if ready.is_empty() {
                return;
            }
            for somebody in ready {
                self.step(somebody);
            }
        }
        panic!("they talk for ever");
    }

    /// One client hears one thing, or asks again.
    pub(super) fn step(&mut self, participant: ParticipantId) {
        let client = self.clients.get_mut(&participant).unwrap();
        if !client.has_to_do(self.now) {
            return;
        }
        let Some(heard) = client.inbox.pop_front() else {
            client.asks_at = None;
            return self.submit(participant, Submission::Join);
        };
        for submission in self.hear(participant, heard) {
            self.submit(participant, submission);
        }
    }

    fn hear(&mut self, participant: ParticipantId, heard: Heard) -> Vec<Submission> {
        match heard {
            Heard::Welcome(group) => self.hear_welcome(participant, group),
            Heard::Message(Downstream::MlsSlot(slot)) => self.take(participant, slot),
            Heard::Message(Downstream::MlsRefused(refusal)) => {
                let again = self.now.plus(Duration::from_secs(1));
                let client = self.clients.get_mut(&participant).unwrap();
                client.told.push(format!("{:?}", refusal.reason));
                if refusal.reason == Reason::Stale
                    && client.group.as_ref().map(|group| group.id) != refusal.group
                {
                    client.group = None;
                }
                if client.group.is_none() {
                    client.asks_at = Some(again);
                }
                Vec::new()
            }
            Heard::Message(Downstream::MlsHeartbeat { .. }) => {
                let client = self.clients.get_mut(&participant).unwrap();
                client.told.push("heartbeat".to_owned());
                Vec::new()
            }
            Heard::Message(Downstream::MlsLetter { from, .. }) => {
                let client = self.clients.get_mut(&participant).unwrap();
                client.told.push(format!("letter of {}", from.0));
                Vec::new()
            }
            Heard::Message(_) => Vec::new(),
            Heard::Event(event) => self.hear_event(participant, event),
        }
    }

    fn hear_welcome(
        &mut self,
        participant: ParticipantId,
        current: Option<CurrentGroup>,
    ) -> Vec<Submission> {
        let client = self.clients.get_mut(&participant).unwrap();
        client.creates = None;
        let known = client.group.clone();
        let reaches = |group: &View| {
            current.is_some_and(|now| now.id == group.id && now.replays_from <= group.epoch)
        };
        match known.filter(reaches) {
            Some(group) => vec![Submission::Processed {
                group: group.id,
                epoch: group.epoch,
            }],
            None => {
                client.group = None;
                vec![Submission::Join]
            }
        }
    }

    fn take(&mut self, participant: ParticipantId, slot: Slot) -> Vec<Submission> {
        let client = self.clients.get_mut(&participant).unwrap();
        let name = match &slot {
            Slot::Create { .. } => "create",
            Slot::Join { .. } => "join",
            Slot::Commit { .. } => "commit",
        };
        client.told.push(format!("slot {name}"));
        if client.silent {
            return Vec::new();
        }
        match slot {
            Slot::Create { .. } => {
                self.groups += 1;
                let id = GroupId([self.groups; 16]);
                client.creates = Some(id);
                vec![Submission::Create {
                    group: id,
                    group_info: opaque(forge::group_info(id.0, 0, 0)),
                }]
            }
            Slot::Join {
                group,
                epoch,
                group_info,
                ..
            } if self.broken.contains(&group) || is_broken(&group_info) => {
                client.asks_at = Some(self.now.plus(Duration::from_secs(1)));
                vec![Submission::Invalid { group, epoch }]
            }
            Slot::Join { group, epoch, .. } => vec![self.entrance(participant, group, epoch)],
            Slot::Commit { group, epoch, .. } => {
                if client.group != Some(View { id: group, epoch }) {
                    return vec![Submission::Pass];
                }
                let removal = client.removal.clone();
                let removal = removal.filter(|(id, at, _)| (*id, *at) == (group, epoch));
                if removal.is_none() && std::mem::take(&mut client.wants_turn) {
                    return Vec::new();
                }
                let leaves = removal.map_or(BTreeSet::new(), |(_, _, leaves)| leaves);
                let leaf = self.leaf_of(participant);
                let changes = references(group, epoch, leaves);
                vec![commit_to(group, epoch, Some(leaf), None, leaf, &changes)]
            }
        }
    }

    /// An external commit at the least free leaf, which removes the own old one (RFC 9420, 7.7, 12.4.3.2).
    fn entrance(&self, participant: ParticipantId, group: GroupId, epoch: Epoch) -> Submission {
        let leaves = self.tree();
        let old = leaves
            .iter()
            .find(|(_, owner)| **owner == participant)
            .map(|(leaf, _)| *leaf);
        let free = (0..)
            .find(|leaf| !leaves.contains_key(leaf) || Some(*leaf) == old)
            .unwrap();
        let mut changes = ENTRANCE.to_vec();
        changes.extend(old.map(Change::Remove));
        commit_to(group, epoch, None, Some(free), free, &changes)
    }

    fn hear_event(&mut self, participant: ParticipantId, event: Event) -> Vec<Submission> {
        let now = self.now;
        let client = self.clients.get_mut(&participant).unwrap();
        match event {
            Event::MlsCommit {
                group,
                epoch,
                sender,
                commit,
            } => {
                let enters = sender == participant
                    && framing::read_commit(commit.as_bytes()).unwrap().sender == Sender::Joiner;
                let follows = client.group == Some(View { id: group, epoch });
                let known = client.group.as_ref().filter(|known| known.id == group);
                if !enters && known.is_some_and(|known| known.epoch < epoch) {
                    client.group = None;
                    return vec![Submission::Join];
                }
                if !enters && !follows {
                    return Vec::new();
                }
                if is_broken(&commit) && sender != participant {
                    client.asks_at = Some(now.plus(Duration::from_secs(3)));
                    let epoch = epoch.next();
                    return vec![Submission::Invalid { group, epoch }];
                }
                let removed = self.removed.get(&(group, epoch));
                if removed.is_some_and(|removed| removed.contains(&participant)) {
                    client.told.push("removed".to_owned());
                    client.group = None;
                    return vec![Submission::Join];
                }
                client.told.push(format!("epoch {}", epoch.next().0));
                client.group = Some(View {
                    id: group,
                    epoch: epoch.next(),
                });
                client.asks_at = None;
                vec![Submission::Processed {
                    group,
                    epoch: epoch.next(),
                }]
            }
            Event::MlsRemoval {
                group,
                epoch,
                proposals,
                ..
            } => {
                client.told.push("removal".to_owned());
                let leaves = proposals.iter().map(proposed_leaf);
                let leaves = leaves.filter(|leaf| !self.impossible.contains(leaf));
                let known = client.removal.take();
                let known = known.filter(|(id, at, _)| (*id, *at) == (group, epoch));
                let known = known.map_or(BTreeSet::new(), |(_, _, known)| known);
                client.removal = Some((group, epoch, known.into_iter().chain(leaves).collect()));
                Vec::new()
            }
            Event::MlsAllProcessed { group, epoch } => {
                client.told.push(format!("all in {}", epoch.0));
                if client.creates == Some(group) {
                    client.creates = None;
                    client.group = Some(View { id: group, epoch });
                }
                Vec::new()
            }
            Event::MlsEnded { group } => {
                client.told.push("ended".to_owned());
                if client.group.take_if(|known| known.id == group).is_some() {
                    client.asks_at = Some(now);
                }
                Vec::new()
            }
            _ => panic!("not an event of the service"),
        }
    }

    pub(super) fn input(&mut self, input: Input) {
        self.delivery.handle_input(self.now, input);
        loop {
            match self.delivery.poll_output() {
                Output::Tell {
                    participant,
                    message,
                } => {
                    let client = self.clients.get_mut(&participant).unwrap();
                    if client.connected {
                        client.inbox.push_back(Heard::Message(message));
                    }
                }
                Output::Pass { to, message } => {
                    let client = self.clients.get_mut(&to).unwrap();
                    assert!(client.connected, "passed to who is not there");
                    client.inbox.push_back(Heard::Message(message));
                }
                Output::NotPassed(reason) => self.not_passed.push(reason),
                Output::Publish { to, event } => self.publish(to, event),
                Output::Write(write) => {
                    let outcome = self.answer(write);
                    self.delivery
                        .handle_input(self.now, Input::Written(outcome));
                }
                Output::Note {
                    what, participants, ..
                } => match what {
                    Note::Removal => self.proposed.extend(participants),
                    Note::Distrust => self.distrusted.extend(participants),
                },
                Output::Reload => {
                    let kept = self.store.clone();
                    self.delivery.handle_input(self.now, Input::Restored(kept));
                    self.say_who_is_gone();
                }
                Output::Wait(wait) => {
                    assert!(wait.is_none_or(|at| at > self.now), "waits for the past");
                    self.wait = wait;
                    return;
                }
            }
        }
    }

    /// As a meeting's owner does whenever the group may be another.
    fn say_who_is_gone(&mut self) {
        let members: Vec<_> = self.delivery.members().collect();
        let gone = |member: &ParticipantId| self.clients[member].gone;
        for participant in members.into_iter().filter(gone) {
            self.delivery
                .handle_input(self.now, Input::Gone { participant });
        }
    }

    fn publish(&mut self, to: Audience, event: Event) {
        if let (
            Audience::Everybody,
            Event::MlsCommit {
                group,
                epoch,
                sender,
                ..
            },
        ) = (to, &event)
        {
            let first = self.accepted.insert((*group, *epoch), *sender);
            assert!(
                first.is_none_or(|first| first == *sender),
                "two commits of one epoch"
            );
        }
        if let Event::MlsRemoval {
            group,
            epoch,
            proposals,
            ..
        } = &event
        {
            let told = self.removals.entry((*group, *epoch)).or_default();
            told.extend(proposals.iter().map(proposed_leaf));
        }
        for (id, client) in &mut self.clients {
            let addressed = to == Audience::Everybody || to == Audience::One(*id);
            if addressed && !client.gone {
                client.inbox.push_back(Heard::Event(event.clone()));
            }
        }
    }

    fn answer(&mut self, write: Write) -> Outcome {
        let ends = matches!(write, Write::End { .. });
        match self.trouble {
            None => self.keep(write),
            Some(Trouble::Fails) => Outcome::Failed,
            Some(Trouble::IsLate) => {
                self.keep(write);
                // An end is tried again; after anything else the store's state is read.
                if ends {
                    Outcome::Failed
                } else {
                    Outcome::Conflict
                }
            }
        }
    }

    /// As the store does it.
    fn keep(&mut self, write: Write) -> Outcome {
        match (write, &mut self.store) {
            (
                Write::Create {
                    group,
                    group_info,
                    creator,
                },
                store @ None,
            ) => {
                *store = Some(Kept {
                    group,
                    epoch: Epoch(0),
                    group_info,
                    leaves: vec![KeptLeaf {
                        leaf: LeafIndex(0),
                        participant: creator,
                        since: Epoch(0),
                    }],
                    commits: Vec::new(),
                });
                self.trees.insert(group, BTreeMap::from([(0, creator)]));
            }
            (
                Write::Commit {
                    group,
                    commit,
                    group_info,
                    entered,
                    removed,
                    keep_from,
                },
                Some(kept),
            ) if (kept.group, kept.epoch) == (group, commit.epoch) => {
                let tree = self.trees.entry(group).or_default();
                if is_broken(&commit.message) {
                    self.broken.insert(group);
                }
                let told = self.removals.entry((group, commit.epoch)).or_default();
                let before: BTreeSet<_> = tree.values().copied().collect();
                apply(group, tree, told, &commit);
                let left: BTreeSet<_> = tree.values().copied().collect();
                let without = before.difference(&left).copied().collect();
                self.removed.insert((group, commit.epoch), without);
                kept.epoch = kept.epoch.next();
                kept.group_info = group_info;
                kept.leaves.retain(|kept| !removed.contains(&kept.leaf));
                kept.leaves.extend(entered.map(|leaf| KeptLeaf {
                    leaf,
                    participant: commit.sender,
                    since: kept.epoch,
                }));
                let known = kept.leaves.iter();
                let known = known.map(|kept| (kept.leaf.0, kept.participant));
                assert_eq!(&known.collect::<BTreeMap<_, _>>(), tree);
                kept.commits.push(commit);
                kept.commits.retain(|commit| commit.epoch >= keep_from);
            }
            (Write::End { group, .. }, store)
                if store.as_ref().map(|kept| kept.group) == Some(group) =>
            {
                *store = None;
            }
            _ => return Outcome::Conflict,
        }
        Outcome::Done
    }

    /// The leaves of the meeting's group.
    pub(super) fn tree(&self) -> BTreeMap<u32, ParticipantId> {
        let group = self.delivery.state().group;
        let tree = group.and_then(|group| self.trees.get(&group.id));
        tree.cloned().unwrap_or_default()
    }

    pub(super) fn leaf_of(&self, participant: ParticipantId) -> u32 {
        let tree = self.tree();
        let leaf = tree.iter().rev().find(|(_, owner)| **owner == participant);
        leaf.map_or(u32::MAX, |(leaf, _)| *leaf)
    }

    pub(super) fn told(&mut self, participant: ParticipantId) -> Vec<String> {
        std::mem::take(&mut self.clients.get_mut(&participant).unwrap().told)
    }
}

impl Client {
    fn has_to_do(&self, now: Timestamp) -> bool {
        let asks = self.asks_at.is_some_and(|at| at <= now);
        self.connected && (!self.inbox.is_empty() || asks)
    }
}

/// With a tag, or a signature, that does not hold.
pub(super) fn broken(message: &Opaque) -> Opaque {
    let mut bytes = message.as_bytes().to_vec();
    *bytes.last_mut().unwrap() = BROKEN;
    opaque(bytes)
}

fn is_broken(message: &Opaque) -> bool {
    message.as_bytes().last() == Some(&BROKEN)
}

/// The last byte of what is broken.
const BROKEN: u8 = 0;

/// As members do it, who read nothing but the commit (RFC 9420, 12.3, 12.4.3.2).
fn apply(
    group: GroupId,
    tree: &mut BTreeMap<u32, ParticipantId>,
    told: &BTreeSet<u32>,
    commit: &LoggedCommit,
) {
    let read = framing::read_commit(commit.message.as_bytes()).unwrap();
    for LeafIndex(leaf) in read.changes.removes {
        assert!(tree.remove(&leaf).is_some(), "nobody is removed");
    }
    for hash in read.changes.references {
        let mut told = told.iter();
        let leaf = told.find(|leaf| named(group, commit.epoch, **leaf).as_slice() == hash);
        let leaf = leaf.expect("the removal was proposed");
        assert!(tree.remove(leaf).is_some(), "nobody is removed");
    }
    if read.sender == Sender::Joiner {
        let free = (0..).find(|leaf| !tree.contains_key(leaf)).unwrap();
        tree.insert(free, commit.sender);
    }
}

/// How a commit refers to the server's removals.
pub(super) fn references(
    group: GroupId,
    epoch: Epoch,
    leaves: impl IntoIterator<Item = u32>,
) -> Vec<Change> {
    let leaves = leaves.into_iter();
    leaves
        .map(|leaf| Change::Reference(named(group, epoch, leaf)))
        .collect()
}

/// By which a commit refers to the removal of a leaf.
fn named(group: GroupId, epoch: Epoch, leaf: u32) -> [u8; 48] {
    let sender = terms().external_sender;
    let proposal = sender.propose_removal(group, epoch, LeafIndex(leaf));
    let hash = framing::reference(0x4e, proposal.as_bytes()).unwrap();
    hash.try_into().unwrap()
}

pub(super) fn commit_to(
    group: GroupId,
    epoch: Epoch,
    member: Option<u32>,
    leaf: Option<u32>,
    signer: u32,
    changes: &[Change],
) -> Submission {
    Submission::Commit {
        group,
        epoch,
        commit: opaque(forge::commit(group.0, epoch.0, member, changes)),
        group_info: opaque(forge::group_info(group.0, epoch.0 + 1, signer)),
        leaf: leaf.map(LeafIndex),
    }
}

pub(super) fn opaque(bytes: Vec<u8>) -> Opaque {
    Opaque::new(bytes).unwrap()
}

/// Before the signature, which has a length of two bytes.
fn proposed_leaf(proposal: &Opaque) -> u32 {
    let bytes = proposal.as_bytes();
    let leaf = bytes[bytes.len() - 66 - 4..][..4].try_into().unwrap();
    u32::from_be_bytes(leaf)
}

/// What it signs is of no interest here.
fn terms() -> Terms {
    Terms {
        external_sender: ExternalSender::new([0x9b; 32], |_| [0x51; 64]),
        required: true,
    }
}
