//! What the other processes say, the time when it makes a difference, and signs of life.

use std::thread;
use std::time::Duration;

use iced::futures::SinkExt;
use iced::futures::channel::mpsc;
use iced::futures::executor::block_on;
use iced::{Task, window};
use serde::de::DeserializeOwned;

use super::alarm::Alarm;
use super::event_loop::Message;
use super::keeper::Keeper;
use crate::ipc::{Socket, UiToDesk};
use crate::platform::Fault;

const BETWEEN_SIGNS_OF_LIFE: Duration = Duration::from_secs(1);
/// More than a session ever says at once; then whoever says it waits.
const MOST_WAITING: usize = 64;

/// Each message has all windows drawn anew, so what changes nothing is none.
pub(super) fn listen(
    desk: Socket,
    net: Socket,
    alarm: Alarm,
    keeper: Keeper,
) -> Result<mpsc::Receiver<Message>, Fault> {
    let (sender, receiver) = mpsc::channel(MOST_WAITING);
    let (to_desk, to_net) = (sender.clone(), sender.clone());
    let (mut ticks, mut fails) = (sender.clone(), sender);
    thread::spawn(move || pass_on(&desk, to_desk, Message::Desk));
    thread::spawn(move || pass_on(&net, to_net, Message::Net));
    thread::spawn(move || {
        loop {
            alarm.wait();
            if block_on(ticks.send(Message::Tick)).is_err() {
                return;
            }
        }
    });
    keeper.watch(move |fault| {
        let _nobody_draws = block_on(fails.send(Message::Unkept(fault)));
    })?;
    Ok(receiver)
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

/// One each second. It goes into the loop that draws and out of it again, and draws nothing: a loop that stands still gives
/// none.
pub(super) fn signs_of_life(desk: Socket) -> Task<Message> {
    Task::stream(beats())
        .then(|()| window::latest())
        .then(move |_| match desk.try_send(&UiToDesk::Alive) {
            Ok(true) => Task::none(),
            Ok(false) | Err(_) => Task::done(Message::Gone),
        })
}

/// The next waits until the one before has been taken.
fn beats() -> mpsc::Receiver<()> {
    let (mut sender, receiver) = mpsc::channel(0);
    thread::spawn(move || {
        while block_on(sender.send(())).is_ok() {
            thread::sleep(BETWEEN_SIGNS_OF_LIFE);
        }
    });
    receiver
}
