//! Carries a session: between the room and the process with the desktop, and to the server what is for the record.

use std::time::{Duration, Instant};

use conclave_client::{Connection, Event, News};
use conclave_remote::Limits;
use tokio::task::JoinSet;
use tokio::time::{sleep, sleep_until, timeout};

use super::courier::Courier;
use super::entrance::Seat;
use super::record::{Record, Told};
use super::room::{AGAIN, Held, Over, Room, Sent};
use super::terms::limits;
use crate::ipc::{Broken, DeskToNet, NetToDesk};

pub(super) struct Session<'a> {
    desk: &'a Courier,
    room: Room,
    record: Record,
    /// What can't be sent yet; the desk's process is not read meanwhile.
    held: Option<Held>,
    /// Enough is on its way.
    is_full: bool,
    /// What could not be sent is tried again then, whatever else happens meanwhile.
    again_at: Instant,
    limits: Option<Limits>,
    terms_at: Instant,
    jobs: JoinSet<Done>,
    /// Another connection for the packets is on its way.
    is_connecting: bool,
    /// The room is gone.
    is_ending: bool,
}

/// What came of something that was asked of the server.
enum Done {
    Limits(Option<Limits>),
    Told(Told),
    Connected(Option<Connection>),
}

/// Between two looks at what policy permits.
const TERMS_TIME: Duration = Duration::from_secs(30);
/// Until what could not be sent is tried again.
const REST: Duration = Duration::from_millis(20);
/// For the last facts to be taken.
const LAST_WORDS: Duration = Duration::from_secs(5);

impl<'a> Session<'a> {
    pub(super) fn new(desk: &'a Courier, room: Room) -> Self {
        Self {
            desk,
            room,
            record: Record::default(),
            held: None,
            is_full: false,
            again_at: Instant::now(),
            limits: None,
            terms_at: Instant::now() + TERMS_TIME,
            jobs: JoinSet::new(),
            is_connecting: false,
            is_ending: false,
        }
    }

    /// Until the session has ended, or the process with the desktop is gone; then what is left for the record is told.
    pub(super) async fn run(mut self) -> Seat {
        // Whoever came before the technician was met is told as well.
        let here = self.room.looks_round();
        let here = here.unwrap_or_else(|over| self.over(over));
        if self.pass_on(here).await.is_ok() {
            while let Ok(true) = self.step().await {}
        }
        if timeout(LAST_WORDS, self.tell_the_rest()).await.is_err() {
            tracing::warn!("the server was not told all of the session");
        }
        self.room.seat
    }

    /// False: the session has ended.
    async fn step(&mut self) -> Result<bool, Broken> {
        self.report();
        let takes = self.held.is_none() && !self.is_full;
        let hears = !self.is_ending && !self.is_connecting;
        let (wake, again_at) = (self.wake(), self.again_at);
        tokio::select! {
            said = self.desk.receive(), if takes => return self.said(said?).await,
            () = sleep_until(again_at.into()), if !takes => self.try_again().await,
            news = self.room.channel.next_news(), if !self.is_ending => self.heard(news).await?,
            event = self.room.packets.next_event(), if hears => self.received(event).await?,
            Some(Ok(done)) = self.jobs.join_next() => self.done(done).await?,
            () = sleep_until(wake.into()) => self.look_at_terms(),
        }
        Ok(true)
    }

    fn wake(&self) -> Instant {
        let record = self.record.wake();
        record.map_or(self.terms_at, |at| at.min(self.terms_at))
    }

    async fn said(&mut self, said: DeskToNet) -> Result<bool, Broken> {
        match Held::of(said) {
            Ok(held) => self.send(held).await,
            Err(DeskToNet::Fact(fact)) => self.record.push(fact),
            Err(_ended) => return Ok(false),
        }
        Ok(true)
    }

    async fn send(&mut self, held: Held) {
        match self.room.say(held.to, held.way, &held.bytes).await {
            Sent::Done => {}
            Sent::Enough => self.is_full = true,
            Sent::NotYet => self.held = Some(held),
        }
        self.again_at = Instant::now() + REST;
    }

    async fn try_again(&mut self) {
        match self.held.take() {
            Some(held) => self.send(held).await,
            None => {
                self.is_full = self.room.is_full().await;
                self.again_at = Instant::now() + REST;
            }
        }
    }

    async fn heard(&mut self, news: Option<News>) -> Result<(), Broken> {
        let messages = self.room.heard_news(news);
        let messages = messages.unwrap_or_else(|over| self.over(over));
        self.pass_on(messages).await
    }

    /// Without its room the session ends by itself, and says so.
    fn over(&mut self, Over(reason): Over) -> Vec<NetToDesk> {
        self.is_ending = true;
        vec![NetToDesk::RoomOver(reason)]
    }

    async fn received(&mut self, event: Option<Event>) -> Result<(), Broken> {
        if event.is_none() {
            self.connect(AGAIN);
        }
        let messages = self.room.heard_event(event);
        self.pass_on(messages).await
    }

    async fn pass_on(&mut self, messages: Vec<NetToDesk>) -> Result<(), Broken> {
        for message in messages {
            match self.desk.send(&message).await {
                Err(Broken::TooLarge) => tracing::warn!("a packet is too large to pass on"),
                sent => sent?,
            }
        }
        Ok(())
    }

    fn connect(&mut self, delay: Duration) {
        self.is_connecting = true;
        let (seat, encryption) = (self.room.seat.clone(), self.room.encryption.clone());
        self.jobs.spawn(async move {
            sleep(delay).await;
            Done::Connected(seat.connect(&encryption).await)
        });
    }

    fn look_at_terms(&mut self) {
        let now = Instant::now();
        if now < self.terms_at {
            return;
        }
        self.terms_at = now + TERMS_TIME;
        let seat = self.room.seat.clone();
        let terms = async move { seat.terms().await.ok() };
        self.jobs
            .spawn(async move { Done::Limits(terms.await.map(|terms| limits(&terms))) });
    }

    fn report(&mut self) {
        if let Some(facts) = self.record.next(Instant::now()) {
            let seat = self.room.seat.clone();
            self.jobs
                .spawn(async move { Done::Told(seat.report(facts).await) });
        }
    }

    async fn done(&mut self, done: Done) -> Result<(), Broken> {
        match done {
            Done::Told(told) => self.record.told(Instant::now(), told),
            Done::Limits(Some(limits)) if self.limits != Some(limits) => {
                self.limits = Some(limits);
                self.pass_on(vec![NetToDesk::Limits(limits)]).await?;
            }
            // Policy holds as it is until it can be asked again.
            Done::Limits(_) => {}
            Done::Connected(Some(packets)) => {
                self.room.packets = packets;
                self.is_connecting = false;
            }
            Done::Connected(None) => self.connect(AGAIN),
        }
        Ok(())
    }

    async fn tell_the_rest(&mut self) {
        while !self.record.is_done() {
            self.report();
            let wake = self.record.wake();
            let wake = wake.unwrap_or_else(|| Instant::now() + LAST_WORDS);
            tokio::select! {
                Some(Ok(done)) = self.jobs.join_next() => {
                    if let Done::Told(told) = done {
                        self.record.told(Instant::now(), told);
                    }
                }
                () = sleep_until(wake.into()) => {}
            }
        }
    }
}
