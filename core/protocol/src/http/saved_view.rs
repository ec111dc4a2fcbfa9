//! Bodies of saved views: a filter that somebody keeps under a name, for themselves or for their organisation.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::meeting_session::{ClientKind, SessionOutcome};
use crate::personal::{DisplayName, Label};
use crate::report::ReportKind;
use crate::{AccountGroupId, AccountId, SavedViewId, Timestamp};

/// The longest span of days.
pub const MOST_DAYS: u16 = 366;
/// The longest name of an event.
const MOST_EVENT: usize = 64;

/// Which page it is of, and what is looked for there. What is absent does not narrow.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum SavedFilter {
    /// Meetings that go on or took place.
    Sessions {
        span: ViewSpan,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        host: Option<AccountId>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        group: Option<AccountGroupId>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        device: Option<ClientKind>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        outcome: Option<SessionOutcome>,
    },
    Report {
        report: ReportKind,
        span: ViewSpan,
    },
    /// Entries of the audit log.
    Audit {
        span: ViewSpan,
        /// By its whole name, as `meeting.admit`.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        event: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        actor: Option<Uuid>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        object: Option<Uuid>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        outcome: Option<LoggedOutcome>,
    },
}

/// Of which time: the last so many days, as they are when it is opened; or from an instant on and before another.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ViewSpan {
    /// 1 to 366, and then neither `from` nor `to`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_days: Option<u16>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Timestamp>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<Timestamp>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum LoggedOutcome {
    Done,
    Failed,
    Refused,
}

/// A filter that can't be one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unfiltering;

/// `POST /api/v1/admin/views`.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SaveView {
    /// Somebody's own word for it.
    pub name: Label,
    /// Everybody in the organisation who may read what it shows can open it.
    pub is_shared: bool,
    pub filter: SavedFilter,
}

/// `PUT /api/v1/admin/views/{view}`.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangeView {
    pub name: Label,
    pub is_shared: bool,
}

/// Answers `GET /api/v1/admin/views`.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
pub struct SavedViewList {
    /// Those of whoever asks, and those that others share, by name.
    pub views: Vec<SavedView>,
}

#[derive(Clone, Serialize, Deserialize, ToSchema)]
pub struct SavedView {
    pub id: SavedViewId,
    pub name: Label,
    pub is_shared: bool,
    /// Of whoever asks.
    pub is_own: bool,
    /// Whoever asks may take it away.
    pub may_remove: bool,
    /// Who saved it.
    pub by_name: DisplayName,
    pub filter: SavedFilter,
}

impl SavedFilter {
    /// Whether it can be one at all; whether what it names is there is the server's to say.
    pub fn check(&self) -> Result<(), Unfiltering> {
        let (span, event) = match self {
            Self::Sessions { span, .. } | Self::Report { span, .. } => (span, None),
            Self::Audit { span, event, .. } => (span, event.as_deref()),
        };
        match span.fits() && event.is_none_or(is_event) {
            true => Ok(()),
            false => Err(Unfiltering),
        }
    }
}

impl ViewSpan {
    fn fits(&self) -> bool {
        let between = self.from.zip(self.to);
        match self.last_days {
            Some(days) => {
                (1..=MOST_DAYS).contains(&days) && self.from.is_none() && self.to.is_none()
            }
            None => between.is_none_or(|(from, to)| from < to),
        }
    }
}

fn is_event(name: &str) -> bool {
    let fits = |byte: u8| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_' | b'.');
    (1..=MOST_EVENT).contains(&name.len()) && name.bytes().all(fits)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Option<SavedFilter> {
        let filter: SavedFilter = serde_json::from_str(text).ok()?;
        filter.check().is_ok().then_some(filter)
    }

    // Shows: REQ-AU-08.
    #[test]
    fn a_filter_is_read_as_it_is_written_and_holds_nothing_else() {
        for text in [
            r#"{"kind":"sessions","span":{"last_days":30},"device":"firefox","outcome":"too_long"}"#,
            r#"{"kind":"report","report":"failed-sign-ins","span":{"last_days":366}}"#,
            r#"{"kind":"audit","span":{},"event":"meeting.admit","outcome":"refused"}"#,
        ] {
            let filter = read(text).unwrap();
            assert_eq!(serde_json::to_string(&filter).unwrap(), text);
        }
        for wrong in [
            r#"{"kind":"report","report":"parking","span":{}}"#,
            r#"{"kind":"report","report":"usage","span":{"last_days":0}}"#,
            r#"{"kind":"report","report":"usage","span":{"last_days":367}}"#,
            r#"{"kind":"report","report":"usage","span":{"last_days":3,"to":"2026-11-26T00:00:00Z"}}"#,
            r#"{"kind":"audit","span":{"from":"2026-11-26T00:00:00Z","to":"2026-11-26T00:00:00Z"}}"#,
            r#"{"kind":"audit","span":{},"event":"Who was it?"}"#,
            r#"{"kind":"audit","span":{},"host":"00000000-0000-7000-8000-000000000000"}"#,
            r#"{"kind":"diary","span":{}}"#,
        ] {
            assert!(read(wrong).is_none(), "{wrong}");
        }
    }
}
