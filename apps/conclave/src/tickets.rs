//! Join and resume tickets: how a participant of a meeting enters LiveKit's signalling.
//!
//! A ticket has the form of a LiveKit token, signed with a key of this installation. It says who
//! comes and to which room, and carries no rights: those are read from the store whenever it is shown.

use std::time::{Duration, SystemTime};

use conclave_audit::{Actor, Entry, Event};
use conclave_livekit::token::{self, Claims, VideoGrants};
use conclave_policy::join_ticket::{self, Holder, JOIN_LIFETIME, RESUME_LIFETIME};
use conclave_policy::{Decision, Reason};
use conclave_protocol::{MeetingId, ParticipantId, Timestamp};
use conclave_sfu::{Access, RoomName};
use conclave_store::action::SpendTicket;
use conclave_store::read::meeting::Meeting;
use conclave_store::read::participant::Participant;
use conclave_store::read::ticket::TicketKind;
use conclave_store::{ReadError, Store, TokenHash, WriteError};

use crate::installation_key::InstallationKey;
use crate::secret::{self, NoRandomness};
use crate::{Clock, recorded, room_names};

/// What a ticket is shown for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// `/rtc/validate` and what precedes an upgrade: spends nothing.
    Validate,
    /// The WebSocket is open and `join` is about to be sent: spends a join ticket.
    Join,
    /// The client continues a session (`reconnect=1`).
    Resume,
}

/// Whom a ticket lets in. Rights are those of the store at this moment.
pub struct Redeemed {
    /// Made by `room_names::of_meeting`, so that no developer's token can name it.
    pub room: RoomName,
    pub access: Access,
}

/// Why a ticket lets nobody in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TicketRefusal {
    /// Not one of ours: it may be a developer's token.
    #[error("the ticket is not this server's")]
    Foreign,
    #[error("the ticket is not valid any more")]
    Invalid,
    /// The participant is not admitted, has left, or the meeting has ended.
    #[error("the participant is not admitted")]
    NotAdmitted,
    /// The store can't answer at this moment.
    #[error("the server can't check the ticket at this moment")]
    Unavailable,
}

/// Makes and checks tickets. Cheap to clone.
#[derive(Clone)]
pub struct Tickets {
    store: Store,
    clock: Clock,
    key: InstallationKey,
}

/// A join ticket that is about to be written.
pub(crate) struct Issued {
    pub(crate) token: String,
    pub(crate) id: TokenHash,
    pub(crate) expires_at: Timestamp,
}

/// A ticket whose signature is ours.
struct Shown {
    id: TokenHash,
    kind: TicketKind,
    meeting: MeetingId,
    participant: ParticipantId,
    expires_at: Timestamp,
}

impl Tickets {
    pub(crate) fn new(store: Store, clock: Clock, key: InstallationKey) -> Self {
        Self { store, clock, key }
    }

    /// Whom this ticket lets in, at this moment and for this purpose.
    pub async fn redeem(&self, token: &str, purpose: Purpose) -> Result<Redeemed, TicketRefusal> {
        let shown = self.read(token)?;
        let participant = self.store.participant(shown.participant).await?;
        let meeting = self.store.meeting(shown.meeting).await?;
        let (Some(participant), Some(meeting)) = (participant, meeting) else {
            return Err(TicketRefusal::Invalid);
        };
        if participant.meeting != meeting.id {
            return Err(TicketRefusal::Invalid);
        }
        self.check(&shown, &participant, &meeting, purpose).await?;
        if purpose == Purpose::Join {
            self.enter(&shown, &participant, &meeting).await?;
        }
        Ok(Redeemed {
            room: room_names::of_meeting(meeting.id),
            access: access(participant.id),
        })
    }

    /// A ticket for `refresh_token`, bound to the participant. `None` for who is not a meeting's participant.
    pub fn resume_ticket(&self, room: &RoomName, identity: &str) -> Option<String> {
        let meeting = room_names::meeting(room)?;
        let participant = identity.parse().ok()?;
        let made = self.make(TicketKind::Resume, meeting, participant, RESUME_LIFETIME);
        made.ok().map(|issued| issued.token)
    }

    /// A ticket for one join.
    pub(crate) fn join_ticket(
        &self,
        meeting: MeetingId,
        participant: ParticipantId,
    ) -> Result<Issued, NoRandomness> {
        self.make(TicketKind::Join, meeting, participant, JOIN_LIFETIME)
    }

    fn make(
        &self,
        kind: TicketKind,
        meeting: MeetingId,
        participant: ParticipantId,
        lifetime: Duration,
    ) -> Result<Issued, NoRandomness> {
        let now = self.clock.now();
        let (id, hash) = secret::fresh()?;
        let claims = Claims {
            issuer: issuer(kind).to_owned(),
            identity: participant.to_string(),
            id,
            video: Some(VideoGrants {
                room_join: true,
                room: room_names::of_meeting(meeting).0,
                ..VideoGrants::default()
            }),
            ..Claims::default()
        }
        .valid_for(system_time(now), lifetime);
        let signed = token::sign(&claims, self.key.as_bytes());
        Ok(Issued {
            token: signed.map_err(|_| NoRandomness)?,
            id: hash,
            expires_at: now.plus(lifetime),
        })
    }

