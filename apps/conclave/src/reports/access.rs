//! Who has which role, signs in how, and when they did last: people and programs.

use std::collections::BTreeMap;

use conclave_protocol::AccountId;
use conclave_protocol::account::AccountState;
use conclave_protocol::program::ProgramState;
use conclave_protocol::report::{Cell, Unit};
use conclave_store::read::program::Program;
use conclave_store::read::review::AccountStanding;
use conclave_store::{ReadError, Store};

use super::{Content, Scope, columns, figure, instant, is_full, text, word};

pub(super) async fn of(store: &Store, scope: &Scope) -> Result<Content, ReadError> {
    let accounts = store.account_standings(scope.organisation).await?;
    let groups = scope.groups(store).await?;
    let programs = store.programs(scope.organisation).await?;
    let active = |account: &&AccountStanding| account.state == AccountState::Active;
    let count = |of: &dyn Fn(&&AccountStanding) -> bool| {
        let count = accounts.iter().filter(active).filter(|a| of(a)).count();
        u64::try_from(count).unwrap_or(u64::MAX)
    };
    let running = programs
        .iter()
        .filter(|program| program.state(scope.now) == ProgramState::Active);
    let running = u64::try_from(running.count()).unwrap_or(u64::MAX);
    let people = accounts.iter().map(|account| person(account, &groups));
    let programs = programs.iter().map(|one| program(one, scope));
    Ok(Content {
        figures: vec![
            figure("active_accounts", Unit::Count, count(&|_| true)),
            figure(
                "without_second_factor",
                Unit::Count,
                count(&|a| !has_second(a)),
            ),
            figure(
                "never_signed_in",
                Unit::Count,
                count(&|a| a.last_sign_in_at.is_none()),
            ),
            figure("active_programs", Unit::Count, running),
        ],
        charts: Vec::new(),
        columns: columns(&[
            ("kind", Unit::Word),
            ("name", Unit::Text),
            ("address", Unit::Text),
            ("role", Unit::Text),
            ("state", Unit::Word),
            ("signs_in_with", Unit::Text),
            ("groups", Unit::Text),
            ("last_sign_in", Unit::Time),
            ("since", Unit::Time),
        ]),
        is_cut: is_full(&accounts),
        rows: people.chain(programs).collect(),
    })
}

fn has_second(account: &AccountStanding) -> bool {
    account.totp || account.passkeys > 0
}

fn person(account: &AccountStanding, groups: &BTreeMap<AccountId, String>) -> Vec<Option<Cell>> {
    vec![
        text("account"),
        text(account.display_name.as_str()),
        text(account.email.as_str()),
        word(&account.role),
        word(&account.state),
        text(ways(account)),
        text(groups.get(&account.id).cloned().unwrap_or_default()),
        instant(account.last_sign_in_at),
        instant(Some(account.created_at)),
    ]
}

fn ways(account: &AccountStanding) -> String {
    let passkeys = match account.passkeys {
        0 => None,
        1 => Some("1 passkey".to_owned()),
        many => Some(format!("{many} passkeys")),
    };
    let ways = [
        account.has_password.then(|| "password".to_owned()),
        account.totp.then(|| "authenticator".to_owned()),
        passkeys,
        account.single_sign_on.then(|| "single sign-on".to_owned()),
    ];
    let ways: Vec<_> = ways.into_iter().flatten().collect();
    ways.join(", ")
}

fn program(program: &Program, scope: &Scope) -> Vec<Option<Cell>> {
    let scopes = serde_json::to_value(&program.scopes.0).unwrap_or_default();
    let scopes = scopes.as_array().into_iter().flatten();
    let scopes: Vec<_> = scopes.filter_map(serde_json::Value::as_str).collect();
    vec![
        text("program"),
        text(program.name.as_str()),
        text(program.made_by_name.as_str()),
        text(scopes.join(", ")),
        word(&program.state(scope.now)),
        text("key"),
        None,
        instant(program.last_used_on),
        instant(Some(program.created_at)),
    ]
}
