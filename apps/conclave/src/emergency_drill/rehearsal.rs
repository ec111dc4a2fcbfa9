//! One drill, step by step, by the same acts of the store as in earnest. Each leaves its entry, with the operator as its actor.

use conclave_audit::{Actor, Code, Entrance, Entry, Event, Way};
use conclave_policy::emergency::{LASTS, REVIEW_WITHIN};
use conclave_protocol::emergency::{EmergencyEnd, EmergencyOutcome, EmergencyReason};
use conclave_protocol::meeting::{
    Admission, DataMode, EndCause, EntryRule, MeetingState, ParticipantRole, Uninvited,
};
use conclave_protocol::meeting_session::ClientKind;
use conclave_protocol::personal::{DisplayName, Title, Words};
use conclave_protocol::{
    AccountId, EmergencyUseId, MeetingId, OrganisationId, ParticipantId, Timestamp,
};
use conclave_store::action::{
    CreateMeeting, EndEmergency, EndMeeting, EnterByEmergency, InvokeEmergency, Join, LockMeeting,
    ReviewEmergency,
};
use conclave_store::{Beside, Refused, WriteError};

use super::people::People;
use super::{Step, StepError};
use crate::emergencies::WordsOf;
use crate::policies::floor;
use crate::sealing::Sealing;
use crate::secret::NoRandomness;
use crate::{Clock, Config, id, meeting_code, recorded, secret};

/// What a drill needs.
pub(super) struct Rehearsal<'a> {
    pub(super) store: &'a mut Beside,
    pub(super) config: &'a Config,
    pub(super) clock: Clock,
    pub(super) sealing: Sealing,
    pub(super) organisation: OrganisationId,
}

