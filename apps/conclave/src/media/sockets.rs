//! The media port: one UDP socket and one TCP listener with the same number.

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener, UdpSocket};

use quinn_udp::UdpSocketState;
use socket2::{Domain, Protocol, SockAddr, Socket, Type};

use super::MediaError;

/// Holds about a tenth of a second of 2 Gbit/s. The kernel grants at most its `rmem_max` and `wmem_max`.
const SOCKET_BUFFER: usize = 8 * 1024 * 1024;
/// With port 0 the system chooses for UDP; its TCP twin may be taken, then another pair is tried.
const PORT_ATTEMPTS: usize = 16;
const TCP_BACKLOG: i32 = 256;

/// Bound, not yet read from.
pub(super) struct Sockets {
    pub(super) udp: UdpSocket,
    pub(super) batching: UdpSocketState,
    pub(super) tcp: TcpListener,
    pub(super) port: u16,
}

impl Sockets {
    /// Binds both. An IPv6 wildcard serves IPv4 too.
    pub(super) fn bind(ip: IpAddr, port: u16) -> Result<Self, MediaError> {
        let mut attempt = 0;
        loop {
            attempt += 1;
            match Self::bind_pair(ip, port) {
                Err(MediaError::PortTaken { .. }) if port == 0 && attempt < PORT_ATTEMPTS => {}
                result => return result,
            }
        }
    }

    fn bind_pair(ip: IpAddr, port: u16) -> Result<Self, MediaError> {
        let udp: UdpSocket =
            bind("UDP", Type::DGRAM, Protocol::UDP, SocketAddr::new(ip, port))?.into();
        let port = udp.local_addr().map_err(MediaError::Socket)?.port();
        let tcp = bind(
            "TCP",
            Type::STREAM,
            Protocol::TCP,
            SocketAddr::new(ip, port),
        )?;
        tcp.listen(TCP_BACKLOG)
            .map_err(|source| refusal("TCP", port, source))?;
        let batching = UdpSocketState::new((&udp).into()).map_err(MediaError::Socket)?;
        Ok(Self {
            udp,
            batching,
            tcp: tcp.into(),
            port,
        })
    }
}

fn bind(
    transport: &'static str,
    kind: Type,
    protocol: Protocol,
    at: SocketAddr,
) -> Result<Socket, MediaError> {
    let socket =
        Socket::new(Domain::for_address(at), kind, Some(protocol)).map_err(MediaError::Socket)?;
    if at.is_ipv6() {
        socket.set_only_v6(false).map_err(MediaError::Socket)?;
    }
    if kind == Type::STREAM {
        // A restart must not wait for the last run's streams to time out.
        socket.set_reuse_address(true).map_err(MediaError::Socket)?;
    } else {
        // A smaller buffer than asked for works, with more loss under load.
        let _granted = socket.set_recv_buffer_size(SOCKET_BUFFER);
        let _granted = socket.set_send_buffer_size(SOCKET_BUFFER);
    }
    socket.set_nonblocking(true).map_err(MediaError::Socket)?;
    socket
        .bind(&SockAddr::from(at))
        .map_err(|source| refusal(transport, at.port(), source))?;
    Ok(socket)
}

fn refusal(transport: &'static str, port: u16, source: io::Error) -> MediaError {
    match source.kind() {
        io::ErrorKind::AddrInUse => MediaError::PortTaken { transport, port },
        _ => MediaError::Bind {
            transport,
            port,
            source,
        },
    }
}

/// Which address clients mean, and which one the kernel knows: behind a firewall the two differ.
#[derive(Clone, Debug)]
pub(super) struct Addresses {
    advertised: Vec<(SocketAddr, Origin)>,
    bound: IpAddr,
}

/// Whether datagrams can be sent from an advertised address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Origin {
    /// The machine has it: answers leave from where the question came to.
    Own,
    /// It is translated on the way: the kernel chooses.
    Translated,
}

impl Addresses {
    /// `advertised` must not be empty.
    pub(super) fn new(bound: IpAddr, advertised: &[IpAddr], port: u16) -> Self {
        let origin = |ip: IpAddr| match UdpSocket::bind(SocketAddr::new(ip, 0)) {
            Ok(_) => Origin::Own,
            Err(_) => Origin::Translated,
        };
        Self {
            advertised: advertised
                .iter()
                .map(|ip| (SocketAddr::new(*ip, port), origin(*ip)))
                .collect(),
            bound,
        }
    }

    pub(super) fn candidates(&self) -> Vec<SocketAddr> {
        self.advertised
            .iter()
            .map(|(address, _)| *address)
            .collect()
    }

