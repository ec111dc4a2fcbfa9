//! Every statement is one that both databases understand.

use sqlx::{Connection as _, Executor, PgConnection, Row as _, SqlSafeStr};

use super::Statement;
use crate::connection::{Connection, Connector};
use crate::{action, beside, idempotency, log, outbox, read, spool, writer};

use std::collections::BTreeMap;
use std::time::Duration;

fn statements() -> Vec<&'static [Statement]> {
    let mut lists = [action::STATEMENTS, log::STATEMENTS].concat();
    lists.extend([
        beside::STATEMENTS,
        spool::STATEMENTS,
        idempotency::STATEMENTS,
        outbox::STATEMENTS,
        writer::STATEMENTS,
        read::account::STATEMENTS,
        read::account_group::STATEMENTS,
        read::anomaly::STATEMENTS,
        read::audit::STATEMENTS,
        read::companion::STATEMENTS,
        read::complaint::STATEMENTS,
        read::device::STATEMENTS,
        read::directory::STATEMENTS,
        read::emergency::STATEMENTS,
        read::emergency_code::STATEMENTS,
        read::program::STATEMENTS,
        read::factor::STATEMENTS,
        read::federated_identity::STATEMENTS,
        read::group::STATEMENTS,
        read::invitation::STATEMENTS,
        read::invited::STATEMENTS,
        read::meeting::STATEMENTS,
        read::meeting_session::STATEMENTS,
        read::participant::STATEMENTS,
        read::policy::STATEMENTS,
        read::quality::STATEMENTS,
        read::recording::STATEMENTS,
        read::review::STATEMENTS,
        read::risk::STATEMENTS,
        read::server_time::STATEMENTS,
        read::saved_view::STATEMENTS,
        read::session::STATEMENTS,
        read::supervision::STATEMENTS,
        read::support::STATEMENTS,
        read::support_queue::STATEMENTS,
        read::ticket::STATEMENTS,
        read::training::STATEMENTS,
        read::unattended::STATEMENTS,
        read::vault::STATEMENTS,
        read::evidence::STATEMENTS,
    ]);
    lists
}

#[test]
fn every_list_of_statements_is_among_those_that_are_prepared() {
    fn declared(dir: &std::path::Path) -> usize {
        let entries = std::fs::read_dir(dir).unwrap().map(|entry| entry.unwrap());
        entries
            .map(|entry| match entry.file_type().unwrap().is_dir() {
                true => declared(&entry.path()),
                false => std::fs::read_to_string(entry.path())
                    .unwrap()
                    .lines()
                    .filter(|line| line.starts_with("statements! {"))
                    .count(),
            })
            .sum()
    }
    let source = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src");

    assert_eq!(declared(&source), statements().len());
}

#[tokio::test]
async fn sqlite_prepares_every_statement() {
    let dir = tempfile::tempdir().unwrap();
    let connector = Connector::sqlite(&dir.path().join("conclave.db"), Duration::from_secs(5));

    prepare_all(connector).await;
}

#[tokio::test]
async fn sqlite_looks_for_the_newest_entry_by_the_index_that_is_made_for_it() {
    let dir = tempfile::tempdir().unwrap();
    let connector = Connector::sqlite(&dir.path().join("conclave.db"), Duration::from_secs(5));
    connector.bring_up_to_date().await.unwrap();
    let Connection::Sqlite(mut connection) = connector.connect().await.unwrap() else {
        panic!("it is no other database");
    };
    let of_the_log = log::STATEMENTS.concat().into_iter();
    let named = of_the_log.filter_map(|(path, text)| Some((path.rsplit_once("::")?.1, text)));
    let statements: BTreeMap<_, _> = named.collect();

    for (name, index) in [
        ("newest", "audit_entry_by_outcome"),
        ("newest_about", "audit_entry_by_object"),
    ] {
        let explain = sqlx::AssertSqlSafe(format!("EXPLAIN QUERY PLAN {}", statements[name]));
        let steps = connection.fetch_all(explain).await.unwrap();
        let steps: Vec<String> = steps.iter().map(|step| step.get("detail")).collect();
        assert!(steps[0].contains(index), "{name}: {steps:?}");
    }
}

#[tokio::test]
async fn postgres_prepares_every_statement() {
    let Ok(address) = std::env::var("DATABASE_URL") else {
        return;
    };
    let schema = format!("prepare_{}", std::process::id());
    let mut connection = PgConnection::connect(&address).await.unwrap();
    let create = sqlx::AssertSqlSafe(format!("CREATE SCHEMA {schema}"));
    connection.execute(create).await.unwrap();

    let joint = if address.contains('?') { '&' } else { '?' };
    let address = format!("{address}{joint}options[search_path]={schema}");
    prepare_all(Connector::postgres(&address, Duration::from_secs(5)).unwrap()).await;

    let remove = sqlx::AssertSqlSafe(format!("DROP SCHEMA {schema} CASCADE"));
    connection.execute(remove).await.unwrap();
}

async fn prepare_all(connector: Connector) {
    connector.bring_up_to_date().await.unwrap();
    let mut connection = connector.connect().await.unwrap();
    for (name, sql) in statements().into_iter().flatten() {
        let prepared = match &mut connection {
            Connection::Sqlite(c) => c.prepare(sql.into_sql_str()).await.map(drop),
            Connection::Postgres(c) => c.prepare(sql.into_sql_str()).await.map(drop),
        };
        assert!(prepared.is_ok(), "{name}: {prepared:?}");
    }
}
