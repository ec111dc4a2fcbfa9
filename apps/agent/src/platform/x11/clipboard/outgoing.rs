//! Hands our text to a program that pastes.

use x11rb::NONE;
use x11rb::protocol::ErrorKind;
use x11rb::protocol::xproto::{
    AtomEnum, ConnectionExt as _, EventMask, PropMode, SELECTION_NOTIFY_EVENT,
    SelectionNotifyEvent, SelectionRequestEvent,
};
use x11rb::wrapper::ConnectionExt as _;

use super::SelectionClipboard;
use crate::platform::Fault;
use crate::platform::x11::fault::unless;

impl SelectionClipboard {
    /// With the text, with the list of forms that it has, or with a refusal.
    pub(super) fn answer(&self, request: &SelectionRequestEvent) -> Result<(), Fault> {
        let is_given = self.give(request)?;
        let answer = SelectionNotifyEvent {
            response_type: SELECTION_NOTIFY_EVENT,
            sequence: 0,
            time: request.time,
            requestor: request.requestor,
            selection: request.selection,
            target: request.target,
            property: if is_given { place(request) } else { NONE },
        };
        let nobody_else = EventMask::NO_EVENT;
        let sent = self
            .display
            .send_event(false, request.requestor, nobody_else, answer)?;
        unless(sent.check(), GONE)?;
        Ok(())
    }

    fn give(&self, request: &SelectionRequestEvent) -> Result<bool, Fault> {
        let (Some(ours), names) = (&self.ours, self.names) else {
            return Ok(false);
        };
        let (replace, to, place) = (PropMode::REPLACE, request.requestor, place(request));
        let put = if request.target == names.targets {
            let forms = [names.targets, names.utf8];
            self.display
                .change_property32(replace, to, place, AtomEnum::ATOM, &forms)?
        } else if request.target == names.utf8 {
            let bytes = ours.text.as_str().as_bytes();
            self.display
                .change_property8(replace, to, place, names.utf8, bytes)?
        } else {
            return Ok(false);
        };
        Ok(unless(put.check(), GONE)?.is_some())
    }
}

/// Old programs name none, and mean the name of the form.
fn place(request: &SelectionRequestEvent) -> u32 {
    if request.property == NONE {
        request.target
    } else {
        request.property
    }
}

/// Who asked may have ended meanwhile.
const GONE: &[ErrorKind] = &[ErrorKind::Window];
