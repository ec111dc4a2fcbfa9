//! When and where a request happens: what every audit entry of it says.

use axum::extract::FromRequestParts;
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

impl FromRequestParts<App> for Occasion {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Refusal> {
        Ok(Self {
            now: app.clock.now(),
            source: Source::from_request_parts(parts, app).await?,
            request: parts
                .extensions
                .get::<RequestId>()
                .copied()
                .unwrap_or(RequestId(Uuid::nil())),
        })
    }
}
