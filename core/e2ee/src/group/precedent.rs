//! What the meeting's earlier groups have settled: a group that follows is no laxer.
//!
//! The server says when a group ends, and what the next one is. Without a memory it could end the group of an expel
//! and offer one that the expelled has made.

use std::collections::{BTreeMap, BTreeSet};

use super::{Change, Group, Oneself, Opening};
use crate::context::{Admission, Rules};
use crate::meeting::{GroupId, Meeting};

/// Starts empty, and outlives groups.
#[derive(Default)]
pub struct Precedent {
    last: Option<Last>,
    /// Signature keys, of those who were put out and not let in again.
    expelled: BTreeSet<Vec<u8>>,
    /// The highest epoch of each group that one was in.
    epochs: BTreeMap<GroupId, u64>,
}

struct Last {
    group: GroupId,
    admission: Admission,
    generation: u32,
    hosts: Vec<Vec<u8>>,
}

impl Precedent {
    /// Remembers the rules of the group that one is in, and whose key `change` took out or let in; `before` are the
    /// keys by leaf before it.
    pub fn follow(&mut self, group: &Group, before: &[(u32, Vec<u8>)], change: Option<&Change>) {
        let rules = group.rules();
        let raised = self
            .last
            .as_ref()
            .is_some_and(|last| last.group == group.id() && last.generation < rules.generation);
        if let Some(change) = change {
            let departed = before
                .iter()
                .filter(|(leaf, _)| change.departed.contains(leaf));
            if raised {
                self.expelled.extend(departed.map(|(_, key)| key.clone()));
            }
            let joined = group
                .roster()
                .into_iter()
                .filter(|one| Some(one.leaf) == change.joined);
            joined.for_each(|joined| {
                self.expelled.remove(&joined.signature_key);
            });
        }
        while self.expelled.len() > MOST_EXPELLED {
            self.expelled.pop_first();
        }
        let highest = self.epochs.entry(group.id()).or_default();
        *highest = group.epoch().max(*highest);
        self.last = Some(Last {
            group: group.id(),
            admission: rules.admission.max(self.admission()),
            generation: rules.generation,
            hosts: rules.hosts,
        });
    }

    /// How oneself may open the group that follows; `None` leaves it to a host.
    pub(crate) fn opening(
        &self,
        meeting: &Meeting,
        oneself: Oneself<'_>,
        wish: Opening,
    ) -> Option<Opening> {
        let admission = self.admission().max(meeting.admission);
        match wish {
            Opening::ByAnyone => {
                (meeting.host_accounts.is_empty() && admission == Admission::Open).then_some(wish)
            }
            Opening::ByHost(wished) => {
                let known = meeting.may_host(oneself.identity)
                    && (admission == Admission::Open
                        || self.knows(meeting, oneself.signer.public()));
                known.then_some(Opening::ByHost(wished.max(admission)))
            }
        }
    }

    /// Whether a group may be joined, whose members have these keys.
    pub(super) fn allows(
        &self,
        meeting: &Meeting,
        id: GroupId,
        rules: &Rules,
        keys: &[Vec<u8>],
    ) -> bool {
        let founding = rules.founding.as_ref();
        let founder = founding.and_then(|founding| founding.check(meeting, id));
        let signed = self.admission() == Admission::Signed;
        let is_founded = match founder {
            Some(founder) => !self.is_another(id) || !signed || self.knows(meeting, founder),
            None => {
                founding.is_none() && meeting.host_accounts.is_empty() && rules.hosts.is_empty()
            }
        };
        let is_clean = !self.is_another(id) || keys.iter().all(|key| !self.expelled.contains(key));
        let is_later = self
            .last
            .as_ref()
            .is_none_or(|last| last.group != id || rules.generation >= last.generation);
        is_founded && is_clean && is_later && rules.admission >= self.admission()
    }

    /// Whether a group's epoch is none before one that was seen, in which somebody who has left since was a member.
    pub(super) fn is_forward(&self, group: GroupId, epoch: u64) -> bool {
        match self.epochs.get(&group) {
            Some(highest) => epoch >= *highest,
            None => self.epochs.len() < MOST_GROUPS,
        }
    }

    fn admission(&self) -> Admission {
        self.last
            .as_ref()
            .map_or(Admission::Open, |last| last.admission)
    }

    fn is_another(&self, group: GroupId) -> bool {
        self.last.as_ref().is_some_and(|last| last.group != group)
    }

    /// Hosts of the invitation have been checked against it; without any there, it takes a host of the last group.
    fn knows(&self, meeting: &Meeting, host: &[u8]) -> bool {
        !meeting.host_accounts.is_empty()
            || self
                .last
                .as_ref()
                .is_none_or(|last| last.hosts.iter().any(|known| known == host))
    }
}

/// An honest server ends a group when the meeting is empty; each is remembered.
const MOST_GROUPS: usize = 256;
/// More than a meeting has members.
const MOST_EXPELLED: usize = 1024;
