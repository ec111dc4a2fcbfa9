//! Join and resume tickets: how a participant of a meeting enters LiveKit's signalling.
//!
//! A ticket has the form of a LiveKit token, signed with a key of this installation. It says who
//! comes and to which room, and carries no rights: those are read from the store whenever it is shown. One that a page of ours
//! asked for says in which browser it is good ([`crate::http::own_browser`]).

mod holder;
mod not_redeemed;
mod refusal;

use std::collections::BTreeMap;
use std::time::{Duration, SystemTime};

use conclave_audit::{Code, Entry, Hex};
use conclave_livekit::token::{self, Claims, VideoGrants};
use conclave_policy::join_ticket::{self, Holder, JOIN_LIFETIME, RESUME_LIFETIME};
use conclave_policy::{Decision, Reason};
use conclave_protocol::{MeetingId, ParticipantId, Timestamp};
use conclave_sfu::{Access, RoomName, Turns};
use conclave_store::action::{ReturnTicket, SpendTicket};
use conclave_store::read::ticket::TicketKind;
use conclave_store::{Store, TokenHash, WriteError};
use tokio::time::timeout;

use crate::http::occasion::Occasion;
use crate::installation_key::InstallationKey;
use crate::policies::{PermittedAt, Policies};
use crate::rights::Gathering;
use crate::secret::{self, NoRandomness};
use crate::{Clock, companions, rights, room_names, screens};

use holder::TicketHolder;
pub(crate) use not_redeemed::NotRedeemed;
pub(crate) use refusal::TicketRefusal;

/// What a ticket is shown for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// `/rtc/validate` and what precedes an upgrade: spends nothing.
    Validate,
    /// The WebSocket is open and `join` is about to be sent: spends a join ticket.
    Join,
    /// The client continues a session (`reconnect=1`).
    Resume,
}

/// Whom a ticket lets in. Rights are those of the store at this moment.
pub(crate) struct Redeemed {
    /// Made by `room_names::of_meeting`, so that no developer's token can name it.
    pub(crate) room: RoomName,
    pub(crate) access: Access,
    /// In which alone they go on, where the ticket was bound to one.
    pub(crate) browser: Option<TokenHash>,
}

/// Makes and checks tickets. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Tickets {
    store: Store,
    clock: Clock,
    key: InstallationKey,
    /// Meetings take no media that is not encrypted end to end.
    encrypted: bool,
    policies: Policies,
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
    /// In which alone it is good.
    browser: Option<String>,
    expires_at: Timestamp,
}

impl Tickets {
    pub(crate) fn new(
        store: Store,
        clock: Clock,
        key: InstallationKey,
        encrypted: bool,
        policies: Policies,
    ) -> Self {
        Self {
            store,
            clock,
            key,
            encrypted,
            policies,
        }
    }

    pub(crate) fn key(&self) -> &InstallationKey {
        &self.key
    }

    /// Whom this ticket lets in, at this moment and for this purpose, from this browser.
    pub(crate) async fn redeem(
        &self,
        token: &str,
        purpose: Purpose,
        occasion: &Occasion,
        browser: Option<TokenHash>,
    ) -> Result<Redeemed, NotRedeemed> {
        let shown = self.read(token)?;
        let holder = self.holder(&shown).await?;
        let TicketHolder {
            meeting,
            participant,
        } = &holder;
        let permitted = self.policies.of_participant(meeting, participant).await?;
        let gathering = Gathering::of(meeting, &self.policies).await?;
        let entry = holder.entry(purpose, occasion)?;
        if shown.browser.is_some() && shown.browser != browser.map(named) {
            return Err(NotRedeemed {
                refusal: TicketRefusal::Invalid,
                entry: Some(Box::new(entry.refused(Code::new(OTHER_BROWSER)))),
            });
        }
        match self.check(&shown, &holder, purpose).await? {
            Decision::Allow => {}
            Decision::Deny(reason) => {
                let refused = entry.refused(Code::new(reason.code()));
                return Err(NotRedeemed {
                    refusal: reason.into(),
                    entry: Some(Box::new(refused)),
                });
            }
        }
        match (purpose, shown.kind) {
            (Purpose::Validate, _) => {}
            (Purpose::Join, TicketKind::Join) => self.spend(&shown, entry, occasion).await?,
            (Purpose::Join, TicketKind::Resume) | (Purpose::Resume, _) => {
                self.record_going_on(entry).await;
            }
        }
        let line = companions::line_of(&self.store, &holder.participant).await?;
        Ok(Redeemed {
            room: room_names::of_meeting(holder.meeting.id),
            browser: browser.filter(|_| shown.browser.is_some()),
            access: Access {
                line,
                ..access(&holder, &permitted, gathering, self.encrypted)
            },
        })
    }

