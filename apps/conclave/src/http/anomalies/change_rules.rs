//! `PUT /api/v1/admin/anomalies/rules`: how the rules look from here on.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::State;
use conclave_audit::{Code, Event};
use conclave_policy::anomaly::{bounds, check, in_force, loosened};
use conclave_policy::capability::AccountAction;
use conclave_protocol::OrganisationId;
use conclave_protocol::anomaly::{
    AnomalyRule, AnomalyRules, ChangeAnomalyRules, RuleChoice, RuleChoices,
};
use conclave_protocol::problem::Problem;
use conclave_store::action::SetAnomalyRules;
use conclave_store::read::anomaly::ChosenRules;

use super::standing;
use crate::app::App;
use crate::http::body::Body;
use crate::http::occasion::Occasion;
use crate::http::present::not_written;
use crate::http::problem::{ANOMALY_RULES_INVALID, Refusal};
use crate::http::signed_in::SignedIn;

/// Replaces what the organisation says of them, within each rule's bounds. What counted before counts on, and what happened
/// before is judged by what was said before. To owners and
/// admins only, who have lately shown that it is them.
#[utoipa::path(
    put,
    operation_id = "changeAnomalyRules",
    path = "/admin/anomalies/rules",
    tag = "administration",
    request_body = ChangeAnomalyRules,
    responses(
        (status = 200, body = AnomalyRules),
        (status = 401, body = Problem),
        (status = 403, body = Problem),
        (status = 409, body = Problem),
        (status = 422, body = Problem)
    )
)]
pub(crate) async fn handle(
    State(app): State<App>,
    signed_in: SignedIn,
    occasion: Occasion,
    Body(body): Body<ChangeAnomalyRules>,
) -> Result<Json<AnomalyRules>, Refusal> {
    let choices = choices(&body.rules).ok_or(ANOMALY_RULES_INVALID)?;
    let organisation = signed_in.account.organisation;
    let before = app.store.anomaly_rules(organisation).await?;
    let event = event(organisation, &before.choices, &choices);
    let action = AccountAction::ChangePolicy;
    signed_in.may(&app, action, &occasion, &event).await?;
    signed_in.stepped_up(&app, &occasion, &event).await?;
    let entry = occasion.entry(Some(organisation), signed_in.actor(), event)?;
    let act = SetAnomalyRules {
        organisation,
        by: signed_in.account.id,
        seen: body.revision,
        choices: choices.clone(),
        at: occasion.now,
    };
    if let Err(error) = app.store.write(act, entry.clone()).await {
        return Err(not_written(&app, error, entry).await);
    }
    let revision = body.revision.saturating_add(1);
    Ok(Json(standing(&ChosenRules { revision, choices })))
}

/// `None` where one is named twice, or is out of its bounds. What is as usual is not said.
fn choices(rules: &[RuleChoice]) -> Option<RuleChoices> {
    let mut choices = BTreeMap::new();
    for RuleChoice { rule, setting } in rules {
        let is_again = choices.insert(*rule, *setting).is_some();
        if is_again || !check(*rule, setting) {
            return None;
        }
    }
    choices.retain(|rule, setting| bounds(*rule).usual != *setting);
    Some(RuleChoices(choices))
}

fn event(
    OrganisationId(organisation): OrganisationId,
    before: &RuleChoices,
    after: &RuleChoices,
) -> Event {
    let codes = |rules: Vec<AnomalyRule>| {
        let codes = rules.into_iter().map(AnomalyRule::code);
        codes.map(Code::new).collect()
    };
    let differs = |rule: &AnomalyRule| in_force(*rule, before) != in_force(*rule, after);
    let changed = AnomalyRule::ALL.into_iter().filter(differs);
    Event::AnomalyChangeRules {
        organisation,
        rules: codes(changed.collect()),
        loosened: codes(loosened(before, after)),
    }
}
