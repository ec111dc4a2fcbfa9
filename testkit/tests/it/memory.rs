use std::path::Path;
use std::time::Duration;

use conclave_client::{VideoLayer, VideoOptions};
use conclave_testkit::{Crowd, Server};

const PEOPLE: usize = 10;
const CYCLES: usize = 5;
const TALK: Duration = Duration::from_secs(2);

/// After the first cycle, which fills caches and pools.
const MOST_GROWTH: f64 = 0.10;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_ten_people_come_to_and_leave_does_not_grow() {
    let server = Server::start(Path::new(env!("CARGO_BIN_EXE_conclave-in-a-box"))).unwrap();
    let mut memory = Vec::new();

    for _ in 0..CYCLES {
        let mut crowd = Crowd::gather(&server, "room", PEOPLE, &thin_camera())
            .await
            .unwrap();
        crowd.settle(Duration::from_secs(60)).await.unwrap();
        tokio::time::sleep(TALK).await;
        let reports = crowd.reports().await.unwrap();
        // Those of the cycle before may still be leaving when the first come.
        assert!(reports.len() >= PEOPLE * (PEOPLE - 1) * 2);
        assert!(reports.iter().all(|report| report.corrupt == 0));
        crowd.leave().await;
        memory.push(server.resident_memory().unwrap());
    }

    let first = memory[0] as f64;
    let most = memory.iter().copied().max().unwrap() as f64;
    assert!(
        most <= first * (1.0 + MOST_GROWTH),
        "bytes after each cycle: {memory:?}"
    );
}

/// 360p with so few bits that an unoptimised server on a busy machine forwards it in time: what
/// waits in its queues is memory too, but says nothing here.
fn thin_camera() -> VideoOptions {
    VideoOptions {
        frames_per_second: 15,
        ..VideoOptions::camera([VideoLayer::new(640, 360, 60_000)])
    }
}
