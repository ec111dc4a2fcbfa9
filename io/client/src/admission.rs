//! Into a meeting and out of it, over HTTP.

use conclave_protocol::meeting::{Admission, JoinTicket, Joined, MeetingCode};
use conclave_protocol::problem::Problem;
use conclave_protocol::{MeetingId, ParticipantId};
use reqwest::{Client, Response, StatusCode, header};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::invitation::Invitation;

/// Somebody at the door of a server. Clones share connections.
#[derive(Clone)]
pub struct Guest {
    http: Client,
    /// Without a slash at the end.
    origin: String,
    /// The cookie of an account's session.
    session: Option<String>,
}

/// A participant's place in a meeting. Holds the credential: it prints nothing.
#[derive(Clone)]
pub struct Place {
    pub meeting: MeetingId,
    pub participant: ParticipantId,
    pub credential: String,
    pub admission: Admission,
}

#[derive(Debug, thiserror::Error)]
pub enum NotDone {
    #[error("the server could not be reached")]
    Unreachable(#[from] reqwest::Error),
    /// With the code of its problem.
    #[error("the server refused: {1} ({0})")]
    Refused(StatusCode, String),
    #[error("no randomness")]
    Randomness,
}

impl Guest {
    /// `origin`: `http://host:port`.
    pub fn new(origin: impl Into<String>) -> Self {
        Self {
            http: Client::new(),
            origin: origin.into(),
            session: None,
        }
    }

    /// Who is signed in, by the session's cookie: `name=value`.
    #[must_use]
    pub fn signed_in(self, cookie: impl Into<String>) -> Self {
        Self {
            session: Some(cookie.into()),
            ..self
        }
    }

    /// Comes by the invitation's link.
    pub async fn join(&self, invitation: &Invitation, name: &str) -> Result<Place, NotDone> {
        let body = json!({"display_name": name, "invitation_proof": invitation.proof()});
        self.enter(invitation.code, body).await
    }

    /// Comes by the code alone, through the lobby.
    pub async fn knock(&self, code: MeetingCode, name: &str) -> Result<Place, NotDone> {
        self.enter(code, json!({"display_name": name})).await
    }

    async fn enter(&self, code: MeetingCode, body: Value) -> Result<Place, NotDone> {
        let path = format!("/meetings/{code}/join");
        let joined: Joined = self.post(&path, None, Some(body)).await?;
        Ok(Place {
            meeting: joined.meeting,
            participant: joined.participant,
            credential: joined.credential,
            admission: joined.admission,
        })
    }

    /// For LiveKit's signalling: good for a minute and one join.
    pub async fn ticket(&self, place: &Place) -> Result<String, NotDone> {
        let path = format!("/meetings/{}/ticket", place.meeting);
        let issued: JoinTicket = self.post(&path, Some(&place.credential), None).await?;
        Ok(issued.ticket)
    }

    /// The place is given up for good.
    pub async fn leave(&self, place: &Place) -> Result<(), NotDone> {
        let path = format!("/meetings/{}/leave", place.meeting);
        let _done: Value = self.post(&path, Some(&place.credential), None).await?;
        Ok(())
    }

    /// Asks for a change at a path below `/api/v1`, as a participant if there is a credential.
    pub async fn post<T: DeserializeOwned>(
        &self,
        path: &str,
        credential: Option<&str>,
        body: Option<Value>,
    ) -> Result<T, NotDone> {
        let key = uuid::Builder::from_random_bytes(random_bytes()?).into_uuid();
        let mut request = self
            .http
            .post(format!("{}/api/v1{path}", self.origin))
            .header("idempotency-key", key.to_string());
        if let Some(credential) = credential {
            request = request.bearer_auth(credential);
        }
        if let Some(session) = &self.session {
            request = request.header(header::COOKIE, session);
            request = request.header(header::ORIGIN, &self.origin);
        }
        if let Some(body) = body {
            request = request.json(&body);
        }
        read(request.send().await?).await
    }
}

/// The answer's body, or the code of its problem.
async fn read<T: DeserializeOwned>(response: Response) -> Result<T, NotDone> {
    let status = response.status();
    if status.is_success() {
        return Ok(response.json().await?);
    }
    let problem = response.json::<Problem>().await;
    let code = problem.map_or_else(|_| "unknown".to_owned(), |problem| problem.code);
    Err(NotDone::Refused(status, code))
}

fn random_bytes() -> Result<[u8; 16], NotDone> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).map_err(|_| NotDone::Randomness)?;
    Ok(bytes)
}
