//! What members say to each other beside the group's commits: heartbeats to everybody, letters to one.
//!
//! The server sees bytes. It bounds them and their pace, and passes them to who is there at this moment;
//! senders repeat what matters.

use std::time::Duration;

use conclave_protocol::channel::Downstream;
use conclave_protocol::mls::{LARGEST_HEARTBEAT, LARGEST_LETTER, Opaque};
use conclave_protocol::{ParticipantId, Timestamp};

use super::pace::{Pace, Paces};
use super::{Delivery, Output};

/// Why something was not passed on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum NotPassed {
    TooLarge,
    TooFast,
    /// To nobody who is there, or to the sender.
    Nobody,
    /// It is about the meeting's key without its passcode, which policy does not let pass.
    Passcode,
}

impl NotPassed {
    /// For the operator's figures.
    pub fn code(self) -> &'static str {
        match self {
            Self::TooLarge => "too_large",
            Self::TooFast => "too_fast",
            Self::Nobody => "nobody",
            Self::Passcode => "passcode",
        }
    }
}

/// Whether a letter is of those by which somebody shows that they know the passcode, and nothing else passes: also these are
/// known by their first byte. The one that brings the secret is not among them.
fn shows_passcode(letter: &Opaque) -> bool {
    let kind = letter.as_bytes().first();
    matches!(
        kind,
        Some(&(ASK_BY_PASSCODE | PAKE_REPLY | PAKE_CONFIRM | WRONG_PASSCODE | PASSCODE_SPENT))
    )
}

/// Whether a letter asks for the meeting's secret, or brings it, without the passcode: by its first byte, which is no secret
/// (docs/e2ee.md, 'Letters').
pub fn goes_without_passcode(letter: &Opaque) -> bool {
    matches!(letter.as_bytes().first(), Some(&(ASK_SECRET | SECRET)))
}

const ASK_SECRET: u8 = 1;
const SECRET: u8 = 2;
const ASK_BY_PASSCODE: u8 = 5;
const PAKE_REPLY: u8 = 6;
const PAKE_CONFIRM: u8 = 7;
const WRONG_PASSCODE: u8 = 9;
const PASSCODE_SPENT: u8 = 10;

/// One letter.
pub struct Words {
    pub from: ParticipantId,
    pub to: ParticipantId,
    pub bytes: Opaque,
}

/// How much each participant has said of late.
pub(super) struct Post {
    heartbeats: Paces,
    letters: Paces,
    /// Of each who waits: what they write.
    at_the_door: Paces,
    /// Of each who waits: what hosts answer them, which they can't use up.
    answers: Paces,
}

impl Default for Post {
    fn default() -> Self {
        Self {
            heartbeats: Paces::new(HEARTBEATS),
            letters: Paces::new(LETTERS),
            at_the_door: Paces::new(AT_THE_DOOR),
            answers: Paces::new(AT_THE_DOOR),
        }
    }
}

impl Delivery {
    pub(super) fn pass_heartbeat(&mut self, now: Timestamp, from: ParticipantId, bytes: Opaque) {
        if bytes.as_bytes().len() > LARGEST_HEARTBEAT {
            return self.drop_post(NotPassed::TooLarge);
        }
        if !self.post.heartbeats.charge(from, now, 1) {
            return self.drop_post(NotPassed::TooFast);
        }
        let others = self.present.iter().filter(|one| **one != from);
        self.outputs.extend(others.map(|to| Output::Pass {
            to: *to,
            message: Downstream::MlsHeartbeat {
                bytes: bytes.clone(),
            },
        }));
    }

