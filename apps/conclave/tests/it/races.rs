//! Many commands at the same moment: whatever the order, the record tells one story in which each was allowed.
//!
//! A seed shuffles who sends what; all of it is on the way at once. The audit log is the order that the server gave it.
//! The test plays it again, command after command, against the rules, and holds the answers against it.

use std::collections::{BTreeMap, BTreeSet};

use conclave_audit::{Entry, Event, Outcome};
use futures_util::future::join_all;
use rand::rngs::StdRng;
use rand::seq::SliceRandom;
use rand::{Rng, SeedableRng};
use reqwest::Method;
use serde_json::json;
use uuid::Uuid;

use crate::caller::{Answer, Caller, Made};
use crate::server_in_a_box::Server;

const SEEDS: std::ops::Range<u64> = 0..8;
/// Guests who are in when it begins.
const GUESTS: usize = 6;
/// Of each kind of command that is sent often.
const OFTEN: usize = 8;

// Shows: ABUSE-20.
#[tokio::test]
async fn commands_at_the_same_moment_leave_a_record_that_can_be_told_one_after_the_other() {
    let server = Server::executable().await;
    let owner = Caller::owner(&server).await;
    for seed in SEEDS {
        let _told = Told(seed);
        let scene = Scene::set(&server, &owner).await;
        let began = server.entries().await.len();

        let answers = scene.all_at_once(&mut StdRng::seed_from_u64(seed)).await;

        let record = server.entries().await.split_off(began);
        let story = Story::of(&scene, &record);
        story.agrees_with(&answers);
    }
    server.stop().await;
}

/// What somebody sends.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Act {
    Join,
    Knock,
    Lock,
    Unlock,
    Expel(usize),
    Reconnect(usize),
    Leave(usize),
    End,
}

struct Scene {
    meeting: Made,
    host: Caller,
    nobody: Caller,
    guests: Vec<Caller>,
}

impl Scene {
    async fn set(server: &Server, owner: &Caller) -> Self {
        let meeting = owner.make_meeting().await;
        let host = owner.come(&meeting, "Host").await;
        let nobody = Caller::nobody(server);
        let mut guests = Vec::new();
        for _ in 0..GUESTS {
            guests.push(nobody.come(&meeting, "Guest").await);
        }
        Self {
            meeting,
            host,
            nobody,
            guests,
        }
    }

    /// Sends them in the order that the seed gives, and waits for all.
    async fn all_at_once(&self, random: &mut StdRng) -> Vec<(Act, Answer)> {
        let mut acts = Vec::new();
        for _ in 0..OFTEN {
            let guest = random.random_range(0..GUESTS);
            acts.extend([Act::Join, Act::Knock, Act::Reconnect(guest)]);
        }
        acts.extend([Act::Lock, Act::Unlock, Act::Lock]);
        acts.extend([Act::Expel(0), Act::Expel(1), Act::Expel(1), Act::Leave(2)]);
        if random.random_bool(0.5) {
            acts.push(Act::End);
        }
        acts.shuffle(random);
        let sent = acts
            .into_iter()
            .map(async |act| (act, self.send(act).await));
        join_all(sent).await
    }

    async fn send(&self, act: Act) -> Answer {
        let of_meeting = |what: &str| format!("/meetings/{}/{what}", self.meeting.id);
        match act {
            Act::Join => self.join(Some(&self.meeting.proof)).await,
            Act::Knock => self.join(None).await,
            Act::Lock => self.host.post(&of_meeting("lock")).await,
            Act::Unlock => self.host.post(&of_meeting("unlock")).await,
            Act::Expel(guest) => {
                let participant = &self.guests[guest].participant;
                let path = of_meeting(&format!("participants/{participant}/expel"));
                self.host.post(&path).await
            }
            Act::Reconnect(guest) => self.guests[guest].post(&of_meeting("ticket")).await,
            Act::Leave(guest) => self.guests[guest].post(&of_meeting("leave")).await,
            Act::End => self.host.post(&of_meeting("end")).await,
        }
    }

