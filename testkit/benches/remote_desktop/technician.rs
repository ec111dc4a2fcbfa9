//! A technician without a browser: what their page does, at a real server.

use std::time::{Duration, Instant};

use anyhow::{Context, bail, ensure};
use conclave_client::e2ee::group::{Group, Proof};
use conclave_client::proto::data_packet::Value;
use conclave_client::protocol::remote::{
    Answer, Capabilities, Capability, EndReason, FromAgent, FromTechnician, InputEvent, Key,
    MonitorId, Turn,
};
use conclave_client::{CommandError, DataMessage, Event, Invitation, Received};
use conclave_remote::tiles::{Decoder, FromViewer, Received as Seen, Rect};
use conclave_testkit::{Person, Practice, Server};
use tokio::runtime::Handle;
use tokio::time::timeout;
use uuid::Uuid;

use crate::viewer::{Viewer, until, watch};

pub(crate) struct Technician {
    runtime: Handle,
    person: Person,
    /// The agent's identity, once it is there.
    agent: Option<String>,
    decoder: Decoder,
    bytes: u64,
    permitted: Capabilities,
    turn: Option<Turn>,
    inputs: u32,
    ended: Option<EndReason>,
}

const REMOTE: &str = "conclave.remote";
const INPUT: &str = "conclave.input";
const TILES: &str = "conclave.tiles";
const MONITOR: MonitorId = MonitorId(0);
const LETTER: u8 = 0x04;
const PATIENCE: Duration = Duration::from_secs(60);
const SHORTLY: Duration = Duration::from_millis(2);
/// What is said to somebody whom the media do not reach yet is lost.
const ASK_AGAIN: Duration = Duration::from_secs(5);

impl Technician {
    /// Waits in their session.
    pub(crate) fn wait(
        runtime: &Handle,
        server: &Server,
        practice: &Practice,
        invitation: &Invitation,
    ) -> anyhow::Result<Self> {
        let person = runtime.block_on(async {
            let mut person = Person::host(server.address(), practice, invitation).await?;
            person.sends().await?;
            person.connect(Instant::now()).await?;
            let is_open = |event: &Event| matches!(event, Event::DataOpen { reliable: true });
            while !is_open(&person.media()?.next_event().await.context("no room")?) {}
            anyhow::Ok(person)
        })?;
        Ok(Self {
            runtime: runtime.clone(),
            person,
            agent: None,
            decoder: Decoder::new(),
            bytes: 0,
            permitted: Capabilities::NONE,
            turn: None,
            inputs: 0,
            ended: None,
        })
    }

    /// Asks, until the person says yes.
    pub(crate) fn asks(&mut self, capability: Capability) -> anyhow::Result<()> {
        let deadline = Instant::now() + PATIENCE;
        let mut asked: Option<Instant> = None;
        while !self.permitted.contains(capability) {
            ensure!(Instant::now() < deadline, "nobody says yes");
            if asked.is_none_or(|at| at.elapsed() > ASK_AGAIN) && self.finds_the_agent() {
                self.says(REMOTE, FromTechnician::Ask(capability).encode())?;
                asked = Some(Instant::now());
            }
            self.take(SHORTLY)?;
        }
        Ok(())
    }

    /// From hearing the yes to the whole picture; and of how many bytes it is.
    pub(crate) fn sees(&mut self) -> anyhow::Result<(Duration, u64)> {
        self.asks(Capability::View)?;
        let start = Instant::now();
        until(self, "the first picture", |viewer| viewer.is_exact())?;
        Ok((start.elapsed(), self.bytes))
    }

    /// Has keyboard and mouse, and the hand that said yes rests.
    pub(crate) fn controls(&mut self) -> anyhow::Result<()> {
        self.asks(Capability::Control)?;
        watch(self, Duration::from_secs(3))?;
        ensure!(self.turn.is_some(), "there is no control");
        Ok(())
    }

    /// So many presses of a key, one after the other.
    pub(crate) fn presses(&mut self, keys: usize) -> anyhow::Result<()> {
        (0..keys).try_for_each(|_| self.press())
    }

    /// Waits for the end. How long that took.
    pub(crate) fn hears_the_end(&mut self, start: Instant) -> anyhow::Result<Duration> {
        while self.ended.is_none() {
            self.take(SHORTLY)?;
            ensure!(start.elapsed() < PATIENCE, "it does not end");
        }
        let took = start.elapsed();
        ensure!(self.ended == Some(EndReason::Stopped), "{:?}", self.ended);
        Ok(took)
    }

