//! What an entry costs from the act to its place under a signed checkpoint, beside SQLite's own rows in the same run.
//!
//! `cargo bench -p conclave-store --bench durable_events` prints events a second through one store, with and without the log,
//! what the same bytes cost as bare rows in transactions as large, and how long one caller waits for one act. With
//! `DATABASE_URL` it does the same on PostgreSQL, in a schema of its own.

use std::time::{Duration, Instant};

use conclave_audit::{Actor, Entry, EntryTime, Event, KeyName, Signer, Stamp};
use conclave_store::log::Notary;
use conclave_store::{Database, Options, Store};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection, SqliteConnection};
use tokio::task::JoinSet;
use uuid::Uuid;

const EVENTS: u64 = 40_000;
const WRITERS: u64 = 512;
/// As the store's writer takes at the most.
const ROWS_IN_A_TRANSACTION: u64 = 256;
const ACTS_OF_ONE: u64 = 500;

#[tokio::main]
async fn main() {
    let dir = tempfile::tempdir().expect("a temporary directory is made");
    let bare = bare_rows_of_sqlite(dir.path()).await;
    say(&format!("SQLite's own rows: {bare:.0}/s"));
    compare(
        "SQLite",
        Options::sqlite(dir.path().join("log")),
        Options::sqlite(dir.path().join("outbox")),
        bare,
    )
    .await;
    let Ok(address) = std::env::var("DATABASE_URL") else {
        return;
    };
    let bare = bare_rows_of_postgres(&address).await;
    say(&format!("PostgreSQL's own rows: {bare:.0}/s"));
    let joint = if address.contains('?') { '&' } else { '?' };
    let at = |name: &str, schema: &str| Options {
        database: Database::Postgres(format!("{address}{joint}options[search_path]={schema}")),
        ..Options::sqlite(dir.path().join(name))
    };
    let options = (at("pg-log", "bench_log"), at("pg-outbox", "bench_outbox"));
    compare("PostgreSQL", options.0, options.1, bare).await;
}

async fn compare(what: &str, mut log: Options, mut outbox: Options, bare: f64) {
    (log.queue, outbox.queue) = (4_096, 4_096);
    for (kind, options, notary) in [
        ("under a signed checkpoint", log, Some(notary())),
        ("in the outbox alone", outbox, None),
    ] {
        let store = Store::open(options).await.expect("the store opens");
        if let Some(notary) = notary {
            store.keep_logs(notary).await;
        }
        let rate = many(&store).await;
        say(&format!(
            "{what}, {kind}: {rate:.0} events/s, {:.2} of its own rows",
            rate / bare
        ));
        let mut waits = one(&store).await;
        waits.sort();
        let at = |share: usize| {
            waits
                .get(waits.len() * share / 100)
                .copied()
                .unwrap_or_default()
        };
        say(&format!(
            "{what}, {kind}: one act after another, median {:?}, p99 {:?}",
            at(50),
            at(99)
        ));
        store.close().await;
    }
}

/// Until the last of them has its place, where it gets one.
async fn many(store: &Store) -> f64 {
    let start = Instant::now();
    let mut tasks = JoinSet::new();
    for writer in 0..WRITERS {
        let store = store.clone();
        tasks.spawn(async move {
            for number in (writer..EVENTS).step_by(WRITERS as usize) {
                store
                    .record(entry(number))
                    .await
                    .expect("the store can write");
            }
        });
    }
    tasks.join_all().await;
    EVENTS as f64 / start.elapsed().as_secs_f64()
}

/// Each waits for its own place: what tells of authority does.
async fn one(store: &Store) -> Vec<Duration> {
    let mut waits = Vec::new();
    for number in EVENTS..EVENTS + ACTS_OF_ONE {
        let start = Instant::now();
        store
            .record(entry(number))
            .await
            .expect("the store can write");
        waits.push(start.elapsed());
    }
    waits
}

async fn bare_rows_of_sqlite(dir: &std::path::Path) -> f64 {
    let options = SqliteConnectOptions::new()
        .filename(dir.join("bare.db"))
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full);
    let mut connection = SqliteConnection::connect_with(&options)
        .await
        .expect("it opens");
    let table = "CREATE TABLE bare (position INTEGER PRIMARY KEY, id BLOB, bytes BLOB) STRICT";
    connection.execute(table).await.expect("the table is made");
    let start = Instant::now();
    for first in (0..EVENTS).step_by(ROWS_IN_A_TRANSACTION as usize) {
        connection
            .execute("BEGIN IMMEDIATE")
            .await
            .expect("it begins");
        for number in first..(first + ROWS_IN_A_TRANSACTION).min(EVENTS) {
            let (id, bytes) = row(number);
            let insert =
                sqlx::query::<sqlx::Sqlite>("INSERT INTO bare (id, bytes) VALUES ($1, $2)");
            insert
                .bind(id)
                .bind(bytes)
                .execute(&mut connection)
                .await
                .expect("it writes");
        }
        connection.execute("COMMIT").await.expect("it commits");
    }
    EVENTS as f64 / start.elapsed().as_secs_f64()
}

async fn bare_rows_of_postgres(address: &str) -> f64 {
    let mut connection = PgConnection::connect(address).await.expect("it connects");
    let schemas = "DROP SCHEMA IF EXISTS bench_log CASCADE; CREATE SCHEMA bench_log;
        DROP SCHEMA IF EXISTS bench_outbox CASCADE; CREATE SCHEMA bench_outbox;
        CREATE TABLE bench_outbox.bare (position BIGSERIAL PRIMARY KEY, id UUID, bytes BYTEA)";
    connection
        .execute(AssertSqlSafe(schemas))
        .await
        .expect("the schemas are made");
    let start = Instant::now();
    for first in (0..EVENTS).step_by(ROWS_IN_A_TRANSACTION as usize) {
        connection.execute("BEGIN").await.expect("it begins");
        for number in first..(first + ROWS_IN_A_TRANSACTION).min(EVENTS) {
            let (id, bytes) = row(number);
            let insert = "INSERT INTO bench_outbox.bare (id, bytes) VALUES ($1, $2)";
            let insert = sqlx::query::<sqlx::Postgres>(insert).bind(id).bind(bytes);
            insert.execute(&mut connection).await.expect("it writes");
        }
        connection.execute("COMMIT").await.expect("it commits");
    }
    let rate = EVENTS as f64 / start.elapsed().as_secs_f64();
    connection
        .execute("DROP TABLE bench_outbox.bare")
        .await
        .expect("it is dropped");
    rate
}

fn row(number: u64) -> (Uuid, Vec<u8>) {
    let entry = entry(number);
    (entry.id, entry.to_canonical().expect("it is short"))
}

fn entry(number: u64) -> Entry {
    let stamp = Stamp {
        id: Uuid::from_u64_pair(0x0190_0000_0000_7000, 0x8000_0000_0000_0000 | number),
        time: EntryTime::from_unix_micros(1_795_336_200_000_000),
        salt: [0xa5; 16],
    };
    let account = Uuid::from_u128(u128::from(number));
    let login = Event::AuthLogin {
        account,
        unknown_browser: false,
    };
    Entry::new(stamp, Actor::System, login)
}

fn notary() -> Notary {
    let host = KeyName::parse("clinic.example").expect("a short name");
    Notary::new(host, |checkpoint| {
        let signer = Signer::new(checkpoint.origin.clone(), &[7; 32]);
        checkpoint
            .sign(&signer)
            .expect("a checkpoint is three lines")
    })
}

#[expect(clippy::print_stdout, reason = "what a benchmark is for")]
fn say(line: &str) {
    println!("{line}");
}
