//! Whether the time or the length of an answer tells what exists: a meeting with a code, an account with an address.
//!
//! `cargo bench -p conclave-testkit --bench oracle` asks for what is there and for what is not by turns that a seed
//! shuffles, each pair from a network of its own, and prints of each route, as soon as it has been asked, both medians, how
//! many pairs there were, Welch's t beside its bound, and the verdict. It fails where either route tells anything: by a t
//! beyond 4.5, or by answers of two kinds. A route is asked for fifty seconds at the most, so that a run ends within three
//! minutes whatever hangs.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr};
use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

use anyhow::{Context, ensure};
use conclave_testkit::{Figures, Practice, Server, welch};
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use reqwest::{Client, Method, StatusCode, header};
use serde_json::{Value, json};

const SEED: u64 = 1;
/// Pairs of each kind, at most.
const CODES: u32 = 1_000;
/// Each costs a hash; with 400 from anywhere an account is locked.
const PASSWORDS: u32 = 150;
/// Fewer say nothing.
const LEAST_PAIRS: usize = 30;
/// What one comparison may take.
const LONGEST: Duration = Duration::from_secs(50);
const LONGEST_ANSWER: Duration = Duration::from_secs(10);
/// In standard errors.
const FAR: f64 = 4.5;
/// The slowest of each kind tell of the machine, not of the server: one in ten is left out.
const KEPT: (usize, usize) = (9, 10);
const LIMITS: &str = "[limits]\nchanges_per_second = 10000\n[lockout]\nthreshold = 100\n";

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let program = Path::new(env!("CARGO_BIN_EXE_conclave-in-a-box"));
    let server = Server::start_with(program, LIMITS, Stdio::null())?;
    let practice = Practice::open(server.address(), server.owner_token()).await?;
    let mut random = StdRng::seed_from_u64(SEED);
    let invitation = practice.invite().await?;
    let code = invitation.code.to_string();
    let wrong = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
    let join = |code: &str| {
        let body = json!({"display_name": "Bo", "invitation_proof": wrong});
        (format!("/meetings/{code}/join"), body)
    };
    let there = join(&code);
    let codes = compare(&server, &mut random, CODES, &there, &join("000-000-000")).await?;
    say(&format!("POST /meetings/{{code}}/join: {codes}"));
    let sign_in = |email: &str| {
        let body = json!({"email": email, "password": "a wrong but long password"});
        ("/session".to_owned(), body)
    };
    let there = sign_in("amy.weatherwax@riverside.example");
    let not = sign_in("bea.weatherwax@riverside.example");
    let passwords = compare(&server, &mut random, PASSWORDS, &there, &not).await?;
    say(&format!("POST /session: {passwords}"));
    ensure!(!codes.tells() && !passwords.tells(), "time tells");
    say("no answer tells what exists");
    Ok(())
}

type Question = (String, Value);

/// What anybody sees of one, but for its time.
#[derive(Debug, PartialEq, Eq)]
struct Answer {
    status: StatusCode,
    /// Of the body, in bytes.
    length: usize,
}

/// Of what is there, and of what is not.
struct Compared {
    there: Figures,
    not: Figures,
    t: f64,
}

impl Compared {
    fn of(there: Vec<Duration>, not: Vec<Duration>) -> anyhow::Result<Self> {
        let pairs = there.len();
        ensure!(pairs >= LEAST_PAIRS, "{pairs} pairs within {LONGEST:?}");
        let t = welch(&usual(&there), &usual(&not)).context("no spread")?;
        let (there, not) = (figures(there), figures(not));
        Ok(Self { there, not, t })
    }

    fn tells(&self) -> bool {
        self.t.abs() >= FAR
    }
}

impl fmt::Display for Compared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { there, not, t } = self;
        let verdict = if self.tells() { "TOLD APART" } else { "alike" };
        write!(
            f,
            "there {there}; not there {not}; t = {t:.2}, bound ±{FAR}: {verdict}"
        )
    }
}

async fn compare(
    server: &Server,
    random: &mut StdRng,
    pairs: u32,
    one: &Question,
    other: &Question,
) -> anyhow::Result<Compared> {
    let began = Instant::now();
    let (mut of_one, mut of_other) = (Vec::new(), Vec::new());
    for number in (0..pairs).take_while(|_| began.elapsed() < LONGEST) {
        let client = machine(server, number).await?;
        let first = random.random_bool(0.5);
        let mut answers = Vec::new();
        for turn in [first, !first] {
            let question = if turn { one } else { other };
            let (answer, took) = ask(server, &client, question).await?;
            answers.push(answer);
            if turn { &mut of_one } else { &mut of_other }.push(took);
        }
        let is_counted = answers[0].status != StatusCode::TOO_MANY_REQUESTS;
        ensure!(is_counted && answers[0] == answers[1], "{answers:?}");
    }
    Compared::of(of_one, of_other)
}

/// In a network of its own, or all of them together would soon be asked to wait. With a connection that is open.
async fn machine(server: &Server, number: u32) -> anyhow::Result<Client> {
    let address = Ipv4Addr::from_bits(Ipv4Addr::new(127, 2, 0, 1).to_bits() + (number << 8));
    let client = Client::builder().local_address(IpAddr::from(address));
    let client = client.timeout(LONGEST_ANSWER).build()?;
    let url = format!("http://{}/api/v1/server", server.address());
    client.get(url).send().await?.bytes().await?;
    Ok(client)
}

async fn ask(
    server: &Server,
    client: &Client,
    (path, body): &Question,
) -> anyhow::Result<(Answer, Duration)> {
    let origin = format!("http://{}", server.address());
    let request = client.request(Method::POST, format!("{origin}/api/v1{path}"));
    let request = request.header(header::ORIGIN, origin).json(body).build()?;
    let began = Instant::now();
    let answer = client.execute(request).await?;
    let status = answer.status();
    let length = answer.bytes().await?.len();
    Ok((Answer { status, length }, began.elapsed()))
}

fn figures(took: Vec<Duration>) -> Figures {
    let mut figures = Figures::default();
    for time in took {
        figures.add(time);
    }
    figures
}

fn usual(took: &[Duration]) -> Vec<f64> {
    let mut took: Vec<_> = took.iter().map(Duration::as_secs_f64).collect();
    took.sort_by(f64::total_cmp);
    took.truncate(took.len() * KEPT.0 / KEPT.1);
    took
}

#[expect(clippy::print_stdout, reason = "a benchmark's figures")]
fn say(line: &str) {
    println!("{line}");
}
