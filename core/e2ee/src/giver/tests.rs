//! Somebody who asks, a host who gives, and a server between them that may write letters of its own.

use super::*;
use crate::asker::{Answered, MOST_CONFIRMATIONS, SecretAsker};

const MEETING: MeetingId = MeetingId([1; 16]);
const HOST: ParticipantId = ParticipantId([2; 16]);
const GUEST: ParticipantId = ParticipantId([3; 16]);
const FRAGMENT: &str = "c2VjcmV0.aG9zdA";
const RIGHT: &str = "123456";

fn seed(number: u8) -> Seed {
    Seed([number; 32].into())
}

fn passage(from: ParticipantId, to: ParticipantId) -> Passage {
    Passage {
        meeting: MEETING,
        from,
        to,
    }
}

fn asking(number: u8, digits: Option<&str>) -> SecretAsker {
    let passcode = digits.map(|digits| Passcode::read(digits).unwrap());
    SecretAsker::new(seed(number), passcode)
}

fn host(digits: Option<&str>) -> SecretGiver {
    giving(HOST, FRAGMENT, digits, 100)
}

fn giving(this: ParticipantId, fragment: &str, digits: Option<&str>, number: u8) -> SecretGiver {
    let passcode = digits.map(|digits| Passcode::read(digits).unwrap());
    SecretGiver::new(MEETING, this, fragment, passcode, seed(number), 0)
}

fn letter(given: &Given) -> &[u8] {
    match given {
        Given::Reply(letter)
        | Given::Secret { letter, .. }
        | Given::WrongPasscode(letter)
        | Given::PasscodeSpent(letter) => letter,
        Given::NoPasscode | Given::Known => &[],
    }
}

/// The host's reply to a question, and what the asker makes of it.
fn confirm(
    asker: &mut SecretAsker,
    giver: &mut SecretGiver,
    guest: ParticipantId,
) -> Option<Vec<u8>> {
    let reply = giver.take(guest, &asker.ask())?;
    match asker.take(passage(giver.this, guest), letter(&reply))? {
        Answered::Send(letter) => Some(letter),
        _ => None,
    }
}

/// Letters go to and fro, as an honest server carries them.
fn meet(
    asker: &mut SecretAsker,
    giver: &mut SecretGiver,
    guest: ParticipantId,
) -> (Option<Given>, Option<Answered>) {
    let Some(confirmation) = confirm(asker, giver, guest) else {
        return (None, None);
    };
    let given = giver.take(guest, &confirmation);
    let answered = given
        .as_ref()
        .and_then(|given| asker.take(passage(giver.this, guest), letter(given)));
    (given, answered)
}

fn is_secret(answered: Option<&Answered>, verified: bool) -> bool {
    matches!(answered, Some(Answered::Secret { fragment, is_verified }) if fragment.as_str() == FRAGMENT && *is_verified == verified)
}

// Shows: REQ-AC-02.
#[test]
fn whoever_knows_the_passcode_gets_the_link_verified() {
    let (mut asker, mut giver) = (asking(1, Some(RIGHT)), host(Some(RIGHT)));
    let (given, answered) = meet(&mut asker, &mut giver, GUEST);
    assert!(matches!(
        given,
        Some(Given::Secret {
            is_verified: true,
            ..
        })
    ));
    assert!(is_secret(answered.as_ref(), true));
    assert!(letter(&given.unwrap()).len() <= crate::letter::MOST_LETTER_BYTES);
    assert!(asker.ask().len() <= crate::letter::MOST_LETTER_BYTES);
}

/// The host's answer to the confirmation of somebody who waits.
fn wait(asker: &mut SecretAsker, giver: &mut SecretGiver, guest: ParticipantId) -> Option<Given> {
    let reply = giver.check(guest, &asker.ask())?;
    match asker.take(passage(giver.this, guest), letter(&reply))? {
        Answered::Send(confirmation) => giver.check(guest, &confirmation),
        _ => None,
    }
}

