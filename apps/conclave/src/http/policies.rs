//! What an organisation, its groups and its accounts permit: read, changed, explained.

pub(super) mod account;
pub(super) mod enter_profile;
pub(super) mod explain;
pub(super) mod group;
pub(super) mod leave_profile;
pub(super) mod organisation;
pub(super) mod preview;

use axum::Json;
use conclave_audit::{Code, Decision, Entry, Event, Ruling};
use conclave_policy::capability::AccountAction;
use conclave_policy::rules::strictness::loosened;
use conclave_policy::rules::{Layers, Subject, profile};
use conclave_protocol::policy::{ChangePolicy, Layer, Policy, Profile, Setting};
use conclave_protocol::{AccountGroupId, AccountId, OrganisationId};
use conclave_store::action::{Action, Revision, SetPolicy};
use conclave_store::read::policy::PolicyState;
use conclave_store::{Record, Refused, WriteError};

use super::occasion::Occasion;
use super::present::{decide, not_written, to_the_end};
use super::problem::{CHANGED_MEANWHILE, INTERNAL, POLICY_SUBJECT_NOT_FOUND, Refusal};
use super::signed_in::SignedIn;
use crate::app::App;
use crate::live_policy;

/// One layer, with what it stands on.
struct Standing {
    state: PolicyState,
    /// The organisation's words, and this layer's where it is another.
    layers: Layers,
}

impl Standing {
    /// Refused for a group or an account that the organisation does not have.
    async fn read(
        app: &App,
        organisation: OrganisationId,
        subject: Subject,
    ) -> Result<Self, Refusal> {
        let state = app.store.policy_state(organisation).await?;
        let layers = match subject {
            Subject::Organisation => app.store.layers(organisation, None).await?,
            Subject::Account(account) => {
                let found = app.store.account(account).await?;
                found
                    .filter(|found| found.organisation == organisation)
                    .ok_or(POLICY_SUBJECT_NOT_FOUND)?;
                app.store.layers(organisation, Some(account)).await?
            }
            Subject::Group(group) => of_group(app, organisation, group).await?,
        };
        let state = state.ok_or(INTERNAL)?;
        Ok(Self { state, layers })
    }

    fn own(&self, subject: Subject) -> Layer {
        match subject {
            Subject::Organisation => self.layers.organisation.clone(),
            Subject::Account(_) => self.layers.account.clone(),
            Subject::Group(group) => self.layers.groups.get(&group).cloned().unwrap_or_default(),
        }
    }

    /// Of what these words permit more than the layer's own, also later and to somebody else: a lock that is taken off.
    fn loosened(&self, app: &App, subject: Subject, words: &Layer) -> Vec<Setting> {
        let own = self.own(subject);
        let before = app.policies.resolve(&self.layers);
        let mut layers = self.layers.clone();
        match subject {
            Subject::Organisation => layers.organisation = words.clone(),
            Subject::Account(_) => layers.account = words.clone(),
            Subject::Group(group) => drop(layers.groups.insert(group, words.clone())),
        }
        let more = loosened(&before, &app.policies.resolve(&layers));
        let is_locked = |layer: &Layer, setting| layer.word(setting).is_some_and(|w| w.locked);
        let unlocked = |setting| is_locked(&own, setting) && !is_locked(words, setting);
        let all = Setting::ALL.into_iter();
        all.filter(|setting| more.contains(setting) || unlocked(*setting))
            .collect()
    }

    fn shown(self, app: &App, subject: Subject) -> Policy {
        Policy {
            revision: self.state.revision,
            settings: self.own(subject),
            permitted: app.policies.resolve(&self.layers),
            floor: app.policies.floor.most,
            profile: Profile {
                since: self.state.profile_since,
                leave_asked_by: self.state.leave_by,
                leave_until: self.state.leave_at.map(|at| at.plus(profile::LEAVE_WITHIN)),
                drift: match self.state.profile_since {
                    Some(_) => profile::drift(&self.layers.organisation),
                    None => Vec::new(),
                },
                settings: profile::layer(),
            },
        }
    }
}

async fn of_group(
    app: &App,
    organisation: OrganisationId,
    group: AccountGroupId,
) -> Result<Layers, Refusal> {
    let groups = app.store.account_groups(organisation).await?;
    if !groups.iter().any(|found| found.id == group) {
        return Err(POLICY_SUBJECT_NOT_FOUND.into());
    }
    let mut layers = Layers::default();
    for row in app.store.all_layers(organisation).await? {
        match row.subject() {
            Subject::Organisation => layers.organisation = row.settings,
            found if found == Subject::Group(group) => {
                layers.groups.insert(group, row.settings);
            }
            Subject::Group(_) | Subject::Account(_) => {}
        }
    }
    Ok(layers)
}

