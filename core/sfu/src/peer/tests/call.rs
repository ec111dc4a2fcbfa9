//! A connection and a client of it on a small network, in virtual time.

use std::collections::BTreeMap;
use std::net::{Ipv4Addr, SocketAddr};
use std::time::{Duration, Instant};

use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use str0m::change::{SdpAnswer, SdpApi, SdpOffer, SdpPendingOffer};
use str0m::net::{Protocol, Receive, TcpType};
use str0m::rtp::RtpPacket;
use str0m::{Candidate, Event, Input, Output, Rtc, RtcConfig};

use super::super::{Peer, PeerOutput, Role, extensions};
use crate::io::{Config, Datagram, Transport};
use crate::sdp::AnswerPlan;
use crate::test_time;

pub(super) struct Call {
    pub(super) now: Instant,
    pub(super) peer: Peer,
    pub(super) client: Rtc,
    /// What the connection said, but for datagrams.
    pub(super) said: Vec<PeerOutput>,
    pub(super) heard: Vec<Event>,
    /// One way, before jitter.
    pub(super) delay: Duration,
    /// The share of datagrams that are lost in both directions.
    pub(super) loss: f64,
    /// Changed on the way to the connection.
    pub(super) corrupt: Option<fn(&mut StdRng, &mut Vec<u8>)>,
    transport: Transport,
    flying: BTreeMap<(Instant, u64), (End, Vec<u8>)>,
    sent: u64,
    client_wake: Instant,
    peer_wake: Option<Instant>,
    random: StdRng,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum End {
    Peer,
    Client,
}

const SERVER_UDP: (Ipv4Addr, u16) = (Ipv4Addr::new(10, 0, 0, 1), 7882);
const SERVER_TCP: (Ipv4Addr, u16) = (Ipv4Addr::new(10, 0, 0, 1), 7881);
const CLIENT: (Ipv4Addr, u16) = (Ipv4Addr::new(10, 0, 0, 2), 50_000);

pub(super) fn config() -> Config {
    Config {
        udp: vec![SERVER_UDP.into()],
        tcp: vec![SERVER_TCP.into()],
        ..Config::default()
    }
}

impl Call {
    pub(super) fn new(role: Role, seed: u64) -> Self {
        Self::over(Transport::Udp, role, seed)
    }

    /// The client has this transport only.
    pub(super) fn over(transport: Transport, role: Role, seed: u64) -> Self {
        let now = test_time::start();
        let client = client_configuration().build(now);
        let mut call = Self {
            now,
            peer: Peer::new(now, &config(), role),
            client,
            said: Vec::new(),
            heard: Vec::new(),
            delay: Duration::from_millis(10),
            loss: 0.0,
            corrupt: None,
            transport,
            flying: BTreeMap::new(),
            sent: 0,
            client_wake: now,
            peer_wake: Some(now),
            random: StdRng::seed_from_u64(seed),
        };
        let host = match transport {
            Transport::Udp => Candidate::builder().udp().host(CLIENT.into()).build(),
            Transport::Tcp => {
                let host = Candidate::builder().tcp().host(CLIENT.into());
                host.tcptype(TcpType::Active).build()
            }
        };
        let host = host.unwrap();
        call.change_client(|rtc| rtc.add_local_candidate(host).is_some());
        call.drain_peer();
        call
    }

