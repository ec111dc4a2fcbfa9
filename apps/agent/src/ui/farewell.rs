//! What is said when it is over, and what the person says of it.

use conclave_protocol::feedback::{
    AnswerSaid, AnswerText, FeedbackAnswer, FeedbackAnswers, FeedbackQuestion, QuestionKind, Rating,
};
use conclave_protocol::remote::EndReason;

use super::press::{Field, Press};
use crate::ipc::UiToNet;

pub(super) struct Farewell {
    pub(super) reason: EndReason,
    pub(super) asked: Asked,
}

/// What the person is asked, and what they have said so far.
pub(super) enum Asked {
    /// What every organisation asks.
    Usual {
        solved: Option<bool>,
        rating: Option<u8>,
    },
    Own(Vec<Question>),
}

/// One of the organisation's own.
pub(super) struct Question {
    pub(super) asked: FeedbackQuestion,
    pub(super) rating: Option<u8>,
    /// As it is typed.
    pub(super) words: String,
}

/// Of a rating.
pub(super) const BEST: u8 = Rating::BEST;

impl Farewell {
    /// `questions`: the organisation's own, where it has some.
    pub(super) fn new(reason: EndReason, questions: Option<Vec<FeedbackQuestion>>) -> Self {
        let usual = Asked::Usual {
            solved: None,
            rating: None,
        };
        let own = questions.map(|questions| questions.into_iter().map(Question::new).collect());
        Self {
            reason,
            asked: own.map_or(usual, Asked::Own),
        }
    }

    /// Pressed again, it is taken back.
    pub(super) fn solve(&mut self, is_solved: bool) {
        if let Asked::Usual { solved, .. } = &mut self.asked {
            *solved = (*solved != Some(is_solved)).then_some(is_solved);
        }
    }

    pub(super) fn rate(&mut self, given: u8) {
        if let Asked::Usual { rating, .. } = &mut self.asked {
            *rating = rated(*rating, given);
        }
    }

    /// Of the organisation's own questions, the one in this place.
    pub(super) fn rate_one(&mut self, place: usize, given: u8) {
        if let Some(question) = self.own_at(place) {
            question.rating = rated(question.rating, given);
        }
    }

    pub(super) fn type_in(&mut self, field: Field, text: &str) {
        if let Field::Answer(place) = field
            && let Some(question) = self.own_at(place)
        {
            question.words = field.taken(text);
        }
    }

    fn own_at(&mut self, place: usize) -> Option<&mut Question> {
        match &mut self.asked {
            Asked::Own(questions) => questions.get_mut(place),
            Asked::Usual { .. } => None,
        }
    }

    pub(super) fn feedback(&self) -> Option<UiToNet> {
        let answers = self.asked.answers();
        let (solved, rating) = match self.asked {
            Asked::Usual { solved, rating } => (solved, rating),
            Asked::Own(_) => (None, None),
        };
        let says_something = solved.is_some() || rating.is_some() || !answers.is_empty();
        says_something.then_some(UiToNet::Feedback {
            solved,
            rating,
            answers,
        })
    }

    pub(super) fn stops(&self) -> Vec<Press> {
        let last: &[Press] = match &self.asked {
            Asked::Own(questions) if questions.is_empty() => &[Press::Close],
            Asked::Own(_) | Asked::Usual { .. } => &[Press::SendFeedback, Press::Close],
        };
        [self.asked.stops(), last.to_vec()].concat()
    }
}

impl Asked {
    fn answers(&self) -> FeedbackAnswers {
        match self {
            Self::Usual { .. } => FeedbackAnswers::default(),
            Self::Own(questions) => {
                let answers = questions.iter().filter_map(Question::answer).collect();
                FeedbackAnswers::new(answers).unwrap_or_default()
            }
        }
    }

    fn stops(&self) -> Vec<Press> {
        match self {
            Self::Usual { .. } => {
                let solved = [true, false].map(Press::Solved);
                let rates = (1..=BEST).map(Press::Rate);
                solved.into_iter().chain(rates).collect()
            }
            Self::Own(questions) => {
                let questions = questions.iter().enumerate();
                questions
                    .flat_map(|(place, question)| question.stops(place))
                    .collect()
            }
        }
    }
}

