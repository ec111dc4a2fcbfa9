//! `GET /api/v1/admin/people/{account}/timeline`: what somebody did, and what was done to their account.

use std::collections::BTreeMap;
use std::time::Duration;

use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use conclave_audit::{Actor, Entry, Event, ObjectKind, Outcome};
use conclave_policy::capability::AccountAction;
use conclave_protocol::personal::DisplayName;
use conclave_protocol::problem::Problem;
use conclave_protocol::timeline::{Deed, DeedObject, PersonTimeline};
use conclave_protocol::{AccountId, Timestamp};
use conclave_store::LookBack;
use uuid::Uuid;

use super::leaving;
use crate::app::App;
use crate::http::meeting_sessions::seen;
use crate::http::occasion::Occasion;
use crate::http::present::NamedAccount;
use crate::http::problem::{
    ACCOUNT_NOT_FOUND, MALFORMED_REQUEST, REPORT_SPAN_INVALID, Refusal, TOO_MANY_REQUESTS,
};
use crate::http::signed_in::SignedIn;

/// Of which time.
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Asked {
    from: Option<Timestamp>,
    to: Option<Timestamp>,
    before: Option<Uuid>,
}

/// Of the organisation's log, newest first: from an instant on and before another, the last 7 days where neither is named, 31
/// at the most. `before` is what an answer before gave as `next`. In meetings as well, as far as they were signed in. For owners, admins and auditors, with a second factor.
/// Each look is on record.
#[utoipa::path(
    get,
    operation_id = "readPersonTimeline",
    path = "/admin/people/{account}/timeline",
    tag = "administration",
    params(
        ("account" = String, Path, format = Uuid),
        ("from" = Option<Timestamp>, Query),
        ("to" = Option<Timestamp>, Query),
        ("before" = Option<String>, Query, format = Uuid)
    ),
    responses(
        (status = 200, body = PersonTimeline),
        (status = 400, body = Problem),
        (status = 401, body = Problem),
        (status = 403, body = Problem),
        (status = 404, body = Problem),
        (status = 422, body = Problem),
        (status = 429, body = Problem)
    )
)]
pub(crate) async fn handle(
    State(app): State<App>,
    signed_in: SignedIn,
    occasion: Occasion,
    NamedAccount(id): NamedAccount,
    asked: Result<Query<Asked>, QueryRejection>,
) -> Result<Json<PersonTimeline>, Refusal> {
    let event = Event::AuditReadTimeline { account: id.0 };
    let action = AccountAction::ReadAudit;
    signed_in.may(&app, action, &occasion, &event).await?;
    if !app.pace.admits(occasion.source.address) {
        return Err(TOO_MANY_REQUESTS.into());
    }
    let Query(asked) = asked.map_err(|_| MALFORMED_REQUEST)?;
    let (from, to) = span(&asked, occasion.now).ok_or(REPORT_SPAN_INVALID)?;
    let organisation = signed_in.account.organisation;
    let account = app.store.account(id).await?;
    let account = account.filter(|account| account.organisation == organisation);
    let account = account.ok_or(ACCOUNT_NOT_FOUND)?;
    let people = app.store.people_of(organisation).await?.into_iter();
    let names: Names = people.map(|one| (one.account, one.display_name)).collect();
    let word = id.0.to_string();
    let look = LookBack {
        log: organisation,
        from,
        to,
        before: asked.before,
        word: &word,
        wanted: &|entry| is_told(entry, id),
        most: MOST_DEEDS,
    };
    let looked = app.store.looked_back(look).await?;
    let entries = &looked.entries;
    let leaving = leaving::of(&app.store, organisation, entries, id, &names).await?;
    seen(&app, &signed_in, &occasion, event).await?;
    let deeds = looked.entries.iter();
    Ok(Json(PersonTimeline {
        account: id,
        display_name: account.display_name,
        from,
        to,
        deeds: deeds.map(|entry| deed(entry, id, &names)).collect(),
        is_cut: looked.next.is_some(),
        next: looked.next,
        leaving,
    }))
}

fn span(asked: &Asked, now: Timestamp) -> Option<(Timestamp, Timestamp)> {
    // What happened at this very moment is told as well.
    let to = asked.to.unwrap_or(now.plus(A_MOMENT));
    let from = asked.from.unwrap_or(to.minus(DEFAULT));
    (from < to && to.since(from) <= LONGEST).then_some((from, to))
}

pub(super) type Names = BTreeMap<AccountId, DisplayName>;

/// Not one that only names them on the way.
fn is_told(entry: &Entry, whose: AccountId) -> bool {
    by(entry) == Some(whose) || is_about(entry, whose) || concerns(&entry.event, whose.0)
}

fn is_about(entry: &Entry, whose: AccountId) -> bool {
    let object = entry.event.object();
    object.is_some_and(|object| object.kind == ObjectKind::Account && object.id == whose.0)
}

