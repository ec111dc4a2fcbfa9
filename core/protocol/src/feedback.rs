//! What an organisation asks after a support session, and what whoever was helped answers.
//!
//! Where it asks nothing of its own, it is asked whether the problem is solved, and for a rating. Words are asked for where
//! the answers are sealed alone: elsewhere the server would have them in clear.

use serde::{Deserialize, Deserializer, Serialize, de};

use crate::personal::{Unfit, disguises, line};

pub const MOST_QUESTIONS: usize = 5;
/// Of a question, and of an answer in words, in characters.
pub const LONGEST_TEXT: usize = 200;

/// What is asked: 1 to 200 characters.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(transparent)]
#[cfg_attr(feature = "http", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "http", schema(value_type = String, min_length = 1, max_length = 200))]
pub struct QuestionText(String);

/// What somebody answers in their own words: 1 to 200 characters.
#[derive(Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct AnswerText(String);

/// 1 is bad, 5 is very good.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(transparent)]
#[cfg_attr(feature = "http", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "http", schema(value_type = u8, minimum = 1, maximum = 5))]
pub struct Rating(u8);

/// How a question is answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "http", derive(utoipa::ToSchema))]
pub enum QuestionKind {
    /// From 1 to 5.
    Rating,
    /// In one's own words: asked where sessions are kept alone, as nobody else seals the answer.
    Text,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "http", derive(utoipa::ToSchema))]
pub struct FeedbackQuestion {
    pub kind: QuestionKind,
    pub text: QuestionText,
}

/// 1 to 5, none of them twice.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct FeedbackQuestions(Vec<FeedbackQuestion>);

/// What somebody says to a question that asks for a rating; with the question, which may be another by now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "http", derive(utoipa::ToSchema))]
pub struct FeedbackRating {
    pub question: QuestionText,
    pub rating: Rating,
}

/// 5 at the most, none to the same question twice; what is absent was not answered.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct FeedbackRatings(Vec<FeedbackRating>);

/// What somebody says to a question. Words are for who seals them.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AnswerSaid {
    Rating(Rating),
    Text(AnswerText),
}

#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FeedbackAnswer {
    pub question: QuestionText,
    pub said: AnswerSaid,
}

/// 5 at the most; what is absent was not answered.
#[derive(Clone, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct FeedbackAnswers(Vec<FeedbackAnswer>);

