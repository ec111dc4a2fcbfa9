//! The threads that wait: for the other processes, and for the person at the computer.
//!
//! Each has what it waits for to itself, and ends with the process.

use std::sync::Arc;
use std::sync::mpsc::Sender;
use std::thread;
use std::time::{Duration, Instant};

use super::leaving::Word;
use super::mailbox::{Happening, Mailbox};
use crate::ipc::{NetToDesk, Socket, UiToDesk};
use crate::platform::{Fault, LocalInput, StopHotkey};
use crate::signals::Signals;

/// What the network has to say, until it says what is no message, or is gone. It stays when the room is over: the
/// person reads why, and says how it was.
pub(super) fn hear_net(net: Socket, mailbox: Arc<Mailbox>, words: Sender<Word>) {
    thread::spawn(move || {
        while let Ok(message) = net.receive::<NetToDesk>() {
            match message {
                NetToDesk::Told => {
                    let _nobody_waits = words.send(Word::Told);
                }
                message => mailbox.far(message),
            }
        }
        mailbox.far(NetToDesk::Shutdown);
        let _nobody_waits = words.send(Word::NetGone);
    });
}

/// Where the system says that it be over, it is as if the network were gone: all that was done is undone first.
pub(super) fn heed_signals(signals: Signals, net: Socket) {
    thread::spawn(move || {
        signals.wait();
        let _nobody_speaks = net.close_ear();
    });
}

/// What the person says. A window that draws nothing for too long shows nothing either.
pub(super) fn hear_ui(ui: Socket, mailbox: Arc<Mailbox>, words: Sender<Word>) {
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
        let _nobody_waits = words.send(Word::UiGone);
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
pub(super) fn heed_stop_keys(
    mut keys: impl StopHotkey + Send + 'static,
    mailbox: Arc<Mailbox>,
) -> Result<(), Fault> {
    keys.heed(mailbox.bell()?);
    thread::spawn(move || {
        loop {
            match keys.pressed(UNTIL_THE_BELL) {
                Ok(true) => {
                    mailbox.stop();
                    if !mailbox.is_over_within(TIME_TO_STOP) {
                        std::process::exit(STOPPED_HARD);
                    }
                }
                Ok(false) if mailbox.is_closed() => return,
                Ok(false) => {}
                Err(_) => return mailbox.near(Happening::DesktopGone),
            }
        }
    });
    Ok(())
}

/// For one session.
pub(super) fn heed_hands(
    mut hands: impl LocalInput + Send + 'static,
    mailbox: Arc<Mailbox>,
) -> Result<(), Fault> {
    let over = mailbox.count();
    hands.heed(mailbox.bell()?);
    thread::spawn(move || {
        loop {
            match hands.next(UNTIL_THE_BELL) {
                _ if mailbox.count() > over => return,
                Ok(Some(_)) => mailbox.used(),
                Ok(None) => {}
                Err(_) => return mailbox.near(Happening::DesktopGone),
            }
        }
    });
    Ok(())
}

/// Two signs of three may be late, and no more.
const SILENCE: Duration = Duration::from_secs(3);

const UNTIL_THE_BELL: Duration = Duration::MAX;

/// Within what a person takes for at once.
const TIME_TO_STOP: Duration = Duration::from_millis(180);

const STOPPED_HARD: i32 = 3;

#[cfg(test)]
mod tests {
    use std::sync::mpsc::{TryRecvError, channel};

    use conclave_protocol::remote::EndReason;

    use super::*;

    #[test]
    fn the_network_is_there_until_it_is_gone_whatever_it_says_of_the_room() {
        let (desk, net) = Socket::pair().unwrap();
        let (says, words) = channel();
        let mailbox = Arc::new(Mailbox::default());
        hear_net(desk, Arc::clone(&mailbox), says);

        net.send(&NetToDesk::RoomOver(EndReason::TechnicianLeft))
            .unwrap();

        let told = mailbox.next_until(None);
        assert!(matches!(told, Some(Happening::Net(NetToDesk::RoomOver(_)))));
        assert_eq!(words.try_recv(), Err(TryRecvError::Empty));
        net.send(&NetToDesk::Told).unwrap();
        assert_eq!(words.recv(), Ok(Word::Told));
        drop(net);
        assert_eq!(words.recv(), Ok(Word::NetGone));
    }
}
