//! One computer's WebSocket: it proves that it is the one, then is asked, and answers.

use std::time::Duration;

use aws_lc_rs::signature::{ED25519, UnparsedPublicKey};
use axum::extract::ws::{Message, WebSocket};
use conclave_policy::unattended::has_ended;
use conclave_protocol::mls::Opaque;
use conclave_protocol::unattended::{DeviceBye, FromDevice, ToDevice, is_run, line_content};
use conclave_protocol::{SupportDeviceId, Timestamp};
use conclave_store::Store;
use conclave_store::read::unattended::Computer;
use tokio::time::{Instant, sleep_until, timeout};

use super::{Attached, Computers};
use crate::allowance::Allowance;
use crate::{Clock, secret};

/// Whoever is on the line.
struct Proved {
    device: SupportDeviceId,
    run: String,
    /// As it was looked up.
    cuts: u64,
}

/// Whoever said to be a computer and is none, or was taken out, or whose enrolment is over.
pub(crate) struct Turned {
    /// Absent where nothing has that id.
    pub(crate) computer: Option<Box<Computer>>,
    pub(crate) why: DeviceBye,
}

/// How a line ends.
enum End {
    Bye(DeviceBye),
    Turned(Turned),
    /// The computer went, or its network did; or the server can't serve it at this moment.
    Gone,
}

/// In bytes, of a computer's message: a proof.
pub(crate) const LONGEST_MESSAGE: usize = 1_024;
/// Bytes that are taken before a proof.
const STRANGERS: usize = 4 * LONGEST_MESSAGE;
/// From the open socket to the proof.
const PROOF: Duration = Duration::from_secs(10);
/// A computer that says nothing for this long is asked whether it is there, and is gone when it says nothing to that.
const QUIET: Duration = Duration::from_secs(20);
/// For one message to leave.
const SEND: Duration = Duration::from_secs(10);
/// A computer that says more than this in a minute is none of ours.
const MOST_MESSAGES: u32 = 120;
const MINUTE: Duration = Duration::from_secs(60);

/// Serves one socket until it or the server ends. Whoever was turned away at the door.
pub(crate) async fn talk(
    socket: WebSocket,
    allowance: Allowance,
    computers: &Computers,
    store: &Store,
    clock: &Clock,
) -> Option<Turned> {
    allowance.limit(STRANGERS);
    let mut wire = Wire { socket };
    let stopping = computers.stopping.clone();
    let end = tokio::select! {
        () = stopping.cancelled() => End::Bye(DeviceBye::ServerStopping),
        end = wire.serve(&allowance, computers, store, clock) => end,
    };
    let (bye, turned) = match end {
        End::Bye(bye) => (Some(bye), None),
        End::Turned(turned) => (Some(turned.why), Some(turned)),
        End::Gone => (None, None),
    };
    if let Some(reason) = bye {
        wire.say(&ToDevice::Bye { reason }).await;
        let _gone = timeout(SEND, wire.socket.send(Message::Close(None))).await;
    }
    turned
}

struct Wire {
    socket: WebSocket,
}

enum Heard {
    Message(FromDevice),
    Silence,
    Malformed,
    Closed,
}

impl Wire {
    async fn serve(
        &mut self,
        allowance: &Allowance,
        computers: &Computers,
        store: &Store,
        clock: &Clock,
    ) -> End {
        let proved = match self.identify(computers, store, clock).await {
            Ok(proved) => proved,
            Err(end) => return end,
        };
        allowance.lift();
        // One that was taken out meanwhile proves itself again, and is told.
        let attached = computers.attach(proved.device, proved.run, proved.cuts);
        let Some(mut attached) = attached else {
            return End::Gone;
        };
        let end = match self.say(&ToDevice::Welcome).await {
            true => self.relay(computers, store, clock, &mut attached).await,
            false => End::Gone,
        };
        computers.detach(&attached);
        end
    }

    async fn identify(
        &mut self,
        computers: &Computers,
        store: &Store,
        clock: &Clock,
    ) -> Result<Proved, End> {
        let nonce: [u8; 32] = secret::random().map_err(|_| End::Gone)?;
        let challenge = Opaque::new(nonce.to_vec()).map_err(|_| End::Gone)?;
        if !self.say(&ToDevice::Challenge { nonce: challenge }).await {
            return Err(End::Gone);
        }
        let heard = timeout(PROOF, self.hear()).await;
        let Ok(Heard::Message(FromDevice::Proof {
            device,
            signature,
            run,
        })) = heard
        else {
            return Err(End::Bye(DeviceBye::Malformed));
        };
        if !is_run(&run) {
            return Err(End::Bye(DeviceBye::Malformed));
        }
        let cuts = computers.cuts();
        let computer = store.computer(device).await.map_err(|_| End::Gone)?;
        let judged = judge(computer, device, &nonce, &run, &signature, clock.now());
        judged.map_err(End::Turned)?;
        Ok(Proved { device, run, cuts })
    }

