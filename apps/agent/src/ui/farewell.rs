//! What is said when it is over, and what the person says of it.

use conclave_protocol::remote::EndReason;

use super::press::Press;
use crate::ipc::UiToNet;

pub(super) struct Farewell {
    pub(super) reason: EndReason,
    pub(super) solved: Option<bool>,
    pub(super) rating: Option<u8>,
}

/// Of a rating.
pub(super) const BEST: u8 = 5;

impl Farewell {
    pub(super) fn new(reason: EndReason) -> Self {
        Self {
            reason,
            solved: None,
            rating: None,
        }
    }

    /// Pressed again, it is taken back.
    pub(super) fn solve(&mut self, solved: bool) {
        self.solved = (self.solved != Some(solved)).then_some(solved);
    }

    pub(super) fn rate(&mut self, rating: u8) {
        let fits = (1..=BEST).contains(&rating);
        self.rating = (fits && self.rating != Some(rating)).then_some(rating);
    }

    pub(super) fn feedback(&self) -> Option<UiToNet> {
        let (solved, rating) = (self.solved, self.rating);
        let says_something = solved.is_some() || rating.is_some();
        says_something.then_some(UiToNet::Feedback { solved, rating })
    }

    pub(super) fn stops(&self) -> Vec<Press> {
        let solved = [true, false].map(Press::Solved);
        let rates = (1..=BEST).map(Press::Rate);
        let last = [Press::SendFeedback, Press::Close];
        solved.into_iter().chain(rates).chain(last).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_sent_that_was_not_said() {
        let mut farewell = Farewell::new(EndReason::Stopped);
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
                rating: Some(4)
            })
        ));
    }

    #[test]
    fn what_is_pressed_again_is_taken_back() {
        let mut farewell = Farewell::new(EndReason::Stopped);
        farewell.solve(false);
        farewell.solve(false);

        assert_eq!(farewell.solved, None);
    }
}
