//! Into the room of a session: a place in its group, and the connection for its packets.

use std::time::{Duration, Instant, SystemTime};

use conclave_client::e2ee::Seed;
use conclave_client::e2ee::device::DeviceKeys;
use conclave_client::membership::Seeds;
use conclave_client::protocol::companion::ReportCompanion;
use conclave_client::protocol::meeting::MeetingCode;
use conclave_client::protocol::recording::{EndRecording, KeepFeedback, Manifest, SealedFeedback};
use conclave_client::protocol::support::{
    ReportSupport, SupportFeedback, SupportOffer, SupportTerms,
};
use conclave_client::{
    Channel, Connection, Encryption, Event, Guest, Means, Member, Membership, News, NotDone,
    Options, Petition, Place, Trust, Zero,
};
use serde::Serialize;
use serde::de::IgnoredAny;
use tokio::time::timeout;
use uuid::Uuid;
use zeroize::Zeroizing;

use super::crowd::Crowd;
use super::joining::Promise;
use super::line::Line;
use super::record::{Report, Told};
use super::recording::{Came, Errand};
use super::room::Room;
use super::terms::{limits, questions};
use crate::ipc::{Failure, NetToDesk};
use crate::origin::Origin;
use crate::wanted::Key;

mod meeting;

/// For the technician to be there: their page shows the code, so they are.
const PATIENCE: Duration = Duration::from_secs(60);
/// Where they also have to see who knocks, and to let them in: half of what a code lasts.
const PATIENCE_AT_THE_DOOR: Duration = Duration::from_secs(5 * 60);

/// For a server to be told that somebody leaves.
pub(super) const FAREWELL: Duration = Duration::from_secs(4);

/// Of one server.
#[derive(Clone)]
pub(super) struct Door {
    guest: Guest,
    server: Origin,
    trust: Trust,
}

/// A place that was taken, and what was agreed to.
#[derive(Clone)]
pub(super) struct Seat {
    pub(super) door: Door,
    pub(super) place: Place,
    /// Of this place alone: by it the group knows who comes back to theirs.
    pub(super) device: Zeroizing<Vec<u8>>,
    pub(super) part: Part,
}

/// As what a place was taken: which rules hold there, and where facts are told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// In a support session, after so many restarts of the computer.
    Helped { returns: u32 },
    /// As a presenter's computer, in a turn of its own.
    Companion { turn: u32 },
}

impl Part {
    pub(super) fn returns(self) -> u32 {
        match self {
            Self::Helped { returns } => returns,
            Self::Companion { .. } => 0,
        }
    }
}

impl Door {
    pub(super) fn new(server: Origin, trust: Trust) -> Self {
        Self {
            guest: Guest::new(server.as_str()).trusting(trust.clone()),
            server,
            trust,
        }
    }

    pub(super) async fn look_up(&self, code: MeetingCode) -> Result<SupportOffer, Failure> {
        let path = format!("/support/codes/{code}");
        let found = self.guest.get(&path, None).await;
        found.map_err(|error| Failure::of(&error))
    }

    pub(super) async fn join(&self, promise: &Promise) -> Result<Seat, Failure> {
        let name = promise.name.as_str();
        let place = match &promise.key {
            Key::Link(invitation) => self.guest.join(invitation, name).await,
            Key::Passcode { code, .. } => self.guest.knock(*code, name).await,
        };
        Ok(Seat {
            door: self.clone(),
            place: place.map_err(|error| Failure::of(&error))?,
            device: device()?,
            part: Part::Helped { returns: 0 },
        })
    }
}

impl Seat {
    pub(super) fn guest(&self) -> &Guest {
        &self.door.guest
    }

    /// Gives the place up for good. A server that can't be told keeps it until it notices.
    pub(super) async fn leave(&self) {
        let left = timeout(FAREWELL, self.guest().leave(&self.place)).await;
        if !matches!(left, Ok(Ok(()))) {
            tracing::info!("the server was not told that the session is over");
        }
    }

    pub(super) async fn terms(&self) -> Result<SupportTerms, Failure> {
        let path = self.path("terms");
        let terms = self.guest().get(&path, Some(&self.place.credential)).await;
        terms.map_err(|error| Failure::of(&error))
    }

    /// For the record of the organisation.
    pub(super) async fn report(&self, report: Report) -> Told {
        let path = self.path("facts");
        let Report { key, facts } = report;
        let told = match self.part {
            Part::Helped { returns } => {
                let (key, report) = (key_of(returns, key), ReportSupport { facts });
                self.post_as(Some(key), &path, &report).await
            }
            Part::Companion { turn } => {
                let (key, report) = (key_of(turn, key), ReportCompanion { turn, facts });
                self.post_as(Some(key), &path, &report).await
            }
        };
        told_of(told)
    }

