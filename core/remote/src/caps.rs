//! What may ever be asked of an organisation's people, whatever its server says.

use conclave_protocol::remote::Capabilities;
use serde::{Deserialize, Serialize};

use crate::limits::Limits;

/// A bound around [`Limits`] that the server has no part in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Caps {
    pub permitted: Capabilities,
    /// Nothing is permitted but what is recorded.
    pub must_record: bool,
}

impl Caps {
    /// What both permit.
    #[must_use]
    pub fn cap(self, limits: Limits) -> Limits {
        Limits {
            permitted: limits.permitted.and(self.permitted),
            must_record: limits.must_record || self.must_record,
            ..limits
        }
    }
}

#[cfg(test)]
mod tests {
    use conclave_protocol::remote::{Answer, Capability, FromAgent, FromTechnician};

    use super::*;
    use crate::question::BETWEEN_QUESTIONS;
    use crate::scene::{Scene, limits, told};

    fn caps() -> Caps {
        Caps {
            permitted: Capabilities::NONE.with(Capability::View),
            must_record: false,
        }
    }

    // Shows: REQ-AC-22, ABUSE-52.
    #[test]
    fn what_is_capped_is_not_asked_for_though_the_server_permits_it() {
        let mut scene = Scene::within(caps().cap(limits()));
        scene.permits(Capability::View);
        scene.pass(BETWEEN_QUESTIONS);

        let outputs = scene.says(FromTechnician::Ask(Capability::Control));

        let (to, answer) = (Capability::Control, Answer::NotPermitted);
        assert!(told(&outputs, &FromAgent::Answer { to, answer }));
        assert!(scene.question.is_none());
    }

    // Shows: ABUSE-52.
    #[test]
    fn a_cap_permits_nothing_that_the_server_does_not() {
        let chat = Limits {
            permitted: Capabilities::NONE.with(Capability::Chat),
            must_record: true,
            ..limits()
        };

        assert!(caps().cap(chat).permitted.is_empty());
        assert!(caps().cap(chat).must_record);
        let recorded = Caps {
            must_record: true,
            ..caps()
        };
        assert!(recorded.cap(limits()).must_record && !caps().cap(limits()).must_record);
    }
}
