//! The register of risks, and what the organisation makes of each.

pub(super) mod assess;
pub(super) mod list;

use conclave_policy::evidence::{self, RISKS};
use conclave_protocol::Timestamp;
use conclave_protocol::risk::Risk;
use conclave_store::read::risk::Assessment;

use crate::evidence::assessed;

fn shown(risk: &evidence::Risk, assessments: &[Assessment], now: Timestamp) -> Risk {
    let texts = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect();
    let assessment = assessments.iter().find(|one| one.risk == risk.id);
    Risk {
        id: risk.id.to_owned(),
        threat: risk.threat.to_owned(),
        asset: risk.asset.to_owned(),
        affects: risk.affects.to_vec(),
        likelihood: risk.likelihood,
        impact: risk.impact,
        level: risk.level(),
        claims: texts(risk.claims),
        organisation: risk.organisation.to_owned(),
        residual: risk.residual,
        assessment: assessment.map(|one| assessed(one, now)),
    }
}

fn register(assessments: &[Assessment], now: Timestamp) -> Vec<Risk> {
    let risks = RISKS.iter().map(|risk| shown(risk, assessments, now));
    risks.collect()
}
