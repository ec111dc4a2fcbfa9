//! Random histories against clients that keep their own state.

use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};

use super::*;

/// Clients that apply what they are told, through lost sockets and lost messages, know what the meeting is.
#[test]
fn random_histories_leave_every_client_with_the_truth() {
    for seed in 0..HISTORIES {
        let mut random = StdRng::seed_from_u64(seed);
        let mut meeting = Meeting::with_host();
        for _ in 0..STEPS {
            meeting.act(&mut random);
        }
        meeting.settle();
        meeting.check(seed);
    }
}

const HISTORIES: u64 = 300;
const STEPS: usize = 80;

impl Meeting {
    /// One random thing.
    fn act(&mut self, random: &mut StdRng) {
        self.now = self
            .now
            .plus(Duration::from_millis(random.random_range(0..4_000)));
        let people: Vec<_> = self.snapshot.people.keys().copied().collect();
        let somebody = people[random.random_range(0..people.len())];
        let standing = self.snapshot.people[&somebody].admission;
        match random.random_range(0..13) {
            0 if people.len() < 12 => drop(self.join(Admission::Waiting)),
            1 if people.len() < 12 => drop(self.join(Admission::HostAbsent)),
            2 | 3 if standing == Admission::Waiting => self.stand(somebody, Admission::Admitted),
            2 if standing == Admission::HostAbsent => self.stand(somebody, Admission::Admitted),
            4 if standing == Admission::Waiting => self.stand(somebody, Admission::Denied),
            5 if standing == Admission::Admitted && somebody != HOST => {
                self.stand(somebody, Admission::Left);
            }
            6 => self.media(somebody, random.random_bool(0.5)),
            7 => self.close(somebody),
            8 => {
                if let Some(client) = self.clients.get_mut(&somebody) {
                    client.broken = true;
                }
            }
            9 => {
                let seq = self.clients.get(&somebody).map_or(0, |client| client.seq);
                self.input(Input::Acknowledged {
                    participant: somebody,
                    seq,
                });
            }
            10 => self.input(Input::Timeout),
            11 => self.submit_at_random(random, somebody),
            _ => self.reconnect(somebody),
        }
    }

    fn reconnect(&mut self, participant: ParticipantId) {
        let after = self
            .clients
            .get(&participant)
            .filter(|client| client.standing.is_some())
            .map(|client| client.seq);
        self.open(participant, after);
    }

    /// Everybody has a working socket.
    fn settle(&mut self) {
        for participant in self.snapshot.people.keys().copied().collect::<Vec<_>>() {
            self.reconnect(participant);
        }
    }

    fn check(&self, seed: u64) {
        for (participant, person) in &self.snapshot.people {
            let client = self.client(*participant);
            let welcome = matches!(
                person.admission,
                Admission::Waiting | Admission::HostAbsent | Admission::Admitted
            );
            if !welcome {
                assert!(
                    client.messages.last().is_some_and(|m| m.starts_with("bye")),
                    "seed {seed}"
                );
                continue;
            }
            let truth = self.channels.view(self.now, *participant).unwrap();
            let truth = truth.welcome(0, 0, self.channels.delivery.state());
            assert_eq!(client.standing, Some(person.admission), "seed {seed}");
            assert!(
                client.roster.values().eq(&truth.roster),
                "seed {seed}: roster"
            );
            assert_eq!(client.lobby.len(), truth.lobby.len(), "seed {seed}: lobby");
            assert!(
                truth
                    .lobby
                    .iter()
                    .all(|entry| client.lobby.get(&entry.participant) == Some(entry)),
                "seed {seed}: lobby"
            );
            if person.admission == Admission::Waiting {
                assert_eq!(client.place, truth.place, "seed {seed}: place in line");
            }
            assert_eq!(client.knows_meeting, truth.meeting.is_some(), "seed {seed}");
            assert_eq!(client.knows_group, truth.mls.is_some(), "seed {seed}");
        }
    }
}
