//! Answers to what an organisation asks of its own, as bytes: as many, whatever was said and whether anything was, so that
//! nobody can tell by their length once they are sealed.

use conclave_protocol::feedback::{
    AnswerSaid, AnswerText, FeedbackAnswer, FeedbackAnswers, QuestionText, Rating,
};

/// Five in words, each of the longest, and more.
const BYTES: usize = 8 << 10;
/// In the place of a rating.
const IN_WORDS: u8 = Rating::BEST + 1;

/// Each: its rating, or that it is in words; its question, with its length; its words, with theirs. Then nothing but zeros.
pub(super) fn write(answers: &FeedbackAnswers, out: &mut Vec<u8>) {
    let end = out.len() + BYTES;
    for FeedbackAnswer { question, said } in answers.as_slice() {
        match said {
            AnswerSaid::Rating(rating) => {
                out.push(rating.get());
                write_text(question.as_str(), out);
            }
            AnswerSaid::Text(words) => {
                out.push(IN_WORDS);
                write_text(question.as_str(), out);
                write_text(words.as_str(), out);
            }
        }
    }
    out.resize(end, 0);
}

/// `None`: they are none.
pub(super) fn read(bytes: &[u8]) -> Option<FeedbackAnswers> {
    let mut reader = Reader((bytes.len() == BYTES).then_some(bytes)?);
    let mut answers = Vec::new();
    while let Some(said) = reader.said()? {
        answers.push(reader.answer(said)?);
    }
    let is_filled = reader.0.iter().all(|byte| *byte == 0);
    FeedbackAnswers::new(answers).filter(|_| is_filled)
}

/// What is left.
struct Reader<'a>(&'a [u8]);

impl Reader<'_> {
    /// Nothing for 0: no answers follow.
    fn said(&mut self) -> Option<Option<u8>> {
        let (said, rest) = self.0.split_first()?;
        self.0 = rest;
        Some((*said > 0).then_some(*said))
    }

    fn answer(&mut self, said: u8) -> Option<FeedbackAnswer> {
        let question = QuestionText::parse(&self.text()?).ok()?;
        let said = match said {
            IN_WORDS => AnswerSaid::Text(AnswerText::parse(&self.text()?).ok()?),
            rating => AnswerSaid::Rating(Rating::new(rating)?),
        };
        Some(FeedbackAnswer { question, said })
    }

    fn text(&mut self) -> Option<String> {
        let (length, rest) = self.0.split_first_chunk()?;
        let length = usize::from(u16::from_be_bytes(*length));
        let (text, rest) = rest.split_at_checked(length)?;
        self.0 = rest;
        String::from_utf8(text.to_vec()).ok()
    }
}

/// Of 200 characters at the most.
fn write_text(text: &str, out: &mut Vec<u8>) {
    let length = u16::try_from(text.len()).unwrap_or(u16::MAX);
    out.extend_from_slice(&length.to_be_bytes());
    out.extend_from_slice(text.as_bytes());
}
