//! What joiners say of the GroupInfos that they are given: the service can't judge one, and members never see it.
//!
//! Where somebody can't enter by it, a member other than its author commits, which makes another one. Who then enters
//! has shown that the author's was bad. Where there is nobody else to commit, the group is of use to nobody.

use std::collections::{BTreeMap, BTreeSet};

use conclave_protocol::ParticipantId;

use super::trial::Trial;

#[derive(Default)]
pub(super) struct Doubts {
    /// By the authors of GroupInfos that somebody could not enter by.
    authors: BTreeMap<ParticipantId, Trial>,
    /// Who could not enter, and has not since: how often.
    joiners: BTreeMap<ParticipantId, u32>,
    /// Members who were asked for another one since somebody doubted; `None` where the present one does.
    asked: Option<usize>,
}

/// Who made the present GroupInfo, and whether they led the meeting.
#[derive(Clone, Copy)]
pub(super) struct Author {
    pub(super) participant: ParticipantId,
    pub(super) led: bool,
}

impl Doubts {
    /// Somebody can't enter by the present GroupInfo.
    pub(super) fn add(&mut self, author: Option<Author>, joiner: ParticipantId, leads: bool) {
        let times = self.joiners.entry(joiner).or_insert(0);
        *times += 1;
        let is_new = *times <= MOST_ALONE;
        let mut accusers = 1;
        if let Some(Author { participant, led }) = author.filter(|one| one.participant != joiner) {
            let trial = self.authors.entry(participant);
            let trial = trial.or_insert_with(|| Trial::of(participant, led, std::iter::empty()));
            trial.accuse(joiner, leads);
            accusers = trial.accusers().count();
        }
        if is_new || accusers > 1 {
            self.asked = Some(0);
        }
    }

    /// Whether somebody else is to commit.
    pub(super) fn call_for_another(&self) -> bool {
        self.asked.is_some_and(|asked| asked < MOST_ASKED)
    }

    pub(super) fn note_asked(&mut self) {
        self.asked = self.asked.map(|asked| asked + 1);
    }

    /// There is another GroupInfo.
    pub(super) fn replaced(&mut self) {
        self.asked = None;
    }

    /// Somebody could not enter, and has not since.
    pub(super) fn are_any(&self) -> bool {
        !self.joiners.is_empty()
    }

    pub(super) fn are_about(&self, author: ParticipantId) -> bool {
        self.authors.contains_key(&author)
    }

    pub(super) fn are_of(&self, joiner: ParticipantId) -> bool {
        self.joiners.contains_key(&joiner)
    }

    /// Somebody has entered by the GroupInfo of `author`: nothing is wrong with that, but with those that they could
    /// not enter by. Who is to blame.
    pub(super) fn settle(
        &mut self,
        joiner: ParticipantId,
        author: Option<ParticipantId>,
    ) -> Vec<ParticipantId> {
        self.joiners.remove(&joiner);
        if let Some(author) = author {
            self.authors.remove(&author);
        }
        let refused = |_: &ParticipantId, trial: &mut Trial| trial.is_refused_by(joiner);
        let lost = self.authors.extract_if(.., refused);
        lost.flat_map(|(_, trial)| trial.blamed()).collect()
    }

    /// Whether none of the members who are there is left to make a better one, and as many can't enter. A member who
    /// can't is one for the server alone.
    pub(super) fn outweigh(
        &self,
        members: &BTreeSet<ParticipantId>,
        present: &BTreeSet<ParticipantId>,
    ) -> bool {
        let members = || members.iter().filter(|member| !self.are_of(**member));
        let all = members().all(|member| self.are_about(*member));
        let joiners = self
            .joiners
            .keys()
            .filter(|one| present.contains(one))
            .count();
        all && joiners > 0 && joiners >= members().count()
    }

    pub(super) fn blamed(&self) -> Vec<ParticipantId> {
        self.authors.values().flat_map(Trial::blamed).collect()
    }

    pub(super) fn lose(&mut self, participant: ParticipantId) {
        self.joiners.remove(&participant);
        self.authors.remove(&participant);
        self.authors
            .values_mut()
            .for_each(|trial| trial.lose(participant));
        self.authors
            .retain(|_, trial| trial.accusers().next().is_some());
    }
}

/// GroupInfos that one joiner alone can have replaced. One who can't enter by any has come to the wrong meeting.
const MOST_ALONE: u32 = 2;
/// Members who are asked for another GroupInfo after one doubt.
const MOST_ASKED: usize = 8;
