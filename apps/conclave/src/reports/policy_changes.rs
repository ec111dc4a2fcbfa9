//! What was changed, or tried to be, of who may what: policies, groups, roles, programs.

use std::collections::BTreeMap;

use conclave_audit::{Actor, Code, Entry, Event, Object, ObjectKind, Outcome};
use conclave_protocol::personal::DisplayName;
use conclave_protocol::report::{Cell, Unit};
use conclave_protocol::{AccountGroupId, AccountId};
use conclave_store::read::review::MOST_ROWS;
use conclave_store::{LogSearch, ReadError, Store};

use super::days::Days;
use super::failed_sign_ins::at;
use super::{Content, Scope, columns, figure, instant, text, word};

/// What ids in entries are called.
struct Names {
    accounts: BTreeMap<AccountId, DisplayName>,
    groups: BTreeMap<AccountGroupId, String>,
}

pub(super) async fn of(store: &Store, scope: &Scope) -> Result<Content, ReadError> {
    let groups = store.account_groups(scope.organisation).await?.into_iter();
    let groups = groups.map(|group| (group.id, group.name.as_str().to_owned()));
    let names = Names {
        accounts: scope.names(store).await?,
        groups: groups.collect(),
    };
    let found = store.logged(LogSearch {
        log: Some(scope.organisation),
        from: scope.from,
        to: scope.to,
        words: &WORDS,
        most: MOST_ROWS as usize,
    });
    let found = found.await?;
    let mut days = Days::of(scope);
    let mut refused = 0;
    for entry in &found.entries {
        match entry.outcome {
            Outcome::Done => days.add(at(entry), 1),
            Outcome::Failed | Outcome::Refused => refused += 1,
        }
    }
    let all = u64::try_from(found.entries.len()).unwrap_or(u64::MAX);
    Ok(Content {
        figures: vec![
            figure("changes", Unit::Count, all - refused),
            figure("refused", Unit::Count, refused),
        ],
        charts: vec![days.chart("changes", Unit::Count)],
        columns: columns(&[
            ("at", Unit::Time),
            ("by", Unit::Text),
            ("event", Unit::Word),
            ("subject", Unit::Text),
            ("settings", Unit::Text),
            ("outcome", Unit::Word),
        ]),
        is_cut: found.is_cut,
        rows: found
            .entries
            .iter()
            .rev()
            .map(|entry| names.row(entry))
            .collect(),
    })
}

impl Names {
    fn row(&self, entry: &Entry) -> Vec<Option<Cell>> {
        vec![
            instant(Some(at(entry))),
            self.actor(&entry.actor),
            text(entry.event.name()),
            entry.event.object().and_then(|object| self.subject(object)),
            text(settings(&entry.event)),
            word(&entry.outcome),
        ]
    }

    fn actor(&self, actor: &Actor) -> Option<Cell> {
        match actor {
            Actor::Account { id, .. } => self.account(AccountId(*id)),
            Actor::Program { .. } => text("a program"),
            Actor::System => text("the server"),
            Actor::Operator => text("the operator"),
            Actor::Anonymous | Actor::Participant { .. } | Actor::ApiKey { .. } => None,
        }
    }

    fn subject(&self, Object { kind, id }: Object) -> Option<Cell> {
        match kind {
            ObjectKind::Account => self.account(AccountId(id)),
            ObjectKind::Group => {
                let name = self.groups.get(&AccountGroupId(id));
                text(name.map_or("a group that is deleted", String::as_str))
            }
            ObjectKind::Organisation => text("the organisation"),
            _ => text(id.to_string()),
        }
    }

    fn account(&self, id: AccountId) -> Option<Cell> {
        let name = self.accounts.get(&id);
        name.and_then(|name| text(name.as_str()))
    }
}

fn settings(event: &Event) -> String {
    let codes: Vec<&Code> = match event {
        Event::PolicyChange { settings, .. } => settings.iter().collect(),
        Event::ProgramMake { scopes, .. } => scopes.iter().collect(),
        Event::UserChangeRole { role, .. } => vec![role],
        _ => Vec::new(),
    };
    let codes: Vec<_> = codes.into_iter().map(Code::as_str).collect();
    codes.join(", ")
}

/// As canonical entries begin them.
const WORDS: [&str; 4] = [
    "\"event\":\"policy.",
    "\"event\":\"group.",
    "\"event\":\"program.",
    "\"event\":\"user.change_role\"",
];
