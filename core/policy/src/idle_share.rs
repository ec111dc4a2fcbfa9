//! When a shared screen is taken off whose presenter does nothing, and how they are warned.
//!
//! To do something is to change the screen's picture, to speak, or to send data; the media router says when. Nothing is
//! taken off whose presenter was not told a minute before.

use std::time::Duration;

use conclave_protocol::channel::IdleShare as Warning;
use conclave_protocol::{ParticipantId, Timestamp};

/// Watches one meeting's screen.
#[derive(Clone, Debug, Default)]
pub struct IdleShare {
    shown: Option<Shown>,
}

#[derive(Clone, Copy, Debug)]
struct Shown {
    presenter: ParticipantId,
    active_at: Timestamp,
}

/// What the time says of the screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outlook {
    NothingShown,
    /// Look again at `until`.
    GoesOn {
        until: Timestamp,
    },
    /// The presenter is told; look again at its end.
    StopsSoon(Warning),
    /// It is taken off, and forgotten until it is shown again.
    Over(ParticipantId),
}

/// Long enough to say a word.
pub const WARNING: Duration = Duration::from_secs(60);

impl IdleShare {
    /// Somebody shows a screen, or did something while they show it.
    pub fn active(&mut self, now: Timestamp, presenter: ParticipantId) {
        self.shown = Some(Shown {
            presenter,
            active_at: now,
        });
    }

    pub fn ended(&mut self, presenter: ParticipantId) {
        self.shown = self.shown.filter(|shown| shown.presenter != presenter);
    }

    /// Looks at the screen as it is at `now`. A limit is never shorter than two [`WARNING`]s.
    pub fn look(&mut self, now: Timestamp, limit: Duration) -> Outlook {
        let Some(Shown {
            presenter,
            active_at,
        }) = self.shown
        else {
            return Outlook::NothingShown;
        };
        let stops_at = active_at.plus(limit);
        let warns_at = stops_at.minus(WARNING);
        if now >= stops_at {
            self.shown = None;
            return Outlook::Over(presenter);
        }
        match now < warns_at {
            true => Outlook::GoesOn { until: warns_at },
            false => Outlook::StopsSoon(Warning {
                presenter,
                stops_at,
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    const LIMIT: Duration = Duration::from_secs(10 * 60);
    const AMY: ParticipantId = ParticipantId(Uuid::from_u128(1));
    const BO: ParticipantId = ParticipantId(Uuid::from_u128(2));

    // Shows: REQ-LO-01.
    #[test]
    fn a_screen_whose_presenter_does_nothing_is_taken_off_a_minute_after_the_warning() {
        let mut share = IdleShare::default();
        assert_eq!(share.look(at(0), LIMIT), Outlook::NothingShown);
        share.active(at(0), AMY);

        assert_eq!(share.look(at(8), LIMIT), goes_on(9));
        assert_eq!(share.look(at(9), LIMIT), stops_soon(10));
        // Whoever does something in that minute goes on.
        share.active(at(9), AMY);
        assert_eq!(share.look(at(10), LIMIT), goes_on(18));
        assert_eq!(share.look(at(18), LIMIT), stops_soon(19));

        assert_eq!(share.look(at(19), LIMIT), Outlook::Over(AMY));
        assert_eq!(share.look(at(20), LIMIT), Outlook::NothingShown);
    }

    #[test]
    fn the_end_of_somebody_elses_screen_is_not_this_ones() {
        let mut share = IdleShare::default();
        share.active(at(0), AMY);
        share.active(at(1), BO);

        share.ended(AMY);

        assert_eq!(share.look(at(1), LIMIT), goes_on(10));
        share.ended(BO);
        assert_eq!(share.look(at(1), LIMIT), Outlook::NothingShown);
    }

    fn goes_on(minute: i64) -> Outlook {
        Outlook::GoesOn { until: at(minute) }
    }

    fn stops_soon(minute: i64) -> Outlook {
        Outlook::StopsSoon(Warning {
            presenter: AMY,
            stops_at: at(minute),
        })
    }

    fn at(minute: i64) -> Timestamp {
        Timestamp::from_micros(minute * 60_000_000)
    }
}
