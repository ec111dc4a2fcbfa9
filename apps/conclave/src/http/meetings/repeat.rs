//! A knock that can be sent again: one participant, and one credential, for all requests with one key.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use conclave_protocol::ParticipantId;
use conclave_protocol::meeting::Joined;
use conclave_store::Once;
use uuid::Uuid;

use crate::app::App;
use crate::http::command::Command;
use crate::http::occasion::Occasion;
use crate::http::problem::{MEETING_NOT_FOUND, Refusal};
use crate::http::signed_in::SignedIn;

/// A knock that can be sent again: what it is known by, and the credential that each answer holds.
pub(super) struct Repeat {
    pub(super) once: Once,
    pub(super) credential: String,
}

impl Repeat {
    /// # Security
    /// The credential is made from the key, which the client alone knows, with a secret of this server.
    /// What is kept of the key is a hash: the database alone gives nobody a credential.
    pub(super) fn of(
        app: &App,
        command: &Command,
        signed_in: Option<&SignedIn>,
        occasion: &Occasion,
    ) -> Self {
        let actor = signed_in.map_or(Uuid::nil(), |signed_in| signed_in.account.id.0);
        let credential = command.derive(app.tickets.key(), CREDENTIAL, actor);
        Self {
            once: command.once_unseen(actor, occasion.now),
            credential: URL_SAFE_NO_PAD.encode(credential),
        }
    }

    /// Of whoever has joined, as they stand at this moment.
    pub(super) async fn answer(
        &self,
        app: &App,
        participant: ParticipantId,
    ) -> Result<Joined, Refusal> {
        let found = app.store.participant(participant).await?;
        let found = found.ok_or(MEETING_NOT_FOUND)?;
        Ok(Joined {
            meeting: found.meeting,
            participant,
            credential: self.credential.clone(),
            role: found.role,
            admission: found.admission,
        })
    }
}

/// What a participant's credential is made for, as against other secrets of the same key.
const CREDENTIAL: &str = "conclave participant credential";
