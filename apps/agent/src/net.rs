//! The process with the network: it finds the session that is meant, joins it, and carries what is said.
//!
//! It has no desktop, and no files but those that names and certificates are read from. What it opens of the packets it
//! passes on unread; who is in the room it takes from the meeting's group and not from the server.

mod confinement;
mod courier;
mod crowd;
mod entrance;
mod fact;
mod failure;
mod joining;
mod line;
mod presenting;
mod record;
mod recording;
mod room;
mod session;
mod terms;
mod unattended;
mod way;

use std::future::Future;
use std::os::fd::OwnedFd;
use std::pin::Pin;
use std::process::ExitCode;
use std::time::Duration;

use conclave_client::Trust;
use conclave_client::protocol::support::SupportFeedback;
use tokio::time::timeout;

use crate::errand::Errand;
use crate::ipc::{Broken, Failure, NetToDesk, NetToUi, Socket, UiToNet};
use entrance::{Door, Seat};
use joining::{Input, Joining, Output, Promise};
use presenting::Presenting;
use room::Room;
use session::Session;
use unattended::Doorkeeper;

pub use confinement::Confinement;
pub(crate) use courier::Courier;

/// At most, from the end of the session on: what is for the record is told, a recording brought, and the place given up.
pub(crate) const TIME_TO_END: Duration = session::LAST_WORDS
    .saturating_add(session::LAST_PIECES)
    .saturating_add(entrance::FAREWELL);
/// What somebody thinks of a session is taken for so long after it: as long as the server takes it.
const FEEDBACK_TIME: Duration = Duration::from_secs(60 * 60);

/// Runs until the session is over and everybody else has gone.
pub fn run(desk: OwnedFd, ui: OwnedFd, errand: &Errand) -> ExitCode {
    let trust = match errand.trust() {
        Ok(trust) => trust,
        Err(error) => {
            tracing::error!(%error, "nobody can be trusted");
            return ExitCode::FAILURE;
        }
    };
    Confinement::begin();
    let mut runtime = tokio::runtime::Builder::new_current_thread();
    let Ok(runtime) = runtime.enable_all().build() else {
        return ExitCode::FAILURE;
    };
    match runtime.block_on(serve(desk.into(), ui.into(), errand, &trust)) {
        // Whoever is gone has ended what is done here.
        Ok(()) | Err(Broken::Closed) => ExitCode::SUCCESS,
        Err(error) => {
            tracing::error!(%error, "another process is not what it should be");
            ExitCode::FAILURE
        }
    }
}

/// As [`run`], within a runtime and without closing anything off.
pub async fn serve(desk: Socket, ui: Socket, errand: &Errand, trust: &Trust) -> Result<(), Broken> {
    let (desk, ui) = (Courier::new(desk)?, Courier::new(ui)?);
    if let Some(link) = &errand.presents {
        return Presenting::new(&desk, &ui).run(link, trust).await;
    }
    let Some((room, begin)) = FrontDoor::new(&ui, errand, trust).open().await? else {
        return Ok(());
    };
    let seat = match desk.send(&begin).await {
        Ok(()) => Session::new(&desk, room).run().await.seat,
        Err(_) => room.seat,
    };
    seat.leave().await;
    ui.send(&NetToUi::Over).await?;
    if errand.unattended.is_some() {
        return Ok(());
    }
    timeout(FEEDBACK_TIME, feedback(&ui, &seat))
        .await
        .unwrap_or(Ok(()))
}

/// Once; whatever else is said does not matter any more.
async fn feedback(ui: &Courier, seat: &Seat) -> Result<(), Broken> {
    loop {
        if let UiToNet::Feedback { solved, rating } = ui.receive().await? {
            seat.feed_back(SupportFeedback { solved, rating }).await;
            return Ok(());
        }
    }
}

