//! What is pressed from afar is let go, whatever ends.

use std::io::{BufRead, BufReader, Read};
use std::process::{Command, Stdio};

use conclave_agent::platform::x11::{Injector, Ledger};
use conclave_agent::platform::{Input, InputSink};
use conclave_protocol::remote::Button;
use x11rb::protocol::xproto::KEY_PRESS_EVENT;

use crate::desktop::Desktop;
use crate::typing::{injector, press};

const LEFT_SHIFT: (u8, u8) = (0xe1, 50);

#[test]
fn keys_and_buttons_are_let_go_when_told_and_when_dropped() {
    let desktop = Desktop::new();
    let client = desktop.client();
    let (usage, code) = LEFT_SHIFT;
    let mut injector = injector(&desktop);
    let button = Input::Button {
        button: Button::Left,
        down: true,
    };

    press(&mut injector, usage, true);
    injector.inject(&button).unwrap();
    assert!(client.is_down(code) && client.is_button_down());
    injector.release_all().unwrap();
    assert!(!client.is_down(code) && !client.is_button_down());

    press(&mut injector, usage, true);
    injector.inject(&button).unwrap();
    drop(injector);
    assert!(!client.is_down(code) && !client.is_button_down());
}

#[test]
fn what_is_not_held_is_not_let_go() {
    let desktop = Desktop::new();
    let client = desktop.client();
    let (usage, code) = LEFT_SHIFT;
    let mut injector = injector(&desktop);
    client.fake(KEY_PRESS_EVENT, code);

    press(&mut injector, usage, false);

    assert!(client.is_down(code));
}

/// The display itself keeps down what a program pressed that was killed. That program is this test, started anew.
#[test]
fn keys_that_a_killed_agent_held_are_let_go_by_the_next() {
    if let Ok(desktop) = std::env::var(DESKTOP) {
        return hold_until_killed(&desktop);
    }
    let desktop = Desktop::new();
    let client = desktop.client();
    let (_, code) = LEFT_SHIFT;
    let mut agent = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "--nocapture"])
        .arg("holding::keys_that_a_killed_agent_held_are_let_go_by_the_next")
        .env(DESKTOP, desktop.name().unwrap())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let said = BufReader::new(agent.stdout.take().unwrap());
    let is_held = said
        .lines()
        .map_while(Result::ok)
        .any(|line| line.contains(HELD));
    assert!(is_held && client.is_down(code) && client.is_button_down());
    agent.kill().unwrap();
    agent.wait().unwrap();

    let _next = injector(&desktop);

    assert!(!client.is_down(code) && !client.is_button_down());
}

#[expect(
    clippy::print_stdout,
    reason = "the test that started this one waits for it"
)]
fn hold_until_killed(desktop: &str) {
    let mut injector = Injector::open(Some(desktop), Ledger::default()).unwrap();
    press(&mut injector, LEFT_SHIFT.0, true);
    let button = Input::Button {
        button: Button::Left,
        down: true,
    };
    injector.inject(&button).unwrap();
    println!("{HELD}");

    let _killed = std::io::stdin().read(&mut [0]);
}

const DESKTOP: &str = "CONCLAVE_TEST_DESKTOP";
const HELD: &str = "the key is held";
