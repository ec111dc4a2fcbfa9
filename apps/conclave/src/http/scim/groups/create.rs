//! `POST /scim/v2/Groups`: makes a group that is the directory's.

use std::collections::BTreeSet;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use conclave_audit::Event;
use conclave_protocol::AccountGroupId;
use conclave_protocol::scim::group::GroupChange;
use conclave_store::Record;
use conclave_store::action::MakeDirectoryGroup;

use crate::app::App;
use crate::http::present::to_the_end;
use crate::http::problem::{Refusal, SCIM_VALUE};
use crate::http::scim::body::ScimBody;
use crate::http::scim::provisioner::{Provisioner, refused};
use crate::{id, live_policy};

pub(in crate::http::scim) async fn handle(
    State(app): State<App>,
    by: Provisioner,
    ScimBody(body): ScimBody,
) -> Result<Response, Refusal> {
    let id = AccountGroupId(id::fresh(by.occasion.now)?);
    let event = Event::GroupCreate { group: id.0 };
    let read = GroupChange::of_resource(&body);
    let said = by.read(&app, event.clone(), read).await?;
    let members = said.members_after(&BTreeSet::new());
    super::are_few(members.len())?;
    let made = by.entry(event)?;
    let mut entries = vec![made.clone()];
    for member in &members {
        entries.push(by.entry(Event::GroupAdd {
            group: id.0,
            account: member.0,
        })?);
    }
    let act = MakeDirectoryGroup {
        program: by.id(),
        id,
        name: said.name.ok_or(SCIM_VALUE)?,
        external_id: said.external_id.flatten(),
        members,
        at: by.occasion.now,
    };
    let (writer, organisation) = (app.clone(), by.organisation());
    to_the_end(async move {
        let record = Record::after(move |_| entries);
        if let Err(error) = writer.store.write(act, record).await {
            return Err(refused(&writer, error, made).await);
        }
        live_policy::tell(&writer, organisation).await;
        Ok(())
    })
    .await?;
    super::answer(&app, &by, id, StatusCode::CREATED).await
}
