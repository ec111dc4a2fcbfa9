//! Moments one after the other: each with its length and its time before it.

use super::moment::Moment;
use crate::tiles::LARGEST_MESSAGE;

/// A moment, in milliseconds after the recording began.
#[derive(Clone, PartialEq, Eq)]
pub struct Timed {
    pub at: u32,
    pub moment: Moment,
}

/// Not a piece of a recording of this version.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a piece of a recording")]
pub struct NoTrack;

impl Timed {
    pub fn encode(&self) -> Vec<u8> {
        let mut record = vec![0; LENGTH_BYTES];
        record.extend_from_slice(&self.at.to_be_bytes());
        self.moment.write(&mut record);
        let length = u32::try_from(record.len() - LENGTH_BYTES).unwrap_or(u32::MAX);
        record[..LENGTH_BYTES].copy_from_slice(&length.to_be_bytes());
        record
    }

    fn decode(record: &[u8]) -> Option<Self> {
        let (at, moment) = record.split_first_chunk()?;
        Some(Self {
            at: u32::from_be_bytes(*at),
            moment: Moment::read(moment)?,
        })
    }
}

/// All moments of a piece, in their order.
pub fn read(mut piece: &[u8]) -> Result<Vec<Timed>, NoTrack> {
    let mut moments = Vec::new();
    while !piece.is_empty() {
        let (record, rest) = first(piece).ok_or(NoTrack)?;
        moments.push(Timed::decode(record).ok_or(NoTrack)?);
        piece = rest;
    }
    Ok(moments)
}

fn first(piece: &[u8]) -> Option<(&[u8], &[u8])> {
    let (length, rest) = piece.split_first_chunk()?;
    let length = usize::try_from(u32::from_be_bytes(*length)).ok()?;
    (length <= LARGEST_RECORD).then_some(())?;
    rest.split_at_checked(length)
}

/// In bytes: a message to a viewer, or words, with what names them.
pub const LARGEST_RECORD: usize = LARGEST_MESSAGE + 16;
const LENGTH_BYTES: usize = 4;

#[cfg(test)]
mod tests {
    use conclave_protocol::feedback::{
        AnswerSaid, AnswerText, FeedbackAnswer, FeedbackAnswers, LONGEST_TEXT, MOST_QUESTIONS,
        QuestionText, Rating,
    };
    use conclave_protocol::personal::Words;
    use conclave_protocol::remote::{
        Button, Capability, DiagnosticItem, DiagnosticReport, Digest, EndReason, MonitorId, Point,
    };
    use proptest::prelude::*;

    use super::*;

    fn moments() -> Vec<Timed> {
        let words = |text| Words::parse(text).unwrap();
        let at = Point {
            monitor: MonitorId(1),
            x: 640,
            y: 480,
        };
        let file = |size| (size, Digest([7; 32]));
        let ((size, sha256), (other, _)) = (file(0), file(u64::MAX));
        let lines = DiagnosticItem::ALL.iter();
        let lines = lines.map(|item| (*item, "x".repeat(DiagnosticReport::LONGEST_LINE)));
        let all = [
            Moment::Anew,
            Moment::Seen(vec![1; LARGEST_MESSAGE]),
            Moment::Dark,
            Moment::WrittenByTechnician(words("Good morning")),
            Moment::WrittenByPerson(words("ü")),
            Moment::Permitted(Capability::View),
            Moment::Withdrawn(Capability::Recording),
            Moment::ControlBegan,
            Moment::ControlEnded {
                injected: 7,
                dropped: u64::MAX,
            },
            Moment::Clicked {
                button: Button::Forward,
                at: Some(at),
            },
            Moment::Clicked {
                button: Button::Left,
                at: None,
            },
            Moment::Typed {
                keys: 3,
                characters: u16::MAX,
            },
            Moment::Redacted,
            Moment::LocalOverride,
            Moment::FileIn { size, sha256 },
            Moment::FileOut {
                size: other,
                sha256,
            },
            Moment::Facts(DiagnosticReport::new(lines.collect()).unwrap()),
            Moment::Diagnosed,
            Moment::Ended(EndReason::AgentStopped),
            Moment::Judged {
                solved: Some(false),
                rating: Some(5),
            },
            Moment::Judged {
                solved: None,
                rating: None,
            },
            Moment::Answered(FeedbackAnswers::default()),
            Moment::Answered(longest()),
        ];
        let timed = (0_u32..).zip(all);
        timed.map(|(at, moment)| Timed { at, moment }).collect()
    }

    /// As many answers as there may be, each as long as it may be; the first is a rating.
    fn longest() -> FeedbackAnswers {
        let text = |first: usize| format!("{first}{}", "\u{1f642}".repeat(LONGEST_TEXT - 1));
        let answers = (0..MOST_QUESTIONS).map(|at| FeedbackAnswer {
            question: QuestionText::parse(&text(at)).unwrap(),
            said: match Rating::new(5).filter(|_| at == 0) {
                Some(rating) => AnswerSaid::Rating(rating),
                None => AnswerSaid::Text(AnswerText::parse(&text(9)).unwrap()),
            },
        });
        FeedbackAnswers::new(answers.collect()).unwrap()
    }

    // Shows: REQ-RS-07.
    #[test]
    fn answers_are_as_long_whatever_was_said() {
        let length = |answers| {
            let moment = Moment::Answered(answers);
            Timed { at: 0, moment }.encode().len()
        };

        let nothing = length(FeedbackAnswers::default());

        assert_eq!(length(longest()), nothing);
        // With its tag it is what is sealed afterwards at the most.
        assert!(nothing + 16 <= 8_448, "{nothing}");
    }

    #[test]
    fn a_piece_is_read_as_it_was_written() {
        let moments = moments();
        let piece: Vec<u8> = moments.iter().flat_map(Timed::encode).collect();

        assert!(read(&piece).is_ok_and(|read| read == moments));
        assert!(read(&[]).is_ok_and(|read| read.is_empty()));
    }

    #[test]
    fn what_is_cut_or_unknown_is_no_piece() {
        for timed in moments() {
            let record = timed.encode();
            for length in [1, 4, record.len() - 1] {
                let cut = read(&record[..length]);
                assert!(cut.is_err(), "{}", timed.at);
            }
        }
        assert!(read(&[0, 0, 0, 5, 0, 0, 0, 0, 20]).is_err());
        // A rating beyond the best.
        assert!(read(&[0, 0, 0, 7, 0, 0, 0, 0, 18, 0, 6]).is_err());
        let beyond = u32::try_from(LARGEST_RECORD + 1).unwrap().to_be_bytes();
        assert!(read(&[beyond.as_slice(), &vec![0; LARGEST_RECORD + 1]].concat()).is_err());
    }

    proptest! {
        #[test]
        fn each_moment_has_one_form(code in 0_u8..21, fields in prop::collection::vec(any::<u8>(), 0..48)) {
            // Words are trimmed.
            prop_assume!(code != 3 && code != 4);
            let length = u32::try_from(5 + fields.len()).unwrap().to_be_bytes();
            let bytes = [length.as_slice(), &[0; 4], &[code], &fields].concat();
            if let Ok(moments) = read(&bytes) {
                let again: Vec<u8> = moments.iter().flat_map(Timed::encode).collect();
                prop_assert_eq!(again, bytes);
            }
        }
    }
}