// Shows: REQ-AC-02.
#[test]
fn whoever_waits_shows_that_they_know_the_passcode_and_gets_nothing_before_they_are_let_in() {
    let (mut asker, mut giver) = (asking(1, Some(RIGHT)), host(Some(RIGHT)));
    for _ in 0..3 {
        let known = wait(&mut asker, &mut giver, GUEST);
        assert!(matches!(known, Some(Given::Known)));
    }
    assert_eq!(giver.guesses(), 0);

    // The same run goes on once they are in, as does another one.
    let (_, answered) = meet(&mut asker, &mut giver, GUEST);
    assert!(is_secret(answered.as_ref(), true));
    let (_, answered) = meet(&mut asking(2, Some(RIGHT)), &mut giver, GUEST);
    assert!(is_secret(answered.as_ref(), true));
    // What was given once is not given to who waits.
    let again = asking(2, Some(RIGHT)).ask();
    assert!(giver.check(GUEST, &again).is_none());
    giver.allow(GUEST);
    assert!(giver.check(GUEST, &asking(3, None).ask()).is_none());
}

// Shows: REQ-AC-02.
#[test]
fn a_guess_counts_the_same_in_front_of_the_door() {
    let mut giver = host(Some(RIGHT));
    for number in 0..3 {
        let wrong = wait(&mut asking(number, Some("654321")), &mut giver, GUEST);
        assert!(matches!(wrong, Some(Given::WrongPasscode(_))));
    }
    assert_eq!(giver.guesses(), 3);
    let spent = giver.check(GUEST, &asking(9, Some(RIGHT)).ask());
    assert!(matches!(spent, Some(Given::PasscodeSpent(_))));
    let spent = giver.take(GUEST, &asking(9, Some(RIGHT)).ask());
    assert!(matches!(spent, Some(Given::PasscodeSpent(_))));
}

#[test]
fn whoever_comes_and_goes_in_front_of_the_door_keeps_nobody_else_from_it() {
    let mut giver = host(Some(RIGHT));
    for number in 0..MOST_PEOPLE {
        let mut id = [9; 16];
        id[..8].copy_from_slice(&(number as u64).to_be_bytes());
        giver.people.insert(ParticipantId(id), Person::default());
    }

    let known = wait(&mut asking(2, Some(RIGHT)), &mut giver, GUEST);
    assert!(matches!(known, Some(Given::Known)));
    assert_eq!(giver.people.len(), MOST_PEOPLE);
}

#[test]
fn whoever_has_no_passcode_gets_the_link_of_a_meeting_without_one() {
    let (mut asker, mut giver) = (asking(1, None), host(None));
    let given = giver.take(GUEST, &asker.ask()).unwrap();
    assert!(matches!(
        given,
        Given::Secret {
            is_verified: false,
            ..
        }
    ));
    let answered = asker.take(passage(HOST, GUEST), letter(&given));
    assert!(is_secret(answered.as_ref(), false));
}

// Shows: REQ-AC-02.
#[test]
fn a_wrong_passcode_is_one_guess_however_often_it_is_repeated() {
    let mut giver = host(Some(RIGHT));
    let mut asker = asking(1, Some("654321"));
    let confirmation = confirm(&mut asker, &mut giver, GUEST).unwrap();
    for _ in 0..5 {
        let given = giver.take(GUEST, &confirmation);
        assert!(matches!(given, Some(Given::WrongPasscode(_))));
    }
    assert_eq!(giver.guesses, 1);
    let refused = giver.take(GUEST, &asker.ask()).unwrap();
    let answered = asker.take(passage(HOST, GUEST), letter(&refused));
    assert!(matches!(answered, Some(Answered::WrongPasscode)));
    assert!(matches!(
        giver.take(GUEST, &asker.ask()),
        Some(Given::WrongPasscode(_))
    ));
    assert_eq!(giver.guesses, 1);
    // It was a slip: the person types the right one.
    let (_, answered) = meet(&mut asking(2, Some(RIGHT)), &mut giver, GUEST);
    assert!(is_secret(answered.as_ref(), true));
}

