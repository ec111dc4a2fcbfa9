//! A token that this server has not signed, or not for this, or whose time is over: on record, as a credential that nobody has is elsewhere.

use conclave_audit::{Actor, Code, Event};
use conclave_livekit::token::TokenError;

use crate::app::App;
use crate::http::occasion::Occasion;
use crate::tickets::TicketRefusal;

/// What is on record of a token that opens nothing.
#[derive(Clone, Copy)]
pub(super) enum Why {
    /// Its writer may be anybody.
    Unknown,
    /// Whoever has the key signed it, and it was good.
    Expired,
}

impl Why {
    /// `None` for one that is not looked at, or not refused for what it is.
    pub(super) fn of_ticket(refusal: TicketRefusal) -> Option<Self> {
        match refusal {
            TicketRefusal::Invalid => Some(Self::Unknown),
            TicketRefusal::Expired => Some(Self::Expired),
            TicketRefusal::Foreign | TicketRefusal::NotAdmitted | TicketRefusal::Unavailable => {
                None
            }
        }
    }

    fn code(self) -> Code {
        match self {
            Self::Unknown => Code::new("unknown_token"),
            Self::Expired => Code::new("expired_token"),
        }
    }
}

impl From<TokenError> for Why {
    fn from(error: TokenError) -> Self {
        match error {
            TokenError::Expired => Self::Expired,
            TokenError::Malformed | TokenError::Signature | TokenError::NotYet => Self::Unknown,
        }
    }
}

/// Of nobody: what an unknown token says is whatever its writer liked, and one whose time is over may be anybody's by now.
/// Showing none at all is nobody's act, and is not recorded.
pub(super) async fn record(app: &App, occasion: &Occasion, to: Code, why: Why) {
    let entry = occasion.entry(None, Actor::Anonymous, Event::AccessRefused { to });
    if let Ok(entry) = entry {
        let refused = entry.refused(why.code());
        app.record_strangers(occasion, refused).await;
    }
}
