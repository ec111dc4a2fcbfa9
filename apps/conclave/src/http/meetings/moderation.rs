//! A host's act on what somebody who is in sends: decided, recorded, and done where the packets pass.

use axum::Json;
use conclave_audit::Event;
use conclave_policy::capability::MeetingAction;
use conclave_protocol::ParticipantId;
use conclave_protocol::meeting::CommandDone;
use conclave_sfu::{Muted, Whom};
use conclave_store::action::Moderate;

use crate::app::App;
use crate::http::command::{Command, done};
use crate::http::occasion::Occasion;
use crate::http::present::{Present, not_written, recall, to_the_end};
use crate::http::problem::Refusal;
use crate::rooms::Room;

/// Who asks for what, and by which request.
pub(super) struct Moderation {
    pub(super) app: App,
    pub(super) present: Present,
    pub(super) command: Command,
    pub(super) occasion: Occasion,
}

/// What comes of it, once it is on record.
#[derive(Clone, Copy)]
pub(super) enum Effect {
    Mute(ParticipantId, Muted),
    /// Everybody but whoever asks for it.
    MuteOthers,
    AskToUnmute(ParticipantId),
}

impl Effect {
    fn about(self) -> Option<ParticipantId> {
        match self {
            Self::Mute(participant, _) | Self::AskToUnmute(participant) => Some(participant),
            Self::MuteOthers => None,
        }
    }
}

impl Moderation {
    /// `event` is the act's.
    pub(super) async fn perform(
        self,
        event: Event,
        effect: Effect,
    ) -> Result<Json<CommandDone>, Refusal> {
        let Self {
            app,
            present,
            command,
            occasion,
        } = self;
        let once = command.once(present.participant.id.0, occasion.now);
        let entry = present.entry(&occasion, event)?;
        if let Some(revision) = recall::<Moderate>(&app, &once, &entry).await? {
            return Ok(done(revision));
        }
        present.may(&app, MeetingAction::Moderate, &entry).await?;
        if let Some(participant) = effect.about() {
            present.sees(&app, participant, &entry).await?;
        }
        let act = Moderate {
            meeting: present.meeting.id,
            participant: effect.about(),
        };
        to_the_end(async move {
            let room = Room::reserve(&app.media, present.meeting.id).await?;
            match app.store.write_once(once, act, entry.clone()).await {
                Err(error) => Err(not_written(&app, error, entry).await),
                Ok(answer) => {
                    take_effect(&app, &present, room, effect).await;
                    Ok(done(answer.done))
                }
            }
        })
        .await
    }
}

async fn take_effect(app: &App, present: &Present, room: Room, effect: Effect) {
    match effect {
        Effect::Mute(participant, what) => room.mute(Whom::One(participant.to_string()), what),
        Effect::MuteOthers => {
            let whom = Whom::AllBut(present.participant.id.to_string());
            room.mute(whom, Muted::Sound);
        }
        Effect::AskToUnmute(participant) => {
            let meeting = present.meeting.id;
            app.channels.ask_to_unmute(meeting, participant).await;
        }
    }
}
