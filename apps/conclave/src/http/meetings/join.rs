//! `POST /api/v1/meetings/{code}/join`: knocks, or comes in.
//!
//! A code that does not exist, a meeting that is over and an invitation of another meeting get
//! one answer, and each is charged as a guess.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use conclave_audit::{self as audit, Actor, Code, Entry, Event, Way};
use conclave_policy::Throttled;
use conclave_policy::admission::{
    Answer, Arrival, Entrance, Proof, Standing, arrive, could_be_a_guess, places,
};
use conclave_protocol::meeting::{Admission, JoinMeeting, Joined, MeetingCode};
use conclave_protocol::problem::Problem;
use conclave_protocol::{MeetingId, OrganisationId, ParticipantId};
use conclave_store::read::meeting::Meeting;
use conclave_store::{Record, Refused, WriteError, action};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;
use uuid::Uuid;

use super::repeat::Repeat;
use crate::app::App;
use crate::http::occasion::Occasion;
use crate::http::present::to_the_end;
use crate::http::problem::{
    CHANGED_MEANWHILE, IDEMPOTENCY_KEY_NOT_RANDOM, MEETING_FULL, MEETING_NOT_FOUND, Refusal,
    TOO_MANY_ATTEMPTS,
};
use crate::http::repeatable::Repeatable;
use crate::http::signed_in::SignedIn;
use crate::rooms::Room;
use crate::secret::NoRandomness;
use crate::{id, recorded, secret};

/// Asks to be let in. The answer holds the participant's credential; all requests with one key are
/// one participant, and get the same.
#[utoipa::path(
    post,
    operation_id = "joinMeeting",
    path = "/meetings/{code}/join",
    tag = "meetings",
    params(
        ("code" = String, Path, description = "Nine digits, with or without dashes"),
        (
            "Idempotency-Key" = Option<String>, Header, format = Uuid,
            description = "A random UUID (version 4), kept secret for a day: whoever shows it is answered with the participant's credential"
        )
    ),
    request_body = JoinMeeting,
    responses(
        (status = 201, body = Joined),
        (status = 400, body = Problem),
        (status = 404, body = Problem),
        (status = 409, body = Problem),
        (status = 429, body = Problem)
    )
)]
pub(crate) async fn handle(
    State(app): State<App>,
    Path(code): Path<String>,
    signed_in: Option<SignedIn>,
    occasion: Occasion,
    Repeatable { body, command }: Repeatable<JoinMeeting>,
) -> Result<(StatusCode, Json<Joined>), Refusal> {
    if command
        .as_ref()
        .is_some_and(|command| !command.key_is_random())
    {
        return Err(IDEMPOTENCY_KEY_NOT_RANDOM.into());
    }
    let repeat = command.map(|command| Repeat::of(&app, &command, signed_in.as_ref(), &occasion));
    let knock = Knock {
        charged: Ok(()),
        app,
        code: MeetingCode::parse(&code),
        signed_in,
        occasion,
        body,
        repeat,
    };
    if let Some(joined) = knock.recall().await? {
        return Ok((StatusCode::CREATED, Json(joined)));
    }
    let charged = charge(&knock.app, &knock.occasion);
    let knock = Knock { charged, ..knock };
    let joined = to_the_end(async move { knock.enter().await }).await?;
    Ok((StatusCode::CREATED, Json(joined)))
}

/// Each knock is a guess until it turns out to be right.
fn charge(app: &App, occasion: &Occasion) -> Result<(), Throttled> {
    let from = occasion.source.address;
    app.throttles.wrong_codes().admit(from, occasion.now)
}

/// Somebody who has come, and whose place they took.
struct Come {
    joined: Joined,
    displaced: Option<ParticipantId>,
}

struct Knock {
    app: App,
    code: Option<MeetingCode>,
    signed_in: Option<SignedIn>,
    occasion: Occasion,
    body: JoinMeeting,
    repeat: Option<Repeat>,
    /// Refused: somebody at this address guesses. Only who shows that they don't may pass.
    charged: Result<(), Throttled>,
}

impl Knock {
    /// What the same request was answered before.
    async fn recall(&self) -> Result<Option<Joined>, Refusal> {
        let Some(repeat) = &self.repeat else {
            return Ok(None);
        };
        match self.app.store.recall::<action::Join>(&repeat.once).await {
            Ok(None) => Ok(None),
            Ok(Some(done)) => repeat.answer(&self.app, done.participant).await.map(Some),
            Err(error) => self.not_written(None, error).await,
        }
    }

