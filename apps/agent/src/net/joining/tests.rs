use conclave_client::Invitation;
use conclave_client::protocol::Timestamp;
use conclave_client::protocol::personal::Title;
use zeroize::Zeroizing;

use super::*;

const SERVER: &str = "https://meet.example";

#[test]
fn a_link_leads_over_the_offer_and_the_persons_word_to_the_technician() {
    let mut person = Person::without_command();
    assert_eq!(person.happens(), ["asks"]);

    person.tries(&link());
    assert_eq!(
        person.happens(),
        ["looks up https://meet.example 123-456-789"]
    );
    person.input(Input::Found(Ok(offer())));
    assert_eq!(
        person.happens(),
        ["offers Amy of Practice at https://meet.example"]
    );
    person.input(Input::Said(UiToNet::Confirm));
    assert_eq!(person.happens(), ["connects", "joins as Bo"]);
    person.input(Input::Joined(Ok(())));
    assert_eq!(person.happens(), ["meets"]);
    person.input(Input::Met(Ok(())));
    assert_eq!(person.happens(), ["is in session", "begins"]);
}

#[test]
fn what_was_given_with_the_command_is_looked_up_at_once() {
    let mut person = Person::new(None, Some(&link()));

    assert_eq!(
        person.happens(),
        ["looks up https://meet.example 123-456-789"]
    );
}

// Shows: REQ-AC-31.
#[test]
fn after_a_restart_the_person_reads_again_who_helps_them_and_a_no_is_the_end() {
    let promise = || Promise {
        server: Origin::parse(SERVER).unwrap(),
        key: Wanted::parse(&link()).unwrap().key(None).unwrap(),
        name: DisplayName::parse("Bo").unwrap(),
        offer: offer(),
    };
    let offers = ["offers Amy of Practice at https://meet.example"];

    let mut person = Person(Joining::returning(promise()));
    assert_eq!(person.happens(), offers);
    person.input(Input::Said(UiToNet::Confirm));
    assert_eq!(person.happens(), ["connects", "joins as Bo"]);

    let mut person = Person(Joining::returning(promise()));
    assert_eq!(person.happens(), offers);
    person.input(Input::Said(UiToNet::Cancel));
    assert_eq!(person.happens(), ["abandons", "is over"]);
}

#[test]
fn nobody_is_joined_without_the_persons_word() {
    let mut person = Person::without_command();
    person.input(Input::Said(UiToNet::Confirm));
    person.tries(&link());
    person.input(Input::Said(UiToNet::Confirm));
    person.happens();

    person.input(Input::Joined(Ok(())));
    person.input(Input::Met(Ok(())));

    assert!(person.happens().is_empty());
}

#[test]
fn what_was_typed_is_asked_for_again_with_what_is_wrong() {
    let here = Origin::parse("https://hospital.example").unwrap();
    for (known, text, why) in [
        (None, "what?".to_owned(), Failure::NotUnderstood),
        (None, "123-456-789".to_owned(), Failure::NoServer),
        (
            Some(&here),
            "123-456-789".to_owned(),
            Failure::NeedsPasscode,
        ),
        (Some(&here), link(), Failure::Untrusted),
    ] {
        let mut person = Person::new(known.cloned(), None);
        person.happens();

        person.tries(&text);

        assert_eq!(person.happens(), [format!("asks again: {why:?}")]);
    }
}

#[test]
fn a_refused_code_can_be_typed_again() {
    for why in [
        Failure::WrongCode,
        Failure::TooOften,
        Failure::Unreachable,
        Failure::Untrusted,
        Failure::Unfit,
    ] {
        let mut person = Person::without_command();
        person.tries(&link());
        person.happens();

        person.input(Input::Found(Err(why)));
        assert_eq!(person.happens(), [format!("asks again: {why:?}")]);
        person.tries(&link());
        person.input(Input::Found(Ok(offer())));
        person.input(Input::Said(UiToNet::Confirm));
        person.happens();
        person.input(Input::Joined(Err(why)));

        assert_eq!(person.happens(), [format!("asks again: {why:?}")]);
    }
}

#[test]
fn a_code_and_a_passcode_lead_through_the_lobby_to_the_technician() {
    let mut person = Person::at_the_door();
    assert_eq!(person.happens(), ["knocks", "meets"]);

    person.input(Input::Met(Ok(())));

    assert_eq!(person.happens(), ["is in session", "begins"]);
}

#[test]
fn a_wrong_passcode_is_asked_for_again_five_times() {
    let mut person = Person::at_the_door();
    for _ in 1..MOST_TRIES {
        person.happens();
        person.input(Input::Met(Err(Failure::WrongPasscode)));
        assert_eq!(person.happens(), ["abandons", "asks again: WrongPasscode"]);
        person.knocks();
    }
    person.happens();

    person.input(Input::Met(Err(Failure::WrongPasscode)));

    assert_eq!(person.happens(), ["abandons", "fails: WrongPasscode"]);
}

#[test]
fn a_technician_who_does_not_come_or_is_another_ends_it_and_the_place_is_given_up() {
    for why in [Failure::NobodyThere, Failure::Untrusted, Failure::Failed] {
        let mut person = Person::in_the_room();

        person.input(Input::Met(Err(why)));

        assert_eq!(
            person.happens(),
            ["abandons".to_owned(), format!("fails: {why:?}")]
        );
        person.tries(&link());
        assert!(person.happens().is_empty());
        person.input(Input::Said(UiToNet::Cancel));
        assert_eq!(person.happens(), ["is over"]);
    }
}

