//! The threads that wait: for the other processes, and for the person at the computer.
//!
//! Each has what it waits for to itself, and ends with the process.

use std::sync::Arc;
use std::sync::mpsc::Sender;
use std::thread;
use std::time::{Duration, Instant};

use super::mailbox::{Happening, Mailbox};
use crate::ipc::{NetToDesk, Socket, UiToDesk};
use crate::platform::{LocalInput, StopHotkey};

/// What the network has to say, until it says what is no message, or nothing more.
pub(super) fn hear_net(net: Socket, mailbox: Arc<Mailbox>, gone: Sender<()>) {
    thread::spawn(move || {
        while let Ok(message) = net.receive::<NetToDesk>() {
            let is_last = matches!(message, NetToDesk::Shutdown);
            mailbox.far(message);
            if is_last {
                break;
            }
        }
        mailbox.far(NetToDesk::Shutdown);
        let _nobody_waits = gone.send(());
    });
}

/// What the person says. A window that draws nothing for too long shows nothing either.
pub(super) fn hear_ui(ui: Socket, mailbox: Arc<Mailbox>, gone: Sender<()>) {
    thread::spawn(move || {
        let mut signs = Signs::default();
        loop {
            match ui.receive_within(signs.time_left()) {
                Ok(Some(UiToDesk::Alive)) => signs.seen(),
                Ok(Some(message)) => {
                    if let UiToDesk::Ready = message {
                        signs.seen();
                    }
                    mailbox.near(Happening::Ui(message));
                }
                Ok(None) if signs.are_missing() => mailbox.near(Happening::UiGone),
                Ok(None) => {}
                Err(_) => break,
            }
        }
        mailbox.near(Happening::UiGone);
        let _nobody_waits = gone.send(());
    });
}

/// Of life, once the windows are there.
#[derive(Default)]
struct Signs {
    last: Option<Instant>,
}

impl Signs {
    fn seen(&mut self) {
        self.last = Some(Instant::now());
    }

    fn time_left(&self) -> Duration {
        let left = self.last.map(|at| SILENCE.saturating_sub(at.elapsed()));
        left.unwrap_or(SILENCE)
    }

    /// That they are is told once.
    fn are_missing(&mut self) -> bool {
        self.last.take_if(|at| at.elapsed() >= SILENCE).is_some()
    }
}

/// Ends the session whatever else hangs: one that does not end by itself ends with the process, and what an injector
/// holds that is killed, the next one lets go.
pub(super) fn heed_stop_keys(mut keys: impl StopHotkey + Send + 'static, mailbox: Arc<Mailbox>) {
    thread::spawn(move || {
        loop {
            match keys.pressed(A_WHILE) {
                Ok(true) => {
                    mailbox.stop();
                    if !mailbox.is_over_within(TIME_TO_STOP) {
                        std::process::exit(STOPPED_HARD);
                    }
                }
                Ok(false) if mailbox.is_over_within(Duration::ZERO) => return,
                Ok(false) => {}
                Err(_) => return mailbox.near(Happening::DesktopGone),
            }
        }
    });
}

pub(super) fn heed_hands(mut hands: impl LocalInput + Send + 'static, mailbox: Arc<Mailbox>) {
    thread::spawn(move || {
        loop {
            match hands.next(A_WHILE) {
                Ok(Some(_)) => mailbox.used(),
                Ok(None) if mailbox.is_over_within(Duration::ZERO) => return,
                Ok(None) => {}
                Err(_) => return mailbox.near(Happening::DesktopGone),
            }
        }
    });
}

/// Two signs of three may be late, and no more.
const SILENCE: Duration = Duration::from_secs(3);

const A_WHILE: Duration = Duration::from_secs(1);

/// Within what a person takes for at once.
const TIME_TO_STOP: Duration = Duration::from_millis(180);

const STOPPED_HARD: i32 = 3;
