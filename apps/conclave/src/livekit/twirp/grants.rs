//! What the token of a server API's caller allows.

use conclave_livekit::token::VideoGrants;
use conclave_sfu::RoomName;

use super::error::Error;
use crate::livekit::developer::Token;
use crate::room_names;

pub(super) struct Caller {
    token: Token,
    grants: VideoGrants,
}

impl Caller {
    pub(super) fn new(token: Token) -> Self {
        let grants = token.grants();
        Self { token, grants }
    }

    pub(super) fn token(&self) -> &Token {
        &self.token
    }

    /// Making and deleting rooms.
    pub(super) fn create(&self, room: &str) -> Result<RoomName, Error> {
        allow(self.grants.room_create, "roomCreate")?;
        name(room)
    }

    pub(super) fn list(&self) -> Result<(), Error> {
        allow(self.grants.room_list, "roomList")
    }

    /// Everything inside one room: the one that the token names.
    pub(super) fn administer(&self, room: &str) -> Result<RoomName, Error> {
        let here = self.grants.room_admin && self.grants.room == room;
        allow(here, "roomAdmin for this room")?;
        name(room)
    }
}

fn allow(allowed: bool, grant: &str) -> Result<(), Error> {
    if allowed {
        return Ok(());
    }
    Err(Error::permission_denied(format!(
        "the token lacks the grant {grant}"
    )))
}

/// A meeting's room is not there for a developer.
fn name(room: &str) -> Result<RoomName, Error> {
    if room.is_empty() {
        return Err(Error::invalid_argument("room is empty"));
    }
    room_names::of_developer(room)
        .ok_or_else(|| Error::invalid_argument("names of rooms can't begin with meeting:"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_administrator_of_one_room_is_nobody_in_another() {
        let caller = caller(VideoGrants {
            room_admin: true,
            room: "ward".to_owned(),
            ..VideoGrants::default()
        });

        assert!(caller.administer("ward").is_ok());
        assert!(caller.administer("theatre").is_err());
        assert!(caller.create("ward").is_err());
        assert!(caller.list().is_err());
    }

    fn caller(grants: VideoGrants) -> Caller {
        Caller::new(Token::of_test(grants))
    }

    #[test]
    fn no_grant_reaches_a_meeting() {
        let caller = caller(VideoGrants {
            room_admin: true,
            room_create: true,
            room: "meeting:x".to_owned(),
            ..VideoGrants::default()
        });

        assert!(caller.administer("meeting:x").is_err());
        assert!(caller.create("meeting:x").is_err());
    }
}