/// Carries out what [`Joining`] says.
struct FrontDoor<'a> {
    ui: &'a Courier,
    trust: &'a Trust,
    joining: Joining,
    /// What is being asked of the server.
    asked: Option<Asked>,
    seat: Option<Seat>,
    /// What the person agreed to.
    promise: Option<Promise>,
    met: Option<(Room, NetToDesk)>,
    /// Where nobody need be.
    doorkeeper: Option<Doorkeeper>,
}

type Asked = Pin<Box<dyn Future<Output = Answer>>>;

enum Answer {
    Found(Input),
    Joined(Result<(Seat, Promise), Failure>),
    Met(Result<(Room, NetToDesk), Failure>),
}

impl<'a> FrontDoor<'a> {
    fn new(ui: &'a Courier, errand: &Errand, trust: &'a Trust) -> Self {
        let doorkeeper = Doorkeeper::of(errand);
        let wanted = errand.wanted.as_deref();
        let wanted = wanted.filter(|_| doorkeeper.is_none());
        Self {
            ui,
            trust,
            joining: Joining::new(errand.server.clone(), wanted),
            asked: None,
            seat: None,
            promise: None,
            met: None,
            doorkeeper,
        }
    }

    /// `None`: nobody wants to be helped any more.
    async fn open(mut self) -> Result<Option<(Room, NetToDesk)>, Broken> {
        loop {
            match self.joining.poll_output() {
                Output::Say(message) => self.say(&message).await?,
                Output::LookUp { server, code } => {
                    let door = Door::new(server, self.trust.clone());
                    self.asked = Some(Box::pin(async move {
                        Answer::Found(Input::Found(door.look_up(code).await))
                    }));
                }
                Output::Join(promise) => self.join(promise),
                Output::Meet => self.meet(),
                Output::Abandon => self.abandon().await,
                Output::Begin => return Ok(self.met.take()),
                Output::Over => return Ok(None),
                Output::Wait => self.wait().await?,
            }
        }
    }

    /// Whoever shows the windows is gone: so is the place.
    async fn say(&mut self, message: &NetToUi) -> Result<(), Broken> {
        if let Some(keeper) = &mut self.doorkeeper
            && let Some(answer) = keeper.answer(message)
        {
            self.joining.handle_input(Input::Said(answer));
            return Ok(());
        }
        let said = self.ui.send(message).await;
        if said.is_err() {
            self.abandon().await;
        }
        said
    }

    async fn wait(&mut self) -> Result<(), Broken> {
        let input = tokio::select! {
            said = self.ui.receive() => match said {
                Ok(said) => Input::Said(said),
                Err(gone) => {
                    self.abandon().await;
                    return Err(gone);
                }
            },
            answer = answered(&mut self.asked) => self.take(answer),
        };
        self.joining.handle_input(input);
        Ok(())
    }

    fn take(&mut self, answer: Answer) -> Input {
        self.asked = None;
        match answer {
            Answer::Found(found) => found,
            Answer::Joined(joined) => Input::Joined(joined.map(|(seat, promise)| {
                self.seat = Some(seat);
                self.promise = Some(promise);
            })),
            Answer::Met(met) => Input::Met(met.map(|met| self.met = Some(met))),
        }
    }

    fn join(&mut self, promise: Promise) {
        let door = Door::new(promise.server.clone(), self.trust.clone());
        self.asked = Some(Box::pin(async move {
            let seat = door.join(&promise).await;
            Answer::Joined(seat.map(|seat| (seat, promise)))
        }));
    }

    fn meet(&mut self) {
        if let (Some(seat), Some(promise)) = (self.seat.clone(), self.promise.take()) {
            self.asked = Some(Box::pin(
                async move { Answer::Met(seat.meet(&promise).await) },
            ));
        }
    }

    async fn abandon(&mut self) {
        self.asked = None;
        self.met = None;
        if let Some(seat) = self.seat.take() {
            seat.leave().await;
        }
    }
}

/// Waits for ever where nothing was asked.
async fn answered(asked: &mut Option<Asked>) -> Answer {
    match asked {
        Some(asked) => asked.await,
        None => std::future::pending().await,
    }
}