#[test]
fn whoever_does_not_want_that_technician_types_something_else() {
    let mut person = Person::without_command();
    person.tries(&link());
    person.input(Input::Found(Ok(offer())));
    person.happens();

    person.input(Input::Said(UiToNet::Cancel));

    assert_eq!(person.happens(), ["abandons", "asks"]);
    person.input(Input::Said(UiToNet::Confirm));
    assert!(person.happens().is_empty());
}

#[test]
fn an_answer_that_nobody_waits_for_any_more_is_nothing() {
    let mut person = Person::without_command();
    person.tries(&link());
    person.input(Input::Said(UiToNet::Cancel));
    person.happens();

    person.input(Input::Found(Ok(offer())));

    assert!(person.happens().is_empty());
}

#[test]
fn a_place_that_was_taken_is_given_up_with_a_cancel() {
    let mut person = Person::in_the_room();

    person.input(Input::Said(UiToNet::Cancel));

    assert_eq!(person.happens(), ["abandons", "is over"]);
    person.input(Input::Met(Ok(())));
    assert!(person.happens().is_empty());
}

#[test]
fn who_gives_no_name_is_a_guest() {
    let mut person = Person::new(None, Some(&link()));
    person.input(Input::Found(Ok(offer())));
    person.input(Input::Said(UiToNet::Confirm));

    assert!(person.happens().contains(&"joins as Guest".to_owned()));
}

struct Person(Joining);

impl Person {
    fn new(known: Option<Origin>, wanted: Option<&str>) -> Self {
        Self(Joining::new(known, wanted))
    }

    fn without_command() -> Self {
        Self::new(None, None)
    }

    fn in_the_room() -> Self {
        let mut person = Self::new(None, Some(&link()));
        person.input(Input::Found(Ok(offer())));
        person.input(Input::Said(UiToNet::Confirm));
        person.input(Input::Joined(Ok(())));
        person.happens();
        person
    }

    fn at_the_door() -> Self {
        let mut person = Self::new(Some(Origin::parse(SERVER).unwrap()), None);
        person.happens();
        person.knocks();
        person
    }

    /// With the code and a passcode.
    fn knocks(&mut self) {
        self.tries_with("123-456-789", Some("123 456"));
        self.input(Input::Found(Ok(offer())));
        self.input(Input::Said(UiToNet::Confirm));
        self.happens();
        self.input(Input::Joined(Ok(())));
    }

    fn tries(&mut self, text: &str) {
        self.tries_with(text, None);
    }

    fn tries_with(&mut self, text: &str, passcode: Option<&str>) {
        self.input(Input::Said(UiToNet::Try {
            text: text.to_owned(),
            passcode: passcode.map(str::to_owned),
            name: "Bo".to_owned(),
        }));
    }

    fn input(&mut self, input: Input) {
        self.0.handle_input(input);
    }

    /// Since this was asked last.
    fn happens(&mut self) -> Vec<String> {
        let next = || match self.0.poll_output() {
            Output::Wait => None,
            output => Some(told(output)),
        };
        std::iter::from_fn(next).collect()
    }
}

fn told(output: Output) -> String {
    match output {
        Output::Say(NetToUi::AskForCode { why: None }) => "asks".to_owned(),
        Output::Say(NetToUi::AskForCode { why: Some(why) }) => format!("asks again: {why:?}"),
        Output::Say(NetToUi::Offer {
            technician,
            organisation,
            server,
        }) => {
            let (technician, organisation) = (technician.as_str(), organisation.as_str());
            format!("offers {technician} of {organisation} at {server}")
        }
        Output::Say(NetToUi::Connecting) => "connects".to_owned(),
        Output::Say(NetToUi::Knocking) => "knocks".to_owned(),
        Output::Say(NetToUi::InSession) => "is in session".to_owned(),
        Output::Say(NetToUi::Questions(_)) => "asks afterwards".to_owned(),
        Output::Say(NetToUi::Failed(why)) => format!("fails: {why:?}"),
        Output::Say(NetToUi::Bring { .. }) => "offers a meeting".to_owned(),
        Output::Say(NetToUi::Shared) => "is lent".to_owned(),
        Output::Say(NetToUi::Left) => "is lent to nobody".to_owned(),
        Output::Say(NetToUi::Over) | Output::Over => "is over".to_owned(),
        Output::LookUp { server, code } => format!("looks up {} {code}", server.as_str()),
        Output::Join(promise) => format!("joins as {}", promise.name.as_str()),
        Output::Meet => "meets".to_owned(),
        Output::Abandon => "abandons".to_owned(),
        Output::Begin => "begins".to_owned(),
        Output::Wait => "waits".to_owned(),
    }
}

fn link() -> String {
    let invitation = Invitation {
        code: MeetingCode::from_number(123_456_789).unwrap(),
        secret: Zeroizing::new([7; 32]),
        host_key: Some([9; 32]),
    };
    invitation.link(SERVER)
}

fn offer() -> SupportOffer {
    SupportOffer {
        organisation: Title::parse("Practice").unwrap(),
        technician: DisplayName::parse("Amy").unwrap(),
        code_until: Timestamp::from_micros(0),
    }
}