    fn finds_the_agent(&mut self) -> bool {
        let roster = self.person.encryption.in_group(Group::roster);
        let mut roster = roster.into_iter().flatten();
        let agent = roster.find(|one| one.proof == Proof::Guest);
        let agent = agent.map(|one| Uuid::from_bytes(one.identity.participant.0));
        self.agent = agent.map(|agent| agent.to_string());
        self.agent.is_some()
    }

    fn says(&mut self, topic: &str, payload: Vec<u8>) -> anyhow::Result<()> {
        let message = DataMessage {
            reliable: true,
            topic: Some(topic.to_owned()),
            to: self.agent.iter().cloned().collect(),
            payload,
            ..DataMessage::default()
        };
        loop {
            let message = message.clone();
            let media = self.person.media()?;
            let sent = media.with(move |endpoint, now| endpoint.send_data(now, &message));
            match self.runtime.block_on(sent) {
                Some(Ok(())) => return Ok(()),
                Some(Err(CommandError::Full | CommandError::NotOpen | CommandError::NoKey)) => {
                    std::thread::sleep(SHORTLY);
                }
                Some(Err(error)) => return Err(error.into()),
                None => bail!("the connection has ended"),
            }
        }
    }

    fn hears(&mut self, received: &Received) -> anyhow::Result<()> {
        let Value::User(packet) = &received.value else {
            return Ok(());
        };
        match packet.topic.as_deref() {
            Some(TILES) => self.looks(&packet.payload),
            Some(REMOTE) => {
                let message = FromAgent::decode(&packet.payload);
                self.heeds(message.ok().context("no message")?);
                Ok(())
            }
            _ => Ok(()),
        }
    }

    fn looks(&mut self, bytes: &[u8]) -> anyhow::Result<()> {
        self.bytes += bytes.len() as u64;
        let seen = self.decoder.receive(bytes);
        let answer = match seen.ok().context("no tiles")? {
            Seen::Batch(update) => update.answer(),
            Seen::Stale(answer) => answer,
            // What it can show are tiles.
            Seen::Cursor | Seen::Video(_) => return Ok(()),
        };
        self.answers(&answer)
    }

    fn answers(&mut self, answer: &FromViewer) -> anyhow::Result<()> {
        self.says(TILES, answer.encode())
    }

    fn heeds(&mut self, message: FromAgent) {
        match message {
            FromAgent::Answer {
                to,
                answer: Answer::Granted { .. },
            } => self.permitted = self.permitted.with(to),
            FromAgent::ControlBegins(turn) => (self.turn, self.inputs) = (Some(turn), 0),
            FromAgent::Ended(reason) => self.ended = Some(reason),
            _ => {}
        }
    }

    fn does(&mut self, event: InputEvent) -> anyhow::Result<()> {
        let turn = self.turn.context("there is no control")?;
        let number = self.inputs;
        self.inputs += 1;
        let input = FromTechnician::Input {
            turn,
            number,
            event,
        };
        self.says(INPUT, input.encode())
    }
}

impl Viewer for Technician {
    fn take(&mut self, time: Duration) -> anyhow::Result<()> {
        let media = self.person.media()?;
        let next = async { timeout(time, media.next_event()).await };
        match self.runtime.block_on(next) {
            Err(_) => Ok(()),
            Ok(None) => bail!("the connection has ended"),
            Ok(Some(Event::Data(received))) => self.hears(&received),
            Ok(Some(_)) => Ok(()),
        }
    }

    fn pixel(&self, x: u16, y: u16) -> u32 {
        let pixels = self.pixels(Rect::new(x, y, 1, 1));
        pixels.first().copied().unwrap_or_default()
    }

    fn pixels(&self, area: Rect) -> Vec<u32> {
        let picture = self.decoder.picture(MONITOR);
        let rows = picture.into_iter().flat_map(|picture| picture.rows(area));
        rows.flatten().copied().collect()
    }

    fn is_exact(&self) -> bool {
        self.decoder.is_pixel_exact(MONITOR)
    }

    fn press(&mut self) -> anyhow::Result<()> {
        let key = Key::new(LETTER).context("no key")?;
        self.does(InputEvent::Key { key, down: true })?;
        self.does(InputEvent::Key { key, down: false })
    }

    fn bytes(&self) -> u64 {
        self.bytes
    }
}
