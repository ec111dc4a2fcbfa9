//! Views that people save: what is looked for on the pages of sessions, reports and the audit log.
//!
//! Opening one gives its filter; what is then looked at is asked for, and on record, as any such look is.

pub(super) mod change;
pub(super) mod list;
pub(super) mod open;
pub(super) mod remove;
pub(super) mod save;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use conclave_policy::saved_view;
use conclave_protocol::SavedViewId;
use conclave_protocol::saved_view::{self as wire, SavedFilter};
use conclave_store::read::saved_view::SavedView;
use conclave_store::{Refused, WriteError};

use super::present::{named, not_written_as};
use super::problem::{Refusal, SAVED_VIEW_NOT_FOUND};
use super::signed_in::SignedIn;
use crate::app::App;

/// The view that the address names.
pub(crate) struct NamedView(SavedViewId);

impl FromRequestParts<App> for NamedView {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, _app: &App) -> Result<Self, Refusal> {
        let id = named(parts, "view").await;
        id.map(Self).ok_or(SAVED_VIEW_NOT_FOUND.into())
    }
}

/// Whether all that the filter names is there. What is only in the log stays there for good.
async fn is_whole(app: &App, signed_in: &SignedIn, filter: &SavedFilter) -> Result<bool, Refusal> {
    let SavedFilter::Sessions { host, group, .. } = filter else {
        return Ok(true);
    };
    let organisation = signed_in.account.organisation;
    if let Some(host) = host {
        let found = app.store.account(*host).await?;
        if found.is_none_or(|found| found.organisation != organisation) {
            return Ok(false);
        }
    }
    let Some(group) = group else {
        return Ok(true);
    };
    let groups = app.store.account_groups(organisation).await?;
    Ok(groups.iter().any(|found| found.id == *group))
}

fn shown(view: SavedView, signed_in: &SignedIn) -> wire::SavedView {
    let account = &signed_in.account;
    let kept = view.kept();
    wire::SavedView {
        id: view.id,
        name: view.name,
        is_shared: view.shared,
        is_own: view.account == account.id,
        may_remove: saved_view::may_remove(kept, account.id, account.role).is_allowed(),
        by_name: view.by_name,
        filter: view.filter,
    }
}

/// A view that is not there is told as one.
async fn not_kept(app: &App, error: WriteError, entry: conclave_audit::Entry) -> Refusal {
    let names = [(Refused::NotFound, SAVED_VIEW_NOT_FOUND)];
    not_written_as(app, error, entry, &names).await
}
