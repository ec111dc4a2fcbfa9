//! The registers that an organisation keeps, as they are shown and as a statement says of them: with and without its words.

use conclave_policy::evidence::RISKS;
use conclave_protocol::Timestamp;
use conclave_protocol::evidence::{KeepAgreement, StatedAgreement, StatedVersion};
use conclave_protocol::risk::{AssessRisk, RiskAssessment, StatedAssessment, StatedRisk};
use conclave_store::read::evidence::AgreementVersion;
use conclave_store::read::risk::Assessment;

use super::digest;

/// What the register said of an agreement.
pub(crate) fn kept(version: &AgreementVersion) -> KeepAgreement {
    KeepAgreement {
        party: version.party.clone(),
        state: version.state,
        signed_at: version.signed_at,
        ends_at: version.ends_at,
        document: version.document.clone(),
    }
}

pub(crate) fn assessed(assessment: &Assessment, now: Timestamp) -> RiskAssessment {
    RiskAssessment {
        id: assessment.id,
        assessed: words(assessment),
        assessed_by: assessment.assessed_by,
        assessed_by_name: assessment.assessed_by_name.clone(),
        assessed_at: assessment.assessed_at,
        is_out_of_date: assessment.next_look_at <= now,
    }
}

/// By agreement, as they come.
pub(super) fn stated_agreements(versions: &[AgreementVersion]) -> Vec<StatedAgreement> {
    let by_agreement = versions.chunk_by(|one, next| one.agreement == next.agreement);
    let stated = by_agreement.filter_map(|versions| {
        Some(StatedAgreement {
            id: versions.first()?.agreement,
            versions: versions.iter().map(stated_version).collect(),
        })
    });
    stated.collect()
}

pub(super) fn stated_risks(assessments: &[Assessment]) -> Vec<StatedRisk> {
    let stated = RISKS.iter().map(|risk| {
        let assessment = assessments.iter().find(|one| one.risk == risk.id);
        StatedRisk {
            id: risk.id.to_owned(),
            threat: risk.threat.to_owned(),
            level: risk.level(),
            residual: risk.residual,
            assessment: assessment.map(stated_assessment),
        }
    });
    stated.collect()
}

fn stated_version(version: &AgreementVersion) -> StatedVersion {
    StatedVersion {
        state: version.state,
        signed_at: version.signed_at,
        ends_at: version.ends_at,
        document: version.document.clone(),
        changed_at: version.changed_at,
        words: digest(&kept(version)),
    }
}

fn stated_assessment(assessment: &Assessment) -> StatedAssessment {
    StatedAssessment {
        id: assessment.id,
        choice: assessment.choice,
        likelihood: assessment.likelihood,
        impact: assessment.impact,
        assessed_by: assessment.assessed_by,
        assessed_at: assessment.assessed_at,
        next_look_at: assessment.next_look_at,
        words: digest(&words(assessment)),
    }
}

fn words(assessment: &Assessment) -> AssessRisk {
    AssessRisk {
        choice: assessment.choice,
        likelihood: assessment.likelihood,
        impact: assessment.impact,
        reason: assessment.reason.clone(),
        next_look_at: assessment.next_look_at,
    }
}