    /// Asks the server for what a recording needs next.
    pub(super) async fn carry(&self, errand: Errand) -> Came {
        match self.ask(errand).await {
            Ok(came) => came,
            Err(NotDone::Unreachable(_)) => Came::Later,
            Err(NotDone::Refused(status, _)) if passes(status.as_u16()) => Came::Later,
            Err(_) => Came::Refused,
        }
    }

    async fn ask(&self, errand: Errand) -> Result<Came, NotDone> {
        let path = format!("/meetings/{}/support/recordings", self.place.meeting);
        let credential = self.place.credential.as_str();
        match errand {
            Errand::Begin { key } => {
                let guest = self.guest();
                let begun = guest.post_as(key, &path, Some(credential), None).await?;
                Ok(Came::Begun(begun))
            }
            Errand::Bring {
                recording,
                number,
                bytes,
            } => {
                let path = format!("{path}/{recording}/{number}");
                let kept = self.guest().put_bytes(&path, credential, bytes).await?;
                Ok(Came::Kept(kept))
            }
            Errand::End {
                recording,
                manifest,
            } => {
                let manifest = Manifest::new(manifest).ok_or(NotDone::Unreadable)?;
                let path = format!("{path}/{recording}/end");
                // It ends once, whether the first answer came or not.
                self.post_as(Some(recording), &path, &EndRecording { manifest })
                    .await?;
                Ok(Came::Ended)
            }
        }
    }

    /// What the person who was helped thinks of it.
    pub(super) async fn feed_back(&self, feedback: SupportFeedback) {
        let path = format!("/meetings/{}/support/feedback", self.place.meeting);
        if let Err(error) = self.post_as(None, &path, &feedback).await {
            tracing::info!(%error, "the server takes no feedback");
        }
    }

    /// The same, sealed with a recording.
    pub(super) async fn feed_back_sealed(
        &self,
        recording: Uuid,
        key: Uuid,
        sealed: &SealedFeedback,
    ) -> Told {
        let path = format!(
            "/meetings/{}/support/recordings/{recording}/feedback",
            self.place.meeting
        );
        let sealed = sealed.clone();
        let body = KeepFeedback { sealed };
        told_of(self.post_as(Some(key), &path, &body).await)
    }

    fn path(&self, what: &str) -> String {
        let part = match self.part {
            Part::Helped { .. } => "support",
            Part::Companion { .. } => "companion",
        };
        format!("/meetings/{}/{part}/{what}", self.place.meeting)
    }

    /// `key`: of what may be asked again.
    async fn post_as(
        &self,
        key: Option<Uuid>,
        path: &str,
        body: &impl Serialize,
    ) -> Result<(), NotDone> {
        let body = serde_json::to_value(body).map_err(|_| NotDone::Unreadable)?;
        let credential = Some(self.place.credential.as_str());
        let (guest, body) = (self.guest(), Some(body));
        let _answer: IgnoredAny = match key {
            Some(key) => guest.post_as(key, path, credential, body).await?,
            None => guest.post(path, credential, body).await?,
        };
        Ok(())
    }

    /// Enters, and waits until the technician is there and can be spoken with.
    pub(super) async fn meet(&self, promise: &Promise) -> Result<(Room, NetToDesk), Failure> {
        let patience = match promise.key {
            Key::Link(_) => PATIENCE,
            Key::Passcode { .. } => PATIENCE_AT_THE_DOOR,
        };
        let met = timeout(patience, self.enter(promise)).await;
        met.unwrap_or(Err(Failure::NobodyThere))
    }

    async fn enter(&self, promise: &Promise) -> Result<(Room, NetToDesk), Failure> {
        let membership = self.membership(promise.name.as_str(), means(&promise.key)?)?;
        let mut channel = self.open_channel(membership);
        let encryption = admitted(&mut channel).await?;
        let terms = self.terms().await?;
        let mut crowd = Crowd::new(self.place.participant, promise.offer.organisation.clone());
        let technician = loop {
            let roster = encryption.in_group(conclave_client::e2ee::group::Group::roster);
            let found = crowd.technician(&roster.unwrap_or_default(), &promise.offer.technician);
            match found.map_err(|_| Failure::Untrusted)? {
                Some(technician) => break technician,
                None => goes_on(channel.next_news().await)?,
            }
        };
        let mut packets = self.connect(&encryption).await.ok_or(Failure::Failed)?;
        open(&mut packets).await?;
        let limits = limits(&terms);
        let room = Room {
            seat: self.clone(),
            channel,
            encryption,
            packets,
            crowd,
            line: Line::default(),
            companion: None,
            sealed_to: limits.sealed_to,
            questions: questions(&terms),
            is_alarmed: false,
            keeps_place: false,
        };
        Ok((room, NetToDesk::Begin { technician, limits }))
    }

