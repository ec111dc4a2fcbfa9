//! Somebody who comes: who they are from now on, and what their coming puts on record.

use conclave_audit::{self as audit, Actor, Code, Entry, Event};
use conclave_protocol::meeting::Admission;
use conclave_protocol::{MeetingId, OrganisationId, ParticipantId};
use conclave_store::{Record, TokenHash, action};
use uuid::Uuid;

use super::knock::{Coming, Knock};
use crate::http::occasion::Occasion;
use crate::http::problem::Refusal;
use crate::secret::NoRandomness;
use crate::{id, recorded, secret};

/// A participant's fresh identity and credential, and the entries that record their coming.
pub(super) struct Newcomer {
    pub(super) participant: ParticipantId,
    pub(super) credential: String,
    pub(super) hash: TokenHash,
    pub(super) record: Record<action::Joined>,
}

impl Newcomer {
    pub(super) fn new(knock: &Knock, coming: &Coming) -> Result<Self, Refusal> {
        let Coming {
            meeting,
            entrance,
            helped,
        } = coming;
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
        let helped = helped.and_then(|helped| helped.event(*entrance, participant.0));
        if let Some(event) = helped {
            entries.push(occasion.entry(organisation, actor, event)?);
        }
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
pub(in crate::http) fn consequences(
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
