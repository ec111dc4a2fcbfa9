//! What the organisation decided and signed for, as it is shown, and as a statement says of it: with and without its reasons.

use conclave_policy::evidence::due_of_before;
use conclave_protocol::Timestamp;
use conclave_protocol::evidence::{self as wire, StatedDecision};
use conclave_store::read::evidence::Decision;

use super::digest;

pub(crate) fn decided(decision: &Decision) -> wire::Decision {
    wire::Decision {
        id: decision.id,
        decided: wire::Decide {
            due: due(decision),
            ..words(decision)
        },
        decided_by: decision.decided_by,
        decided_by_name: decision.decided_by_name.clone(),
        decided_at: decision.decided_at,
    }
}

pub(super) fn stated_decision(decision: &Decision) -> StatedDecision {
    StatedDecision {
        id: decision.id,
        choice: decision.choice,
        decided_by: decision.decided_by,
        decided_at: decision.decided_at,
        owner: decision.owner.clone(),
        due: due(decision),
        words: digest(&words(decision)),
    }
}

/// When somebody decides anew.
pub(super) fn due(decision: &Decision) -> Option<Timestamp> {
    let before = || due_of_before(&decision.subject, decision.decided_at);
    decision.due.or_else(before)
}

/// As it was said: the entry has the hash of it.
fn words(decision: &Decision) -> wire::Decide {
    wire::Decide {
        choice: decision.choice,
        reason: decision.reason.clone(),
        risk: decision.risk.clone(),
        size: decision.size.clone(),
        complexity: decision.complexity.clone(),
        infrastructure: decision.infrastructure.clone(),
        cost: decision.cost.clone(),
        owner: decision.owner.clone(),
        due: decision.due,
    }
}
