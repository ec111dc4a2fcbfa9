//! Durable writes a second, with one writer and with many: what committing in groups is worth.

use std::time::{Duration, Instant};

use conclave_audit::{Actor, Entry, EntryTime, Event, Stamp};
use conclave_store::{Options, Store};
use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use tokio::task::JoinSet;
use uuid::Uuid;

fn group_commit(criterion: &mut Criterion) {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime starts");
    let dir = tempfile::tempdir().expect("a temporary directory is made");
    let store = runtime
        .block_on(Store::open(Options::sqlite(dir.path())))
        .expect("an empty directory becomes a store");
    let mut next = 0_u128;

    let mut group = criterion.benchmark_group("group_commit");
    group.throughput(Throughput::Elements(1));
    group
        .sample_size(10)
        .measurement_time(Duration::from_secs(10));
    for writers in [1_u64, 128] {
        group.bench_function(BenchmarkId::from_parameter(writers), |bencher| {
            bencher.iter_custom(|writes| {
                let first = next;
                next += u128::from(writes);
                runtime.block_on(write_all(&store, writers, first, writes))
            });
        });
    }
    group.finish();
    runtime.block_on(store.close());
}

/// Records `writes` entries through `writers` tasks, each waiting for one before it sends the next.
async fn write_all(store: &Store, writers: u64, first: u128, writes: u64) -> Duration {
    let start = Instant::now();
    let mut tasks = JoinSet::new();
    for writer in 0..writers {
        let store = store.clone();
        let mine = (writer..writes).step_by(usize::try_from(writers).expect("128 fits"));
        tasks.spawn(async move {
            for number in mine {
                let written = store.record(entry(first + u128::from(number))).await;
                written.expect("the store can write");
            }
        });
    }
    tasks.join_all().await;
    start.elapsed()
}

fn entry(number: u128) -> Entry {
    let stamp = Stamp {
        id: Uuid::from_u128(number),
        time: EntryTime::from_unix_micros(1_795_336_200_000_000),
        salt: [0xa5; 16],
    };
    let event = Event::MeetingEnd {
        meeting: Uuid::from_u128(number),
    };
    Entry::new(stamp, Actor::System, event)
}

criterion_group!(benches, group_commit);
criterion_main!(benches);
