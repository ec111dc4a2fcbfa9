//! A network in virtual time: datagrams take a while, change their order and get lost.
//!
//! Everything random is drawn from one seed, so that a run can be repeated to the byte.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};

/// Carries datagrams between addresses.
pub struct Network {
    random: StdRng,
    lines: BTreeMap<(SocketAddr, Way), Line>,
    flying: BTreeMap<(Instant, u64), Flight>,
    sent: u64,
    counts: Counts,
}

/// How the line between one host and everybody else behaves, in one direction.
#[derive(Clone, Copy, Debug)]
pub struct Conditions {
    pub delay: Duration,
    /// Added to the delay, evenly distributed from zero. Alone it does not change the order.
    pub jitter: Duration,
    /// The share of datagrams that vanish, 0 to 1.
    pub loss: f64,
    /// The share of datagrams that may overtake others, 0 to 1.
    pub reordering: f64,
    /// Bits per second; `None`: without limit.
    pub bandwidth: Option<u64>,
    /// What may wait in front of a narrow line; the rest is dropped.
    pub queue: Duration,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Way {
    /// From the host.
    Up,
    /// To the host.
    Down,
}

/// A datagram that arrived.
#[derive(Debug, PartialEq, Eq)]
pub struct Delivery {
    pub from: SocketAddr,
    pub to: SocketAddr,
    pub bytes: Vec<u8>,
}

/// What happened so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    pub delivered: u64,
    /// By chance.
    pub lost: u64,
    /// By a full queue.
    pub overflowed: u64,
}

struct Line {
    conditions: Conditions,
    /// When the narrow part has sent everything that waits.
    free_at: Instant,
    /// The latest arrival, which datagrams in order do not precede.
    latest: Instant,
}

struct Flight {
    delivery: Delivery,
    /// Lines that are yet to be passed.
    then: Option<Way>,
}

impl Default for Conditions {
    /// A good line to a server nearby.
    fn default() -> Self {
        Self {
            delay: Duration::from_millis(10),
            jitter: Duration::ZERO,
            loss: 0.0,
            reordering: 0.0,
            bandwidth: None,
            queue: Duration::from_millis(200),
        }
    }
}

impl Network {
    pub fn new(seed: u64) -> Self {
        Self {
            random: StdRng::seed_from_u64(seed),
            lines: BTreeMap::new(),
            flying: BTreeMap::new(),
            sent: 0,
            counts: Counts::default(),
        }
    }

    /// How a host's line behaves from here on. A host without conditions has no line to pass.
    pub fn set(&mut self, now: Instant, host: SocketAddr, way: Way, conditions: Conditions) {
        let line = self.lines.entry((host, way)).or_insert(Line {
            conditions,
            free_at: now,
            latest: now,
        });
        line.conditions = conditions;
    }

    pub fn send(&mut self, now: Instant, from: SocketAddr, to: SocketAddr, bytes: Vec<u8>) {
        let delivery = Delivery { from, to, bytes };
        self.pass(now, delivery, Way::Up);
    }

    /// When [`Self::deliver`] has something.
    pub fn next(&self) -> Option<Instant> {
        self.flying.keys().next().map(|(at, _)| *at)
    }

    /// The next datagram that has arrived by now.
    pub fn deliver(&mut self, now: Instant) -> Option<Delivery> {
        loop {
            let first = self.flying.first_entry().filter(|f| f.key().0 <= now)?;
            let ((at, _), flight) = first.remove_entry();
            match flight.then {
                Some(way) => self.pass(at, flight.delivery, way),
                None => {
                    self.counts.delivered += 1;
                    return Some(flight.delivery);
                }
            }
        }
    }

    pub fn counts(&self) -> Counts {
        self.counts
    }

    fn pass(&mut self, now: Instant, delivery: Delivery, way: Way) {
        let host = match way {
            Way::Up => delivery.from,
            Way::Down => delivery.to,
        };
        let arrival = match self.lines.get_mut(&(host, way)) {
            Some(line) => line.pass(now, delivery.bytes.len(), &mut self.random),
            None => Passage::Arrives(now),
        };
        match arrival {
            Passage::Arrives(at) => {
                self.sent += 1;
                let then = (way == Way::Up).then_some(Way::Down);
                self.flying
                    .insert((at, self.sent), Flight { delivery, then });
            }
            Passage::Lost => self.counts.lost += 1,
            Passage::Overflows => self.counts.overflowed += 1,
        }
    }
}

enum Passage {
    Arrives(Instant),
    Lost,
    Overflows,
}

