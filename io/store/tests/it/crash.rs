//! A process that is killed while it writes loses nothing that it acknowledged, and its log only ever grows.

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

use conclave_audit::Event;
use conclave_store::{OpenError, Options, Store};
use tokio::task::JoinSet;
use uuid::Uuid;

use crate::home::{Home, recorded};
use crate::log::{notary, rederived, sequenced};

/// Tells the child where to write.
const DIR: &str = "CONCLAVE_STORE_CRASH_DIR";

/// Rounds of killing and looking.
const ROUNDS: usize = 20;

/// Acknowledged in each round before the child is killed.
const ACKNOWLEDGED: usize = 100;

#[tokio::test]
async fn a_killed_process_loses_nothing_that_it_acknowledged() {
    let home = Home::bare();
    let mut acknowledged = Vec::new();
    let mut held = None;

    for _ in 0..ROUNDS {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["crash::writes_until_it_is_killed", "--exact", "--nocapture"])
            .env(DIR, home.path())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let ids = lines.filter_map(|line| line.unwrap().parse::<Uuid>().ok());
        acknowledged.extend(ids.take(ACKNOWLEDGED));
        child.kill().unwrap();
        child.wait().unwrap();

        let store = open(home.path()).await;
        let kept: Vec<Uuid> = recorded(&store).await.iter().map(|e| e.id).collect();
        assert!(acknowledged.iter().all(|id| kept.contains(id)));
        let head = sequenced(&store, None, kept.len() as u64).await;
        rederived(&store, &head, held.as_deref()).await;
        held = Some(head.note);
        store.close().await;
    }
    assert_eq!(acknowledged.len(), ROUNDS * ACKNOWLEDGED);
}

/// Programs that other tests start hold this one's lock for a moment, between being forked and becoming programs.
async fn open(dir: &std::path::Path) -> Store {
    loop {
        match Store::open(Options::sqlite(dir)).await {
            Err(OpenError::InUse { .. }) => tokio::task::yield_now().await,
            opened => {
                let store = opened.unwrap();
                store.keep_logs(notary()).await;
                return store;
            }
        }
    }
}

/// The child's part; does nothing in an ordinary run.
#[tokio::test]
async fn writes_until_it_is_killed() {
    let Ok(dir) = std::env::var(DIR) else {
        return;
    };
    let store = open(dir.as_ref()).await;
    let start = u64::try_from(recorded(&store).await.len()).unwrap()
        + u64::from(std::process::id()) * 1_000_000;
    let home = Home::bare();
    let mut writers = JoinSet::new();
    for number in start.. {
        if writers.len() == 16 {
            writers.join_next().await;
        }
        // Every other one has its place with its own commit.
        let mut entry = match number.is_multiple_of(2) {
            true => home.entry(Event::AuthFail { account: None }),
            false => home.some_entry(),
        };
        entry.id = Uuid::from_u64_pair(0x0190_0000_0000_7000, 0x8000_0000_0000_0000 | number);
        let store = store.clone();
        writers.spawn(async move {
            let id = entry.id;
            store.record(entry).await.unwrap();
            println!("\n{id}");
        });
    }
}
