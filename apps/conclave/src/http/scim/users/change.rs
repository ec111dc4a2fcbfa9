//! `PUT` and `PATCH /scim/v2/Users/{user}`: who somebody is, and whether they are active.

use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use conclave_audit::Event;
use conclave_policy::directory::{Becomes, Wish, fulfil, is_active};
use conclave_protocol::scim::user::UserChange;
use conclave_store::action::{ChangeUser, RestoreUser};
use conclave_store::read::directory::DirectoryUser;
use uuid::Uuid;

use super::shut_out::shut_out;
use crate::app::App;
use crate::http::problem::{Refusal, SCIM_NOT_ITS_OWN, SCIM_VALUE, SCIM_VERSION};
use crate::http::scim::body::ScimBody;
use crate::http::scim::provisioner::{Provisioner, refused};
use crate::http::scim::resource::is_wanted;

pub(in crate::http::scim) async fn replace(
    State(app): State<App>,
    by: Provisioner,
    Path(user): Path<String>,
    headers: HeaderMap,
    ScimBody(body): ScimBody,
) -> Result<Response, Refusal> {
    let read = UserChange::of_resource(&body);
    let said = by.read(&app, about(&user), read).await?;
    if said.user_name.is_none() {
        return Err(SCIM_VALUE.into());
    }
    change(app, by, &user, &headers, said).await
}

pub(in crate::http::scim) async fn patch(
    State(app): State<App>,
    by: Provisioner,
    Path(user): Path<String>,
    headers: HeaderMap,
    ScimBody(body): ScimBody,
) -> Result<Response, Refusal> {
    let read = UserChange::of_patch(&body);
    let said = by.read(&app, about(&user), read).await?;
    change(app, by, &user, &headers, said).await
}

/// Taking rights comes first: whatever else is wrong, that is done.
async fn change(
    app: App,
    by: Provisioner,
    named: &str,
    headers: &HeaderMap,
    said: UserChange,
) -> Result<Response, Refusal> {
    let user = super::find(&app, &by, named).await?;
    if !is_wanted(headers, &super::version_of(&user)) {
        let event = about(named);
        return Err(by.refuse(&app, event, "version", SCIM_VERSION).await);
    }
    let account = user.account;
    if said.active == Some(false) && is_active(user.state) {
        shut_out(&app, &by, account, false).await?;
    }
    rename(&app, &by, &user, &said).await?;
    if said.active == Some(true) {
        restore(&app, &by, &user).await?;
    }
    super::answer(&app, &by, account, StatusCode::OK).await
}

async fn rename(
    app: &App,
    by: &Provisioner,
    user: &DirectoryUser,
    said: &UserChange,
) -> Result<(), Refusal> {
    let mut becomes = user.words();
    // Addresses are one in any case: that of a letter moves nobody.
    if let Some(email) = &said.user_name
        && email.normalised() != user.email.normalised()
    {
        becomes.email = email.clone();
    }
    if let Some(name) = &said.display_name {
        becomes.display_name = name.clone();
    }
    if let Some(id) = &said.external_id {
        becomes.external_id = id.clone();
    }
    if becomes == user.words() {
        return Ok(());
    }
    let event = Event::UserProvisionChange {
        account: user.account.0,
    };
    let entry = by.entry(event)?;
    let act = ChangeUser {
        program: by.id(),
        account: user.account,
        seen: user.words(),
        becomes,
        at: by.occasion.now,
    };
    match app.store.write(act, entry.clone()).await {
        Ok(()) => Ok(()),
        Err(error) => Err(refused(app, error, entry).await),
    }
}

/// Whoever is active stays so; somebody else's suspension is not the directory's to lift.
async fn restore(app: &App, by: &Provisioner, user: &DirectoryUser) -> Result<(), Refusal> {
    let event = Event::UserRestore {
        account: user.account.0,
    };
    match fulfil(user.found(), Wish::Restore) {
        Ok(Becomes::Same) => Ok(()),
        Err(reason) => Err(by.refuse(app, event, reason.code(), SCIM_NOT_ITS_OWN).await),
        Ok(Becomes::State(_)) => {
            let entry = by.entry(event)?;
            let act = RestoreUser {
                program: by.id(),
                account: user.account,
                at: by.occasion.now,
            };
            match app.store.write(act, entry.clone()).await {
                Ok(()) => Ok(()),
                Err(error) => Err(refused(app, error, entry).await),
            }
        }
    }
}

/// What is refused is about whom the address names.
fn about(named: &str) -> Event {
    let account = named.parse().unwrap_or(Uuid::nil());
    Event::UserProvisionChange { account }
}