#[test]
fn after_three_wrong_ones_a_participant_is_not_answered_by_passcode() {
    let mut giver = host(Some(RIGHT));
    for number in 0..3 {
        meet(&mut asking(number, Some("654321")), &mut giver, GUEST);
    }
    let mut right = asking(9, Some(RIGHT));
    let spent = giver.take(GUEST, &right.ask()).unwrap();
    assert!(matches!(spent, Given::PasscodeSpent(_)));
    let told = right.take(passage(HOST, GUEST), letter(&spent));
    assert!(matches!(told, Some(Answered::PasscodeSpent)));
    let other = ParticipantId([4; 16]);
    let (_, answered) = meet(&mut asking(10, Some(RIGHT)), &mut giver, other);
    assert!(is_secret(answered.as_ref(), true));
}

#[test]
fn after_ten_wrong_ones_nobody_new_is_answered_by_passcode() {
    let mut giver = host(Some(RIGHT));
    for number in 0..10 {
        let guest = ParticipantId([50 + number; 16]);
        meet(&mut asking(number, Some("654321")), &mut giver, guest);
    }
    let spent = giver.take(GUEST, &asking(20, Some(RIGHT)).ask());
    assert!(matches!(spent, Some(Given::PasscodeSpent(_))));
}

#[test]
fn runs_that_are_open_when_the_guesses_are_spent_are_not_judged() {
    let mut giver = host(Some(RIGHT));
    let guest = |number: u8| ParticipantId([50 + number; 16]);
    let mut right = asking(99, Some(RIGHT));
    let confirmed = confirm(&mut right, &mut giver, guest(30)).unwrap();
    let open: Vec<_> = (0..30)
        .map(|number| {
            let mut wrong = asking(number, Some("654321"));
            confirm(&mut wrong, &mut giver, guest(number)).unwrap()
        })
        .collect();
    let refusals = (0..)
        .zip(&open)
        .map(|(number, guess)| giver.take(guest(number), guess));
    let judged = refusals.filter(|it| matches!(it, Some(Given::WrongPasscode(_))));
    assert_eq!(judged.count(), 10);
    assert_eq!(giver.guesses, 10);
    // The right one would tell as much as a wrong one.
    let spent = giver.take(guest(30), &confirmed).unwrap();
    assert!(matches!(spent, Given::PasscodeSpent(_)));
    let again = giver.take(guest(30), &right.ask()).unwrap();
    assert_eq!(letter(&again), letter(&spent));
    let told = right.take(passage(HOST, guest(30)), letter(&spent));
    assert!(matches!(told, Some(Answered::PasscodeSpent)));
}

#[test]
fn a_giver_goes_on_counting_where_the_one_before_it_ended() {
    let mut before = host(Some(RIGHT));
    for number in 0..6 {
        let guest = ParticipantId([50 + number; 16]);
        meet(&mut asking(number, Some("654321")), &mut before, guest);
    }
    assert_eq!(before.guesses(), 6);
    let passcode = Passcode::read(RIGHT).unwrap();
    let guesses = before.guesses();
    let mut giver = SecretGiver::new(MEETING, HOST, FRAGMENT, Some(passcode), seed(9), guesses);
    for number in 0..4 {
        let guest = ParticipantId([70 + number; 16]);
        let (given, _) = meet(&mut asking(number, Some("654321")), &mut giver, guest);
        assert!(matches!(given, Some(Given::WrongPasscode(_))));
    }
    let spent = giver.take(GUEST, &asking(20, Some(RIGHT)).ask());
    assert!(matches!(spent, Some(Given::PasscodeSpent(_))));
    assert_eq!(giver.guesses(), 10);
}

#[test]
fn a_run_that_is_left_is_no_guess() {
    let mut giver = host(Some(RIGHT));
    for number in 0..40 {
        assert!(confirm(&mut asking(number, Some("654321")), &mut giver, GUEST).is_some());
    }
    assert_eq!(giver.guesses, 0);
    let (_, answered) = meet(&mut asking(99, Some(RIGHT)), &mut giver, GUEST);
    assert!(is_secret(answered.as_ref(), true));
}