    async fn enter(self) -> Result<Joined, Refusal> {
        for _ in 0..TRIES {
            let meeting = match self.code {
                Some(code) => self.app.store.meeting_by_code(code).await?,
                None => None,
            };
            let (meeting, entrance) = self.decide(meeting).await?;
            match self.write(&meeting, entrance).await {
                Err(WriteError::Refused(Refused::Conflict | Refused::MeetingEnded)) => {}
                Err(WriteError::Refused(Refused::MeetingFull)) => {
                    return self.full(&meeting).await;
                }
                Err(error) => return self.not_written(Some(&meeting), error).await,
                Ok(Come { joined, displaced }) => {
                    self.was_right();
                    self.app.channels.changed(meeting.id);
                    if let Some(displaced) = displaced {
                        // What is stored of connections may be late: their media may be up.
                        let room = Room::reserve(&self.app.media, meeting.id).await;
                        room.remove(displaced);
                    }
                    return Ok(joined);
                }
            }
        }
        Err(CHANGED_MEANWHILE.into())
    }

    /// Takes the charge back; a lock that somebody else's guesses brought stays.
    fn was_right(&self) {
        if self.charged.is_ok() {
            let (now, from) = (self.occasion.now, self.occasion.source.address);
            self.app.throttles.wrong_codes().was_right(from, now);
        }
    }

    /// Compares with some verifier in any case, so that a missing meeting takes no less time.
    async fn decide(&self, meeting: Option<Meeting>) -> Result<(Meeting, Entrance), Refusal> {
        let proof = self.proof(meeting.as_ref());
        let arrival = Arrival {
            account: meeting
                .as_ref()
                .map_or(Standing::Stranger, |meeting| self.standing(meeting)),
            proof,
        };
        if let Err(throttled) = self.charged
            && could_be_a_guess(arrival)
        {
            return self.throttled(throttled).await;
        }
        let Some(meeting) = meeting else {
            return self.refuse(None, Code::new("no_such_code")).await;
        };
        match arrive(meeting.state, arrival) {
            Answer::Refuse(reason) => self.refuse(Some(&meeting), Code::new(reason.code())).await,
            Answer::Enter(entrance) => Ok((meeting, entrance)),
        }
    }

    fn proof(&self, meeting: Option<&Meeting>) -> Proof {
        let Some(proof) = &self.body.invitation_proof else {
            return Proof::Absent;
        };
        let bytes = URL_SAFE_NO_PAD.decode(proof.reveal()).unwrap_or_default();
        let shown: [u8; 32] = Sha256::digest(bytes).into();
        let verifier = meeting.map_or([0; 32], |meeting| meeting.invitation_verifier);
        match bool::from(shown.ct_eq(&verifier)) {
            true => Proof::Matches,
            false => Proof::Differs,
        }
    }

    fn standing(&self, meeting: &Meeting) -> Standing {
        match &self.signed_in {
            Some(signed_in) if signed_in.account.id == meeting.host => Standing::Host,
            Some(signed_in) if signed_in.account.organisation == meeting.organisation => {
                Standing::Colleague
            }
            Some(_) | None => Standing::Stranger,
        }
    }

    async fn write(&self, meeting: &Meeting, entrance: Entrance) -> Result<Come, WriteError> {
        let Entrance {
            role,
            admission,
            opens,
        } = entrance;
        let now = self.occasion.now;
        let most = u32::try_from(self.app.config.limits.participants).unwrap_or(u32::MAX);
        let places = places(admission, most);
        let Ok(made) = Made::new(self, meeting, entrance) else {
            return Err(WriteError::Busy);
        };
        let joined = Joined {
            meeting: meeting.id,
            participant: made.participant,
            credential: made.credential,
            role,
            admission,
        };
        let act = action::Join {
            meeting: meeting.id,
            participant: made.participant,
            credential: made.hash,
            display_name: self.body.display_name.clone(),
            account: self
                .signed_in
                .as_ref()
                .map(|signed_in| signed_in.account.id),
            role,
            admission,
            opens,
            decided_on: meeting.state,
            places: places.most,
            absent_since: now.minus(places.kept_for),
            at: now,
        };
        let once = self.repeat.as_ref().map(|repeat| repeat.once.clone());
        let written = self.app.store.write_once(once, act, made.record).await?;
        match &self.repeat {
            // The same request was faster by another way.
            Some(repeat) if written.replayed => {
                let answer = repeat.answer(&self.app, written.done.participant).await;
                Ok(Come {
                    joined: answer.map_err(|_| WriteError::Busy)?,
                    displaced: None,
                })
            }
            _ => Ok(Come {
                joined,
                displaced: written.done.displaced,
            }),
        }
    }

    async fn refuse<T>(&self, meeting: Option<&Meeting>, reason: Code) -> Result<T, Refusal> {
        self.record_refused(meeting, reason).await?;
        Err(MEETING_NOT_FOUND.into())
    }

