//! `POST /scim/v2/Users`: brings somebody, whose account then waits for approval.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use conclave_audit::Event;
use conclave_protocol::AccountId;
use conclave_protocol::personal::{DisplayName, EmailAddress};
use conclave_protocol::scim::user::UserChange;
use conclave_store::action::{ProvisionUser, UserWords};

use crate::app::App;
use crate::http::problem::{Refusal, SCIM_VALUE};
use crate::http::scim::body::ScimBody;
use crate::http::scim::provisioner::{Provisioner, refused};
use crate::id;

pub(in crate::http::scim) async fn handle(
    State(app): State<App>,
    by: Provisioner,
    ScimBody(body): ScimBody,
) -> Result<Response, Refusal> {
    let nobody = Event::UserProvision { account: None };
    let read = UserChange::of_resource(&body);
    let said = by.read(&app, nobody.clone(), read).await?;
    let email = said.user_name.ok_or(SCIM_VALUE)?;
    let account = AccountId(id::fresh(by.occasion.now)?);
    let act = ProvisionUser {
        program: by.id(),
        account,
        words: UserWords {
            display_name: said.display_name.map_or_else(|| named_by(&email), Ok)?,
            email,
            external_id: said.external_id.flatten(),
        },
        active: said.active.unwrap_or(true),
        at: by.occasion.now,
    };
    let event = Event::UserProvision {
        account: Some(account.0),
    };
    if let Err(error) = app.store.write(act, by.entry(event)?).await {
        return Err(refused(&app, error, by.entry(nobody)?).await);
    }
    super::answer(&app, &by, account, StatusCode::CREATED).await
}

/// Of whom no name is said, what stands before the address's @.
fn named_by(email: &EmailAddress) -> Result<DisplayName, Refusal> {
    let (local, _) = email.as_str().split_once('@').unwrap_or_default();
    DisplayName::parse(local).map_err(|_| SCIM_VALUE.into())
}