#[test]
fn a_server_that_puts_its_own_key_in_the_question_gets_nothing() {
    let (mut asker, mut giver) = (asking(1, Some(RIGHT)), host(Some(RIGHT)));
    let Ok(Letter::AskByPasscode { element, .. }) = Letter::read(&asker.ask()) else {
        unreachable!("an asker with a passcode asks by it")
    };
    let own = hpke::KeyPair::derive(&Zeroizing::new([66; 64]));
    let swapped = Letter::AskByPasscode {
        key: own.public.clone().into(),
        element,
    };
    let reply = giver.take(GUEST, &swapped.to_bytes()).unwrap();
    let answered = asker.take(passage(HOST, GUEST), letter(&reply));
    let Some(Answered::Send(confirmation)) = answered else {
        unreachable!("the asker can't know yet")
    };
    let given = giver.take(GUEST, &confirmation);
    assert!(matches!(given, Some(Given::WrongPasscode(_))));
}

#[test]
fn a_server_that_answers_itself_hands_over_no_link_of_its_own() {
    let mut asker = asking(1, Some(RIGHT));
    let mut server = giving(HOST, "aW5qZWN0ZWQ", Some("000000"), 66);
    let (given, answered) = meet(&mut asker, &mut server, GUEST);
    assert!(matches!(given, Some(Given::WrongPasscode(_))));
    assert!(matches!(answered, Some(Answered::WrongPasscode)));
    // Nor can it lead the asker to another host's words than those that it confirmed.
    let mut asker = asking(2, Some(RIGHT));
    let confirmation = confirm(&mut asker, &mut server, GUEST).unwrap();
    let mut plain = giving(HOST, "aW5qZWN0ZWQ", None, 67);
    let own = asking(3, None).ask();
    for letter in [
        letter(&plain.take(GUEST, &own).unwrap()).to_vec(),
        confirmation,
        asking(4, Some(RIGHT)).ask(),
    ] {
        assert!(asker.take(passage(HOST, GUEST), &letter).is_none());
    }
}

#[test]
fn an_asker_confirms_few_times_to_whoever_replies_in_a_hosts_place() {
    let mut asker = asking(1, Some(RIGHT));
    let mut confirmed = 0;
    for number in 0..40 {
        let mut server = giving(HOST, "aW5qZWN0ZWQ", Some("000000"), number);
        for _ in 0..6 {
            confirmed += usize::from(confirm(&mut asker, &mut server, GUEST).is_some());
        }
    }
    // Repetitions of one confirmation tell nothing more.
    let runs = confirmed.div_ceil(6);
    assert_eq!(MOST_CONFIRMATIONS, 2);
    assert!(runs <= MOST_CONFIRMATIONS, "{confirmed} confirmations");
    let reply = host(Some(RIGHT)).take(GUEST, &asker.ask()).unwrap();
    assert!(
        asker.take(passage(HOST, GUEST), letter(&reply)).is_none(),
        "it is over"
    );
}

#[test]
fn an_asker_from_whose_runs_nothing_follows_is_told_no_wrong_passcode() {
    let (mut asker, mut giver) = (asking(1, Some(RIGHT)), host(Some(RIGHT)));
    let told = (0..40).find_map(|_| {
        let reply = giver.check(GUEST, &asker.ask())?;
        let answered = asker.take(passage(HOST, GUEST), letter(&reply))?;
        (!matches!(answered, Answered::Send(_))).then_some(answered)
    });
    assert!(matches!(told, Some(Answered::Unanswered)));
}

#[test]
fn a_passcode_that_was_typed_is_never_dropped() {
    let mut asker = asking(1, Some(RIGHT));
    let mut plain = host(None);
    assert!(
        plain.take(GUEST, &asker.ask()).is_none(),
        "this host has none"
    );
    let Ok(Letter::AskByPasscode { key, .. }) = Letter::read(&asker.ask()) else {
        unreachable!("an asker with a passcode asks by it")
    };
    let stripped = Letter::AskSecret { key }.to_bytes();
    let given = plain.take(GUEST, &stripped).unwrap();
    assert!(asker.take(passage(HOST, GUEST), letter(&given)).is_none());

    let mut giver = host(Some(RIGHT));
    assert!(matches!(
        giver.take(GUEST, &stripped),
        Some(Given::NoPasscode)
    ));
    giver.allow(GUEST);
    let given = giver.take(GUEST, &stripped);
    assert!(matches!(
        given,
        Some(Given::Secret {
            is_verified: false,
            ..
        })
    ));
    let other = ParticipantId([4; 16]);
    assert!(matches!(
        giver.take(other, &stripped),
        Some(Given::NoPasscode)
    ));
}