    async fn throttled<T>(&self, throttled: Throttled) -> Result<T, Refusal> {
        self.record_refused(None, Code::new("throttled")).await?;
        let wait = throttled.until.since(self.occasion.now);
        Err(Refusal::after(TOO_MANY_ATTEMPTS, wait))
    }

    async fn full<T>(&self, meeting: &Meeting) -> Result<T, Refusal> {
        self.record_refused(Some(meeting), Code::new("meeting_full"))
            .await?;
        Err(MEETING_FULL.into())
    }

    async fn not_written<T>(
        &self,
        meeting: Option<&Meeting>,
        error: WriteError,
    ) -> Result<T, Refusal> {
        if let WriteError::Refused(refused) = &error {
            let reason = Code::new(refused.code());
            self.record_refused(meeting, reason).await?;
        }
        Err(error.into())
    }

    async fn record_refused(&self, meeting: Option<&Meeting>, reason: Code) -> Result<(), Refusal> {
        let event = Event::MeetingJoinRefused {
            meeting: meeting.map(|meeting| meeting.id.0),
            way: self.way(meeting),
        };
        let organisation = meeting.map(|meeting| meeting.organisation);
        let entry = self.occasion.entry(organisation, self.actor(), event)?;
        self.app.record(entry.refused(reason)).await;
        Ok(())
    }

    fn actor(&self) -> Actor {
        match &self.signed_in {
            Some(signed_in) => signed_in.actor(),
            None => Actor::Anonymous,
        }
    }

    fn way(&self, meeting: Option<&Meeting>) -> Way {
        if meeting.is_some_and(|meeting| self.standing(meeting) == Standing::Host) {
            return Way::Host;
        }
        match self.body.invitation_proof {
            Some(_) => Way::Invitation,
            None => Way::Code,
        }
    }
}

/// A participant's fresh identity and credential, and the entries that record their coming.
struct Made {
    participant: ParticipantId,
    credential: String,
    hash: conclave_store::TokenHash,
    record: Record<action::Joined>,
}

impl Made {
    fn new(knock: &Knock, meeting: &Meeting, entrance: Entrance) -> Result<Self, Refusal> {
        let participant = ParticipantId(id::fresh(knock.occasion.now)?);
        let (credential, hash) = match &knock.repeat {
            Some(repeat) => (repeat.credential.clone(), secret::hash(&repeat.credential)),
            None => secret::fresh()?,
        };
        let MeetingId(id) = meeting.id;
        let arrival = match entrance.admission {
            Admission::Waiting => Event::MeetingKnock {
                meeting: id,
                participant: participant.0,
            },
            admission => Event::MeetingJoin {
                meeting: id,
                participant: participant.0,
                role: recorded::participant_role(entrance.role),
                way: knock.way(Some(meeting)),
                entrance: match admission {
                    Admission::HostAbsent => audit::Entrance::HostAbsent,
                    _ => audit::Entrance::Admitted,
                },
            },
        };
        let organisation = Some(meeting.organisation);
        let occasion = knock.occasion.clone();
        let actor = knock.actor();
        let mut entries = Vec::new();
        if entrance.opens {
            let event = Event::MeetingStart { meeting: id };
            entries.push(occasion.entry(organisation, actor.clone(), event)?);
        }
        entries.push(occasion.entry(organisation, actor.clone(), arrival)?);
        let record = Record::after(move |joined: &action::Joined| {
            let consequences = consequences(&occasion, organisation, id, joined);
            // Without randomness there are no entries, and without entries no join.
            consequences.map_or_else(|_| Vec::new(), |more| [entries, more].concat())
        });
        Ok(Self {
            participant,
            credential,
            hash,
            record,
        })
    }
}

/// What somebody's coming did to others: let them in with the host, or took the place of who was away.
fn consequences(
    occasion: &Occasion,
    organisation: Option<OrganisationId>,
    meeting: Uuid,
    joined: &action::Joined,
) -> Result<Vec<Entry>, NoRandomness> {
    let entry = |event| occasion.entry(organisation, Actor::System, event);
    let mut entries = Vec::new();
    for ParticipantId(participant) in joined.admitted.iter().copied() {
        entries.push(entry(Event::MeetingAdmit {
            meeting,
            participant,
        })?);
    }
    if let Some(ParticipantId(participant)) = joined.displaced {
        let mut left = entry(Event::MeetingLeave {
            meeting,
            participant,
        })?;
        left.reason = Some(Code::new("absent"));
        entries.push(left);
    }
    Ok(entries)
}

/// A join that lost a race against the host's arrival decides anew.
const TRIES: usize = 3;
