//! `PUT` and `PATCH /scim/v2/Groups/{group}`: what a group is called, and who is in it.

use std::collections::BTreeSet;

use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::Response;
use conclave_audit::{Entry, Event};
use conclave_protocol::AccountId;
use conclave_protocol::scim::group::GroupChange;
use conclave_store::Record;
use conclave_store::action::ChangeDirectoryGroup;
use uuid::Uuid;

use super::Whole;
use crate::app::App;
use crate::http::present::to_the_end;
use crate::http::problem::{Refusal, SCIM_VALUE, SCIM_VERSION};
use crate::http::scim::body::ScimBody;
use crate::http::scim::provisioner::{Provisioner, refused};
use crate::http::scim::resource::is_wanted;
use crate::live_policy;

pub(in crate::http::scim) async fn replace(
    State(app): State<App>,
    by: Provisioner,
    Path(group): Path<String>,
    headers: HeaderMap,
    ScimBody(body): ScimBody,
) -> Result<Response, Refusal> {
    let read = GroupChange::of_resource(&body);
    let said = by.read(&app, about(&group), read).await?;
    if said.name.is_none() {
        return Err(SCIM_VALUE.into());
    }
    change(app, by, &group, &headers, said).await
}

pub(in crate::http::scim) async fn patch(
    State(app): State<App>,
    by: Provisioner,
    Path(group): Path<String>,
    headers: HeaderMap,
    ScimBody(body): ScimBody,
) -> Result<Response, Refusal> {
    let read = GroupChange::of_patch(&body);
    let said = by.read(&app, about(&group), read).await?;
    change(app, by, &group, &headers, said).await
}

async fn change(
    app: App,
    by: Provisioner,
    named: &str,
    headers: &HeaderMap,
    said: GroupChange,
) -> Result<Response, Refusal> {
    // Read first: what is read after it is not older.
    let revision = app.store.policy_state(by.organisation()).await?;
    let whole = Whole::find(&app, &by, named).await?;
    if !is_wanted(headers, &whole.version()) {
        let event = about(named);
        return Err(by.refuse(&app, event, "version", SCIM_VERSION).await);
    }
    let id = whole.group.id;
    let seen = revision.filter(|_| headers.contains_key(header::IF_MATCH));
    let before = whole.members();
    let after = said.members_after(&before);
    // A directory names all whom it put in: whoever was made an admin since, or removed, is in still, and none of its people.
    let held = app.store.in_group(id).await?;
    let act = ChangeDirectoryGroup {
        program: by.id(),
        id,
        seen: seen.map(|state| state.revision),
        name: said.name,
        external_id: said.external_id,
        add: &after - &held,
        remove: &before - &after,
        at: by.occasion.now,
    };
    super::are_few(act.add.len() + act.remove.len())?;
    let entries = entries(&by, &whole, &act)?;
    if let Some(first) = entries.first().cloned() {
        let (writer, organisation) = (app.clone(), by.organisation());
        to_the_end(async move {
            let record = Record::after(move |_| entries);
            if let Err(error) = writer.store.write(act, record).await {
                return Err(refused(&writer, error, first).await);
            }
            live_policy::tell(&writer, organisation).await;
            Ok(())
        })
        .await?;
    }
    super::answer(&app, &by, id, StatusCode::OK).await
}

/// One for each thing that changes.
fn entries(
    by: &Provisioner,
    whole: &Whole,
    act: &ChangeDirectoryGroup,
) -> Result<Vec<Entry>, Refusal> {
    let group = act.id.0;
    let (name, external_id) = (act.name.as_ref(), act.external_id.as_ref());
    let renamed = name.is_some_and(|name| *name != whole.group.name)
        || external_id.is_some_and(|id| *id != whole.group.external_id);
    let members = |members: &BTreeSet<AccountId>, event: fn(Uuid, Uuid) -> Event| {
        let members = members.iter();
        let events = members.map(|account| event(group, account.0));
        events.collect::<Vec<_>>()
    };
    let added = members(&act.add, |group, account| Event::GroupAdd {
        group,
        account,
    });
    let removed = members(&act.remove, |group, account| Event::GroupRemove {
        group,
        account,
    });
    let renamed = renamed.then_some(Event::GroupRename { group });
    let events = renamed.into_iter().chain(added).chain(removed);
    events.map(|event| by.entry(event)).collect()
}

/// What is refused is about the group that the address names.
fn about(named: &str) -> Event {
    let group = named.parse().unwrap_or(Uuid::nil());
    Event::GroupRename { group }
}
