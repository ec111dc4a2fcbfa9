//! Whether the time of an answer tells what exists: a meeting with a code, an account with an address.
//!
//! `cargo bench --profile dev -p conclave-testkit --bench oracle` asks for what is there and for what is not by turns that a seed
//! shuffles, each pair from a machine of its own, and prints Welch's t of the two. It fails beyond 4.5.

use std::net::{IpAddr, Ipv4Addr};
use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

use anyhow::{Context, ensure};
use conclave_testkit::{Practice, Server, welch};
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use reqwest::{Client, Method, header};
use serde_json::{Value, json};

const SEED: u64 = 1;
/// Of each kind.
const CODES: u32 = 1_000;
/// Each costs a hash.
const PASSWORDS: u32 = 150;
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
    let sign_in = |email: &str| {
        let body = json!({"email": email, "password": "a wrong but long password"});
        ("/session".to_owned(), body)
    };
    let there = sign_in("amy.weatherwax@riverside.example");
    let not = sign_in("bea.weatherwax@riverside.example");
    let passwords = compare(&server, &mut random, PASSWORDS, &there, &not).await?;
    say(&format!("a meeting's code: t = {codes:.2}"));
    say(&format!("an account's address: t = {passwords:.2}"));
    ensure!(codes.abs() < FAR && passwords.abs() < FAR, "time tells");
    Ok(())
}

type Question = (String, Value);

async fn compare(
    server: &Server,
    random: &mut StdRng,
    pairs: u32,
    one: &Question,
    other: &Question,
) -> anyhow::Result<f64> {
    let (mut of_one, mut of_other) = (Vec::new(), Vec::new());
    for number in 0..pairs {
        let client = machine(server, number).await?;
        let first = random.random_bool(0.5);
        for turn in [first, !first] {
            let question = if turn { one } else { other };
            let took = ask(server, &client, question).await?;
            if turn { &mut of_one } else { &mut of_other }.push(took.as_secs_f64());
        }
    }
    welch(&usual(of_one), &usual(of_other)).context("no spread")
}

/// With a connection that is open.
async fn machine(server: &Server, number: u32) -> anyhow::Result<Client> {
    let address = Ipv4Addr::from_bits(Ipv4Addr::new(127, 2, 0, 1).to_bits() + number);
    let client = Client::builder().local_address(IpAddr::from(address));
    let client = client.build()?;
    let url = format!("http://{}/api/v1/server", server.address());
    client.get(url).send().await?.bytes().await?;
    Ok(client)
}

async fn ask(
    server: &Server,
    client: &Client,
    (path, body): &Question,
) -> anyhow::Result<Duration> {
    let origin = format!("http://{}", server.address());
    let request = client.request(Method::POST, format!("{origin}/api/v1{path}"));
    let request = request.header(header::ORIGIN, origin).json(body).build()?;
    let began = Instant::now();
    let answer = client.execute(request).await?;
    answer.bytes().await?;
    Ok(began.elapsed())
}

fn usual(mut took: Vec<f64>) -> Vec<f64> {
    took.sort_by(f64::total_cmp);
    took.truncate(took.len() * KEPT.0 / KEPT.1);
    took
}

#[expect(clippy::print_stdout, reason = "a benchmark's figures")]
fn say(line: &str) {
    println!("{line}");
}
