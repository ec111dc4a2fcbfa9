//! `GET /scim/v2/Groups/{group}`: one group.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;

use super::Whole;
use crate::app::App;
use crate::http::problem::Refusal;
use crate::http::scim::page::Page;
use crate::http::scim::provisioner::Provisioner;
use crate::http::scim::resource;

pub(in crate::http::scim) async fn handle(
    State(app): State<App>,
    by: Provisioner,
    Path(group): Path<String>,
    page: Page,
) -> Result<Response, Refusal> {
    let mut shown = Whole::find(&app, &by, &group).await?.shown(&app);
    shown.members = shown.members.filter(|_| !page.without_members);
    Ok(resource::answer(StatusCode::OK, &shown.meta, &shown))
}