impl QuestionText {
    pub fn parse(text: &str) -> Result<Self, Unfit> {
        line(text, LONGEST_TEXT)
            .map(Self)
            .ok_or(Unfit("a question has 1 to 200 characters in one line"))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl AnswerText {
    pub fn parse(text: &str) -> Result<Self, Unfit> {
        line(text, LONGEST_TEXT)
            .map(Self)
            .ok_or(Unfit("an answer has 1 to 200 characters in one line"))
    }

    /// As somebody typed it, without what could disguise it. `None`: nothing is left, or too much.
    pub fn typed(text: &str) -> Option<Self> {
        let honest = |c: &char| !c.is_control() && !disguises(*c);
        let text: String = text.chars().filter(honest).collect();
        Self::parse(&text).ok()
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Rating {
    pub const BEST: u8 = 5;

    /// `None`: it is none.
    pub fn new(rating: u8) -> Option<Self> {
        (1..=Self::BEST).contains(&rating).then_some(Self(rating))
    }

    pub fn get(self) -> u8 {
        self.0
    }
}

impl FeedbackQuestions {
    /// `None` for none, for too many, and where one is asked twice.
    pub fn new(questions: Vec<FeedbackQuestion>) -> Option<Self> {
        let fits = (1..=MOST_QUESTIONS).contains(&questions.len())
            && are_different(questions.iter().map(|it| &it.text));
        fits.then_some(Self(questions))
    }

    pub fn as_slice(&self) -> &[FeedbackQuestion] {
        &self.0
    }

    fn ask_to_rate(&self, text: &QuestionText) -> bool {
        let mut rated = self.0.iter().filter(|it| it.kind == QuestionKind::Rating);
        rated.any(|question| question.text == *text)
    }
}

impl FeedbackRatings {
    /// `None` for too many, and where a question is answered twice.
    pub fn new(ratings: Vec<FeedbackRating>) -> Option<Self> {
        let fits =
            ratings.len() <= MOST_QUESTIONS && are_different(ratings.iter().map(|it| &it.question));
        fits.then_some(Self(ratings))
    }

    pub fn as_slice(&self) -> &[FeedbackRating] {
        &self.0
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Of what is asked.
    #[must_use]
    pub fn about(self, questions: &FeedbackQuestions) -> Self {
        let ratings = self.0.into_iter();
        Self(
            ratings
                .filter(|it| questions.ask_to_rate(&it.question))
                .collect(),
        )
    }
}

impl FeedbackAnswers {
    /// `None` for too many.
    pub fn new(answers: Vec<FeedbackAnswer>) -> Option<Self> {
        (answers.len() <= MOST_QUESTIONS).then_some(Self(answers))
    }

    pub fn as_slice(&self) -> &[FeedbackAnswer] {
        &self.0
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Without words.
    pub fn ratings(&self) -> FeedbackRatings {
        let ratings = self.0.iter().filter_map(|answer| match answer.said {
            AnswerSaid::Rating(rating) => Some(FeedbackRating {
                question: answer.question.clone(),
                rating,
            }),
            AnswerSaid::Text(_) => None,
        });
        FeedbackRatings(ratings.collect())
    }
}

/// Of a few.
fn are_different<'a>(texts: impl Iterator<Item = &'a QuestionText> + Clone) -> bool {
    let mut numbered = texts.clone().enumerate();
    numbered.all(|(at, text)| texts.clone().take(at).all(|before| before != text))
}

macro_rules! deserialize_by {
    ($($name:ident from $raw:ty: |$read:ident| $made:expr, $why:literal;)*) => {$(
        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let $read = <$raw>::deserialize(deserializer)?;
                $made.ok_or_else(|| de::Error::custom($why))
            }
        }
    )*};
}
deserialize_by! {
    QuestionText from String: |text| Self::parse(&text).ok(), "a question has 1 to 200 characters";
    AnswerText from String: |text| Self::parse(&text).ok(), "an answer has 1 to 200 characters";
    Rating from u8: |rating| Self::new(rating), "a rating is 1 to 5";
    FeedbackQuestions from Vec<FeedbackQuestion>:
        |questions| Self::new(questions), "1 to 5 questions are asked, none of them twice";
    FeedbackRatings from Vec<FeedbackRating>:
        |ratings| Self::new(ratings), "5 answers are taken at the most, none to the same question twice";
    FeedbackAnswers from Vec<FeedbackAnswer>:
        |answers| Self::new(answers), "5 answers are taken at the most";
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(text: &str) -> QuestionText {
        QuestionText::parse(text).unwrap()
    }

    fn asked(kind: QuestionKind, question: &str) -> FeedbackQuestion {
        let text = text(question);
        FeedbackQuestion { kind, text }
    }

    fn many(count: usize) -> Vec<FeedbackQuestion> {
        let texts = (0..count).map(|number| format!("Question {number}?"));
        texts.map(|it| asked(QuestionKind::Text, &it)).collect()
    }

    #[test]
    fn one_to_five_are_asked_and_none_twice() {
        assert!(FeedbackQuestions::new(many(MOST_QUESTIONS)).is_some());
        for count in [0, MOST_QUESTIONS + 1] {
            assert!(FeedbackQuestions::new(many(count)).is_none(), "{count}");
        }
        let twice = vec![
            asked(QuestionKind::Text, "Why?"),
            asked(QuestionKind::Rating, "Why?"),
        ];
        assert!(FeedbackQuestions::new(twice).is_none());
        assert!(QuestionText::parse(&"x".repeat(LONGEST_TEXT)).is_ok());
        assert!(QuestionText::parse(&"x".repeat(LONGEST_TEXT + 1)).is_err());
    }

    #[test]
    fn answers_are_read_as_they_are_written_and_no_others_are() {
        let written = r#"[{"question":"How quick?","said":{"rating":4}},{"question":"Why?","said":{"text":"So"}}]"#;
        let answers: FeedbackAnswers = serde_json::from_str(written).unwrap();
        assert_eq!(serde_json::to_string(&answers).unwrap(), written);

        let ratings = serde_json::to_string(&answers.ratings()).unwrap();

        assert_eq!(ratings, r#"[{"question":"How quick?","rating":4}]"#);
        for wrong in [
            r#"[{"question":"How quick?","said":{"rating":6}}]"#,
            r#"[{"question":"How quick?","said":{"text":""}}]"#,
            r#"[{"question":"","said":{"rating":3}}]"#,
            r#"[{"question":"How quick?"}]"#,
        ] {
            let read = serde_json::from_str::<FeedbackAnswers>(wrong);
            assert!(read.is_err(), "{wrong}");
        }
    }

    #[test]
    fn what_is_typed_is_taken_without_what_is_not_seen() {
        let typed = AnswerText::typed(" The\u{200d} printer\n");

        assert!(typed.is_some_and(|text| text.as_str() == "The printer"));
        assert!(AnswerText::typed("\u{200b} ").is_none());
    }

    // Shows: REQ-RS-07.
    #[test]
    fn a_question_is_rated_once() {
        let read = |questions: &[&str]| {
            let rated = questions.iter();
            let rated = rated.map(|it| format!(r#"{{"question":"{it}","rating":4}}"#));
            let written = format!("[{}]", rated.collect::<Vec<_>>().join(","));
            serde_json::from_str::<FeedbackRatings>(&written)
        };

        assert!(read(&["How quick?", "How kind?"]).is_ok() && read(&[]).is_ok());
        assert!(read(&["How quick?", "How kind?", "How quick?"]).is_err());
        assert!(read(&["1?", "2?", "3?", "4?", "5?"]).is_ok());
        assert!(read(&["1?", "2?", "3?", "4?", "5?", "6?"]).is_err());
    }

    #[test]
    fn of_what_nobody_asks_nothing_is_kept_nor_of_what_asks_for_words() {
        let questions = vec![
            asked(QuestionKind::Rating, "How quick?"),
            asked(QuestionKind::Text, "Why?"),
        ];
        let questions = FeedbackQuestions::new(questions).unwrap();
        let rated = |question: &str| FeedbackRating {
            question: text(question),
            rating: Rating::new(4).unwrap(),
        };
        let all = ["How quick?", "Why?", "Who?"].map(rated).to_vec();

        let kept = FeedbackRatings::new(all).unwrap().about(&questions);

        assert_eq!(kept.as_slice(), [rated("How quick?")]);
    }
}
