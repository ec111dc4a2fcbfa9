//! A token that this server has not signed, or not for this: on record, as a credential that nobody has is elsewhere.

use conclave_audit::{Actor, Code, Event};

use crate::app::App;
use crate::http::occasion::Occasion;

/// Of nobody: what such a token says is whatever its writer liked. Showing none at all is nobody's act, and is not recorded.
pub(super) async fn record(app: &App, occasion: &Occasion, to: Code) {
    let entry = occasion.entry(None, Actor::Anonymous, Event::AccessRefused { to });
    if let Ok(entry) = entry {
        let refused = entry.refused(Code::new("unknown_token"));
        app.record_strangers(occasion, refused).await;
    }
}
