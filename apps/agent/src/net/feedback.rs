//! What the person who was helped thinks of it, on its way to the server: sealed where the session was recorded.
//!
//! # Security
//! Of a session that is kept the server gets no word in clear, and can't tell whether anything was said: that nothing was is
//! sealed and brought as well.

use std::time::Duration;

use conclave_client::e2ee::recording::Afterword;
use conclave_client::protocol::feedback::FeedbackAnswers;
use conclave_client::protocol::recording::SealedFeedback;
use conclave_client::protocol::support::SupportFeedback;
use conclave_remote::recording::{Moment, Timed};
use tokio::time::{sleep, timeout};
use uuid::Uuid;

use super::courier::Courier;
use super::entrance::Seat;
use super::record::Told;
use crate::ipc::{Broken, UiToNet};

/// Seals it with the recording that the session ended with.
pub(super) struct FeedbackSeal {
    pub(super) recording: Uuid,
    /// Of this alone: brought again under it, the server takes it once.
    pub(super) key: Uuid,
    pub(super) afterword: Afterword,
}

/// How it gets there.
#[derive(Default)]
pub(super) struct Afterwards {
    pub(super) seal: Option<FeedbackSeal>,
    /// Something of the session was recorded, or is to be: where nothing seals it, it is not brought.
    pub(super) is_recorded: bool,
    /// The organisation asks questions of its own.
    pub(super) asks_its_own: bool,
}

/// What the person said; nothing, as far as it is absent.
#[derive(Clone, Default)]
pub(super) struct Judgement {
    solved: Option<bool>,
    rating: Option<u8>,
    answers: FeedbackAnswers,
}

/// It is taken for so long after a session: as long as the server takes it.
const OPEN_FOR: Duration = Duration::from_secs(60 * 60);
/// Where it is sealed: that nobody said anything has to be there before that, too.
const SEALED_WITHIN: Duration = Duration::from_secs(55 * 60);
/// For the server to take what is sealed.
pub(super) const TIME_TO_BRING: Duration = Duration::from_secs(20);
/// Between two tries.
const REST: Duration = Duration::from_secs(2);

/// Once; whatever else is said does not matter any more.
pub(super) async fn take(
    ui: &Courier,
    seat: &Seat,
    Afterwards {
        seal,
        is_recorded,
        asks_its_own,
    }: Afterwards,
) -> Result<(), Broken> {
    let time = seal.as_ref().map_or(OPEN_FOR, |_| SEALED_WITHIN);
    let heard = timeout(time, said(ui)).await;
    let judgement = heard.as_ref().ok().and_then(|said| said.as_ref().ok());
    match (seal, judgement.cloned()) {
        (Some(seal), judgement) => {
            let judgement = judgement.unwrap_or_default();
            seal.bring(seat, judgement, asks_its_own).await;
        }
        (None, Some(judgement)) if !is_recorded => seat.feed_back(judgement.in_clear()).await,
        (None, _) => {}
    }
    match heard {
        Ok(Err(broken)) => Err(broken),
        Ok(Ok(_)) | Err(_) => Ok(()),
    }
}

async fn said(ui: &Courier) -> Result<Judgement, Broken> {
    loop {
        if let UiToNet::Feedback {
            solved,
            rating,
            answers,
        } = ui.receive().await?
        {
            return Ok(Judgement {
                solved,
                rating,
                answers,
            });
        }
    }
}

impl Judgement {
    /// No words go unsealed.
    fn in_clear(self) -> SupportFeedback {
        SupportFeedback {
            solved: self.solved,
            rating: self.rating,
            answers: self.answers.ratings(),
        }
    }

    fn moment(self, asks_its_own: bool) -> Moment {
        let Self {
            solved,
            rating,
            answers,
        } = self;
        match asks_its_own {
            true => Moment::Answered(answers),
            false => Moment::Judged { solved, rating },
        }
    }
}

impl FeedbackSeal {
    pub(super) async fn bring(self, seat: &Seat, judgement: Judgement, asks_its_own: bool) {
        let (recording, key) = (self.recording, self.key);
        let Some(sealed) = self.seal(judgement.moment(asks_its_own)) else {
            tracing::warn!("feedback could not be sealed");
            return;
        };
        let brought = async {
            while let Told::Later = seat.feed_back_sealed(recording, key, &sealed).await {
                sleep(REST).await;
            }
        };
        if timeout(TIME_TO_BRING, brought).await.is_err() {
            tracing::warn!("the server was not brought the feedback");
        }
    }

    fn seal(self, moment: Moment) -> Option<SealedFeedback> {
        let said = Timed { at: 0, moment }.encode();
        SealedFeedback::new(self.afterword.seal(&said)?)
    }
}

#[cfg(test)]
mod tests {
    use conclave_client::e2ee::Seed;
    use conclave_client::e2ee::recording::{Binding, Opener, RecordingKeys, Sealer};
    use conclave_client::protocol::feedback::{
        AnswerSaid, AnswerText, FeedbackAnswer, QuestionText, Rating,
    };
    use conclave_remote::recording::read;

    use super::*;

    // Shows: REQ-RS-07, REQ-AU-04.
    #[test]
    fn what_somebody_said_and_that_nobody_said_anything_opens_with_the_recording_alone() {
        let keys = RecordingKeys::generate(Seed([1; 32].into()));
        let binding = Binding {
            organisation: [1; 16],
            session: [2; 16],
            recording: [3; 16],
        };
        let lengths = said().map(|(judgement, asks_its_own)| {
            let moment = judgement.moment(asks_its_own);
            let sealer = Sealer::begin(keys.public(), binding, Seed([2; 32].into())).unwrap();
            let header = sealer.header().to_vec();
            let finished = sealer.finish(&[]).unwrap();
            let seal = FeedbackSeal {
                recording: Uuid::from_u128(3),
                key: Uuid::from_u128(4),
                afterword: finished.afterword,
            };
            let sealed = seal.seal(moment.clone()).unwrap();

            let opener = Opener::begin(&keys, binding, &header, Some(&finished.manifest)).unwrap();
            let opened = opener.afterword(sealed.as_bytes()).unwrap();
            assert!(read(&opened).is_ok_and(|read| read == [Timed { at: 0, moment }]));
            sealed.as_bytes().len()
        });

        let [said, nothing, answered, unanswered] = lengths;
        assert_eq!((said, answered), (nothing, unanswered));
    }

    // Shows: REQ-RS-07.
    #[test]
    fn no_words_go_unsealed() {
        let [_, _, (answered, _), _] = said();

        let in_clear = answered.in_clear();

        let ratings = in_clear.answers.as_slice();
        assert!(matches!(ratings, [only] if only.question.as_str() == "How quick was it?"));
    }

    /// With what every organisation asks, and with an organisation's own: something, and nothing.
    fn said() -> [(Judgement, bool); 4] {
        let answer = |question: &str, said| FeedbackAnswer {
            question: QuestionText::parse(question).unwrap(),
            said,
        };
        let words = AnswerText::parse("The printer").unwrap();
        let answers = vec![
            answer(
                "How quick was it?",
                AnswerSaid::Rating(Rating::new(4).unwrap()),
            ),
            answer("What was it about?", AnswerSaid::Text(words)),
        ];
        let judged = Judgement {
            solved: Some(true),
            rating: Some(4),
            ..Judgement::default()
        };
        let answered = Judgement {
            answers: FeedbackAnswers::new(answers).unwrap(),
            ..Judgement::default()
        };
        [
            (judged, false),
            (Judgement::default(), false),
            (answered, true),
            (Judgement::default(), true),
        ]
    }
}
