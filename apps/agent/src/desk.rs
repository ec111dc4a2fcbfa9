//! The process with the desktop: it holds the session, and does to the computer what the session says, and no more.
//!
//! ```text
//! net, ui, the person's hands, the display ──► Mailbox ──► Holder ──► the display, the files, net, ui
//!                                                             └── Broadcast ──► net
//! ```
//!
//! # Security
//!
//! It has no network: what it sees leaves by the process that has one, sealed for the room. Between two things that it
//! does to the computer it looks at what the person did meanwhile. The stop keys have a thread of their own, which ends
//! the process where the session does not end at once.

mod broadcast;
mod ears;
mod eyes;
mod files;
mod film;
mod gate;
mod holder;
mod idle_talk;
mod leaving;
mod mailbox;
mod no_network;
mod outbox;
mod pasteboard;
mod places;
mod pointer;
mod raiser;
mod video;
mod view;
mod viewer;
mod ways;

use std::collections::VecDeque;
use std::io;
use std::os::fd::OwnedFd;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::{Duration, Instant, SystemTime};

use conclave_protocol::remote::EndReason;
use conclave_remote::{Display, Input, Limits, Person, Session};

use self::eyes::Eyes;
use self::files::Files;
use self::holder::{Holder, Over};
use self::leaving::{GOES_DOWN_WITHIN, Word, stays_up, tell_refused};
use self::mailbox::{Happening, Mailbox};
use self::outbox::Outbox;
use self::pasteboard::Pasteboard;
use self::raiser::Raiser;
use crate::check::in_one_line;
use crate::inbox::{Downloads, Inbox, Scanner};
use crate::ipc::{Broken, DeskToNet, DeskToRaiser, DeskToUi, NetToDesk, Socket, UiToDesk};
use crate::launcher::{CAPS, RAISER, UNATTENDED};
use crate::platform::Fault;
use crate::platform::x11::{
    Injector, Ledger, LocalWatch, SelectionClipboard, StopKeys, WindowList,
};
use crate::policy::InForce;
use crate::signals::Signals;

/// Where one desk works.
pub struct Desk {
    /// `None`: the display that `DISPLAY` names.
    pub display: Option<String>,
    pub downloads: Downloads,
    pub scanner: Option<Scanner>,
    /// The technician has shown the computer to be an administrator of it, and nobody need sit there.
    pub is_unattended: bool,
    /// What is permitted at the most, whatever the process with the network says.
    pub caps: Option<InForce>,
    /// To the process that asks for an administrator's rights.
    pub raiser: Option<Socket>,
}

