//! One signalling WebSocket: moves frames between the client and the owner of its room.

use std::time::Duration;

use axum::extract::ws::{Message as Frame, WebSocket};
use conclave_livekit::signal::{self, FrameError};
use livekit_protocol as proto;
use proto::signal_response::Message;
use tokio::time::{Instant, Interval, MissedTickBehavior, interval_at, timeout};

use super::LiveKit;
use super::access::{Checked, Entry, Request};
use super::refresh::{self, Refresh};
use super::refusal::Refusal;
use crate::media::{Place, Signal, SignalStream};

/// Clients give up when nothing was said for so long after the upgrade.
const FIRST_MESSAGE_TIME: Duration = Duration::from_secs(5);
/// Between WebSocket pings; a client answers without its application's help.
const PING_INTERVAL: Duration = Duration::from_secs(10);
/// A client that was not heard for so long is gone. Its media may go on: it resumes.
const SILENCE: Duration = Duration::from_secs(15);
/// A client that takes no byte for so long is gone.
const SEND_TIME: Duration = Duration::from_secs(10);
/// How long a join waits for the owner of its room. Longer than clients wait is of no use.
const PLACE_TIME: Duration = Duration::from_secs(4);
/// How long a join may hold its place in the queue of its room's owner until its ticket is written.
/// Longer lets a database that hangs keep an owner from whoever is in a call.
const ADMIT_TIME: Duration = Duration::from_secs(3);

/// Serves the WebSocket to its end.
pub(super) async fn run(livekit: LiveKit, checked: Checked, socket: WebSocket) {
    let client = Client::new(socket);
    match admit(&livekit, checked).await {
        Ok(admitted) => admitted.serve(livekit, client).await,
        Err(NotAdmitted::Refused(refusal)) => client.refuse(refusal).await,
        Err(NotAdmitted::Late(request)) => {
            client.refuse(Refusal::Unavailable).await;
            request.came_to_nothing(&livekit).await;
        }
    }
}

/// Why the room has not heard of a join.
enum NotAdmitted {
    Refused(Refusal),
    /// The join may be written yet, behind what the database hangs on; its correction waits there too.
    Late(Box<Request>),
}

impl From<Refusal> for NotAdmitted {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

/// The place comes before the ticket: an owner that is behind costs nobody a ticket.
async fn admit(livekit: &LiveKit, checked: Checked) -> Result<Admitted, NotAdmitted> {
    let Checked { request, room } = checked;
    let place = timeout(PLACE_TIME, livekit.app.media.wait_for_place(&room)).await;
    let place = place.map_err(|_| Refusal::Unavailable)?;
    let place = place.map_err(|_| Refusal::Unavailable)?;
    let Ok(entry) = timeout(ADMIT_TIME, request.admit(livekit)).await else {
        return Err(NotAdmitted::Late(Box::new(request)));
    };
    let entry = entry?;
    Ok(Admitted {
        request,
        entry,
        place,
    })
}

/// Somebody whose ticket is spent, and whom the room has not seen yet.
struct Admitted {
    request: Request,
    entry: Entry,
    place: Place,
}

impl Admitted {
    async fn serve(self, livekit: LiveKit, client: Client) {
        let Self {
            request,
            entry,
            place,
        } = self;
        let refresh = Refresh::new(&entry);
        let stream = livekit
            .app
            .media
            .connect(place, entry.access, request.join.clone());
        let session = Session {
            livekit,
            client,
            stream,
            refresh,
            renewals: every(refresh::INTERVAL),
        };
        session.serve(&request).await;
    }
}

struct Session {
    livekit: LiveKit,
    client: Client,
    stream: SignalStream,
    refresh: Refresh,
    renewals: Interval,
}

/// The connection is over; why does not matter, the owner decides what becomes of the participant.
struct Over;

impl Session {
    async fn serve(mut self, request: &Request) {
        if self.greet(request).await.is_ok() {
            while self.turn().await.is_ok() {}
        }
        self.client.close().await;
        self.stream.disconnected().await;
    }

    /// The first message must come at once. Unless it says that the room took the join, it came to
    /// nothing.
    async fn greet(&mut self, request: &Request) -> Result<(), Over> {
        let first = timeout(FIRST_MESSAGE_TIME, self.stream.next()).await;
        let first = first.unwrap_or(None);
        if !first.as_ref().is_some_and(is_welcome) {
            request.came_to_nothing(&self.livekit).await;
        }
        self.pass_on(first).await
    }

