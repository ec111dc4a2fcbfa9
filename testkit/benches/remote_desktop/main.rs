//! The desktop of a supported computer as its technician has it, beside a viewer of TigerVNC's in the same run: how late
//! it is, what it costs, and how soon it stops.
//!
//! `cargo bench -p conclave-testkit --bench remote_desktop` prints a table. The agent is the real one with all its
//! processes, on Xvfb; the technician is a native client at a real server, over loopback. TigerVNC's server is the
//! display itself and encrypts nothing, so it has the shorter way. The line of 4 Mbit/s takes root.

mod agent;
mod display;
mod echo;
mod hand;
mod line;
mod measures;
#[path = "../../../core/remote/src/tiles/tests/pictures.rs"]
mod pictures;
mod process;
mod revoke;
mod scene;
mod technician;
mod tight;
mod viewer;
mod vnc;

use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpListener};
use std::path::Path;
use std::process::{ExitCode, Stdio};
use std::time::{Duration, Instant};

use conclave_client::protocol::remote::Capability;
use conclave_testkit::{Figures, Practice, Server};
use tokio::runtime::{Handle, Runtime};

use agent::Agent;
use display::Display;
use echo::Echo;
use hand::{Agreeing, Hand};
use line::{Line, THERE};
use process::processor_time;
use scene::Scene;
use technician::Technician;
use viewer::{Viewer, watch};
use vnc::Vnc;

const STOPS: usize = 5;
/// Down and up, 300 events: as many as a session takes of one technician in a moment.
const KEYS: usize = 150;
/// Of TigerVNC, at the other end of the line.
const PORT: u16 = 5_900;
/// All come from one machine here.
const LIMITS: &str = "[limits]\nchanges_per_second = 10000\n";

fn main() -> anyhow::Result<ExitCode> {
    // The agent starts itself anew for each of its processes, and names the part. Any other name would begin all this again.
    let part = std::env::args().nth(1).unwrap_or_default();
    if !part.is_empty() && !part.starts_with('-') {
        return Ok(conclave_agent::cli::run(std::env::args_os()));
    }
    let runtime = Runtime::new()?;
    let house = House::open(runtime.handle())?;
    say("| | Conclave | TigerVNC |");
    say("|---|---|---|");
    near(&house)?;
    match Line::lay() {
        Ok(line) => far(&house, &line)?,
        Err(error) => say(&format!(
            "The line of 4 Mbit/s can't be laid here: {error:#}."
        )),
    }
    stops(&house)
}

/// A server, and whose sessions there are.
struct House {
    runtime: Handle,
    server: Server,
    practice: Practice,
}

/// A session in which the person agrees to everything.
struct Session {
    technician: Technician,
    agent: Agent,
    agreeing: Agreeing,
}

impl House {
    fn open(runtime: &Handle) -> anyhow::Result<Self> {
        let program = Path::new(env!("CARGO_BIN_EXE_conclave-in-a-box"));
        let server = Server::start_with(program, LIMITS, Stdio::null())?;
        let practice = Practice::open(server.address(), server.owner_token());
        let practice = runtime.block_on(practice)?;
        Ok(Self {
            runtime: runtime.clone(),
            server,
            practice,
        })
    }

    fn helps(&self, display: &Display, line: Option<&Line>) -> anyhow::Result<Session> {
        let invitation = self.runtime.block_on(self.practice.offer_help())?;
        let link = invitation.link(&format!("http://{}", self.server.address()));
        let technician =
            Technician::wait(&self.runtime, &self.server, &self.practice, &invitation)?;
        let agent = Agent::start(display, &link, line)?;
        let agreeing = Agreeing::at(display.name())?;
        Ok(Session {
            technician,
            agent,
            agreeing,
        })
    }
}

/// Over loopback.
fn near(house: &House) -> anyhow::Result<()> {
    let ours = Near::of_the_agent(house)?;
    let theirs = Near::of_tigervnc()?;
    for (what, ours, theirs) in ours.rows(&theirs) {
        say(&format!("| {what} | {ours} | {theirs} |"));
    }
    Ok(())
}

/// In words, in the order of [`Near::WHAT`].
struct Near([String; 5]);

impl Near {
    const WHAT: [&str; 5] = [
        "the first picture, a page of text",
        "from a key to its pixels",
        "typing, 12 letters a second",
        "scrolling, 30 times a second, exact",
        "nothing happens",
    ];

    fn of_the_agent(house: &House) -> anyhow::Result<Self> {
        let display = Display::xvfb()?;
        let (mut scene, echo) = furnished(&display)?;
        let Session {
            mut technician,
            agent,
            agreeing,
        } = house.helps(&display, None)?;
        let first = technician.sees()?;
        technician.controls()?;
        drop(agreeing);
        echo.focus()?;
        let spent = || anyhow::Ok(agent.processor_time()? + processor_time(display.process())?);
        Self::of(&mut technician, &mut scene, &echo, first, spent)
    }

    fn of_tigervnc() -> anyhow::Result<Self> {
        let address = free()?;
        let display = Display::tigervnc(address.port(), None)?;
        let (mut scene, echo) = furnished(&display)?;
        echo.focus()?;
        let mut viewer = Vnc::connect(address)?;
        let first = viewer.sees()?;
        let spent = || processor_time(display.process());
        Self::of(&mut viewer, &mut scene, &echo, first, spent)
    }

