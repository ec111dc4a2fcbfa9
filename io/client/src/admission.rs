//! Into a meeting and out of it, over HTTP.

use conclave_protocol::meeting::{Admission, JoinTicket, Joined, MeetingCode};
use conclave_protocol::problem::Problem;
use conclave_protocol::{MeetingId, ParticipantId};
use http_body_util::Full;
use hyper::body::Bytes;
use hyper::{Method, Request, StatusCode, Uri, header};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::exchange::{Answer, exchange};
use crate::invitation::Invitation;
use crate::trust::{Distrust, Trust};
use crate::wire::Unreached;

/// Somebody at the door of a server.
#[derive(Clone)]
pub struct Guest {
    /// Without a slash at the end.
    origin: String,
    trust: Trust,
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
    Unreachable(#[from] Unreached),
    /// With the code of its problem.
    #[error("the server refused: {1} ({0})")]
    Refused(StatusCode, String),
    #[error("the server's answer is not what it should be")]
    Unreadable,
    #[error("no randomness")]
    Randomness,
}

impl NotDone {
    /// The server may be another than the one that was meant.
    pub fn distrust(&self) -> Option<Distrust> {
        match self {
            Self::Unreachable(Unreached::Distrusted(why)) => Some(*why),
            _ => None,
        }
    }
}

impl Guest {
    /// `origin`: `https://host`, or `http://host:port` of this computer. Nobody is trusted until
    /// [`Self::trusting`] says otherwise.
    pub fn new(origin: impl Into<String>) -> Self {
        Self {
            origin: origin.into(),
            trust: Trust::nobody(),
            session: None,
        }
    }

    #[must_use]
    pub fn trusting(self, trust: Trust) -> Self {
        Self { trust, ..self }
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
        self.post_as(key, path, credential, body).await
    }

    /// As [`Self::post`], with a key of the caller's: asked again under it, it is done once.
    pub async fn post_as<T: DeserializeOwned>(
        &self,
        key: Uuid,
        path: &str,
        credential: Option<&str>,
        body: Option<Value>,
    ) -> Result<T, NotDone> {
        let mut request = self
            .request(Method::POST, path, credential)
            .header("idempotency-key", key.to_string());
        if self.session.is_some() {
            request = request.header(header::ORIGIN, &self.origin);
        }
        if body.is_some() {
            request = request.header(header::CONTENT_TYPE, "application/json");
        }
        let body = body.map_or(String::new(), |body| body.to_string());
        self.ask(request, body).await
    }

    /// Brings bytes to a path below `/api/v1`, as a participant.
    pub async fn put_bytes<T: DeserializeOwned>(
        &self,
        path: &str,
        credential: &str,
        bytes: Vec<u8>,
    ) -> Result<T, NotDone> {
        let request = self
            .request(Method::PUT, path, Some(credential))
            .header(header::CONTENT_TYPE, "application/octet-stream");
        self.ask(request, bytes).await
    }

    /// Asks what is at a path below `/api/v1`, as a participant if there is a credential.
    pub async fn get<T: DeserializeOwned>(
        &self,
        path: &str,
        credential: Option<&str>,
    ) -> Result<T, NotDone> {
        let request = self.request(Method::GET, path, credential);
        self.ask(request, String::new()).await
    }

    fn request(
        &self,
        method: Method,
        path: &str,
        credential: Option<&str>,
    ) -> hyper::http::request::Builder {
        let host = self.origin.split_once("://").unwrap_or_default().1;
        let mut request = Request::builder()
            .method(method)
            .uri(format!("/api/v1{path}"))
            .header(header::HOST, host)
            .header(header::ACCEPT, "application/json");
        if let Some(credential) = credential {
            request = request.header(header::AUTHORIZATION, format!("Bearer {credential}"));
        }
        if let Some(session) = &self.session {
            request = request.header(header::COOKIE, session);
        }
        request
    }

    async fn ask<T: DeserializeOwned>(
        &self,
        request: hyper::http::request::Builder,
        body: impl Into<Bytes>,
    ) -> Result<T, NotDone> {
        let origin: Uri = self.origin.parse().map_err(|_| Unreached::Address)?;
        let request = request.body(Full::new(body.into()));
        let request = request.map_err(|_| Unreached::Address)?;
        read(&exchange(&self.trust, &origin, request).await?)
    }
}

/// The answer's body, or the code of its problem.
fn read<T: DeserializeOwned>(answer: &Answer) -> Result<T, NotDone> {
    if answer.status.is_success() {
        let body: &[u8] = if answer.body.is_empty() {
            NOTHING
        } else {
            &answer.body
        };
        return serde_json::from_slice(body).map_err(|_| NotDone::Unreadable);
    }
    let problem = serde_json::from_slice::<Problem>(&answer.body);
    let code = problem.map_or_else(|_| "unknown".to_owned(), |problem| problem.code);
    Err(NotDone::Refused(answer.status, code))
}

/// What an answer without a body says.
const NOTHING: &[u8] = b"null";

fn random_bytes() -> Result<[u8; 16], NotDone> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).map_err(|_| NotDone::Randomness)?;
    Ok(bytes)
}
