//! What follows when an account lost its rights: channels are told, media and programs end, each is on record.

use std::collections::BTreeMap;
use std::time::Duration;

use conclave_audit::{Actor, Code, Entry, Event};
use conclave_protocol::{MeetingId, OrganisationId, ParticipantId, ProgramId};
use conclave_store::action::{ShutOut, Touched, WasShutOut};
use conclave_store::{Durability, Once, Record, WriteError};
use tokio::task::JoinSet;

use crate::app::App;
use crate::http::occasion::Occasion;
use crate::media::{Busy, Handle};
use crate::rooms::Room;
use crate::secret::NoRandomness;

/// What a media room is told.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Effect {
    Remove(MeetingId, ParticipantId),
    End(MeetingId),
}

/// Places in the queues of the rooms that an act reaches, taken before it is written.
#[derive(Default)]
pub(in crate::http) struct Reserved(BTreeMap<Effect, Room>);

impl Reserved {
    /// As many as there are in time. The act does not wait for more: taking rights comes first.
    pub(in crate::http) async fn of(app: &App, touched: &[Touched]) -> Self {
        let effects = touched.iter().flat_map(|touched| {
            let meeting = touched.meeting;
            let out = touched.participants.iter();
            let out = out.map(move |participant| Effect::Remove(meeting, *participant));
            out.chain(touched.ends.then_some(Effect::End(meeting)))
        });
        let mut tasks = JoinSet::new();
        for effect in effects.take(MOST_RESERVED) {
            let media = app.media.clone();
            tasks.spawn(async move { (effect, Room::reserve(&media, effect.meeting()).await) });
        }
        let mut reserved = BTreeMap::new();
        while let Some(tried) = tasks.join_next().await {
            if let Ok((effect, Ok(room))) = tried {
                reserved.insert(effect, room);
            }
        }
        Self(reserved)
    }
}

impl Effect {
    fn meeting(self) -> MeetingId {
        match self {
            Self::Remove(meeting, _) | Self::End(meeting) => meeting,
        }
    }

    fn tell(self, room: Room) {
        match self {
            Self::Remove(_, participant) => room.put_out(participant),
            Self::End(_) => room.end(),
        }
    }

    /// The room is told in the end, whatever it has to do at this moment.
    async fn tell_later(self, media: Handle) {
        for _ in 0..TRIES {
            match Room::reserve(&media, self.meeting()).await {
                Ok(room) => return self.tell(room),
                Err(Busy) => tokio::time::sleep(BETWEEN_TRIES).await,
            }
        }
        tracing::error!("a room was not told that somebody lost their rights");
    }
}

/// Who did it, and when.
#[derive(Clone)]
pub(crate) struct By {
    pub(crate) organisation: OrganisationId,
    pub(crate) actor: Actor,
    pub(crate) occasion: Occasion,
}

/// Writes the act with all that follows of it, and tells whom it reaches.
pub(crate) async fn shut_out(
    app: &App,
    once: Option<Once>,
    act: ShutOut,
    entry: Entry,
    by: &By,
) -> Result<(), WriteError> {
    let reserved = Reserved::of(app, &act.touched).await;
    let followed = followed(by);
    let written = app
        .store
        .write_or_spool_with(once, act, entry, move |done| followed(done).ok());
    let (Durability::Stored(answer) | Durability::Spooled(answer)) = written.await?;
    if !answer.replayed {
        follow(app, &answer.done, reserved);
    }
    Ok(())
}

/// The act stands whatever happens here: who is put out finds every door shut.
pub(in crate::http) fn follow(app: &App, done: &WasShutOut, Reserved(mut reserved): Reserved) {
    let places = done.put_out.iter().chain(&done.turned_away);
    let touched = places.map(|(meeting, _)| meeting);
    for meeting in touched.chain(&done.ended) {
        app.channels.changed(*meeting);
    }
    let removed = done.put_out.iter();
    let removed = removed.map(|(meeting, participant)| Effect::Remove(*meeting, *participant));
    let ended = done.ended.iter().copied().map(Effect::End);
    for effect in removed.chain(ended) {
        match reserved.remove(&effect) {
            Some(room) => effect.tell(room),
            None => drop(tokio::spawn(effect.tell_later(app.media.clone()))),
        }
    }
}

/// The act's own entry, and one for everybody who is put out and each meeting that ends.
pub(super) fn record(by: &By, entry: Entry) -> Record<WasShutOut> {
    let followed = followed(by);
    Record::after(move |done| match followed(done) {
        Ok(mut entries) => {
            entries.insert(0, entry);
            entries
        }
        // Without randomness there are no entries, and without entries no act.
        Err(NoRandomness) => Vec::new(),
    })
}

fn followed(
    by: &By,
) -> impl Fn(&WasShutOut) -> Result<Vec<Entry>, NoRandomness> + Clone + Send + use<> {
    let By {
        organisation,
        actor,
        occasion,
    } = by.clone();
    move |done| {
        let entry = |event| {
            let mut entry = occasion.entry(Some(organisation), actor.clone(), event)?;
            entry.reason = Some(Code::new("account_lost_its_rights"));
            Ok(entry)
        };
        events(done).map(entry).collect()
    }
}

fn events(done: &WasShutOut) -> impl Iterator<Item = Event> {
    let put_out = done.put_out.iter().map(|(meeting, participant)| {
        let (MeetingId(meeting), ParticipantId(participant)) = (*meeting, *participant);
        Event::MeetingExpel {
            meeting,
            participant,
        }
    });
    let turned_away = done.turned_away.iter().map(|(meeting, participant)| {
        let (MeetingId(meeting), ParticipantId(participant)) = (*meeting, *participant);
        Event::MeetingDeny {
            meeting,
            participant,
        }
    });
    let ended = done.ended.iter().map(|MeetingId(meeting)| {
        let meeting = *meeting;
        Event::MeetingEnd { meeting }
    });
    let programs = done.programs.iter().map(|ProgramId(program)| {
        let program = *program;
        Event::ProgramRevoke { program }
    });
    let support = done.support.iter().map(|over| Event::SupportEnded {
        session: over.session.0,
        cause: Code::new("administrator"),
        was_connected: over.was_connected,
    });
    let of_meetings = put_out.chain(turned_away).chain(ended).chain(support);
    of_meetings.chain(programs)
}

/// More are taken after the act: queues are for others too.
const MOST_RESERVED: usize = 32;
/// Together some minutes: a media thread that is behind for longer has failed.
const TRIES: u32 = 120;
const BETWEEN_TRIES: Duration = Duration::from_secs(1);
