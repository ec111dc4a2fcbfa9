//! What the other processes say, and the time.
//!
//! The time passes into the loop and out of it again as a sign of life: a loop that stands still gives none.

use std::thread;
use std::time::Duration;

use iced::futures::SinkExt;
use iced::futures::channel::mpsc;
use iced::futures::executor::block_on;
use serde::de::DeserializeOwned;

use super::event_loop::Message;
use crate::ipc::Socket;

/// Often enough that a countdown does not stutter.
const TICK: Duration = Duration::from_millis(250);
/// More than a session ever says at once; then whoever says it waits.
const MOST_WAITING: usize = 64;

pub(super) fn listen(desk: Socket, net: Socket) -> mpsc::Receiver<Message> {
    let (sender, receiver) = mpsc::channel(MOST_WAITING);
    let (to_desk, to_net, mut ticks) = (sender.clone(), sender.clone(), sender);
    thread::spawn(move || pass_on(&desk, to_desk, Message::Desk));
    thread::spawn(move || pass_on(&net, to_net, Message::Net));
    thread::spawn(move || {
        while !ticks.is_closed() {
            let _missed = ticks.try_send(Message::Tick);
            thread::sleep(TICK);
        }
    });
    receiver
}

fn pass_on<M: DeserializeOwned>(
    socket: &Socket,
    mut to: mpsc::Sender<Message>,
    message: fn(M) -> Message,
) {
    loop {
        let heard = socket.receive().map_or(Message::Gone, message);
        let is_last = matches!(heard, Message::Gone);
        if block_on(to.send(heard)).is_err() || is_last {
            return;
        }
    }
}