    async fn turn(&mut self) -> Result<(), Over> {
        tokio::select! {
            signal = self.stream.next() => self.pass_on(signal).await,
            heard = self.client.hear() => match heard? {
                Heard::Nothing => Ok(()),
                Heard::Request(request) => self.stream.request(*request).await.map_err(|_| Over),
                Heard::Nonsense => self.stream.malformed().await.map_err(|_| Over),
            },
            _ = self.renewals.tick() => self.renew().await,
        }
    }

    async fn pass_on(&mut self, signal: Option<Signal>) -> Result<(), Over> {
        let Some(Signal::Message(message)) = signal else {
            return Err(Over);
        };
        let renew = self.refresh.is_due_after(&message);
        self.client.say(*message).await?;
        if renew {
            self.renew().await?;
        }
        Ok(())
    }

    async fn renew(&mut self) -> Result<(), Over> {
        match self.refresh.message(&self.livekit) {
            Some(message) => self.client.say(message).await,
            None => Ok(()),
        }
    }
}

fn is_welcome(signal: &Signal) -> bool {
    matches!(signal, Signal::Message(message) if !matches!(**message, Message::Leave(_)))
}

/// The far end of the WebSocket.
struct Client {
    socket: WebSocket,
    /// It speaks protobuf-JSON, so it is answered in it.
    json: bool,
    last_heard: Instant,
    pings: Interval,
}

enum Heard {
    Request(Box<proto::signal_request::Message>),
    Nonsense,
    /// A pong, a ping, or a message of a later version of the protocol.
    Nothing,
}

impl Client {
    fn new(socket: WebSocket) -> Self {
        Self {
            socket,
            json: false,
            last_heard: Instant::now(),
            pings: every(PING_INTERVAL),
        }
    }

    /// The next frame. Pings on the way, so that a silent client is noticed.
    async fn hear(&mut self) -> Result<Heard, Over> {
        loop {
            tokio::select! {
                frame = self.socket.recv() => {
                    self.last_heard = Instant::now();
                    return self.read(frame.ok_or(Over)?.map_err(|_| Over)?);
                }
                _ = self.pings.tick() => {
                    if self.last_heard.elapsed() >= SILENCE {
                        return Err(Over);
                    }
                    self.send(Frame::Ping(Default::default())).await?;
                }
            }
        }
    }

    fn read(&mut self, frame: Frame) -> Result<Heard, Over> {
        let request = match frame {
            Frame::Binary(bytes) => signal::decode_binary(&bytes),
            Frame::Text(text) => {
                self.json = true;
                signal::decode_text(&text)
            }
            Frame::Ping(_) | Frame::Pong(_) => return Ok(Heard::Nothing),
            Frame::Close(_) => return Err(Over),
        };
        Ok(match request {
            Ok(request) => Heard::Request(Box::new(request)),
            Err(FrameError::Unknown) => Heard::Nothing,
            Err(FrameError::Malformed | FrameError::TooLarge) => Heard::Nonsense,
        })
    }

    async fn say(&mut self, message: Message) -> Result<(), Over> {
        let frame = if self.json {
            let text = signal::encode_text(message).map_err(|_| Over)?;
            Frame::Text(text.into())
        } else {
            Frame::Binary(signal::encode_binary(message).into())
        };
        self.send(frame).await
    }

    async fn send(&mut self, frame: Frame) -> Result<(), Over> {
        let sent = timeout(SEND_TIME, self.socket.send(frame)).await;
        sent.map_err(|_| Over)?.map_err(|_| Over)
    }

    /// For what was found only after the upgrade, such as a ticket that was spent meanwhile.
    async fn refuse(mut self, refusal: Refusal) {
        use proto::leave_request::Action;
        let action = match refusal {
            Refusal::Unavailable => Action::Reconnect,
            _ => Action::Disconnect,
        };
        let leave = proto::LeaveRequest {
            can_reconnect: action == Action::Reconnect,
            reason: proto::DisconnectReason::JoinFailure as i32,
            action: action as i32,
            regions: None,
        };
        // Whether it is heard changes nothing.
        let _heard = self.say(Message::Leave(leave)).await;
        self.close().await;
    }

    async fn close(&mut self) {
        // A peer that is gone can't be told.
        let _heard = self.send(Frame::Close(None)).await;
    }
}

/// The first tick comes after the first period.
fn every(period: Duration) -> Interval {
    let mut interval = interval_at(Instant::now() + period, period);
    interval.set_missed_tick_behavior(MissedTickBehavior::Delay);
    interval
}
