//! An administrator's rights in an attended session: who asks for them, what has them, and the way back after a restart.
//!
//! ```text
//! desk ◄──► raiser (the person's) ──► su ──► sudo ──► raised (root)
//!                                                       └──► a ticket, a unit; restart ──► return (root) ──► agent
//! ```
//!
//! # Security
//!
//! The computer's own rules say who is an administrator: `su` takes the name and the password, and `sudo` looks whether such an
//! account may act as root. What has root's rights then is this program again, and can be told two things: to lay the way back,
//! and to restart. Whoever controls the desktop reads what is typed at it, and could read this too.

mod own_program;
mod porter;
mod returning;
mod root;
mod way_back;

pub(crate) use porter::run as run_raiser;
pub(crate) use returning::come_back;
pub use root::Root;
