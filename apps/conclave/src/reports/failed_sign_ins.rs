//! Sign-ins that failed, and those that were refused because too many had.

use std::collections::{BTreeMap, BTreeSet};

use conclave_audit::{Address, Entry, Event};
use conclave_protocol::personal::DisplayName;
use conclave_protocol::report::{Cell, Unit};
use conclave_protocol::{AccountId, OrganisationId, Timestamp};
use conclave_store::read::review::MOST_ROWS;
use conclave_store::{LogSearch, ReadError, Store};
use uuid::Uuid;

use super::days::Days;
use super::{Content, Scope, columns, figure, instant, text};

pub(super) async fn of(store: &Store, scope: &Scope) -> Result<Content, ReadError> {
    let names = scope.names(store).await?;
    let (entries, is_cut) = entries(store, scope).await?;
    let mut days = Days::of(scope);
    for entry in &entries {
        days.add(at(entry), 1);
    }
    let locked = entries
        .iter()
        .filter(|entry| matches!(entry.event, Event::AuthLockout { .. }));
    let locked = u64::try_from(locked.count()).unwrap_or(u64::MAX);
    let accounts: BTreeSet<_> = entries.iter().filter_map(account).collect();
    let all = u64::try_from(entries.len()).unwrap_or(u64::MAX);
    Ok(Content {
        figures: vec![
            figure("failed", Unit::Count, all - locked),
            figure("locked_out", Unit::Count, locked),
            figure(
                "accounts",
                Unit::Count,
                u64::try_from(accounts.len()).unwrap_or(u64::MAX),
            ),
        ],
        charts: vec![days.chart("failed_sign_ins", Unit::Count)],
        columns: columns(&[
            ("at", Unit::Time),
            ("account", Unit::Text),
            ("event", Unit::Word),
            ("reason", Unit::Word),
            ("network", Unit::Text),
        ]),
        rows: entries.iter().map(|entry| row(entry, &names)).collect(),
        is_cut,
    })
}

/// The latest first. Those by an address that no account has are in the installation's log: of the organisation that
/// people sign in to, which is the first.
async fn entries(store: &Store, scope: &Scope) -> Result<(Vec<Entry>, bool), ReadError> {
    let search = |log: Option<OrganisationId>| LogSearch {
        log,
        from: scope.from,
        to: scope.to,
        words: &["\"event\":\"auth.fail\"", "\"event\":\"auth.lockout\""],
        most: MOST_ROWS as usize,
    };
    let mut found = store.logged(search(Some(scope.organisation))).await?;
    let first = store.first_organisation().await?;
    if first.is_some_and(|first| first.id == scope.organisation) {
        let of_nobody = store.logged(search(None)).await?;
        found.is_cut |= of_nobody.is_cut;
        found.entries.extend(of_nobody.entries);
    }
    found.entries.sort_by_key(|entry| entry.time);
    found.entries.reverse();
    Ok((found.entries, found.is_cut))
}

pub(super) fn at(entry: &Entry) -> Timestamp {
    Timestamp::from_micros(entry.time.as_unix_millis().saturating_mul(1_000))
}

fn account(entry: &Entry) -> Option<Uuid> {
    match &entry.event {
        Event::AuthFail { account } | Event::AuthLockout { account } => *account,
        _ => None,
    }
}

fn row(entry: &Entry, names: &BTreeMap<AccountId, DisplayName>) -> Vec<Option<Cell>> {
    let name = account(entry).and_then(|id| names.get(&AccountId(id)));
    let network = entry.src.as_ref().and_then(|source| match &source.address {
        Address::IpTrunc(network) => Some(network.clone()),
        Address::Hmac(_) => None,
    });
    vec![
        instant(Some(at(entry))),
        name.and_then(|name| text(name.as_str())),
        text(entry.event.name()),
        entry
            .reason
            .as_ref()
            .and_then(|reason| text(reason.as_str())),
        network.and_then(text),
    ]
}