#[derive(Debug, thiserror::Error)]
enum Unfit {
    #[error("the network can't be left")]
    Network(#[source] seccompiler::Error),
    #[error("the desktop can't be helped")]
    Desktop(#[from] Fault),
    #[error("it can't be told to end")]
    Signals(#[source] io::Error),
    #[error("the other processes can't be heard")]
    Sockets(#[from] Broken),
}

/// Holds one session, or one after the other where the person presents, and stays until they have seen the end: 0. 1: the desktop can't be helped.
pub fn run(net: OwnedFd, ui: OwnedFd) -> ExitCode {
    let Some(downloads) = Downloads::of_person() else {
        return ExitCode::FAILURE;
    };
    let Ok(caps) = caps_given() else {
        return ExitCode::FAILURE;
    };
    let (net, ui) = (Socket::from(net), Socket::from(ui));
    // Before the windows are heard: it was sent in their place.
    let raiser = std::env::var_os(RAISER).and_then(|_| ui.receive_socket());
    let desk = Desk {
        display: None,
        downloads,
        scanner: Scanner::of_environment(),
        is_unattended: std::env::var_os(UNATTENDED).is_some(),
        caps,
        raiser,
    };
    desk.run(net, ui)
}

/// By the launcher. What can't be read is not taken for none.
fn caps_given() -> Result<Option<InForce>, serde_json::Error> {
    let given = std::env::var_os(CAPS);
    let caps = given.map(|given| serde_json::from_slice(given.as_encoded_bytes()));
    caps.transpose()
}

impl Desk {
    pub fn run(self, net: Socket, ui: Socket) -> ExitCode {
        match self.serve(&net, &ui) {
            Ok(()) => ExitCode::SUCCESS,
            Err(unfit) => {
                tracing::error!("{}", in_one_line(&unfit));
                let reason = EndReason::AgentStopped;
                let _told = net.try_send(&DeskToNet::Ended(reason));
                let _told = ui.try_send(&DeskToUi::Ended(reason));
                ExitCode::FAILURE
            }
        }
    }

    fn serve(self, net: &Socket, ui: &Socket) -> Result<(), Unfit> {
        no_network::leave_network().map_err(Unfit::Network)?;
        let mailbox = Arc::new(Mailbox::default());
        let display = self.display.as_deref();
        // First of all, so that whatever follows can be stopped.
        ears::heed_stop_keys(StopKeys::open(display)?, Arc::clone(&mailbox))?;
        let (says, words) = channel();
        ears::hear_net(net.again()?, Arc::clone(&mailbox), says.clone());
        ears::heed_signals(Signals::catch().map_err(Unfit::Signals)?, net.again()?);
        ears::hear_ui(ui.again()?, Arc::clone(&mailbox), says.clone());
        let others = Others {
            net,
            ui,
            says: &says,
            words: &words,
        };
        let mut waiting = Waiting::default();
        loop {
            match waiting.for_session(&mailbox) {
                // Others may be let use it later, who are refused as well.
                Ok(_) if self.is_too_late() => {
                    mailbox.over();
                    others.hear_of_end(EndReason::NotPermitted)?;
                }
                Ok((technician, limits)) => {
                    mailbox.begin();
                    let over = self.hold(&mailbox, &others, technician, limits)?;
                    let restarts = over.reason == EndReason::Restarting;
                    if restarts && !self.stays_up(&others, &over) {
                        return Ok(());
                    }
                }
                Err(reason) => {
                    mailbox.close();
                    mailbox.over();
                    others.hear_of_end(reason)?;
                }
            }
            if !mailbox.goes_on() {
                break;
            }
            waiting.rest();
        }
        linger(&words);
        Ok(())
    }

    /// The time of the organisation's policy is over, which it was not when this was started.
    fn is_too_late(&self) -> bool {
        let now = SystemTime::now().into();
        self.caps.is_some_and(|caps| !caps.is_at(now))
    }

    fn hold(
        &self,
        mailbox: &Arc<Mailbox>,
        others: &Others<'_>,
        technician: Person,
        limits: Limits,
    ) -> Result<Over, Unfit> {
        let Others { net, ui, says, .. } = others;
        let limits = self.caps.map_or(limits, |it| it.caps.cap(limits));
        let display = self.display.as_deref();
        let ledger = Ledger::default();
        let injector = Injector::open(display, ledger.clone())?;
        ears::heed_hands(LocalWatch::open(display, ledger)?, Arc::clone(mailbox))?;
        let clipboard = SelectionClipboard::open(display)?;
        let inbox = Inbox::new(self.downloads.clone(), self.scanner.clone());
        let mut eyes = Eyes::open(display)?;
        let look = eyes.look()?;
        let mut holder = Holder {
            session: match self.is_unattended {
                true => Session::unattended(Instant::now(), technician, limits),
                false => Session::new(Instant::now(), technician, limits),
            },
            mailbox: Arc::clone(mailbox),
            net: net.again()?,
            ui: ui.again()?,
            outbox: Outbox::open(net.again()?),
            injector,
            pasteboard: Pasteboard::of(clipboard, Arc::clone(mailbox))?,
            files: Files::of(inbox, Arc::clone(mailbox)),
            nudge: eyes.watch(Arc::clone(mailbox))?,
            windows: WindowList::open(display)?,
            raiser: Raiser::of(self.raiser.as_ref(), mailbox, says),
            way_back: None,
            display: self.display.clone(),
            places: places::Places::default(),
            broadcast: None,
            viewers: Vec::new(),
            indicator: None,
            recorder: None,
            video: None,
            is_secret: true,
            untold: VecDeque::new(),
        };
        holder.look(look);
        holder.tell(Input::Display(Display::Prompt(false)));
        // X says nothing of what a field is for; `docs/agent.md` does.
        holder.tell(Input::Display(Display::PasswordFocus(false)));
        Ok(holder.hold())
    }

    /// False: the computer goes down, or nobody is left to be told that it does not. Otherwise whoever waits for it hears so,
    /// and nothing of the way back is left.
    fn stays_up(&self, others: &Others<'_>, over: &Over) -> bool {
        let Some(raiser) = &self.raiser else {
            return true;
        };
        let stays = stays_up(raiser, others.words, GOES_DOWN_WITHIN);
        if stays {
            let _taken_away = raiser.try_send(&DeskToRaiser::Lower);
            tell_refused(others.net, others.ui, &over.heard);
        }
        stays
    }
}

/// The other processes, and what is heard of them when a session is over.
struct Others<'a> {
    net: &'a Socket,
    ui: &'a Socket,
    says: &'a Sender<Word>,
    words: &'a Receiver<Word>,
}

impl Others<'_> {
    /// Of a session that did not begin.
    fn hear_of_end(&self, reason: EndReason) -> Result<(), Broken> {
        self.net.try_send(&DeskToNet::Ended(reason))?;
        self.ui.try_send(&DeskToUi::Ended(reason))?;
        Ok(())
    }
}

/// For a session, or for the next one.
#[derive(Default)]
struct Waiting {
    /// The windows can be shown.
    is_ready: bool,
    /// Until then the stop keys are of the session before: they may be held down.
    deaf_until: Option<Instant>,
}

impl Waiting {
    /// The windows can be shown, and the technician is there. Or why there will be no session.
    fn for_session(&mut self, mailbox: &Mailbox) -> Result<(Person, Limits), EndReason> {
        let mut begins = None;
        loop {
            match mailbox.next_until(None) {
                Some(Happening::Stop) if self.is_deaf() => {}
                Some(Happening::Stop) => return Err(EndReason::Stopped),
                Some(Happening::UiGone) => return Err(EndReason::SignLost),
                Some(Happening::DesktopGone | Happening::Net(NetToDesk::Shutdown)) => {
                    return Err(EndReason::AgentStopped);
                }
                Some(Happening::Net(NetToDesk::Presents)) => mailbox.go_on(),
                // Where sessions follow each other, these two are of the one before.
                Some(Happening::Ui(UiToDesk::Stop) | Happening::Net(NetToDesk::RoomOver(_)))
                    if mailbox.goes_on() => {}
                Some(Happening::Ui(UiToDesk::Stop)) => return Err(EndReason::Stopped),
                Some(Happening::Net(NetToDesk::RoomOver(reason))) => return Err(reason),
                Some(Happening::Ui(UiToDesk::Ready)) => self.is_ready = true,
                Some(Happening::Net(NetToDesk::Begin { technician, limits })) => {
                    begins = Some((technician, limits));
                }
                Some(_) | None => {}
            }
            if let Some(begins) = begins.take_if(|_| self.is_ready) {
                return Ok(begins);
            }
        }
    }

    fn rest(&mut self) {
        self.deaf_until = Some(Instant::now() + STOP_KEYS_REST);
    }

    fn is_deaf(&self) -> bool {
        self.deaf_until.is_some_and(|until| Instant::now() < until)
    }
}

/// As long as somebody in a hurry holds keys down.
const STOP_KEYS_REST: Duration = Duration::from_secs(2);

/// The session is over, and nothing of the desktop is held. The launcher ends all processes with the first: the person
/// reads how it ended meanwhile, and says how it was.
fn linger(words: &Receiver<Word>) {
    let until = Instant::now() + LONGEST_FAREWELL;
    let next = || words.recv_timeout(until.saturating_duration_since(Instant::now()));
    while let Ok(Word::Told | Word::NoRestart) = next() {}
}

/// At most, from the end of the session on: whoever ends the process sooner leaves something undone or untold.
pub(crate) const TIME_TO_END: Duration = files::LAST_WORK.saturating_add(outbox::LAST_WORDS);

const LONGEST_FAREWELL: Duration = Duration::from_secs(60 * 60);
