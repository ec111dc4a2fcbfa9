//! LiveKit's server API: Twirp over HTTP, in protobuf or protobuf-JSON.

mod body;
mod error;
mod grants;
mod journal;
mod room_service;

use axum::extract::{Path, Request, State};
use axum::http::{HeaderMap, Method};
use axum::response::{IntoResponse, Response};
use conclave_audit::Code;

use super::access::bearer;
use super::developer::{NotVerified, Token};
use super::{LiveKit, unknown};
use crate::http::occasion::Occasion;
use body::Format;
use error::Error;
use grants::Caller;
use journal::Journal;

const SERVICE: &str = "livekit.RoomService";

/// `POST /twirp/<service>/<method>`
pub(super) async fn serve(
    State(livekit): State<LiveKit>,
    Path(path): Path<String>,
    occasion: Occasion,
    request: Request,
) -> Response {
    match answer(&livekit, &path, &occasion, request).await {
        Ok(response) => response,
        Err(error) => error.into_response(),
    }
}

async fn answer(
    livekit: &LiveKit,
    path: &str,
    occasion: &Occasion,
    request: Request,
) -> Result<Response, Error> {
    let method = path
        .split_once('/')
        .filter(|(service, _)| *service == SERVICE)
        .map(|(_, method)| method)
        .ok_or_else(|| Error::bad_route("no such service"))?;
    if request.method() != Method::POST {
        return Err(Error::bad_route("only POST is answered"));
    }
    let caller = caller(livekit, request.headers(), occasion).await?;
    let format = Format::of(request.headers())?;
    let body = body::read(request).await?;
    let journal = Journal {
        app: &livekit.app,
        caller: &caller,
        occasion,
    };
    let answer = room_service::call(livekit, &caller, &journal, method, format, &body).await;
    if let Err(error) = &answer
        && error.is_a_lack_of_permission()
    {
        journal.refused(method).await;
    }
    answer
}

async fn caller(
    livekit: &LiveKit,
    headers: &HeaderMap,
    occasion: &Occasion,
) -> Result<Caller, Error> {
    let token = bearer(headers)
        .ok_or_else(|| Error::unauthenticated("the Authorization header has no bearer token"))?;
    match Token::verify(livekit, token).await {
        Ok(token) => Ok(Caller::new(token)),
        Err(NotVerified::Token(error)) => {
            let to = Code::new("room_service");
            unknown::record(&livekit.app, occasion, to, error.into()).await;
            Err(Error::unauthenticated(error.to_string()))
        }
        Err(NotVerified::Unavailable(error)) => Err(Error::unavailable(error.to_string())),
    }
}
