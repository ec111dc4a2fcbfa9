//! When and where a request happens: what every audit entry of it says.

use axum::extract::{FromRef, FromRequestParts};
use axum::http::request::Parts;
use conclave_audit::{Actor, Entry, Event};
use conclave_protocol::{OrganisationId, Timestamp};
use uuid::Uuid;

use super::problem::Refusal;
use super::source::Source;
use crate::app::App;
use crate::recorded;
use crate::secret::NoRandomness;

#[derive(Clone)]
pub(crate) struct Occasion {
    pub(crate) now: Timestamp,
    pub(crate) source: Source,
    request: RequestId,
}

/// Ties log lines and audit entries of one request together.
#[derive(Clone, Copy)]
pub(crate) struct RequestId(pub(crate) Uuid);

impl Occasion {
    /// Somebody on this machine, at the beginning of time.
    #[cfg(test)]
    pub(crate) fn of_test() -> Self {
        Self {
            now: Timestamp::from_micros(0),
            source: Source::of_test(),
            request: RequestId(Uuid::nil()),
        }
    }

    /// An entry of an act that succeeded.
    pub(crate) fn entry(
        &self,
        organisation: Option<OrganisationId>,
        actor: Actor,
        event: Event,
    ) -> Result<Entry, NoRandomness> {
        let RequestId(request) = self.request;
        let entry = recorded::entry(self.now, actor, event)?
            .from_source(self.source.recorded())
            .for_request(request);
        Ok(recorded::filed(entry, organisation))
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Occasion
where
    App: FromRef<S>,
{
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Refusal> {
        let app = App::from_ref(state);
        Ok(Self {
            now: app.clock.now(),
            source: Source::from_request_parts(parts, &app).await?,
            request: parts
                .extensions
                .get::<RequestId>()
                .copied()
                .unwrap_or(RequestId(Uuid::nil())),
        })
    }
}
