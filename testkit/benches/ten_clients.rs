//! Ten clients publish 360p with audio for a minute in one room of a real server, over loopback.
//!
//! `cargo bench -p conclave-testkit --bench ten_clients [-- SECONDS]` prints the longest gap
//! between frames, the loss, the delay and the server's use of the processor.

use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::Context;
use conclave_client::{TrackReport, VideoOptions};
use conclave_testkit::{Crowd, Server};

const PEOPLE: usize = 10;
const TIME: Duration = Duration::from_secs(60);

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let seconds = std::env::args().skip(1).find_map(|word| word.parse().ok());
    let time = seconds.map_or(TIME, Duration::from_secs);
    let server = Server::start(Path::new(env!("CARGO_BIN_EXE_conclave-in-a-box")))?;
    let camera = VideoOptions::small_camera();
    let mut crowd = Crowd::gather(&server, "bench", PEOPLE, &camera).await?;
    crowd.settle(Duration::from_secs(60)).await?;

    let start = Instant::now();
    let processor_before = server.processor_time()?;
    let before = crowd.reports().await?;
    tokio::time::sleep(time).await;
    let after = crowd.reports().await?;
    let processor = server.processor_time()? - processor_before;
    let wall = start.elapsed();
    let memory = server.resident_memory()?;
    crowd.leave().await;

    print(&before, &after, wall)?;
    say(&format!(
        "server: {:.1} % of a processor, {:.1} MB",
        100.0 * processor.as_secs_f64() / wall.as_secs_f64(),
        memory as f64 / 1e6
    ));
    Ok(())
}

fn print(before: &[TrackReport], after: &[TrackReport], wall: Duration) -> anyhow::Result<()> {
    let sum = |reports: &[TrackReport], of: fn(&TrackReport) -> u64| -> u64 {
        reports.iter().map(of).sum()
    };
    let grown = |of: fn(&TrackReport) -> u64| sum(after, of).saturating_sub(sum(before, of));
    let packets = grown(|report| report.packets);
    let lost = grown(|report| report.lost);
    let video: Vec<_> = after.iter().filter(|report| report.video).collect();
    let gap = video.iter().map(|r| r.motion.longest_gap).max();
    let delay = video.iter().map(|r| r.longest_delay).max();
    let frozen: Duration = video.iter().map(|r| r.motion.frozen).sum();
    let frames = grown(|report| if report.video { report.frames } else { 0 });
    say(&format!(
        "{} tracks received for {:.0} s",
        after.len(),
        wall.as_secs_f64()
    ));
    say(&format!(
        "video: {:.1} frames/s each, longest gap {:?}, longest delay {:?}, frozen {:?} in all",
        frames as f64 / video.len() as f64 / wall.as_secs_f64(),
        gap.context("no video")?,
        delay.context("no video")?,
        frozen
    ));
    say(&format!(
        "packets: {packets} received, {lost} lost ({:.4} %)",
        100.0 * lost as f64 / (packets + lost) as f64
    ));
    Ok(())
}

#[expect(clippy::print_stdout, reason = "a benchmark's result")]
fn say(line: &str) {
    println!("{line}");
}
