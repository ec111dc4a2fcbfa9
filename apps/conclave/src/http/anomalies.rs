//! What the rules for anomalies found: seen, reviewed; and how the rules look.

pub(super) mod change_rules;
pub(super) mod list;
pub(super) mod review;
pub(super) mod rules;
pub(super) mod words;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use conclave_policy::anomaly::{bounds, in_force};
use conclave_protocol::AnomalyId;
use conclave_protocol::anomaly::{AnomalyRule, AnomalyRules, RuleStanding};
use conclave_store::read::anomaly::{ChosenRules, FoundAnomaly};

use super::present::named;
use super::problem::{ANOMALY_NOT_FOUND, Refusal};
use super::signed_in::SignedIn;
use crate::app::App;

/// The finding that the address names.
pub(crate) struct NamedAnomaly(AnomalyId);

impl FromRequestParts<App> for NamedAnomaly {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, _app: &App) -> Result<Self, Refusal> {
        let id = named(parts, "anomaly").await;
        id.map(Self).ok_or(ANOMALY_NOT_FOUND.into())
    }
}

/// One of the reader's own organisation.
async fn find(app: &App, signed_in: &SignedIn, id: AnomalyId) -> Result<FoundAnomaly, Refusal> {
    let organisation = signed_in.account.organisation;
    let found = app.store.anomaly(id, organisation).await?;
    found.ok_or(ANOMALY_NOT_FOUND.into())
}

fn standing(chosen: &ChosenRules) -> AnomalyRules {
    AnomalyRules {
        revision: chosen.revision,
        rules: AnomalyRule::ALL
            .into_iter()
            .map(|rule| {
                let bounds = bounds(rule);
                RuleStanding {
                    rule,
                    setting: in_force(rule, &chosen.choices),
                    usual: bounds.usual,
                    least_threshold: *bounds.threshold.start(),
                    most_threshold: *bounds.threshold.end(),
                    shortest_window_minutes: *bounds.window_minutes.start(),
                    longest_window_minutes: *bounds.window_minutes.end(),
                }
            })
            .collect(),
    }
}
