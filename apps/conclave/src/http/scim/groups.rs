//! Groups of accounts that the organisation's directory made; it sees no others.

pub(super) mod change;
pub(super) mod create;
pub(super) mod list;
pub(super) mod read;
pub(super) mod remove;

use std::collections::BTreeSet;

use axum::http::StatusCode;
use axum::response::Response;
use conclave_policy::directory::MOST_MEMBERS_CHANGED;
use conclave_protocol::scim::GROUP;
use conclave_protocol::scim::answer::{Group, Member, Meta};
use conclave_protocol::{AccountGroupId, AccountId};
use conclave_store::ReadError;
use conclave_store::read::directory::{DirectoryGroup, DirectoryMember};

use super::discovery::base;
use super::provisioner::Provisioner;
use super::resource::{self, version};
use crate::app::App;
use crate::http::problem::{Refusal, TOO_MANY_MEMBERS};

/// A group with who is in it.
struct Whole {
    group: DirectoryGroup,
    members: Vec<DirectoryMember>,
}

impl Whole {
    async fn of(app: &App, group: DirectoryGroup) -> Result<Self, ReadError> {
        let members = app.store.directory_members(group.id).await?;
        Ok(Self { group, members })
    }

    /// A group that the directory did not make is as one that does not exist. A refusal is recorded.
    async fn find(app: &App, by: &Provisioner, named: &str) -> Result<Self, Refusal> {
        let id = named.parse::<AccountGroupId>().ok();
        let groups = app.store.directory_groups(by.organisation()).await?;
        let found = groups.into_iter().find(|group| Some(group.id) == id);
        match found {
            Some(group) => Ok(Self::of(app, group).await?),
            None => Err(by.nowhere(app).await),
        }
    }

    fn members(&self) -> BTreeSet<AccountId> {
        self.members.iter().map(|member| member.account).collect()
    }

    /// Of all that a directory sees of it.
    fn version(&self) -> String {
        let external_id = self.group.external_id.as_ref().map(|id| id.as_str());
        let words = [
            self.group.name.as_str().as_bytes(),
            external_id.unwrap_or_default().as_bytes(),
        ];
        let members = self.members.iter();
        let members = members.map(|member| member.account.0.as_bytes().as_slice());
        version(words.into_iter().chain(members))
    }

    fn shown(self, app: &App) -> Group {
        let meta = Meta {
            resource_type: "Group",
            created: self.group.created_at,
            last_modified: self.group.changed_at,
            location: format!("{}/Groups/{}", base(app), self.group.id),
            version: self.version(),
        };
        let members = self.members.into_iter().map(|member| Member {
            value: member.account,
            display: member.display_name,
            kind: "User",
        });
        Group {
            schemas: [GROUP],
            id: self.group.id,
            external_id: self.group.external_id,
            display_name: self.group.name,
            members: Some(members.collect()),
            meta,
        }
    }
}

/// The group as it is by now.
async fn answer(
    app: &App,
    by: &Provisioner,
    group: AccountGroupId,
    status: StatusCode,
) -> Result<Response, Refusal> {
    let whole = Whole::find(app, by, &group.to_string()).await?;
    let shown = whole.shown(app);
    Ok(resource::answer(status, &shown.meta, &shown))
}

/// Each member who comes or goes is an entry of the audit log.
fn are_few(changed: usize) -> Result<(), Refusal> {
    match changed <= MOST_MEMBERS_CHANGED {
        true => Ok(()),
        false => Err(TOO_MANY_MEMBERS.into()),
    }
}
