//! LiveKit's HTTP surface: `/rtc…` and `/twirp/livekit.RoomService/…`.

mod access;
mod developer;
mod refresh;
mod refusal;
mod rtc;
mod session;
mod twirp;
mod unknown;

use axum::Router;
use axum::extract::FromRef;
use axum::http::Method;
use axum::routing::{any, get};
use tokio_util::sync::CancellationToken;
use tower_http::cors::{Any, CorsLayer};

use crate::app::App;

pub(crate) use developer::Developers;

/// What these routes work with.
#[derive(Clone)]
pub(crate) struct LiveKit {
    pub(crate) app: App,
    pub(crate) developers: Developers,
    /// Cancelled when the server begins to stop.
    pub(crate) stopping: CancellationToken,
}

impl FromRef<LiveKit> for App {
    fn from_ref(livekit: &LiveKit) -> Self {
        livekit.app.clone()
    }
}

/// `/rtc`, `/rtc/v1`, their `/validate`, and Twirp, with their own CORS.
///
/// SDKs join the given URL and the path carelessly, so each path is served with a second slash too.
pub(crate) fn router(state: LiveKit) -> Router {
    let mut router = Router::new();
    for slashes in ["/", "//"] {
        router = router
            .route(&format!("{slashes}rtc"), get(rtc::dual))
            .route(&format!("{slashes}rtc/v1"), get(rtc::single))
            .route(&format!("{slashes}rtc/validate"), get(rtc::validate_dual))
            .route(
                &format!("{slashes}rtc/v1/validate"),
                get(rtc::validate_single),
            )
            .route(&format!("{slashes}twirp/{{*method}}"), any(twirp::serve));
    }
    router.layer(cors()).with_state(state)
}

/// Any page may ask: what is allowed depends on the token, and never on a cookie alone.
fn cors() -> CorsLayer {
    CorsLayer::new()
        .allow_origin(Any)
        .allow_headers(Any)
        .allow_methods([
            Method::OPTIONS,
            Method::HEAD,
            Method::GET,
            Method::POST,
            Method::PATCH,
            Method::DELETE,
        ])
}
