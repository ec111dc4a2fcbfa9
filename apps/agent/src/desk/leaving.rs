//! After a session that ended with a restart: the computer goes down, or stays up and says so.
//!
//! All of the session is told and brought first, so that nothing of it goes down with the computer. Whoever waits for the
//! computer to come back hears where it never went.

use std::sync::mpsc::Receiver;
use std::time::{Duration, Instant};

use conclave_protocol::ParticipantId;
use conclave_protocol::remote::{EndReason, FromAgent};
use conclave_remote::Fact;

use super::ways::way_of;
use crate::ipc::{DeskToNet, DeskToRaiser, DeskToUi, Socket};
use crate::net;

/// What is heard from the others once a session is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Word {
    /// The server and the technician were told all of it.
    Told,
    /// The computer refuses to restart.
    NoRestart,
    NetGone,
    UiGone,
}

/// For a computer that restarts to end this process: it ends those of a desktop among the first.
pub(super) const GOES_DOWN_WITHIN: Duration = Duration::from_secs(60);
/// For another process to have room for one more message.
const TO_HEAR: Duration = Duration::from_secs(1);

/// False: nobody is left who could be told, as where the computer goes down.
pub(super) fn stays_up(
    raiser: &Socket,
    words: &Receiver<Word>,
    goes_down_within: Duration,
) -> bool {
    if next(words, net::TIME_TO_END) == Some(Word::NetGone) {
        return false;
    }
    let asked = raiser.send_within(&DeskToRaiser::RestartNow, TO_HEAR);
    let is_asked = matches!(asked, Ok(true));
    !is_asked || next(words, goes_down_within) != Some(Word::NetGone)
}

/// The person may close their windows meanwhile. `None`: nothing was heard in this time.
fn next(words: &Receiver<Word>, time: Duration) -> Option<Word> {
    let until = Instant::now() + time;
    loop {
        let left = until.saturating_duration_since(Instant::now());
        match words.recv_timeout(left) {
            Ok(Word::UiGone) => {}
            heard => return heard.ok(),
        }
    }
}

/// To `heard`, who heard that the computer restarts, to the record, and to the person.
pub(super) fn tell_refused(net: &Socket, ui: &Socket, heard: &[ParticipantId]) {
    let reason = EndReason::RestartRefused;
    for to in heard.iter().copied() {
        let message = FromAgent::Ended(reason);
        let (way, bytes) = (way_of(&message), message.encode());
        let _heard = net.send_within(&DeskToNet::Say { to, way, bytes }, TO_HEAR);
    }
    for message in [
        DeskToNet::Fact(Fact::RestartFailed),
        DeskToNet::Ended(reason),
    ] {
        let _heard = net.send_within(&message, TO_HEAR);
    }
    let _shown = ui.send_within(&DeskToUi::Ended(reason), TO_HEAR);
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::{Sender, channel};

    use uuid::Uuid;

    use super::*;

    fn scene() -> (Socket, Socket, Sender<Word>, Receiver<Word>) {
        let (desk, raiser) = Socket::pair().unwrap();
        let (says, words) = channel();
        (desk, raiser, says, words)
    }

    fn is_asked(raiser: &Socket) -> bool {
        matches!(raiser.try_receive(), Ok(Some(DeskToRaiser::RestartNow)))
    }

    // Shows: REQ-AC-31.
    #[test]
    fn a_computer_that_refuses_or_does_nothing_stays_up() {
        for refuses in [true, false] {
            let (desk, raiser, says, words) = scene();
            says.send(Word::UiGone).unwrap();
            says.send(Word::Told).unwrap();
            if refuses {
                says.send(Word::NoRestart).unwrap();
            }

            assert!(stays_up(&desk, &words, Duration::ZERO), "{refuses}");
            assert!(is_asked(&raiser));
        }
    }

    // Shows: REQ-AC-31.
    #[test]
    fn nobody_is_told_where_the_network_goes_down_and_nothing_restarts_before_all_is_told() {
        let (desk, raiser, says, words) = scene();
        says.send(Word::NetGone).unwrap();
        assert!(!stays_up(&desk, &words, GOES_DOWN_WITHIN));
        assert!(!is_asked(&raiser));

        says.send(Word::Told).unwrap();
        says.send(Word::NetGone).unwrap();

        assert!(!stays_up(&desk, &words, GOES_DOWN_WITHIN));
        assert!(is_asked(&raiser));
    }

    // Shows: REQ-AC-31.
    #[test]
    fn whoever_heard_of_the_restart_hears_that_it_does_not_come() {
        let ((net, its_net), (ui, its_ui)) = (Socket::pair().unwrap(), Socket::pair().unwrap());
        let technician = ParticipantId(Uuid::from_u128(7));

        tell_refused(&net, &ui, &[technician]);

        let refused = FromAgent::Ended(EndReason::RestartRefused);
        let said = its_net.receive::<DeskToNet>();
        assert!(matches!(said, Ok(DeskToNet::Say { to, bytes, .. })
            if to == technician && FromAgent::decode(&bytes) == Ok(refused.clone())));
        let fact = its_net.receive::<DeskToNet>();
        assert!(matches!(fact, Ok(DeskToNet::Fact(Fact::RestartFailed))));
        let ended = its_net.receive::<DeskToNet>();
        let why = EndReason::RestartRefused;
        assert!(matches!(ended, Ok(DeskToNet::Ended(reason)) if reason == why));
        let shown = its_ui.receive::<DeskToUi>();
        assert!(matches!(shown, Ok(DeskToUi::Ended(reason)) if reason == why));
    }
}