impl Rehearsal<'_> {
    pub(super) async fn play(&mut self) -> Result<(), (Step, StepError)> {
        let at = |step| move |error| (step, error);
        let people = self.people().await.map_err(at(Step::Holder))?;
        is_so(people.somebody_may_take_it()).map_err(at(Step::Holder))?;
        is_so(people.each_has_a_reviewer()).map_err(at(Step::Reviewer))?;
        let host = people.host().ok_or((Step::Meeting, StepError::NotSo))?;
        let meeting = self.make(host).await.map_err(at(Step::Meeting))?;
        let played = self.play_in(meeting).await;
        // Whatever came of it, no meeting is left behind.
        self.end_meeting(meeting).await.map_err(at(Step::Meeting))?;
        played
    }

    async fn play_in(&mut self, meeting: MeetingId) -> Result<(), (Step, StepError)> {
        let at = |step| move |error| (step, error);
        self.open(meeting).await.map_err(at(Step::Meeting))?;
        let (used, words) = self.invoke().await.map_err(at(Step::Invoke))?;
        let inside = self.enter(used, meeting).await.map_err(at(Step::Enter))?;
        let left = self.end(used).await.map_err(at(Step::End))?;
        is_so(left == [(meeting, inside)]).map_err(at(Step::End))?;
        let closed = self.is_closed(used, meeting).await;
        closed.and_then(is_so).map_err(at(Step::Closed))?;
        let read = self.read(used).await.map_err(at(Step::Words))?;
        is_so(read == words).map_err(at(Step::Words))?;
        self.review(used).await.map_err(at(Step::Review))
    }

    async fn people(&mut self) -> Result<People, StepError> {
        let floor = floor(self.config);
        Ok(People::read(self.store, self.organisation, &floor).await?)
    }

    async fn make(&mut self, host: AccountId) -> Result<MeetingId, StepError> {
        let at = self.clock.now();
        let id = MeetingId(id::fresh(at)?);
        let entry = self.entry(Event::MeetingCreate { meeting: id.0 })?;
        let act = CreateMeeting {
            id,
            organisation: self.organisation,
            host,
            code: meeting_code::draw()?,
            title: Title::parse(NAME).expect("it is a title"),
            starts_at: None,
            planned: None,
            // Of no invitation that anybody holds.
            invitation_verifier: secret::random()?,
            time_outs: Default::default(),
            data_mode: DataMode::Conduit,
            entry: EntryRule::Lobby,
            uninvited: Uninvited::Wait,
            invited: Vec::new(),
            at,
        };
        Ok(self.store.write(act, entry).await?)
    }

    /// Opens it, and locks it: nobody else comes in.
    async fn open(&mut self, meeting: MeetingId) -> Result<(), StepError> {
        let at = self.clock.now();
        let participant = ParticipantId(id::fresh(at)?);
        let (_, credential) = secret::fresh()?;
        let role = ParticipantRole::Host;
        let entries = [
            self.entry(Event::MeetingStart { meeting: meeting.0 })?,
            self.entry(came(meeting, participant, role, Way::Host))?,
        ];
        let join = Join {
            meeting,
            participant,
            credential,
            display_name: name(),
            account: None,
            role,
            admission: Admission::Admitted,
            client: ClientKind::Program,
            proven: false,
            opens: true,
            decided_on: MeetingState::Scheduled,
            link_admitted: true,
            was_locked: false,
            was_guarded: false,
            entry: EntryRule::Lobby,
            uninvited: Uninvited::Wait,
            by_list: None,
            places: PLACES,
            absent_since: at,
            at,
        };
        self.store.write(join, entries).await?;
        let entry = self.entry(Event::MeetingLock { meeting: meeting.0 })?;
        let locked = true;
        self.store
            .write(LockMeeting { meeting, locked }, entry)
            .await?;
        Ok(())
    }

    async fn invoke(&mut self) -> Result<(EmergencyUseId, Words), StepError> {
        let at = self.clock.now();
        let id = EmergencyUseId(id::fresh(at)?);
        let words = said();
        let sealed = WordsOf::Holder.seal(&self.sealing, id, &words)?;
        let reason = EmergencyReason::Drill;
        let mut entry = self.entry(Event::EmergencyInvoke {
            invoked: Some(id.0),
            reason: Code::new(reason.code()),
        })?;
        entry.sealed = Some(sealed.sealed);
        let act = InvokeEmergency {
            id,
            organisation: self.organisation,
            account: None,
            reason,
            words: sealed.bytes,
            at,
            expires_at: at.plus(LASTS),
            review_due_at: at.plus(REVIEW_WITHIN),
        };
        self.store.write(act, entry).await?;
        Ok((id, words))
    }

    async fn enter(
        &mut self,
        used: EmergencyUseId,
        meeting: MeetingId,
    ) -> Result<ParticipantId, StepError> {
        let at = self.clock.now();
        let participant = ParticipantId(id::fresh(at)?);
        let role = ParticipantRole::Participant;
        let entries = [
            self.entry(used_in(used, meeting, Some(participant)))?,
            self.entry(came(meeting, participant, role, Way::Emergency))?,
        ];
        let act = visit(used, meeting, participant, at)?;
        self.store.write(act, entries).await?;
        Ok(participant)
    }

    async fn end(
        &mut self,
        used: EmergencyUseId,
    ) -> Result<Vec<(MeetingId, ParticipantId)>, StepError> {
        let invoked = Some(used.0);
        let entry = self.entry(Event::EmergencyEnd { invoked })?;
        let act = EndEmergency {
            id: used,
            by: EmergencyEnd::Holder,
            at: self.clock.now(),
        };
        Ok(self.store.write(act, entry).await?.left)
    }

    /// A second try is refused, and on record as refused.
    async fn is_closed(
        &mut self,
        used: EmergencyUseId,
        meeting: MeetingId,
    ) -> Result<bool, StepError> {
        let at = self.clock.now();
        let participant = ParticipantId(id::fresh(at)?);
        let entry = self.entry(used_in(used, meeting, None))?;
        let act = visit(used, meeting, participant, at)?;
        let Err(error) = self.store.write(act, entry.clone()).await else {
            return Ok(false);
        };
        let WriteError::Refused(refused) = error else {
            return Err(error.into());
        };
        let entry = entry.refused(Code::new(refused.code()));
        self.store.record(entry).await?;
        Ok(refused == Refused::NoEmergency)
    }

    async fn read(&mut self, used: EmergencyUseId) -> Result<Words, StepError> {
        let kept = self.store.emergency_words(used).await?;
        let kept = kept.ok_or(StepError::NotSo)?;
        let words = WordsOf::Holder.open(&self.sealing, used, &kept.words)?;
        let invoked = used.0;
        let entry = self.entry(Event::EmergencyRead { invoked })?;
        self.store.record(entry).await?;
        Ok(words)
    }

    async fn review(&mut self, used: EmergencyUseId) -> Result<(), StepError> {
        let note = WordsOf::Reviewer.seal(&self.sealing, used, &said())?;
        let outcome = EmergencyOutcome::Justified;
        let mut entry = self.entry(Event::EmergencyReview {
            invoked: used.0,
            outcome: Code::new(outcome.code()),
        })?;
        entry.sealed = Some(note.sealed);
        let act = ReviewEmergency {
            id: used,
            by: None,
            outcome,
            note: note.bytes,
            at: self.clock.now(),
        };
        Ok(self.store.write(act, entry).await?)
    }

    async fn end_meeting(&mut self, meeting: MeetingId) -> Result<(), StepError> {
        let entry = self.entry(Event::MeetingEnd { meeting: meeting.0 })?;
        let act = EndMeeting {
            meeting,
            cause: EndCause::Host,
            at: self.clock.now(),
        };
        self.store.write(act, entry).await?;
        Ok(())
    }

    fn entry(&self, event: Event) -> Result<Entry, NoRandomness> {
        let entry = recorded::entry(self.clock.now(), Actor::Operator, event)?;
        Ok(recorded::filed(entry, Some(self.organisation)))
    }
}

fn is_so(holds: bool) -> Result<(), StepError> {
    match holds {
        true => Ok(()),
        false => Err(StepError::NotSo),
    }
}

fn visit(
    invoked: EmergencyUseId,
    meeting: MeetingId,
    participant: ParticipantId,
    at: Timestamp,
) -> Result<EnterByEmergency, NoRandomness> {
    let (_, credential) = secret::fresh()?;
    Ok(EnterByEmergency {
        invoked,
        meeting,
        participant,
        credential,
        display_name: name(),
        client: ClientKind::Program,
        places: PLACES,
        absent_since: at,
        at,
    })
}

fn used_in(used: EmergencyUseId, meeting: MeetingId, participant: Option<ParticipantId>) -> Event {
    Event::EmergencyUse {
        invoked: Some(used.0),
        meeting: meeting.0,
        participant: participant.map(|participant| participant.0),
    }
}

fn came(meeting: MeetingId, participant: ParticipantId, role: ParticipantRole, way: Way) -> Event {
    Event::MeetingJoin {
        meeting: meeting.0,
        participant: participant.0,
        role: recorded::participant_role(role),
        way,
        entrance: Entrance::Admitted,
    }
}

fn name() -> DisplayName {
    DisplayName::parse(NAME).expect("it is a name")
}

fn said() -> Words {
    Words::parse("The operator's drill.").expect("they are words")
}

const NAME: &str = "Emergency drill";
/// Of the drill's meeting: it and its visitor.
const PLACES: u32 = 2;
