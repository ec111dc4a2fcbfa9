//! Groups of accounts, for policies: who may see them, and what happens when one changes.

pub(super) mod add;
pub(super) mod create;
pub(super) mod delete;
pub(super) mod list;
pub(super) mod read;
pub(super) mod remove;
pub(super) mod rename;

use conclave_audit::{Code, Entry, Event};
use conclave_policy::capability::AccountAction;
use conclave_protocol::AccountGroupId;
use conclave_protocol::policy::{Group, GroupMember};
use conclave_store::action::{Action, Revision};
use conclave_store::read::account_group::{AccountGroup, Member};
use conclave_store::{Refused, WriteError};

use super::occasion::Occasion;
use super::present::{not_written, to_the_end};
use super::problem::{GROUP_NOT_FOUND, Refusal};
use super::signed_in::SignedIn;
use crate::app::App;
use crate::live_policy;

/// Does what an owner or admin does to a group. What it changes for people in meetings holds when this returns.
async fn change<A: Action<Done = Revision>>(
    app: App,
    signed_in: SignedIn,
    occasion: Occasion,
    event: Event,
    act: A,
) -> Result<(), Refusal> {
    let action = AccountAction::ChangePolicy;
    signed_in.may(&app, action, &occasion, &event).await?;
    signed_in.stepped_up(&app, &occasion, &event).await?;
    let organisation = signed_in.account.organisation;
    let entry: Entry = occasion.entry(Some(organisation), signed_in.actor(), event)?;
    to_the_end(async move {
        match app.store.write(act, entry.clone()).await {
            Err(WriteError::Refused(refused @ Refused::NotFound)) => {
                app.record(entry.refused(Code::new(refused.code()))).await;
                Err(GROUP_NOT_FOUND.into())
            }
            Err(error) => Err(not_written(&app, error, entry).await),
            Ok(Revision(_)) => {
                live_policy::tell(&app, organisation).await;
                Ok(())
            }
        }
    })
    .await
}

/// One group of the caller's organisation.
async fn find(app: &App, signed_in: &SignedIn, group: AccountGroupId) -> Result<Group, Refusal> {
    let groups = app.store.account_groups(signed_in.account.organisation);
    let mut groups = groups.await?.into_iter();
    let found = groups.find(|found| found.id == group);
    found.map(shown).ok_or(GROUP_NOT_FOUND.into())
}

pub(super) fn shown(group: AccountGroup) -> Group {
    Group {
        id: group.id,
        name: group.name,
        members: group.members,
        by_directory: group.by_directory,
    }
}

fn member(member: Member) -> GroupMember {
    GroupMember {
        account: member.account,
        display_name: member.display_name,
    }
}