    fn read(&self, token: &str) -> Result<Shown, TicketRefusal> {
        let issuer = token::issuer(token).map_err(|_| TicketRefusal::Foreign)?;
        let kind = kind(&issuer).ok_or(TicketRefusal::Foreign)?;
        let now = system_time(self.clock.now());
        let claims = token::verify(token, self.key.as_bytes(), now);
        let claims = claims.map_err(|_| TicketRefusal::Invalid)?;
        let room = claims.video.map(|grants| RoomName(grants.room));
        let meeting = room.as_ref().and_then(room_names::meeting);
        let participant = claims.identity.parse().ok();
        let expires = claims
            .expires
            .and_then(|seconds| i64::try_from(seconds).ok());
        Ok(Shown {
            id: secret::hash(&claims.id),
            kind,
            meeting: meeting.ok_or(TicketRefusal::Invalid)?,
            participant: participant.ok_or(TicketRefusal::Invalid)?,
            expires_at: expires
                .map(|seconds| Timestamp::from_micros(seconds.saturating_mul(1_000_000)))
                .ok_or(TicketRefusal::Invalid)?,
        })
    }

    async fn check(
        &self,
        shown: &Shown,
        participant: &Participant,
        meeting: &Meeting,
        purpose: Purpose,
    ) -> Result<(), TicketRefusal> {
        let now = self.clock.now();
        let holder = Holder {
            meeting: meeting.state,
            admission: participant.admission,
            gone_since: (!participant.connected).then_some(participant.connection_changed_at),
        };
        let decision = match (shown.kind, purpose) {
            (TicketKind::Join, Purpose::Resume) => Decision::Deny(Reason::Spent),
            (TicketKind::Join, _) => {
                let ticket = self.store.ticket(shown.id).await?;
                let ticket = ticket.ok_or(TicketRefusal::Invalid)?;
                let ticket = join_ticket::Ticket {
                    expires_at: ticket.expires_at,
                    spent_at: ticket.spent_at,
                };
                join_ticket::join(ticket, holder, now)
            }
            (TicketKind::Resume, _) => {
                let ticket = join_ticket::Ticket {
                    expires_at: shown.expires_at,
                    spent_at: None,
                };
                join_ticket::resume(ticket, holder, now)
            }
        };
        match decision {
            Decision::Allow => Ok(()),
            Decision::Deny(Reason::Spent | Reason::Expired | Reason::GraceOver) => {
                Err(TicketRefusal::Invalid)
            }
            Decision::Deny(_) => Err(TicketRefusal::NotAdmitted),
        }
    }

    /// Spends a join ticket; records that media is being set up.
    async fn enter(
        &self,
        shown: &Shown,
        participant: &Participant,
        meeting: &Meeting,
    ) -> Result<(), TicketRefusal> {
        let entry = self.connect_entry(participant, meeting)?;
        match shown.kind {
            TicketKind::Join => {
                let act = SpendTicket {
                    id: shown.id,
                    at: self.clock.now(),
                };
                self.store.write(act, entry).await?;
            }
            TicketKind::Resume => self.store.record(entry).await?,
        }
        Ok(())
    }

    fn connect_entry(
        &self,
        participant: &Participant,
        meeting: &Meeting,
    ) -> Result<Entry, TicketRefusal> {
        let event = Event::MeetingConnect {
            meeting: meeting.id.0,
            participant: participant.id.0,
        };
        let actor: Actor = recorded::participant(participant);
        let entry = recorded::entry(self.clock.now(), actor, event);
        let entry = entry.map_err(|NoRandomness| TicketRefusal::Unavailable)?;
        Ok(recorded::filed(entry, Some(meeting.organisation)))
    }
}

/// Everybody who is admitted may speak, be seen, show and write; names come from the roster.
fn access(participant: ParticipantId) -> Access {
    Access {
        identity: participant.to_string(),
        name: String::new(),
        metadata: String::new(),
        attributes: std::collections::BTreeMap::new(),
        kind: livekit_protocol::participant_info::Kind::Standard,
        permission: VideoGrants::default().permission(),
        may_create_room: true,
        room_configuration: None,
    }
}

/// In the data directory.
pub(crate) const KEY_FILE: &str = "ticket.key";
const JOIN: &str = "conclave-join";
const RESUME: &str = "conclave-resume";

fn issuer(kind: TicketKind) -> &'static str {
    match kind {
        TicketKind::Join => JOIN,
        TicketKind::Resume => RESUME,
    }
}

fn kind(issuer: &str) -> Option<TicketKind> {
    match issuer {
        JOIN => Some(TicketKind::Join),
        RESUME => Some(TicketKind::Resume),
        _ => None,
    }
}

fn system_time(time: Timestamp) -> SystemTime {
    SystemTime::UNIX_EPOCH + time.since(Timestamp::from_micros(0))
}

impl From<ReadError> for TicketRefusal {
    fn from(error: ReadError) -> Self {
        tracing::error!(
            error = &error as &dyn std::error::Error,
            "a ticket could not be looked up"
        );
        Self::Unavailable
    }
}

impl From<WriteError> for TicketRefusal {
    fn from(error: WriteError) -> Self {
        match error {
            WriteError::Refused(_) => Self::Invalid,
            WriteError::Busy
            | WriteError::Entry(_)
            | WriteError::Unrecorded
            | WriteError::Unavailable(_) => {
                tracing::error!(
                    error = &error as &dyn std::error::Error,
                    "a ticket could not be spent"
                );
                Self::Unavailable
            }
        }
    }
}
