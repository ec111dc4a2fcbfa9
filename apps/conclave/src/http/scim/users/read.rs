//! `GET /scim/v2/Users/{user}`: one user.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;

use crate::app::App;
use crate::http::problem::Refusal;
use crate::http::scim::provisioner::Provisioner;
use crate::http::scim::resource;

pub(in crate::http::scim) async fn handle(
    State(app): State<App>,
    by: Provisioner,
    Path(user): Path<String>,
) -> Result<Response, Refusal> {
    let user = super::find(&app, &by, &user).await?;
    let shown = super::shown(&app, user);
    Ok(resource::answer(StatusCode::OK, &shown.meta, &shown))
}
