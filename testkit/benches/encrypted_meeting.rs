//! An encrypted meeting of native clients at a real server, over loopback: how long a crowd takes to come in, and how
//! long it takes until everybody's frames are out of the reach of whoever was put out.
//!
//! `cargo bench -p conclave-testkit --bench encrypted_meeting [-- PEOPLE]` prints both.

use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

use conclave_testkit::{Figures, Person, Practice, Server};
use tokio::task::JoinSet;

const PEOPLE: usize = 100;
/// Over which they arrive.
const ARRIVAL: Duration = Duration::from_secs(10);
const PUT_OUT: usize = 20;
const BETWEEN: Duration = Duration::from_millis(2_100);
/// All of them come from one machine here.
const LIMITS: &str = "[limits]\nchanges_per_second = 10000\n";

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let people = std::env::args().find_map(|word| word.parse().ok());
    let people = people.unwrap_or(PEOPLE);
    let program = Path::new(env!("CARGO_BIN_EXE_conclave-in-a-box"));
    let server = Server::start_with(program, LIMITS, Stdio::inherit())?;
    let practice = Practice::open(server.address(), server.owner_token()).await?;
    let invitation = practice.invite().await?;
    let host = Person::host(server.address(), &practice, &invitation).await?;
    host.sends().await?;

    let start = Instant::now();
    let mut arriving = JoinSet::new();
    for number in 0..people {
        let (server, invitation) = (server.address(), invitation.clone());
        let pause = ARRIVAL * u32::try_from(number)? / u32::try_from(people)?;
        arriving.spawn(async move {
            tokio::time::sleep(pause).await;
            let clicked = Instant::now();
            let name = format!("Guest {number}");
            let person = Person::come(server, &invitation, &name).await?;
            person.sends().await?;
            anyhow::Ok((person, clicked.elapsed()))
        });
    }
    let mut joins = Figures::default();
    let mut inside = Vec::with_capacity(people);
    while let Some(joined) = arriving.join_next().await {
        let (person, took) = joined??;
        joins.add(took);
        inside.push(person);
    }
    say(&format!(
        "{people} people are in {:.1} s after the first came; from click to sending: {joins}",
        start.elapsed().as_secs_f64()
    ));

    let mut switches = Figures::default();
    for _ in 0..PUT_OUT.min(people / 2) {
        let Some(gone) = inside.pop() else { break };
        // The server takes no more of one host.
        tokio::time::sleep(BETWEEN).await;
        switches.add(put_out(&host, &gone, &inside).await?);
    }
    say(&format!(
        "from putting somebody out to the new epoch at every sender: {switches}"
    ));
    Ok(())
}

/// The time until everybody who stays seals with the epoch after.
async fn put_out(host: &Person, gone: &Person, staying: &[Person]) -> anyhow::Result<Duration> {
    let before = host.sends().await?;
    let key = gone.signature_key()?;
    let start = Instant::now();
    host.channel
        .with(move |membership, now| membership.expel(now, &key))
        .await;
    for person in staying.iter().chain([host]) {
        person.sends_in(before + 1).await?;
    }
    Ok(start.elapsed())
}

#[expect(clippy::print_stdout, reason = "a benchmark's result")]
fn say(line: &str) {
    println!("{line}");
}
