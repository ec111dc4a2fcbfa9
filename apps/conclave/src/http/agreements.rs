//! The register of agreements with business associates.

pub(super) mod add;
pub(super) mod change;
pub(super) mod list;
pub(super) mod template;

use std::collections::BTreeMap;

use conclave_audit::Code;
use conclave_protocol::evidence::{self as wire, AgreementState, KeepAgreement};
use conclave_protocol::{OrganisationId, Timestamp};
use conclave_store::ReadError;
use conclave_store::action::AgreementWords;
use conclave_store::read::evidence::{Agreement, AgreementVersion};

use crate::app::App;
use crate::evidence::kept;

/// With all that the register ever said of it, oldest first.
fn shown(agreement: Agreement, versions: &[AgreementVersion], now: Timestamp) -> wire::Agreement {
    let versions = versions.iter().rev().map(|version| wire::AgreementVersion {
        kept: kept(version),
        changed_at: version.changed_at,
        changed_by: version.changed_by,
        changed_by_name: version.changed_by_name.clone(),
    });
    wire::Agreement {
        id: agreement.id,
        is_in_force: agreement.in_force(now),
        versions: versions.collect(),
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

/// Of the register, newest first.
async fn listed(
    app: &App,
    organisation: OrganisationId,
    now: Timestamp,
) -> Result<Vec<wire::Agreement>, ReadError> {
    let versions = app.store.agreement_versions(organisation, now).await?;
    let by_agreement = versions.chunk_by(|one, next| one.agreement == next.agreement);
    let by_agreement: BTreeMap<_, _> = by_agreement
        .filter_map(|versions| Some((versions.first()?.agreement, versions)))
        .collect();
    let agreements = app.store.agreements(organisation).await?.into_iter();
    let shown = agreements.map(|agreement| {
        let versions = by_agreement.get(&agreement.id).copied().unwrap_or_default();
        shown(agreement, versions, now)
    });
    Ok(shown.collect())
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