fn deed(entry: &Entry, whose: AccountId, names: &Names) -> Deed {
    let by = by(entry);
    let object = entry.event.object();
    let about = object.filter(|_| !is_about(entry, whose));
    Deed {
        at: Timestamp::from_micros(entry.time.as_unix_millis().saturating_mul(1_000)),
        event: entry.event.name().to_owned(),
        outcome: word(entry.outcome).to_owned(),
        reason: entry.reason.as_ref().map(|code| code.as_str().to_owned()),
        is_theirs: by == Some(whose),
        by: by
            .filter(|by| *by != whose)
            .and_then(|by| names.get(&by).cloned()),
        about: about.map(|object| DeedObject {
            kind: kind(object.kind),
            id: object.id,
            display_name: match object.kind {
                ObjectKind::Account => names.get(&AccountId(object.id)).cloned(),
                _ => None,
            },
        }),
    }
}

/// Whose act it was; in a meeting too.
pub(super) fn by(entry: &Entry) -> Option<AccountId> {
    match &entry.actor {
        Actor::Account { id, .. } => Some(AccountId(*id)),
        Actor::Participant { account, .. } => account.map(AccountId),
        Actor::System
        | Actor::Operator
        | Actor::Anonymous
        | Actor::ApiKey { .. }
        | Actor::Program { .. } => None,
    }
}

/// They came into a group or out of it, were trained, or a rule found something about them.
fn concerns(event: &Event, whose: Uuid) -> bool {
    match event {
        Event::GroupAdd { account, .. }
        | Event::GroupRemove { account, .. }
        | Event::TrainingEnter { account, .. } => *account == whose,
        Event::AnomalyFound { subject, .. } => *subject == Some(whose),
        _ => false,
    }
}

fn word(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Done => "done",
        Outcome::Failed => "failed",
        Outcome::Refused => "refused",
    }
}

/// As entries have it.
fn kind(kind: ObjectKind) -> String {
    let value = serde_json::to_value(kind).ok();
    let word = value.as_ref().and_then(serde_json::Value::as_str);
    word.unwrap_or_default().to_owned()
}

/// Entries are dated to it.
pub(super) const A_MOMENT: Duration = Duration::from_millis(1);
const DEFAULT: Duration = Duration::from_secs(7 * 24 * 60 * 60);
const LONGEST: Duration = Duration::from_secs(31 * 24 * 60 * 60);
const MOST_DEEDS: usize = 1_000;

#[cfg(test)]
mod tests {
    use conclave_audit::Code;

    use super::*;
    use crate::recorded;

    const WHOSE: AccountId = AccountId(Uuid::from_u128(1));
    const OTHER: Uuid = Uuid::from_u128(2);
    const MEETING: Uuid = Uuid::from_u128(3);

    fn told(actor: Actor, event: Event) -> Option<(bool, Option<String>)> {
        let now = Timestamp::from_micros(1_795_336_200_000_000);
        let entry = recorded::entry(now, actor, event).unwrap();
        let deed = is_told(&entry, WHOSE).then(|| deed(&entry, WHOSE, &Names::new()))?;
        Some((deed.is_theirs, deed.about.map(|about| about.kind)))
    }

    fn account(id: Uuid) -> Actor {
        Actor::Account {
            id,
            role: Code::new("admin"),
            auth: None,
        }
    }

    // Shows: REQ-AU-07.
    #[test]
    fn a_deed_is_theirs_or_about_them_and_nothing_else() {
        let suspend = |account| Event::UserSuspend { account };
        let lock = Event::MeetingLock { meeting: MEETING };
        let inside = |account| Actor::Participant {
            id: OTHER,
            role: Code::new("host"),
            account,
        };
        let added = Event::GroupAdd {
            group: OTHER,
            account: WHOSE.0,
        };

        let own = told(account(WHOSE.0), suspend(OTHER));
        assert_eq!(own, Some((true, Some("account".to_owned()))));
        let in_meeting = told(inside(Some(WHOSE.0)), lock.clone());
        assert_eq!(in_meeting, Some((true, Some("meeting".to_owned()))));
        let about = told(account(OTHER), suspend(WHOSE.0));
        assert_eq!(about, Some((false, None)));
        let grouped = told(account(OTHER), added);
        assert_eq!(grouped, Some((false, Some("group".to_owned()))));
        assert_eq!(told(inside(None), lock.clone()), None);
        assert_eq!(told(account(OTHER), lock), None);
    }

    #[test]
    fn a_timeline_is_of_a_week_where_nothing_is_said_and_of_a_month_at_the_most() {
        let now = Timestamp::from_micros(1_795_336_200_000_000);
        let asked = |from| Asked {
            from,
            to: None,
            before: None,
        };
        let of = |from| span(&asked(from), now);

        let (from, to) = of(None).unwrap();
        assert_eq!(to.since(from), DEFAULT);
        assert!(of(Some(to.minus(LONGEST))).is_some());
        assert!(of(Some(now.minus(LONGEST))).is_none());
        assert!(of(Some(to)).is_none());
    }
}
