//! How long after a click somebody's packets still arrive: muted with all, put out, or without the right to show pictures.
//!
//! `cargo bench -p conclave-testkit --bench control` prints each, counted where the host receives, and how long the
//! command itself took; and how long one command after another takes whose entry is on the disk when it is answered.
//! The page that a click comes from is not part of it.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

use anyhow::ensure;
use conclave_client::{Invitation, VideoOptions};
use conclave_testkit::{Figures, Person, Practice, Server};

const ROUNDS: usize = 20;
/// Of the commands one after another.
const COMMANDS: usize = 500;
/// The server takes no more of one host.
const BETWEEN: Duration = Duration::from_millis(2_100);
/// Sound comes every 20 ms, pictures every 33: whoever is silent for so long is silenced.
const SILENCE: Duration = Duration::from_millis(700);
const LOOK: Duration = Duration::from_millis(1);
/// Of each track before the click, or there is nothing to stop.
const FLOWING: u64 = 25;
const SPEAKERS: usize = 4;
/// All of them come from one machine here.
const LIMITS: &str = "[limits]\nchanges_per_second = 10000\n";

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let program = Path::new(env!("CARGO_BIN_EXE_conclave-in-a-box"));
    let server = Server::start_with(program, LIMITS, Stdio::null())?;
    let practice = Practice::open(server.address(), server.owner_token()).await?;
    let commands = one_after_another(&server, &practice).await?;
    let slowest = commands.percentile(99).unwrap_or_default();
    say(&format!("lock and unlock: {commands}, p99 {slowest:?}"));
    let mut silenced = <[Silenced; 3]>::default();
    for _ in 0..ROUNDS {
        round(&server, &practice, &mut silenced).await?;
        tokio::time::sleep(BETWEEN).await;
    }
    for (act, silenced) in ["mute-all", "no cameras", "expel"].iter().zip(silenced) {
        let Silenced { last, answered } = silenced;
        say(&format!("{act}: last packet after {last}"));
        say(&format!("{act}: answered after {answered}"));
    }
    Ok(())
}

/// A host locks their meeting and opens it again.
async fn one_after_another(server: &Server, practice: &Practice) -> anyhow::Result<Figures> {
    let invitation = practice.invite().await?;
    let host = Person::host(server.address(), practice, &invitation).await?;
    let mut answered = Figures::default();
    for command in ["lock", "unlock"].iter().cycle().take(COMMANDS) {
        let start = Instant::now();
        practice.lead(host.place(), command).await?;
        answered.add(start.elapsed());
    }
    Ok(answered)
}

/// From sending the command.
#[derive(Default)]
struct Silenced {
    last: Figures,
    answered: Figures,
}

/// In a meeting of their own all are muted who speak, cameras are switched off, and somebody with a camera is put out.
async fn round(
    server: &Server,
    practice: &Practice,
    [mute_all, no_cameras, expel]: &mut [Silenced; 3],
) -> anyhow::Result<()> {
    let invitation = practice.invite().await?;
    let epoch = Instant::now();
    let mut host = Person::host(server.address(), practice, &invitation).await?;
    host.sends().await?;
    host.connect(epoch).await?;
    let mut people = Vec::new();
    for number in 0..SPEAKERS {
        let name = format!("Speaker {number}");
        let mut speaker = come(server, &invitation, &name, epoch).await?;
        speaker.speak().await?;
        people.push(speaker);
    }
    let place = host.place().clone();
    let muting = practice.lead(&place, "mute-all");
    silence(&mut host, muting, SPEAKERS, mute_all).await?;

    let mut filmed = come(server, &invitation, "Filmed", epoch).await?;
    filmed.show(&VideoOptions::small_camera()).await?;
    silence(&mut host, practice.permit_cameras(false), 1, no_cameras).await?;
    practice.permit_cameras(true).await?;

    let mut other = come(server, &invitation, "Other", epoch).await?;
    other.show(&VideoOptions::small_camera()).await?;
    let path = format!("participants/{}/expel", other.place().participant);
    silence(&mut host, practice.lead(&place, &path), 1, expel).await
}

async fn come(
    server: &Server,
    invitation: &Invitation,
    name: &str,
    epoch: Instant,
) -> anyhow::Result<Person> {
    let mut person = Person::come(server.address(), invitation, name).await?;
    person.sends().await?;
    person.connect(epoch).await?;
    Ok(person)
}

async fn silence(
    host: &mut Person,
    command: impl Future<Output = anyhow::Result<()>>,
    tracks: usize,
    silenced: &mut Silenced,
) -> anyhow::Result<()> {
    let mut counted = Counted::default();
    counted.flows(host, tracks).await?;
    let start = Instant::now();
    let commanded = async {
        command.await?;
        anyhow::Ok(start.elapsed())
    };
    let (answered, last) = tokio::join!(commanded, counted.last(host, start));
    silenced.answered.add(answered?);
    silenced.last.add(last?);
    Ok(())
}

/// Packets of each track. One that is taken away keeps what it had.
#[derive(Default)]
struct Counted {
    packets: BTreeMap<String, u64>,
}

impl Counted {
    /// Waits until so many tracks bring packets, counted from here.
    async fn flows(&mut self, host: &mut Person, tracks: usize) -> anyhow::Result<()> {
        self.look(host).await?;
        let before = self.packets.clone();
        let deadline = Instant::now() + Duration::from_secs(30);
        loop {
            self.look(host).await?;
            let flowing = self.packets.iter().filter(|(track, packets)| {
                **packets >= before.get(*track).copied().unwrap_or_default() + FLOWING
            });
            if flowing.count() >= tracks {
                return Ok(());
            }
            ensure!(Instant::now() < deadline, "too few tracks bring packets");
            tokio::time::sleep(LOOK).await;
        }
    }

    /// When the last packet arrived, seen from `start`; zero when none came after it.
    async fn last(&mut self, host: &mut Person, start: Instant) -> anyhow::Result<Duration> {
        let mut last = start;
        while last.elapsed() < SILENCE {
            if self.look(host).await? {
                last = Instant::now();
            }
            tokio::time::sleep(LOOK).await;
        }
        Ok(last - start)
    }

    /// Whether packets have come since the last look.
    async fn look(&mut self, host: &mut Person) -> anyhow::Result<bool> {
        let before: u64 = self.packets.values().sum();
        for report in host.reports().await? {
            let known = self.packets.entry(report.track_sid).or_default();
            *known = report.packets.max(*known);
        }
        Ok(self.packets.values().sum::<u64>() > before)
    }
}

#[expect(clippy::print_stdout, reason = "a benchmark's result")]
fn say(line: &str) {
    println!("{line}");
}
