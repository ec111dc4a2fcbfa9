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
mod holder;
mod mailbox;
mod no_network;
mod outbox;
mod pasteboard;
mod places;
mod pointer;
mod view;
mod viewer;
mod ways;

use std::collections::VecDeque;
use std::io;
use std::os::fd::OwnedFd;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use conclave_protocol::remote::EndReason;
use conclave_remote::{Display, Input, Limits, Person, Session};

use self::eyes::Eyes;
use self::files::Files;
use self::holder::Holder;
use self::mailbox::{Happening, Mailbox};
use self::outbox::Outbox;
use self::pasteboard::Pasteboard;
use crate::check::in_one_line;
use crate::inbox::{Downloads, Inbox, Scanner};
use crate::ipc::{Broken, DeskToNet, DeskToUi, NetToDesk, Socket, UiToDesk};
use crate::platform::Fault;
use crate::platform::x11::{
    Injector, Ledger, LocalWatch, SelectionClipboard, StopKeys, WindowList,
};
use crate::signals::Signals;

/// Where one desk works.
pub struct Desk {
    /// `None`: the display that `DISPLAY` names.
    pub display: Option<String>,
    /// Goes with the session.
    pub run_directory: PathBuf,
    pub downloads: Downloads,
    pub scanner: Option<Scanner>,
}

#[derive(Debug, thiserror::Error)]
enum Unfit {
    #[error("the network can't be left")]
    Network(#[source] seccompiler::Error),
    #[error("the desktop can't be helped")]
    Desktop(#[from] Fault),
    #[error("the folder for files can't be made")]
    Inbox(#[source] io::Error),
    #[error("it can't be told to end")]
    Signals(#[source] io::Error),
    #[error("the other processes can't be heard")]
    Sockets(#[from] Broken),
}

/// Holds one session, and stays until a person has seen its end: 0. 1: the desktop can't be helped.
pub fn run(net: OwnedFd, ui: OwnedFd, run_directory: &Path) -> ExitCode {
    let Some(downloads) = Downloads::of_person() else {
        return ExitCode::FAILURE;
    };
    let desk = Desk {
        display: None,
        run_directory: run_directory.to_path_buf(),
        downloads,
        scanner: Scanner::of_environment(),
    };
    desk.run(net.into(), ui.into())
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
        ears::heed_stop_keys(StopKeys::open(display)?, Arc::clone(&mailbox));
        let (gone, peers) = channel();
        ears::hear_net(net.again()?, Arc::clone(&mailbox), gone.clone());
        ears::heed_signals(Signals::catch().map_err(Unfit::Signals)?, net.again()?);
        ears::hear_ui(ui.again()?, Arc::clone(&mailbox), gone);
        match wait_for_session(&mailbox) {
            Ok((technician, limits)) => self.hold(&mailbox, net, ui, technician, limits)?,
            Err(reason) => {
                mailbox.over();
                net.try_send(&DeskToNet::Ended(reason))?;
                ui.try_send(&DeskToUi::Ended(reason))?;
            }
        }
        linger(&peers);
        Ok(())
    }

    fn hold(
        self,
        mailbox: &Arc<Mailbox>,
        net: &Socket,
        ui: &Socket,
        technician: Person,
        limits: Limits,
    ) -> Result<(), Unfit> {
        let display = self.display.as_deref();
        let ledger = Ledger::default();
        let injector = Injector::open(display, ledger.clone())?;
        ears::heed_hands(LocalWatch::open(display, ledger)?, Arc::clone(mailbox));
        let clipboard = SelectionClipboard::open(display)?;
        let inbox = Inbox::open(&self.run_directory, self.downloads, self.scanner);
        let inbox = inbox.map_err(Unfit::Inbox)?;
        let mut eyes = Eyes::open(display)?;
        let look = eyes.look()?;
        let mut holder = Holder {
            session: Session::new(Instant::now(), technician, limits),
            mailbox: Arc::clone(mailbox),
            net: net.again()?,
            ui: ui.again()?,
            outbox: Outbox::open(net.again()?),
            injector,
            pasteboard: Pasteboard::of(clipboard, Arc::clone(mailbox)),
            files: Files::of(inbox, Arc::clone(mailbox)),
            nudge: eyes.watch(Arc::clone(mailbox)),
            windows: WindowList::open(display)?,
            display: self.display,
            places: places::Places::default(),
            broadcast: None,
            viewers: Vec::new(),
            indicator: None,
            untold: VecDeque::new(),
        };
        holder.look(look);
        holder.tell(Input::Display(Display::Prompt(false)));
        // X says nothing of what a field is for; `docs/agent.md` does.
        holder.tell(Input::Display(Display::PasswordFocus(false)));
        holder.hold();
        Ok(())
    }
}

/// The windows can be shown, and the technician is there. Or why there will be no session.
fn wait_for_session(mailbox: &Mailbox) -> Result<(Person, Limits), EndReason> {
    let (mut is_ready, mut begins) = (false, None);
    loop {
        match mailbox.next_until(None) {
            Some(Happening::Stop | Happening::Ui(UiToDesk::Stop)) => {
                return Err(EndReason::Stopped);
            }
            Some(Happening::UiGone) => return Err(EndReason::SignLost),
            Some(Happening::DesktopGone | Happening::Net(NetToDesk::Shutdown)) => {
                return Err(EndReason::AgentStopped);
            }
            Some(Happening::Net(NetToDesk::RoomOver(reason))) => return Err(reason),
            Some(Happening::Ui(UiToDesk::Ready)) => is_ready = true,
            Some(Happening::Net(NetToDesk::Begin { technician, limits })) => {
                begins = Some((technician, limits));
            }
            Some(_) | None => {}
        }
        if let Some(begins) = begins.take_if(|_| is_ready) {
            return Ok(begins);
        }
    }
}

/// The session is over, and nothing of the desktop is held. The launcher ends all processes with the first: the person
/// reads how it ended meanwhile, and says how it was.
fn linger(peers: &Receiver<()>) {
    let _gone = peers.recv_timeout(LONGEST_FAREWELL);
}

const LONGEST_FAREWELL: Duration = Duration::from_secs(60 * 60);
