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
    /// Into a meeting, by whoever presents this computer there.
    pub(super) presents: bool,
}

pub(super) enum Step {
    /// Something is typed, or is to be.
    Asking {
        why: Option<Failure>,
    },
    Trying,
    Offered(Offer),
    Connecting,
    /// The technician has to let them in.
    Knocking,
    /// In the room; nothing is asked yet.
    Waiting,
    /// As whose computer this one would come into a meeting.
    Bringing(Bringing),
    /// In the meeting, and nobody uses it.
    Shared,
    Left,
    /// There is nothing to try again.
    Failed(Failure),
}

/// Who would help.
pub(super) struct Offer {
    pub(super) technician: DisplayName,
    pub(super) organisation: Title,
    pub(super) server: String,
}

/// Whose meeting it is.
pub(super) struct Bringing {
    pub(super) owner: DisplayName,
    pub(super) organisation: Title,
    pub(super) server: String,
}

impl Start {
    /// Between two who use this computer in a meeting.
    pub(super) fn shared() -> Self {
        Self {
            step: Step::Shared,
            presents: true,
            ..Self::new()
        }
    }

    /// A code may have come with the command, so nothing is asked for before the network's word.
    pub(super) fn new() -> Self {
        Self {
            code: String::new(),
            name: String::new(),
            passcode: String::new(),
            step: Step::Trying,
            presents: false,
        }
    }

    pub(super) fn heard(&mut self, message: NetToUi) {
        self.presents |= matches!(
            message,
            NetToUi::Bring { .. } | NetToUi::Shared | NetToUi::Left
        );
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
            NetToUi::Knocking => Step::Knocking,
            NetToUi::InSession => Step::Waiting,
            NetToUi::Bring {
                owner,
                organisation,
                server,
            } => Step::Bringing(Bringing {
                owner,
                organisation,
                server,
            }),
            NetToUi::Shared => Step::Shared,
            NetToUi::Left => Step::Left,
            NetToUi::Failed(failure) => Step::Failed(failure),
            NetToUi::Over | NetToUi::Questions(_) => return,
        };
    }

    pub(super) fn type_in(&mut self, field: Field, text: &str) {
        let text = field.taken(text);
        match field {
            Field::Code => self.code = text,
            Field::Name => self.name = text,
            Field::Passcode => self.passcode = text,
            Field::Message | Field::Answer(_) => {}
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
            Step::Offered(_) | Step::Bringing(_) => vec![Press::Cancel, Press::Continue],
            Step::Trying
            | Step::Connecting
            | Step::Knocking
            | Step::Waiting
            | Step::Shared
            | Step::Left
            | Step::Failed(_) => vec![Press::Cancel],
        }
    }

    /// A link brings it along; with a code alone it is typed.
    pub(super) fn asks_for_passcode(&self) -> bool {
        let why = match &self.step {
            Step::Asking { why } => *why,
            _ => None,
        };
        let says_so = [Failure::NeedsPasscode, Failure::WrongPasscode];
        why.is_some_and(|why| says_so.contains(&why))
            || !self.passcode.is_empty()
            || self.is_code_alone()
    }

    /// All its digits, and no link behind them.
    fn is_code_alone(&self) -> bool {
        let digits = self.code.bytes().filter(u8::is_ascii_digit).count();
        let is_digit = |it: char| it.is_ascii_digit() || it == '-' || it.is_whitespace();
        digits == CODE_DIGITS && self.code.chars().all(is_digit)
    }

    pub(super) fn can_continue(&self) -> bool {
        match &self.step {
            Step::Asking { .. } => {
                let is_filled = |text: &String| !text.trim().is_empty();
                is_filled(&self.code) && is_filled(&self.name)
            }
            Step::Offered(_) | Step::Bringing(_) => true,
            _ => false,
        }
    }

    pub(super) fn go_on(&mut self) -> Option<UiToNet> {
        if !self.can_continue() {
            return None;
        }
        let said = match &self.step {
            Step::Offered(_) | Step::Bringing(_) => UiToNet::Confirm,
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

/// Of a code.
const CODE_DIGITS: usize = 9;

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
    fn a_computer_comes_into_a_meeting_at_the_person_s_word_alone() {
        let mut start = Start::new();
        start.heard(NetToUi::Bring {
            owner: DisplayName::parse("Amy").unwrap(),
            organisation: Title::parse("Riverside").unwrap(),
            server: "https://meet.example".to_owned(),
        });
        assert_eq!(start.stops(), [Press::Cancel, Press::Continue]);

        assert!(matches!(start.go_on(), Some(UiToNet::Confirm)));

        start.heard(NetToUi::Shared);
        assert!(start.go_on().is_none());
        assert_eq!(start.stops(), [Press::Cancel]);
    }

    #[test]
    fn a_passcode_is_asked_for_when_it_is_needed() {
        assert!(!asking(None).asks_for_passcode());

        let mut start = asking(None);
        start.type_in(Field::Code, "123-456-78");
        assert!(!start.asks_for_passcode());
        start.type_in(Field::Code, "123-456-789");
        assert!(start.asks_for_passcode());
        start.type_in(Field::Code, "conclave:123456789");
        assert!(!start.asks_for_passcode());

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
