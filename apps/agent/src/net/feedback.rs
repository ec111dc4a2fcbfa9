//! What the person who was helped thinks of it, on its way to the server: sealed where the session was recorded.
//!
//! # Security
//! Of a session that is kept the server gets no word in clear, and can't tell whether anything was said: that nothing was is
//! sealed and brought as well.

use std::time::Duration;

use conclave_client::e2ee::recording::Afterword;
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
    Afterwards { seal, is_recorded }: Afterwards,
) -> Result<(), Broken> {
    let time = seal.as_ref().map_or(OPEN_FOR, |_| SEALED_WITHIN);
    let heard = timeout(time, said(ui)).await;
    let feedback = heard.as_ref().ok().and_then(|said| said.as_ref().ok());
    match (seal, feedback.cloned()) {
        (Some(seal), feedback) => seal.bring(seat, feedback.unwrap_or_default()).await,
        (None, Some(feedback)) if !is_recorded => seat.feed_back(feedback).await,
        (None, _) => {}
    }
    match heard {
        Ok(Err(broken)) => Err(broken),
        Ok(Ok(_)) | Err(_) => Ok(()),
    }
}

async fn said(ui: &Courier) -> Result<SupportFeedback, Broken> {
    loop {
        if let UiToNet::Feedback { solved, rating } = ui.receive().await? {
            return Ok(SupportFeedback {
                solved,
                rating,
                ..SupportFeedback::default()
            });
        }
    }
}

impl FeedbackSeal {
    pub(super) async fn bring(self, seat: &Seat, feedback: SupportFeedback) {
        let (recording, key) = (self.recording, self.key);
        let Some(sealed) = self.seal(feedback) else {
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

    fn seal(self, feedback: SupportFeedback) -> Option<SealedFeedback> {
        let (solved, rating) = (feedback.solved, feedback.rating);
        let moment = Moment::Judged { solved, rating };
        let said = Timed { at: 0, moment }.encode();
        SealedFeedback::new(self.afterword.seal(&said)?)
    }
}

#[cfg(test)]
mod tests {
    use conclave_client::e2ee::Seed;
    use conclave_client::e2ee::recording::{Binding, Opener, RecordingKeys, Sealer};
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
        for feedback in [
            SupportFeedback {
                solved: Some(true),
                rating: Some(4),
                ..SupportFeedback::default()
            },
            SupportFeedback::default(),
        ] {
            let sealer = Sealer::begin(keys.public(), binding, Seed([2; 32].into())).unwrap();
            let header = sealer.header().to_vec();
            let finished = sealer.finish(&[]).unwrap();
            let seal = FeedbackSeal {
                recording: Uuid::from_u128(3),
                key: Uuid::from_u128(4),
                afterword: finished.afterword,
            };
            let (solved, rating) = (feedback.solved, feedback.rating);
            let sealed = seal.seal(feedback).unwrap();

            let opener = Opener::begin(&keys, binding, &header, Some(&finished.manifest)).unwrap();
            let opened = opener.afterword(sealed.as_bytes()).unwrap();
            let moment = Moment::Judged { solved, rating };
            assert!(read(&opened).is_ok_and(|read| read == [Timed { at: 0, moment }]));
        }
    }
}
