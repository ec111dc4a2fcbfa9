//! Somebody with a native client whom a story directs: reads a part and then cues from standard input, a JSON object a
//! line, and says four times a second what has reached them, in the same form.

mod part;
mod player;
mod recording;

use std::io::BufRead;
use std::time::Duration;

use anyhow::Context;
use serde_json::Value;
use tokio::sync::mpsc;

use part::{Cue, Part};
use player::Player;

const BETWEEN_REPORTS: Duration = Duration::from_millis(250);
const MOST_CUES: usize = 16;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let mut lines = lines();
    let part = lines.recv().await.context("no part")?;
    let part: Part = serde_json::from_str(&part)?;
    let mut player = Player::begin(&part).await?;
    let mut clock = tokio::time::interval(BETWEEN_REPORTS);
    loop {
        tokio::select! {
            line = lines.recv() => match line {
                Some(line) => follow(&mut player, &line).await?,
                None => return player.leave().await,
            },
            heard = player.hear() => heard?,
            _ = clock.tick() => say(&player.report().await?),
        }
    }
}

async fn follow(player: &mut Player, line: &str) -> anyhow::Result<()> {
    let cue: Cue = serde_json::from_str(line)?;
    player.follow(cue).await
}

/// Until standard input ends.
fn lines() -> mpsc::Receiver<String> {
    let (read, lines) = mpsc::channel(MOST_CUES);
    std::thread::spawn(move || {
        for line in std::io::stdin().lock().lines().map_while(Result::ok) {
            if read.blocking_send(line).is_err() {
                return;
            }
        }
    });
    lines
}

#[expect(clippy::print_stdout, reason = "what the story reads")]
fn say(report: &Value) {
    println!("{report}");
}
