//! The remote-support session, without IO: who may see and do what at a supported computer, and for how long.
//!
//! A [`Session`] runs on that computer. It is fed what the technician says, what the local person does, what is on the
//! screen, and time ([`Input`]), and hands back what to ask, show, capture, inject and say ([`Output`]). What the screen
//! shows goes to the technician as [`tiles`], and what is kept of it is a [`recording`].

#![forbid(unsafe_code)]

mod caps;
mod fact;
mod held;
mod inbox_name;
mod indicator;
mod io;
mod lifetime;
mod limits;
mod pace;
mod people;
mod permissions;
mod question;
pub mod recording;
mod rights;
#[cfg(test)]
mod scene;
mod screen;
mod session;
mod state;
pub mod tiles;
mod transfers;
mod turn;

pub use caps::Caps;
pub use fact::{Fact, Topic};
pub use indicator::{Indicator, Phase};
pub use io::{
    Area, Capture, Display, Done, FileWork, Injection, Input, Local, Output, Reply, Surface, Terms,
    WindowId,
};
pub use limits::{FileRules, Limits};
pub use people::Person;
pub use question::{Question, QuestionId, Subject};
pub use session::Session;