    /// The advertised address by which a datagram reached `destination`, an address of this machine.
    pub(super) fn advertised_for(&self, destination: IpAddr) -> Option<SocketAddr> {
        let addresses = || self.advertised.iter().map(|(address, _)| *address);
        addresses()
            .find(|address| address.ip() == destination)
            .or_else(|| addresses().find(|address| address.is_ipv4() == destination.is_ipv4()))
            .or_else(|| addresses().next())
    }

    /// The address to send from, where the kernel would have to guess.
    pub(super) fn source_for(&self, local: SocketAddr) -> Option<IpAddr> {
        let own = self.bound.is_unspecified() && self.advertised.contains(&(local, Origin::Own));
        own.then(|| self.on_the_wire(local.ip()))
    }

    /// `remote` in the family of the socket.
    pub(super) fn destination(&self, remote: SocketAddr) -> SocketAddr {
        SocketAddr::new(self.on_the_wire(remote.ip()), remote.port())
    }

    fn on_the_wire(&self, ip: IpAddr) -> IpAddr {
        match ip {
            IpAddr::V4(ip) if self.bound.is_ipv6() => ip.to_ipv6_mapped().into(),
            ip => ip,
        }
    }
}

/// The addresses of the interfaces that lead outside, or loopback on a machine that has none.
///
/// Connecting a UDP socket sends nothing: it only asks the kernel for its route.
pub(super) fn outward_addresses() -> Vec<IpAddr> {
    /// Addresses for documentation (RFC 5737, RFC 3849): nobody's, so the default route leads there.
    const ELSEWHERE: [(IpAddr, IpAddr); 2] = [
        (
            IpAddr::V4(Ipv4Addr::UNSPECIFIED),
            IpAddr::V4(Ipv4Addr::new(192, 0, 2, 1)),
        ),
        (
            IpAddr::V6(Ipv6Addr::UNSPECIFIED),
            IpAddr::V6(Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 1)),
        ),
    ];
    let route = |(any, elsewhere): (IpAddr, IpAddr)| {
        let socket = UdpSocket::bind(SocketAddr::new(any, 0)).ok()?;
        socket.connect(SocketAddr::new(elsewhere, 9)).ok()?;
        Some(socket.local_addr().ok()?.ip())
    };
    let found: Vec<IpAddr> = ELSEWHERE
        .into_iter()
        .filter_map(route)
        .filter(|ip| !ip.is_unspecified())
        .collect();
    if found.is_empty() {
        return vec![Ipv4Addr::LOCALHOST.into()];
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOOPBACK: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);

    #[test]
    fn both_transports_get_the_same_port() {
        let sockets = Sockets::bind(LOOPBACK, 0).unwrap();

        assert_eq!(sockets.udp.local_addr().unwrap().port(), sockets.port);
        assert_eq!(sockets.tcp.local_addr().unwrap().port(), sockets.port);
    }

    #[test]
    fn a_taken_port_is_named_in_one_line() {
        let first = Sockets::bind(LOOPBACK, 0).unwrap();

        let error = Sockets::bind(LOOPBACK, first.port)
            .err()
            .unwrap()
            .to_string();

        assert_eq!(
            error,
            format!("the media port {} is taken (UDP)", first.port)
        );
    }

    #[test]
    fn a_translated_address_is_advertised_but_never_sent_from() {
        let public: IpAddr = Ipv4Addr::new(192, 0, 2, 7).into();
        let addresses = Addresses::new(Ipv4Addr::UNSPECIFIED.into(), &[public], 7882);

        let advertised = addresses.advertised_for(LOOPBACK).unwrap();

        assert_eq!(advertised, SocketAddr::new(public, 7882));
        assert_eq!(addresses.source_for(advertised), None);
    }

    #[test]
    fn a_machine_with_two_addresses_answers_from_the_one_that_was_asked() {
        let second: IpAddr = Ipv4Addr::new(127, 0, 0, 2).into();
        let addresses = Addresses::new(Ipv4Addr::UNSPECIFIED.into(), &[LOOPBACK, second], 7882);

        let advertised = addresses.advertised_for(second).unwrap();

        assert_eq!(addresses.source_for(advertised), Some(second));
    }

    #[test]
    fn a_socket_for_both_families_maps_addresses() {
        let addresses = Addresses::new(Ipv6Addr::UNSPECIFIED.into(), &[LOOPBACK], 7882);

        let destination = addresses.destination("192.0.2.1:5000".parse().unwrap());

        assert_eq!(destination, "[::ffff:192.0.2.1]:5000".parse().unwrap());
    }
}