#[test]
fn letters_that_come_again_or_late_are_no_guess_and_no_other_answer() {
    let (mut asker, mut giver) = (asking(1, Some(RIGHT)), host(Some(RIGHT)));
    let question = asker.ask();
    let first = giver.take(GUEST, &question).unwrap();
    let again = giver.take(GUEST, &question).unwrap();
    assert_eq!(letter(&first), letter(&again));
    let mut said = |given: &Given| match asker.take(passage(HOST, GUEST), letter(given)) {
        Some(Answered::Send(letter)) => letter,
        _ => unreachable!("the asker confirms"),
    };
    let confirmation = said(&first);
    assert_eq!(said(&again), confirmation);
    let given = giver.take(GUEST, &confirmation).unwrap();
    assert_eq!(
        letter(&giver.take(GUEST, &confirmation).unwrap()),
        letter(&given)
    );
    assert_eq!(
        letter(&giver.take(GUEST, &question).unwrap()),
        letter(&given)
    );
    assert!(is_secret(
        asker.take(passage(HOST, GUEST), letter(&given)).as_ref(),
        true
    ));
    for late in [&first, &given] {
        assert!(asker.take(passage(HOST, GUEST), letter(late)).is_none());
    }
    // An older run's confirmation, after another has begun.
    let mut asker = asking(2, Some("654321"));
    let mut giver = host(Some(RIGHT));
    let old = confirm(&mut asker, &mut giver, GUEST).unwrap();
    giver.take(GUEST, &asking(3, Some(RIGHT)).ask());
    assert!(giver.take(GUEST, &old).is_none() && giver.guesses == 0);
}

#[test]
fn of_two_hosts_the_first_to_reply_gives() {
    let other = ParticipantId([5; 16]);
    let (mut asker, mut first) = (asking(1, Some(RIGHT)), host(Some(RIGHT)));
    let mut second = giving(other, FRAGMENT, Some(RIGHT), 101);
    let question = asker.ask();
    let replies = [&mut first, &mut second].map(|host| host.take(GUEST, &question).unwrap());
    let Some(Answered::Send(confirmation)) = asker.take(passage(HOST, GUEST), letter(&replies[0]))
    else {
        unreachable!("the asker confirms")
    };
    assert!(
        asker
            .take(passage(other, GUEST), letter(&replies[1]))
            .is_none()
    );
    assert!(
        asker
            .take(passage(other, GUEST), letter(&replies[0]))
            .is_none()
    );
    let given = first.take(GUEST, &confirmation).unwrap();
    assert!(is_secret(
        asker.take(passage(HOST, GUEST), letter(&given)).as_ref(),
        true
    ));
}

#[test]
fn a_host_that_goes_silent_is_given_up_for_another_run() {
    let (mut asker, mut gone) = (asking(1, Some(RIGHT)), host(Some(RIGHT)));
    assert!(confirm(&mut asker, &mut gone, GUEST).is_some());
    let mut reloaded = giving(HOST, FRAGMENT, Some(RIGHT), 101);
    let mut answered = None;
    for _ in 0..8 {
        answered = meet(&mut asker, &mut reloaded, GUEST).1;
        if answered.is_some() {
            break;
        }
    }
    assert!(is_secret(answered.as_ref(), true));
}

