//! The states of a session, each with what there is in it alone.

use std::time::Instant;

use conclave_protocol::remote::{EndReason, MonitorId};

use crate::indicator::Phase;
use crate::turn::ControlTurn;

pub(crate) enum State {
    /// The local person has permitted nothing yet.
    Requested {
        until: Instant,
    },
    Consented,
    Viewing(Viewing),
    /// The only state with input in it.
    Controlled(Viewing, Box<ControlTurn>),
    Ended(EndReason),
}

#[derive(Clone, Copy)]
pub(crate) struct Viewing {
    pub(crate) monitor: Option<MonitorId>,
}

impl State {
    pub(crate) fn phase(&self) -> Phase {
        match self {
            Self::Requested { .. } => Phase::Requested,
            Self::Consented => Phase::Consented,
            Self::Viewing(_) => Phase::Viewing,
            Self::Controlled(..) => Phase::Controlled,
            Self::Ended(reason) => Phase::Ended(*reason),
        }
    }

    pub(crate) fn viewing(&mut self) -> Option<&mut Viewing> {
        match self {
            Self::Viewing(viewing) | Self::Controlled(viewing, _) => Some(viewing),
            Self::Requested { .. } | Self::Consented | Self::Ended(_) => None,
        }
    }

    pub(crate) fn turn(&self) -> Option<&ControlTurn> {
        match self {
            Self::Controlled(_, turn) => Some(turn),
            Self::Requested { .. } | Self::Consented | Self::Viewing(_) | Self::Ended(_) => None,
        }
    }

    pub(crate) fn turn_mut(&mut self) -> Option<&mut ControlTurn> {
        match self {
            Self::Controlled(_, turn) => Some(turn),
            Self::Requested { .. } | Self::Consented | Self::Viewing(_) | Self::Ended(_) => None,
        }
    }
}