impl Line {
    fn pass(&mut self, now: Instant, bytes: usize, random: &mut StdRng) -> Passage {
        let Conditions {
            delay,
            jitter,
            loss,
            reordering,
            bandwidth,
            queue,
        } = self.conditions;
        let through = match bandwidth {
            Some(bandwidth) => {
                let begins = self.free_at.max(now);
                if begins - now > queue {
                    return Passage::Overflows;
                }
                self.free_at = begins + transmission(bytes, bandwidth);
                self.free_at
            }
            None => now,
        };
        // A line that is lossless draws nothing, so that tests of the rest do not depend on it.
        if loss > 0.0 && random.random_bool(loss) {
            return Passage::Lost;
        }
        let arrival = through + delay + jitter.mul_f64(random.random());
        if reordering > 0.0 && random.random_bool(reordering) {
            return Passage::Arrives(arrival);
        }
        self.latest = self.latest.max(arrival);
        Passage::Arrives(self.latest)
    }
}

fn transmission(bytes: usize, bandwidth: u64) -> Duration {
    const UDP_AND_IP: u64 = 28;
    let bits = (bytes as u64 + UDP_AND_IP) * 8;
    Duration::from_nanos(bits * 1_000_000_000 / bandwidth.max(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_datagram_takes_the_delay_of_both_lines() {
        let (mut network, now) = network(Conditions::default());

        network.send(now, host(1), host(2), vec![1]);

        assert_eq!(network.deliver(now + ms(19)), None);
        let delivery = network.deliver(now + ms(20)).unwrap();
        assert_eq!((delivery.from, delivery.to), (host(1), host(2)));
        assert_eq!(network.next(), None);
    }

    #[test]
    fn jitter_alone_keeps_the_order() {
        let (mut network, now) = network(Conditions {
            jitter: ms(50),
            ..Conditions::default()
        });

        let arrived = pass(&mut network, now, 200);

        assert!(arrived.is_sorted());
        assert_eq!(arrived.len(), 200);
    }

    #[test]
    fn reordering_changes_the_order_and_loses_nothing() {
        let (mut network, now) = network(Conditions {
            jitter: ms(50),
            reordering: 0.2,
            ..Conditions::default()
        });

        let mut arrived = pass(&mut network, now, 200);

        assert!(!arrived.is_sorted());
        arrived.sort_unstable();
        assert_eq!(arrived, (0..200).collect::<Vec<u8>>());
    }

    #[test]
    fn loss_is_the_share_that_was_asked_for_and_the_same_for_a_seed() {
        let lossy = Conditions {
            loss: 0.05,
            ..Conditions::default()
        };
        let run = || {
            let (mut network, now) = network(lossy);
            for _ in 0..10_000 {
                network.send(now, host(1), host(3), vec![0; 10]);
            }
            while network.deliver(now + ms(100)).is_some() {}
            network.counts()
        };

        let counts = run();

        assert!((400..600).contains(&counts.lost), "{counts:?}");
        assert_eq!(counts.delivered + counts.lost, 10_000);
        assert_eq!(counts, run());
    }

    #[test]
    fn a_narrow_line_carries_its_bandwidth_and_drops_what_overflows() {
        let (mut network, now) = network(Conditions {
            bandwidth: Some(1_000_000),
            ..Conditions::default()
        });
        // 2 Mbit/s for a second.
        for n in 0..250 {
            network.send(now + ms(4 * n), host(1), host(3), vec![0; 972]);
        }

        while network.deliver(now + ms(3_000)).is_some() {}

        let counts = network.counts();
        // A second's worth, and what waited.
        assert!((145..=155).contains(&counts.delivered), "{counts:?}");
        assert_eq!(counts.delivered + counts.overflowed, 250);
    }

    #[test]
    fn conditions_change_while_it_runs() {
        let (mut network, now) = network(Conditions::default());
        network.set(
            now,
            host(1),
            Way::Up,
            Conditions {
                loss: 1.0,
                ..Conditions::default()
            },
        );

        network.send(now, host(1), host(2), vec![1]);

        assert_eq!(network.deliver(now + ms(1_000)), None);
        assert_eq!(network.counts().lost, 1);
    }

    /// Between hosts 1 and 2, both ways; host 3 has no line.
    fn network(conditions: Conditions) -> (Network, Instant) {
        let now = Instant::now();
        let mut network = Network::new(7);
        for n in [1, 2] {
            network.set(now, host(n), Way::Up, conditions);
            network.set(now, host(n), Way::Down, conditions);
        }
        (network, now)
    }

    /// The first bytes of numbered datagrams in the order of their arrival.
    fn pass(network: &mut Network, now: Instant, datagrams: u8) -> Vec<u8> {
        for n in 0..datagrams {
            network.send(now + ms(n.into()), host(1), host(2), vec![n]);
        }
        let end = now + ms(10_000);
        std::iter::from_fn(|| network.deliver(end))
            .map(|delivery| delivery.bytes[0])
            .collect()
    }

    fn host(n: u8) -> SocketAddr {
        SocketAddr::from(([10, 0, 0, n], 5_000))
    }

    fn ms(n: u64) -> Duration {
        Duration::from_millis(n)
    }
}