    fn of(
        viewer: &mut dyn Viewer,
        scene: &mut Scene,
        echo: &Echo,
        first: (Duration, u64),
        spent: impl Fn() -> anyhow::Result<Duration>,
    ) -> anyhow::Result<Self> {
        let photons = measures::photons(viewer, echo)?;
        let typing = measures::typing(viewer, scene)?;
        let scrolled = measures::scrolling(viewer, scene)?;
        let (share, idle) = measures::idleness(viewer, spent)?;
        let (pictures, megabits) = (scrolled.per_second, scrolled.megabits);
        Ok(Self([
            picture(first),
            photons.to_string(),
            format!("{typing:.1} kbit/s"),
            format!("{pictures:.1} pictures/s, {megabits:.2} Mbit/s"),
            format!("{:.2} % of a core, {idle:.1} kbit/s", share * 100.0),
        ]))
    }

    fn rows(self, theirs: &Self) -> impl Iterator<Item = (&'static str, String, String)> {
        let both = self.0.into_iter().zip(theirs.0.clone());
        let rows = Self::WHAT.into_iter().zip(both);
        rows.map(|(what, (ours, theirs))| (what, ours, theirs))
    }
}

/// With pictures that stand still, over 4 Mbit/s.
fn far(house: &House, line: &Line) -> anyhow::Result<()> {
    let ours = {
        let display = Display::xvfb()?;
        let mut scene = Scene::open(display.name())?;
        let mut session = house.helps(&display, Some(line))?;
        session.technician.sees()?;
        drop(session.agreeing);
        stand_still(&mut session.technician, &mut scene)?
    };
    let theirs = {
        let display = Display::tigervnc(PORT, Some(line))?;
        let mut scene = Scene::open(display.name())?;
        let mut viewer = Vnc::connect(SocketAddr::new(IpAddr::V4(THERE), PORT))?;
        viewer.sees()?;
        stand_still(&mut viewer, &mut scene)?
    };
    for ((what, ours), (_, theirs)) in ours.into_iter().zip(theirs) {
        say(&format!(
            "| exact over 4 Mbit/s: {what} | {ours} | {theirs} |"
        ));
    }
    Ok(())
}

fn stand_still(
    viewer: &mut dyn Viewer,
    scene: &mut Scene,
) -> anyhow::Result<[(&'static str, String); 2]> {
    let mut still = |screen| measures::stillness(viewer, scene, screen).map(picture);
    let text = still(pictures::text())?;
    let scan = still(pictures::scan(1))?;
    Ok([("a page of text", text), ("a scan of 1400x900", scan)])
}

/// How soon input ends when the person says so.
fn stops(house: &House) -> anyhow::Result<ExitCode> {
    let display = Display::xvfb()?;
    let (_scene, echo) = furnished(&display)?;
    let revoked = revoke::last_input(&display, &echo)?;
    say("");
    say(&format!(
        "Control is taken back with 1,000 events on their way: the last key {revoked} after it."
    ));
    let (mut ended, mut last) = <(Figures, Figures)>::default();
    for _ in 0..STOPS {
        let (end, key) = stop(house)?;
        ended.add(end);
        last.add(key);
    }
    say(&format!(
        "The stop keys with frozen windows and 300 events on their way: the last key {last} after them, and the \
         technician hears the end {ended} after them."
    ));
    Ok(ExitCode::SUCCESS)
}

/// From the stop keys to the end as the technician hears it, and to the last key of theirs.
fn stop(house: &House) -> anyhow::Result<(Duration, Duration)> {
    let display = Display::xvfb()?;
    let (_scene, echo) = furnished(&display)?;
    let hand = Hand::at(display.name())?;
    let Session {
        mut technician,
        agent,
        agreeing,
    } = house.helps(&display, None)?;
    technician.asks(Capability::View)?;
    technician.controls()?;
    drop(agreeing);
    echo.focus()?;
    watch(&mut technician, Duration::from_secs(1))?;
    agent.freeze_windows()?;
    technician.presses(KEYS)?;
    let start = Instant::now();
    hand.stop()?;
    let ended = technician.hears_the_end(start)?;
    // It may be gone by then.
    let _over = watch(&mut technician, Duration::from_millis(500));
    let last = echo.last_press().unwrap_or(start);
    Ok((ended, last.saturating_duration_since(start)))
}

fn furnished(display: &Display) -> anyhow::Result<(Scene, Echo)> {
    let mut scene = Scene::open(display.name())?;
    scene.show(pictures::text())?;
    Ok((scene, Echo::open(display.name())?))
}

fn free() -> anyhow::Result<SocketAddr> {
    let anywhere = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 0);
    Ok(TcpListener::bind(anywhere)?.local_addr()?)
}

fn picture((time, bytes): (Duration, u64)) -> String {
    let (milliseconds, kilobytes) = (time.as_secs_f64() * 1_000.0, bytes as f64 / 1_000.0);
    format!("{milliseconds:.0} ms, {kilobytes:.1} kB")
}

#[expect(clippy::print_stdout, reason = "a benchmark's result")]
fn say(line: &str) {
    println!("{line}");
}
