//! Bodies about risks: what the product's register says of each, and what an organisation makes of it.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::personal::{DisplayName, Words};
use crate::{AccountId, Timestamp};

/// What of information a threat is to (45 CFR 164.306(a)(1)).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Quality {
    Confidentiality,
    Integrity,
    Availability,
}

/// How likely something is, how bad, or both together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RiskLevel {
    Low,
    Moderate,
    High,
}

/// What an organisation does about a risk.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RiskChoice {
    /// What is left of it is borne.
    Accepted,
    /// Something more is done against it.
    Reduced,
    /// Somebody else bears a part of it, by a contract.
    Shared,
    /// What it comes from is not done.
    Avoided,
}

/// `PUT /api/v1/risks/{risk}`: what the organisation makes of a risk (45 CFR 164.308(a)(1)(ii)).
#[derive(Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AssessRisk {
    pub choice: RiskChoice,
    /// As it is there: the register says how it is in general.
    pub likelihood: RiskLevel,
    pub impact: RiskLevel,
    /// Why, and what is done.
    pub reason: Words,
    /// From then on the assessment is out of date.
    pub next_look_at: Timestamp,
}

/// An assessment in force.
#[derive(Clone, Serialize, ToSchema)]
pub struct RiskAssessment {
    pub id: Uuid,
    #[serde(flatten)]
    pub assessed: AssessRisk,
    pub assessed_by: AccountId,
    pub assessed_by_name: DisplayName,
    pub assessed_at: Timestamp,
    /// Nobody has looked again when they said they would.
    pub is_out_of_date: bool,
}

/// One risk of the register, with what the organisation makes of it.
#[derive(Clone, Serialize, ToSchema)]
pub struct Risk {
    /// Its stable name.
    pub id: String,
    pub threat: String,
    /// What it is a threat to.
    pub asset: String,
    pub affects: Vec<Quality>,
    /// Without anything that is done against it.
    pub likelihood: RiskLevel,
    pub impact: RiskLevel,
    /// Both together.
    pub level: RiskLevel,
    /// What the product does against it: claims of the evidence, by their ids.
    pub claims: Vec<String>,
    /// What the organisation does against it.
    pub organisation: String,
    /// What is left while both do so.
    pub residual: RiskLevel,
    pub assessment: Option<RiskAssessment>,
}

/// Answers `GET /api/v1/risks`.
#[derive(Clone, Serialize, ToSchema)]
pub struct RiskRegister {
    pub risks: Vec<Risk>,
    /// How many have no assessment, or one that is out of date.
    pub open: u32,
}

/// What a statement of the evidence says of a risk: of the organisation's words it has a hash.
#[derive(Clone, Serialize, ToSchema)]
pub struct StatedRisk {
    pub id: String,
    pub threat: String,
    pub level: RiskLevel,
    pub residual: RiskLevel,
    pub assessment: Option<StatedAssessment>,
}

#[derive(Clone, Serialize, ToSchema)]
pub struct StatedAssessment {
    pub id: Uuid,
    pub choice: RiskChoice,
    pub likelihood: RiskLevel,
    pub impact: RiskLevel,
    pub assessed_by: AccountId,
    pub assessed_at: Timestamp,
    pub next_look_at: Timestamp,
    /// SHA-256 of all that was said, as the audit entry has it.
    pub words: String,
}

impl RiskLevel {
    /// Its stable name.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Moderate => "moderate",
            Self::High => "high",
        }
    }
}

impl RiskChoice {
    /// Its stable name.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Accepted => "accepted",
            Self::Reduced => "reduced",
            Self::Shared => "shared",
            Self::Avoided => "avoided",
        }
    }
}
