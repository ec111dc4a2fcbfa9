//! Carries a session: between the room and the process with the desktop, and to the server what is for the record.

mod ending;

use std::time::{Duration, Instant};

use conclave_client::e2ee::Seed;
use conclave_client::e2ee::recording::fingerprint;
use conclave_client::protocol::recording::RecordingBegun;
use conclave_client::protocol::remote::EndReason;
use conclave_client::{Connection, Event, News};
use conclave_remote::{Fact, Limits};
use tokio::task::JoinSet;
use tokio::time::{sleep, sleep_until};
use uuid::Uuid;

pub(super) use ending::{LAST_MATTERS, LAST_PIECES, LAST_WORDS};

use super::courier::Courier;
use super::entrance::random;
use super::feedback::Afterwards;
use super::filming::Filming;
use super::record::{Record, Told};
use super::recording::Came;
use super::recordings::Recordings;
use super::room::{AGAIN, Held, Over, Room, Sent};
use super::terms::limits;
use crate::ipc::{Airing, Broken, DeskToNet, Footage, NetToDesk};

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
    /// The room is gone. What was to be said there waits until its packets' connection is gone as well, and no longer than
    /// until then.
    gives_up_at: Option<Instant>,
    recordings: Recordings,
    /// Sealed with the last that is all sealed.
    afterwards: Afterwards,
    filming: Filming,
}

/// What came of something that was asked of the server.
enum Done {
    Limits(Option<Limits>),
    Told(Told),
    Connected(Option<Connection>),
    /// With the key of the recording that it was asked for.
    Recorded(Uuid, Came),
}

