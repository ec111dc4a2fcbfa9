//! How somebody whom a host has let in comes to a voucher: their device asks the hosts' devices, and those answer
//! for whom their own person has let in, and for nobody else.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use super::{Output, Session, State, ToServer};
use crate::admission::{Joiner, Voucher};
use crate::group::{self, JoinRefusal};
use crate::identity::ParticipantId;
use crate::letter::{Letter, NotThis, Petition};
use crate::meeting::GroupId;

/// What a joiner without a voucher waits for.
pub(super) struct Waiting {
    group: GroupId,
    hosts: Vec<ParticipantId>,
    pub(super) ask_again: Duration,
}

/// Whom the person at this device has let in, each with the signature key for which a voucher was signed first:
/// the server can't have another one signed in their name.
#[derive(Default)]
pub(super) struct Admitted {
    people: BTreeMap<ParticipantId, Option<Vec<u8>>>,
    /// The signature keys of those who were put out.
    out: BTreeSet<Vec<u8>>,
    /// Who asked, and was not among them.
    shown: BTreeSet<ParticipantId>,
}

impl Admitted {
    /// Lets in, under whatever key they ask with next.
    fn admit(&mut self, participant: ParticipantId) {
        self.shown.remove(&participant);
        if self.people.len() < MOST_PEOPLE || self.people.contains_key(&participant) {
            self.people.insert(participant, None);
        }
    }

    /// Whoever is a member was let in: they come back under their key after they were away for long, or the group has ended.
    fn remember(&mut self, participant: ParticipantId, key: Vec<u8>) {
        if self.people.len() < MOST_PEOPLE && !self.out.contains(&key) {
            self.people.entry(participant).or_insert(Some(key));
        }
    }

    /// Whoever has this key is out.
    fn expel(&mut self, key: &[u8], participant: Option<ParticipantId>) {
        if self.out.len() < MOST_PEOPLE {
            self.out.insert(key.to_vec());
        }
        self.people
            .retain(|who, known| Some(*who) != participant && known.as_deref() != Some(key));
    }

    /// Whoever is turned away has no claim any more; the key that a voucher was signed for, if one was.
    pub(super) fn forget(&mut self, participant: ParticipantId) -> Option<Vec<u8>> {
        self.people.remove(&participant).flatten()
    }

    fn may_have(&mut self, participant: ParticipantId, key: &[u8]) -> bool {
        let known = self.people.get_mut(&participant);
        known.is_some_and(|known| known.get_or_insert_with(|| key.to_vec()) == key)
    }

    fn is_news(&mut self, participant: ParticipantId) -> bool {
        self.shown.len() < MOST_PEOPLE && self.shown.insert(participant)
    }
}

impl Session {
    /// Writes to the hosts of the group that was offered, until one answers.
    pub(super) fn await_voucher(
        &mut self,
        now: Duration,
        (group, epoch): (GroupId, u64),
        group_info: &[u8],
    ) {
        let offered = group::offered_hosts(&self.config.meeting, group_info);
        let Some((_, hosts)) = offered.ok().filter(|(offered, _)| *offered == group) else {
            return self.refuse_group(now, (group, epoch), JoinRefusal::NotOurs);
        };
        self.send(ToServer::Pass);
        let is_news = self.waiting.is_none();
        self.voucher = None;
        self.state = State::Asking {
            again: Some(now + PATIENCE),
            tries: 0,
        };
        self.waiting = Some(Waiting {
            group,
            hosts,
            ask_again: now,
        });
        if is_news {
            self.outputs.push_back(Output::NeedsVoucher(group));
        }
        self.petition(now);
    }

    /// Asks when it is time to.
    pub(super) fn petition(&mut self, now: Duration) {
        let waiting = self
            .waiting
            .as_mut()
            .filter(|waiting| waiting.ask_again <= now);
        let Some(waiting) = waiting else {
            return;
        };
        waiting.ask_again = now + INTERVAL;
        let letter = Letter::petition(&Petition {
            group: waiting.group,
            signature_key: self.config.signer.public().to_vec(),
            identity: self.config.identity.clone(),
        });
        let bytes = letter.to_bytes();
        for to in &waiting.hosts {
            let bytes = bytes.clone();
            self.outputs.push_back(Output::Letter { to: *to, bytes });
        }
    }

    pub(super) fn admit_participant(&mut self, participant: ParticipantId) {
        self.admitted.admit(participant);
    }

    /// For a host: who is in the present epoch.
    pub(super) fn remember_members(&mut self) {
        let group = self.group().filter(|group| group.is_host(group.leaf()));
        for occupant in group.map(|group| group.roster()).unwrap_or_default() {
            self.admitted
                .remember(occupant.identity.participant, occupant.signature_key);
        }
    }

    pub(super) fn forget_admission(&mut self, key: &[u8]) {
        let roster = self.group().map(|group| group.roster());
        let mut roster = roster.into_iter().flatten();
        let occupant = roster.find(|occupant| occupant.signature_key == key);
        let participant = occupant.map(|occupant| occupant.identity.participant);
        self.admitted.expel(key, participant);
    }

    /// Anybody can write anything: what is no letter for this session is no news.
    pub(super) fn read_letter(&mut self, now: Duration, from: ParticipantId, bytes: &[u8]) {
        let _unread = match Letter::read(bytes) {
            Ok(Letter::AskVoucher {
                group,
                signature_key,
                identity,
            }) => Petition::read(group, signature_key, &identity)
                .map(|petition| self.judge_petition(now, from, &petition)),
            Ok(Letter::Voucher { group, voucher }) => Voucher::from_bytes(voucher.as_slice())
                .map(|voucher| self.receive_voucher(now, from, GroupId(group), voucher))
                .map_err(NotThis::from),
            Ok(_) | Err(NotThis) => Err(NotThis),
        };
    }

    fn judge_petition(&mut self, now: Duration, from: ParticipantId, petition: &Petition) {
        let is_here = self.group().is_some_and(|ours| ours.id() == petition.group);
        if !is_here || petition.identity.participant != from {
            return;
        }
        let joiner = Joiner {
            signature_key: &petition.signature_key,
            identity: &petition.identity,
        };
        if !self.admitted.may_have(from, joiner.signature_key) {
            let is_news = self.is_host() && self.admitted.is_news(from);
            self.outputs
                .extend(is_news.then_some(Output::VoucherAsked(from)));
        } else if let Ok(voucher) = self.admit(now, joiner) {
            let bytes = Letter::voucher(petition.group, &voucher).to_bytes();
            self.outputs.push_back(Output::Letter { to: from, bytes });
        }
    }

    fn receive_voucher(
        &mut self,
        now: Duration,
        from: ParticipantId,
        group: GroupId,
        voucher: Voucher,
    ) {
        let awaited = self
            .waiting
            .as_ref()
            .is_some_and(|waiting| waiting.group == group && waiting.hosts.contains(&from));
        if awaited {
            self.take_voucher(now, voucher);
        }
    }

    fn is_host(&self) -> bool {
        let group = self.group();
        group.is_some_and(|group| group.is_host(group.leaf()))
    }
}

/// Between two letters to one host.
const INTERVAL: Duration = Duration::from_secs(3);
/// The group may have become another, and its hosts others.
const PATIENCE: Duration = Duration::from_secs(30);
/// More than a meeting has.
const MOST_PEOPLE: usize = 1024;
