//! The `ui` process: the windows in which the person at the computer is asked, sees who is there, and stops them.
//!
//! # Security
//!
//! This process alone says yes, and only to `desk`. It says nothing of its own: each yes is a press of the person's on
//! a button that has stood for two seconds. Each of its windows is marked as ours before it is shown, so that nothing
//! from afar presses it, and a window that can't be marked ends the session. What shows that it works, each second, goes
//! through the loop that draws.

mod alarm;
mod board;
mod event_loop;
mod farewell;
mod hearing;
mod keeper;
mod picker;
pub mod places;
mod press;
mod question;
#[cfg(test)]
mod scene;
mod stage;
mod start;
mod state;
mod tag;
mod view;
mod words;

use std::error::Error;
use std::io::Write;
use std::os::fd::OwnedFd;
use std::process::ExitCode;

use crate::ipc::Socket;
use event_loop::EventLoop;
use hearing::listen;

/// Until the session is over and the windows are closed, or one of the other processes is gone.
pub fn run(desk: OwnedFd, net: OwnedFd) -> ExitCode {
    match shown(desk.into(), net.into()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let _shown = writeln!(std::io::stderr(), "conclave-agent: no windows: {error}");
            ExitCode::FAILURE
        }
    }
}

fn shown(desk: Socket, net: Socket) -> Result<(), Box<dyn Error>> {
    let (hears_desk, hears_net) = (desk.again()?, net.again()?);
    let windows = EventLoop::open(desk, net)?;
    let heard = listen(hears_desk, hears_net, windows.alarm(), windows.keeper())?;
    Ok(windows.run(heard)?)
}
