//! The way to the process that asks for an administrator's rights.

use std::sync::Arc;
use std::sync::mpsc::Sender;
use std::thread;

use conclave_protocol::remote::Raising;
use conclave_remote::Done;

use super::leaving::Word;
use super::mailbox::{Happening, Mailbox};
use crate::ipc::{DeskToRaiser, RaiserToDesk, Socket};

/// Without one nobody is raised.
pub(super) struct Raiser(Option<Socket>);

impl Raiser {
    /// `says`: what is heard once the session is over.
    pub(super) fn of(socket: Option<&Socket>, mailbox: &Arc<Mailbox>, says: &Sender<Word>) -> Self {
        let ends = socket.map(|socket| (socket.again(), socket.again()));
        let Some((Ok(own), Ok(ear))) = ends else {
            return Self(None);
        };
        hear(ear, Arc::clone(mailbox), says.clone());
        Self(Some(own))
    }

    /// False: nobody hears it.
    pub(super) fn tell(&self, message: &DeskToRaiser) -> bool {
        let said = self.0.as_ref().map(|socket| socket.try_send(message));
        matches!(said, Some(Ok(true)))
    }
}

/// Until it is gone, with which whatever it was asked comes to nothing.
fn hear(socket: Socket, mailbox: Arc<Mailbox>, says: Sender<Word>) {
    thread::spawn(move || {
        while let Ok(message) = socket.receive::<RaiserToDesk>() {
            let done = match message {
                RaiserToDesk::Raised(outcome) => Done::Raised(outcome),
                RaiserToDesk::WayBack { is_laid } => Done::WayBack { is_laid },
                RaiserToDesk::NoRestart => {
                    let _nobody_waits = says.send(Word::NoRestart);
                    continue;
                }
            };
            mailbox.near(Happening::Done(done));
        }
        let nothing = [
            Done::Raised(Raising::Impossible),
            Done::WayBack { is_laid: false },
        ];
        for done in nothing {
            mailbox.near(Happening::Done(done));
        }
    });
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::channel;

    use super::*;

    #[test]
    fn a_raiser_that_is_gone_raises_nobody_and_one_that_never_was_hears_nothing() {
        let mailbox = Arc::new(Mailbox::default());
        let (own, theirs) = Socket::pair().unwrap();
        let (says, words) = channel();
        let raiser = Raiser::of(Some(&own), &mailbox, &says);
        assert!(raiser.tell(&DeskToRaiser::Lower));

        theirs.send(&RaiserToDesk::NoRestart).unwrap();
        assert_eq!(words.recv(), Ok(Word::NoRestart));
        drop(theirs);

        let happened = mailbox.next_until(None);
        let impossible = Done::Raised(Raising::Impossible);
        assert!(matches!(happened, Some(Happening::Done(done)) if is_same(&done, &impossible)));
        assert!(!Raiser::of(None, &mailbox, &says).tell(&DeskToRaiser::Lower));
    }

    fn is_same(one: &Done, other: &Done) -> bool {
        matches!((one, other), (Done::Raised(one), Done::Raised(other)) if one == other)
    }
}
