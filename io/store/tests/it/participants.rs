//! The participants of a meeting.

mod commands;
mod departures;
mod invited;
mod joining;
mod lobby;
mod locking;
mod presence;
