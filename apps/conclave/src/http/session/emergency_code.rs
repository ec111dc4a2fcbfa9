//! `POST /api/v1/session/emergency`: signs in with one of the organisation's sealed codes, for emergency access alone.
//!
//! Whatever is wrong has one answer, and before a right code was shown nothing is looked at that depends on the account.

use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::AppendHeaders;
use conclave_audit::{Code, Event};
use conclave_policy::Decision;
use conclave_policy::emergency::{self, SESSION_LASTS};
use conclave_policy::second_factor::Assurance;
use conclave_protocol::AccountId;
use conclave_protocol::account::Me;
use conclave_protocol::emergency::SignInByEmergencyCode;
use conclave_protocol::personal::EmailAddress;
use conclave_protocol::problem::Problem;
use conclave_store::action::{NewSession, Proof, SignIn};
use conclave_store::read::account::Account;
use conclave_store::{Refused, TokenHash, WriteError};

use super::sign_in::{Attempt, Guessed, find};
use super::{Header, Opening, me, policies_of};
use crate::app::App;
use crate::http::body::Body;
use crate::http::occasion::Occasion;
use crate::http::present::to_the_end;
use crate::http::problem::{EMERGENCY_CODE_WRONG, Refusal};
use crate::{emergencies, policies, recorded, recovery_codes};

/// For whom policy lets take emergency access, when nothing else signs them in: their address, and a code of the envelope. The
/// session opens emergency access and nothing else, for 70 minutes at the most; the code is spent, and owners and admins are
/// told.
#[utoipa::path(
    post,
    operation_id = "signInByEmergencyCode",
    path = "/session/emergency",
    tag = "emergency",
    request_body = SignInByEmergencyCode,
    responses(
        (status = 200, body = Me),
        (status = 401, body = Problem),
        (status = 429, body = Problem)
    )
)]
pub(crate) async fn handle(
    State(app): State<App>,
    occasion: Occasion,
    headers: HeaderMap,
    Body(body): Body<SignInByEmergencyCode>,
) -> Result<Opened, Refusal> {
    let email = EmailAddress::parse(body.email.reveal()).ok();
    let account = find(&app, email.as_ref()).await?;
    let (at, name) = (Guessed::SealedCode, body.email.reveal());
    let attempt = Attempt::new(&app, &occasion, &headers, at, name, account).await?;
    attempt.charge().await?;
    let code = recovery_codes::hash(body.code.reveal());
    let (account, number) = match admitted(&app, attempt.account(), code).await? {
        Ok(admitted) => admitted,
        Err(reason) => {
            attempt.was_wrong(reason).await?;
            return Err(EMERGENCY_CODE_WRONG.into());
        }
    };
    match open(&app, &occasion, account, code, number).await? {
        Some(opened) => {
            attempt.was_right();
            Ok(opened)
        }
        None => {
            attempt.was_wrong(WRONG).await?;
            Err(EMERGENCY_CODE_WRONG.into())
        }
    }
}

/// The session's cookie, and who is signed in.
type Opened = (AppendHeaders<[Header; 1]>, Json<Me>);

/// Whom the code signs in and its number, or why it does not.
async fn admitted(
    app: &App,
    account: Option<&Account>,
    code: TokenHash,
) -> Result<Result<(Account, u32), Code>, Refusal> {
    let Some(organisation) = app.store.first_organisation().await? else {
        return Ok(Err(WRONG));
    };
    let number = app.store.unused_emergency_code(organisation.id, code);
    let number = number.await?;
    let (Some(account), Some(number)) = (account, number) else {
        return Ok(Err(WRONG));
    };
    let permitted = policies_of(app, account).await?;
    Ok(
        match emergency::sign_in_by_code(account.state, &permitted) {
            Decision::Allow => Ok((account.clone(), number)),
            Decision::Deny(reason) => Err(Code::new(reason.code())),
        },
    )
}

/// `None` where the code was used, or the account lost, at the same moment.
async fn open(
    app: &App,
    occasion: &Occasion,
    account: Account,
    code: TokenHash,
    number: u32,
) -> Result<Option<Opened>, Refusal> {
    let assurance = Assurance::EmergencyCode;
    let opening = Opening::new(account.id, occasion)?;
    let limits = policies::session_limits(&policies_of(app, &account).await?);
    let left = limits
        .left(opening.times(), occasion.now)
        .min(SESSION_LASTS);
    let Opening { session, cookie } = opening;
    let session = NewSession {
        assurance,
        expires_at: occasion.now.plus(SESSION_LASTS),
        ..session
    };
    let AccountId(id) = account.id;
    let event = Event::EmergencySignIn {
        account: id,
        number: u16::try_from(number).unwrap_or(u16::MAX),
    };
    let actor = recorded::holder(&account, session.id, assurance);
    let entry = occasion.entry(Some(account.organisation), actor, event)?;
    let act = SignIn {
        session,
        shown: None,
        proof: Proof::EmergencyCode(code),
        replaces: None,
        // Nothing was shown of who sits there but the code: the browser is not known by it.
        trusted: None,
    };
    let app = app.clone();
    to_the_end(async move {
        match app.store.write(act, entry).await {
            Ok(()) => {}
            Err(WriteError::Refused(Refused::Conflict | Refused::AccountState)) => return Ok(None),
            Err(error) => return Err(error.into()),
        }
        emergencies::tell_of_code(&app, account.organisation).await;
        let Json(me) = me(&app, account, false, left).await?;
        let me = Json(Me {
            emergency_only: true,
            ..me
        });
        Ok(Some((AppendHeaders([cookie]), me)))
    })
    .await
}

/// What is recorded of a wrong code, and of a right one with an address that no account has.
const WRONG: Code = Code::new("wrong_emergency_code");