    pub(super) fn pass_letter(
        &mut self,
        now: Timestamp,
        from: ParticipantId,
        to: ParticipantId,
        bytes: Opaque,
    ) {
        if bytes.as_bytes().len() > LARGEST_LETTER {
            return self.drop_post(NotPassed::TooLarge);
        }
        if !self.post.letters.charge(from, now, 1) {
            return self.drop_post(NotPassed::TooFast);
        }
        if to == from || !self.present.contains(&to) {
            return self.drop_post(NotPassed::Nobody);
        }
        let message = Downstream::MlsLetter { from, bytes };
        self.outputs.push_back(Output::Pass { to, message });
    }

    /// Both are there, and one of them waits: the owner has looked.
    pub(super) fn pass_at_the_door(&mut self, now: Timestamp, waits: ParticipantId, words: Words) {
        let Words { from, to, bytes } = words;
        if bytes.as_bytes().len() > LARGEST_LETTER {
            return self.drop_post(NotPassed::TooLarge);
        }
        if !shows_passcode(&bytes) {
            return self.drop_post(NotPassed::Nobody);
        }
        let paces = match from == waits {
            true => &mut self.post.at_the_door,
            false => &mut self.post.answers,
        };
        if !paces.charge(waits, now, 1) {
            return self.drop_post(NotPassed::TooFast);
        }
        let message = Downstream::MlsLetter { from, bytes };
        self.outputs.push_back(Output::Pass { to, message });
    }

    fn drop_post(&mut self, reason: NotPassed) {
        self.outputs.push_back(Output::NotPassed(reason));
    }
}

/// A member beats every few seconds, and with each change of the group.
const HEARTBEATS: Pace = Pace {
    at_once: 8,
    every: Duration::from_millis(500),
};
/// A host answers whoever has just come in, each once in a few seconds.
const LETTERS: Pace = Pace {
    at_once: 16,
    every: Duration::from_millis(250),
};
/// Each way: one passcode is two letters to each of three hosts and as many back, and the question is repeated every three
/// seconds. A hundred who write as fast as they may cost a host's page two hundred runs in a second, a few hundred microseconds each.
const AT_THE_DOOR: Pace = Pace {
    at_once: 16,
    every: Duration::from_millis(500),
};

#[cfg(test)]
mod tests {
    use super::super::world::{World, opaque};
    use super::super::{Input, Submission};
    use super::*;

    fn beat(length: usize) -> Submission {
        let bytes = opaque(vec![7; length]);
        Submission::Heartbeat { bytes }
    }

    fn letter(to: ParticipantId, length: usize) -> Submission {
        let bytes = opaque(vec![7; length]);
        Submission::Letter { to, bytes }
    }

    // Shows: REQ-AC-02.
    #[test]
    fn letters_about_the_key_without_the_passcode_are_known_by_their_kind() {
        for kind in 0..=u8::MAX {
            let letter = opaque(vec![kind, 1, 2]);
            assert_eq!(goes_without_passcode(&letter), kind == 1 || kind == 2);
        }
    }

    // Shows: REQ-AC-02.
    #[test]
    fn in_front_of_the_door_only_the_passcode_is_spoken_of() {
        let (mut world, people) = World::with_members(2);
        let waits = world.newcomer();
        world.clients.get_mut(&waits).unwrap().connected = true;
        let say = |world: &mut World, from, to, bytes| {
            let words = Words {
                from,
                to,
                bytes: opaque(bytes),
            };
            world.input(Input::AtTheDoor { waits, words });
        };

        let mut passed = Vec::new();
        for kind in 0..=u8::MAX {
            say(&mut world, waits, people[0], vec![kind, 1]);
            world.run();
            if !world.told(people[0]).is_empty() {
                passed.push(kind);
            }
            world.wait(Duration::from_millis(500));
        }
        assert_eq!(passed, [5, 6, 7, 9, 10]);

        say(&mut world, waits, people[0], vec![5; LARGEST_LETTER + 1]);
        assert_eq!(world.not_passed.pop(), Some(NotPassed::TooLarge));
        world.wait(Duration::from_secs(60));
        for _ in 0..100 {
            say(&mut world, waits, people[0], vec![5]);
            say(&mut world, people[0], waits, vec![6]);
        }
        world.run();
        // Neither takes the other's pace.
        assert_eq!(world.told(people[0]).len(), 16);
        assert_eq!(world.told(waits).len(), 16);
        assert_eq!(world.not_passed.pop(), Some(NotPassed::TooFast));
        // Nobody else is slower for it.
        world.submit(people[0], letter(people[1], 1));
        world.run();
        assert_eq!(world.told(people[1]).len(), 1);
    }

