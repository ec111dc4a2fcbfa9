//! While nothing happens, nothing is done.

use std::time::{Duration, Instant};

use conclave_protocol::remote::Capability;
use conclave_remote::Phase;
use x11rb::NONE;
use x11rb::connection::Connection as _;
use x11rb::protocol::Event;
use x11rb::protocol::damage::{ConnectionExt as _, Damage, ReportLevel};

use crate::PATIENCE;
use crate::client::{Client, at};
use crate::desktop::Desktop;
use crate::helped::{Helped, MONITOR};
use crate::windows::{HEIGHT, WIDTH, Windows};

/// Of signs of life, a second between two.
const SOME: usize = 3;
const SECONDS: Duration = Duration::from_secs(2);
/// In that time. A process that looks again and again wakes hundreds of times.
const FEW_WAKES: u64 = 40;

#[test]
fn windows_that_show_the_same_are_not_painted_again() {
    let windows = Windows::new();
    windows.indicate(Phase::Controlled);
    windows.shown("Conclave session details");
    let drawn = Drawn::on(&windows.client);

    let until = Instant::now() + PATIENCE;
    loop {
        windows.say_nothing_for(SOME);
        if !drawn.anything(&windows.client) {
            break;
        }
        assert!(
            Instant::now() < until,
            "the same is painted again and again"
        );
    }
}

#[test]
fn what_is_counted_down_is_painted_while_it_is_shown() {
    let windows = Windows::new();
    windows.indicate(Phase::Requested);
    windows.ask(Capability::Control);
    windows.say_nothing_for(SOME);
    let drawn = Drawn::on(&windows.client);

    windows.say_nothing_for(SOME);

    assert!(drawn.anything(&windows.client));
}

// Shows: ABUSE-58.
#[test]
fn what_is_put_over_the_sign_is_under_it_again() {
    let windows = Windows::new();
    let bar = windows.indicate(Phase::Controlled);

    for _ in 0..2 {
        let over = windows.client.window(at(0, 0, WIDTH, HEIGHT), 0xff);
        let until = Instant::now() + PATIENCE;
        while windows.all_shown().last() != Some(&bar) {
            assert!(
                Instant::now() < until,
                "the sign stays under another window"
            );
            std::thread::yield_now();
        }
        assert!(windows.all_shown().contains(&over));
    }
}

#[test]
fn a_still_screen_is_looked_at_by_nobody() {
    let desktop = Desktop::new();
    let client = desktop.client();
    client.window(at(0, 0, 640, 480), 0x30_60_90);
    let (mut helped, _) = Helped::controlled(&desktop);
    helped.sees(MONITOR, || client.screen(640, 480));

    let until = Instant::now() + PATIENCE;
    loop {
        let before = wakes(helped.process());
        helped.hears_for(SECONDS);
        let woken = wakes(helped.process()) - before;
        if woken < FEW_WAKES {
            break;
        }
        assert!(Instant::now() < until, "it wakes {woken} times");
    }
    client.window(at(100, 50, 200, 90), 0xff_ff_00);
    helped.sees(MONITOR, || client.screen(640, 480));
}

/// What is drawn on the whole desktop.
struct Drawn(Damage);

impl Drawn {
    fn on(client: &Client) -> Self {
        client.damage_query_version(1, 1).unwrap().reply().unwrap();
        let damage = client.generate_id().unwrap();
        let level = ReportLevel::NON_EMPTY;
        let watched = client.damage_create(damage, client.root, level);
        watched.unwrap().check().unwrap();
        // All of it counts as drawn at first.
        let drawn = Self(damage);
        drawn.anything(client);
        drawn
    }

    /// Since it was asked before.
    fn anything(&self, client: &Client) -> bool {
        let forgotten = client.damage_subtract(self.0, NONE, NONE);
        forgotten.unwrap().check().unwrap();
        let is_drawn = |event: &Event| matches!(event, Event::DamageNotify(_));
        client.events().iter().any(is_drawn)
    }
}

/// How often any thread of the process has waited for something and was woken.
fn wakes(process: u32) -> u64 {
    let threads = std::fs::read_dir(format!("/proc/{process}/task")).unwrap();
    let counts = threads.filter_map(|thread| {
        let status = std::fs::read_to_string(thread.ok()?.path().join("status")).ok()?;
        let mut lines = status.lines();
        let count = lines.find_map(|line| line.strip_prefix("voluntary_ctxt_switches:"))?;
        count.trim().parse::<u64>().ok()
    });
    counts.sum()
}
