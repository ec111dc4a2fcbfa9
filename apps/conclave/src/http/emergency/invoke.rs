//! `POST /api/v1/emergency`: takes emergency access.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use conclave_audit::{Code, Event};
use conclave_policy::emergency::{self, LASTS, Proved, REVIEW_WITHIN, Strongest};
use conclave_protocol::EmergencyUseId;
use conclave_protocol::emergency::{InvokeEmergency, OpenEmergency};
use conclave_protocol::problem::Problem;
use conclave_store::action;
use conclave_store::read::emergency::EmergencyUse;
use conclave_store::read::factor::Factors;
use uuid::Uuid;

use crate::app::App;
use crate::emergencies::{self, WordsOf};
use crate::http::body::Body;
use crate::http::occasion::Occasion;
use crate::http::present::{decide, not_written, to_the_end};
use crate::http::problem::Refusal;
use crate::http::signed_in::InEmergency;
use crate::id;

/// For an hour: see which meetings of the organisation go on, and come into them, which everybody there sees. For whom
/// policy names, with fresh proof by the strongest way to sign in that their account has, a reason, and words that are kept
/// for reviewers. Owners and admins are told; somebody else reviews it within 72 hours.
#[utoipa::path(
    post,
    operation_id = "invokeEmergency",
    path = "/emergency",
    tag = "emergency",
    request_body = InvokeEmergency,
    responses(
        (status = 201, body = OpenEmergency),
        (status = 400, body = Problem),
        (status = 401, body = Problem),
        (status = 403, body = Problem),
        (status = 409, body = Problem)
    )
)]
pub(crate) async fn handle(
    State(app): State<App>,
    InEmergency(signed_in): InEmergency,
    occasion: Occasion,
    Body(body): Body<InvokeEmergency>,
) -> Result<(StatusCode, Json<OpenEmergency>), Refusal> {
    let organisation = signed_in.account.organisation;
    let account = signed_in.account.id;
    let entry = |invoked: Option<Uuid>| {
        let reason = Code::new(body.reason.code());
        let event = Event::EmergencyInvoke { invoked, reason };
        occasion.entry(Some(organisation), signed_in.actor(), event)
    };
    // One whose time is over keeps nobody from the next.
    emergencies::end_those_over(&app).await;
    let open = app.store.open_emergency(account).await?;
    let open = open.as_ref().map(EmergencyUse::standing);
    let factors = app.store.factors(account).await?;
    let proved = Proved {
        assurance: signed_in.assurance(),
        at: signed_in.authenticated_at,
    };
    let strongest = strongest(&app, &factors);
    let permitted = &signed_in.permitted;
    let decision = emergency::invoke(permitted, strongest, proved, open.as_ref(), occasion.now);
    decide(&app, decision, &entry(None)?).await?;
    let id = EmergencyUseId(id::fresh(occasion.now)?);
    let words = WordsOf::Holder.seal(app.emergencies.sealing(), id, &body.words)?;
    let mut entry = entry(Some(id.0))?;
    entry.sealed = Some(words.sealed);
    let taken = OpenEmergency {
        id,
        reason: body.reason,
        invoked_at: occasion.now,
        expires_at: occasion.now.plus(LASTS),
    };
    let act = action::InvokeEmergency {
        id,
        organisation,
        account: Some(account),
        reason: body.reason,
        words: words.bytes,
        at: taken.invoked_at,
        expires_at: taken.expires_at,
        review_due_at: occasion.now.plus(REVIEW_WITHIN),
    };
    to_the_end(async move {
        if let Err(error) = app.store.write(act, entry.clone()).await {
            return Err(not_written(&app, error, entry).await);
        }
        app.emergencies.was_taken();
        emergencies::tell(&app, organisation).await;
        Ok((StatusCode::CREATED, Json(taken)))
    })
    .await
}

/// Passkeys count where this server takes any.
fn strongest(app: &App, factors: &Factors) -> Strongest {
    let takes_passkeys = app.second_factors.passkeys.is_some();
    match factors.has_second() {
        _ if takes_passkeys && !factors.passkeys.is_empty() => Strongest::Passkey,
        true => Strongest::SecondFactor,
        false => Strongest::Password,
    }
}
