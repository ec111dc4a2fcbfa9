//! The way into a session where nobody need be: says by itself what a person would.

use crate::errand::Errand;
use crate::ipc::{NetToUi, UiToNet};

/// In the place of whoever reads and presses.
pub(super) struct Doorkeeper {
    /// The link and the computer's name, until they were given.
    wanted: Option<UiToNet>,
}

impl Doorkeeper {
    /// `None`: somebody sits there.
    pub(super) fn of(errand: &Errand) -> Option<Self> {
        let name = errand.unattended.clone()?;
        let text = errand.wanted.clone().unwrap_or_default();
        let wanted = Some(UiToNet::Try {
            text,
            passcode: None,
            name,
        });
        Some(Self { wanted })
    }

    /// What somebody would say to this. `None`: it is for the windows, and nobody need answer. What went wrong is not tried
    /// again: the technician does.
    pub(super) fn answer(&mut self, message: &NetToUi) -> Option<UiToNet> {
        match message {
            NetToUi::AskForCode { why: None } => {
                Some(self.wanted.take().unwrap_or(UiToNet::Cancel))
            }
            NetToUi::AskForCode { why: Some(why) } | NetToUi::Failed(why) => {
                tracing::warn!(?why, "there is no session");
                Some(UiToNet::Cancel)
            }
            NetToUi::Offer { .. } => Some(UiToNet::Confirm),
            // Nobody presents where nobody need be.
            NetToUi::Bring { .. } | NetToUi::Shared | NetToUi::Left => Some(UiToNet::Cancel),
            NetToUi::Connecting
            | NetToUi::Knocking
            | NetToUi::InSession
            | NetToUi::Questions(_)
            | NetToUi::Over => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ipc::Failure;

    fn doorkeeper() -> Doorkeeper {
        let errand = Errand {
            wanted: Some("a link".to_owned()),
            unattended: Some("ward-3".to_owned()),
            ..Errand::default()
        };
        Doorkeeper::of(&errand).unwrap()
    }

    #[test]
    fn the_link_is_given_once_and_nothing_that_failed_is_tried_again() {
        let mut keeper = doorkeeper();
        let asks = |why| NetToUi::AskForCode { why };

        let first = keeper.answer(&asks(None));

        let is_link =
            |said: &UiToNet| matches!(said, UiToNet::Try { text, .. } if text == "a link");
        assert!(first.is_some_and(|said| is_link(&said)));
        for message in [
            asks(None),
            asks(Some(Failure::WrongCode)),
            NetToUi::Failed(Failure::Untrusted),
        ] {
            let said = keeper.answer(&message);
            assert!(matches!(said, Some(UiToNet::Cancel)));
        }
        assert!(keeper.answer(&NetToUi::Connecting).is_none());
    }

    #[test]
    fn where_somebody_sits_they_answer() {
        assert!(Doorkeeper::of(&Errand::default()).is_none());
    }
}
