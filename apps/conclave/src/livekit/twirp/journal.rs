//! What developers' programs do to their rooms, on record.
//!
//! A call is recorded before it is passed on, so that none takes effect unrecorded. Asking and sending
//! data change no room and leave no entry.

use conclave_audit::{Code, Event};

use super::error::Error;
use super::grants::Caller;
use crate::app::App;
use crate::http::occasion::Occasion;

/// One caller's request.
pub(super) struct Journal<'a> {
    pub(super) app: &'a App,
    pub(super) caller: &'a Caller,
    pub(super) occasion: &'a Occasion,
}

impl Journal<'_> {
    pub(super) async fn done(&self, method: Code) -> Result<(), Error> {
        let event = Event::DeveloperCall { method };
        let entry = self.caller.token().entry(self.occasion, event);
        let entry = entry.map_err(|_| Error::internal("the call can't be recorded"))?;
        let recorded = self.app.store.record(entry).await;
        recorded.map_err(|_| Error::unavailable("the call can't be recorded"))
    }

    /// The caller lacks the grant.
    pub(super) async fn refused(&self, method: &str) {
        let Some(method) = code(method) else { return };
        let event = Event::DeveloperCall { method };
        if let Ok(entry) = self.caller.token().entry(self.occasion, event) {
            let entry = entry.refused(Code::new("grant"));
            self.app.record_at_pace(self.occasion, entry).await;
        }
    }
}

/// `CreateRoom` as `create_room`.
fn code(method: &str) -> Option<Code> {
    let mut word = String::new();
    for letter in method.chars() {
        if letter.is_ascii_uppercase() && !word.is_empty() {
            word.push('_');
        }
        word.push(letter.to_ascii_lowercase());
    }
    Code::parse(&word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_method_is_recorded_under_its_name() {
        let known = code("MutePublishedTrack");

        assert_eq!(known, Some(Code::new("mute_published_track")));
        assert_eq!(code("not a method"), None);
    }
}