    /// The client offers what `build` says, and takes the answer.
    pub(super) fn client_offers<R>(
        &mut self,
        build: impl FnOnce(&mut SdpApi<'_>) -> R,
        plan: impl FnOnce(&str, &R) -> AnswerPlan,
    ) -> (R, String) {
        let (result, offer, pending) = self.change_client(|rtc| {
            let mut api = rtc.sdp_api();
            let result = build(&mut api);
            let (offer, pending) = api.apply().unwrap();
            (result, offer.to_sdp_string(), pending)
        });
        let plan = plan(&offer, &result);
        let answer = self.peer.accept_offer(self.now, &offer, &plan).unwrap();
        self.drain_peer();
        self.take_answer(pending, &answer);
        (result, answer)
    }

    pub(super) fn take_answer(&mut self, pending: SdpPendingOffer, answer: &str) {
        let answer = SdpAnswer::from_sdp_string(answer).unwrap();
        self.change_client(|rtc| rtc.sdp_api().accept_answer(pending, answer).unwrap());
        // The engine begins to check candidates when it is told the time.
        self.client_wake = self.now;
    }

    /// The client answers an offer of the connection's.
    pub(super) fn client_answers(&mut self, offer: &str) {
        let offer = SdpOffer::from_sdp_string(offer).unwrap();
        let answer = self.change_client(|rtc| rtc.sdp_api().accept_offer(offer).unwrap());
        self.client_wake = self.now;
        let answer = answer.to_sdp_string();
        self.peer.accept_answer(self.now, &answer).unwrap();
        self.drain_peer();
    }

    pub(super) fn change_client<R>(&mut self, change: impl FnOnce(&mut Rtc) -> R) -> R {
        let result = change(&mut self.client);
        self.drain_client();
        result
    }

    /// Lets this much time pass.
    pub(super) fn run(&mut self, time: Duration) {
        let end = self.now + time;
        while let Some(next) = self.next().filter(|next| *next <= end) {
            self.now = self.now.max(next);
            self.turn();
        }
        self.now = end;
        self.turn();
    }

    /// Until both ends say that they are connected.
    pub(super) fn connect(&mut self) {
        for _ in 0..100 {
            self.run(Duration::from_millis(50));
            if self.peer.is_connected() && self.client.is_connected() {
                return;
            }
        }
        panic!("not connected after 5 seconds");
    }

    /// Packets that the client received, in order of arrival.
    pub(super) fn received(&self) -> Vec<&RtpPacket> {
        self.heard
            .iter()
            .filter_map(|event| match event {
                Event::RtpPacket(packet) => Some(packet),
                _ => None,
            })
            .collect()
    }

    fn next(&self) -> Option<Instant> {
        let flying = self.flying.keys().next().map(|(at, _)| *at);
        [flying, Some(self.client_wake), self.peer_wake]
            .into_iter()
            .flatten()
            .min()
    }

    fn turn(&mut self) {
        while let Some(first) = self.flying.first_entry()
            && first.key().0 <= self.now
        {
            let (to, bytes) = first.remove();
            match to {
                End::Peer => self.deliver_to_peer(&bytes),
                End::Client => self.deliver_to_client(&bytes),
            }
        }
        let now = self.now;
        if self.client_wake <= now {
            self.change_client(|rtc| rtc.handle_input(Input::Timeout(now)).unwrap());
        }
        self.peer.handle_timeout(now);
        self.drain_peer();
    }

    fn deliver_to_peer(&mut self, bytes: &[u8]) {
        let datagram = Datagram {
            transport: self.transport,
            remote: CLIENT.into(),
            local: self.server(),
            bytes,
        };
        self.peer.handle_datagram(self.now, datagram);
        self.drain_peer();
    }

    fn deliver_to_client(&mut self, bytes: &[u8]) {
        let now = self.now;
        let protocol = match self.transport {
            Transport::Udp => Protocol::Udp,
            Transport::Tcp => Protocol::Tcp,
        };
        let received = Receive::new(protocol, self.server(), CLIENT.into(), bytes).unwrap();
        self.change_client(|rtc| rtc.handle_input(Input::Receive(now, received)).unwrap());
    }

    fn server(&self) -> SocketAddr {
        match self.transport {
            Transport::Udp => SERVER_UDP.into(),
            Transport::Tcp => SERVER_TCP.into(),
        }
    }

    pub(super) fn drain_peer(&mut self) {
        loop {
            match self.peer.poll_output() {
                PeerOutput::Wait(wake) => {
                    self.peer_wake = wake;
                    return;
                }
                PeerOutput::Transmit(transmit) => {
                    assert_eq!(transmit.transport, self.transport);
                    assert_eq!(transmit.local, self.server());
                    assert_eq!(transmit.remote, CLIENT.into());
                    self.fly(End::Client, transmit.bytes);
                }
                output => self.said.push(output),
            }
        }
    }

    fn drain_client(&mut self) {
        loop {
            match self.client.poll_output().unwrap() {
                Output::Timeout(wake) => {
                    self.client_wake = wake.max(self.now + Duration::from_micros(100));
                    return;
                }
                Output::Transmit(transmit) => {
                    if transmit.destination == self.server() {
                        self.fly(End::Peer, transmit.contents.into());
                    }
                }
                Output::Event(event) => self.heard.push(event),
            }
        }
    }

    fn fly(&mut self, to: End, mut bytes: Vec<u8>) {
        if self.random.random_bool(self.loss) {
            return;
        }
        if let Some(corrupt) = self.corrupt.filter(|_| to == End::Peer) {
            let mut copy = bytes.clone();
            corrupt(&mut self.random, &mut copy);
            self.sent += 1;
            self.flying
                .insert((self.now + self.delay, self.sent), (to, copy));
        }
        self.sent += 1;
        self.flying.insert(
            (self.now + self.delay, self.sent),
            (to, std::mem::take(&mut bytes)),
        );
    }
}

/// As a native client: what the connection negotiates, but with full ICE.
fn client_configuration() -> RtcConfig {
    RtcConfig::new()
        .set_rtp_mode(true)
        .clear_codecs()
        .enable_opus(true, true)
        .enable_vp8(true)
        .enable_vp9(true)
        .enable_av1(true)
        .enable_h264(true)
        .set_extension_map(extensions::extension_map())
}
