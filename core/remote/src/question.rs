//! The one question that the local person is asked, and what they have said no to.
//!
//! # Security
//!
//! Silence is a no. A yes counts only after the question has stood for a moment, and only for the question that stands:
//! somebody who is about to click on something else doesn't permit what came up under the pointer. There is a pause
//! between two questions, and after a no, so that nobody is worn down.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use conclave_protocol::remote::{Answer, Capability, DiagnosticReport, FileOffer, TransferId};

use crate::fact::Topic;
use crate::io::Reply;
use crate::people::Person;

/// One question of a session; no number is used twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct QuestionId(pub u32);

/// Without `Debug`: it names people.
#[derive(Clone, PartialEq, Eq)]
pub struct Question {
    pub id: QuestionId,
    /// Who asks.
    pub technician: Person,
    pub subject: Subject,
    /// Before this a yes doesn't count.
    pub live_from: Instant,
    /// From here on the answer is no.
    pub until: Instant,
}

#[derive(Clone, PartialEq, Eq)]
pub enum Subject {
    Capability(Capability),
    /// This one file, from the technician.
    FileIn(FileOffer),
    /// A file that the local person picks after a yes.
    FileOut(TransferId),
    /// All of this, and nothing else, is told.
    Diagnostics(DiagnosticReport),
    /// Somebody else is in the room, and would see what the technician sees.
    Watcher(Person),
    /// This one would go on in the technician's stead.
    HandOver(Person),
    /// The computer would restart, and come back into this session.
    Restart,
}

#[derive(Default)]
pub(crate) struct Questions {
    open: Option<Question>,
    asked: u32,
    closed_at: Option<Instant>,
    noes: BTreeMap<Topic, Noes>,
}

struct Noes {
    count: u32,
    /// Questions that were gone before they were answered.
    taken_back: u32,
    last: Instant,
}

/// Longer, and whoever is not there keeps the technician waiting; shorter, and nobody can read it.
pub(crate) const TIME_TO_ANSWER: Duration = Duration::from_secs(30);
/// Long enough that a click that was on its way has landed.
pub(crate) const BEFORE_YES: Duration = Duration::from_secs(2);
pub(crate) const BETWEEN_QUESTIONS: Duration = Duration::from_secs(2);
/// Of the same topic.
pub(crate) const AFTER_NO: Duration = Duration::from_secs(60);
/// Of the same topic, in a session. Then only the local person can let the technician ask again.
pub(crate) const MOST_NOES: u32 = 2;
/// Of the same topic, in a session: a connection may break while a question stands, but nobody is worn down by
/// questions that go before they can be answered.
pub(crate) const MOST_TAKEN_BACK: u32 = 4;

impl Subject {
    pub fn topic(&self) -> Topic {
        match self {
            Self::Capability(capability) => Topic::Capability(*capability),
            Self::FileIn(_) => Topic::Capability(Capability::FileIn),
            Self::FileOut(_) => Topic::Capability(Capability::FileOut),
            Self::Diagnostics(_) => Topic::Capability(Capability::Diagnostics),
            Self::Watcher(_) => Topic::Watcher,
            Self::HandOver(_) => Topic::HandOver,
            Self::Restart => Topic::Restart,
        }
    }
}

impl Questions {
    pub(crate) fn is_open(&self) -> bool {
        self.open.is_some()
    }

    /// Why not, if not.
    pub(crate) fn may_ask(&self, now: Instant, topic: Topic) -> Result<(), Answer> {
        if let Some(noes) = self.noes.get(&topic) {
            if noes.count >= MOST_NOES || noes.taken_back >= MOST_TAKEN_BACK {
                return Err(Answer::AskedEnough);
            }
            if now < noes.last + AFTER_NO {
                return Err(Answer::Busy);
            }
        }
        match self.are_at_rest(now) {
            true => Err(Answer::Busy),
            false => Ok(()),
        }
    }

    /// One stands, or stood a moment ago: nothing is asked.
    pub(crate) fn are_at_rest(&self, now: Instant) -> bool {
        self.is_open() || self.rests_until().is_some_and(|until| now < until)
    }

    pub(crate) fn open(&mut self, now: Instant, technician: Person, subject: Subject) -> Question {
        self.asked = self.asked.saturating_add(1);
        let question = Question {
            id: QuestionId(self.asked),
            technician,
            subject,
            live_from: now + BEFORE_YES,
            until: now + TIME_TO_ANSWER,
        };
        self.open = Some(question.clone());
        question
    }

    /// What was asked, if this answers it.
    pub(crate) fn answer(&mut self, now: Instant, id: QuestionId, reply: Reply) -> Option<Subject> {
        let is_live = |open: &Question| reply == Reply::No || now >= open.live_from;
        let open = self.open.take_if(|open| open.id == id && is_live(open))?;
        self.closed_at = Some(now);
        Some(open.subject)
    }

    /// What nobody answered in time.
    pub(crate) fn time_out(&mut self, now: Instant) -> Option<Subject> {
        let open = self.open.take_if(|open| now >= open.until)?;
        self.closed_at = Some(now);
        Some(open.subject)
    }

