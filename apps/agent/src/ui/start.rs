//! The way into a session: a code or a link, who is behind it, and the person's word.

use conclave_protocol::personal::{DisplayName, Title};

use super::press::{Field, Press};
use crate::ipc::{Failure, NetToUi, UiToNet};

/// Without `Debug`: it names people.
pub(super) struct Start {
    pub(super) code: String,
    pub(super) name: String,
    pub(super) passcode: String,
    pub(super) step: Step,
}

pub(super) enum Step {
    /// Something is typed, or is to be.
    Asking {
        why: Option<Failure>,
    },
    Trying,
    Offered(Offer),
    Connecting,
    /// In the room; nothing is asked yet.
    Waiting,
    /// There is nothing to try again.
    Failed(Failure),
}

/// Who would help.
pub(super) struct Offer {
    pub(super) technician: DisplayName,
    pub(super) organisation: Title,
    pub(super) server: String,
}

impl Start {
    /// A code may have come with the command, so nothing is asked for before the network's word.
    pub(super) fn new() -> Self {
        Self {
            code: String::new(),
            name: String::new(),
            passcode: String::new(),
            step: Step::Trying,
        }
    }

    pub(super) fn heard(&mut self, message: NetToUi) {
        self.step = match message {
            NetToUi::AskForCode { why } => Step::Asking { why },
            NetToUi::Offer {
                technician,
                organisation,
                server,
            } => Step::Offered(Offer {
                technician,
                organisation,
                server,
            }),
            NetToUi::Connecting => Step::Connecting,
            NetToUi::InSession => Step::Waiting,
            NetToUi::Failed(failure) => Step::Failed(failure),
            NetToUi::Over => return,
        };
    }

    pub(super) fn type_in(&mut self, field: Field, text: &str) {
        let text = field.taken(text);
        match field {
            Field::Code => self.code = text,
            Field::Name => self.name = text,
            Field::Passcode => self.passcode = text,
            Field::Message => {}
        }
    }

    /// In the order in which the keyboard comes by.
    pub(super) fn stops(&self) -> Vec<Press> {
        match &self.step {
            Step::Asking { .. } => {
                let passcode = self.asks_for_passcode().then_some(Field::Passcode);
                let fields = [Field::Code, Field::Name].into_iter().chain(passcode);
                let fields = fields.map(Press::Field);
                fields.chain([Press::Continue, Press::Cancel]).collect()
            }
            Step::Offered(_) => vec![Press::Cancel, Press::Continue],
            Step::Trying | Step::Connecting | Step::Waiting | Step::Failed(_) => {
                vec![Press::Cancel]
            }
        }
    }

    /// A link brings it along; with a code alone it is typed.
    pub(super) fn asks_for_passcode(&self) -> bool {
        let why = match &self.step {
            Step::Asking { why } => *why,
            _ => None,
        };
        let says_so = [Failure::NeedsPasscode, Failure::WrongPasscode];
        why.is_some_and(|why| says_so.contains(&why)) || !self.passcode.is_empty()
    }

    pub(super) fn can_continue(&self) -> bool {
        match &self.step {
            Step::Asking { .. } => {
                let is_filled = |text: &String| !text.trim().is_empty();
                is_filled(&self.code) && is_filled(&self.name)
            }
            Step::Offered(_) => true,
            _ => false,
        }
    }

    pub(super) fn go_on(&mut self) -> Option<UiToNet> {
        if !self.can_continue() {
            return None;
        }
        let said = match &self.step {
            Step::Offered(_) => UiToNet::Confirm,
            _ => self.tried(),
        };
        self.step = match said {
            UiToNet::Confirm => Step::Connecting,
            _ => Step::Trying,
        };
        Some(said)
    }

    fn tried(&self) -> UiToNet {
        let passcode = self.passcode.trim();
        UiToNet::Try {
            text: self.code.trim().to_owned(),
            passcode: (!passcode.is_empty()).then(|| passcode.to_owned()),
            name: self.name.trim().to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_tried_without_a_code_and_a_name() {
        let mut start = asking(None);
        start.type_in(Field::Code, " 123 456 789 ");
        assert!(start.go_on().is_none());

        start.type_in(Field::Name, "Sam");

        let tried = start.go_on();
        assert!(
            matches!(tried, Some(UiToNet::Try { text, passcode: None, name })
            if text == "123 456 789" && name == "Sam")
        );
        assert!(matches!(start.step, Step::Trying));
        assert!(start.go_on().is_none());
    }

    #[test]
    fn an_offer_is_confirmed_once_and_cancel_is_the_default() {
        let mut start = Start::new();
        start.heard(offer());
        assert_eq!(start.stops().first(), Some(&Press::Cancel));

        assert!(matches!(start.go_on(), Some(UiToNet::Confirm)));
        assert!(start.go_on().is_none());
    }

    #[test]
    fn a_passcode_is_asked_for_when_it_is_needed() {
        assert!(!asking(None).asks_for_passcode());

        let mut start = asking(Some(Failure::NeedsPasscode));
        assert!(start.stops().contains(&Press::Field(Field::Passcode)));

        start.type_in(Field::Code, "1");
        start.type_in(Field::Name, "Sam");
        start.type_in(Field::Passcode, "green");
        let tried = start.go_on();
        assert!(matches!(tried, Some(UiToNet::Try { passcode: Some(it), .. }) if it == "green"));
    }

    #[test]
    fn what_was_typed_is_kept_for_the_next_try() {
        let mut start = asking(None);
        start.type_in(Field::Code, "12");

        start.heard(NetToUi::AskForCode {
            why: Some(Failure::WrongCode),
        });

        assert_eq!(start.code, "12");
    }

    fn asking(why: Option<Failure>) -> Start {
        let mut start = Start::new();
        start.heard(NetToUi::AskForCode { why });
        start
    }

    fn offer() -> NetToUi {
        NetToUi::Offer {
            technician: DisplayName::parse("Anna Berg").unwrap(),
            organisation: Title::parse("Northern Clinics").unwrap(),
            server: "meet.example.org".to_owned(),
        }
    }
}