    /// Of two joins with one ticket, the second is refused here.
    async fn spend(
        &self,
        shown: &Shown,
        entry: Entry,
        occasion: &Occasion,
    ) -> Result<(), NotRedeemed> {
        let act = SpendTicket {
            id: shown.id,
            at: occasion.now,
        };
        match self.store.write(act, entry.clone()).await {
            Ok(_) => Ok(()),
            Err(WriteError::Refused(refused)) => {
                let entry = entry.refused(Code::new(refused.code()));
                Err(NotRedeemed {
                    refusal: TicketRefusal::Invalid,
                    entry: Some(Box::new(entry)),
                })
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Best effort: a network that flaps while nothing can be written must not cost anybody their call.
    pub(crate) async fn record_going_on(&self, entry: Entry) {
        let recorded = timeout(RECORD_TIME, self.store.record(entry)).await;
        if !matches!(recorded, Ok(Ok(()))) {
            tracing::error!("that a participant goes on was not recorded in time");
        }
    }

    /// Corrects the record of a join or a resume that the room did not take, and makes a ticket good again
    /// that was spent for it. Refused: [`TicketRefusal::Foreign`] for a token that is not ours.
    pub(crate) async fn came_to_nothing(
        &self,
        token: &str,
        purpose: Purpose,
        occasion: &Occasion,
    ) -> Result<(), TicketRefusal> {
        let shown = self.read(token)?;
        let corrected = self.correct(&shown, purpose, occasion).await;
        corrected.map_err(|NotRedeemed { refusal, .. }| refusal)
    }

    async fn correct(
        &self,
        shown: &Shown,
        purpose: Purpose,
        occasion: &Occasion,
    ) -> Result<(), NotRedeemed> {
        let holder = self.holder(shown).await?;
        let entry = holder.entry(purpose, occasion)?;
        let entry = entry.failed(Code::new(NOT_TAKEN));
        match (purpose, shown.kind) {
            (Purpose::Validate, _) => Ok(()),
            (Purpose::Join, TicketKind::Join) => {
                let act = ReturnTicket { id: shown.id };
                Ok(self.store.write(act, entry).await?)
            }
            (Purpose::Join, TicketKind::Resume) | (Purpose::Resume, _) => {
                Ok(self.store.record(entry).await?)
            }
        }
    }

    async fn holder(&self, shown: &Shown) -> Result<TicketHolder, NotRedeemed> {
        let participant = self.store.participant(shown.participant).await?;
        let meeting = self.store.meeting(shown.meeting).await?;
        match (participant, meeting) {
            (Some(participant), Some(meeting)) if participant.meeting == meeting.id => {
                Ok(TicketHolder {
                    participant,
                    meeting,
                })
            }
            _ => Err(TicketRefusal::Invalid.into()),
        }
    }

    /// A ticket for `refresh_token`, bound to the participant, and to a browser if need be. `None` for who is not a meeting's
    /// participant.
    pub(crate) fn resume_ticket(
        &self,
        room: &RoomName,
        identity: &str,
        browser: Option<TokenHash>,
    ) -> Option<String> {
        let meeting = room_names::meeting(room)?;
        let participant = identity.parse().ok()?;
        let made = self.make(TicketKind::Resume, meeting, participant, browser);
        made.ok().map(|issued| issued.token)
    }

    /// A ticket for one join.
    pub(crate) fn join_ticket(
        &self,
        meeting: MeetingId,
        participant: ParticipantId,
        browser: Option<TokenHash>,
    ) -> Result<Issued, NoRandomness> {
        self.make(TicketKind::Join, meeting, participant, browser)
    }

    fn make(
        &self,
        kind: TicketKind,
        meeting: MeetingId,
        participant: ParticipantId,
        browser: Option<TokenHash>,
    ) -> Result<Issued, NoRandomness> {
        let lifetime = lifetime(kind);
        let browser = browser.map(|browser| (BROWSER.to_owned(), named(browser)));
        let now = self.clock.now();
        let (id, hash) = secret::fresh()?;
        let claims = Claims {
            issuer: issuer(kind).to_owned(),
            identity: participant.to_string(),
            id,
            attributes: BTreeMap::from_iter(browser),
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
        let claims = token::verify(token, self.key.as_bytes(), now)?;
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
            browser: claims.attributes.get(BROWSER).cloned(),
            expires_at: expires
                .map(|seconds| Timestamp::from_micros(seconds.saturating_mul(1_000_000)))
                .ok_or(TicketRefusal::Invalid)?,
        })
    }

    async fn check(
        &self,
        shown: &Shown,
        holder: &TicketHolder,
        purpose: Purpose,
    ) -> Result<Decision, NotRedeemed> {
        let now = self.clock.now();
        let TicketHolder {
            participant,
            meeting,
        } = holder;
        if !companions::is_accompanied(&self.store, participant).await? {
            return Ok(Decision::Deny(Reason::NotAdmitted));
        }
        let holder = Holder {
            meeting: meeting.state,
            locked: meeting.locked,
            role: participant.role,
            admission: participant.admission,
            gone_since: (!participant.connected).then_some(participant.connection_changed_at),
        };
        Ok(match (shown.kind, purpose) {
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
        })
    }
}

/// What their role and policy let them do in the room; names come from the roster.
fn access(
    holder: &TicketHolder,
    permitted: &PermittedAt,
    gathering: Gathering,
    must_encrypt: bool,
) -> Access {
    let TicketHolder {
        participant,
        meeting,
    } = holder;
    Access {
        identity: participant.id.to_string(),
        name: String::new(),
        metadata: String::new(),
        attributes: BTreeMap::new(),
        kind: livekit_protocol::participant_info::Kind::Standard,
        permission: rights::permission(participant.role, &permitted.permitted, gathering),
        may_create_room: true,
        must_encrypt,
        turns: Some(Turns {
            rule: screens::rule_of(meeting),
            leads: screens::leads(participant.role),
            permitted_at: permitted.revision,
        }),
        line: None,
        room_configuration: None,
    }
}

/// Why a join failed that was on record as done.
pub(crate) const NOT_TAKEN: &str = "not_taken_by_the_room";
/// How long a resume waits for its record. Longer than a client waits loses the resume; shorter leaves
/// resumes unrecorded while the database is merely slow.
const RECORD_TIME: Duration = Duration::from_secs(1);
/// In the data directory.
pub(crate) const KEY_FILE: &str = "ticket.key";
/// Why a ticket is refused that was made for a page in another browser.
const OTHER_BROWSER: &str = "other_browser";
/// The attribute that names it.
const BROWSER: &str = "browser";
const JOIN: &str = "conclave-join";
const RESUME: &str = "conclave-resume";

fn named(TokenHash(browser): TokenHash) -> String {
    Hex(browser).to_string()
}

fn lifetime(kind: TicketKind) -> Duration {
    match kind {
        TicketKind::Join => JOIN_LIFETIME,
        TicketKind::Resume => RESUME_LIFETIME,
    }
}

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
