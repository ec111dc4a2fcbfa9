//! Bodies about training: who was trained in what, when, and until when that is good.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::personal::{DisplayName, Title};
use crate::{AccountId, Timestamp};

/// `POST /api/v1/trainings`: enters that somebody was trained.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EnterTraining {
    pub account: AccountId,
    pub topic: Title,
    pub completed_at: Timestamp,
    /// From then on it is to be done again.
    pub good_until: Timestamp,
}

/// It was not completed yet, ends before it begins, or is good for longer than five years.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoTraining;

impl EnterTraining {
    /// # Errors
    ///
    /// [`NoTraining`].
    pub fn check(&self, now: Timestamp) -> Result<(), NoTraining> {
        let lasts = self.good_until.since(self.completed_at);
        let right = self.completed_at <= now.plus(A_DAY_AHEAD)
            && self.completed_at < self.good_until
            && lasts <= LONGEST;
        right.then_some(()).ok_or(NoTraining)
    }
}

/// A day is told by its midnight, and begins as much earlier in Kiribati than in UTC.
const A_DAY_AHEAD: Duration = Duration::from_secs(14 * 60 * 60);
const LONGEST: Duration = Duration::from_secs(5 * 366 * 24 * 60 * 60);

/// One line of the register.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
pub struct Training {
    pub id: Uuid,
    pub account: AccountId,
    pub display_name: DisplayName,
    pub topic: Title,
    pub completed_at: Timestamp,
    pub good_until: Timestamp,
    pub entered_at: Timestamp,
    pub entered_by_name: DisplayName,
    /// When somebody said that it was entered by mistake.
    pub withdrawn_at: Option<Timestamp>,
    /// When whom it is about said that it was so.
    pub acknowledged_at: Option<Timestamp>,
}

/// Somebody with an active account whose training is over, or who has none on record.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
pub struct OverdueTraining {
    pub account: AccountId,
    pub display_name: DisplayName,
    /// Of the training that was over first; absent for who has none.
    pub good_until: Option<Timestamp>,
}

/// Answers `GET /api/v1/trainings`.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
pub struct TrainingList {
    /// Latest entered first, 500 at the most.
    pub trainings: Vec<Training>,
    /// 500 at the most.
    pub overdue: Vec<OverdueTraining>,
    /// Of all.
    pub people_overdue: u32,
}

/// Answers `GET /api/v1/account/trainings`: what the register says of the caller, and was not taken back.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
pub struct OwnTrainings {
    /// Latest entered first, 500 at the most.
    pub trainings: Vec<Training>,
}

#[cfg(test)]
mod tests {
    use super::*;

    // Shows: REQ-AD-02.
    #[test]
    fn a_training_was_completed_and_is_good_for_five_years_at_the_most() {
        let day = Duration::from_secs(24 * 60 * 60);
        let now = Timestamp::from_micros(1_795_336_200_000_000);
        let of = |completed_at: Timestamp, good_until| {
            let topic = Title::parse("Passcodes").ok().unwrap();
            let training = EnterTraining {
                account: AccountId(Uuid::nil()),
                topic,
                completed_at,
                good_until,
            };
            training.check(now).is_ok()
        };

        assert!(of(now, now.plus(365 * day)));
        assert!(!of(now.plus(day), now.plus(2 * day)));
        assert!(!of(now, now));
        assert!(!of(now, now.plus(6 * 366 * day)));
    }
}
