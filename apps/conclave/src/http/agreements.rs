//! The register of agreements with business associates.

pub(super) mod add;
pub(super) mod change;
pub(super) mod list;

use conclave_audit::Code;
use conclave_protocol::Timestamp;
use conclave_protocol::evidence::{self as wire, AgreementState, KeepAgreement};
use conclave_store::action::AgreementWords;
use conclave_store::read::evidence::Agreement;

fn shown(agreement: Agreement, now: Timestamp) -> wire::Agreement {
    wire::Agreement {
        id: agreement.id,
        is_in_force: agreement.in_force(now),
        kept: KeepAgreement {
            party: agreement.party,
            state: agreement.state,
            signed_at: agreement.signed_at,
            ends_at: agreement.ends_at,
            document: agreement.document,
        },
        changed_at: agreement.changed_at,
    }
}

fn words(kept: KeepAgreement) -> AgreementWords {
    AgreementWords {
        party: kept.party,
        state: kept.state,
        signed_at: kept.signed_at,
        ends_at: kept.ends_at,
        document: kept.document,
    }
}

const fn state(state: AgreementState) -> Code {
    match state {
        AgreementState::Draft => Code::new("draft"),
        AgreementState::Signed => Code::new("signed"),
        AgreementState::Ended => Code::new("ended"),
    }
}
