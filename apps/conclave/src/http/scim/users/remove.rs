//! `DELETE /scim/v2/Users/{user}`: removes an account for good.

use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use conclave_audit::Event;

use super::shut_out::shut_out;
use crate::app::App;
use crate::http::problem::{Refusal, SCIM_VERSION};
use crate::http::scim::provisioner::Provisioner;
use crate::http::scim::resource::is_wanted;

pub(in crate::http::scim) async fn handle(
    State(app): State<App>,
    by: Provisioner,
    Path(user): Path<String>,
    headers: HeaderMap,
) -> Result<StatusCode, Refusal> {
    let user = super::find(&app, &by, &user).await?;
    if !is_wanted(&headers, &super::version_of(&user)) {
        let account = user.account.0;
        let event = Event::UserRemove { account };
        return Err(by.refuse(&app, event, "version", SCIM_VERSION).await);
    }
    shut_out(&app, &by, user.account, true).await?;
    Ok(StatusCode::NO_CONTENT)
}