    /// What lost its ground: asking for it again takes as long as after a no.
    pub(crate) fn close_if(
        &mut self,
        now: Instant,
        has_no_ground: impl Fn(&Subject) -> bool,
    ) -> Option<Subject> {
        let open = self.open.take_if(|open| has_no_ground(&open.subject))?;
        self.closed_at = Some(now);
        let noes = self.noes(now, open.subject.topic());
        noes.taken_back = noes.taken_back.saturating_add(1);
        Some(open.subject)
    }

    pub(crate) fn remember_no(&mut self, now: Instant, topic: Topic) {
        let noes = self.noes(now, topic);
        noes.count = noes.count.saturating_add(1);
    }

    /// From which the time to the next question counts.
    fn noes(&mut self, now: Instant, topic: Topic) -> &mut Noes {
        let noes = self.noes.entry(topic).or_insert(Noes {
            count: 0,
            taken_back: 0,
            last: now,
        });
        noes.last = now;
        noes
    }

    pub(crate) fn forgive(&mut self, topic: Topic) {
        self.noes.remove(&topic);
    }

    pub(crate) fn until(&self) -> Option<Instant> {
        self.open.as_ref().map(|open| open.until)
    }

    /// The end of the pause after the last question.
    pub(crate) fn rests_until(&self) -> Option<Instant> {
        self.closed_at.map(|at| at + BETWEEN_QUESTIONS)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::io::Terms;
    use crate::scene::{start, technician};

    const VIEW: Topic = Topic::Capability(Capability::View);

    #[test]
    fn a_yes_counts_after_a_moment_and_a_no_at_once() {
        let now = start();
        let yes = Reply::Yes(Terms::default());
        let (mut questions, id) = asked(now);

        let early = now + BEFORE_YES / 2;
        assert!(questions.answer(early, id, yes).is_none());
        assert!(questions.is_open());
        assert!(questions.answer(early, id, Reply::No).is_some());

        let (mut questions, id) = asked(now);
        assert!(questions.answer(now + BEFORE_YES, id, yes).is_some());
    }

    #[test]
    fn an_answer_to_another_question_is_none() {
        let now = start();
        let (mut questions, QuestionId(id)) = asked(now);

        let other = questions.answer(now, QuestionId(id + 1), Reply::No);

        assert!(other.is_none() && questions.is_open());
    }

    #[test]
    fn one_question_stands_and_the_next_comes_after_a_pause() {
        let now = start();
        let (mut questions, id) = asked(now);
        let chat = Topic::Capability(Capability::Chat);
        assert_eq!(questions.may_ask(now, chat), Err(Answer::Busy));
        questions.answer(now, id, Reply::No);

        assert_eq!(questions.may_ask(now, chat), Err(Answer::Busy));
        assert_eq!(questions.may_ask(now + BETWEEN_QUESTIONS, chat), Ok(()));
    }

    #[test]
    fn nobody_is_asked_again_at_once_nor_a_third_time() {
        let now = start();
        let mut questions = Questions::default();
        let may_ask = |questions: &Questions, minutes: u64| {
            questions.may_ask(now + Duration::from_secs(60 * minutes), VIEW)
        };
        questions.remember_no(now, VIEW);

        assert_eq!(may_ask(&questions, 0), Err(Answer::Busy));
        assert_eq!(may_ask(&questions, 1), Ok(()));
        questions.remember_no(now + AFTER_NO, VIEW);
        assert_eq!(may_ask(&questions, 100), Err(Answer::AskedEnough));

        questions.forgive(VIEW);

        assert_eq!(may_ask(&questions, 100), Ok(()));
    }

    #[test]
    fn what_is_taken_back_is_not_asked_again_at_once_nor_for_ever() {
        let mut now = start();
        let mut questions = Questions::default();
        for _ in 0..MOST_TAKEN_BACK {
            assert_eq!(questions.may_ask(now, VIEW), Ok(()));
            questions.open(now, technician(), Subject::Capability(Capability::View));
            assert!(questions.close_if(now, |_| true).is_some());
            let later = now + BETWEEN_QUESTIONS;
            assert!(questions.may_ask(later, VIEW).is_err());
            now += AFTER_NO;
        }

        assert_eq!(questions.may_ask(now, VIEW), Err(Answer::AskedEnough));
    }

    #[test]
    fn silence_ends_the_question() {
        let now = start();
        let (mut questions, _) = asked(now);
        let end = now + TIME_TO_ANSWER;
        assert_eq!(questions.until(), Some(end));

        let before = questions.time_out(end - Duration::from_millis(1));
        let after = questions.time_out(end);

        assert!(before.is_none() && after.is_some() && !questions.is_open());
    }

    fn asked(now: Instant) -> (Questions, QuestionId) {
        let mut questions = Questions::default();
        let subject = Subject::Capability(Capability::View);
        let question = questions.open(now, technician(), subject);
        (questions, question.id)
    }
}
