//! A request with a body that can be sent again.

use axum::extract::{FromRequest, Request};
use serde::de::DeserializeOwned;

use super::body;
use super::command::{self, Command, KEY};
use super::problem::{IDEMPOTENCY_KEY_MISSING, Refusal};

/// A request with a body, which may name a key so that it can be sent again.
pub(crate) struct Repeatable<T> {
    pub(crate) body: T,
    pub(crate) command: Option<Command>,
}

/// As [`Repeatable`], of a request that has to name a key.
pub(crate) struct Keyed<T> {
    pub(crate) body: T,
    pub(crate) command: Command,
}

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Repeatable<T> {
    type Rejection = Refusal;

    async fn from_request(request: Request, state: &S) -> Result<Self, Refusal> {
        let (method, uri) = (request.method().clone(), request.uri().clone());
        let named = request.headers().contains_key(KEY);
        let key = command::key(request.headers());
        if named && key.is_none() {
            return Err(IDEMPOTENCY_KEY_MISSING.into());
        }
        let bytes = body::read(request, state).await?;
        let request = command::hash(&method, &uri, &bytes);
        Ok(Self {
            body: body::parse(&bytes)?,
            command: key.map(|key| Command { key, request }),
        })
    }
}

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Keyed<T> {
    type Rejection = Refusal;

    async fn from_request(request: Request, state: &S) -> Result<Self, Refusal> {
        let Repeatable { body, command } = Repeatable::<T>::from_request(request, state).await?;
        let command = command.ok_or(IDEMPOTENCY_KEY_MISSING)?;
        Ok(Self { body, command })
    }
}