#[test]
fn each_bit_of_a_confirmation_and_of_the_answer_to_it_counts() {
    let (mut asker, mut giver) = (asking(1, Some(RIGHT)), host(Some(RIGHT)));
    let confirmation = confirm(&mut asker, &mut giver, GUEST).unwrap();
    let mut forged = confirmation.clone();
    *forged.last_mut().unwrap() ^= 1;
    let mut strict = host(Some(RIGHT));
    strict.take(GUEST, &asker.ask());
    assert!(matches!(
        strict.take(GUEST, &forged),
        Some(Given::WrongPasscode(_))
    ));
    let given = giver.take(GUEST, &confirmation).unwrap();
    let sealed = letter(&given);
    for at in (0..sealed.len()).step_by(17).chain([sealed.len() - 1]) {
        let mut forged = sealed.to_vec();
        forged[at] ^= 1;
        assert!(
            asker.take(passage(HOST, GUEST), &forged).is_none(),
            "byte {at}"
        );
    }
    assert!(is_secret(
        asker.take(passage(HOST, GUEST), sealed).as_ref(),
        true
    ));
}

#[test]
fn a_host_speaks_with_a_bounded_number_of_people() {
    let mut giver = host(None);
    let question = asking(1, None).ask();
    let id = |number: usize| {
        let mut id = [9; 16];
        id[..8].copy_from_slice(&(number as u64).to_be_bytes());
        ParticipantId(id)
    };
    for number in 0..MOST_PEOPLE {
        giver.allow(id(number));
    }
    assert!(giver.take(id(MOST_PEOPLE), &question).is_none());
    assert!(giver.take(id(0), &question).is_some());
}

/// The server sends each side its own words back, marked as the other's.
#[test]
fn what_is_reflected_gives_nobody_the_link() {
    let marked = |mut element: Element, side: u8| {
        element[0] = side;
        element
    };
    let (mut asker, mut giver) = (asking(1, Some(RIGHT)), host(Some(RIGHT)));
    let Ok(Letter::AskByPasscode { key, element }) = Letter::read(&asker.ask()) else {
        unreachable!("an asker with a passcode asks by it")
    };
    let reflected = Letter::PakeReply {
        asked: element,
        element: marked(element, b'B'),
    };
    let answered = asker.take(passage(HOST, GUEST), &reflected.to_bytes());
    let Some(Answered::Send(confirmation)) = answered else {
        unreachable!("it is a point like any")
    };
    assert!(asker.take(passage(HOST, GUEST), &confirmation).is_none());

    let question = Letter::AskByPasscode {
        key: key.clone(),
        element,
    };
    let first = giver.take(GUEST, &question.to_bytes()).unwrap();
    let Ok(Letter::PakeReply { element, .. }) = Letter::read(letter(&first)) else {
        unreachable!("a giver replies")
    };
    let reflected = Letter::AskByPasscode {
        key,
        element: marked(element, b'A'),
    };
    let second = giver.take(GUEST, &reflected.to_bytes()).unwrap();
    let Ok(Letter::PakeReply { element, .. }) = Letter::read(letter(&second)) else {
        unreachable!("a giver replies")
    };
    let Ok(Letter::PakeConfirm { confirmation, .. }) = Letter::read(&confirmation) else {
        unreachable!("an asker confirms")
    };
    let confirmed = Letter::PakeConfirm {
        answered: element,
        confirmation,
    };
    let given = giver.take(GUEST, &confirmed.to_bytes());
    assert!(matches!(given, Some(Given::WrongPasscode(_))));
}

/// A change of these bytes is a change of version.
#[test]
fn a_run_is_written_as_ever() {
    let guest = ParticipantId([9; 16]);
    let (mut asker, mut giver) = (
        asking(20, Some(RIGHT)),
        giving(HOST, FRAGMENT, Some(RIGHT), 21),
    );
    let question = asker.ask();
    assert_eq!(
        question,
        include_bytes!("../../testdata/ours/ask_by_passcode")
    );
    let reply = giver.take(guest, &question).unwrap();
    assert_eq!(
        letter(&reply),
        include_bytes!("../../testdata/ours/pake_reply")
    );
    let confirmation = confirm(&mut asker, &mut giver, guest).unwrap();
    assert_eq!(
        confirmation,
        include_bytes!("../../testdata/ours/pake_confirm")
    );
}
