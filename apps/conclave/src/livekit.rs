//! LiveKit's HTTP surface: `/rtc…` and `/twirp/livekit.RoomService/…`.

use std::collections::BTreeMap;

use axum::Router;

use crate::config::ApiSecret;
use crate::tickets::Tickets;
use crate::{Clock, media};

/// What these routes work with.
#[derive(Clone)]
pub struct LiveKit {
    pub media: media::Handle,
    pub tickets: Tickets,
    pub developer_keys: BTreeMap<String, ApiSecret>,
    pub clock: Clock,
    /// Cancelled when the server begins to stop.
    pub stopping: tokio_util::sync::CancellationToken,
}

/// `/rtc`, `/rtc/v1`, their `/validate`, and Twirp, with their own CORS.
pub fn router(_state: LiveKit) -> Router {
    Router::new()
}
