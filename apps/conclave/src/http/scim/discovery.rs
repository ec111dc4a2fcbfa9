//! What this server serves of SCIM, in SCIM's own words (RFC 7644, 4).

use axum::extract::State;
use conclave_policy::directory::MOST_USERS_LISTED;
use conclave_protocol::scim::answer::{self, List};
use serde_json::Value;

use super::BASE;
use super::provisioner::Provisioner;
use super::resource::Scim;
use crate::app::App;

pub(super) async fn config(State(app): State<App>, _: Provisioner) -> Scim<Value> {
    Scim(answer::service_provider_config(
        &base(&app),
        MOST_USERS_LISTED,
    ))
}

pub(super) async fn resource_types(State(app): State<App>, _: Provisioner) -> Scim<List<Value>> {
    Scim(whole(answer::resource_types(&base(&app))))
}

pub(super) async fn schemas(State(app): State<App>, _: Provisioner) -> Scim<List<Value>> {
    Scim(whole(answer::schemas(&base(&app))))
}

fn whole(all: Vec<Value>) -> List<Value> {
    let total = u32::try_from(all.len()).unwrap_or(u32::MAX);
    List::page(total, 1, all)
}

pub(super) fn base(app: &App) -> String {
    format!("{}{BASE}", app.origin)
}