    #[test]
    fn a_heartbeat_reaches_everybody_else_who_is_there() {
        let (mut world, people) = World::with_members(4);
        let lobbyist = world.newcomer();
        world.disconnect(people[2]);

        world.submit(people[0], beat(LARGEST_HEARTBEAT));
        world.run();

        assert_eq!(world.told(people[1]), ["heartbeat"]);
        assert_eq!(world.told(people[3]), ["heartbeat"]);
        for other in [people[0], people[2], lobbyist] {
            assert!(world.told(other).is_empty());
        }
    }

    #[test]
    fn a_letter_reaches_one_with_its_senders_name() {
        let (mut world, people) = World::with_members(3);
        let newcomer = world.newcomer();
        world.connect(newcomer, true);

        world.submit(newcomer, letter(people[1], LARGEST_LETTER));
        world.run();

        assert_eq!(world.told(people[1]), [format!("letter of {}", newcomer.0)]);
        assert!(world.told(people[0]).is_empty() && world.told(people[2]).is_empty());
    }

    #[test]
    fn what_is_too_large_reaches_nobody() {
        let (mut world, people) = World::with_members(2);

        world.submit(people[0], beat(LARGEST_HEARTBEAT + 1));
        world.submit(people[0], letter(people[1], LARGEST_LETTER + 1));
        world.run();

        assert!(people.iter().all(|one| world.told(*one).is_empty()));
        assert_eq!(world.not_passed, [NotPassed::TooLarge; 2]);
    }

    #[test]
    fn who_says_too_much_is_heard_at_a_steady_pace() {
        let (mut world, people) = World::with_members(2);
        for _ in 0..100 {
            world.submit(people[0], beat(1));
            world.submit(people[0], letter(people[1], 1));
        }
        world.run();
        let told = world.told(people[1]);
        let beats = told.iter().filter(|told| *told == "heartbeat").count();
        assert_eq!((beats, told.len() - beats), (8, 16));
        assert!(world.not_passed.contains(&NotPassed::TooFast));

        world.wait(Duration::from_secs(1));
        for _ in 0..100 {
            world.submit(people[0], beat(1));
            world.submit(people[0], letter(people[1], 1));
        }
        world.run();

        assert_eq!(world.told(people[1]).len(), 2 + 4);
        world.submit(people[1], beat(1));
        world.run();
        assert_eq!(world.told(people[0]), ["heartbeat"]);
    }

    #[test]
    fn a_letter_to_who_is_not_there_is_lost() {
        let (mut world, people) = World::with_members(3);
        world.disconnect(people[1]);
        let lobbyist = world.newcomer();

        for to in [people[0], people[1], lobbyist] {
            world.submit(people[0], letter(to, 1));
        }
        world.connect(people[1], true);
        world.run();

        assert_eq!(world.not_passed, [NotPassed::Nobody; 3]);
        assert!(world.told(people[1]).is_empty());
    }

    #[test]
    fn who_is_not_there_says_nothing() {
        let (mut world, people) = World::with_members(2);
        let lobbyist = world.newcomer();
        world.disconnect(people[1]);

        world.submit(lobbyist, beat(1));
        world.submit(people[1], letter(people[0], 1));
        world.input(Input::MeetingEnded);
        world.submit(people[0], beat(1));
        world.run();

        assert_eq!(world.told(people[0]), ["ended"]);
        assert!(world.told(people[1]).is_empty());
    }
}