impl Question {
    fn new(asked: FeedbackQuestion) -> Self {
        Self {
            asked,
            rating: None,
            words: String::new(),
        }
    }

    fn answer(&self) -> Option<FeedbackAnswer> {
        let said = match self.asked.kind {
            QuestionKind::Rating => AnswerSaid::Rating(Rating::new(self.rating?)?),
            QuestionKind::Text => AnswerSaid::Text(AnswerText::typed(&self.words)?),
        };
        let question = self.asked.text.clone();
        Some(FeedbackAnswer { question, said })
    }

    fn stops(&self, place: usize) -> Vec<Press> {
        match self.asked.kind {
            QuestionKind::Rating => (1..=BEST)
                .map(|rating| Press::RateOne(place, rating))
                .collect(),
            QuestionKind::Text => vec![Press::Field(Field::Answer(place))],
        }
    }
}

/// Pressed again, it is taken back.
fn rated(before: Option<u8>, rating: u8) -> Option<u8> {
    let fits = Rating::new(rating).is_some();
    (fits && before != Some(rating)).then_some(rating)
}

#[cfg(test)]
mod tests {
    use conclave_protocol::feedback::QuestionText;

    use super::*;

    #[test]
    fn nothing_is_sent_that_was_not_said() {
        let mut farewell = Farewell::new(EndReason::Stopped, None);
        assert!(farewell.feedback().is_none());

        farewell.rate(4);
        farewell.rate(9);
        assert!(farewell.feedback().is_none());

        farewell.solve(true);
        farewell.rate(4);
        let feedback = farewell.feedback();
        assert!(matches!(
            feedback,
            Some(UiToNet::Feedback {
                solved: Some(true),
                rating: Some(4),
                answers,
            }) if answers.is_empty()
        ));
    }

    #[test]
    fn what_is_pressed_again_is_taken_back() {
        let mut farewell = Farewell::new(EndReason::Stopped, None);
        farewell.rate(3);
        farewell.solve(false);
        farewell.solve(false);

        assert!(matches!(
            farewell.asked,
            Asked::Usual {
                solved: None,
                rating: Some(3)
            }
        ));
    }

    // Shows: REQ-RS-07.
    #[test]
    fn what_the_organisation_asks_is_answered_in_its_place() {
        let question = |kind, text| FeedbackQuestion {
            kind,
            text: QuestionText::parse(text).unwrap(),
        };
        let questions = vec![
            question(QuestionKind::Rating, "How quick was it?"),
            question(QuestionKind::Text, "What was it about?"),
            question(QuestionKind::Text, "What else?"),
        ];
        let mut farewell = Farewell::new(EndReason::Stopped, Some(questions));
        let field = Field::Answer(1);
        assert!(farewell.stops().contains(&Press::Field(field)));
        assert!(farewell.stops().contains(&Press::RateOne(0, BEST)));

        farewell.rate_one(0, 2);
        farewell.rate_one(1, 5);
        farewell.rate_one(7, 5);
        farewell.solve(true);
        farewell.type_in(field, "The printer ");
        farewell.type_in(Field::Answer(2), "  ");

        let Some(UiToNet::Feedback {
            solved: None,
            rating: None,
            answers,
        }) = farewell.feedback()
        else {
            panic!("the answers are feedback");
        };
        let said = answers.as_slice().iter().map(|answer| match &answer.said {
            AnswerSaid::Rating(rating) => rating.get().to_string(),
            AnswerSaid::Text(words) => words.as_str().to_owned(),
        });
        assert_eq!(said.collect::<Vec<_>>(), ["2", "The printer"]);
    }

    #[test]
    fn who_is_asked_nothing_sends_nothing() {
        let farewell = Farewell::new(EndReason::Stopped, Some(Vec::new()));

        assert_eq!(farewell.stops(), [Press::Close]);
        assert!(farewell.feedback().is_none());
    }
}
