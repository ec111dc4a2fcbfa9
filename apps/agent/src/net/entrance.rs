//! Into the room of a session: a place in its group, and the connection for its packets.

use std::time::{Duration, Instant, SystemTime};

use conclave_client::e2ee::Seed;
use conclave_client::e2ee::device::DeviceKeys;
use conclave_client::membership::Seeds;
use conclave_client::protocol::meeting::MeetingCode;
use conclave_client::protocol::support::{
    ReportSupport, SupportFact, SupportFeedback, SupportOffer, SupportTerms,
};
use conclave_client::{
    Channel, Connection, Encryption, Event, Guest, Member, Membership, News, NotDone, Options,
    Place, Trust, Zero,
};
use serde::Serialize;
use serde::de::IgnoredAny;
use tokio::time::timeout;
use zeroize::Zeroizing;

use super::crowd::Crowd;
use super::joining::Promise;
use super::line::Line;
use super::record::Told;
use super::room::Room;
use super::terms::limits;
use crate::ipc::{Failure, NetToDesk};
use crate::origin::Origin;

/// For the technician to be there: their page shows the code, so they are.
const PATIENCE: Duration = Duration::from_secs(60);

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
        let (invitation, name) = (&promise.invitation, promise.name.as_str());
        let place = self.guest.join(invitation, name).await;
        Ok(Seat {
            door: self.clone(),
            place: place.map_err(|error| Failure::of(&error))?,
        })
    }
}

impl Seat {
    pub(super) fn guest(&self) -> &Guest {
        &self.door.guest
    }

    /// Gives the place up for good. A server that can't be told keeps it until it notices.
    pub(super) async fn leave(&self) {
        if let Err(error) = self.guest().leave(&self.place).await {
            tracing::info!(%error, "the server was not told that the session is over");
        }
    }

    pub(super) async fn terms(&self) -> Result<SupportTerms, Failure> {
        let path = format!("/meetings/{}/support/terms", self.place.meeting);
        let terms = self.guest().get(&path, Some(&self.place.credential)).await;
        terms.map_err(|error| Failure::of(&error))
    }

    /// For the record of the organisation.
    pub(super) async fn report(&self, facts: Vec<SupportFact>) -> Told {
        let path = format!("/meetings/{}/support/facts", self.place.meeting);
        match self.post(&path, &ReportSupport { facts }).await {
            Ok(()) => Told::Done,
            Err(NotDone::Unreachable(_)) => Told::Later,
            Err(NotDone::Refused(status, _)) if passes(status.as_u16()) => Told::Later,
            Err(_) => Told::Refused,
        }
    }

    /// What the person who was helped thinks of it.
    pub(super) async fn feed_back(&self, feedback: SupportFeedback) {
        let path = format!("/meetings/{}/support/feedback", self.place.meeting);
        if let Err(error) = self.post(&path, &feedback).await {
            tracing::info!(%error, "the server takes no feedback");
        }
    }

    async fn post(&self, path: &str, body: &impl Serialize) -> Result<(), NotDone> {
        let body = serde_json::to_value(body).map_err(|_| NotDone::Unreadable)?;
        let credential = Some(self.place.credential.as_str());
        let _answer: IgnoredAny = self.guest().post(path, credential, Some(body)).await?;
        Ok(())
    }

    /// Enters, and waits until the technician is there and can be spoken with.
    pub(super) async fn meet(&self, promise: &Promise) -> Result<(Room, NetToDesk), Failure> {
        let met = timeout(PATIENCE, self.enter(promise)).await;
        met.unwrap_or(Err(Failure::NobodyThere))
    }

    async fn enter(&self, promise: &Promise) -> Result<(Room, NetToDesk), Failure> {
        let membership = self.membership(promise)?;
        let (url, trust) = (self.door.server.of_sockets(), self.door.trust.clone());
        let mut channel = Channel::open(&url, trust, membership);
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
        let room = Room {
            seat: self.clone(),
            channel,
            encryption,
            packets,
            crowd,
            line: Line::default(),
        };
        let limits = limits(&terms);
        Ok((room, NetToDesk::Begin { technician, limits }))
    }

    fn membership(&self, promise: &Promise) -> Result<Membership, Failure> {
        let member = Member {
            place: self.place.clone(),
            display_name: promise.name.as_str().to_owned(),
            account: None,
            keys: DeviceKeys::generate(Seed(random()?)),
            invitation: promise.invitation.clone(),
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
        // Nobody publishes in the room of a session.
        options.auto_subscribe = false;
        Connection::open(options).await.ok()
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
        Some(_) => Ok(()),
    }
}

/// 32 bytes that nobody knows.
fn random() -> Result<Zeroizing<[u8; 32]>, Failure> {
    let mut bytes = Zeroizing::new([0; 32]);
    getrandom::fill(bytes.as_mut_slice()).map_err(|_| Failure::Failed)?;
    Ok(bytes)
}