    fn open_channel(&self, membership: Membership) -> Channel {
        let (url, trust) = (self.door.server.of_sockets(), self.door.trust.clone());
        Channel::open(&url, trust, membership)
    }

    fn membership(&self, name: &str, means: Means) -> Result<Membership, Failure> {
        let member = Member {
            place: self.place.clone(),
            display_name: name.to_owned(),
            account: None,
            keys: DeviceKeys::from_bytes(&self.device).map_err(|_| Failure::Failed)?,
            means,
        };
        let seeds = Seeds {
            seat: Seed(random()?),
            names: *random()?,
        };
        let since_1970 = SystemTime::UNIX_EPOCH.elapsed();
        let zero = Zero {
            instant: Instant::now(),
            since_1970: since_1970.map_err(|_| Failure::Failed)?,
        };
        Ok(Membership::new(member, seeds, zero))
    }

    /// Another connection for packets. `None`: the server gives no ticket, or can't be reached.
    pub(super) async fn connect(&self, encryption: &Encryption) -> Option<Connection> {
        let ticket = self.guest().ticket(&self.place).await.ok()?;
        let mut options = Options::new(self.door.server.of_sockets(), ticket, Instant::now());
        options.trust = self.door.trust.clone();
        options.encryption = Some(encryption.clone());
        // By them a video keeps to what arrives.
        options.reports = true;
        // What others may publish in the room is not for this computer.
        options.auto_subscribe = false;
        Connection::open(options).await.ok()
    }
}

fn means(key: &Key) -> Result<Means, Failure> {
    Ok(match key {
        Key::Link(invitation) => Means::Link(invitation.clone()),
        Key::Passcode { code, passcode } => {
            let (at_the_door, inside) = (Seed(random()?), Seed(random()?));
            let petition = Petition::new(*code, passcode, at_the_door, inside);
            Means::Passcode(Box::new(petition))
        }
    })
}

/// Each turn, and each return, numbers its reports from one, and the server knows a report by its key alone.
fn key_of(turn: u32, key: Uuid) -> Uuid {
    Uuid::from_u128((u128::from(turn) << 64) | key.as_u128())
}

fn told_of(told: Result<(), NotDone>) -> Told {
    match told {
        Ok(()) => Told::Done,
        Err(NotDone::Unreachable(_)) => Told::Later,
        Err(NotDone::Refused(status, _)) if passes(status.as_u16()) => Told::Later,
        Err(_) => Told::Refused,
    }
}

/// The server, or what is in front of it, may take it in a moment.
fn passes(status: u16) -> bool {
    matches!(status, 429 | 500..)
}

async fn admitted(channel: &mut Channel) -> Result<Encryption, Failure> {
    loop {
        match channel.next_news().await {
            Some(News::Admitted(encryption)) => return Ok(encryption),
            news => goes_on(news)?,
        }
    }
}

/// The first packet may go out.
async fn open(packets: &mut Connection) -> Result<(), Failure> {
    loop {
        match packets.next_event().await {
            Some(Event::DataOpen { reliable: true }) => return Ok(()),
            Some(Event::Ended(_)) | None => return Err(Failure::Failed),
            Some(_) => {}
        }
    }
}

fn goes_on(news: Option<News>) -> Result<(), Failure> {
    match news {
        Some(News::Ended(_)) | None => Err(Failure::NobodyThere),
        Some(News::Alarm(_)) => Err(Failure::Untrusted),
        Some(News::NotGiven(why)) => Err(Failure::of_petition(why)),
        Some(_) => Ok(()),
    }
}

/// The keys of another device, as they are kept.
pub(super) fn device() -> Result<Zeroizing<Vec<u8>>, Failure> {
    Ok(DeviceKeys::generate(Seed(random()?)).to_bytes())
}

/// 32 bytes that nobody knows.
pub(super) fn random() -> Result<Zeroizing<[u8; 32]>, Failure> {
    let mut bytes = Zeroizing::new([0; 32]);
    getrandom::fill(bytes.as_mut_slice()).map_err(|_| Failure::Failed)?;
    Ok(bytes)
}
