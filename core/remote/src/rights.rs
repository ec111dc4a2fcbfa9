//! How far a technician has come to be an administrator of the computer, and how often they were wrong.

use conclave_protocol::remote::Raising;

#[derive(Default)]
pub(crate) struct Rights {
    standing: Standing,
    /// Of the whole session, whoever leads it.
    wrong: u8,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Standing {
    #[default]
    Without,
    /// The computer looks at what was typed.
    Asked,
    /// It still does, and nobody wants to know any more.
    Forgotten,
    Raised,
    /// The local person agreed to a restart, and the way back is being laid.
    Leaving,
}

/// Whoever knows the password mistypes it once or twice.
pub(crate) const MOST_WRONG: u8 = 3;

impl Rights {
    pub(crate) fn standing(&self) -> Standing {
        self.standing
    }

    /// Why what was typed is not even looked at, if it is not.
    pub(crate) fn ask(&mut self) -> Result<(), Raising> {
        match self.standing {
            _ if self.wrong >= MOST_WRONG => Err(Raising::TooMany),
            Standing::Without => {
                self.standing = Standing::Asked;
                Ok(())
            }
            // A page that was loaded again does not know.
            Standing::Raised | Standing::Leaving => Err(Raising::Raised),
            Standing::Asked | Standing::Forgotten => Err(Raising::Impossible),
        }
    }

    /// What came of it. `None`: nobody asked, or nobody wants to know. What was wrong counts in any case.
    pub(crate) fn answer(&mut self, outcome: Raising) -> Option<Raising> {
        let is_wanted = match self.standing {
            Standing::Asked => true,
            Standing::Forgotten => false,
            Standing::Without | Standing::Raised | Standing::Leaving => return None,
        };
        let is_wrong = outcome == Raising::Wrong;
        self.wrong = self.wrong.saturating_add(u8::from(is_wrong));
        self.standing = match outcome {
            Raising::Raised if is_wanted => Standing::Raised,
            _ => Standing::Without,
        };
        match is_wrong && self.wrong >= MOST_WRONG {
            true => Some(Raising::TooMany),
            false => (is_wanted || is_wrong).then_some(outcome),
        }
    }

    /// The local person agreed. False: nobody is raised.
    pub(crate) fn leave(&mut self) -> bool {
        let may = self.standing == Standing::Raised;
        if may {
            self.standing = Standing::Leaving;
        }
        may
    }

    /// It goes on without a restart.
    pub(crate) fn stay(&mut self) -> bool {
        let left = self.standing == Standing::Leaving;
        if left {
            self.standing = Standing::Raised;
        }
        left
    }

    /// Gives back whatever there was. An answer that is on its way is for nobody, and none that is asked for later.
    pub(crate) fn lower(&mut self) -> Standing {
        let was = self.standing;
        self.standing = match was {
            Standing::Asked | Standing::Forgotten => Standing::Forgotten,
            Standing::Without | Standing::Raised | Standing::Leaving => Standing::Without,
        };
        was
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // Shows: REQ-AC-31.
    #[test]
    fn three_are_wrong_and_the_fourth_is_not_looked_at() {
        let mut rights = Rights::default();
        for expected in [Raising::Wrong, Raising::Wrong, Raising::TooMany] {
            assert_eq!(rights.ask(), Ok(()));
            assert_eq!(rights.answer(Raising::Wrong), Some(expected));
        }

        assert_eq!(rights.ask(), Err(Raising::TooMany));
        assert_eq!(rights.standing(), Standing::Without);
    }

    #[test]
    fn one_is_looked_at_at_a_time_and_an_answer_to_nothing_raises_nobody() {
        let mut rights = Rights::default();
        assert_eq!(rights.answer(Raising::Raised), None);
        assert_eq!(rights.ask(), Ok(()));
        assert_eq!(rights.ask(), Err(Raising::Impossible));

        rights.lower();

        assert_eq!(rights.ask(), Err(Raising::Impossible));
        assert_eq!(rights.answer(Raising::Raised), None);
        assert_eq!(rights.standing(), Standing::Without);
    }

    // Shows: REQ-AC-31.
    #[test]
    fn what_was_wrong_counts_also_where_nobody_wants_to_know_any_more() {
        let mut rights = Rights::default();
        for expected in [Raising::Wrong, Raising::Wrong, Raising::TooMany] {
            assert_eq!(rights.ask(), Ok(()));
            rights.lower();
            assert_eq!(rights.answer(Raising::Wrong), Some(expected));
        }

        assert_eq!(rights.ask(), Err(Raising::TooMany));
    }

    #[test]
    fn only_who_is_raised_restarts_it() {
        let mut rights = Rights::default();
        assert!(!rights.leave() && !rights.stay());
        assert_eq!(rights.ask(), Ok(()));
        assert_eq!(rights.answer(Raising::Raised), Some(Raising::Raised));

        assert!(rights.leave() && !rights.leave());
        assert!(rights.stay());

        assert_eq!(rights.lower(), Standing::Raised);
    }
}
