//! `DELETE /scim/v2/Groups/{group}`: deletes a group, with what its policy says; its people stay.

use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use conclave_audit::Event;
use conclave_store::action::DeleteDirectoryGroup;

use super::Whole;
use crate::app::App;
use crate::http::present::to_the_end;
use crate::http::problem::{Refusal, SCIM_VERSION};
use crate::http::scim::provisioner::{Provisioner, refused};
use crate::http::scim::resource::is_wanted;
use crate::live_policy;

pub(in crate::http::scim) async fn handle(
    State(app): State<App>,
    by: Provisioner,
    Path(group): Path<String>,
    headers: HeaderMap,
) -> Result<StatusCode, Refusal> {
    let whole = Whole::find(&app, &by, &group).await?;
    let id = whole.group.id;
    let event = Event::GroupDelete { group: id.0 };
    if !is_wanted(&headers, &whole.version()) {
        return Err(by.refuse(&app, event, "version", SCIM_VERSION).await);
    }
    let entry = by.entry(event)?;
    let act = DeleteDirectoryGroup {
        program: by.id(),
        id,
        at: by.occasion.now,
    };
    let organisation = by.organisation();
    to_the_end(async move {
        if let Err(error) = app.store.write(act, entry.clone()).await {
            return Err(refused(&app, error, entry).await);
        }
        live_policy::tell(&app, organisation).await;
        Ok(())
    })
    .await?;
    Ok(StatusCode::NO_CONTENT)
}
