//! What each person who hosts meetings, or helps others, did. A meeting is its maker's, a support session its technician's.

use std::collections::BTreeMap;

use conclave_protocol::AccountId;
use conclave_protocol::account::AccountRole;
use conclave_protocol::report::{Cell, Unit};
use conclave_store::read::review::AccountStanding;
use conclave_store::{ReadError, Store};

use super::{Content, Scope, columns, figure, instant, is_full, text, word};

#[derive(Clone, Copy, Default)]
struct Work {
    meetings: u64,
    seconds: u64,
    people: u64,
    guests: u64,
    helped: u64,
}

pub(super) async fn of(store: &Store, scope: &Scope) -> Result<Content, ReadError> {
    let accounts = store.account_standings(scope.organisation).await?;
    let groups = scope.groups(store).await?;
    let (sessions, is_cut) = scope.sessions(store).await?;
    let mut work: BTreeMap<AccountId, Work> = BTreeMap::new();
    for session in &sessions {
        let work = work.entry(session.host).or_default();
        work.meetings += 1;
        work.seconds += scope.length(session);
        work.people += session.people;
        work.guests += session.guests;
    }
    let helped = store.support_report(scope.organisation, scope.from, scope.to);
    let helped = helped.await?;
    let is_cut = is_cut || is_full(&helped);
    for session in helped.iter().filter(|one| one.joined_at.is_some()) {
        work.entry(session.technician).or_default().helped += 1;
    }
    let of = |account: &AccountStanding| work.get(&account.id).copied();
    let is_shown = |account: &&AccountStanding| {
        account.role == AccountRole::Representative || of(account).is_some()
    };
    let rows = accounts.iter().filter(is_shown).map(|account| {
        let groups = groups.get(&account.id).cloned().unwrap_or_default();
        row(account, groups, of(account).unwrap_or_default())
    });
    let rows: Vec<_> = rows.collect();
    let hosts = work.values().filter(|work| work.meetings > 0).count();
    Ok(Content {
        figures: vec![
            figure("hosts", Unit::Count, hosts as u64),
            figure("meetings", Unit::Count, sessions.len() as u64),
        ],
        charts: Vec::new(),
        columns: columns(&[
            ("name", Unit::Text),
            ("role", Unit::Word),
            ("state", Unit::Word),
            ("groups", Unit::Text),
            ("meetings", Unit::Count),
            ("duration", Unit::Seconds),
            ("people", Unit::Count),
            ("guests", Unit::Count),
            ("last_sign_in", Unit::Time),
            ("people_helped", Unit::Count),
        ]),
        is_cut: is_cut || is_full(&accounts),
        rows,
    })
}

fn row(account: &AccountStanding, groups: String, work: Work) -> Vec<Option<Cell>> {
    vec![
        text(account.display_name.as_str()),
        word(&account.role),
        word(&account.state),
        text(groups),
        Some(Cell::Number(work.meetings)),
        Some(Cell::Number(work.seconds)),
        Some(Cell::Number(work.people)),
        Some(Cell::Number(work.guests)),
        instant(account.last_sign_in_at),
        Some(Cell::Number(work.helped)),
    ]
}
