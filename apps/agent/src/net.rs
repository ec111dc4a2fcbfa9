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
mod feedback;
mod filming;
mod joining;
mod line;
mod presenting;
mod rate;
mod record;
mod recording;
mod recordings;
mod returning;
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

use crate::errand::Errand;
use crate::ipc::{Broken, Failure, NetToDesk, NetToUi, Socket};
use entrance::{Door, Seat};
use feedback::{Afterwards, Judgement};
use joining::{Input, Joining, Output, Promise};
use presenting::Presenting;
use returning::{Returned, way_back};
use room::Room;
use session::Session;
use unattended::Doorkeeper;

pub use confinement::Confinement;
pub(crate) use courier::Courier;

/// At most, from the end of the session on: what is for the record is told, a recording brought, and the place given up.
pub(crate) const TIME_TO_END: Duration = session::LAST_WORDS
    .saturating_mul(session::LAST_MATTERS)
    .saturating_add(session::LAST_PIECES)
    .saturating_add(entrance::FAREWELL)
    .saturating_add(feedback::TIME_TO_BRING);

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
    let Some(entered) = FrontDoor::new(&ui, errand, trust).open().await? else {
        return Ok(());
    };
    if let Some(questions) = entered.room.questions.clone() {
        ui.send(&NetToUi::Questions(questions)).await?;
    }
    let (room, afterwards) = match tell(&desk, &entered.begin, entered.way_back).await {
        Ok(()) => Session::new(&desk, entered.room).run().await,
        Err(_) => (entered.room, Afterwards::default()),
    };
    let (seat, keeps_place) = room.vacated();
    // With this process all others end: the person says how it was when they are back, with the recording of then.
    if keeps_place {
        return Ok(());
    }
    seat.leave().await;
    let told = ui.send(&NetToUi::Over).await;
    if errand.unattended.is_none() && told.is_ok() {
        return feedback::take(&ui, &seat, afterwards).await;
    }
    // There is nobody to ask.
    if let Some(seal) = afterwards.seal {
        let asks_its_own = afterwards.asks_its_own;
        seal.bring(&seat, Judgement::default(), asks_its_own).await;
    }
    told
}

async fn tell(
    desk: &Courier,
    begin: &NetToDesk,
    way_back: Option<Box<Errand>>,
) -> Result<(), Broken> {
    desk.send(begin).await?;
    match way_back {
        Some(errand) => desk.send(&NetToDesk::WayBack(errand)).await,
        None => Ok(()),
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
    met: Option<Box<(Room, NetToDesk)>>,
    /// The place that is come back to, until it is taken.
    returned: Option<Returned>,
    /// Who is trusted, for another time.
    server: Errand,
    way_back: Option<Box<Errand>>,
    /// Where nobody need be.
    doorkeeper: Option<Doorkeeper>,
}

/// The technician is there.
struct Entered {
    room: Room,
    begin: NetToDesk,
    /// After a restart of the computer; none where nobody need sit.
    way_back: Option<Box<Errand>>,
}

type Asked = Pin<Box<dyn Future<Output = Answer>>>;

enum Answer {
    Found(Input),
    Joined(Result<Box<(Seat, Promise)>, Failure>),
    Met(Result<Box<(Room, NetToDesk)>, Failure>),
}

impl<'a> FrontDoor<'a> {
    fn new(ui: &'a Courier, errand: &Errand, trust: &'a Trust) -> Self {
        let doorkeeper = Doorkeeper::of(errand);
        let wanted = errand.wanted.as_deref();
        let wanted = wanted.filter(|_| doorkeeper.is_none());
        let (returned, promise) = Returned::of(errand).unzip();
        let joining = match promise {
            Some(promise) => Joining::returning(promise),
            None => Joining::new(errand.server.clone(), wanted),
        };
        let server = Errand {
            server: errand.server.clone(),
            key: errand.key,
            trust: errand.trust.clone(),
            ..Errand::default()
        };
        Self {
            ui,
            trust,
            joining,
            returned,
            server,
            way_back: None,
            asked: None,
            seat: None,
            promise: None,
            met: None,
            doorkeeper,
        }
    }

    /// `None`: nobody wants to be helped any more.
    async fn open(mut self) -> Result<Option<Entered>, Broken> {
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
                Output::Begin => return Ok(self.entered()),
                Output::Over => return Ok(None),
                Output::Wait => self.wait().await?,
            }
        }
    }

    fn entered(&mut self) -> Option<Entered> {
        let (room, begin) = *self.met.take()?;
        let way_back = self.way_back.take();
        Some(Entered {
            room,
            begin,
            way_back: way_back.filter(|_| self.doorkeeper.is_none()),
        })
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
            Answer::Joined(joined) => Input::Joined(joined.map(|joined| {
                let (seat, promise) = *joined;
                self.seat = Some(seat);
                self.promise = Some(promise);
            })),
            Answer::Met(met) => Input::Met(met.map(|met| self.met = Some(met))),
        }
    }

    fn join(&mut self, promise: Promise) {
        let door = Door::new(promise.server.clone(), self.trust.clone());
        if let Some(returned) = self.returned.take() {
            let joined = Answer::Joined(Ok(Box::new((returned.seat(door), promise))));
            self.asked = Some(Box::pin(std::future::ready(joined)));
            return;
        }
        self.asked = Some(Box::pin(async move {
            let seat = door.join(&promise).await;
            Answer::Joined(seat.map(|seat| Box::new((seat, promise))))
        }));
    }

    fn meet(&mut self) {
        if let (Some(seat), Some(promise)) = (self.seat.clone(), self.promise.take()) {
            self.way_back = Some(way_back(&self.server, &promise, &seat));
            self.asked = Some(Box::pin(async move {
                Answer::Met(seat.meet(&promise).await.map(Box::new))
            }));
        }
    }

    async fn abandon(&mut self) {
        self.asked = None;
        self.met = None;
        let server = self.server.server.clone();
        if let Some((returned, server)) = self.returned.take().zip(server) {
            let door = Door::new(server, self.trust.clone());
            returned.seat(door).leave().await;
        }
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
