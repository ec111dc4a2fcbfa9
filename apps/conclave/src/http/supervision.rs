//! The organisation's meetings, for who looks after them from outside.

pub(super) mod list;
pub(super) mod people;

use std::time::Duration;

use conclave_audit::Event;
use conclave_protocol::MeetingId;
use tokio::time::timeout;

use super::meeting_sessions::seen;
use super::occasion::Occasion;
use super::signed_in::SignedIn;
use crate::app::App;

/// Records that somebody looks, unless the same look is on record already. While nothing can be written the list is shown
/// all the same: from it meetings are ended, which always works.
async fn watched(app: &App, signed_in: &SignedIn, occasion: &Occasion, meeting: Option<MeetingId>) {
    let (session, now) = (signed_in.session, occasion.now);
    if !app.throttles.watching().is_due(session, meeting, now) {
        return;
    }
    let event = Event::SessionWatch {
        meeting: meeting.map(|meeting| meeting.0),
    };
    let written = timeout(A_LOOK, seen(app, signed_in, occasion, event));
    match written.await {
        Ok(Ok(())) => app.throttles.watching().recorded(session, meeting, now),
        Ok(Err(_)) | Err(_) => tracing::warn!("a look at the live meetings was not recorded"),
    }
}

/// How long the list waits for the entry. Longer delays ending a meeting while the database hangs.
const A_LOOK: Duration = Duration::from_secs(1);