/// Answers with a layer.
async fn read(
    app: &App,
    signed_in: &SignedIn,
    occasion: &Occasion,
    subject: Subject,
) -> Result<Json<Policy>, Refusal> {
    let action = AccountAction::ReadPolicy;
    let to = Code::new("policy");
    signed_in.may_read(app, action, to, occasion).await?;
    let standing = Standing::read(app, signed_in.account.organisation, subject).await?;
    Ok(Json(standing.shown(app, subject)))
}

/// Replaces a layer's words. What that changes for people in meetings holds when this returns.
async fn change(
    app: App,
    signed_in: SignedIn,
    occasion: Occasion,
    subject: Subject,
    body: ChangePolicy,
) -> Result<Json<Policy>, Refusal> {
    let organisation = signed_in.account.organisation;
    let nothing = Layer::default();
    let unread = changed(organisation, subject, &nothing, &body.settings, Vec::new());
    let action = AccountAction::ChangePolicy;
    signed_in.may(&app, action, &occasion, &unread).await?;
    signed_in.stepped_up(&app, &occasion, &unread).await?;
    let standing = Standing::read(&app, organisation, subject).await?;
    let before = standing.own(subject);
    let loosened = standing.loosened(&app, subject, &body.settings);
    let event = changed(organisation, subject, &before, &body.settings, loosened);
    let entry = occasion.entry(Some(organisation), signed_in.actor(), event)?;
    if standing.state.revision != body.revision {
        let refused = Code::new(Refused::Conflict.code());
        app.record(entry.refused(refused)).await;
        return Err(CHANGED_MEANWHILE.into());
    }
    if subject == Subject::Organisation {
        let is_on = standing.state.profile_since.is_some();
        let decision = profile::change(is_on, &before, &body.settings);
        let held = ruled(entry.clone(), Decision::Deny, standing.state.revision);
        decide(&app, decision, &held).await?;
    }
    let act = SetPolicy {
        organisation,
        subject,
        settings: body.settings,
        seen: body.revision,
    };
    write(app, organisation, subject, act, entry).await
}

/// Writes a change, tells it, and answers with the layer as it is then.
async fn write<A: Action<Done = Revision>>(
    app: App,
    organisation: OrganisationId,
    subject: Subject,
    act: A,
    entry: Entry,
) -> Result<Json<Policy>, Refusal> {
    to_the_end(async move {
        let changes = entry.clone();
        let record = Record::after(move |Revision(revision): &Revision| {
            vec![ruled(changes, Decision::Allow, *revision)]
        });
        match app.store.write(act, record).await {
            Err(WriteError::Refused(refused @ Refused::NotFound)) => {
                app.record(entry.refused(Code::new(refused.code()))).await;
                Err(POLICY_SUBJECT_NOT_FOUND.into())
            }
            Err(error) => Err(not_written(&app, error, entry).await),
            Ok(Revision(_)) => {
                live_policy::tell(&app, organisation).await;
                let standing = Standing::read(&app, organisation, subject).await?;
                Ok(Json(standing.shown(&app, subject)))
            }
        }
    })
    .await
}

/// By the organisation's policy: at the revision that a change made, or that kept it from being made.
fn ruled(mut entry: Entry, decision: Decision, revision: u64) -> Entry {
    entry.policy = Some(Ruling {
        id: Code::new("organisation"),
        decision,
        version: u32::try_from(revision).unwrap_or(u32::MAX),
    });
    entry
}

/// The names of what is different; values say nothing that the log of the layers does not.
fn changed(
    OrganisationId(organisation): OrganisationId,
    subject: Subject,
    before: &Layer,
    after: &Layer,
    loosened: Vec<Setting>,
) -> Event {
    let codes = |settings: Vec<Setting>| {
        let codes = settings.into_iter().map(Setting::code);
        codes.map(Code::new).collect()
    };
    Event::PolicyChange {
        layer: Code::new(subject.code()),
        subject: match subject {
            Subject::Organisation => organisation,
            Subject::Group(AccountGroupId(id)) | Subject::Account(AccountId(id)) => id,
        },
        settings: codes(before.differences(after)),
        loosened: codes(loosened),
    }
}