    async fn join(&self, proof: Option<&str>) -> Answer {
        let body = json!({"display_name": "Comes", "invitation_proof": proof});
        let path = format!("/meetings/{}/join", self.meeting.code);
        self.nobody.send(Method::POST, &path, Some(body)).await
    }
}

/// The meeting as the record tells it.
struct Story {
    /// By the record, at its end.
    ended: bool,
    locked: bool,
    inside: BTreeSet<Uuid>,
    waiting: BTreeSet<Uuid>,
    done: BTreeMap<&'static str, usize>,
}

impl Story {
    fn of(scene: &Scene, record: &[Entry]) -> Self {
        let people = scene.guests.iter().chain([&scene.host]);
        let mut story = Self {
            ended: false,
            locked: false,
            inside: people.map(|who| who.participant.parse().unwrap()).collect(),
            waiting: BTreeSet::new(),
            done: BTreeMap::new(),
        };
        for entry in record {
            if entry.outcome == Outcome::Done {
                story.tell(&entry.event);
            }
        }
        story
    }

    fn tell(&mut self, event: &Event) {
        let name = event.name();
        // Who leaves as the meeting ends has left it.
        let leaves = matches!(event, Event::MeetingLeave { .. });
        assert!(!self.ended || leaves, "{name} after the end");
        *self.done.entry(name).or_default() += 1;
        match event {
            Event::MeetingJoin { participant, .. } => {
                assert!(!self.locked, "somebody came into a locked meeting");
                assert!(self.inside.insert(*participant), "came twice");
            }
            Event::MeetingKnock { participant, .. } => {
                assert!(!self.locked, "somebody waits in front of a locked meeting");
                self.waiting.insert(*participant);
            }
            Event::MeetingLock { .. } => self.locked = true,
            Event::MeetingUnlock { .. } => self.locked = false,
            Event::MeetingExpel { participant, .. } | Event::MeetingLeave { participant, .. } => {
                assert!(self.inside.remove(participant), "{name} of nobody");
            }
            Event::MeetingTicket { participant, .. } => {
                assert!(self.inside.contains(participant), "a ticket for nobody");
            }
            Event::MeetingEnd { .. } => self.ended = true,
            _ => {}
        }
    }

    /// Who was told that it was done finds it done, once; who was refused finds nothing.
    fn agrees_with(&self, answers: &[(Act, Answer)]) {
        for (names, acts) in [
            // Once somebody was put out, whoever has the link knocks too.
            (
                &["meeting.join", "meeting.knock"][..],
                &[Act::Join, Act::Knock][..],
            ),
            (&["meeting.lock"], &[Act::Lock]),
            (&["meeting.unlock"], &[Act::Unlock]),
            (&["meeting.expel"], &[Act::Expel(0), Act::Expel(1)]),
            (&["meeting.leave"], &[Act::Leave(2)]),
            (&["meeting.end"], &[Act::End]),
        ] {
            let told = answers
                .iter()
                .filter(|(act, answer)| acts.contains(act) && answer.status.is_success());
            let done = names.iter().filter_map(|name| self.done.get(name));
            assert_eq!(told.count(), done.sum::<usize>(), "{names:?}");
        }
        for (_, answer) in answers {
            let code = answer.code();
            assert!(EXPECTED.contains(&code.as_str()), "{code}");
        }
    }
}

/// What an answer may be in such a moment.
const EXPECTED: [&str; 8] = [
    "",
    "meeting_locked",
    "meeting_ended",
    "meeting_not_found",
    "not_admitted",
    "participant_not_inside",
    "changed_meanwhile",
    // Whoever types a code that is gone guesses.
    "too_many_attempts",
];

/// Prints the seed when a history fails.
struct Told(u64);

impl Drop for Told {
    fn drop(&mut self) {
        if std::thread::panicking() {
            println!("the history of seed {}", self.0);
        }
    }
}