    async fn relay(
        &mut self,
        computers: &Computers,
        store: &Store,
        clock: &Clock,
        attached: &mut Attached,
    ) -> End {
        let mut patience = Instant::now() + QUIET;
        let mut is_asked = false;
        let (mut minute, mut messages) = (Instant::now() + MINUTE, 0);
        loop {
            tokio::select! {
                told = attached.inbox.recv() => match told {
                    Some(message) => {
                        if !self.say(&message).await {
                            return End::Gone;
                        }
                    }
                    None => {
                        let why = why_cut_off(computers, store, clock, attached).await;
                        return End::Bye(why);
                    }
                },
                heard = self.hear() => {
                    let now = Instant::now();
                    (patience, is_asked) = (now + QUIET, false);
                    if now >= minute {
                        (minute, messages) = (now + MINUTE, 0);
                    }
                    messages += 1;
                    if messages > MOST_MESSAGES {
                        return End::Bye(DeviceBye::Malformed);
                    }
                    if let Some(end) = take(computers, attached, heard) {
                        return end;
                    }
                }
                () = sleep_until(patience) => {
                    if is_asked || !self.ask().await {
                        return End::Gone;
                    }
                    (patience, is_asked) = (patience + QUIET, true);
                }
            }
        }
    }

    async fn hear(&mut self) -> Heard {
        match self.socket.recv().await {
            Some(Ok(Message::Text(text))) if text.len() <= LONGEST_MESSAGE => {
                let message = serde_json::from_str(&text).ok();
                message.map_or(Heard::Malformed, Heard::Message)
            }
            Some(Ok(Message::Text(_) | Message::Binary(_))) => Heard::Malformed,
            Some(Ok(Message::Ping(_) | Message::Pong(_))) => Heard::Silence,
            Some(Ok(Message::Close(_)) | Err(_)) | None => Heard::Closed,
        }
    }

    async fn say(&mut self, message: &ToDevice) -> bool {
        let Ok(text) = serde_json::to_string(message) else {
            return false;
        };
        let sent = timeout(SEND, self.socket.send(Message::Text(text.into()))).await;
        matches!(sent, Ok(Ok(())))
    }

    /// Whether the computer is there: its WebSocket answers by itself.
    async fn ask(&mut self) -> bool {
        let ping = Message::Ping(Vec::new().into());
        let sent = timeout(SEND, self.socket.send(ping)).await;
        matches!(sent, Ok(Ok(())))
    }
}

fn take(computers: &Computers, attached: &Attached, heard: Heard) -> Option<End> {
    match heard {
        Heard::Message(FromDevice::Answered {
            session,
            attempt,
            answer,
        }) => {
            computers.answered(attached, session, attempt, answer);
            None
        }
        Heard::Message(FromDevice::NotCome { session, why }) => {
            computers.not_come(attached, session, why);
            None
        }
        Heard::Message(FromDevice::Proof { .. }) | Heard::Malformed => {
            Some(End::Bye(DeviceBye::Malformed))
        }
        Heard::Silence => None,
        Heard::Closed => Some(End::Gone),
    }
}

/// Another line took its place, or the computer was taken out, or its enrolment is over.
async fn why_cut_off(
    computers: &Computers,
    store: &Store,
    clock: &Clock,
    attached: &Attached,
) -> DeviceBye {
    let is_replaced = computers.is_online(attached.device) && !computers.is_current(attached);
    let computer = store.computer(attached.device).await.ok().flatten();
    let over = computer.and_then(|computer| why_over(&computer, clock.now()));
    match (over, is_replaced) {
        (Some(why), _) => why,
        (None, true) => DeviceBye::Replaced,
        (None, false) => DeviceBye::ServerStopping,
    }
}

fn why_over(computer: &Computer, now: Timestamp) -> Option<DeviceBye> {
    if computer.revoked_at.is_some() {
        return Some(DeviceBye::Revoked);
    }
    has_ended(computer.ends_at, now).then_some(DeviceBye::Expired)
}

fn judge(
    computer: Option<Computer>,
    device: SupportDeviceId,
    nonce: &[u8],
    run: &str,
    signature: &Opaque,
    now: Timestamp,
) -> Result<(), Turned> {
    let Some(computer) = computer else {
        return Err(turned(None, DeviceBye::NotAuthenticated));
    };
    let key = UnparsedPublicKey::new(&ED25519, computer.signing_key);
    let content = line_content(device, nonce, run);
    if key.verify(&content, signature.as_bytes()).is_err() {
        return Err(turned(Some(computer), DeviceBye::NotAuthenticated));
    }
    // Only the computer itself is told that it was taken out.
    match why_over(&computer, now) {
        Some(why) => Err(turned(Some(computer), why)),
        None => Ok(()),
    }
}

fn turned(computer: Option<Computer>, why: DeviceBye) -> Turned {
    let computer = computer.map(Box::new);
    Turned { computer, why }
}