/// Between two looks at what policy permits.
const TERMS_TIME: Duration = Duration::from_secs(30);
/// Until what could not be sent is tried again.
const REST: Duration = Duration::from_millis(20);
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
            gives_up_at: None,
            recordings: Recordings::default(),
            afterwards: Afterwards::default(),
            filming: Filming::default(),
        }
    }

    /// Until the session has ended, or the process with the desktop is gone; then what is left for the record is told.
    /// Where it was recorded, what is said of it afterwards is sealed.
    pub(super) async fn run(mut self) -> (Room, Afterwards) {
        if self.room.seat.part.returns() > 0 {
            self.record.push(Fact::CameBack);
            // Before it went.
            self.afterwards.is_recorded = self.room.sealed_to.is_some();
        }
        self.afterwards.asks_its_own = self.room.questions.is_some();
        // Whoever came before the technician was met is told as well.
        let here = self.room.looks_round();
        let here = here.unwrap_or_else(|over| self.over(over));
        let ended = match self.pass_on(here).await {
            Ok(()) => self.goes_on().await,
            broken => broken,
        };
        if ended.is_err() && !self.hear_the_rest().await {
            self.speak_for_the_desk().await;
        }
        self.end().await;
        // With the computer this process goes down. Where it stays up there is more to tell.
        if self.room.keeps_place && self.stays_up().await.is_ok() {
            self.end().await;
        }
        (self.room, self.afterwards)
    }

    /// Until it has ended.
    async fn goes_on(&mut self) -> Result<(), Broken> {
        while self.step().await? {}
        Ok(())
    }

    /// The computer may restart: nothing of the session goes down with it any more.
    async fn stays_up(&mut self) -> Result<(), Broken> {
        self.desk.send(&NetToDesk::Told).await?;
        self.goes_on().await
    }

    /// The last is in force.
    fn take_seals(&mut self) {
        for seal in self.recordings.feedback_seals() {
            self.afterwards.seal = Some(seal);
        }
    }

    /// False: the session has ended.
    async fn step(&mut self) -> Result<bool, Broken> {
        self.report();
        self.look_at_terms();
        self.bring().await?;
        let takes = self.held.is_none() && !self.is_full;
        let is_ending = self.gives_up_at.is_some();
        let is_off = self.is_connecting || (is_ending && self.room.line.is_lost());
        let (wake, again_at) = (self.wake(), self.again_at);
        tokio::select! {
            // Who comes or goes is known before anything more is sent. It is as rare as what the network brings.
            biased;
            news = self.room.channel.next_news(), if !is_ending => self.heard(news).await?,
            said = self.desk.receive(), if takes => return self.said(said?).await,
            () = sleep_until(again_at.into()), if !takes => self.try_again().await,
            Some(Ok(done)) = self.jobs.join_next() => self.done(done).await?,
            event = self.room.packets.next_event(), if !is_off => self.received(event).await?,
            () = sleep_until(wake.into()) => {}
        }
        Ok(true)
    }

    fn wake(&self) -> Instant {
        let times = [
            Some(self.terms_at),
            self.record.wake(),
            self.recordings.wake(),
        ];
        times.into_iter().flatten().min().unwrap_or(self.terms_at)
    }

    async fn said(&mut self, said: DeskToNet) -> Result<bool, Broken> {
        match Held::of(said) {
            Ok(held) => self.send(held).await,
            Err(DeskToNet::Fact(fact)) => self.record.push(fact),
            Err(DeskToNet::Video(footage)) => self.film(footage).await?,
            Err(DeskToNet::RecordingBegins) => self.recording(),
            Err(DeskToNet::Recorded(records)) => self.recorded(records),
            Err(DeskToNet::RecordingEnds) => self.recordings.finish(),
            Err(ended) => {
                self.room.keeps_place = matches!(ended, DeskToNet::Ended(EndReason::Restarting));
                return Ok(false);
            }
        }
        Ok(true)
    }

    async fn film(&mut self, footage: Footage) -> Result<(), Broken> {
        let told = self.filming.take(&self.room, footage).await;
        self.tell_of_video(told).await
    }

    async fn tell_of_video(&mut self, told: Option<Airing>) -> Result<(), Broken> {
        let messages = told.into_iter().map(NetToDesk::Video);
        self.pass_on(messages.collect()).await
    }

    /// What is recorded may be here before the news that it begins.
    fn recording(&mut self) {
        // Whether the server begins one may never be heard.
        self.afterwards.is_recorded |= self.room.sealed_to.is_some();
        self.recordings.begin(Instant::now());
    }

    fn recorded(&mut self, records: Vec<u8>) {
        self.recording();
        self.recordings.push(Instant::now(), records);
    }

    /// What the server is to be asked for. The desk is told where something of the last is lost.
    async fn bring(&mut self) -> Result<(), Broken> {
        if self.recordings.loses_last(Instant::now()) {
            self.pass_on(vec![NetToDesk::RecordingLost]).await?;
        }
        self.take_seals();
        self.recordings.forget_done();
        self.ask_for_recordings();
        Ok(())
    }

    fn ask_for_recordings(&mut self) {
        for (key, errand) in self.recordings.next(Instant::now()) {
            let seat = self.room.seat.clone();
            self.jobs
                .spawn(async move { Done::Recorded(key, seat.carry(errand).await) });
        }
    }

    fn came(&mut self, key: Uuid, came: Came) {
        self.afterwards.is_recorded |= matches!(came, Came::Begun(_));
        let (seed, came) = (random().ok().map(Seed), self.looked_at(came));
        self.recordings.came(Instant::now(), key, came, seed);
    }

    /// Nothing is sealed to another key than the person was shown.
    fn looked_at(&self, came: Came) -> Came {
        match came {
            Came::Begun(begun) if !is_shown(self.room.sealed_to, &begun) => {
                tracing::error!("the server seals to another key than the person was shown");
                Came::Refused
            }
            came => came,
        }
    }

    async fn send(&mut self, held: Held) {
        if self.has_given_up() {
            return;
        }
        match self.room.say(held.to, held.way, &held.bytes).await {
            Sent::Done => {}
            Sent::Enough => self.is_full = true,
            Sent::NotYet => self.held = Some(held),
        }
        self.again_at = Instant::now() + REST;
    }

    /// A server that closed the room, and takes what is said there no more without saying so, holds nobody.
    fn has_given_up(&self) -> bool {
        self.gives_up_at.is_some_and(|at| Instant::now() >= at)
    }

    async fn try_again(&mut self) {
        match self.held.take() {
            Some(held) => self.send(held).await,
            None => {
                self.is_full = !self.has_given_up() && self.room.is_full().await;
                self.again_at = Instant::now() + REST;
            }
        }
    }

    async fn heard(&mut self, news: Option<News>) -> Result<(), Broken> {
        let messages = self.room.heard_news(news);
        let messages = messages.unwrap_or_else(|over| self.over(over));
        // What is on its way here was filmed before they came.
        let come = |it: &NetToDesk| matches!(it, NetToDesk::Joined(_));
        let told = messages.iter().any(come).then(|| self.filming.drop_all());
        self.tell_of_video(told).await?;
        self.pass_on(messages).await
    }

    /// Without its room the session ends by itself, and says so.
    fn over(&mut self, Over(reason): Over) -> Vec<NetToDesk> {
        self.gives_up_at = Some(Instant::now() + LAST_WORDS);
        vec![NetToDesk::RoomOver(reason)]
    }

    async fn received(&mut self, event: Option<Event>) -> Result<(), Broken> {
        if event.is_none() && self.gives_up_at.is_none() {
            self.connect(AGAIN);
        }
        let now = Instant::now();
        let told = event.as_ref().and_then(|it| self.filming.heard(now, it));
        let messages = self.room.heard_event(event);
        self.tell_of_video(told).await?;
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
        if let Some(report) = self.record.next(Instant::now()) {
            let seat = self.room.seat.clone();
            self.jobs
                .spawn(async move { Done::Told(seat.report(report).await) });
        }
    }

    async fn done(&mut self, done: Done) -> Result<(), Broken> {
        match done {
            Done::Told(told) => self.record.told(Instant::now(), told),
            Done::Limits(Some(limits)) if self.limits != Some(limits) => {
                self.limits = Some(limits);
                // As the desk has it: what was shown first holds.
                self.room.sealed_to = self.room.sealed_to.or(limits.sealed_to);
                self.pass_on(vec![NetToDesk::Limits(limits)]).await?;
            }
            // Policy holds as it is until it can be asked again.
            Done::Limits(_) => {}
            Done::Connected(Some(packets)) => {
                self.room.packets = packets;
                self.is_connecting = false;
                let told = self.filming.reconnected();
                self.tell_of_video(Some(told)).await?;
            }
            Done::Connected(None) => self.connect(AGAIN),
            Done::Recorded(key, came) => self.came(key, came),
        }
        Ok(())
    }
}

/// Where none was named, none was shown.
fn is_shown(shown: Option<[u8; 32]>, begun: &RecordingBegun) -> bool {
    shown.is_some_and(|shown| fingerprint(begun.public.as_bytes()) == Some(shown))
}

#[cfg(test)]
mod tests {
    use conclave_client::protocol::recording::PublicKey;
    use conclave_client::protocol::{OrganisationId, SupportSessionId};

    use super::*;

    // Shows: REQ-AU-04.
    #[test]
    fn nothing_is_sealed_to_another_key_than_the_person_was_shown() {
        let begun = |byte| RecordingBegun {
            recording: Uuid::from_u128(3),
            organisation: OrganisationId(Uuid::from_u128(1)),
            session: SupportSessionId(Uuid::from_u128(2)),
            public: PublicKey::new(vec![byte; 1_216]).unwrap(),
        };
        let shown = fingerprint(begun(1).public.as_bytes());

        assert!(shown.is_some() && is_shown(shown, &begun(1)));
        assert!(!is_shown(shown, &begun(2)) && !is_shown(None, &begun(1)));
    }
}
