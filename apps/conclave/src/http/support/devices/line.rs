//! `GET /api/v1/support/devices/line`: the line of an enrolled computer, a WebSocket.

use axum::Extension;
use axum::extract::ws::rejection::WebSocketUpgradeRejection;
use axum::extract::{State, WebSocketUpgrade};
use axum::response::Response;
use conclave_audit::{Actor, Code, Event};
use conclave_protocol::problem::Problem;
use conclave_protocol::unattended::{DeviceBye, ToDevice};

use crate::allowance::Allowance;
use crate::app::App;
use crate::computers::{LONGEST_MESSAGE, Turned, talk};
use crate::http::occasion::Occasion;
use crate::http::problem::{BUSY, MALFORMED_REQUEST, Refusal};

/// The computer proves that it is the one by its key, and is then asked to let technicians in. So the upgrade itself tells
/// nobody which computers there are.
#[utoipa::path(
    get,
    operation_id = "openDeviceLine",
    path = "/support/devices/line",
    tag = "support",
    responses(
        (status = 101, description = "JSON text frames: `FromDevice` from the computer, `ToDevice` from the server", body = ToDevice),
        (status = 400, body = Problem),
        (status = 503, body = Problem)
    )
)]
pub(crate) async fn handle(
    State(app): State<App>,
    occasion: Occasion,
    Extension(allowance): Extension<Allowance>,
    upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
) -> Result<Response, Refusal> {
    let upgrade = upgrade.map_err(|_| MALFORMED_REQUEST)?;
    let place = app.channels.place().ok_or(BUSY)?;
    Ok(upgrade
        .max_message_size(LONGEST_MESSAGE)
        .max_frame_size(LONGEST_MESSAGE)
        .on_upgrade(async move |socket| {
            let turned = talk(socket, allowance, &app.computers, &app.store, &app.clock).await;
            drop(place);
            if let Some(turned) = turned {
                record(&app, &occasion, turned).await;
            }
        }))
}

async fn record(app: &App, occasion: &Occasion, turned: Turned) {
    let Turned { computer, why } = turned;
    // It asks again every minute, for as long as nobody renews it.
    if let (DeviceBye::Expired, Some(computer)) = (why, &computer)
        && !app.computers.note_end(computer.id)
    {
        return;
    }
    let reason = match (why, &computer) {
        (DeviceBye::Revoked, _) => "revoked",
        (DeviceBye::Expired, _) => "enrolment_over",
        (_, Some(_)) => "wrong_signature",
        (_, None) => "no_such_computer",
    };
    let organisation = computer.map(|computer| computer.organisation);
    let to = Code::new("device_line");
    let event = Event::AccessRefused { to };
    if let Ok(entry) = occasion.entry(organisation, Actor::Anonymous, event) {
        let refused = entry.refused(Code::new(reason));
        app.record_at_pace(occasion, refused).await;
    }
}
