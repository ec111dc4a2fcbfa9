//! A host's act on how people come in: decided, recorded, and told to everybody in the meeting.

use axum::Json;
use conclave_audit::Event;
use conclave_policy::capability::MeetingAction;
use conclave_protocol::meeting::CommandDone;
use conclave_store::action::{Action, Revision};

use crate::app::App;
use crate::http::command::{Command, done};
use crate::http::occasion::Occasion;
use crate::http::present::{Present, not_written, recall, to_the_end};
use crate::http::problem::Refusal;

/// Who asks for it, and by which request.
pub(super) struct Doorkeeping {
    pub(super) app: App,
    pub(super) present: Present,
    pub(super) command: Command,
    pub(super) occasion: Occasion,
}

impl Doorkeeping {
    /// `event` is the act's.
    pub(super) async fn perform<A: Action<Done = Revision>>(
        self,
        event: Event,
        act: A,
    ) -> Result<Json<CommandDone>, Refusal> {
        let Self {
            app,
            present,
            command,
            occasion,
        } = self;
        let once = command.once(present.participant.id.0, occasion.now);
        let entry = present.entry(&occasion, event)?;
        if let Some(revision) = recall::<A>(&app, &once, &entry).await? {
            return Ok(done(revision));
        }
        present.may(&app, MeetingAction::Lock, &entry).await?;
        to_the_end(async move {
            match app.store.write_once(once, act, entry.clone()).await {
                Err(error) => Err(not_written(&app, error, entry).await),
                Ok(answer) => {
                    app.channels.changed(present.meeting.id);
                    Ok(done(answer.done))
                }
            }
        })
        .await
    }
}
