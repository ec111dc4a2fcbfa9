//! A technician who is an administrator of the computer: by its own rules, as long as the local person permits it.
//!
//! # Security
//!
//! The permission comes first, then a name and a password, which the computer looks at; neither alone raises anybody. All that
//! follows from it is to restart the computer, and each time the local person is asked. With the permission go the rights.

use std::time::Instant;

use conclave_protocol::remote::{Capability, Credential, EndReason, FromAgent, Raising};

use super::Session;
use crate::fact::{Fact, Topic};
use crate::io::Output;
use crate::question::Subject;
use crate::rights::Standing;

impl Session {
    pub(super) fn raise(&mut self, credential: Credential) {
        let asked = match self.may(Capability::Administrator) {
            true => self.rights.ask(),
            false => Err(Raising::Impossible),
        };
        match asked {
            Ok(()) => self.push(Output::Raise(credential)),
            Err(why) => self.say(FromAgent::Raised(why)),
        }
    }

    pub(super) fn raised(&mut self, outcome: Raising) {
        let Some(outcome) = self.rights.answer(outcome) else {
            return;
        };
        self.fact(match outcome {
            Raising::Raised => Fact::Raised,
            why => Fact::NotRaised(why),
        });
        self.say(FromAgent::Raised(outcome));
    }

    pub(super) fn asked_to_restart(&mut self, now: Instant) {
        let may_ask = self.may(Capability::Administrator)
            && self.rights.standing() == Standing::Raised
            && self.questions.may_ask(now, Topic::Restart).is_ok();
        match may_ask {
            true => self.question(now, Subject::Restart),
            false => self.say(FromAgent::NoRestart),
        }
    }

    /// The way back is laid first: a computer that could not come back does not go.
    pub(super) fn lay_way_back(&mut self) {
        match self.may(Capability::Administrator) && self.rights.leave() {
            true => self.push(Output::LayWayBack),
            false => self.say(FromAgent::NoRestart),
        }
    }

    pub(super) fn way_back(&mut self, is_laid: bool) {
        if is_laid && self.rights.standing() == Standing::Leaving {
            self.fact(Fact::Restarting);
            self.end(EndReason::Restarting);
        } else if self.rights.stay() {
            self.fact(Fact::RestartFailed);
            self.say(FromAgent::NoRestart);
        }
    }

    /// With the session they are over. What restarts the computer is gone with that.
    pub(super) fn end_rights(&mut self, reason: EndReason) {
        let was = self.rights.lower();
        if reason == EndReason::Restarting {
            return;
        }
        match was {
            Standing::Without | Standing::Forgotten => {}
            Standing::Asked => self.push(Output::Lower),
            Standing::Raised | Standing::Leaving => {
                self.push(Output::Lower);
                self.fact(Fact::Lowered);
            }
        }
    }

    /// Whether the sign says so.
    pub(super) fn is_raised(&self) -> bool {
        matches!(self.rights.standing(), Standing::Raised | Standing::Leaving)
    }

    /// What had them is gone from the computer, whether it was told so or not.
    pub(super) fn lower(&mut self) {
        match self.rights.lower() {
            Standing::Without | Standing::Forgotten => {}
            Standing::Asked => self.push(Output::Lower),
            Standing::Raised | Standing::Leaving => {
                self.push(Output::Lower);
                self.fact(Fact::Lowered);
                self.say(FromAgent::Lowered);
            }
        }
    }
}
