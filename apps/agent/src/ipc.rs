//! What the agent's processes say to each other: one message a datagram, between children of one launcher.
//!
//! ```text
//! network ◄── net ◄──► desk ──► the desktop
//!              ▲        ▲
//!              └── ui ──┘ ──► the person
//! ```
//!
//! # Security
//!
//! No process takes another one for more than it is: what is no message of the one that is at the other end of a socket
//! is [`Broken::Malformed`], and whoever reads that treats the other as gone. Only `ui` says yes, and only to `desk`.

mod desk_and_net;
mod desk_and_raiser;
mod desk_and_ui;
mod net_and_ui;
mod question;
mod service_and_line;
mod sign;
mod socket;

pub use desk_and_net::{Airing, DeskToNet, Footage, NetToDesk, Way};
pub use desk_and_raiser::{DeskToRaiser, RaiserToDesk, RaiserToRoot, RootToRaiser};
pub use desk_and_ui::{DeskToUi, UiToDesk};
pub use net_and_ui::{Failure, NetToUi, UiToNet};
pub use question::{Offered, Question, Subject, Window};
pub use service_and_line::{Credentials, LineToService, ServiceToLine};
pub use sign::{Place, Sign};
pub use socket::{Broken, LARGEST, Socket};

#[cfg(test)]
mod tests;
